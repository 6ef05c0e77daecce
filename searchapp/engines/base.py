"""What an engine does, and the rules that all of them share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from searchapp.model.article import Article
from searchapp.model.names import AS_WRITTEN, Relabelling
from searchapp.model.query import Query, SearchRequest
from searchapp.model.result import FacetResult, FacetValue, TimelineBar
from searchapp.model.timeline import counted_by_day

__all__ = [
    "K1",
    "PATTERN_SCORE",
    "WEIGHTS",
    "Answer",
    "B",
    "Engine",
    "Writer",
    "facet_result",
    "hit_order",
    "timeline",
]

K1 = 1.2
B = 0.75
"""BM25 as in Robertson and Zaragoza (2009), section 3; each field apart, their scores added."""
WEIGHTS = (2.5, 1.0)
"""Of a word in the title and of one in the body."""
PATTERN_SCORE = 1.0
"""What a wildcard or a fuzzy word adds: how rare its matches are says little."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine found for one request."""

    total: int
    hits: tuple[tuple[Article, float], ...]
    """Articles of the page asked for with their scores, in order."""
    facets: Mapping[str, FacetResult]
    timeline: tuple[TimelineBar, ...]


class Writer(Protocol):
    """Changes to an index; nobody sees them before they are committed, all at once."""

    def add(self, articles: Sequence[tuple[Article, str]]) -> None:
        """Stores articles, each with its fingerprint, in place of any with the same id."""

    def delete(self, ids: Iterable[str]) -> int:
        """Removes the articles with these ids; gives how many there were."""


class Engine(Protocol):
    """Stores articles and answers requests. Searching never waits for a writer."""

    @property
    def generation(self) -> str:
        """Changes with every commit, by whichever process."""

    def __len__(self) -> int:
        """How many articles there are."""

    def get(self, article_id: str) -> Article | None:
        """The article with that id."""

    def fingerprints(self, ids: Iterable[str]) -> dict[str, str]:
        """Id to stored fingerprint, for those of `ids` that are here."""

    def paths(self) -> Iterator[tuple[str, str]]:
        """Id and path of every article."""

    def labels(self, column: str) -> dict[str, int]:
        """Labels of a column of `searchapp.engines.columns` as the articles have them, and how many articles do."""

    def writer(self, *, timeout_s: float) -> AbstractContextManager[Writer]:
        """Commits when the block ends, and changes nothing when it raises.

        Raises `IndexLocked` when another writer does not finish within `timeout_s`.
        """

    def search(self, request: SearchRequest, query: Query, *, names: Relabelling = AS_WRITTEN) -> Answer:
        """The answer to `request`, whose text was parsed to `query`."""

    def surface_forms(self, query: Query) -> frozenset[str] | None:
        """Every form of a word by which an article can match `query`; None where the engine cannot tell them."""

    def matches(self, request: SearchRequest, query: Query, *, names: Relabelling = AS_WRITTEN) -> Iterator[Article]:
        """Every hit of `request` in its order, whatever its page, from one state of the index."""

    def close(self) -> None:
        """Frees what is held; closing again does nothing."""


def hit_order(request: SearchRequest, article: Article, score: float) -> tuple[float, ...]:
    """Sorts hits: by score or time as asked, then newest first, undated last, then by `Article.tie_key`."""
    key = article.published_key
    time = (1.0, 0.0) if key is None else (0.0, float(key if request.sort == "oldest" else -key))
    return (-score if request.sort == "relevance" else 0.0, *time, article.tie_key)


def facet_result(request: SearchRequest, facet: str, counts: Mapping[str, int], *, missing: int) -> FacetResult:
    """The values of `facet` by count, then label; chosen ones stay however few they are."""
    selected = request.selected(facet)
    full = {label: count for label, count in counts.items() if count} | {
        label: counts.get(label, 0) for label in selected
    }
    ranked = sorted(full, key=lambda label: (-full[label], label))
    shown = ranked if request.facet_size is None else ranked[: request.facet_size]
    left_out = [label for label in ranked[len(shown) :] if label in selected]
    return FacetResult(
        name=facet,
        values=tuple(FacetValue(label, label, full[label], label in selected) for label in (*shown, *left_out)),
        total_values=sum(count > 0 for count in full.values()),
        missing=missing,
    )


def timeline(days: Mapping[int, int]) -> tuple[TimelineBar, ...]:
    """Bars for articles counted by `date.toordinal`: by day when they span few days, else by month."""
    if not days:
        return ()
    if counted_by_day(dt.date.fromordinal(min(days)), dt.date.fromordinal(max(days))):
        return tuple(TimelineBar(dt.date.fromordinal(day), days[day]) for day in sorted(days))
    months: dict[dt.date, int] = {}
    for day in sorted(days):
        month = dt.date.fromordinal(day).replace(day=1)
        months[month] = months.get(month, 0) + days[day]
    return tuple(TimelineBar(month, count) for month, count in months.items())
