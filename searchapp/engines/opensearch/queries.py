"""Our query tree as a query of OpenSearch, with the matches and, but for rounding, the scores of every engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from searchapp.engines import rules
from searchapp.engines.matching import readings
from searchapp.engines.opensearch.mapping import field_of
from searchapp.engines.opensearch.tokens import alternatives, anywhere, starts, stem_token, token
from searchapp.model import query as q
from searchapp.model.entry import DATING

__all__ = ["Translator", "days_between"]

Clause = dict[str, Any]
NamedBy = Callable[[q.Named], Clause]
WeightedBy = Callable[[str, Sequence[str]], Sequence[float]]

_EVERY: Clause = {"match_all": {"boost": 0.0}}
_NONE: Clause = {"match_none": {}}
_IN_LANGUAGES = ("", "title")
"""Fields that are stemmed in the language of the article."""
_SPECIAL = re.compile(r"\\")


class Translator:
    """Makes queries; `named` gives the filter for a query of names, `factor` what scores are multiplied with."""

    def __init__(
        self, named: NamedBy, *, languages: Sequence[str] = (), weights: WeightedBy | None = None, factor: float = 1.0
    ) -> None:
        """`languages` are those besides English in which articles are stemmed; `weights` gives, for a field and the
        stems of one word in all of them, by how much each is rarer than the word.
        """
        self._named = named
        self._languages = tuple(languages)
        self._weights = weights
        self._factor = factor

    def scored(self, query: q.Query) -> tuple[Clause, list[Clause]]:
        """What has to match, and what adds to the scores of what does."""
        return self._clause(query), self._preferred(query)

    def matching(self, query: q.Query) -> Clause:
        """What has to match, where no score is wanted."""
        return self._clause(query)

    def _clause(self, query: q.Query) -> Clause:
        match query:
            case q.Term(word, field):
                return self._word(word, field)
            case q.Phrase(words, exact, field):
                return _any([self._way(self._phrase(way, field, exact=exact), way, field) for way in readings(words)])
            case q.Near(words, within, field):
                return _any([self._way(_near(way, field, within), way, field) for way in readings(words)])
            case q.Wildcard(pattern, field):
                value = {"value": _SPECIAL.sub(r"\\\\", token(pattern))}
                ways: list[Clause] = [{"wildcard": {field_of(field, part): value}} for part in ("forms", "joined")]
                return _scoring(_any(ways), rules.PATTERN_SCORE)
            case q.Fuzzy(word, edits, field):
                return _spelled(word, edits, field_of(field, "forms"))
            case q.Named():
                return _unscored(self._named(query))
            case q.DateRange(since, until):
                return _unscored(
                    days_between(since.toordinal() if since else None, until.toordinal() if until else None)
                )
            case q.Dated("estimated"):
                return _unscored({"bool": {"filter": [{"term": {DATING: "estimated"}}, days_between(None, None)]}})
            case q.Dated("any"):
                return _unscored(days_between(None, None))
            case q.Dated():
                return _unscored({"bool": {"must_not": [{"exists": {"field": "day"}}]}})
            case q.And(children):
                wanted = [self._clause(child) for child in children if not isinstance(child, q.Not)]
                refused = [self._clause(child.child) for child in children if isinstance(child, q.Not)]
                return {"bool": {"must": wanted or [_EVERY], "must_not": refused}}
            case q.Or(children):
                return _any([self._clause(child) for child in children])
            case q.Not(child):
                return {"bool": {"must": [_EVERY], "must_not": [self._clause(child)]}}
            case q.Nothing():
                return _NONE
            case _:
                return _EVERY

    def _word(self, word: str, field: str, times: int = 1) -> Clause:
        name, stems = field_of(field, "words"), self._stems(word, field)
        weights = self._weights(name, stems) if self._weights is not None and len(stems) > 1 else [1.0] * len(stems)
        boosts = [self._factor * times * weight for weight in weights]
        return _any([{"term": {name: {"value": s, "boost": b}}} for s, b in zip(stems, boosts, strict=True)])

    def _stems(self, word: str, field: str) -> list[str]:
        """The stem of a word in each language that articles have in a field."""
        return [stem_token(word, language) for language in ("", *(self._languages if field in _IN_LANGUAGES else ()))]

    def _way(self, held: Clause, way: Sequence[str], field: str) -> Clause:
        """Articles that pass `held`, which score what the stems of these words do."""
        words = Counter(way)
        return {"bool": {"filter": [held], "should": [self._word(word, field, n) for word, n in words.items()]}}

    def _phrase(self, way: Sequence[str], field: str, *, exact: bool) -> Clause:
        name = field_of(field, "exact" if exact else "stems")
        held = [[token(word)] if exact else self._stems(word, field) for word in way]
        if len(held) == 1:
            return {"terms": {name: [one for own in held[0] for one in starts(own)]}}
        return _in_row([_ways_of(owns, name) for owns in held])

    def _preferred(self, query: q.Query) -> list[Clause]:
        found: list[Clause] = []
        for term in rules.plain_words(query):
            form = {"term": {field_of(term.field, "forms"): token(term.word)}}
            found.append(_scoring(form, rules.FORM_SCORE))
        for (first, second), score in rules.plain_pairs(query).items():
            one, other = self._stems(first.word, first.field), self._stems(second.word, second.field)
            field = field_of(first.field, "stems")
            found.append(_scoring(_behind(one, other, field, 0), score))
            ways = [_behind(one, other, field, rules.NEAR - 1)]
            ways += [_behind(other, one, field, rules.NEAR - 1)] if one != other else []
            found.append(_scoring(_any(ways), rules.NEAR_SCORE))
        return found


def days_between(since: int | None, until: int | None) -> Clause:
    """Articles published from one day to another, both included, by `date.toordinal`; None leaves a side open."""
    ends = {name: day for name, day in (("gte", since), ("lte", until)) if day is not None}
    return _asked_of_all({"range": {"day": ends}} if ends else {"exists": {"field": "day"}})


def _asked_of_all(matched: Clause) -> Clause:
    """The same filter, asked of shards too of which it is known that they have nothing that passes.

    Such a shard would not be asked how frequent the words are, and scores would be others with a filter than without.
    """
    return {"bool": {"should": [matched, {"term": {"key": ""}}], "minimum_should_match": 1}}


def _any(ways: list[Clause]) -> Clause:
    if len(ways) == 1:
        return ways[0]
    return {"bool": {"should": ways, "minimum_should_match": 1}} if ways else _NONE


def _scoring(matched: Clause, score: float) -> Clause:
    return {"constant_score": {"filter": matched, "boost": score}}


def _unscored(matched: Clause) -> Clause:
    return _scoring(matched, 0.0)


def _spelled(word: str, edits: int, field: str) -> Clause:
    wanted = {"value": token(word), "fuzziness": edits, "transpositions": True, "prefix_length": 0}
    # Every such word counts, and a cluster gives up after some when it ranks them.
    near = {"fuzzy": {field: wanted | {"rewrite": "constant_score", "max_expansions": 1_000}}}
    itself = _scoring({"term": {field: token(word)}}, rules.SPELLED_SCORE)
    return {"bool": {"must": [_scoring(near, rules.PATTERN_SCORE)], "should": [itself]}}


def _ways_of(owns: Sequence[str], name: str) -> Clause:
    ways = [
        _in_row([{"span_term": {name: part}} for part in parts]) if len(parts) > 1 else {"span_term": {name: parts[0]}}
        for own in owns
        for parts in alternatives(own)
    ]
    return ways[0] if len(ways) == 1 else {"span_or": {"clauses": ways}}


def _in_row(clauses: list[Clause], between: int = 0) -> Clause:
    return {"span_near": {"clauses": clauses, "slop": between, "in_order": True}}


def _behind(first: Sequence[str], second: Sequence[str], name: str, between: int) -> Clause:
    """A stem that begins behind another one, with at most so many places between them."""
    return _in_row([_starting(first, name), _starting(second, name)], between)


def _starting(owns: Sequence[str], name: str) -> Clause:
    ways: list[Clause] = [{"span_term": {name: one}} for own in owns for one in starts(own)]
    return ways[0] if len(ways) == 1 else {"span_or": {"clauses": ways}}


def _near(way: Sequence[str], field: str, within: int) -> Clause:
    """All of these forms so that some stretch of `within` + 1 places has a part of each."""
    gaps = within + 1 - len(way)
    if gaps < 0:
        return _NONE
    times = Counter(way)
    sources = [_source(anywhere(token(word)) if times[word] == 1 else starts(token(word))) for word in way]
    rule = {"all_of": {"intervals": sources, "max_gaps": gaps, "ordered": False}}
    return {"intervals": {field_of(field, "exact"): rule}}


def _source(tokens: Sequence[str]) -> Clause:
    ways = [{"match": {"query": one}} for one in tokens]
    return ways[0] if len(ways) == 1 else {"any_of": {"intervals": ways}}
