"""What matching articles score, worked out only for those that it is asked of.

The score of a word is BM25 over the sum of several fields (BM25F, Robertson and Zaragoza 2009, section 3.6). Each is
rounded to a multiple of `STEP`: sums of them are exact in whatever order they are added, so that what is equal by the
formula is equal here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.compiled.contract import STEP

__all__ = [
    "STEP",
    "Given",
    "Holders",
    "Parts",
    "Scaled",
    "Score",
    "Scores",
    "Scoring",
    "Sum",
    "WordScores",
    "scores_at",
]

Array = npt.NDArray[Any]

EXACT_IN_SINGLE = 2.0**24 * STEP
"""Below this float32 holds every multiple of `STEP`."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """The parameters of BM25."""

    k1: float = 1.5
    b: float = 0.75


class Scores(Protocol):
    """Scores of the articles that match a query."""

    bound: float
    """No article scores more."""

    def of(self, docs: Array) -> Array | float:
        """float for each of these articles, one for all where they score alike; each must match, ascending."""

    @property
    def nbytes(self) -> int:
        """Bytes that are kept."""


Score: TypeAlias = Scores | float
"""A number stands for the same score of every article."""


def bound_of(score: Score) -> float:
    """What no article scores more than."""
    return score if isinstance(score, float) else score.bound


def scores_at(score: Score, docs: Array) -> Array | float:
    """What these articles score; see `Scores.of`."""
    return score if isinstance(score, float) else score.of(docs)


@dataclass(frozen=True, slots=True)
class Holders:
    """The articles that hold a word in any of some fields."""

    docs: Array
    """int64, ascending."""
    keys: Array
    """For each article 256 times the frequency, as the fields weigh it, plus the code of its length."""
    most: int
    """The largest frequency."""

    @property
    def nbytes(self) -> int:
        """Bytes that are kept."""
        return int(self.docs.nbytes + self.keys.nbytes)


class WordScores:
    """What a word scores in the articles that hold it."""

    def __init__(self, holders: Holders, idf: float, norms: Array) -> None:
        """`norms` gives for each code of a length k1 * (1 - b + b * length / average)."""
        self._holders = holders
        self._idf = idf
        self._norms = norms
        self._all: Array | None = None
        self.bound = idf + STEP

    @property
    def nbytes(self) -> int:
        return 4 * len(self._holders.docs)

    def of(self, docs: Array) -> Array:
        held = self._holders
        if len(docs) < len(held.docs):
            return compiled.steps.word_scores(held.docs, held.keys, self._idf, self._norms, docs)
        if self._all is None:
            self._all = compiled.steps.word_scores(held.docs, held.keys, self._idf, self._norms, held.docs)
        return self._all


class Given:
    """Scores that were worked out elsewhere."""

    bound = np.inf

    def __init__(self, docs: Array, scores: Array) -> None:
        self._docs = docs
        self._scores = scores

    @property
    def nbytes(self) -> int:
        return int(self._scores.nbytes)

    def of(self, docs: Array) -> Array:
        return self._scores if len(docs) == len(self._docs) else self._scores[np.searchsorted(self._docs, docs)]


class Scaled:
    """Other scores, each multiplied."""

    def __init__(self, scores: Scores, factor: float) -> None:
        self._scores = scores
        self._factor = factor
        # The products are no multiples of the step.
        self.bound = np.inf

    @property
    def nbytes(self) -> int:
        return self._scores.nbytes

    def of(self, docs: Array) -> Array | float:
        return np.asarray(self._scores.of(docs), np.float64) * self._factor


class Sum:
    """Of queries that all match, the sum of their scores."""

    def __init__(self, scores: Sequence[Score]) -> None:
        self._scores = scores
        self.bound = sum(map(bound_of, scores))
        self._type = _type_for(self.bound)

    @property
    def nbytes(self) -> int:
        return _bytes(self._scores)

    def of(self, docs: Array) -> Array:
        total = np.zeros(len(docs), self._type)
        for score in self._scores:
            total += scores_at(score, docs)
        return total


class Parts:
    """Of queries any of which matches, the sum of the scores of those that do."""

    def __init__(self, parts: Sequence[tuple[Array, Score]], size: int) -> None:
        """For each query its articles and what they score."""
        self._parts = parts
        self._size = size
        self.bound = sum(bound_of(score) for _, score in parts)
        self._type = _type_for(self.bound)

    @property
    def nbytes(self) -> int:
        return sum(int(docs.nbytes) for docs, _ in self._parts) + _bytes([score for _, score in self._parts])

    def of(self, docs: Array) -> Array:
        if len(docs) * 8 < sum(len(held) for held, _ in self._parts):
            return self._of_few(docs)
        dense = np.zeros(self._size, self._type)
        for held, score in self._parts:
            if score != 0.0:
                dense[held] += scores_at(score, held)
        return dense.take(docs)

    def _of_few(self, docs: Array) -> Array:
        total = np.zeros(len(docs), self._type)
        for held, score in self._parts:
            if score == 0.0 or not len(held):
                continue
            places = np.searchsorted(held, docs)
            places[places == len(held)] = 0
            inside = np.flatnonzero(held[places] == docs)
            total[inside] += scores_at(score, docs[inside])
        return total


def _type_for(bound: float) -> type[np.float32] | type[np.float64]:
    return np.float32 if bound < EXACT_IN_SINGLE else np.float64


def _bytes(scores: Sequence[Score]) -> int:
    return sum(score.nbytes for score in scores if not isinstance(score, float))
