"""What a user asks: the query tree, and the request around it."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from operator import attrgetter
from typing import Any, TypeAlias

from searchapp.errors import InvalidRequest
from searchapp.model.facets import FACETS
from searchapp.model.frozen import FrozenDict

__all__ = [
    "DATED",
    "FACETS",
    "SCOPES",
    "SORTS",
    "TEXT_FIELDS",
    "And",
    "DateRange",
    "Dated",
    "Everything",
    "Fuzzy",
    "Named",
    "Near",
    "Not",
    "Nothing",
    "Or",
    "Phrase",
    "Query",
    "SearchRequest",
    "Term",
    "Wildcard",
    "atoms_of",
    "parse_day",
]

TEXT_FIELDS = ("title", "byline", "dateline", "section", "url")
"""What a word can be looked for in alone; without one of these it is looked for in title and body."""
SCOPES = ("mentions", "about")
"""What `SearchRequest.scope` may be, the usual one first."""
DATED = ("any", "estimated", "none")
"""What may be known of a date: the day, told or estimated; that it is only estimated; nothing."""
SORTS = ("relevance", "newest", "oldest")
MAX_PAGE_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class Term:
    """Articles that hold a word with the same stem, in title or body or in a `field`, one of `TEXT_FIELDS`."""

    word: str
    """Folded, one token."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Articles that hold these words next to each other, in order, in title or in body."""

    words: tuple[str, ...]
    """Folded words, at least one; one with hyphens is a compound, written together or in its parts."""
    exact: bool = True
    """True: these very forms, as in quotes. False: any forms with the same stems, as for `Nagorno-Karabakh`."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """Articles that hold all these words, in these forms and any order, within so many words of each other.

    From the one that ends first to the one that begins last are at most `within` places: 1 where they are neighbours.
    An empty line is one more. A word that is given twice must stand there twice.
    """

    words: tuple[str, ...]
    """Folded words, at least two; compounds as in a phrase."""
    within: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Articles that hold a word of this pattern; `word*` is the usual one."""

    pattern: str
    """Folded; `*` stands for any run of letters, `?` for one letter. A compound fits it in its writing together too."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Articles that hold a word spelled like `word`: at most `edits` letters added, dropped, changed or swapped."""

    word: str
    edits: int = 1
    """1 or 2."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Articles with a value of `facet` that is called so: any of `labels`, or where there are none with these words.

    A label has the words if they stand in it next to each other, in order.
    """

    facet: str
    words: tuple[str, ...]
    """Folded tokens, at least one."""
    prefix: bool = False
    """The last word may go on: `person:pash*`."""
    text: str = field(default="", compare=False)
    """What was typed, where it may be a whole name; a state then says which `labels` it means."""
    labels: tuple[str, ...] = ()
    """Labels as they are shown."""
    at: tuple[int, int] = field(default=(0, 0), compare=False)
    """The characters of the query that it was read from."""
    country: bool = False
    """The name is a country's, and any place in it is meant; `labels` are those, once a state has said which."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """Articles published from `since` to `until`, both days included; None leaves that side open."""

    since: dt.date | None
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Dated:
    """Articles by what is known of their date."""

    how: str
    """One of `DATED`."""


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match every child."""

    children: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match at least one child."""

    children: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match the child."""

    child: Query


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No article."""


Query: TypeAlias = (
    Term | Phrase | Near | Wildcard | Fuzzy | Named | DateRange | Dated | And | Or | Not | Everything | Nothing
)

_Leaf: TypeAlias = Term | Phrase | Near | Wildcard | Fuzzy | Named | DateRange

_NONE: FrozenDict[str, Any] = FrozenDict()
_CHOSEN = attrgetter(*FACETS)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?:([-/.])(?P<month>\d{1,2})(?:\2(?P<day>\d{1,2}))?)?", re.ASCII)
_YEAR_LAST = re.compile(r"(?:(?P<day>\d{1,2})[-/.])?(?P<month>\d{1,2})[-/.](?P<year>\d{4})", re.ASCII)
_TOGETHER = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)", re.ASCII)


def _compared(kind: type[_Leaf]) -> Callable[[Any], tuple[Any, ...]]:
    """Gives the fields of a query of this kind by which it equals another; there are several of each."""
    return attrgetter(*[one.name for one in fields(kind) if one.compare])


_COMPARED = {kind: _compared(kind) for kind in (Term, Phrase, Near, Wildcard, Fuzzy, Named, DateRange)}


def atoms_of(query: Query) -> tuple[Hashable, ...]:
    """Text, numbers, dates and tuples of them in a row, the same for equal queries and for no others.

    It is quicker to compare than the queries are, and nothing that is kept by it is work for Python's collector.
    """
    found: list[Hashable] = []
    waiting = [query]
    while waiting:
        node = waiting.pop()
        found.append(type(node).__name__)
        match node:
            case And(children) | Or(children):
                found.append(len(children))
                waiting += children
            case Not(child):
                waiting.append(child)
            case Dated(how):
                found.append(how)
            case Everything() | Nothing():
                pass
            case _:
                found += _COMPARED[type(node)](node)
    return tuple(found)


def parse_day(text: str, *, end: bool = False) -> dt.date:
    """The day that "2023", "2023-09" or "2023-09-22" begins with, or with `end` the day it ends with.

    "2023/09/22", "20230922", "22.09.2023" and "09/2023" are read too. Day and month before a slash are told apart where
    one is above 12; where neither is, the day comes first. Raises `ValueError` when `text` is no such date.
    """
    text = text.strip()
    if match := _TOGETHER.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        parts = match["year"], match["month"], match["day"]
    elif match := _YEAR_LAST.fullmatch(text):
        parts = match["year"], match["month"], match["day"]
        if "/" in text and parts[2] and int(match["month"]) > 12:
            parts = match["year"], match["day"], match["month"]
    else:
        raise ValueError(f"no date: {text!r}")
    year, month, day = (int(part) if part else None for part in parts)
    assert year is not None
    if month is None:
        return dt.date(year, 12, 31) if end else dt.date(year, 1, 1)
    if day is None:
        first = dt.date(year, month, 1)
        return first.replace(day=calendar.monthrange(year, month)[1]) if end else first
    return dt.date(year, month, day)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search: text, filters, order and page. Creating one validates it.

    Facet arguments take a label or several. Dates take a `date`, or text such as "2023", "2023-09" or
    "2023-09-22", where `until` means the end of that year or month; where `since` is after `until` they are swapped.
    Raises `InvalidRequest`.
    """

    text: str = ""
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facet to the labels that no hit may have."""
    match: Mapping[str, str] = field(default_factory=dict)
    """Facet to "any" or "all": how its chosen values combine. A plain "any" or "all" speaks for every facet."""
    within: str = ""
    """Only articles that name a place in this country, or the country itself."""
    scope: str = "mentions"
    """Which people, places and organisations of an article count: all it "mentions", or those it is "about"."""
    since: dt.date | None = None
    until: dt.date | None = None
    dated: str = ""
    """Only articles of which this is known, one of `DATED`: those without a date, or with an estimated one."""
    sort: str = "relevance"
    """relevance, newest or oldest. "date" is read as newest."""
    page: int = 1
    page_size: int = 10
    facet_size: int | None = 20
    """How many values of each facet to give, chosen ones besides; None for all."""

    said: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """How an argument was read that could not be meant as it was given; no part of what is asked."""

    def __post_init__(self) -> None:
        put = object.__setattr__
        if not isinstance(self.text, str):
            raise InvalidRequest(f"the query is {self.text!r}; give text")
        for facet in FACETS:
            if (labels := getattr(self, facet)) != ():
                put(self, facet, _labels(facet, labels))
        exclude = _facet_mapping("exclude", self.exclude) if self.exclude else _NONE
        if exclude is not _NONE:
            exclude = FrozenDict({f: labels for f in FACETS if (labels := _labels(f, exclude.get(f, ())))})
        put(self, "exclude", exclude)
        match = dict.fromkeys(FACETS, self.match) if isinstance(self.match, str) else self.match
        match = _facet_mapping("match", match) if match else _NONE
        for facet, rule in match.items():
            if rule not in ("any", "all"):
                raise InvalidRequest(f'match of {facet} is {rule!r}; use "any" or "all"')
        put(self, "match", FrozenDict({f: "all" for f in FACETS if match.get(f) == "all"}) if match else _NONE)
        if not isinstance(self.within, str):
            raise InvalidRequest(f"within is {self.within!r}; give the name of a country such as 'Armenia'")
        put(self, "within", " ".join(self.within.split()))
        if self.scope not in SCOPES:
            raise InvalidRequest(f"scope is {self.scope!r}; use one of {', '.join(SCOPES)}")
        if self.dated not in ("", *DATED):
            raise InvalidRequest(f"dated is {self.dated!r}; use one of {', '.join(DATED)}")
        given = self.since, self.until
        put(self, "since", _day("since", self.since, end=False))
        put(self, "until", _day("until", self.until, end=True))
        if self.since and self.until and self.since > self.until:
            since, until = _day("until", given[1], end=False), _day("since", given[0], end=True)
            put(self, "said", (*self.said, f"since {self.since} is after until {self.until}; the two were swapped"))
            put(self, "since", since)
            put(self, "until", until)
        put(self, "sort", "newest" if self.sort == "date" else self.sort)
        if self.sort not in SORTS:
            raise InvalidRequest(f"sort is {self.sort!r}; use one of {', '.join(SORTS)}")
        _check_count("page", self.page, 2**31)
        _check_count("page_size", self.page_size, MAX_PAGE_SIZE)
        if self.facet_size is not None:
            _check_count("facet_size", self.facet_size, 2**31)

    def __repr__(self) -> str:
        shown = ((f.name, getattr(self, f.name)) for f in fields(self) if f.repr)
        usual = {f.name: {} if f.default is MISSING else f.default for f in fields(self)}
        given = {name: dict(value) if isinstance(value, Mapping) else value for name, value in shown}
        return f"SearchRequest({', '.join(f'{n}={value!r}' for n, value in given.items() if value != usual[n])})"

    def selected(self, facet: str) -> tuple[str, ...]:
        """The labels chosen in `facet`."""
        labels: tuple[str, ...] = getattr(self, facet)
        return labels

    def excluded(self, facet: str) -> tuple[str, ...]:
        """The labels of `facet` that no hit may have."""
        return self.exclude.get(facet, ())

    def match_of(self, facet: str) -> str:
        """How the chosen values of `facet` combine: "any" or "all"."""
        return self.match.get(facet, "any")

    def widens(self, facet: str) -> bool:
        """Whether one more value of a facet would find more: some are chosen, and any of them is enough."""
        return bool(self.selected(facet)) and self.match_of(facet) == "any"

    @property
    def chosen(self) -> tuple[tuple[str, ...], ...]:
        """The labels chosen in each of `FACETS`."""
        return _CHOSEN(self)

    @property
    def has_filters(self) -> bool:
        """Whether anything but the text narrows this search, or what counts in it."""
        chosen = any(self.chosen)
        narrowed = self.exclude or self.within or self.since or self.until or self.dated
        return bool(chosen or narrowed or self.scope != SCOPES[0])

    def replace(self, **changes: Any) -> SearchRequest:
        """This request with these fields changed, validated again."""
        if "since" in changes or "until" in changes:
            changes = {"said": ()} | changes
        return replace(self, **changes)


def _labels(facet: str, labels: str | Iterable[str]) -> tuple[str, ...]:
    if labels is not None and (isinstance(labels, bytes | Mapping) or not isinstance(labels, Iterable)):
        raise InvalidRequest(f"{facet} is {labels!r}; give a label such as 'Armenia', or a list of labels")
    listed = (labels,) if isinstance(labels, str) else tuple(labels or ())
    for label in listed:
        if not isinstance(label, str) or not label.strip():
            raise InvalidRequest(f"{facet} has the value {label!r}; give a label such as 'Armenia'")
    return tuple(dict.fromkeys(listed))


def _facet_mapping(name: str, mapping: Any) -> dict[str, Any]:
    if not isinstance(mapping, Mapping):
        raise InvalidRequest(f"{name} is {mapping!r}; give a mapping from facets to values")
    for facet in mapping:
        if facet not in FACETS:
            raise InvalidRequest(f"{name} names the facet {facet!r}; use one of {', '.join(FACETS)}")
    return dict(mapping)


def _day(name: str, value: Any, *, end: bool) -> dt.date | None:
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return parse_day(str(value), end=end)
    except ValueError:
        raise InvalidRequest(f"{name} is {str(value)!r}; write a date as 2023, 2023-09 or 2023-09-22") from None


def _check_count(name: str, value: Any, largest: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= largest:
        raise InvalidRequest(f"{name} is {value!r}; use a whole number from 1 to {largest:,}")
