"""Spans of days as people type them: 2023-09, 22.09.2023, >=2024, 2023-2024, September 2023."""

from __future__ import annotations

import datetime as dt
import re

from searchapp.language.calendar import MONTH, MONTHS
from searchapp.model.query import parse_day

__all__ = ["Span", "read_span"]

Span = tuple[dt.date | None, dt.date | None]
"""First and last day; None leaves that side open."""

_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
_COMPARED = re.compile(r"(>=?|<=?|=) ?([^ ].*)")
_BETWEEN = re.compile(r"(.*?)(?:\.{2,3}+|\u2026| (?:-|to|until) )(.*)", re.IGNORECASE)
_FROM_TO = re.compile(
    r"(\d{4}|\d{4}-\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{4})-((?:19|20)\d\d|\d{4}-\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{4})",
    re.ASCII,
)
_FROM = re.compile(r"([12]\d{3}(?:-\d{2}){0,2})(-)", re.ASCII)
_DECADE = re.compile(r"([12]\d{2})0'?s", re.ASCII)
_IN_WORDS = re.compile(
    rf"(?:(?P<first>\d{{1,2}})\.?[ -]+)?(?P<month>{MONTH})\.?(?:[ -]+(?P<second>\d{{1,2}}))?,?[ -]+(?P<year>\d{{4}})",
    re.IGNORECASE | re.ASCII,
)
_EITHER_WAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def read_span(text: str) -> tuple[Span, str] | None:
    """The days that `text` names, and how it was read where that could be meant otherwise; None for no date."""
    text = " ".join(text.translate(_DASHES).split())
    if compared := _COMPARED.fullmatch(text):
        return _compared(*compared.groups())
    if decade := _DECADE.fullmatch(text):
        text = f"{decade[1]}0..{decade[1]}9"
    elif begun := _FROM.fullmatch(text):
        text = f"{begun[1]}.."
    if (between := _BETWEEN.fullmatch(text)) or (between := _FROM_TO.fullmatch(text)):
        begins, ends = (part.strip() for part in between.groups())
        first, last = (_named(part) if part else None for part in (begins, ends))
        if (first is None and begins) or (last is None and ends) or not (begins or ends):
            return None
        said = [part[1] for part in (first, last) if part and part[1]]
        since, until = first and first[0][0], last and last[0][1]
        if first and last and since and until and since > until:
            since, until = last[0][0], first[0][1]
            said.append(f'"{text}" ends before it begins; the two dates were swapped')
        return (since, until), "; ".join(said)
    return _named(text)


def _compared(sign: str, text: str) -> tuple[Span, str] | None:
    found = _named(text)
    if found is None:
        return None
    (first, last), said = found
    if first is None or last is None:
        return None
    day = dt.timedelta(1)
    since, until = (first, None) if ">" in sign else (None, last) if "<" in sign else (first, last)
    if sign == ">":
        since = last + day if last < dt.date.max else dt.date.max
    elif sign == "<":
        until = first - day if first > dt.date.min else dt.date.min
    return (since, until), said


def _named(text: str) -> tuple[Span, str] | None:
    """The day, month or year that a text names."""
    said = ""
    if written := _IN_WORDS.fullmatch(text):
        day = written["first"] or written["second"]
        text = f"{written['year']}-{MONTHS[written['month'].lower()]}" + (f"-{day}" if day else "")
    elif (either := _EITHER_WAY.fullmatch(text)) and int(either[1]) <= 12 and int(either[2]) <= 12:
        day, month, year = either.groups()
        if day != month:
            said = f'"{text}" was read as day/month/year; write {year}-{month:0>2}-{day:0>2} to be sure'
        text = f"{year}-{month}-{day}"
    try:
        return (parse_day(text), parse_day(text, end=True)), said
    except ValueError:
        return None
