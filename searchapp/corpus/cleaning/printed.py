"""Lines as they stand on printed pages to paragraphs: columns and broken words put together, running heads left out."""

from __future__ import annotations

import re
import statistics
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from searchapp.corpus.cleaning.prose import clean_line, unbroken
from searchapp.language.sentences import CLOSERS, ends_in

__all__ = ["Block", "Line", "Printed", "headings_of", "paragraphs_of_pages", "starts_of_pages"]

_AT_EDGE = 2
"""Running heads are among so many lines at the top and at the bottom of a page."""
_WIDE_GAP = 1.45
"""So much wider than usual is the space between lines where a paragraph ends."""
_WIDEST_GAP = 3
"""In heights of letters: more is a gap whatever is usual."""
_SHORT = 0.82
"""Of the width of its column: a line that ends a paragraph."""
_ALONE = 0.5
"""Of the width of its column: a line that stands for itself, such as a byline or a day."""
_LARGE = 1.25
"""So much larger than the text is a heading."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|p\.|pagina|página)\s*+)?[-–—|]?\s*+\d{1,4}+\s*+(?:(?:/|of|von|de)\s*+\d{1,4}+)?\s*+[-–—|]?",
    re.IGNORECASE,
)
_NOTE_MARK = re.compile(r"\d{1,3}|[*†‡]{1,3}")
_SMALL = 0.87
"""So much smaller than the text is what leads to a footnote."""
_ENDS = ".!?:…"
_KEY_CHARS = 80


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page and where it stands, from the lower left corner, in any unit."""

    text: str
    left: float
    right: float
    bottom: float
    height: float
    """Of its letters."""


Block: TypeAlias = Sequence[Line]
"""Lines that stand together. Where nothing tells which do, all of a page are one block."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed on some pages."""

    paragraphs: tuple[str, ...]
    starts: tuple[tuple[int, int], ...]
    """For each page the paragraph in which it begins, and how many characters of that stand on pages before."""


def paragraphs_of_pages(pages: Sequence[Sequence[Block]], *, whole: bool = True) -> Printed:
    """The paragraphs of all pages, in the order of their blocks.

    A paragraph that goes on behind the end of a block, a column or a page is one. Where the pages are `whole` and no
    parts of pages, what stands on top or at the bottom of several of them, whatever its numbers, is left out, and so
    are page numbers.
    """
    running = _running([[line for block in page for line in block] for page in pages])
    paragraphs: list[str] = []
    starts: list[tuple[int, int]] = []
    open_end = False
    for page in pages:
        begun = False
        left, count = 0, sum(map(len, page))
        for block in page:
            kept: list[Line] = []
            for line in block:
                at_edge = whole and min(left, count - 1 - left) < _AT_EDGE
                left += 1
                number = _PAGE_NUMBER.fullmatch(line.text.strip()) if at_edge else None
                if not number and not (at_edge and _mark(line.text) in running):
                    kept.append(line)
            for position, paragraph in enumerate(_paragraphs(kept)):
                goes_on = not position and open_end and bool(paragraphs) and paragraph[:1].islower()
                if not begun:
                    starts.append((len(paragraphs) - 1, len(paragraphs[-1])) if goes_on else (len(paragraphs), 0))
                    begun = True
                if goes_on:
                    paragraphs[-1] = _joined([paragraphs[-1], paragraph])
                else:
                    paragraphs.append(paragraph)
                open_end = not ends_in(paragraphs[-1].rstrip(CLOSERS), _ENDS)
        if not begun:
            starts.append((len(paragraphs), 0))
    return Printed(tuple(paragraphs), tuple(starts))


def headings_of(blocks: Sequence[Block], *, larger: float = _LARGE) -> list[str]:
    """What is set so much larger than the text of a page, the largest first."""
    lines = [line for block in blocks for line in block]
    if not lines:
        return []
    usual = statistics.median(line.height for line in lines)
    found: list[tuple[float, str]] = []
    follows = False
    for line in lines:
        if line.height < larger * usual:
            follows = False
            continue
        if follows and abs(found[-1][0] - line.height) < 0.1 * line.height:
            found[-1] = (line.height, _joined([found[-1][1], line.text]))
        else:
            found.append((line.height, line.text))
        follows = True
    return [text for _, text in sorted(found, key=lambda pair: -pair[0])]


def starts_of_pages(bodies: Sequence[str], printed: Printed) -> list[tuple[int, ...]]:
    """For each of these articles, in their order on the pages, where in it each page begins up to its last.

    Pages before the one on which an article begins have 0. Nothing is known of an article whose paragraphs are not
    those of the pages.
    """
    places: dict[str, list[int]] = {}
    for number, paragraph in enumerate(printed.paragraphs):
        places.setdefault(paragraph[:_KEY_CHARS], []).append(number)
    found: list[tuple[int, ...]] = []
    after = -1
    for body in bodies:
        known: list[int] = []
        at: list[int] = []
        place = 0
        for paragraph in body.split("\n\n"):
            numbers = places.get(paragraph[:_KEY_CHARS], [])
            following = bisect_right(numbers, after)
            if following < len(numbers):
                after = numbers[following]
                known.append(after)
                at.append(place)
            place += len(paragraph) + 2
        found.append(_starts(known, at, len(body), printed))
    return found


def _starts(known: Sequence[int], at: Sequence[int], length: int, printed: Printed) -> tuple[int, ...]:
    """`known` are the paragraphs that an article has, `at` where each begins in it."""
    starts: list[int] = []
    for paragraph, before in printed.starts:
        following = bisect_left(known, paragraph)
        if following == len(known):
            break
        same = known[following] == paragraph
        start = at[following] + before if same else (at[following] if following else 0)
        starts.append(max(min(start, length), starts[-1] if starts else 0))
    return tuple(starts)


def _paragraphs(lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    height = statistics.median(line.height for line in lines)
    marks = [line for line in lines[1:] if line.height < _SMALL * height and _NOTE_MARK.fullmatch(line.text)]
    lines = [line for line in lines if not any(line is mark for mark in marks)] if marks else lines
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
    if min(line.height, above.height) > _LARGE * height and 0 < gap < _WIDEST_GAP * 0.6 * line.height:
        return False  # A headline of several lines, which stand further apart than those of the text.
    ended = ends_in(above.text.rstrip(CLOSERS), _ENDS)
    if gap < -height or gap > 6 * height:
        # In the next column, or below a picture: a paragraph may go on there.
        return ended or above.height > _LARGE * height or (gap > 0 and not line.text[:1].islower())
    if gap > _WIDE_GAP * usual or gap > _WIDEST_GAP * height:
        return True
    column = [other for other in lines if abs(other.left - line.left) < 6 * height and other.height < _LARGE * height]
    # What hangs out of a long column is none of its edges.
    few = len(column) // 10
    left = sorted(other.left for other in column)[few] if column else line.left
    width = (sorted(other.right for other in column)[-1 - few] if column else line.right) - left
    indented = line.left - left > 0.6 * height and above.left - left < 0.6 * height
    short = above.right - left < _SHORT * width
    alone = above.right - left < _ALONE * width and not line.text[:1].islower()
    return (indented and ended) or (short and ended) or alone


def _joined(lines: Sequence[str]) -> str:
    return clean_line(unbroken("\n".join(lines)))


def _running(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """What stands at the edge of several pages, its numbers taken out."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_mark(line.text) for line in (*page[:_AT_EDGE], *page[-_AT_EDGE:])})
    least = max(min(3, len(pages)), 2, len(pages) // 3)
    return frozenset(text for text, count in counts.items() if count >= least)


def _mark(text: str) -> str:
    return _DIGITS.sub("#", text.strip().lower())
