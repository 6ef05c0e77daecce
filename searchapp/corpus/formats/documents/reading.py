"""The text of a document to articles."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Source, Yielded
from searchapp.corpus.formats.press import europresse, factiva, labelled, nexis
from searchapp.corpus.formats.texts.text import article_of_text
from searchapp.language.fold import folded

__all__ = ["About", "articles_of_document", "as_source"]

_EXPORTS = (nexis.FORMAT, factiva.FORMAT, europresse.FORMAT, labelled.FORMAT)
_HEAD_CHARS = 64 << 10
_NO_PERSON = re.compile(
    r"\b(?:user|microsoft|office|admin|administrator|owner|windows|openoffice|libreoffice|unknown|author|python-docx"
    r"|default|home|pc|laptop|apple|word)\b",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?:untitled|document\s?\d{0,4}|microsoft word\b.*|powerpoint.*|title|slide \d+|print|layout \d+|blank"
    r"|.*\.(?:docx?|odt|rtf|indd|qxd|pdf|xps|pub|pages))",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r";|\band\b|&")


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself beside its text."""

    title: str = ""
    author: str = ""
    created: str = ""


def as_source(source: Source, text: str, suffix: str) -> Source:
    """What a reader of text takes for the text of the document."""
    data = text.encode("utf-8", "surrogatepass")

    def opened() -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data))))

    return dataclasses.replace(source, suffix=suffix, open=opened, is_plain=False)


def articles_of_document(source: Source, text: str, about: About, headings: Sequence[str] = ()) -> Iterator[Yielded]:
    """The articles of a document with this text: those of the export that it is, else one.

    `headings` are what the document marks as its title or a heading, in its order. Raises `UnreadableFile` where
    there is no text.
    """
    head = text[:_HEAD_CHARS].encode("utf-8", "surrogatepass")
    for form in _EXPORTS:
        if form.recognises(head):
            yield from form.read(as_source(source, text, ".txt"))
            return
    article = article_of_text(source, text)
    changes: dict[str, object] = {}
    title = _title(article.title, article.body, about, headings)
    if title != article.title:
        changes["title"] = title
        first, _, rest = article.body.partition("\n\n")
        if article.title and article.title != first:
            # What looked like a headline was a line of the text.
            changes["body"] = f"{article.title}\n\n{article.body}" if article.title not in title else article.body
        elif folded(first) == folded(title):
            changes["body"] = rest
    if not article.byline and (author := _person(about.author)):
        changes["byline"] = author
    if article.published is None and (day := _day(about.created, source.modified.date())):
        changes |= {"published": day, "published_source": "estimated"}
    yield dataclasses.replace(article, **changes) if changes else article  # type: ignore[arg-type]


def _title(found: str, body: str, about: About, headings: Sequence[str]) -> str:
    """What is marked as the title in the text, else what looks like it, else what the document says."""
    beginning = f"{found}\n{body[:2_000]}"
    for heading in headings[:3]:
        if heading and folded(heading) in folded(beginning):
            return heading
    stated = clean_line(about.title)
    if stated and not _NO_TITLE.fullmatch(stated) and (not found or folded(stated) in folded(beginning)):
        return stated
    return found


def _person(author: str) -> str:
    """The names in the field for the author, unless a program or a computer put its own there."""
    names = [clean_line(name) for name in _SEVERAL.split(author)]
    real = [
        name for name in names if " " in name and name[:1].isupper() and not _NO_PERSON.search(name) and len(name) < 60
    ]
    return ", ".join(real)


def _day(created: str, latest: dt.date) -> dt.date | None:
    """The day on which the document was made."""
    found = parse_date(created[:25]) if created else None
    return found[0] if found and found[0] <= latest else None
