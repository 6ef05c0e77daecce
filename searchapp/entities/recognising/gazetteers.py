"""Lists of known names, packed into sorted arrays of hashes and matched in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from searchapp.entities.recognising.tokens import Tokens, tokenise

__all__ = ["LONGEST", "MARK_WIDTH", "PHRASE_LISTS", "WORD_LISTS", "Gazetteers", "pack_phrases"]

U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]

PHRASE_LISTS = (
    "country", "large city", "city", "village", "city alias", "province", "company", "party", "club", "university",
    "organisation", "person", "covered organisation", "covered place", "other work", "people", "acronym",
)  # fmt: skip
"""Bit by bit, the lists of names of one or more words."""

WORD_LISTS = (
    "common forename", "forename", "common surname", "surname", "title", "organisation word", "place word", "speech",
    "people", "calendar",
)  # fmt: skip
"""Bit by bit, the lists of single words; three more bits hold how often a word is written in lower case."""
CASE_SHIFT = 12

MARK_WIDTH = 20
"""Bits of a mark for each of: whole name, first token, later token."""
LONGEST = 6
"""Tokens in the longest name of a list."""
_FILTER_BITS = 22
_STEP = np.uint64(0xA24BAED4963EE407)


class Gazetteers:
    """Answers, for many tokens at once, which lists name them."""

    def __init__(
        self,
        phrases: NDArray[np.uint32],
        phrase_lists: NDArray[np.uint32],
        words: NDArray[np.uint32],
        word_lists: NDArray[np.uint16],
    ) -> None:
        self.phrases, self.phrase_lists, self.words, self.word_lists = (
            phrases,
            phrase_lists,
            words,
            word_lists,
        )
        self._filter = np.zeros(1 << _FILTER_BITS, bool)
        self._filter[phrases >> np.uint32(32 - _FILTER_BITS)] = True

    def of_words(self, hashes: U64) -> NDArray[np.uint16]:
        """Which of `WORD_LISTS` hold each word, bit by bit, and its case above `CASE_SHIFT` (0: never seen)."""
        short = (hashes >> np.uint64(32)).astype(np.uint32)
        at = np.minimum(np.searchsorted(self.words, short), len(self.words) - 1)
        return np.where(self.words[at] == short, self.word_lists[at], np.uint16(0))

    def of_phrases(self, tokens: Tokens, candidates: Ints) -> U64:
        """For every token its marks: bit `n` a whole name of list `n`, bit 20 + n its first token, 40 + n a later one.

        Names begin at one of the `candidates` and stay within a sentence. Within one list the longest name wins.
        """
        count = len(tokens)
        found: list[tuple[int, Ints, NDArray[np.uint32]]] = []
        starts = candidates
        hashes = tokens.words[starts]
        for length in range(1, LONGEST + 1):
            if length > 1:
                inside = starts + length - 1 < count
                starts, hashes = starts[inside], hashes[inside]
                inside = ~tokens.sentence_starts[starts + length - 1]
                starts, hashes = starts[inside], hashes[inside]
                hashes = extend(hashes, tokens.words[starts + length - 1])
            hits, lists = self._lookup(hashes)
            if len(hits):
                found.append((length, starts[hits], lists))
        marks = np.zeros(count, np.uint64)
        covered = np.zeros(count, np.uint32)
        for length, begins, lists in reversed(found):
            fresh = lists & ~covered[begins]
            keep = fresh != 0
            begins, fresh = begins[keep], fresh[keep]
            wide = fresh.astype(np.uint64)
            for offset in range(length):
                shift = 0 if length == 1 else MARK_WIDTH if offset == 0 else 2 * MARK_WIDTH
                np.bitwise_or.at(marks, begins + offset, wide << np.uint64(shift))
                np.bitwise_or.at(covered, begins + offset, fresh)
        return marks

    def _lookup(self, hashes: U64) -> tuple[Ints, NDArray[np.uint32]]:
        maybe = np.flatnonzero(self._filter[hashes >> np.uint64(64 - _FILTER_BITS)])
        short = (hashes[maybe] >> np.uint64(32)).astype(np.uint32)
        at = np.minimum(np.searchsorted(self.phrases, short), len(self.phrases) - 1)
        same = self.phrases[at] == short
        return maybe[same], self.phrase_lists[at[same]]


def extend(hashes: U64, words: U64) -> U64:
    """The hashes of phrases one word longer."""
    mixed = (hashes + words * _STEP) * _STEP
    return mixed ^ (mixed >> np.uint64(31))


def pack_phrases(lists: Mapping[str, Iterable[str]]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Sorted hashes of all names in `lists` (by name of list), and the lists that each is in."""
    bits: dict[int, int] = {}
    for name, phrases in lists.items():
        bit = 1 << PHRASE_LISTS.index(name)
        for value in _phrase_hashes(phrases):
            bits[value] = bits.get(value, 0) | bit
    keys = np.array(sorted(bits), dtype=np.uint32)
    return keys, np.array([bits[int(key)] for key in keys], dtype=np.uint32)


def _phrase_hashes(phrases: Iterable[str]) -> list[int]:
    names = list(phrases)
    tokens = tokenise("\n\n".join(names))
    if not len(tokens):
        return []
    sizes = np.cumsum([len(name) + 2 for name in names])
    owner = np.searchsorted(sizes, tokens.starts, side="right")
    firsts = np.flatnonzero(np.diff(owner, prepend=-1))
    lengths = np.diff(np.append(firsts, len(tokens)))
    found: list[int] = []
    for length in range(1, LONGEST + 1):
        at = firsts[lengths == length]
        hashes = tokens.words[at]
        for offset in range(1, length):
            hashes = extend(hashes, tokens.words[at + offset])
        found.extend((hashes >> np.uint64(32)).tolist())
    return found
