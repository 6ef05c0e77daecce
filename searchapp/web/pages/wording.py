"""A query tree in words, as a sentence says it."""

from __future__ import annotations

import datetime as dt

from markupsafe import Markup

from searchapp.model import query as q
from searchapp.web.catalogue import Catalogue

__all__ = ["in_words"]


def in_words(query: q.Query, strings: Catalogue) -> Markup:
    """How a query was read, as the end of a sentence: "with *ceasefire* and *talks*"."""
    return _said(query, strings, inside=False)


def _said(query: q.Query, strings: Catalogue, *, inside: bool) -> Markup:
    match query:
        case q.Term(word, field):
            return _in_field(strings("reading.word", word=word), strings, field)
        case q.Phrase(words, _, field):
            return _in_field(strings("reading.phrase", words=" ".join(words)), strings, field)
        case q.Near(words, within, field):
            return _in_field(strings("reading.near", words=" ".join(words), n=within), strings, field)
        case q.Wildcard(pattern, field):
            return _in_field(strings("reading.pattern", pattern=pattern), strings, field)
        case q.Fuzzy(word, edits, field):
            return _in_field(strings("reading.fuzzy", word=word, n=edits), strings, field)
        case q.Named(facet, words, prefix):
            if query.country:
                return strings("reading.within", words=query.text or " ".join(words))
            key = "reading.named_prefix" if prefix else "reading.named"
            return strings(key, facet=strings(f"facets.{facet}.one"), words=" ".join(words))
        case q.DateRange(since, until):
            return _dates(since, until, strings)
        case q.Dated(how):
            return strings(f"reading.dated.{how}")
        case q.Not(child):
            return strings("reading.not", what=_said(child, strings, inside=True))
        case q.Everything():
            return strings("reading.everything")
        case q.Nothing():
            return strings("reading.nothing")
        case q.And(children) | q.Or(children):
            between = strings("reading.and" if isinstance(query, q.And) else "reading.or")
            text = Markup("")
            for number, child in enumerate(children):
                text += (between if number else Markup("")) + _said(child, strings, inside=True)
            return strings("reading.group", what=text) if inside else text


def _in_field(text: Markup, strings: Catalogue, field: str) -> Markup:
    return strings(f"reading.in_{field}", what=text) if field else text


def _dates(since: dt.date | None, until: dt.date | None, strings: Catalogue) -> Markup:
    if since and until:
        if since == until:
            return strings("reading.on", day=strings.short_day(since))
        return strings("reading.between", since=strings.short_day(since), until=strings.short_day(until))
    if since:
        return strings("reading.since", since=strings.short_day(since))
    return strings("reading.until", until=strings.short_day(until))
