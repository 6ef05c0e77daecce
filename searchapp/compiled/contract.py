"""What the compiled helper and its reference both do, to the last bit.

An index of articles is int64 throughout; "ascending" arrays have each number once. Numbers that point outside of their
array raise `IndexError`, whatever a damaged file holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = [
    "DIGIT",
    "LETTER",
    "LOWER",
    "MARK",
    "SHAPES",
    "SPACE",
    "STEP",
    "UPPER",
    "Array",
    "Nearness",
    "Numbers",
    "Spots",
    "Steps",
    "taken",
]

Array = npt.NDArray[Any]
Value = TypeVar("Value")

STEP = 2.0**-14
"""Scores of words are multiples of this: sums of them are exact in whatever order they are added."""

SHAPES = (
    "sign", "lower", "capitalised", "capitals", "initial", "mixed", "number", "code", "dotted", "uncased", "ordinal"
)  # fmt: skip
"""What the characters of a token can look like."""
LETTER, UPPER, LOWER, DIGIT, SPACE, MARK = 1, 2, 4, 8, 16, 32
"""What a character is; it can be several of them, but a space is nothing else."""


Numbers: TypeAlias = Array | tuple[Array | None, Array, int, int]
"""Whole numbers, or in what they are packed.

Their lower eight bits (uint8; None where they have but four); four bits of each, those of two in a byte, the first in
the lower half; 0 or 1, the half of the first byte in which they begin; and how many there are.
"""

Spots: TypeAlias = tuple[Array, Array | None, Numbers | None, Numbers | None, int, Array | None]
"""Where a stem stands in a field, as its posting list tells.

Articles (int64, ascending); the frequency in each (None where all are 1); the position of each occurrence, ascending
within each article (None for a word that is in no pair); the number of the form of each (None where all have the
first); the number of the form that was typed (-1 where none has it); and the frequencies summed up after each 32
articles, which only long lists have.
"""

Nearness: TypeAlias = tuple[tuple[tuple[Spots | None, ...], ...], tuple[tuple[int, int, float], ...], float, float, int]
"""What is added to scores, all of it multiples of `STEP`.

For each field the spots of every word; pairs of words, by their numbers, each with what it adds that the second follows
the first; what a word adds that stands as it was typed; what a pair adds that stands near in any order; and how many
places apart is near.
"""


def taken(numbers: Numbers, places: Array) -> Array:
    """Of some numbers those at `places`."""
    if not isinstance(numbers, tuple):
        return numbers.take(places)
    low, halves, first, _ = numbers
    places = places + first
    high: Array = halves.take(places >> 1) >> ((places & 1) << 2).astype(np.uint8) & 15
    return high if low is None else low.take(places - first) | high.astype(np.uint16) << 8


class Steps(Protocol):
    """The steps that take the time of a search, and of indexing."""

    def decoded(self, gaps: Array, first: int, /) -> Array:
        """int64: the articles of a posting list from their gaps, of any unsigned type."""

    def unpacked(self, low: Array | None, halves: Array, first: int, count: int, /) -> Array:
        """The numbers that are packed so, see `Numbers`: uint8 where there are no lower bits, else uint16."""

    def holders(
        self, fields: tuple[tuple[Array, Array | None, int], ...], live: Array | None, codes: Array, /
    ) -> tuple[Array, Array, int]:
        """The living articles that hold a word in any of some fields: int64, ascending; their keys; most frequent.

        Each field gives its articles, ascending, the frequencies (None where all are 1) and how often one of them
        counts. `codes` are the uint8 codes of the lengths of all articles, `live` is a bool for each. A key is 256
        times the frequency of all fields plus the code, uint16 where that is enough, else int64.
        """

    def in_all(self, docs: Array, sets: tuple[Array, ...], /) -> Array:
        """int64: those of `docs` that are in all of the sets too; all of them ascending."""

    def in_none(self, docs: Array, sets: tuple[Array, ...], /) -> Array:
        """int64: those of `docs` that are in none of the sets; all of them ascending."""

    def word_scores(self, held: Array, keys: Array, idf: float, norms: Array, docs: Array, /) -> Array:
        """float32: what a word scores in `docs`, which are some of `held`; both ascending.

        A key is as `holders` gives it; `norms` are float64, one for each code of a length. It is
        idf * (frequency / (frequency + norm)), rounded to a multiple of `STEP`, half to even.
        """

    def find_word(self, ends: Array, text: bytes, word: bytes, /) -> int:
        """The number of a word in a table of words, which are sorted and parted by one byte each.

        Where it is not there, the inverse (`~`) of the number of the first word that comes after it. `ends` are of any
        unsigned type.
        """

    def added(self, docs: Array, wanted: Nearness, /) -> Array:
        """float64: what is added to the scores of articles, which come ascending."""

    def best(
        self, docs: Array, scores: Array | None, ranks: Array, count: int, most: float, wanted: Nearness | None, /
    ) -> tuple[Array, Array]:
        """The `count` articles with the highest sums of score and what is added, in order; and their sums, float64.

        `scores` are float32 or float64 for each of `docs`; None where all are alike. Equal sums come by rank, of which
        `ranks` has one for each article of the segment. No article is added more than `most`; with 0 nothing is added.
        """

    def label_counts(
        self, docs: Array, starts: Array, labels: Array, offsets: Array, /
    ) -> tuple[tuple[Array, Array, int], ...]:
        """For each facet the labels of some articles, int64, ascending; articles with each, int64; articles with none.

        The labels of article n of all facets are `labels[starts[n] : starts[n + 1]]`, of any unsigned type. Those of a
        facet are numbered from its offset on, int64; its last number, before the next offset, stands for none.
        """

    def code_counts(self, docs: Array, codes: Array, size: int, /) -> tuple[Array, Array]:
        """The codes below `size` that articles have, int64, ascending, and how many have each; `size` itself stands for
        none."""

    def highest(self, counts: Array, wanted: int, /) -> Array:
        """int64: the places of the highest of int64 counts, at most so many, equal ones by place."""

    def added_up(self, values: Array, counts: Array, /) -> tuple[Array, Array]:
        """int64: the different ones of values that never fall, and the sum of the counts of each."""

    def passages(
        self,
        texts: tuple[str, ...],
        forms: tuple[tuple[bytes, int], ...],
        inside: Mapping[str, tuple[tuple[int, int, int], ...]],
        shown: int,
        lead: int,
        chars: int,
        /,
    ) -> tuple[tuple[str, tuple[tuple[int, int], ...]] | None, ...]:
        """For each text the passage that `searchapp.engines.snippets` shows, and the ranges of what matches in it.

        None where it is left to what stands there: the helper does texts of ASCII, the reference none.
        `forms` are those of words that match, each with the first part of the query that it is of; `shown` is how many
        parts there are, and `lead` and `chars` say how much of a text is looked at first, and shown. Forms are told of
        plain words alone; `inside` gives start, end and part of what matches in a stretch without spaces in which words
        are joined or written in a way of their own. It is not asked of one that lacks letters or figures of every form.
        """

    def fields_of(self, block: bytes, start: int, stop: int, numbers: tuple[int, ...], /) -> tuple[bytes | None, ...]:
        """The bytes of these fields of a stored record, which stands at these places of a block.

        None for each field that the record does not have, or has as anything else.
        """

    def instances(
        self, kind: type[Value], slots: tuple[Any, ...], columns: tuple[list[Any], ...], /
    ) -> tuple[Value, ...]:
        """Values of a class with slots, such as a frozen dataclass, one for each row of some columns.

        `slots` are the class's descriptors, `columns` what is in each; the class is not called, and nothing is checked.
        """

    def add_rows(self, sums: Array, table: Array, rows: Array, places: Array | None, width: int, each: int, /) -> None:
        """Adds rows of a matrix to rows of another, in place, one after the other in the order given.

        Both are flat float32 arrays with rows of `width` values, and share no memory. Row `rows[n]` of `table` is added
        to row `places[n]` of `sums`, and `each` is 1; without places to row `n // each`, and each row of `sums` gets as
        many.
        """

    def stretch_sums(self, table: Array, rows: Array, firsts: Array, width: int, most: int, /) -> Array:
        """float32, flat: for each stretch of `rows` the sum of these rows of a flat matrix, one after the other.

        `firsts` says where stretches begin, rising. Of one with more than `most` rows the others are added up by
        themselves first.
        """

    def token_bounds(self, codes: Array, kinds: Array, /) -> tuple[Array, Array]:
        """int64: the first character of each token of a text, and one past the last.

        `codes` are the uint32 code points of the text, `kinds` uint8 sums of `LETTER` and its like. What one token is,
        `searchapp.entities.recognising.tokens` says.
        """

    def token_shapes(self, codes: Array, kinds: Array, starts: Array, ends: Array, /) -> Array:
        """uint8: what the characters of each token look like, by their place in `SHAPES`; none is empty.

        One longer than 65,535 characters may get an odd shape.
        """

    def hash_sums(self, codes: Array, values: Array, base: int, /) -> Array:
        """uint64, one more than the code points: running sums of value times the power of `base`, modulo 2**64.

        `values` has one for each code point; those beyond have the last.
        """
