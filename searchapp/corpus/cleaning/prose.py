"""Clean plain text: what every reader passes its fields through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from searchapp.language.sentences import ends_in

__all__ = ["blocks_of", "body_of", "clean_line", "joined_lines", "paragraphs_of"]

# Everything below a space but tab and newline, DEL, the C1 block, stray halves of surrogate pairs, byte-order marks.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_INDENTED = re.compile(r"(?: {2,}|\t)\s*\S")

_ENDS = ".!?:…"
"""What the last line of a paragraph ends in."""
_LONGEST_WRAPPED_LINE = 120
_SHORTEST_WRAP = 50
_ENDED_SHARE = 0.6


def clean_line(text: str) -> str:
    """`text` on one line: no control characters, every run of white space one blank, none at the ends."""
    line = " ".join(text.split())
    # Nearly every line is clean, and seeing that is ten times faster than cleaning it.
    return line if line.isprintable() else " ".join(_CONTROL.sub("", line).split())


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of plain text, each on one line and clean.

    Blank lines part them; without any, lines that are indented or whole sentences do. Lines that were only
    broken to fit a page are put together.
    """
    return [paragraph for block in blocks_of(text) for paragraph in joined_lines(block)]


def blocks_of(text: str) -> Iterator[list[str]]:
    """The lines of `text` as they are, in the groups that blank lines make; empty lines left out."""
    for block in _BLANK_LINES.split(_LINE_ENDS.sub("\n", text)):
        lines = [line for line in block.split("\n") if line.strip()]
        if lines:
            yield lines


def joined_lines(lines: Sequence[str]) -> list[str]:
    """The paragraphs that these lines, with no blank one between, make: each on one line and clean."""
    return [line for part in _parts(lines) if (line := clean_line(part))]


def body_of(paragraphs: Iterable[str]) -> str:
    """These paragraphs as the body of an article: each cleaned, empty ones left out, one blank line between."""
    return "\n\n".join(line for paragraph in paragraphs if (line := clean_line(paragraph)))


def _parts(lines: Sequence[str]) -> Sequence[str]:
    if len(lines) < 2:
        return lines
    longest = max(map(len, lines))
    ended = sum(ends_in(line.rstrip(), _ENDS) for line in lines[:-1])
    whole = longest > _LONGEST_WRAPPED_LINE or longest <= _SHORTEST_WRAP or ended >= (len(lines) - 1) * _ENDED_SHARE
    if whole:
        return lines
    indented = [bool(_INDENTED.match(line)) for line in lines]
    if all(indented) or not any(indented):
        return ["\n".join(lines)]
    parts: list[list[str]] = []
    for line, starts in zip(lines, indented, strict=True):
        if starts or not parts:
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(part) for part in parts]
