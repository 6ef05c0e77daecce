"""PDF with text: columns and broken lines put together, running heads left out, pages remembered."""

from __future__ import annotations

import dataclasses
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from searchapp.corpus.cleaning.prose import clean_line, unbroken
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.streams import seekable
from searchapp.corpus.formats.documents.reading import About, articles_of_document
from searchapp.errors import UnreadableFile
from searchapp.language.sentences import CLOSERS, ends_in
from searchapp.model.article import Article
from searchapp.model.result import Noted

__all__ = ["FORMAT", "Line", "paragraphs_of_pages"]

_LEAST_CHARS = 20
"""A page with fewer has no text but a number or a stamp."""
_AT_EDGE = 2
"""Running heads are among so many lines at the top and at the bottom of a page."""
_WIDE_GAP = 1.45
"""So much wider than usual is the space between lines where a paragraph ends."""
_WIDEST_GAP = 3
"""In heights of letters: more is a gap whatever is usual."""
_SHORT = 0.82
"""Of the width of its column: a line that ends a paragraph."""
_LARGE = 1.25
"""So much larger than the text is a heading."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|p\.|pagina|página)\s*+)?[-–—|]?\s*+\d{1,4}+\s*+(?:(?:/|of|von|de)\s*+\d{1,4}+)?\s*+[-–—|]?",
    re.IGNORECASE,
)
_BROKEN = re.compile("[\ufffe\x02]")
_ENDS = ".!?:…"
_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page and where it stands, in points from the lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    height: float
    """Of its letters."""


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
    headings = _headings(pages[0])
    paragraphs, begins = paragraphs_of_pages(pages)
    for found in articles_of_document(source, "\n\n".join(paragraphs), about, headings):
        if isinstance(found, Article) and found.position == 0:
            starts = _places(found.body, [paragraphs[at] if at < len(paragraphs) else "" for at in begins])
            found = dataclasses.replace(found, pages=starts)
        yield found
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


def paragraphs_of_pages(pages: Sequence[Sequence[Line]]) -> tuple[list[str], list[int]]:
    """The paragraphs of all pages, and for each page the first paragraph that begins on it.

    What stands on top or at the bottom of several pages is left out, but for its numbers, and so are page numbers.
    A paragraph that goes on behind the end of a column or page is one.
    """
    running = _running(pages)
    paragraphs: list[str] = []
    begins: list[int] = []
    open_end = False
    for page in pages:
        kept = [
            line
            for at, line in enumerate(page)
            if not (min(at, len(page) - 1 - at) < _AT_EDGE and _mark(line.text) in running)
            and not (min(at, len(page) - 1 - at) < _AT_EDGE and _PAGE_NUMBER.fullmatch(line.text.strip()))
        ]
        here = _paragraphs(kept)
        begins.append(len(paragraphs))
        for number, paragraph in enumerate(here):
            if number == 0 and open_end and paragraphs and paragraph[:1].islower():
                paragraphs[-1] = _joined([paragraphs[-1], paragraph])
            else:
                paragraphs.append(paragraph)
        if here:
            open_end = not ends_in(paragraphs[-1].rstrip(CLOSERS), _ENDS)
    return paragraphs, begins


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


def _paragraphs(lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    height = statistics.median(line.height for line in lines)
    gaps = [
        above.bottom - line.bottom for above, line in pairwise(lines) if 0 < above.bottom - line.bottom < 4 * height
    ]
    usual = statistics.median(gaps) if gaps else height * 1.2
    groups: list[list[Line]] = [[lines[0]]]
    for line in lines[1:]:
        if _begins(groups[-1], line, height, usual, lines):
            groups.append([])
        groups[-1].append(line)
    return [text for group in groups if (text := _joined([line.text for line in group]))]


def _begins(group: Sequence[Line], line: Line, height: float, usual: float, lines: Sequence[Line]) -> bool:
    """Whether a line begins a paragraph behind those of `group`."""
    above = group[-1]
    if abs(line.height - above.height) > 0.15 * height and max(line.height, above.height) > _LARGE * height:
        return True
    gap = above.bottom - line.bottom
    ended = ends_in(above.text.rstrip(CLOSERS), _ENDS)
    if gap < -height or gap > 6 * height:
        # In the next column, or below a picture: a paragraph may go on there.
        return ended or above.height > _LARGE * height or (gap > 0 and not line.text[:1].islower())
    if gap > _WIDE_GAP * usual or gap > _WIDEST_GAP * height:
        return True
    column = [other for other in lines if abs(other.left - line.left) < 6 * height and other.height < _LARGE * height]
    left = min((other.left for other in column), default=line.left)
    width = max((other.right for other in column), default=line.right) - left
    indented = line.left - left > 0.6 * height and above.left - left < 0.6 * height
    short = above.right - left < _SHORT * width
    return (indented and ended) or (short and ended)


def _joined(lines: Sequence[str]) -> str:
    return clean_line(unbroken("\n".join(lines)))


def _running(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """What stands at the edge of several pages, its numbers taken out."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_mark(line.text) for line in (*page[:_AT_EDGE], *page[-_AT_EDGE:])})
    least = max(3, len(pages) // 3)
    return frozenset(text for text, count in counts.items() if count >= least)


def _mark(text: str) -> str:
    return _DIGITS.sub("#", text.strip().lower())


def _headings(lines: Sequence[Line]) -> list[str]:
    """What is set larger than the text on the first page, the largest first."""
    if not lines:
        return []
    usual = statistics.median(line.height for line in lines)
    found: list[tuple[float, str]] = []
    for line in lines:
        if line.height < _LARGE * usual:
            continue
        if found and abs(found[-1][0] - line.height) < 0.1 * line.height:
            found[-1] = (line.height, _joined([found[-1][1], line.text]))
        else:
            found.append((line.height, line.text))
    return [text for _, text in sorted(found, key=lambda pair: -pair[0])]


def _places(body: str, beginnings: Sequence[str]) -> tuple[int, ...]:
    """Where in `body` each page begins; where its first paragraph was left out, where the page before it does."""
    found: list[int] = []
    at = 0
    for number, beginning in enumerate(beginnings):
        place = body.find(beginning[:80], at) if beginning and number else at
        at = place if place >= 0 else at
        found.append(at)
    return tuple(found)


def _about(metadata: dict[str, str]) -> About:
    made = _DATE.match(metadata.get("CreationDate", ""))
    created = "-".join(part or "01" for part in made.groups()) if made else ""
    return About(title=metadata.get("Title", ""), author=metadata.get("Author", ""), created=created)


def _fault(said: str) -> str:
    if "assword" in said:
        return "encrypted; save it without a password first"
    return "damaged: no PDF can be made of it; fetch it again"
