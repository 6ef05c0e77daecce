"""Clean plain text: what every reader passes its fields through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from searchapp.language.sentences import ends_in

__all__ = ["blocks_of", "body_of", "clean_line", "joined_lines", "paragraphs_of", "unbroken"]

# Everything below a space but tab and newline, DEL, the C1 block, stray halves of surrogate pairs, byte-order marks.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# What only shows where a word may be broken or which way it runs. The joiners of Arabic and Indic scripts stay there.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]"
    "|(?<![\u0530-\u1fff\u2190-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?![\u0530-\u1fff\u2190-\U0010ffff])"
)
_SOFT_BREAK = re.compile(r"(?:\u00ad|(?<=[^\W\d_])¬)[ \t]*\r?\n[ \t]*")
"""Programs that read letters from pictures write a sign for the hyphen that the line end made."""
_HARD_BREAK = re.compile(r"([^\W\d_]{2,40})-[ \t]*\r?\n[ \t]*([^\W\d_]{2,40})([^\s]{0,9})[ \t]?")
_FIRST_OF_COMPOUNDS = frozenset(
    "after air all anti back best better bi broad by child co cold cross deep double down drug early east eco eight"
    " even ever ex extra far fast first five flood four free front full fund go good great ground half hand hard head"
    " heavy high hot ill in inter job kick land large last late law left life light like little long low made make man"
    " market"
    " mid middle multi near neo new nine no non north off oil old on once one open out over part peace per post power"
    " pre pro quasi rate ready real record re right run second self semi set seven short side single six slow so soft"
    " south state still street strong sub super tax ten third three tight time top trade two ultra under up vice war"
    " water well west white whole wide word work world would year".split()
)
"""English words and prefixes that are joined to the next word by a hyphen more often than they begin a longer word."""
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_INDENTED = re.compile(r"(?: {2}|\t)\s*+\S")

_ENDS = ".!?:…"
"""What the last line of a paragraph ends in."""
_LONGEST_WRAPPED_LINE = 120
_SHORTEST_WRAP = 50
_ENDED_SHARE = 0.6


def clean_line(text: str) -> str:
    """`text` on one line: no control characters, every run of white space one blank, none at the ends."""
    line = " ".join(text.split())
    # Nearly every line is clean, and seeing that is ten times faster than cleaning it.
    if line.isprintable():
        return line
    return " ".join(_CONTROL.sub("", _UNSEEN.sub("", _SOFT_BREAK.sub("", text))).split())


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of plain text, each on one line and clean.

    Blank lines part them; without any, lines that are indented or whole sentences do. Lines that were only
    broken to fit a page are put together.
    """
    return [paragraph for block in blocks_of(text) for paragraph in joined_lines(block)]


def blocks_of(text: str) -> Iterator[list[str]]:
    """The lines of `text` as they are, in the groups that blank lines make; empty lines left out."""
    for block in _BLANK_LINES.split(unbroken(_LINE_ENDS.sub("\n", text))):
        lines = [line for line in block.split("\n") if line.strip()]
        if lines:
            yield lines


def unbroken(text: str) -> str:
    """`text` with the words put together that a hyphen cuts at the end of a line.

    The hyphen stays where it belongs to the word: where the text has the word with it elsewhere and never without, or
    where its first part is one that begins compounds, such as "long" in "long-term".
    """
    text = _SOFT_BREAK.sub("", text) if "\u00ad" in text or "¬" in text else text
    return _HARD_BREAK.sub(partial(_joined, text), text) if "-\n" in text or "- \n" in text else text


def _joined(text: str, broken: re.Match[str]) -> str:
    first, second, after = broken.groups()
    if not second[0].islower():
        return broken[0]
    whole, hyphened = f"{first}{second}", f"{first}-{second}"
    kept = whole not in text and (hyphened in text or first.lower() in _FIRST_OF_COMPOUNDS)
    # The line goes on to the end of the word and no further, for its length tells how the text is laid out.
    return f"{hyphened if kept else whole}{after}\n"


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
