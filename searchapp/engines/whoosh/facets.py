"""What is wanted of a facet, in the terms of the index and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from searchapp import compiled
from searchapp.columnar import FacetAsked, FacetCounts, GroupCounts
from searchapp.columnar import Grouping as LabelGrouping
from searchapp.engines.rules import WEIGHED, letters_at, timeline
from searchapp.model.entry import column_for
from searchapp.model.frozen import slots_of
from searchapp.model.query import SearchRequest
from searchapp.model.question import FacetWanted
from searchapp.model.result import FacetGroup, FacetResult, FacetValue

__all__ = ["asked_of", "facet_result"]

_VALUE = slots_of(FacetValue)


@lru_cache(maxsize=256)
def asked_of(scope: str, wanted: FacetWanted) -> FacetAsked:
    """What the index has to count under a scope."""
    asked = FacetAsked(
        column_for(wanted.name, scope),
        size=wanted.size,
        offset=wanted.offset,
        words=wanted.find,
        also=wanted.also,
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
    if not (chosen or wanted.gains or wanted.grouping or wanted.find or wanted.timeline or counts.initials):
        labels = list(counts.labels)
        columns = (labels, labels, list(counts.counts), [False] * len(labels))
        values = compiled.steps.instances(FacetValue, _VALUE, columns)
        return FacetResult(wanted.name, values, counts.total_values, counts.missing, counts.matching)
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


def _values(counted: Sequence[tuple[str, int]], chosen: tuple[str, ...]) -> tuple[FacetValue, ...]:
    labels, counts = [label for label, _ in counted], [count for _, count in counted]
    selected = [label in chosen for label in labels] if chosen else [False] * len(labels)
    return compiled.steps.instances(FacetValue, _VALUE, (labels, labels, counts, selected))
