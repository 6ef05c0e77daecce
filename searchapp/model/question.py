"""What is asked of one state of an archive, and what comes back: no more than is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from searchapp.model.query import FACETS, Everything, Query, SearchRequest
from searchapp.model.result import FacetResult, Hit, Problem, TimelineBar

__all__ = [
    "HEADS",
    "WHOLE",
    "Answer",
    "FacetWanted",
    "Grouping",
    "HitsWanted",
    "Question",
]

WHOLE = frozenset({"body", "mentions"})
"""What `HitsWanted.fields` can leave out."""


@dataclass(frozen=True, slots=True)
class HitsWanted:
    """That the articles of the request's page are wanted, in its order."""

    snippets: bool = True
    """Whether each comes with its best passages; without, a snippet is empty."""
    fields: frozenset[str] = WHOLE
    """Of `WHOLE`, what will be read of each article. The rest of it may be empty; it is a promise not to look."""


HEADS = HitsWanted(snippets=False, fields=frozenset())
"""For lists of titles: neither bodies nor names are read."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Puts the labels of a facet into groups, such as places into countries."""

    name: str
    """Two groupings of one name are the same."""
    of: Callable[[str], str] = field(compare=False)
    """Label to the name of its group; empty for none."""


@dataclass(frozen=True, slots=True)
class FacetWanted:
    """Which values of one facet are wanted. Chosen values come besides, unless they are looked for by `find`."""

    name: str
    size: int | None = 20
    """How many values, or with `grouping` how many groups; None for all."""
    offset: int = 0
    """How many of the first to leave out."""
    find: str = ""
    """Only values with this text in their label, case and accents aside."""
    find_words: bool = False
    """Whether the text has to begin with a word of the label."""
    order: str = "count"
    """count (the most articles first, then by label), label (by letter, accents aside), or distinctive (see below).

    Distinctive are, of the values with most articles, those more frequent here than in the whole archive, the most
    telling first, by the log-likelihood ratio of Dunning (1993).
    """
    gains: bool = False
    """The chosen values first; then, of the others, what each adds to the choice, if it adds anything.

    That is the number of articles with it, but with none of the chosen values of this facet. Where none is chosen, or
    all the chosen ones are needed, the counts are the usual ones.
    """
    grouping: Grouping | None = None
    """Gives the values in groups, in `FacetResult.groups`: the one with the most frequent value first, then by name."""
    timeline: str = ""
    """Of each value its articles over time, in `FacetResult.timelines`: month, day, or empty for none."""
    labels: tuple[str, ...] | None = None
    """Only these values, in this order, with their counts, which may be 0."""
    also: tuple[str, ...] = ()
    """Values that are found by `find` whatever their label has."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which articles, and what of them is wanted. What is not named is neither looked for nor counted."""

    request: SearchRequest = field(default_factory=SearchRequest)
    """Text and filters choose the articles; `sort`, `page` and `page_size` say which of them are hits."""
    query: Query | None = None
    """The text as it was read; None to have it read."""
    hits: HitsWanted | None = None
    facets: tuple[FacetWanted, ...] = ()
    timeline: str = ""
    """auto (by day where the matches span few days, else by month), month, day, or empty for none."""

    @classmethod
    def of(cls, request: SearchRequest) -> Question:
        """What `Archive.search` answers: a page of hits with snippets, every facet, the timeline."""
        return cls(request, hits=HitsWanted(), facets=_every_facet(request.facet_size), timeline="auto")


@lru_cache(maxsize=16)
def _every_facet(size: int | None) -> tuple[FacetWanted, ...]:
    return tuple([FacetWanted(name, size) for name in FACETS])


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question found; what was not asked for is empty."""

    question: Question
    total: int
    """Matching articles, exact."""
    hits: tuple[Hit, ...] = ()
    facets: tuple[FacetResult, ...] = ()
    """One for each of the question's, in its order."""
    timeline: tuple[TimelineBar, ...] = ()
    problems: tuple[Problem, ...] = ()
    """How the text was read differently from how it was typed."""

    @property
    def query(self) -> Query:
        """How the text was read."""
        return self.question.query or Everything()
