"""A text with the names in it linked and the matches marked, escaped piece by piece."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from searchapp.model.article import Mention

__all__ = ["Numbering", "paragraphs", "with_marks", "with_ranges"]

_BREAK = re.compile(r"[ \t]*\n[ \t]*\n\s*|\n(?=[ \t]{3,}\S)")


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
    matches: Iterable[tuple[int, int]] = (),
    link: Callable[[Mention], str],
    numbering: Numbering | None = None,
) -> Markup:
    """The characters of `span`, or all, with a link around each mention and a <mark> around each match.

    `link` gives the address of a mention. Only what stands inside the span counts. Matches that reach into or out of a
    name are marked in pieces; the first piece carries the number.
    """
    start, end = span or (0, len(text))
    marks = [(max(first, start), min(last, end)) for first, last in matches if first < end and last > start]
    pieces: list[Markup] = []
    at = start
    for mention in mentions:
        if mention.start < at or mention.end > end:
            continue
        pieces.append(_marked(text, at, mention.start, marks, numbering))
        inner = _marked(text, mention.start, mention.end, marks, numbering)
        pieces.append(Markup('<a class="n {}" href="{}">{}</a>').format(mention.kind, link(mention), inner))
        at = mention.end
    pieces.append(_marked(text, at, end, marks, numbering))
    return Markup("").join(pieces)


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


def _marked(text: str, start: int, end: int, marks: Sequence[tuple[int, int]], numbering: Numbering | None) -> Markup:
    pieces: list[Markup] = []
    at = start
    for first, last in marks:
        if last <= at or first >= end:
            continue
        pieces.append(escape(text[at : max(at, first)]))
        inside = escape(text[max(at, first) : min(last, end)])
        if numbering is not None and first >= start:
            numbering.last += 1
            pieces.append(Markup('<mark id="m{}" tabindex="-1">{}</mark>').format(numbering.last, inside))
        else:
            pieces.append(Markup("<mark>{}</mark>").format(inside))
        at = min(last, end)
    pieces.append(escape(text[at:end]))
    return Markup("").join(pieces)
