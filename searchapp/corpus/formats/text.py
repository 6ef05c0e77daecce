"""Plain text: one article a file, its parts told from one another by how they look."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searchapp.corpus.cleaning.datelines import Dateline, parse_dateline
from searchapp.corpus.cleaning.dates import find_dates, parse_date, year_for
from searchapp.corpus.cleaning.layout import HEAD_LINES, Line, date_in_line, lay_out
from searchapp.corpus.cleaning.prose import body_of
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import read_text
from searchapp.errors import UnreadableFile
from searchapp.language.agencies import agencies_in_line
from searchapp.language.calendar import WEEKDAYS
from searchapp.language.credits import byline_in, is_old_picture
from searchapp.model.article import Article

__all__ = ["FORMAT", "Published", "article_of_text", "file_date"]

MAX_BYTES = 16 << 20

_URL_DATE = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|$)")
_WEEKDAY = re.compile(
    r"\b(?:on|late|early|last|,)\s+(monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b", re.IGNORECASE
)
_LEFT_OUT = frozenset({"agency", "headline", "byline", "date", "url", "label", "navigation"})
_NEAR_DAYS = 45
_LEAD_LINES = 4
_LONGEST_DELAY_DAYS = 2


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published, and where that was read."""

    day: dt.date | None
    time: dt.time | None = None
    found_in: str = ""
    """metadata, dateline, text, file, or empty without a day."""


def recognises(head: bytes) -> bool:
    """Never by content alone: anything that can be read could be plain text."""
    return False


def read(source: Source) -> Iterator[Yielded]:
    """The one article of a text file."""
    yield article_of_text(source, read_text(source.open(), max_bytes=MAX_BYTES))


FORMAT = Format(name="plain text", suffixes=(".txt", ".text"), recognises=recognises, read=read)


def article_of_text(source: Source, text: str) -> Article:
    """The article that `text`, the whole of a file, is. Raises `UnreadableFile` when nothing of it is one."""
    lines = lay_out(text)
    labels = _labels(lines)
    kept = [line for line in lines if line.kind not in _LEFT_OUT]
    while kept and kept[0].kind == "furniture":
        kept.pop(0)
    title = labels.get("title") or labels.get("headline") or _first(lines, "headline")
    if title and kept and kept[0].text == title:
        kept.pop(0)
    if not kept and not title:
        raise UnreadableFile("no text in it but page navigation" if lines else "empty")
    dateline = next((found for line in kept[:HEAD_LINES] if (found := parse_dateline(line.text))), None)
    url = labels.get("url") or labels.get("link") or _first(lines, "url").strip("<>")
    agency = agencies_in_line(_first(lines, "agency")) or _first(lines, "agency")
    published = _published(lines, labels, url, dateline, source)
    return Article(
        id=source.article_id(0, own=url),
        title=title,
        body=body_of(line.text for line in kept),
        byline=labels.get("author") or labels.get("byline") or byline_in(_first(lines, "byline")),
        published=published.day,
        published_time=published.time,
        published_source=published.found_in,
        dateline=dateline.place if dateline else "",
        source=labels.get("source") or labels.get("publication") or agency or (dateline.agency if dateline else ""),
        url=url,
        section=labels.get("section", ""),
        path=source.path,
    )


def file_date(source: Source) -> Published:
    """The day when the file was last changed: the last resort for an article that says nothing of its date."""
    return Published(source.modified.date(), None, "file")


def _labels(lines: Sequence[Line]) -> dict[str, str]:
    """The values of lines such as "Source: Reuters"."""
    pairs = (line.text.split(":", 1) for line in lines if line.kind == "label")
    return {name.strip().lower(): value.strip() for name, value in pairs}


def _first(lines: Sequence[Line], kind: str) -> str:
    return next((line.text for line in lines if line.kind == kind), "")


def _published(
    lines: Sequence[Line], labels: dict[str, str], url: str, dateline: Dateline | None, source: Source
) -> Published:
    for name in ("published", "date"):
        if found := parse_date(labels.get(name, "")):
            return Published(*found, found_in="metadata")
    for line in lines:
        if line.kind == "date" and (found := date_in_line(line.text)):
            # Beside "Title: ..." and "Source: ..." it is one of the labels that some program put on top.
            return Published(*found, found_in="metadata" if labels else "text")
    if dateline and dateline.year and (dated := _dateline_date(dateline, lines, source)):
        return dated
    if (match := _URL_DATE.search(url)) and (found := parse_date("-".join(match.groups()))):
        return Published(found[0], None, "metadata")
    if dateline and dateline.month and (dated := _dateline_date(dateline, lines, source)):
        return dated
    if day := _caption_date(lines):
        return Published(day, None, "text")
    return file_date(source)


def _dateline_date(dateline: Dateline, lines: Sequence[Line], source: Source) -> Published | None:
    if not (dateline.month and dateline.day):
        return None
    if dateline.year:
        found = parse_date(f"{dateline.year:04}-{dateline.month:02}-{dateline.day:02}")
        return Published(found[0], None, "dateline") if found else None
    # Datelines rarely give the year; a full date nearby in the text settles it.
    for line in lines:
        for _, _, other in find_dates(line.text):
            for year in (other.year, other.year - 1, other.year + 1):
                found = parse_date(f"{year:04}-{dateline.month:02}-{dateline.day:02}")
                if found and abs((found[0] - other).days) <= _NEAR_DAYS:
                    return Published(found[0], None, "dateline")
    # Else the year is only as good as the time of the file, and is reported as coming from there.
    day = year_for(dateline.month, dateline.day, latest=source.modified.date())
    return Published(day, None, "file") if day else None


def _caption_date(lines: Sequence[Line]) -> dt.date | None:
    """The day that a news picture and the first paragraphs agree on.

    A caption dates its picture, not the article. It is believed only for a picture that is not from the archive,
    when the report itself is of a weekday on that day or at most two days later; that weekday is the date.
    """
    weekday = next(
        (
            WEEKDAYS.index(match[1].lower())
            for line in [line for line in lines if line.kind == "paragraph"][:_LEAD_LINES]
            if (match := _WEEKDAY.search(line.text))
        ),
        None,
    )
    if weekday is None:
        return None
    for line in lines:
        dates = [day for _, _, day in find_dates(line.text)] if line.kind == "caption" else []
        if len(dates) == 1 and not is_old_picture(line.text):
            delay = (weekday - dates[0].weekday()) % 7
            if delay <= _LONGEST_DELAY_DAYS:
                return dates[0] + dt.timedelta(days=delay)
    return None
