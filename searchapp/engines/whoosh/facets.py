"""What is wanted of a facet, in the terms of the index and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from searchapp.columnar import FacetAsked, FacetCounts, GroupCounts
from searchapp.columnar import Grouping as LabelGrouping
from searchapp.engines.rules import WEIGHED, letters_at, timeline
from searchapp.model.entry import column_for
from searchapp.model.query import SearchRequest
from searchapp.model.question import FacetWanted
from searchapp.model.result import FacetGroup, FacetResult, FacetValue

__all__ = ["asked_of", "facet_result"]


def asked_of(request: SearchRequest, wanted: FacetWanted) -> FacetAsked:
    """What the index has to count."""
    asked = FacetAsked(
        column_for(wanted.name, request.scope),
        size=wanted.size,
        offset=wanted.offset,
        words=wanted.find,
        word_start=wanted.find_words,
        order=wanted.order,
        gains=wanted.gains,
        labels=wanted.labels,
        timeline="day" if wanted.timeline else "",
        grouping=LabelGrouping(wanted.grouping.name, wanted.grouping.of) if wanted.grouping else None,
    )
    if wanted.order == "distinctive":
        # Which of the most frequent ones these are is told from their counts in the whole archive.
        return replace(asked, order="count", size=WEIGHED, offset=0)
    return asked


def facet_result(request: SearchRequest, wanted: FacetWanted, counts: FacetCounts) -> FacetResult:
    """What the index counted."""
    chosen = request.selected(wanted.name)
    if wanted.gains or wanted.grouping:
        held = sorted((v for v in counts.values if v[0] in chosen), key=lambda value: (-value[1], value[0]))
        listed = (*held, *counts.gains)
    elif wanted.find:
        # Behind the page stand the chosen labels that are not on it.
        left = max(0, counts.matching - wanted.offset)
        listed = counts.values[: left if wanted.size is None else min(left, wanted.size)]
    else:
        listed = counts.values
    return FacetResult(
        name=wanted.name,
        values=_values(listed, chosen),
        total_values=counts.total_values,
        missing=counts.missing,
        matching=counts.matching,
        letters=letters_at(counts.initials),
        groups=tuple(_group(group, chosen) for group in counts.groups),
        total_groups=counts.total_groups,
        timelines=tuple(timeline(dict(days), wanted.timeline) for days in counts.timelines),
    )


def _group(group: GroupCounts, chosen: tuple[str, ...]) -> FacetGroup:
    return FacetGroup(group.name, _values(group.values, chosen), group.articles)


def _values(counted: Iterable[tuple[str, int]], chosen: tuple[str, ...]) -> tuple[FacetValue, ...]:
    return tuple([FacetValue(label, label, count, label in chosen) for label, count in counted])
