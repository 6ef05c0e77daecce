"""A query with words and names that the archive has, in place of those that it does not."""

from __future__ import annotations

from searchapp.engines.base import EngineState
from searchapp.engines.naming import Resolver
from searchapp.model import query as q

__all__ = ["respelled"]

MIN_WORD_CHARS = 4
"""Shorter words are like too many others."""
_READ = ("", "title")
"""Where a word may stand that is spelled as titles and bodies spell it."""


def respelled(query: q.Query, engine: EngineState, resolver: Resolver) -> q.Query:
    """The query with each word that no article has as the archive spells it, and each unknown name as the nearest."""
    match query:
        case q.And(children):
            return q.And(tuple(respelled(child, engine, resolver) for child in children))
        case q.Or(children):
            return q.Or(tuple(respelled(child, engine, resolver) for child in children))
        case q.Term(word) if query.field in _READ:
            return q.Term(_spelling(engine, word), query.field)
        case q.Phrase(words) if query.field in _READ:
            return q.Phrase(tuple(_spelling(engine, word) for word in words), query.exact, query.field)
        case q.Near(words) if query.field in _READ:
            return q.Near(tuple(_spelling(engine, word) for word in words), query.within, query.field)
        case q.Named(text=text) if text and not query.labels and not query.country:
            return _named(query, resolver)
    return query


def _spelling(engine: EngineState, word: str) -> str:
    """The word itself where the archive has it or none like it, else the one of its words that is most like it."""
    if len(word) < MIN_WORD_CHARS or word.isdigit():
        return word
    forms = engine.spellings(word)
    return max(forms, key=lambda form: (forms[form], form)) if forms else word


def _named(query: q.Named, resolver: Resolver) -> q.Query:
    if resolver.called(query.facet, query.text) or resolver.has_words(query):
        return query
    for offer in resolver.nearest(query.facet, query.text, most=1):
        return q.Named(offer.facet, query.words, text=offer.label, labels=(offer.label,))
    return query
