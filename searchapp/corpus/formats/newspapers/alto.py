"""ALTO: the words of one scanned page, with the place of each.

See https://www.loc.gov/standards/alto/, versions 1 to 4.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from searchapp.corpus.cleaning.printed import Line
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.streams import head_of
from searchapp.corpus.decoding.xml import Element, iterate_xml
from searchapp.corpus.formats.newspapers import issues
from searchapp.corpus.formats.newspapers.scans import (
    ScannedBlock,
    ScannedPage,
    articles_of_pages,
    levelled,
    number_of,
)

__all__ = ["FORMAT", "page_of_alto"]

_ROOT = re.compile(rb"<(?:[\w.-]{1,20}:)?alto[\s>]", re.IGNORECASE)
_PAGE_NUMBER = re.compile(rb"<(?:[\w.-]{1,20}:)?Page\b[^<>]{0,2000}?\sPHYSICAL_IMG_NR=[\"'](\d{1,6})[\"']")
_MARGINS = ("TopMargin", "BottomMargin", "LeftMargin", "RightMargin")
_HYPHENS = "-\u00ad¬⸗=‐"
"""What printers put at the end of a line where a word goes on, and what scans make of it."""
_BEFORE_WORD = re.compile(r"^\W{0,9}")
_AFTER_WORD = re.compile(r"\W{0,9}$")


def recognises(head: bytes) -> bool:
    """Whether `head` begins a page of ALTO."""
    return bool(_ROOT.search(head[:8192]))


def read(source: Source) -> Iterator[Yielded]:
    """The article that a page is; none where a METS file beside it tells of the articles on it."""
    if not issues.tells_of(source):
        yield from articles_of_pages(source, [page_of_alto(source)])


FORMAT = Format(
    name="ALTO",
    suffixes=(".xml", ".alto"),
    recognises=recognises,
    read=read,
    group="scanned newspapers",
    about="each page an article, where no METS beside it says more",
    may_be_part=True,
)


@dataclass(slots=True)
class _Row:
    """A line as it is read; its last word is finished by the line behind it."""

    pieces: list[str]
    left: float
    right: float
    bottom: float
    height: float
    points: float
    """The size of its letters, as far as a style tells it; else 0."""


def page_of_alto(source: Source) -> ScannedPage:
    """What is on a page, but for its margins. Raises `UnreadableFile` where it is no page of ALTO."""
    number = _PAGE_NUMBER.search(head_of(source))
    sizes: dict[str, float] = {}
    blocks: list[tuple[list[_Row], frozenset[str]]] = []
    broken: _Row | None = None
    for element in iterate_xml(source, "TextStyle", "ComposedBlock", "TextBlock", *_MARGINS):
        if element.tag == "TextStyle":
            sizes[element.get("ID") or ""] = number_of(element.get("FONTSIZE"))
        elif element.tag not in _MARGINS:
            for block in element.iter("TextBlock"):
                rows = []
                for line in block.iter("TextLine"):
                    rows.append(_row(line, _points(line, block, sizes), broken))
                    broken = rows[-1] if _is_broken(line) else None
                names = {name for one in (block, *block.iterancestors()) if (name := one.get("ID"))}
                blocks.append((rows, frozenset(names)))
    unit = _unit([row for rows, _ in blocks for row in rows])
    found = [ScannedBlock(tuple(_lines(rows, unit)), names) for rows, names in blocks]
    return ScannedPage(levelled([block for block in found if block.lines]), int(number[1]) if number else 0)


def _row(line: Element, points: float, before: _Row | None) -> _Row:
    """A line with the whole of a word that is broken at its end; `before` is the line that has the whole of its first.

    Where the file does not say what the whole word is, a hyphen ends the line.
    """
    pieces: list[str] = []
    for part in line:
        content, whole, kind = (part.get(name) or "" for name in ("CONTENT", "SUBS_CONTENT", "SUBS_TYPE"))
        if part.tag == "HYP" and pieces and not _is_broken(line) and pieces[-1][-1:] not in tuple(_HYPHENS):
            pieces.append("-")
        elif part.tag == "String" and kind == "HypPart2" and whole and before is not None:
            # What follows the word stands only here.
            before.pieces.append(_AFTER_WORD.findall(content)[0] if whole[-1:].isalnum() else "")
        elif part.tag == "String":
            shown = whole if kind == "HypPart1" and whole else content
            # Not every program tells of the blanks between words.
            pieces.append(f" {_BEFORE_WORD.findall(content)[0] if shown[:1].isalnum() else ''}{shown}")
            if kind == "HypPart1" and not whole and content[-1:] not in tuple(_HYPHENS):
                pieces.append("-")
    top, height = number_of(line.get("VPOS")), max(number_of(line.get("HEIGHT")), 1.0)
    left = number_of(line.get("HPOS"))
    return _Row(pieces, left, left + number_of(line.get("WIDTH")), -(top + height), height, points)


def _is_broken(line: Element) -> bool:
    """Whether a line ends with a word that goes on, the whole of which is given."""
    last = next((part for part in reversed(line) if part.tag == "String"), None)
    return last is not None and last.get("SUBS_TYPE") == "HypPart1" and bool(last.get("SUBS_CONTENT"))


def _lines(rows: Sequence[_Row], unit: float) -> Iterator[Line]:
    for row in rows:
        if text := clean_line("".join(row.pieces)):
            if text[-1] in _HYPHENS and text[-2:-1].isalpha():
                text = f"{text[:-1]}-"
            yield Line(text, row.left, row.right, row.bottom, row.points * unit if unit else row.height)


def _points(line: Element, block: Element, sizes: Mapping[str, float]) -> float:
    for element in (*line.iterchildren("String"), line, block):
        for name in (element.get("STYLEREFS") or "").split():
            if sizes.get(name):
                return sizes[name]
    return 0.0


def _unit(rows: Sequence[_Row]) -> float:
    """How long a point is on the page; 0 where not every line says how large its letters are."""
    if not rows or not all(row.points for row in rows):
        return 0.0
    return statistics.median(row.height for row in rows) / statistics.median(row.points for row in rows)
