"""The labels of several facets, laid out by article, so that one pass counts them all."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.columnar.asking.docsets import Selection
from searchapp.columnar.asking.facets import SegmentFacet
from searchapp.columnar.asking.views import SegmentView
from searchapp.columnar.format.ragged import ends_of, narrow

__all__ = ["LabelRows"]

Array = npt.NDArray[Any]


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

    @property
    def by_label(self) -> tuple[bool, ...]:
        """For each facet whether the segment's labels come in the order of labels: shown as they are stored they do."""
        return tuple([not facet.changed for facet in self._facets])

    def without(self, _view: SegmentView, _deleted: Array) -> LabelRows:
        """The same where further articles no longer live; it is asked of living ones only."""
        return copy(self)

    def count(self, selection: Selection) -> list[tuple[Array, Array, int]]:
        """For each facet the labels that the articles have by their numbers over all segments, in the order of the
        segment's labels, articles with each, and how many articles have none."""
        if selection.everything:
            return [_of_all(facet, facet.totals) for facet in self._facets]
        if not selection.most:
            found = self._counted(selection.docs)
            parts = zip(self._facets, found, strict=True)
            return [(facet.names[numbers], counts, missing) for facet, (numbers, counts, missing) in parts]
        # Counting those left out is less work.
        left = []
        for facet, (numbers, counts, missing) in zip(self._facets, self._counted(selection.rest.docs), strict=True):
            totals = facet.totals.copy()
            totals[numbers] -= counts
            totals[-1] -= missing
            left.append(_of_all(facet, totals))
        return left

    def _counted(self, docs: Array) -> tuple[tuple[Array, Array, int], ...]:
        return compiled.steps.label_counts(docs, self._starts, self._labels, self.offsets)


def _of_all(facet: SegmentFacet, counts: Array) -> tuple[Array, Array, int]:
    """The same from the counts of all labels of a facet, at last of articles with none."""
    places = np.flatnonzero(counts[:-1])
    return facet.names[places], counts[places], int(counts[-1])
