"""PDF with text: columns and broken lines put together, running heads left out, pages remembered."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from searchapp.corpus.cleaning.printed import Line, headings_of, paragraphs_of_pages, starts_of_pages
from searchapp.corpus.cleaning.prose import clean_line, unbroken
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.streams import seekable
from searchapp.corpus.formats.documents.reading import About, articles_of_document
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Noted

__all__ = ["FORMAT"]

_LEAST_CHARS = 20
"""A page with fewer has no text but a number or a stamp."""
_BROKEN = re.compile("[\ufffe\x02]")
_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")


def recognises(head: bytes) -> bool:
    """Whether `head` begins a PDF."""
    return b"%PDF-" in head[:1024]


def read(source: Source) -> Iterator[Yielded]:
    """The one article of a PDF, or those of the export that was saved as one."""
    try:
        import pypdfium2
    except ImportError as error:
        raise UnreadableFile("a PDF; pip install 'searchapp[documents]' to read it, or save it as text") from error
    with closing(seekable(source)) as stream:
        try:
            document = pypdfium2.PdfDocument(stream)
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(_fault(str(error))) from error
        with closing(document):
            pages = [_lines_of(document, number) for number in range(len(document))]
            about = _about(document.get_metadata_dict(skip_empty=True))
    bare = sum(sum(len(line.text) for line in page) < _LEAST_CHARS for page in pages)
    if bare == len(pages):
        count = f"{len(pages):,} pages" if len(pages) != 1 else "one page"
        raise UnreadableFile(f"{count} without text; run ocrmypdf on it first")
    headings = headings_of([next(page for page in pages if page)])
    printed = paragraphs_of_pages([[page] for page in pages])
    found = list(articles_of_document(source, "\n\n".join(printed.paragraphs), about, headings))
    starts = iter(starts_of_pages([one.body for one in found if isinstance(one, Article)], printed))
    for one in found:
        yield dataclasses.replace(one, pages=next(starts)) if isinstance(one, Article) else one
    if bare:
        yield Noted(source.path, f"{bare:,} of {len(pages):,} pages are without text; run ocrmypdf on it to read them")


FORMAT = Format(
    name="PDF",
    suffixes=(".pdf",),
    recognises=recognises,
    read=read,
    group="documents",
    about="with text; pages are remembered",
    takes_any=True,
    binary=True,
    hard=True,
    extra="documents",
)


def _lines_of(document: Any, number: int) -> list[Line]:
    """The lines of a page in the order in which they are to be read; none where the page is damaged."""
    import pypdfium2

    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            content = text.get_text_range()
            found: list[Line] = []
            start = 0
            for raw in re.split(r"(\r\n|\n|\r)", content):
                if raw.strip():
                    # Where a hyphen ends a line, the next one comes behind this mark.
                    shown = unbroken(_BROKEN.sub("-\n", raw))
                    first = start + len(raw) - len(raw.lstrip())
                    last = start + len(raw.rstrip()) - 1
                    left, bottom, _, top = text.get_charbox(first, loose=True)
                    _, _, right, _ = text.get_charbox(last, loose=True)
                    found.append(Line(clean_line(shown), left, right, bottom, max(top - bottom, 1.0)))
                start += len(raw)
            return found
    except (pypdfium2.PdfiumError, ValueError, IndexError):
        return []


def _about(metadata: dict[str, str]) -> About:
    made = _DATE.match(metadata.get("CreationDate", ""))
    created = "-".join(part or "01" for part in made.groups()) if made else ""
    return About(title=metadata.get("Title", ""), author=metadata.get("Author", ""), created=created)


def _fault(said: str) -> str:
    if "assword" in said:
        return "encrypted; save it without a password first"
    return "damaged: no PDF can be made of it; fetch it again"
