"""Sorted sets of article numbers, some with scores: and, or, not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.ragged import as_mask, distinct

__all__ = ["NOTHING", "Found", "Selection", "difference", "intersection", "members", "union"]

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Found:
    """Articles of one segment that match, and what they score."""

    docs: Array
    """int64, ascending, each once."""
    scores: Array | float = 0.0
    """float64 for each article, or one number for all."""

    def score_array(self) -> Array:
        """float64 score of each article."""
        return self.scores if isinstance(self.scores, np.ndarray) else np.full(len(self.docs), self.scores)

    def kept(self, chosen: Array) -> Found:
        """The articles that the bool array `chosen` marks, or those at the places it lists."""
        if chosen.dtype == bool:
            # Finding the places first is four times as fast as choosing by bools.
            chosen = np.flatnonzero(chosen)
        return Found(self.docs[chosen], self.scores[chosen] if isinstance(self.scores, np.ndarray) else self.scores)


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


def members(docs: Array, others: Array, size: int) -> Array:
    """bool for each of `docs`: whether it is in `others` too."""
    if not len(others):
        return np.zeros(len(docs), bool)
    if len(docs) * 32 < len(others):
        places = np.searchsorted(others, docs)
        places[places == len(others)] = 0
        found: Array = others[places] == docs
        return found
    inside: Array = as_mask(others, size)[docs]
    return inside


def difference(found: Found, others: Array, size: int) -> Found:
    """`found` without the articles in `others`."""
    if not len(others) or not len(found.docs):
        return found
    return found.kept(~members(found.docs, others, size))


def intersection(sets: Sequence[Found], size: int) -> Found:
    """The articles that are in every set; their scores added up."""
    ordered = sorted(sets, key=lambda found: len(found.docs))
    result = ordered[0]
    for other in ordered[1:]:
        if not len(result.docs):
            return NOTHING
        result = _both(result, other, size)
    return result


def _both(few: Found, many: Found, size: int) -> Found:
    if not isinstance(many.scores, np.ndarray):
        kept = few.kept(members(few.docs, many.docs, size))
        return Found(kept.docs, kept.scores + many.scores) if many.scores else kept
    if len(few.docs) * 32 < len(many.docs):
        places = np.searchsorted(many.docs, few.docs)
        places[places == len(many.docs)] = 0
        inside = many.docs[places] == few.docs
        kept = few.kept(inside)
        return Found(kept.docs, kept.scores + many.scores[places[inside]])
    kept = few.kept(as_mask(many.docs, size)[few.docs])
    dense = np.empty(size)
    dense[many.docs] = many.scores
    return Found(kept.docs, kept.scores + dense[kept.docs])


def union(sets: Sequence[Found], size: int) -> Found:
    """The articles that are in any set; their scores added up."""
    filled = sorted((found for found in sets if len(found.docs)), key=lambda found: len(found.docs))
    if not filled:
        return NOTHING
    if len(filled) == 1:
        return filled[0]
    largest = len(filled[-1].docs)
    rest = sum(len(found.docs) for found in filled[:-1])
    unscored = all(not isinstance(found.scores, np.ndarray) and not found.scores for found in filled)
    if len(filled) == 2 and rest * 8 < largest:
        return _add_few(filled[1], filled[0], unscored=unscored)
    if (rest + largest) * 16 < size:
        return _union_of_few(filled, unscored=unscored)
    mask = np.zeros(size, bool)
    for found in filled:
        mask[found.docs] = True
    docs = np.flatnonzero(mask)
    if unscored:
        return Found(docs)
    dense = np.zeros(size)
    for found in filled:
        dense[found.docs] += found.scores
    return Found(docs, dense[docs])


def _add_few(many: Found, few: Found, *, unscored: bool) -> Found:
    places = np.searchsorted(many.docs, few.docs)
    known = many.docs[np.minimum(places, len(many.docs) - 1)] == few.docs
    new = np.flatnonzero(~known)
    docs = np.insert(many.docs, places[new], few.docs[new]) if len(new) else many.docs
    if unscored:
        return Found(docs)
    scores, added = many.score_array().copy(), few.score_array()
    scores[places[known]] += added[known]
    return Found(docs, np.insert(scores, places[new], added[new]) if len(new) else scores)


def _union_of_few(sets: Sequence[Found], *, unscored: bool) -> Found:
    docs = np.concatenate([found.docs for found in sets])
    if unscored:
        return Found(distinct(docs))
    scores = np.concatenate([found.score_array() for found in sets])
    order = np.argsort(docs, kind="stable")
    docs = docs[order]
    heads = np.ones(len(docs), bool)
    heads[1:] = docs[1:] != docs[:-1]
    return Found(docs[heads], np.add.reduceat(scores[order], np.flatnonzero(heads)))
