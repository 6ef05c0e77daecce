"""What the compiled helper and its reference both do, to the last bit.

An index of articles is int64 throughout; "ascending" arrays have each number once. Numbers that point outside of their
array raise `IndexError`, whatever a damaged file holds.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy.typing as npt

__all__ = ["STEP", "Array", "Steps"]

Array = npt.NDArray[Any]

STEP = 2.0**-14
"""Scores of words are multiples of this: sums of them are exact in whatever order they are added."""


class Steps(Protocol):
    """The steps of a search that take its time."""

    def decoded(self, gaps: Array, first: int, /) -> Array:
        """int64: the articles of a posting list from their gaps, of any unsigned type."""

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
