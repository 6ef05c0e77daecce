"""What is asked of an `Executor`, what it gives, and what of that is kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeAlias

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
    "KeptSearch",
    "Question",
    "Steps",
]


Array = npt.NDArray[Any]

LEAST = 32
"""So many hits are looked for at least: the next page, or a larger one, is then known."""
MOST = 1_000
"""More hits are not kept."""
VALUE_BYTES, FEW_BYTES = 200, 1_000


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
    also: tuple[str, ...] = ()
    """Labels that are given whatever words they have."""

    @property
    def key(self) -> tuple[Hashable, ...]:
        """The same for what is equal, and for nothing else."""
        key: tuple[Hashable, ...] = _ASKED(self)
        return key if self.grouping is None else (*key, self.grouping.name)


_ASKED = attrgetter(*[one.name for one in fields(FacetAsked) if one.name != "grouping"])


@dataclass(frozen=True, slots=True)
class Steps:
    """Puts numbers together, such as days by their month."""

    name: str
    """Two of the same name do the same."""
    of: Callable[[Array], Array] = field(compare=False)
    """Different numbers, ascending, to what is counted instead; it must not fall."""


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
    steps: Steps | None = None
    """What becomes of the different numbers that matches have in that field."""
    preferences: Preferences = field(default_factory=Preferences)
    """What adds to the scores of some of the articles that match."""
    relabelling: Relabelling = field(default_factory=Relabelling)
    deadline_s: float | None = 5.0
    key: tuple[Hashable, ...] | None = None
    """Names the articles and how they score: what questions of equal keys have found is kept, and not looked for again.

    Two questions of one key may differ in hits, facets and timeline alone. It is made of text, numbers and tuples of
    them. None where nothing is to be kept.
    """


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

    labels: tuple[str, ...]
    """In the order asked for; chosen labels that are further down, or at 0, at the end by count."""
    counts: tuple[int, ...]
    """Articles with each of `labels`."""
    total_values: int
    """How many labels have at least one article."""
    missing: int
    """Articles without any label."""
    matching: int = 0
    """How many labels have at least one article and the words asked for; with gains, how many of these add any."""
    gains: tuple[tuple[str, int], ...] = ()
    """Where they are asked for: (label, articles) of labels that are not chosen.

    An article counts that passes all other filters but has none of the chosen labels, when one of them is enough:
    it is what choosing the label too adds; labels that add nothing are left out. Without such a choice the numbers are
    those of `values`.
    """
    initials: tuple[tuple[str, int], ...] = ()
    """In the order of labels: first characters, each with the place of its first label among those that match."""
    groups: tuple[GroupCounts, ...] = ()
    """With a grouping: those with the label of the most articles first, then by name; the one without a name last."""
    total_groups: int = 0
    timelines: tuple[tuple[tuple[int, int], ...], ...] = ()
    """Where a timeline is asked for: for each of `values` (number, articles), ascending."""

    @property
    def values(self) -> tuple[tuple[str, int], ...]:
        """(label, articles) for each of `labels`."""
        return tuple(zip(self.labels, self.counts, strict=True))


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


_COUNTED = attrgetter(*[one.name for one in fields(FacetCounts)])
_Kept: TypeAlias = tuple[Hashable, ...]


@dataclass(slots=True)
class KeptSearch:
    """The parts of answers to questions about the same articles."""

    total: int = -1
    """How many there are; -1 as long as nobody has looked."""
    best: dict[str, tuple[Array, Array]] = field(default_factory=dict)
    """For each order the first articles by their numbers over all segments, and their scores."""
    counted: dict[_Kept, tuple[tuple[Any, ...], ...]] = field(default_factory=dict)
    """What is asked of facets, and the fields of what was counted for it."""
    timelines: dict[_Kept, tuple[tuple[int, ...], tuple[int, ...]]] = field(default_factory=dict)
    """For each field, and what becomes of its numbers: these, ascending, and how many articles have each."""
    grown: bool = False
    """Whether more is known than when it was kept last."""

    @classmethod
    def of(cls, packed: tuple[Any, ...]) -> KeptSearch:
        """What `packed` gave."""
        total, best, counted, timelines = packed
        return cls(total, dict(best), dict(counted), dict(timelines))

    def packed(self) -> tuple[Any, ...]:
        """All of it as tuples of text, numbers and arrays.

        Thousands are kept, and such tuples are none of those things that Python's collector goes over again and again.
        """
        return self.total, tuple(self.best.items()), tuple(self.counted.items()), tuple(self.timelines.items())

    @property
    def nbytes(self) -> int:
        """About how many bytes are kept."""
        counted = [FacetCounts(*counts) for found in self.counted.values() for counts in found]
        values = sum([len(one.labels) + len(one.gains) + sum([len(own) for own in one.timelines]) for one in counted])
        hits, bars = (sum([len(one) for one, _ in kept.values()]) for kept in (self.best, self.timelines))
        return FEW_BYTES + 16 * hits + VALUE_BYTES * (values + bars)

    def facets(self, asked: Sequence[FacetAsked]) -> tuple[FacetCounts, ...] | None:
        """What was counted of facets; None where it is not known."""
        known = self.counted.get(tuple([one.key for one in asked]))
        return None if known is None else tuple([FacetCounts(*counts) for counts in known])

    def keep_facets(self, asked: Sequence[FacetAsked], found: Sequence[FacetCounts]) -> None:
        """Keeps what was counted."""
        self.counted[tuple([one.key for one in asked])] = tuple([_COUNTED(counts) for counts in found])
        self.grown = True

    def page(self, asked: HitsAsked) -> tuple[Array, Array] | None:
        """A page of hits; None where it is not known."""
        known = self.best.get(asked.sort)
        end = asked.offset + asked.limit
        if known is None or len(known[0]) < min(end, self.total):
            return None
        docs, scores = known
        return docs[asked.offset : end], scores[asked.offset : end]

    def wanted(self, asked: HitsAsked) -> HitsAsked:
        """What to look for instead of a page, so that it can be kept; the page itself where it is far down."""
        end = asked.offset + asked.limit
        return asked if end > MOST else HitsAsked(asked.sort, 0, max(end, LEAST))

    def keep(self, asked: HitsAsked, docs: Array, scores: Array) -> None:
        """Keeps hits from the first on."""
        if not asked.offset and asked.limit <= MOST:
            self.best[asked.sort] = docs, scores
            self.grown = True
