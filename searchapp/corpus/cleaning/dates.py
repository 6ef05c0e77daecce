"""Dates and times as news files write them, read only where there is one way to read them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from searchapp.language.calendar import MONTH, MONTHS

__all__ = ["find_dates", "parse_date", "year_for"]

FIRST_YEAR, LAST_YEAR = 1600, 2199
"""Outside these years four digits are more likely a number than a year of publication."""

_MONTH = rf"(?P<month>{MONTH})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b\.?,?\s+)?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE | re.ASCII)
    for shape in (
        rf"(?P<year>\d{{4}})-(?P<number>\d{{1,2}})-{_DAY}",
        rf"(?P<year>\d{{4}})/(?P<number>\d{{1,2}})/{_DAY}",
        rf"(?P<year>\d{{4}})\.(?P<number>\d{{1,2}})\.{_DAY}\.?",
        r"(?P<year>\d{4})(?P<number>\d{2})(?P<day>\d{2})(?=T?\d{4}|T|\Z|\s|[zZ+-])",
        rf"{_WEEKDAY}{_DAY}[\s-]+(?:of\s+)?{_MONTH},?[\s-]*{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s*{_DAY},?\s+{_YEAR}",
        rf"(?P<year>\d{{4}})[\s-]+{_MONTH}[\s-]+{_DAY}",
        # A dot between numbers means day first wherever it is used.
        r"(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.\s?(?P<year>\d{4})",
        r"(?P<either>\d{1,2})[/-](?P<other>\d{1,2})[/-](?P<year>\d{4})",
    )
)
_C_TIME = re.compile(
    rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+(?P<time>\d{{1,2}}:\d{{2}}(?::\d{{2}})?)\s+(?:[A-Z]{{2,5}}\s+)?{_YEAR}",
    re.IGNORECASE | re.ASCII,
)
_TIME = re.compile(
    r"(?:T|\s*[,|·–—-]?\s*(?:at\s+)?)?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?(?P<zone>.*)",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_COMPACT_TIME = re.compile(r"T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>.*)", re.ASCII | re.DOTALL)
_ZONE = re.compile(
    r"(?:\s*\(?(?:z|utc|gmt|[a-z]{1,4}t|msk|[ap]\.?m\.?|hours|hrs)?\)?\s*)?"
    r"(?:[+-]\d{1,2}:?(?:\d{2})?(?::\d{2})?)?(?:\s*[(\[][\w\s/+:-]{1,40}[)\]])?\s*\.?",
    re.IGNORECASE | re.ASCII,
)
_IN_PROSE = re.compile(
    rf"(?<![\w-])(?:{_MONTH}\s*{_DAY},?\s+{_YEAR}|{_DAY.replace('day', 'day2')}\s+"
    rf"{_MONTH.replace('month', 'month2')},?\s+{_YEAR.replace('year', 'year2')})(?![\w-])",
    re.IGNORECASE | re.ASCII,
)


def parse_date(text: str, *, day_first: bool | None = None) -> tuple[dt.date, dt.time | None] | None:
    """The day that `text` names and, where it gives one, the wall-clock time; None when it names no certain day.

    The whole of `text` must be a date: ISO 8601, e-mail, feed and wire-service shapes, "Sept. 21, 2023, 4:05 p.m. ET",
    "21 September 2023", "26-FEB-1987 15:01:01.79", "21.09.2023", seconds or milliseconds since 1970 (as UTC).
    The clock is kept as written, whatever its zone. "03/04/2023" names no certain day unless `day_first` settles it.
    """
    text = " ".join(text.split())
    if not text or len(text) > 100:
        return None
    if text.lstrip("-").replace(".", "", 1).isdecimal() and text.isascii() and not _looks_compact(text):
        return _from_epoch(float(text))
    if match := _C_TIME.fullmatch(text):
        day = _day(match, day_first=day_first)
        return (day, _clock(match["time"])[1]) if day else None
    for shape in _SHAPES:
        match = shape.match(text)
        if not match:
            continue
        day = _day(match, day_first=day_first)
        certain, time = _clock(text[match.end() :])
        if day and certain:
            return day, time
    return None


def find_dates(text: str) -> Iterator[tuple[int, int, dt.date]]:
    """Full dates written with the month's name within `text`, as (start, end, day), in order."""
    for match in _IN_PROSE.finditer(text):
        day = match["day"] or match["day2"]
        month = match["month"] or match["month2"]
        year = match["year"] or match["year2"]
        if found := _calendar_day(int(year), MONTHS[month.lower()], int(day)):
            yield match.start(), match.end(), found


def year_for(month: int, day: int, *, latest: dt.date) -> dt.date | None:
    """The last such day that is not after `latest`; None when no year around has it."""
    for year in range(latest.year, latest.year - 9, -1):
        found = _calendar_day(year, month, day)
        if found and found <= latest:
            return found
    return None


def _looks_compact(text: str) -> bool:
    """Whether a run of digits is a date such as 20230921 or 202309211015 and no count of seconds."""
    if len(text) not in (8, 12, 14) or not text.isdecimal():
        return False
    return FIRST_YEAR <= int(text[:4]) <= LAST_YEAR and 1 <= int(text[4:6]) <= 12 and 1 <= int(text[6:8]) <= 31


def _from_epoch(number: float) -> tuple[dt.date, dt.time | None] | None:
    # Counts below 1973 or so are far more likely years, ids or sizes.
    if 1e11 <= abs(number) < 1e14:
        number /= 1000
    if not 1e8 <= number < 1e10:
        return None
    moment = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(number))
    return moment.date(), moment.time()


def _day(match: re.Match[str], *, day_first: bool | None) -> dt.date | None:
    parts = match.groupdict()
    year = int(parts["year"])
    if parts.get("month"):
        return _calendar_day(year, MONTHS[parts["month"].lower()], int(parts["day"]))
    if parts.get("number"):
        return _calendar_day(year, int(parts["number"]), int(parts["day"]))
    first, second = int(parts["either"]), int(parts["other"])
    readings = {
        order: found
        for order, month, day in ((True, second, first), (False, first, second))
        if (found := _calendar_day(year, month, day))
    }
    if day_first is not None and len(readings) == 2 and first != second:
        return readings[day_first]
    return next(iter(readings.values())) if len(set(readings.values())) == 1 else None


def _calendar_day(year: int, month: int, day: int) -> dt.date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _clock(text: str) -> tuple[bool, dt.time | None]:
    """Whether `text`, which follows a date, is nothing or a time; and that time."""
    text = text.strip().rstrip(".")
    if not text or _ZONE.fullmatch(text):
        return True, None
    match = _COMPACT_TIME.fullmatch(text) or _TIME.fullmatch(text)
    if not match or not _ZONE.fullmatch(match["zone"]):
        return False, None
    half = (match.groupdict().get("half") or "").lower()
    if match["minute"] is None and not half:
        return False, None
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    if half:
        if not 1 <= hour <= 12:
            return False, None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if second == 60:  # a leap second
        second = 59
    if (hour, minute, second) == (24, 0, 0):
        return True, None
    try:
        return True, dt.time(hour, minute, second)
    except ValueError:
        return False, None
