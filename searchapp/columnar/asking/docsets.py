"""Sorted sets of article numbers, some with scores: and, or, not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.columnar.asking.scoring import Given, Parts, Score, Sum, scores_at
from searchapp.columnar.format.ragged import as_mask, distinct

__all__ = ["NOTHING", "Found", "Selection", "difference", "intersection", "union"]

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Found:
    """Articles of one segment that match, and what they score."""

    docs: Array
    """int64, ascending, each once."""
    scores: Score = 0.0
    """One number for all, or what tells the score of each when it is asked for."""

    @classmethod
    def given(cls, docs: Array, scores: Array) -> Found:
        """Articles whose scores are known, one for each."""
        return cls(docs, Given(docs, scores))

    def score_array(self) -> Array:
        """float score of each article."""
        scores = scores_at(self.scores, self.docs)
        return scores if isinstance(scores, np.ndarray) else np.full(len(self.docs), scores)

    def kept(self, chosen: Array) -> Found:
        """The articles that the bool array `chosen` marks, or those at the places it lists."""
        if chosen.dtype == bool:
            # Finding the places first is four times as fast as choosing by bools.
            chosen = np.flatnonzero(chosen)
        return Found(self.docs[chosen], self.scores)

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps."""
        return int(self.docs.nbytes) + (0 if isinstance(self.scores, float) else self.scores.nbytes)


NOTHING = Found(np.empty(0, np.int64))


class Selection:
    """Living articles of a segment, as whatever helps to count them."""

    def __init__(self, docs: Array, size: int, live: Array | None, live_count: int) -> None:
        self.docs = docs
        self._size = size
        self._live = live
        self.everything = len(docs) == live_count
        self.most = len(docs) * 2 > live_count

    @cached_property
    def mask(self) -> Array:
        """bool for each article of the segment."""
        return as_mask(self.docs, self._size)

    @cached_property
    def rest(self) -> Selection:
        """The living articles that are left out."""
        mask = ~self.mask
        if self._live is not None:
            mask &= self._live
        rest = Selection(np.flatnonzero(mask), self._size, None, self._size)
        rest.__dict__["mask"] = mask
        return rest


def difference(found: Found, others: Array) -> Found:
    """`found` without the articles in `others`."""
    if not len(others) or not len(found.docs):
        return found
    return Found(compiled.steps.in_none(found.docs, (others,)), found.scores)


def intersection(sets: Sequence[Found]) -> Found:
    """The articles that are in every set; their scores added up."""
    ordered = sorted(sets, key=lambda found: len(found.docs))
    docs = ordered[0].docs
    if not len(docs):
        return NOTHING
    if len(ordered) > 1:
        docs = compiled.steps.in_all(docs, tuple([found.docs for found in ordered[1:]]))
    scored = [found.scores for found in sets if found.scores != 0.0]
    if len(scored) <= 1:
        return Found(docs, scored[0] if scored else 0.0)
    return Found(docs, Sum(scored))


def union(sets: Sequence[Found], size: int) -> Found:
    """The articles that are in any set; their scores added up."""
    filled = sorted((found for found in sets if len(found.docs)), key=lambda found: len(found.docs))
    if not filled:
        return NOTHING
    if len(filled) == 1:
        return filled[0]
    docs = _any_of([found.docs for found in filled], size)
    if all(found.scores == 0.0 for found in filled):
        return Found(docs)
    return Found(docs, Parts([(found.docs, found.scores) for found in filled], size))


def _any_of(sets: Sequence[Array], size: int) -> Array:
    """The articles of any set; the sets come by rising size."""
    largest = len(sets[-1])
    rest = sum(map(len, sets[:-1]))
    if len(sets) == 2 and rest * 8 < largest:
        return _with_few(sets[1], sets[0])
    if (rest + largest) * 16 < size:
        return distinct(np.concatenate(sets))
    mask = np.zeros(size, bool)
    for docs in sets:
        mask[docs] = True
    return np.flatnonzero(mask)


def _with_few(many: Array, few: Array) -> Array:
    places = np.searchsorted(many, few)
    new = np.flatnonzero(many[np.minimum(places, len(many) - 1)] != few)
    return np.insert(many, places[new], few[new]) if len(new) else many
