"""Plain text: one article a file, its parts told from one another by how they look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from searchapp.corpus.cleaning.datelines import Dateline, parse_dateline
from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.layout import HEAD_LINES, Line, date_in_line, lay_out
from searchapp.corpus.cleaning.prose import body_of
from searchapp.corpus.cleaning.publication import UNDATED, Published, date_in_address, date_of_dateline, estimated
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import read_text
from searchapp.errors import UnreadableFile
from searchapp.language.agencies import agencies_in_line
from searchapp.language.credits import byline_in
from searchapp.model.article import Article

__all__ = ["FORMAT", "article_of_text"]

MAX_BYTES = 16 << 20

_LEFT_OUT = frozenset({"agency", "headline", "byline", "date", "url", "label", "navigation"})


def recognises(head: bytes) -> bool:
    """Never by content alone: anything that can be read could be plain text."""
    return False


def read(source: Source) -> Iterator[Yielded]:
    """The one article of a text file."""
    yield article_of_text(source, read_text(source.open(), max_bytes=MAX_BYTES))


FORMAT = Format(
    name="plain text",
    suffixes=(".txt", ".text"),
    recognises=recognises,
    read=read,
    group="articles as text",
    about="with agency line, headline, dateline, byline",
    takes_any=True,
)


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
    latest = source.modified.date()
    texts = [line.text for line in lines]
    of_dateline = date_of_dateline(dateline, texts, latest=latest) if dateline else UNDATED
    if of_dateline.found_in == "dateline" and dateline and dateline.year:
        return of_dateline
    found_elsewhere = (date_in_address(url), of_dateline, estimated(lines, latest=latest))
    return next((published for published in found_elsewhere if published.day), UNDATED)
