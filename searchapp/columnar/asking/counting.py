"""The counts of one facet: a page of its labels, what each would add to a choice, and labels in groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from searchapp.columnar.asking.answers import FacetAsked, FacetCounts, GroupCounts
from searchapp.columnar.asking.docsets import Selection
from searchapp.columnar.asking.facets import FacetIndex, Grouping, SegmentFacet

__all__ = ["Sums", "count_facet"]

Array = npt.NDArray[Any]
Sums: TypeAlias = dict[str, Array]
"""Facet to the counts of its labels, kept for the length of one search: a facet may be asked for in several ways."""


def count_facet(
    index: FacetIndex,
    asked: FacetAsked,
    segments: Sequence[SegmentFacet],
    *,
    hits: Sequence[Selection],
    sideways: Sequence[Selection] | None,
    chosen: Sequence[str],
    sums: Sums,
) -> FacetCounts:
    """What is asked of a facet.

    `segments` is the facet over each segment, `hits` the articles of each that pass all filters, `sideways` those
    that pass all but the choice in this facet, when one of the `chosen` labels is enough.
    """
    facet = asked.facet
    counts = sums.get(facet)
    if counts is None:
        counts = sums[facet] = _sum(index, facet, segments, sideways or hits)
    filled = np.flatnonzero(counts[:-1])
    if asked.labels is not None:
        named = tuple((label, _count_of(index, facet, counts, label)) for label in asked.labels)
        return FacetCounts(named, len(filled), int(counts[-1]), len(named))
    matching = index.holding(facet, asked.words, filled, word_start=asked.word_start)
    listed, added = matching, counts
    if asked.gains:
        numbers = [number for label in chosen if (number := index.number(facet, label)) is not None]
        listed = matching[~np.isin(matching, numbers)]
        if sideways:
            # What passes all filters has a chosen label, so it is what another label does not add.
            added = counts - _sum(index, facet, segments, hits, size=len(counts))
    shown = () if asked.grouping else _page(index, asked, counts, matching)
    groups, total_groups = (
        _groups(index, asked, asked.grouping, segments, hits, sideways, added, listed) if asked.grouping else ((), 0)
    )
    return FacetCounts(
        values=(*shown, *_left_out(index, facet, counts, chosen, {label for label, _ in shown})),
        total_values=len(filled),
        missing=int(counts[-1]),
        matching=len(listed),
        gains=_page(index, asked, added, listed) if asked.gains and not asked.grouping else (),
        initials=_initials(index, facet, listed) if asked.order == "label" and not asked.grouping else (),
        groups=groups,
        total_groups=total_groups,
    )


def _sum(
    index: FacetIndex,
    facet: str,
    segments: Sequence[SegmentFacet],
    selections: Sequence[Selection],
    *,
    size: int | None = None,
) -> Array:
    """int64: articles with each label by its number over all segments, and at last those with none."""
    counts = np.zeros(size or index.size(facet) + 1, np.int64)
    for segment, selection in zip(segments, selections, strict=True):
        here = segment.counts(selection)
        counts[segment.names] += here[:-1]
        counts[-1] += here[-1]
    return counts


def _page(index: FacetIndex, asked: FacetAsked, counts: Array, numbers: Array) -> tuple[tuple[str, int], ...]:
    """The labels asked for among those with these numbers, each with its count."""
    end = len(numbers) if asked.size is None else min(len(numbers), asked.offset + asked.size)
    chosen = _first(_keys(index, asked.facet, asked.order, counts, numbers), end)[asked.offset :]
    return tuple((index.label(asked.facet, number), int(counts[number])) for number in numbers[chosen].tolist())


def _keys(index: FacetIndex, facet: str, order: str, counts: Array, numbers: Array) -> Array:
    """int64: a key of each label, all different, by which they rise in the order asked for."""
    if not len(numbers):
        return numbers
    if order == "label":
        found: Array = index.letter_ranks(facet)[numbers]
        return found
    if order != "count":
        raise ValueError(f"values are ordered by count or by label, not by {order!r}")
    ranks = index.ranks(facet)
    keys: Array = ranks[numbers] - counts[numbers] * len(ranks)
    return keys


def _first(keys: Array, count: int) -> Array:
    """Places of the `count` lowest keys, in their order."""
    if count < len(keys):
        places = np.argpartition(keys, count)[:count]
        return places[np.argsort(keys[places])]
    return np.argsort(keys)


def _left_out(
    index: FacetIndex, facet: str, counts: Array, chosen: Sequence[str], shown: set[str]
) -> list[tuple[str, int]]:
    """The chosen labels that are not shown, the most first."""
    values = [(label, _count_of(index, facet, counts, label)) for label in chosen if label not in shown]
    return sorted(values, key=lambda item: (-item[1], item[0]))


def _count_of(index: FacetIndex, facet: str, counts: Array, label: str) -> int:
    number = index.number(facet, label)
    # Labels that were met since the counts were made have higher numbers.
    return int(counts[number]) if number is not None and number < len(counts) - 1 else 0


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
    counts: Array,
    numbers: Array,
) -> tuple[tuple[GroupCounts, ...], int]:
    """A page of groups, and how many there are."""
    names, of_label = index.groups(asked.facet, grouping)
    ordered = numbers[np.argsort(_keys(index, asked.facet, "count", counts, numbers))]
    groups = of_label[ordered]
    present, places = np.unique(groups, return_index=True)
    # The first label of a group has its most articles.
    most = dict(zip(present.tolist(), counts[ordered[places]].tolist(), strict=True))
    ranked = sorted(most, key=lambda group: (not names[group], -most[group], names[group]))
    page = ranked[asked.offset : None if asked.size is None else asked.offset + asked.size]
    counted = np.full(len(of_label), -1, np.int64)
    counted[ordered] = groups
    articles = np.zeros(len(names), np.int64)
    for place, segment in enumerate(segments):
        articles += segment.group_counts((sideways or hits)[place], counted, len(names))
        if sideways and asked.gains:
            articles -= segment.group_counts(hits[place], counted, len(names))
    made = []
    for group in page:
        held = ordered[np.flatnonzero(groups == group)].tolist()
        values = [(index.label(asked.facet, number), int(counts[number])) for number in held]
        values.sort(key=lambda item: item[0] != names[group])
        made.append(GroupCounts(names[group], int(articles[group]), tuple(values)))
    return tuple(made), len(ranked)
