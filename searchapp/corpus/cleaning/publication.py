"""When an article was published, as far as its address and its text tell; a file's own times tell nothing of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.corpus.cleaning.datelines import Dateline
from searchapp.corpus.cleaning.dates import find_dates, parse_date, year_for
from searchapp.corpus.cleaning.layout import Line
from searchapp.language.calendar import WEEKDAYS
from searchapp.language.credits import is_old_picture

__all__ = ["UNDATED", "Published", "date_in_address", "date_of_dateline", "estimated"]


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published, and where that was read."""

    day: dt.date | None = None
    time: dt.time | None = None
    found_in: str = ""
    """metadata, dateline, address, text, estimated, or empty without a day."""


UNDATED = Published()

# /2019/03/12/, /2019-03-12-, /20190312/, /2019/mar/12/; what follows is no digit.
_DATE_IN_ADDRESS = re.compile(
    r"[/_=.-](?P<year>(?:19|20)\d\d)(?:(?P<between>[/_-])(?P<month>\d{1,2}|[a-z]{3,9})(?P=between)(?P<day>\d{1,2})"
    r"|(?P<month2>0[1-9]|1[0-2])(?P<day2>0[1-9]|[12]\d|3[01]))(?=[/_.?&#-]|$)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?:\b(?:on|late|early|last)\s+|,\s*)(monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b", re.IGNORECASE
)
_WEEKDAY_BEFORE = re.compile(
    r"\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday),?\s*(?:the\s+)?$", re.IGNORECASE
)
_NEAR_DAYS = 45
_LEAD_LINES = 4
_LONGEST_DELAY_DAYS = 2


def date_in_address(url: str) -> Published:
    """The day that an address such as `https://example.org/2019/03/12/ferry` names; undated without one."""
    path = url.partition("://")[2].partition("/")[2]
    for match in _DATE_IN_ADDRESS.finditer(f"/{path[:2000]}"):
        parts = (match["year"], match["month"] or match["month2"], match["day"] or match["day2"])
        if found := parse_date("-".join(parts)) or parse_date(" ".join(reversed(parts))):
            return Published(found[0], None, "address")
    return UNDATED


def date_of_dateline(dateline: Dateline, texts: Sequence[str], *, latest: dt.date) -> Published:
    """The day of a dateline. Few give the year: a full date near it in one of `texts` settles it.

    Else it is the last such day that is not after `latest`, when the file was changed, and no more than estimated.
    """
    if not (dateline.month and dateline.day):
        return UNDATED
    if dateline.year:
        found = parse_date(f"{dateline.year:04}-{dateline.month:02}-{dateline.day:02}")
        return Published(found[0], None, "dateline") if found else UNDATED
    for text in texts:
        for _, _, other in find_dates(text):
            for year in (other.year, other.year - 1, other.year + 1):
                found = parse_date(f"{year:04}-{dateline.month:02}-{dateline.day:02}")
                if found and abs((found[0] - other).days) <= _NEAR_DAYS:
                    return Published(found[0], None, "dateline")
    day = year_for(dateline.month, dateline.day, latest=latest)
    return Published(day, None, "estimated") if day else UNDATED


def estimated(lines: Sequence[Line], *, latest: dt.date) -> Published:
    """About when an article was published that only mentions days, never after `latest`; undated where that is a guess.

    A caption dates its picture, not the article. It is believed when the report itself is of a weekday on that day or
    at most two days later: that weekday is the day. A picture that is said to be from the archive comes last. A full
    date that the lead gives together with its day of the week is believed too.
    """
    lead = [line.text for line in lines if line.kind == "paragraph"][:_LEAD_LINES]
    fresh, old = _days_of_captions(lines, lead)
    for day in (*fresh, *_days_of_lead(lead), *old):
        if day <= latest:
            return Published(day, None, "estimated")
    return UNDATED


def _days_of_captions(lines: Sequence[Line], lead: Sequence[str]) -> tuple[list[dt.date], list[dt.date]]:
    """What captions of pictures of the day say, and what those of old pictures do."""
    named = next((WEEKDAYS.index(match[1].lower()) for text in lead if (match := _WEEKDAY.search(text))), None)
    if named is None:
        return [], []
    fresh: list[dt.date] = []
    old: list[dt.date] = []
    for line in lines:
        dates = [day for _, _, day in find_dates(line.text)] if line.kind == "caption" else []
        if len(dates) == 1 and (delay := (named - dates[0].weekday()) % 7) <= _LONGEST_DELAY_DAYS:
            day = dates[0] + dt.timedelta(days=delay)
            (old if is_old_picture(line.text) else fresh).append(day)
    return fresh, old


def _days_of_lead(lead: Sequence[str]) -> list[dt.date]:
    found = []
    for text in lead:
        for start, _, day in find_dates(text):
            before = _WEEKDAY_BEFORE.search(text, max(0, start - 20), start)
            if before and WEEKDAYS[day.weekday()] == before[1].lower():
                found.append(day)
    return found
