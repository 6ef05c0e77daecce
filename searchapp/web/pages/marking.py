"""A text with the names in it linked and the matches marked, escaped piece by piece."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter, itemgetter

from markupsafe import Markup, escape

from searchapp.model.article import Mention

__all__ = ["Numbering", "paragraphs", "with_marks", "with_ranges"]

_BREAK = re.compile(r"(?:(?<![ \t])[ \t]++)?\n[ \t]*+\n\s*+|\n(?=[ \t]{3}[ \t]*+\S)")
_start_of = attrgetter("start")
_end_of = itemgetter(1)


@dataclass(slots=True)
class Numbering:
    """Gives the matches of a page their numbers, from 1, across title and paragraphs."""

    last: int = 0


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Where the paragraphs of `text` begin and end: parted by blank lines, or by lines that are set in."""
    found = []
    start = 0
    for gap in _BREAK.finditer(text):
        found.append((start, gap.start()))
        start = gap.end()
    found.append((start, len(text)))
    return [(first, end) for first, end in found if text[first:end].strip()]


def with_marks(
    text: str,
    *,
    span: tuple[int, int] | None = None,
    mentions: Sequence[Mention] = (),
    matches: Sequence[tuple[int, int]] = (),
    link: Callable[[Mention], str],
    numbering: Numbering | None = None,
) -> Markup:
    """The characters of `span`, or all, with a link around each mention and a <mark> around each match.

    `link` gives the address of a mention. Mentions and matches are in reading order, and none overlaps another of its
    kind. Only what stands inside the span counts, and is looked at. Matches that reach into or out of a name are marked
    in pieces; the first piece carries the number.
    """
    start, end = span or (0, len(text))
    pieces: list[str] = []
    at = start
    for place in range(bisect_left(mentions, start, key=_start_of), len(mentions)):
        mention = mentions[place]
        if mention.start >= end:
            break
        if mention.start < at or mention.end > end:
            continue
        _mark(pieces, text, at, mention.start, matches, numbering)
        pieces.append(_opening(mention.kind, link(mention)))
        _mark(pieces, text, mention.start, mention.end, matches, numbering)
        pieces.append("</a>")
        at = mention.end
    _mark(pieces, text, at, end, matches, numbering)
    # Each piece is escaped; joined as markup, each would be looked at once more.
    return Markup("".join(pieces))


def with_ranges(text: str, ranges: Iterable[tuple[int, int]], *, kind: str) -> Markup:
    """The text with each range, in order and never overlapping, in the colour of a kind of name."""
    pieces: list[Markup] = []
    at = 0
    for start, end in ranges:
        pieces.append(escape(text[at:start]))
        pieces.append(Markup('<b class="{}">{}</b>').format(kind, text[start:end]))
        at = end
    pieces.append(escape(text[at:]))
    return Markup("").join(pieces)


@lru_cache(maxsize=4096)
def _opening(kind: str, address: str) -> Markup:
    return Markup('<a class="n {}" href="{}">').format(kind, address)


def _mark(
    pieces: list[str],
    text: str,
    start: int,
    end: int,
    matches: Sequence[tuple[int, int]],
    numbering: Numbering | None,
) -> None:
    """Adds the characters from `start` to `end`, escaped, with the parts of matches in them marked."""
    at = start
    for place in range(bisect_right(matches, start, key=_end_of), len(matches)) if matches else ():
        first, last = matches[place]
        if first >= end:
            break
        pieces.append(escape(text[at : max(at, first)]))
        if numbering is not None and first >= start:
            numbering.last += 1
            pieces.append(f'<mark id="m{numbering.last:d}" tabindex="-1">')
        else:
            pieces.append("<mark>")
        pieces.append(escape(text[max(at, first) : min(last, end)]))
        pieces.append("</mark>")
        at = min(last, end)
    pieces.append(escape(text[at:end]))
