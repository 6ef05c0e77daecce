"""What is asked of an `Executor`, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whoosh.query import qcore

from searchapp.columnar.asking.facets import Relabelling
from searchapp.columnar.asking.queries import NumberRange

__all__ = ["Answer", "FacetCounts", "FacetFilter", "Found", "Question"]


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """Chosen and unwanted labels of one facet."""

    facet: str
    chosen: tuple[str, ...] = ()
    every: bool = False
    """Whether an article needs all the chosen labels, or one of them."""
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One search."""

    query: qcore.Query
    filters: tuple[FacetFilter, ...] = ()
    ranges: tuple[NumberRange, ...] = ()
    """All of them must hold."""
    sort: str = "score"
    """score (ties: newest), newest or oldest, by the order the index was created with."""
    offset: int = 0
    limit: int = 10
    facets: tuple[str, ...] = ()
    """Facets to count."""
    facet_size: int | None = 20
    """How many labels of each facet to give, chosen ones besides; None for all."""
    timeline: str = ""
    """`Number` field to count by, empty for none."""
    relabelling: Relabelling = field(default_factory=Relabelling)
    deadline_s: float | None = 5.0


@dataclass(frozen=True, slots=True)
class Found:
    """One hit."""

    docnum: int
    """Number over all segments of the view; it holds for this view only."""
    score: float


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Counts of one facet."""

    values: tuple[tuple[str, int], ...]
    """(label, articles), the most first, then by label; chosen labels that are further down, or at 0, at the end."""
    total_values: int
    """How many labels have at least one article."""
    missing: int
    """Articles without any label."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found."""

    total: int
    hits: tuple[Found, ...]
    facets: Mapping[str, FacetCounts]
    timeline: tuple[tuple[int, int], ...]
    """(number, articles) for each number of the timeline's field, ascending."""
