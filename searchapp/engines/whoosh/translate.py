"""Our query tree to Whoosh's.

Whoosh's own parser is never used: no syntax but ours reaches an index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache

from whoosh import query as wq

from searchapp.columnar import (
    LabelIn,
    LabelWords,
    NearIn,
    NumberRange,
    PatternIn,
    PhraseIn,
    Preferences,
    Scoring,
    SpelledLike,
    TermIn,
    TypedWord,
    WordPair,
)
from searchapp.engines import rules
from searchapp.engines.matching import readings
from searchapp.engines.whoosh.schema import field_in
from searchapp.language.stemming import stem
from searchapp.model import query as q
from searchapp.model.entry import DATING, column_for
from searchapp.model.query import FACETS

__all__ = ["SCORING", "asked", "days_between", "preferences", "text_fields", "translate"]

SCORING = Scoring(rules.K1, rules.B)
_ANYWHERE = (("title", rules.TITLE_WEIGHT), ("body", 1))
_OFTEN_FIRST = ("body", "title")


@lru_cache(maxsize=32)
def asked(query: q.Query, scope: str, languages: tuple[str, ...]) -> tuple[wq.Query, Preferences]:
    """What `query` asks of the index under a scope: which articles, and what adds to their scores.

    `languages` are those that the index has fields of, besides English.
    """
    columns = {facet: column_for(facet, scope) for facet in FACETS}
    return translate(query, columns, languages), preferences(query, languages)


def translate(query: q.Query, columns: Mapping[str, str], languages: Sequence[str]) -> wq.Query:
    """The Whoosh query with the matches and scores that `query` has in every engine.

    `columns` maps each facet to the column of labels that is meant.
    """
    match query:
        case q.Term(word, field):
            return TermIn(_stems(word, field, languages), _where(field, languages))
        case q.Phrase(words, exact, field):
            where = _where(field, languages)
            ways = [(way, [_stems(word, field, languages) for word in way]) for way in readings(words)]
            return _any([PhraseIn(way, where, exact=exact, stems=stems) for way, stems in ways])
        case q.Near(words, within, field):
            where = _where(field, languages)
            ways = [(way, [_stems(word, field, languages) for word in way]) for way in readings(words)]
            return _any([NearIn(way, where, within=within, stems=stems) for way, stems in ways])
        case q.Wildcard(pattern, field):
            return PatternIn(pattern, text_fields(field, languages))
        case q.Fuzzy(word, edits, field):
            return SpelledLike(word, edits, text_fields(field, languages), itself=rules.SPELLED_SCORE)
        case q.Named(facet, words, prefix):
            if query.labels:
                return LabelIn(columns[facet], query.labels)
            return LabelWords(columns[facet], words, prefix=prefix)
        case q.DateRange(since, until):
            return days_between(since, until)
        case q.Dated("estimated"):
            return LabelIn(DATING, ("estimated",))
        case q.Dated(how):
            return days_between(None, None) if how == "any" else wq.Not(days_between(None, None))
        case q.And(children):
            return wq.And([translate(child, columns, languages) for child in children])
        case q.Or(children):
            return wq.Or([translate(child, columns, languages) for child in children])
        case q.Not(child):
            return wq.Not(translate(child, columns, languages))
        case q.Everything():
            return wq.Every()
        case q.Nothing():
            return wq.NullQuery


def _where(field: str, languages: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """The fields of the index where a word after `field:` is looked for, in the order of `_read_in`."""
    weights = ((field, 1),) if field else _ANYWHERE
    return tuple([(field_in(name, language), n) for language in _read_in(field, languages) for name, n in weights])


def _stems(word: str, field: str, languages: Sequence[str]) -> tuple[str, ...]:
    """The stem of a word in each of these fields."""
    times = 1 if field else len(_ANYWHERE)
    return tuple([own for language in _read_in(field, languages) for own in [stem(word, language)] * times])


def _read_in(field: str, languages: Sequence[str]) -> tuple[str, ...]:
    return ("", *languages) if field in ("", "title") else ("",)


def text_fields(field: str, languages: Sequence[str]) -> tuple[str, ...]:
    """The names of the fields of the index with the words of a field, or of title and body."""
    return tuple([name for name, _ in _where(field, languages)])


def _any(ways: list[PhraseIn] | list[NearIn]) -> wq.Query:
    return ways[0] if len(ways) == 1 else wq.Or(ways)


def preferences(query: q.Query, languages: Sequence[str]) -> Preferences:
    """What adds to the scores of articles that match `query`."""
    words = rules.plain_words(query)
    places = {word: place for place, word in enumerate(words)}
    return Preferences(
        words=tuple(
            TypedWord(
                term.word,
                tuple(
                    [
                        (field_in(name, language), stem(term.word, language))
                        for language in _read_in(term.field, languages)
                        for name in ((term.field,) if term.field else _OFTEN_FIRST)
                    ]
                ),
            )
            for term in words
        ),
        pairs=tuple(
            WordPair(places[first], places[second], phrase)
            for (first, second), phrase in rules.plain_pairs(query).items()
        ),
        form=rules.FORM_SCORE,
        near=rules.NEAR_SCORE,
        within=rules.NEAR,
    )


def days_between(since: dt.date | None, until: dt.date | None) -> NumberRange:
    """Articles published from `since` to `until`, both included; None leaves that side open."""
    return NumberRange("day", since.toordinal() if since else None, until.toordinal() if until else None)
