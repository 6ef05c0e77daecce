"""Which words of a text a query matches: patterns, spellings, and the ranges to mark."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, product
from typing import NamedTuple

from searchapp.language.stemming import stem
from searchapp.language.words import COMPOUND, Word, joined, places_of
from searchapp.model import query as q

__all__ = [
    "Held",
    "edit_distance_within",
    "fits_pattern",
    "holds_reading",
    "holds_words",
    "pattern_regex",
    "readings",
    "spots_near",
]

MAX_COMPOUNDS = 3
"""So many are read in both ways: each doubles the readings."""


class Held(NamedTuple):
    """The words of a title or a body, in order, a compound after its first part."""

    forms: list[str]
    stems: list[str]
    places: list[int]
    language: str
    """The one in which they are stemmed."""

    @classmethod
    def of(cls, found: Sequence[Word], language: str) -> Held:
        """These words of a text that is stemmed in a language."""
        stems = [stem(word.form, language) for word in found]
        return cls([word.form for word in found], stems, [word.place for word in found], language)


def holds_words(query: q.Term | q.Phrase | q.Near | q.Wildcard | q.Fuzzy, held: Held) -> bool:
    """Whether a title or a body has what `query` asks for."""
    match query:
        case q.Term(word):
            return stem(word, held.language) in held.stems
        case q.Wildcard(pattern):
            return any(fits_pattern(pattern, form) for form in held.forms)
        case q.Fuzzy(word, edits):
            return any(edit_distance_within(word, other, edits) for other in set(held.forms))
        case q.Phrase() | q.Near():
            return any(holds_reading(query, reading, held) for reading in readings(query.words))


def readings(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Every way to read words of which some are compounds: in their parts, and written together.

    Of more than a few compounds the later ones are read in their parts alone.
    """
    ways: list[list[tuple[str, ...]]] = []
    compounds = 0
    for word in words:
        parts = tuple(word.split(COMPOUND))
        compounds += len(parts) > 1
        ways.append([parts, (joined(word),)] if len(parts) > 1 and compounds <= MAX_COMPOUNDS else [parts])
    return [tuple(chain.from_iterable(chosen)) for chosen in product(*ways)]


def holds_reading(query: q.Phrase | q.Near, reading: Sequence[str], held: Held) -> bool:
    """Whether a text has the words of a phrase, or of words near each other, in one of their readings."""
    if isinstance(query, q.Near):
        return bool(spots_near(reading, query.within, held))
    after: set[int] | None = None
    for word in reading:
        spots = _spots(word, held, exact=query.exact)
        after = {end + 1 for start, end, _ in spots if after is None or start in after}
    return bool(after)


def spots_near(reading: Sequence[str], within: int, held: Held) -> set[int]:
    """Which words of a text stand near each other, so that all the words that are asked for are there."""
    found: set[int] = set()
    wanted = Counter(reading)
    all_spots = {word: _spots(word, held, exact=True) for word in wanted}
    for last in {start for spots in all_spots.values() for start, _, _ in spots}:
        chosen = []
        for word, times in wanted.items():
            before = [spot for spot in all_spots[word] if spot[0] <= last]
            chosen += before[-times:] if len(before) >= times else [(last, -sys.maxsize, -1)]
        if last - min(end for _, end, _ in chosen) <= within:
            found |= {number for _, _, number in chosen}
    return found


def _spots(word: str, held: Held, *, exact: bool) -> list[tuple[int, int, int]]:
    """First and last place of each occurrence of a word, and which word of the text it is."""
    if exact:
        numbers = [number for number, form in enumerate(held.forms) if joined(form) == word]
    else:
        wanted = stem(word, held.language)
        numbers = [number for number, own in enumerate(held.stems) if own == wanted]
    return [(start := held.places[n], start + places_of(held.forms[n]) - 1, n) for n in numbers]


def fits_pattern(pattern: str, form: str) -> bool:
    """Whether a form is of a wildcard pattern, as it is written or, for a compound, written together."""
    fits = pattern_regex(pattern).fullmatch
    return fits(form) is not None or (COMPOUND in form and fits(joined(form)) is not None)


@lru_cache(maxsize=256)
def pattern_regex(pattern: str) -> re.Pattern[str]:
    """A compiled form of a wildcard pattern: `*` is any run of characters, `?` is one."""
    first, *others = ("".join(map(_literally, part)) for part in re.split(r"\*++", pattern))
    if not others:
        return re.compile(first, re.DOTALL)
    # Where a part stands first is as good as where it stands later; the last one ends the word.
    inner = "".join(f"(?>.*?{part})" for part in others[:-1])
    return re.compile(f"{first}{inner}.*{others[-1]}", re.DOTALL)


def _literally(letter: str) -> str:
    return "." if letter == "?" else re.escape(letter)


def edit_distance_within(word: str, other: str, edits: int) -> bool:
    """Whether `other` is `word` with at most `edits` letters added, dropped, changed or swapped with a neighbour.

    Optimal string alignment distance (Boytsov 2011).
    """
    if abs(len(word) - len(other)) > edits:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        before, last, row = row, before, [i]
        for j, candidate in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != candidate))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == candidate:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > edits:
            return False
    return row[-1] <= edits
