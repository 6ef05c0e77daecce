"""Where a text speaks of its own making: credits, bylines, agency lines, navigation. No names are taken there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.language.agencies import agencies_in_line, agency_of_dateline
from searchapp.language.credits import LONGEST_CREDIT, byline_in, credit_ranges, maker_ranges
from searchapp.language.furniture import LONGEST_NOTICE, OPENINGS, is_furniture, is_navigation, is_table_row

__all__ = ["Boilerplate", "boilerplate_ranges"]

_ADDRESS = re.compile(r"https?://\S+")
_PICTURES = ("photo", "image", "picture", "credit", "courtesy", "©", "(c)", "video", "graphic", "illustration")
"""In lower case, what a credit of a picture has one of, "file" in brackets apart."""
_MADE = (
    "eporting", "diting", "riting", "ritten", "ompiled", "dited", "ranslated", "ublished", "osted", "eported", "files",
    "roduced",
)  # fmt: skip
"""What stands before "by" or "from" in a note on who made an article."""
_LINK_SIGNS = "|¦>»›"
_TAIL_SIGNS = ("/", "|", "via ")
_DASHES = frozenset("-–—:")
_BYLINES = frozenset("bBwWsSrRaA")
"""What a byline begins with."""
_LONGEST_SIGNATURE = 160
"""Characters of a line that only names agencies or authors."""


def boilerplate_ranges(text: str) -> list[tuple[int, int]]:
    """Stretches of `text` that credit, navigate or ask, as (start, end) in order, joined where they meet.

    Found are photo credits (not the caption before them), bylines, lines, dateline brackets and sign-offs that only
    name the agency, rows of links, addresses, and notices such as "Read more" or "All rights reserved". Takes time in
    proportion to the length of the text.
    """
    joined: list[tuple[int, int]] = []
    signs = _Signs(text)
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin)
        end = end if end >= 0 else len(text)
        for start, stop in sorted(_in_line(text, begin, end, signs)) if end > begin else ():
            if joined and begin + start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(begin + stop, joined[-1][1]))
            else:
                joined.append((begin + start, begin + stop))
        begin = end + 1
    return joined


class Boilerplate:
    """Tells which characters of a text stand in one of its `boilerplate_ranges`; lines not asked for cost nothing."""

    __slots__ = ("_begin", "_end", "_ranges", "_signs", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._signs = _Signs(text)
        self._begin, self._end = 0, -1
        self._ranges: Sequence[tuple[int, int]] = ()

    def holds(self, position: int) -> bool:
        """Whether the character at `position` does; ask for positions in rising order."""
        if position > self._end:
            # Looking no further back than the last line keeps this linear on a text without line breaks.
            text, after = self._text, self._end + 1
            self._begin = begin = text.rfind("\n", after, position) + 1 or after
            end = text.find("\n", position)
            self._end = end = end if end >= 0 else len(text)
            self._ranges = _in_line(text, begin, end, self._signs)
        if not self._ranges:
            return False
        position -= self._begin
        return any(start <= position < end for start, end in self._ranges)


class _Signs:
    """What a text has that a line of it must have for a closer look to be worth it."""

    __slots__ = ("addresses", "brackets", "contributors", "links", "makers", "pictures", "tails")

    def __init__(self, text: str) -> None:
        lower = text.lower()
        self.brackets = "(" in text or "[" in text
        self.links = _has_any(text, _LINK_SIGNS)
        self.addresses = "://" in text
        self.contributors = "contributed" in text
        self.pictures = _has_any(lower, _PICTURES)
        self.makers = _made_by(text, " by ") or _made_by(text, " from ")
        self.tails = [sign for sign in _TAIL_SIGNS if sign in text]


def _has_any(text: str, signs: Sequence[str]) -> bool:
    for sign in signs:  # noqa: SIM110 - a generator takes as long as the search
        if sign in text:
            return True
    return False


def _made_by(text: str, word: str) -> bool:
    """Whether a word of `_MADE` stands before `word`."""
    at = text.find(word)
    while at >= 0:
        if text.endswith(_MADE, max(0, at - 9), at):
            return True
        at = text.find(word, at + 1)
    return False


def _in_line(text: str, begin: int, end: int, signs: _Signs) -> list[tuple[int, int]]:
    """The ranges in the line from `begin` to `end`, counted from its start."""
    line = text[begin:end]
    if signs.links and is_navigation(line) and not is_table_row(line, _neighbours(text, begin, end)):
        return [(0, len(line))]
    if len(line) <= LONGEST_NOTICE and _is_boilerplate(line.strip(" \t")):
        return [(0, len(line))]
    found: list[tuple[int, int]] = []
    if signs.makers or signs.contributors:
        found += maker_ranges(line)
    if signs.brackets and (bracket := line.find("(", 0, LONGEST_NOTICE)) > 0:
        close = line.find(")", bracket, LONGEST_NOTICE)
        if close > 0 and line[close + 1 : close + 3].lstrip(" ")[:1] in _DASHES:
            agency = agency_of_dateline(line[:LONGEST_NOTICE])
            if agency:
                found.append(agency)
    if signs.addresses:
        found += [match.span() for match in _ADDRESS.finditer(line)]
    if _may_credit(line, signs):
        found += credit_ranges(line)
    return found


def _is_boilerplate(line: str) -> bool:
    """Whether the whole line is the name of an agency, a byline or a notice."""
    first = line[:1]
    if len(line) <= _LONGEST_SIGNATURE and (agencies_in_line(line) or (first in _BYLINES and byline_in(line))):
        return True
    return (line[:2].lower() in OPENINGS or "@" in line or not first.isalpha()) and is_furniture(line)


def _may_credit(line: str, signs: _Signs) -> bool:
    """Whether a line has any sign of a credit, which to look for takes long."""
    if line[-1:].isalpha() and _has_any(line[-40:], "—–-.!?"):
        return True
    if signs.tails and _has_any(line[-LONGEST_CREDIT:], signs.tails):
        return True
    lower = line[-LONGEST_NOTICE:].lower()
    return (signs.pictures and _has_any(lower, _PICTURES)) or (signs.brackets and "file" in lower)


def _neighbours(text: str, begin: int, end: int) -> tuple[str, str]:
    """The lines before and after the one from `begin` to `end`."""
    before = text.rfind("\n", 0, max(0, begin - 1)) + 1
    after = text.find("\n", end + 1)
    return text[before : max(0, begin - 1)], text[end + 1 : after if after >= 0 else len(text)]
