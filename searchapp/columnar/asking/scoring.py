"""What matching articles score, worked out only for those that it is asked of.

The score of a word is BM25 over the sum of several fields (BM25F, Robertson and Zaragoza 2009, section 3.6). Each is
rounded to a multiple of `STEP`: sums of them are exact in whatever order they are added, so that what is equal by the
formula is equal here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.ragged import as_mask

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
    "holders_of",
    "places_in",
    "scores_at",
]

Array = npt.NDArray[Any]

STEP = 2.0**-14
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


def places_in(many: Array, few: Array, size: int) -> Array:
    """Where in `many` each of `few` stands, which is there; both are ascending and below `size`."""
    if len(few) * 8 < len(many):
        return np.searchsorted(many, few)
    return np.flatnonzero(as_mask(few, size).take(many))


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


def holders_of(postings: Iterable[tuple[Array, Array | None, int]], live: Array | None, codes: Array) -> Holders:
    """The living articles of a segment with a stem.

    Each field gives its articles, the frequencies (None where all are 1) and how often one of them counts; `codes` are
    those of the lengths of all articles.
    """
    docs, frequencies = np.empty(0, np.int64), np.empty(0, np.uint8)
    for held, tf, times in postings:
        weighed = np.full(len(held), times, np.uint8) if tf is None else _weighed(tf, times)
        docs, frequencies = _joined(docs, frequencies, held, weighed) if len(docs) else (held, weighed)
    if live is not None:
        kept = np.flatnonzero(live.take(docs))
        docs, frequencies = docs[kept], frequencies[kept]
    most = int(frequencies.max(initial=0))
    wide: Array = frequencies.astype(np.uint16 if most < 256 else np.int64)
    keys = np.left_shift(wide, 8) | codes.take(docs)
    return Holders(docs, keys, most)


def _weighed(tf: Array, times: int) -> Array:
    return tf if times == 1 else np.multiply(tf, times, dtype=np.int64)


def _joined(docs: Array, frequencies: Array, others: Array, more: Array) -> tuple[Array, Array]:
    """The articles of both, ascending; the frequencies of those that are in both are added."""
    if len(others) < len(docs):
        docs, frequencies, others, more = others, more, docs, frequencies
    places = np.searchsorted(others, docs)
    known = others[np.minimum(places, len(others) - 1)] == docs
    small = int(frequencies.max()) + int(more.max()) < 256
    total = more.astype(np.uint8 if small else np.int64)
    total[places[known]] += frequencies[known].astype(total.dtype)
    new = np.flatnonzero(~known)
    if not len(new):
        return others, total
    return np.insert(others, places[new], docs[new]), np.insert(total, places[new], frequencies[new])


class WordScores:
    """What a word scores in the articles that hold it."""

    def __init__(self, holders: Holders, idf: float, norms: Array, size: int) -> None:
        """`norms` gives for each code of a length k1 * (1 - b + b * length / average)."""
        self._holders = holders
        self._idf = idf
        self._norms = norms
        self._size = size
        self.bound = idf + STEP

    @property
    def nbytes(self) -> int:
        return 4 * len(self._holders.docs)

    def of(self, docs: Array) -> Array:
        if len(docs) == len(self._holders.docs):
            return self._all
        places = places_in(self._holders.docs, docs, self._size)
        if "_all" in self.__dict__:
            return self._all.take(places)
        return self._scored(self._holders.keys.take(places))

    @cached_property
    def _all(self) -> Array:
        return self._scored(self._holders.keys)

    def _scored(self, keys: Array) -> Array:
        if (self._holders.most + 1) * 256 <= len(keys):
            # There are fewer different scores than articles.
            frequencies = np.arange(self._holders.most + 1, dtype=np.float64)[:, None]
            table: Array = self._formula(frequencies, self._norms).ravel()
            return table.take(keys)
        return self._formula((keys >> 8).astype(np.float64), self._norms.take(keys & 255))

    def _formula(self, frequencies: Array, norms: Array) -> Array:
        scores: Array = self._idf * (frequencies / (frequencies + norms))
        scores /= STEP
        np.rint(scores, out=scores)
        scores *= STEP
        return scores.astype(np.float32)


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
