"""The counts of one facet: a page of its labels, what each would add to a choice, and labels in groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.columnar.asking.answers import FacetAsked, FacetCounts, GroupCounts
from searchapp.columnar.asking.docsets import Selection
from searchapp.columnar.asking.facets import FacetIndex, SegmentFacet
from searchapp.columnar.asking.naming import Grouping
from searchapp.columnar.asking.together import LabelRows

__all__ = ["NO_LABEL", "Counted", "count_facet", "count_together"]

Array = npt.NDArray[Any]


FEW_SORTED = 200
"""So few labels are sorted by themselves, without the order of all, which has to be kept up."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The labels that articles have."""

    numbers: Array
    """int64: their numbers over all segments, each once."""
    counts: Array
    """int64: articles with each."""
    missing: int
    """Articles without any."""
    by_label: bool = False
    """Whether they come in the order of labels."""

    def of(self, number: int | None) -> int:
        """Articles with the label of this number."""
        if number is None:
            return 0
        found = self.counts[self.numbers == number]
        return int(found[0]) if len(found) else 0


NO_LABEL = Counted(np.empty(0, np.int64), np.empty(0, np.int64), 0)
"""What no article has."""


def count_facet(
    index: FacetIndex,
    asked: FacetAsked,
    segments: Sequence[SegmentFacet],
    *,
    hits: Sequence[Selection],
    sideways: Sequence[Selection] | None,
    chosen: Sequence[str],
    counted: Counted,
    shown: Counted,
) -> FacetCounts:
    """What is asked of a facet.

    `segments` is the facet over each segment, `hits` the articles of each that pass all filters, `sideways` those
    that pass all but the choice in this facet, when one of the `chosen` labels is enough. `shown` counts the labels
    of `hits`, `counted` those of `sideways`, or the same.
    """
    facet = asked.facet
    total = len(counted.numbers)
    if asked.labels is not None:
        named = tuple([counted.of(index.number(facet, label)) for label in asked.labels])
        return FacetCounts(asked.labels, named, total, counted.missing, len(named))
    numbers, counts = counted.numbers, counted.counts
    by_label = counted.by_label
    if not (chosen or asked.words or asked.gains or asked.grouping or asked.order != "count"):
        page = _page(index, asked, numbers, counts, by_label=by_label)
        return FacetCounts(*page, total, counted.missing, total)
    numbers, counts = _holding(index, asked, numbers, counts)
    listed, added = numbers, counts
    if asked.gains:
        if sideways:
            # What passes all filters has a chosen label, so it is what another label does not add.
            added = counted.counts.copy()
            order = np.argsort(counted.numbers)
            added[order[np.searchsorted(counted.numbers, shown.numbers, sorter=order)]] -= shown.counts
            _, added = _holding(index, asked, counted.numbers, added)
        unwanted = [number for label in chosen if (number := index.number(facet, label)) is not None]
        kept = np.flatnonzero((added > 0) & ~np.isin(numbers, unwanted)) if chosen else slice(None)
        listed, added = numbers[kept], added[kept]
    page = ((), ()) if asked.grouping else _page(index, asked, numbers, counts, by_label=by_label)
    left_out = _left_out(index, facet, counted, chosen, page[0])
    groups, total_groups = (
        _groups(index, asked, asked.grouping, segments, hits, sideways, listed, added) if asked.grouping else ((), 0)
    )
    return FacetCounts(
        labels=(*page[0], *[label for label, _ in left_out]),
        counts=(*page[1], *[count for _, count in left_out]),
        total_values=total,
        missing=counted.missing,
        matching=len(listed),
        gains=tuple(zip(*_page(index, asked, listed, added, by_label=by_label), strict=True))
        if asked.gains and not asked.grouping
        else (),
        initials=_initials(index, facet, listed) if asked.order == "label" and not asked.grouping else (),
        groups=groups,
        total_groups=total_groups,
    )


def count_together(rows: Sequence[LabelRows], selections: Sequence[Selection]) -> list[Counted]:
    """The labels that the articles have, for each of the facets that the rows of all segments are of."""
    parts = [part.count(chosen) for part, chosen in zip(rows, selections, strict=True) if len(chosen.docs)]
    if not parts:
        return [NO_LABEL] * (len(rows[0].offsets) - 1 if rows else 0)
    if len(parts) == 1:
        (place,) = [place for place, chosen in enumerate(selections) if len(chosen.docs)]
        return [Counted(*found, by_label) for found, by_label in zip(parts[0], rows[place].by_label, strict=True)]
    return [_joined(found) for found in zip(*parts, strict=True)]


def _joined(parts: Sequence[tuple[Array, Array, int]]) -> Counted:
    """What several segments have of one facet, added up."""
    numbers = np.concatenate([numbers for numbers, _, _ in parts])
    counts = np.concatenate([counts for _, counts, _ in parts])
    order = np.argsort(numbers, kind="stable")
    numbers, counts = compiled.steps.added_up(numbers[order], counts[order])
    return Counted(numbers, counts, sum([missing for _, _, missing in parts]))


def _holding(index: FacetIndex, asked: FacetAsked, numbers: Array, counts: Array) -> tuple[Array, Array]:
    """Those of the labels that have the words asked for."""
    if not asked.words:
        return numbers, counts
    kept = index.holding(asked.facet, asked.words, numbers, word_start=asked.word_start, also=asked.also)
    return numbers[kept], counts[kept]


def _page(
    index: FacetIndex, asked: FacetAsked, numbers: Array, counts: Array, *, by_label: bool
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The labels asked for among those with these numbers, and their counts."""
    end = len(numbers) if asked.size is None else min(len(numbers), asked.offset + asked.size)
    if end <= asked.offset:
        return (), ()
    if asked.order == "count" and by_label:
        chosen = compiled.steps.highest(counts, end)[asked.offset :]
    elif asked.order == "count" and end < len(numbers):
        # The order of labels is looked for among those alone that can be on the page.
        border = counts[compiled.steps.highest(counts, end)[-1]]
        near = np.flatnonzero(counts >= border)
        chosen = near[_first(_keys(index, asked.facet, "count", numbers[near], counts[near]), end)[asked.offset :]]
    else:
        chosen = _first(_keys(index, asked.facet, asked.order, numbers, counts), end)[asked.offset :]
    labels = index.labels(asked.facet, numbers[chosen].tolist())
    return tuple(labels), tuple(counts[chosen].tolist())


def _keys(index: FacetIndex, facet: str, order: str, numbers: Array, counts: Array) -> Array:
    """int64: a key of each label, all different, by which they rise in the order asked for."""
    if not len(numbers):
        return numbers
    if order == "label":
        found: Array = index.letter_ranks(facet)[numbers]
        return found
    if order != "count":
        raise ValueError(f"values are ordered by count or by label, not by {order!r}")
    ranks = _ranks(index, facet, numbers)
    keys: Array = ranks - counts * index.size(facet)
    return keys


def _ranks(index: FacetIndex, facet: str, numbers: Array) -> Array:
    """int64: what puts these labels into the order of labels; all different and below the number of labels."""
    if len(numbers) > FEW_SORTED:
        return index.ranks(facet)[numbers]
    labels = index.labels(facet, numbers.tolist())
    ranks = np.empty(len(labels), np.int64)
    ranks[sorted(range(len(labels)), key=labels.__getitem__)] = np.arange(len(labels))
    return ranks


def _first(keys: Array, count: int) -> Array:
    """Places of the `count` lowest keys, in their order."""
    if count < len(keys):
        places = np.argpartition(keys, count)[:count]
        return places[np.argsort(keys[places])]
    return np.argsort(keys)


def _left_out(
    index: FacetIndex, facet: str, counted: Counted, chosen: Sequence[str], page: Sequence[str]
) -> list[tuple[str, int]]:
    """The chosen labels that are not on the page, the most first."""
    if not chosen:
        return []
    values = [(label, counted.of(index.number(facet, label))) for label in chosen if label not in page]
    return sorted(values, key=lambda item: (-item[1], item[0]))


def _initials(index: FacetIndex, facet: str, numbers: Array) -> tuple[tuple[str, int], ...]:
    ordered = numbers[np.argsort(index.letter_ranks(facet)[numbers])]
    places: dict[str, int] = {}
    for place, letter in enumerate(index.initials(facet, ordered)):
        places.setdefault(letter, place)
    return tuple(places.items())


def _groups(
    index: FacetIndex,
    asked: FacetAsked,
    grouping: Grouping,
    segments: Sequence[SegmentFacet],
    hits: Sequence[Selection],
    sideways: Sequence[Selection] | None,
    numbers: Array,
    counts: Array,
) -> tuple[tuple[GroupCounts, ...], int]:
    """A page of groups, and how many there are."""
    names, of_label = index.groups(asked.facet, grouping)
    order = np.argsort(_keys(index, asked.facet, "count", numbers, counts))
    numbers, counts = numbers[order], counts[order]
    groups = of_label[numbers]
    present, places = np.unique(groups, return_index=True)
    # The first label of a group has its most articles.
    most = dict(zip(present.tolist(), counts[places].tolist(), strict=True))
    ranked = sorted(most, key=lambda group: (not names[group], -most[group], names[group]))
    page = ranked[asked.offset : None if asked.size is None else asked.offset + asked.size]
    counted = np.full(len(of_label), -1, np.int64)
    counted[numbers] = groups
    articles = np.zeros(len(names), np.int64)
    for place, segment in enumerate(segments):
        articles += segment.group_counts((sideways or hits)[place], counted, len(names))
        if sideways and asked.gains:
            articles -= segment.group_counts(hits[place], counted, len(names))
    made = []
    for group in page:
        held = np.flatnonzero(groups == group)
        labels = index.labels(asked.facet, numbers[held].tolist())
        values = list(zip(labels, counts[held].tolist(), strict=True))
        values.sort(key=lambda item: item[0] != names[group])
        made.append(GroupCounts(names[group], int(articles[group]), tuple(values)))
    return tuple(made), len(ranked)
