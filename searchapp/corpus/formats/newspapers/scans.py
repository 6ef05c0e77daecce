"""Pages of scans to articles, whatever wrote down what is on them."""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searchapp.corpus.cleaning.printed import Line, headings_of, paragraphs_of_pages, starts_of_pages
from searchapp.corpus.decoding.base import Source, Yielded
from searchapp.corpus.formats.documents.reading import About, articles_of_document
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article

__all__ = ["MOST_PAGES", "ScannedBlock", "ScannedPage", "articles_of_pages", "levelled", "number_of", "pages_from"]

MOST_PAGES = 5_000
"""The largest number that is believed to be one of a page."""
_NEARLY = 0.35
"""How much letters of one size differ, by what a scan tells of their height."""


@dataclass(frozen=True, slots=True)
class ScannedBlock:
    """Lines that stand together."""

    lines: tuple[Line, ...]
    names: frozenset[str] = frozenset()
    """By which its file calls it, and what it stands in."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """The blocks of a page in the order of reading."""

    blocks: tuple[ScannedBlock, ...]
    number: int = 0
    """From 1; 0 where nothing tells it."""


def articles_of_pages(source: Source, pages: Sequence[ScannedPage]) -> Iterator[Yielded]:
    """The one article that these pages are, or those of the export that was scanned.

    Raises `UnreadableFile` where there is no text.
    """
    blocks = [[block.lines for block in page.blocks] for page in pages]
    printed = paragraphs_of_pages(blocks)
    if not printed.paragraphs:
        count = f"{len(pages):,} pages" if len(pages) != 1 else "a page"
        raise UnreadableFile(f"{count} without text; recognise the letters of the scan again")
    headings = headings_of(next(page for page in blocks if any(page)))
    found = list(articles_of_document(source, "\n\n".join(printed.paragraphs), About(), headings))
    starts = iter(starts_of_pages([one.body for one in found if isinstance(one, Article)], printed))
    for one in found:
        if isinstance(one, Article):
            one = dataclasses.replace(one, pages=pages_from([page.number for page in pages], next(starts)))
        yield one


def pages_from(numbers: Sequence[int], starts: Sequence[int]) -> tuple[int, ...]:
    """`Article.pages` of an article on the pages with these numbers, which begin so far into it.

    Nothing where a number is missing or they do not rise.
    """
    known = list(numbers[: len(starts)])
    if not known or known[0] < 1 or sorted(set(known)) != known or known[-1] > MOST_PAGES:
        return ()
    places: list[int] = []
    for number, start in zip(known, starts, strict=True):
        places += [start] * (number - len(places))
    return tuple(places)


def levelled(blocks: Sequence[ScannedBlock]) -> tuple[ScannedBlock, ...]:
    """These blocks, in which lines of nearly the usual height have it, as a scan measures each anew."""
    heights = [line.height for block in blocks for line in block.lines]
    if not heights:
        return ()
    usual = statistics.median(heights)

    def level(line: Line) -> Line:
        return dataclasses.replace(line, height=usual) if abs(line.height - usual) < _NEARLY * usual else line

    return tuple(ScannedBlock(tuple(map(level, block.lines)), block.names) for block in blocks)


def number_of(text: str | None) -> float:
    """A number as it stands in a file; 0 where it is none."""
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0
