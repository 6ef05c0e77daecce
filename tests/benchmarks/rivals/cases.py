"""What every engine is given and asked: articles, and searches in terms that each puts in its own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from searchapp.model.article import Article

__all__ = ["CASES", "FACETS", "Case", "Record", "Reply", "Rival"]

FACETS = ("places", "topics", "people")


@dataclass(frozen=True, slots=True)
class Record:
    """An article, as every engine gets it."""

    id: str
    title: str
    body: str
    published: dt.date | None
    labels: Mapping[str, tuple[str, ...]]
    article: Article

    @classmethod
    def of(cls, article: Article) -> Record:
        """What the engines index of an article."""
        labels = {facet: article.values(facet) for facet in FACETS}
        return cls(article.id, article.title, article.body, article.published, labels, article)


@dataclass(frozen=True)
class Case:
    """A search. `kind` and `words` say what for: see the functions of the engines that read them."""

    name: str
    kind: str
    words: tuple[str, ...] = ()
    text: str = ""
    """The same in Searchapp's query language."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: dt.date | None = None
    until: dt.date | None = None
    page: int = 1
    newest: bool = False

    @classmethod
    def of_words(cls, words: tuple[str, ...], *, every: bool = True) -> Case:
        """Articles with all of the words, or with any."""
        text = (" " if every else " OR ").join(words)
        return cls(text, "all" if every else "any", words, text)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    total: int
    ids: list[str]
    """Of the hits, best first."""
    heads: list[tuple[str, object]]
    """Title and date of each hit, which a list of them shows."""
    facets: Mapping[str, Mapping[str, int]]
    months: int
    """Bars of the timeline."""
    snippets: list[str]


class Rival(Protocol):
    """An engine under test."""

    def add(self, records: Iterable[Record]) -> None:
        """Makes an index of the articles, in one commit."""

    def open(self) -> None:
        """Opens the index for searching."""

    def ask(self, case: Case, size: int = 10) -> Reply:
        """The whole answer: exact total, a page of so many hits with snippets, facets, a timeline by month."""


class Growing(Rival, Protocol):
    """An engine that also takes articles one by one while it is open."""

    def add_one(self, record: Record) -> None:
        """Adds an article and commits; whatever is asked afterwards finds it."""


def _case(name: str, kind: str, words: str = "", text: str | None = None, **options: Any) -> Case:
    return Case(name, kind, tuple(words.split()), words if text is None else text, **options)


_MARCH: dict[str, Any] = {"since": dt.date(1987, 3, 1), "until": dt.date(1987, 3, 31)}

CASES = [
    _case("rare word", "all", "bahia"),
    _case("common word", "all", "reagan"),
    _case("very common word", "all", "said"),
    _case("word in title", "title", "oil", text="title:oil"),
    _case("two words", "all", "oil prices"),
    _case("two common words", "all", "said year"),
    _case("three words", "all", "bank interest rate"),
    _case("or", "any", "oil gold", text="oil OR gold"),
    _case("or of common words", "any", "company bank shares", text="company OR bank OR shares"),
    _case("not", "not", "oil price", text="oil -price"),
    _case("common, not common", "not", "said company", text="said -company"),
    _case("phrase", "phrase", "interest rates", text='"interest rates"'),
    _case("common phrase", "phrase", "the company said", text='"the company said"'),
    _case("prefix", "pattern", "elect*"),
    _case("wide prefix", "pattern", "comp*"),
    _case("wildcard", "pattern", "pr?ce*"),
    _case("wildcard in front", "pattern", "*ation"),
    _case("misspelt", "fuzzy", "reagen 1", text="reagen~"),
    _case("misspelt twice", "fuzzy", "comission 2", text="comission~2"),
    _case("word in a month", "all", "trade", **_MARCH),
    _case("word, one place", "all", "trade", filters={"places": ("United States",)}),
    _case(
        "word, three filters",
        "all",
        "said",
        filters={"places": ("United States", "Japan"), "topics": ("Trade",)},
        exclude={"people": ("Ronald Reagan",)},
    ),
    _case("everything", "every"),
    _case("everything, one place", "every", filters={"places": ("Japan",)}),
    _case("everything in a month", "every", **_MARCH),
    _case("page 100", "all", "said", page=100),
    _case("newest first", "all", "oil", newest=True),
    _case(
        "phrase, month, place",
        "phrase",
        "interest rates",
        text='"interest rates"',
        filters={"places": ("United States",)},
        **_MARCH,
    ),
]
"""One of every class of search, made for Reuters-21578."""
