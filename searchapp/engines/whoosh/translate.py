"""Our query tree to Whoosh's.

Whoosh's own parser is never used: no syntax but ours reaches an index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from whoosh import query as wq

from searchapp.analysis import stem
from searchapp.engines.base import PATTERN_SCORE, WEIGHTS
from searchapp.engines.matching import edit_distance_within
from searchapp.model import query as q

__all__ = ["Spelling", "translate"]

NamedTerms = Callable[[q.Named], Iterable[tuple[str, str]]]
"""Gives the fields and terms whose articles a `Named` asks for."""


class Spelling(wq.MultiTerm):  # type: ignore[misc]
    """Every word of a field that is spelled almost like `text`."""

    constantscore = True

    def __init__(self, fieldname: str, text: str, edits: int) -> None:
        self.fieldname, self.text, self.edits, self.boost = fieldname, text, edits, 1.0

    def __hash__(self) -> int:
        return hash((self.fieldname, self.text, self.edits))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spelling) and (self.fieldname, self.text, self.edits) == (
            other.fieldname,
            other.text,
            other.edits,
        )

    def field(self) -> str:
        return self.fieldname

    def _btexts(self, reader: Any) -> Iterator[bytes]:
        for found in reader.expand_prefix(self.fieldname, self.text[:1]):
            if edit_distance_within(self.text, found.decode("utf-8", "surrogatepass"), self.edits):
                yield found


def translate(query: q.Query, named_terms: NamedTerms) -> wq.Query:
    """The Whoosh query with the matches and scores that `query` has in every engine."""
    match query:
        case q.Term(word):
            return _in_fields(query, lambda field, boost: wq.Term(field, stem(word), boost=boost))
        case q.Phrase(words, exact) if len(words) == 1:
            word, ending = (words[0], "_forms") if exact else (stem(words[0]), "")
            return _in_fields(query, lambda field, boost: wq.Term(field + ending, word, boost=boost))
        case q.Phrase(words, exact):
            held, ending = (list(words), "_forms") if exact else ([stem(word) for word in words], "")
            return _in_fields(query, lambda field, boost: wq.Phrase(field + ending, held, slop=1, boost=boost))
        case q.Wildcard(pattern):
            return wq.ConstantScoreQuery(
                _in_fields(query, lambda field, _: wq.Wildcard(f"{field}_forms", pattern)), PATTERN_SCORE
            )
        case q.Fuzzy(word, edits):
            return wq.ConstantScoreQuery(
                _in_fields(query, lambda field, _: Spelling(f"{field}_forms", word, edits)), PATTERN_SCORE
            )
        case q.Named():
            return _unscored(wq.Or([wq.Term(field, text) for field, text in named_terms(query)]))
        case q.DateRange(since, until):
            first = (since or dt.date.min).toordinal() * 86400
            last = (until or dt.date.max).toordinal() * 86400 + 86399
            return _unscored(wq.NumericRange("published", first, last))
        case q.And(children):
            return wq.And([translate(child, named_terms) for child in children])
        case q.Or(children):
            return wq.Or([translate(child, named_terms) for child in children])
        case q.Not(child):
            # Not Whoosh's AndNot: its matcher lets the first article through when the unwanted ones begin before it.
            return _unscored(wq.Not(translate(child, named_terms)))
        case q.Everything():
            return _unscored(wq.Every())
        case q.Nothing():
            return wq.NullQuery


def _in_fields(query: q.Term | q.Phrase | q.Wildcard | q.Fuzzy, make: Callable[[str, float], wq.Query]) -> wq.Query:
    title, body = WEIGHTS
    if query.title_only:
        return make("title", title)
    return wq.Or([make("title", title), make("body", body)])


def _unscored(query: wq.Query) -> wq.Query:
    return wq.ConstantScoreQuery(query, 0.0)
