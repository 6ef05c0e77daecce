"""Whether an article is found, and how well: each rule once, read off the query."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from searchapp.engines import rules
from searchapp.engines.matching import Held, holds_reading, holds_words, readings
from searchapp.language.stemming import stem
from searchapp.language.words import forms, words
from searchapp.model import query as q
from searchapp.model.article import KIND_OF_FACET, Article
from searchapp.model.entry import Entry, column_for
from searchapp.model.names import Relabelling, shown_labels

__all__ = ["LabelsOf", "Stored", "holds", "labels_counted", "passes", "score"]


@dataclass
class Stored:
    """An entry, with its words worked out when they are first looked at."""

    entry: Entry

    @property
    def article(self) -> Article:
        return self.entry.article

    @cached_property
    def fields(self) -> tuple[Held, ...]:
        """The title, then the body."""
        return self._words_in("title"), self._words_in("body")

    def held_in(self, field: str) -> tuple[Held, ...]:
        """The words of one of `TEXT_FIELDS`; without one, those of title and body."""
        if not field:
            return self.fields
        if field not in self._held:
            self._held[field] = self._words_in(field)
        return (self._held[field],)

    def _words_in(self, field: str) -> Held:
        return Held.of(list(words(rules.text_of(self.article, field))), rules.stemmed_in(self.article, field))

    @cached_property
    def _held(self) -> dict[str, Held]:
        return {"title": self.fields[0]}


LabelsOf: TypeAlias = Callable[[Stored, str], tuple[str, ...]]
"""The labels of an article in a facet, as one search counts them."""


def labels_counted(request: q.SearchRequest, names: Relabelling) -> LabelsOf:
    """What the articles count under in a search whose names are shown as `names` says."""
    columns = {kind: column_for(kind, request.scope) for kind in KIND_OF_FACET}
    return lambda one, facet: shown_labels(
        one.article, facet, names, {kind: one.entry.columns[column] for kind, column in columns.items()}
    )


def passes(request: q.SearchRequest, one: Stored, labels_of: LabelsOf, ignoring: str) -> bool:
    """Whether an article passes every filter, but for the chosen values of the facet `ignoring`."""
    if (request.since or request.until) and not holds(q.DateRange(request.since, request.until), one, labels_of):
        return False
    for facet in q.FACETS:
        values = set(labels_of(one, facet))
        if values & set(request.excluded(facet)):
            return False
        chosen = set(request.selected(facet)) if facet != ignoring else set()
        if chosen and not (chosen <= values if request.match_of(facet) == "all" else chosen & values):
            return False
    return True


def holds(query: q.Query, one: Stored, labels_of: LabelsOf) -> bool:
    """Whether an article matches."""
    match query:
        case q.And(children):
            return all(holds(child, one, labels_of) for child in children)
        case q.Or(children):
            return any(holds(child, one, labels_of) for child in children)
        case q.Not(child):
            return not holds(child, one, labels_of)
        case q.Named(facet) if query.labels:
            return not set(query.labels).isdisjoint(labels_of(one, facet))
        case q.Named(facet, words, prefix):
            wanted = re.compile(" " + re.escape(" ".join(words)) + ("" if prefix else " "))
            labels = labels_of(one, facet)
            return any(wanted.search(f" {' '.join(forms(label))} ") for label in labels)
        case q.DateRange(since, until):
            day = one.article.published
            return day is not None and (since is None or since <= day) and (until is None or day <= until)
        case q.Dated(how):
            dated = one.article.published is not None
            estimated = dated and one.article.published_source == "estimated"
            return {"any": dated, "estimated": estimated, "none": not dated}[how]
        case q.Everything() | q.Nothing():
            return isinstance(query, q.Everything)
        case _:
            return any(holds_words(query, field) for field in _looked_at(query, one))


def score(query: q.Query, one: Stored, everything: list[Stored], labels_of: LabelsOf) -> float:
    """How well an article that matches does so; see `searchapp.engines.rules`."""
    return _matched(query, one, everything, labels_of) + _preferred(query, one)


def _matched(query: q.Query, one: Stored, everything: list[Stored], labels_of: LabelsOf) -> float:
    match query:
        case q.And(children) | q.Or(children):
            held = [child for child in children if holds(child, one, labels_of)]
            return sum(_matched(child, one, everything, labels_of) for child in held)
        case q.Term(word) if holds(query, one, labels_of):
            return _bm25f(word, one, everything, query.field)
        case q.Phrase(words) | q.Near(words):
            fields = _looked_at(query, one)
            ways = [way for way in readings(words) if any(holds_reading(query, way, field) for field in fields)]
            return sum(_bm25f(word, one, everything, query.field) for way in ways for word in way)
        case q.Wildcard() if holds(query, one, labels_of):
            return rules.PATTERN_SCORE
        case q.Fuzzy(word) if holds(query, one, labels_of):
            itself = any(word in field.forms for field in _looked_at(query, one))
            return rules.PATTERN_SCORE + (rules.SPELLED_SCORE if itself else 0.0)
        case _:
            return 0.0


def _bm25f(word: str, one: Stored, everything: list[Stored], field: str) -> float:
    times = (1,) if field else (rules.TITLE_WEIGHT, 1)

    def told(other: Stored) -> tuple[int, int]:
        """How often an article has the word, and how many words it has."""
        fields = list(zip(other.held_in(field), times, strict=True))
        frequency = sum(n * held.stems.count(stem(word, held.language)) for held, n in fields)
        return frequency, sum(n * len(held.stems) for held, n in fields)

    filled = [(frequency, length) for frequency, length in map(told, everything) if length]
    frequency, length = told(one)
    return rules.word_score(
        frequency,
        rules.counted_length(length),
        holders=sum(frequency > 0 for frequency, _ in filled),
        articles=len(filled),
        average=sum(length for _, length in filled) / len(filled),
    )


def _preferred(query: q.Query, one: Stored) -> float:
    total = 0.0
    for term in rules.plain_words(query):
        total += rules.FORM_SCORE * any(term.word in field.forms for field in _looked_at(term, one))
    for (first, second), phrase_score in rules.plain_pairs(query).items():
        steps = [step for field in _looked_at(first, one) for step in _steps(first.word, second.word, field)]
        total += phrase_score * (1 in steps)
        total += rules.NEAR_SCORE * any(0 < abs(step) <= rules.NEAR for step in steps)
    return total


def _looked_at(part: q.Term | q.Phrase | q.Near | q.Wildcard | q.Fuzzy, one: Stored) -> tuple[Held, ...]:
    return one.held_in(part.field)


def _steps(first: str, second: str, field: Held) -> list[int]:
    """How many places each `second` stands behind each `first`."""
    starts, ends = (
        [place for place, own in zip(field.places, field.stems, strict=True) if own == stem(word, field.language)]
        for word in (first, second)
    )
    return [end - start for start in starts for end in ends]
