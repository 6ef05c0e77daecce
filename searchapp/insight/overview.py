"""What an archive holds: how many articles of when, from whom, with how many names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from searchapp.engines.state import State
from searchapp.model.frozen import freeze
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.question import HEADS, Answer, FacetWanted, Question
from searchapp.model.result import TimelineBar

__all__ = [
    "ArchiveStats",
    "SourceTimelines",
    "overview",
    "overview_in",
    "questions_of_overview",
    "source_timelines",
    "whole_timeline",
]


@dataclass(frozen=True, slots=True)
class ArchiveStats:
    """What an archive holds."""

    articles: int
    undated: int
    first: dt.date | None
    last: dt.date | None
    values: Mapping[str, int]
    """Facet to the number of its different values."""
    sources: Mapping[str, int]
    """Source to its number of articles, most first."""

    def __post_init__(self) -> None:
        freeze(self, "values", "sources")


@dataclass(frozen=True, slots=True)
class SourceTimelines:
    """When the articles of each source were published."""

    timelines: Mapping[str, tuple[TimelineBar, ...]]
    """Source, most articles first, to its articles over time."""
    left_out: int
    """Sources with fewer articles than those."""

    def __post_init__(self) -> None:
        freeze(self, "timelines")


def overview(state: State) -> ArchiveStats:
    """What the archive holds."""
    found: ArchiveStats | None = state.recall("overview")
    return found or overview_in(state, state.ask(*questions_of_overview()))


def questions_of_overview() -> list[Question]:
    """What tells what the archive holds, to be asked together with other questions."""
    wanted = tuple(FacetWanted(name, size=None if name == "sources" else 0) for name in FACETS)
    ends = (SearchRequest(sort=sort, page_size=1) for sort in ("newest", "oldest"))
    return [Question(facets=wanted, timeline="month"), *(Question(request, hits=HEADS) for request in ends)]


def overview_in(state: State, answers: tuple[Answer, ...]) -> ArchiveStats:
    """What the answers to `questions_of_overview` say, kept for this state."""
    whole, newest, oldest = answers
    stats = ArchiveStats(
        articles=whole.total,
        undated=whole.total - sum(bar.count for bar in whole.timeline),
        first=oldest.hits[0].article.published if oldest.hits else None,
        last=newest.hits[0].article.published if newest.hits else None,
        values={facet.name: facet.total_values for facet in whole.facets},
        sources={value.label: value.count for value in whole.facets[FACETS.index("sources")].values},
    )
    state.keep("overview", stats)
    return stats


def whole_timeline(state: State, how: str = "auto") -> tuple[TimelineBar, ...]:
    """All articles over time; `how` is that of `Question.timeline`."""
    found: tuple[TimelineBar, ...] = state.remember(
        ("timeline", how), lambda: state.ask(Question(timeline=how))[0].timeline
    )
    return found


def source_timelines(state: State, *, most: int) -> SourceTimelines:
    """When the articles of the `most` largest sources were published."""

    def compute() -> SourceTimelines:
        (answer,) = state.ask(Question(facets=(FacetWanted("sources", size=most, timeline="day"),)))
        sources = answer.facets[0]
        pairs = zip(sources.values, sources.timelines, strict=True)
        return SourceTimelines({value.label: bars for value, bars in pairs}, sources.total_values - len(sources.values))

    found: SourceTimelines = state.remember(("sources over time", most), compute)
    return found
