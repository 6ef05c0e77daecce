"""What is searched for: one case of every class of query, in terms that every engine is given in its own words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Protocol

__all__ = ["CASES", "FACETS", "Case", "Record", "Reply", "Rival"]

FACETS = ("places", "topics", "people")


@dataclass(frozen=True)
class Record:
    """An article, as every engine gets it."""

    id: str
    title: str
    body: str
    published: dt.datetime | None
    labels: dict[str, tuple[str, ...]]
    article: Any
    """The `Article` itself."""


@dataclass(frozen=True)
class Case:
    """A search. `kind` and `words` say what for: see the functions of the engines that read them."""

    name: str
    kind: str
    words: tuple[str, ...] = ()
    text: str = ""
    """The same in Searchapp's query language."""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: dict[str, tuple[str, ...]] = field(default_factory=dict)
    since: dt.date | None = None
    until: dt.date | None = None
    page: int = 1
    newest: bool = False


@dataclass(frozen=True)
class Reply:
    """What came back."""

    total: int
    hits: int
    facets: dict[str, dict[str, int]]
    bars: int
    snippets: list[str]


class Rival(Protocol):
    """An engine under test."""

    name: str

    def add(self, records: list[Record]) -> None:
        """Index the articles of a batch."""

    def finish(self) -> None:
        """Commit."""

    def open(self) -> None:
        """Open for searching."""

    def ask(self, case: Case) -> Reply:
        """The whole answer: exact total, ten best, three facets, timeline and ten snippets."""


def _case(name: str, kind: str, words: str = "", text: str | None = None, **options: Any) -> Case:
    return Case(name, kind, tuple(words.split()), words if text is None else text, **options)


SPRING = {"since": dt.date(1987, 3, 1), "until": dt.date(1987, 3, 31)}

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
    _case("word in a month", "all", "trade", **SPRING),
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
    _case("everything in a month", "every", **SPRING),
    _case("page 100", "all", "said", page=100),
    _case("newest first", "all", "oil", newest=True),
    _case(
        "phrase, month, place",
        "phrase",
        "interest rates",
        text='"interest rates"',
        filters={"places": ("United States",)},
        **SPRING,
    ),
]
