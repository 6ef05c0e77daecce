"""Dates and times as news files write them, read only where there is one way to read them.

The shapes are English ones; what is written in another language is put into them first, by the names of
`language/calendar.tsv` and the small words that stand between the parts of a date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from searchapp.language.calendar import MONTH, MONTHS, SHORT_MONTHS, foreign_calendar, unaccented

__all__ = ["find_dates", "parse_date", "year_for"]

FIRST_YEAR, LAST_YEAR = 1600, 2199
"""Outside these years four digits are more likely a number than a year of publication."""

MOST_DAYS_AHEAD = 2
"""A day further ahead than the time zones explain has not been yet: nothing was published on it."""
LONGEST_DATE = 100

_MONTH = rf"(?P<month>{MONTH})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_SHORT_YEAR = r"['’]?(?P<year>\d{2})(?![\d:.])"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b\.?(?:,\s*|\s+))?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE | re.ASCII)
    for shape in (
        rf"(?P<year>\d{{4}})-(?P<number>\d{{1,2}})-{_DAY}",
        rf"(?P<year>\d{{4}})/(?P<number>\d{{1,2}})/{_DAY}",
        rf"(?P<year>\d{{4}})\.\s?(?P<number>\d{{1,2}})\.\s?{_DAY}\.?",
        r"(?P<year>\d{4})(?P<number>\d{2})(?P<day>\d{2})(?=T?\d{4}|T|\Z|\s|[zZ+-])",
        rf"{_WEEKDAY}{_DAY}[\s/-]+(?:of\s+)?{_MONTH},?[\s/-]*{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s*{_DAY},?\s+{_YEAR}",
        rf"(?P<year>\d{{4}})[\s,/-]+{_MONTH}[\s/-]+{_DAY}",
        rf"{_WEEKDAY}{_MONTH}-{_DAY}-{_YEAR}",
        # A dot between numbers means day first wherever it is used.
        r"(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.\s?(?P<year>\d{4})",
        r"(?P<either>\d{1,2})[/-](?P<other>\d{1,2})[/-](?P<year>\d{4})",
        rf"{_WEEKDAY}{_DAY}[\s/-]+{_MONTH},?[\s/-]*{_SHORT_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s*{_DAY}(?:,\s*|\s+(?=['’])){_SHORT_YEAR}",
        rf"(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})\.{_SHORT_YEAR}",
        rf"(?P<either>\d{{1,2}})/(?P<other>\d{{1,2}})/{_SHORT_YEAR}",
    )
)
_C_TIME = re.compile(
    rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+(?P<time>\d{{1,2}}:\d{{2}}(?::\d{{2}})?)\s+(?:(?:[A-Z]{{2,5}}|[+-]\d{{4}})\s+)?{_YEAR}",
    re.IGNORECASE | re.ASCII,
)
_TIME = re.compile(
    r"(?:T|\s*+[,:|·–—-]?\s*+(?:at\s++)?)?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*+(?P<half>[ap]\.?m\b\.?)?(?P<zone>.*)",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_COMPACT_TIME = re.compile(r"T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>.*)", re.ASCII | re.DOTALL)
_ZONE = re.compile(
    r"(?:\s*+\(?(?:z|utc|gmt|[a-z]{1,4}t|msk|[ap]\.?m\.?|hours|hrs)?\)?\s*+)?"
    r"(?:[+-]\d{1,2}:?(?:\d{2})?(?::\d{2})?)?(?:(?:(?<=\s)|\s++)[a-z]{2,5})?(?:\s*+[(\[][\w\s/+:.-]{1,60}[)\]])?"
    r"(?:\s*+[a-z]{3,12}/[a-z_]{3,20}(?:/[a-z_]{3,20})?)?\s*+\.?",
    re.IGNORECASE | re.ASCII,
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?", re.ASCII)
_ZONE_NAME = re.compile(r"(?<![^\W\d_])[A-Za-z]{1,4}(?![^\W\d_])", re.ASCII)
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180, "jst": 540,
    "kst": 540, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
"""Names of zones that are nobody else's, in minutes before UTC."""
_TIME_FIRST = re.compile(
    r"(?P<time>\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*[ap]\.?m\b\.?)?(?:\s*(?:GMT|UTC|[A-Z]{1,3}T))?)[\s,|·–-]+(?P<day>\S.*)",
    re.IGNORECASE | re.ASCII,
)
_WRAPPED = re.compile(
    r"""
    (?:ISODate|Timestamp|Date|new\ Date|datetime)\(["']?(?P<inside>[^()"']{4,60})["']?\)
    | /Date\((?P<epoch>-?\d{8,14})(?:[+-]\d{4})?\)/
    | datetime\.(?:datetime|date)\((?P<y>\d{4}),\s*(?P<m>\d{1,2}),\s*(?P<d>\d{1,2})(?:,[^()]{0,80})?\)
    """,
    re.VERBOSE,
)
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]?")
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:['’]|\b)")
_PLAIN_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,9})?(?:[eE]\+?\d{1,2})?")
_UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x2066, 0x2067, 0x2069, 0xFEFF))
FIRST_SERIAL, LAST_SERIAL = 18_264, 73_051
"""Days since the end of 1899 that are years from 1950 to 2099; the numbers beside them are years and sizes."""
_SMALL_WORDS = frozenset(
    "a al am as at au d da das de del den der di do du dne el em en g h i il kl klo la las le les los na o of om on"
    " ore the u uhr um van v ve year года г року р к dell dia ano saat ora orele hod στις την της в и по".split()
)
"""What stands between the parts of a date in one language or another, as `unaccented` has it."""
_NUMBER_WORDS = re.compile(r"(?<=\d)(?:er|re|º|ª|°|\.º|de|do)(?=[\s.,])", re.IGNORECASE)
_IN_PROSE = re.compile(
    r"(?<![\w-])(?:(?P<month>[^\W\d_]{3,12})\.?\s{1,3}(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}(?P<year>\d{4})"
    r"|(?P<day2>\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s{1,3}(?:(?:de|of)\s)?(?P<month2>[^\W\d_]{3,12})\.?,?\s{1,3}"
    r"(?:del?\s)?(?P<year2>\d{4}))(?![\w-])",
    re.IGNORECASE,
)
_YEAR_IN_PROSE = re.compile(r"[12]\d{3}")


def parse_date(
    text: str, *, day_first: bool | None = None, ahead: bool = False, serials: bool = False
) -> tuple[dt.date, dt.time | None] | None:
    """The day that `text` names and, where it gives one, the wall-clock time; None when it names no certain day.

    The whole of `text` must be a date: ISO 8601, e-mail, feed and wire-service shapes, "Sept. 21, 2023, 4:05 p.m. ET",
    "21 September 2023", "26-FEB-1987 15:01:01.79", "21.09.2023", "12 mars 2019 à 10h30", "2019年3月12日", seconds,
    milliseconds or nanoseconds since 1970 (as UTC); with `serials` also days as spreadsheets count them.
    The clock is kept as written, with its distance from UTC where the text gives that. "03/04/2023" names no certain
    day unless `day_first` settles it.
    A year of two digits is the last one that ends so. A day that is yet to come is none, but with `ahead`.
    """
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_DATE:
        return None
    found = _parsed(text, day_first=day_first, serials=serials)
    if found and not ahead and (found[0] - dt.date.today()).days > MOST_DAYS_AHEAD:
        return None
    return found


def _parsed(text: str, *, day_first: bool | None, serials: bool) -> tuple[dt.date, dt.time | None] | None:
    if found := _number(text, serials=serials):
        return found
    if found := _in_shape(text, day_first=day_first):
        return found
    if wrapped := _WRAPPED.fullmatch(text):
        if wrapped["epoch"]:
            return _from_epoch(float(wrapped["epoch"]))
        inside = wrapped["inside"] or f"{wrapped['y']}-{wrapped['m']}-{wrapped['d']}"
        return _number(inside, serials=False) or _in_shape(inside, day_first=day_first)
    english = _in_english(text)
    for other in (english, *((f"{m['day']} {m['time']}",) if (m := _TIME_FIRST.fullmatch(english)) else ())):
        if other != text and (found := _in_shape(other, day_first=day_first)):
            return found
    return None


def _number(text: str, *, serials: bool) -> tuple[dt.date, dt.time | None] | None:
    if not text.isascii() or not _PLAIN_NUMBER.fullmatch(text) or _looks_compact(text):
        return None
    number = float(text)
    if serials and FIRST_SERIAL <= number < LAST_SERIAL:
        moment = dt.datetime(1899, 12, 30) + dt.timedelta(seconds=round(number * 86400))
        return moment.date(), moment.time() if number % 1 else None
    return _from_epoch(number)


def _in_shape(text: str, *, day_first: bool | None) -> tuple[dt.date, dt.time | None] | None:
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


def _in_english(text: str) -> str:
    """`text` with English names of months, without days of the week and small words; as it is, if others are left."""
    text = _NUMBER_WORDS.sub("", _EAST_ASIAN.sub(r"\1-\2-\3 ", text.translate(_UNSEEN)))
    months, weekdays = foreign_calendar()
    words = list(_WORD.finditer(text))
    folds = [unaccented(word[0].rstrip("'’")) for word in words]
    named = [at for at, fold in enumerate(folds) if fold in months]
    # "mar., 12 mars" and "mar, 12 mar" begin with a day of the week.
    if len(named) > 1 and folds[named[0]] in weekdays:
        named = named[1:]
    if len(named) > 1:
        return text
    pieces, end = [], 0
    for at, (word, fold) in enumerate(zip(words, folds, strict=True)):
        pieces.append(text[end : word.start()])
        end = word.end()
        if named and at == named[0]:
            pieces.append(f" {SHORT_MONTHS[months[fold] - 1]} ")
        elif fold in weekdays or (fold in _SMALL_WORDS and not _is_zone(text, word)):
            after = text[end : end + 1]
            # The French and the Portuguese write 10h30.
            pieces.append(":" if fold == "h" and after.isdigit() else " ")
            end += after == "." or (after == "," and fold in weekdays)
        else:
            pieces.append(word[0])
    pieces.append(text[end:])
    line = re.sub(r"(?<=\d)\.(?=\s+(?:[A-Za-z]|\d{1,2}:))|(?<=[a-z])\s+\.", "", "".join(pieces))
    return " ".join(line.split()).strip(" ,.;-")


def _is_zone(text: str, word: re.Match[str]) -> bool:
    return word[0].isupper() and len(word[0]) == 1 and word.end() == len(text)


def find_dates(text: str) -> Iterator[tuple[int, int, dt.date]]:
    """Full dates written with the month's name within `text`, as (start, end, day), in order."""
    if not text.isascii() or _YEAR_IN_PROSE.search(text):
        months, _ = foreign_calendar()
        for match in _IN_PROSE.finditer(text):
            day = match["day"] or match["day2"]
            month = months.get(unaccented(match["month"] or match["month2"]), 0)
            year = match["year"] or match["year2"]
            if month and (found := _calendar_day(int(year), month, int(day))):
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
    if 1e17 <= abs(number) < 1e20:
        number /= 1e9
    elif 1e14 <= abs(number) < 1e17:
        number /= 1e6
    elif 1e11 <= abs(number) < 1e14:
        number /= 1000
    if not 1e8 <= number < 1e10:
        return None
    moment = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(number))
    return moment.date(), moment.time()


def _day(match: re.Match[str], *, day_first: bool | None) -> dt.date | None:
    parts = match.groupdict()
    year = _whole_year(parts["year"])
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


def _whole_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    this = dt.date.today().year
    return year + (2000 if year <= this % 100 else 1900)


def _zone(text: str) -> dt.timezone | None:
    """The distance from UTC that the end of a time says; None where it says none for certain."""
    if told := _OFFSET.search(text):
        minutes = int(told["hours"]) * 60 + int(told["minutes"] or 0)
    else:
        found = _ZONE_NAME.search(text)
        known = _ZONES.get(found[0].lower()) if found else None
        if known is None:
            return None
        return dt.timezone(dt.timedelta(minutes=known))
    if minutes > 14 * 60:
        return None
    return dt.timezone(dt.timedelta(minutes=-minutes if told["sign"] == "-" else minutes))


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
        return True, dt.time(hour, minute, second, tzinfo=_zone(match["zone"]))
    except ValueError:
        return False, None
