"""What is asked of an `Executor`, and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt
from whoosh.query import qcore

from searchapp.columnar.asking.facets import Relabelling
from searchapp.columnar.asking.naming import Grouping
from searchapp.columnar.asking.queries import NumberRange
from searchapp.columnar.asking.ranking import Preferences

__all__ = [
    "Answer",
    "FacetAsked",
    "FacetCounts",
    "FacetFilter",
    "Found",
    "GroupCounts",
    "HitsAsked",
    "Question",
]


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """Chosen and unwanted labels of one facet."""

    facet: str
    chosen: tuple[str, ...] = ()
    every: bool = False
    """Whether an article needs all the chosen labels, or one of them."""
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HitsAsked:
    """One page of hits."""

    sort: str = "score"
    """score (ties: newest), newest or oldest, by the order the index was created with."""
    offset: int = 0
    limit: int = 10


@dataclass(frozen=True, slots=True)
class FacetAsked:
    """What to tell of one facet. Only the labels that are given are made, however many are counted."""

    facet: str
    size: int | None = 20
    """How many labels to give, chosen ones besides; None for all."""
    offset: int = 0
    """How many to pass over."""
    words: str = ""
    """Only labels whose forms, joined by spaces, have the forms of this text somewhere; empty for all."""
    order: str = "count"
    """count (the most first, then by label), or label (by its forms, then by itself)."""
    gains: bool = False
    """Whether to list the labels that are not chosen apart, with what each adds to the choice."""
    grouping: Grouping | None = None
    """Puts labels together; then `size` and `offset` count groups, and no label is listed outside of them."""
    word_start: bool = False
    """Whether the text has to stand where a word begins."""
    labels: tuple[str, ...] | None = None
    """Only these labels, in this order, whatever their counts; then nothing else is looked at."""
    timeline: str = ""
    """`Number` field by which the articles of each label of `values` are counted, empty for none."""


@dataclass(frozen=True, slots=True)
class Question:
    """One search. Whatever it asks for comes from a single evaluation, and what it does not name costs nothing."""

    query: qcore.Query
    filters: tuple[FacetFilter, ...] = ()
    ranges: tuple[NumberRange, ...] = ()
    """All of them must hold."""
    hits: tuple[HitsAsked, ...] = (HitsAsked(),)
    """Pages of the same matches, such as the newest five and the oldest one."""
    facets: tuple[FacetAsked, ...] = ()
    """One facet may be asked for several times, in different ways."""
    timeline: str = ""
    """`Number` field to count by, empty for none."""
    steps: Callable[[npt.NDArray[Any]], npt.NDArray[Any]] | None = None
    """Takes the different numbers that matches have in that field, ascending, to what is counted instead, such as days
    to the months that they are in; it must not fall."""
    preferences: Preferences = field(default_factory=Preferences)
    """What adds to the scores of some of the articles that match."""
    relabelling: Relabelling = field(default_factory=Relabelling)
    deadline_s: float | None = 5.0


@dataclass(frozen=True, slots=True)
class Found:
    """One hit."""

    docnum: int
    """Number over all segments of the view; it holds for this view only."""
    score: float


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """The labels of one group."""

    name: str
    """Empty for the labels that belong to none."""
    articles: int
    """Articles with any of its labels, each counted once; with gains, those that all its labels together add."""
    values: tuple[tuple[str, int], ...]
    """(label, articles), or what each adds: the label that is called like the group, then the most first."""


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Counts of one facet."""

    values: tuple[tuple[str, int], ...]
    """(label, articles) in the order asked for; chosen labels that are further down, or at 0, at the end by count."""
    total_values: int
    """How many labels have at least one article."""
    missing: int
    """Articles without any label."""
    matching: int = 0
    """How many labels have at least one article and the words asked for; with gains, without the chosen labels."""
    gains: tuple[tuple[str, int], ...] = ()
    """Where they are asked for: (label, articles) of labels that are not chosen.

    An article counts that passes all other filters but has none of the chosen labels, when one of them is enough:
    it is what choosing the label too adds, at last 0. Without such a choice the numbers are those of `values`.
    """
    initials: tuple[tuple[str, int], ...] = ()
    """In the order of labels: first characters, each with the place of its first label among those that match."""
    groups: tuple[GroupCounts, ...] = ()
    """With a grouping: those with the label of the most articles first, then by name; the one without a name last."""
    total_groups: int = 0
    timelines: tuple[tuple[tuple[int, int], ...], ...] = ()
    """Where a timeline is asked for: for each of `values` (number, articles), ascending."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found."""

    total: int
    hits: tuple[tuple[Found, ...], ...]
    """For each page asked for its hits."""
    facets: tuple[FacetCounts, ...]
    """One for each of the question's, in its order."""
    timeline: tuple[tuple[int, int], ...]
    """(number, articles) for each number of the timeline's field, ascending."""
