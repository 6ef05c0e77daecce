"""The labels of several facets, laid out by article, so that one pass counts them all."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.asking.docsets import Selection
from searchapp.columnar.asking.facets import SegmentFacet
from searchapp.columnar.asking.views import SegmentView
from searchapp.columnar.format.ragged import ends_of, narrow, take_rows

__all__ = ["FEW", "LabelRows"]

Array = npt.NDArray[Any]

MANY = 1_000
"""More articles than this are counted facet by facet."""
FEW = 4
"""With so many labels in all to one of an article, the labels of the articles are sorted; else all labels counted."""


class LabelRows:
    """Several facets over one segment. An article without a label of a facet has, for that, the facet's last number."""

    def __init__(self, facets: Sequence[SegmentFacet], articles: int) -> None:
        """`articles` is how many the segment has, living or not."""
        self._facets = tuple(facets)
        self.offsets = ends_of(np.array([facet.slots.labels + 1 for facet in facets], np.int64))
        """Where the numbers of each facet start, and at last where those of the last one end."""
        widths = np.zeros(articles, np.int64)
        for facet in facets:
            widths += 1
            widths += np.bincount(facet.slots.more_docs, minlength=articles)
        self._starts = ends_of(widths).astype("<u4")
        labels = np.empty(int(self._starts[-1]), narrow(np.empty(0, np.int64), int(self.offsets[-1])).dtype)
        place = self._starts[:-1].astype(np.int64)
        for facet, offset in zip(facets, self.offsets.tolist(), strict=False):
            slots = facet.slots
            labels[place] = slots.first.astype(np.int64) + offset
            place += 1
            if len(slots.more_docs):
                docs = slots.more_docs.astype(np.int64)
                heads = np.flatnonzero(np.concatenate([[True], docs[1:] != docs[:-1]]))
                row = np.arange(len(docs)) - np.repeat(heads, np.diff(heads, append=len(docs)))
                labels[place[docs] + row] = slots.more_labels.astype(np.int64) + offset
                place += np.bincount(docs, minlength=articles)
        self._labels = labels

    def is_of(self, facets: Sequence[SegmentFacet]) -> bool:
        """Whether it is laid out for these facets; it then counts for them, in their view."""
        if len(facets) != len(self._facets):
            return False
        if any(map(lambda a, b: a.slots is not b.slots or a.names is not b.names, facets, self._facets)):
            return False
        self._facets = tuple(facets)
        return True

    def without(self, _view: SegmentView, _deleted: Array) -> LabelRows:
        """The same where further articles no longer live; it is asked of living ones only."""
        return copy(self)

    def count(self, selection: Selection) -> list[tuple[Array, Array, int]]:
        """For each facet the labels that the articles have by their numbers over all segments, articles with each, and
        how many articles have none."""
        if len(selection.docs) > MANY:
            # Going through one facet after the other takes more steps, and less time for each article.
            return [_of_one(facet, facet.counts(selection)) for facet in self._facets]
        held = self._of(selection.docs)
        size = int(self.offsets[-1])
        if len(held) * FEW < size:
            held = np.sort(held)
            heads = np.flatnonzero(np.concatenate([[len(held) > 0], held[1:] != held[:-1]]))
            return self._split(held[heads].astype(np.int64), np.diff(heads, append=len(held)))
        counts = np.bincount(held, minlength=size)
        numbers = np.flatnonzero(counts)
        return self._split(numbers, counts[numbers])

    def _of(self, docs: Array) -> Array:
        low = self._starts.take(docs)
        return take_rows(self._labels, low, self._starts.take(docs + 1) - low)

    def _split(self, numbers: Array, counts: Array) -> list[tuple[Array, Array, int]]:
        ends = np.searchsorted(numbers, self.offsets).tolist()
        found = []
        for facet, offset, last, low, high in zip(
            self._facets, self.offsets.tolist(), (self.offsets[1:] - 1).tolist(), ends, ends[1:], strict=False
        ):
            missing = 0
            if high > low and numbers[high - 1] == last:
                high -= 1
                missing = int(counts[high])
            found.append((facet.names[numbers[low:high] - offset], counts[low:high], missing))
        return found


def _of_one(facet: SegmentFacet, counts: Array) -> tuple[Array, Array, int]:
    """The same from the counts of all labels of a facet, at last of articles with none."""
    places = np.flatnonzero(counts[:-1])
    return facet.names[places], counts[places], int(counts[-1])
