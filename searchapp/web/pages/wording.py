"""A query tree in words: as someone would type it, and as a sentence says it."""

from __future__ import annotations

import datetime as dt
import re

from markupsafe import Markup

from searchapp.model import query as q
from searchapp.model.facets import WORD_OF_FACET
from searchapp.web.catalogue import Catalogue

__all__ = ["as_typed", "in_words", "parts"]

_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")


def as_typed(query: q.Query) -> str:
    """A text that reads as `query` again."""
    return _typed(query, inside=False)


def parts(query: q.Query) -> tuple[q.Query, ...]:
    """What an article must all fulfil to match."""
    return query.children if isinstance(query, q.And) else (query,)


def in_words(query: q.Query, strings: Catalogue) -> Markup:
    """How a query was read, as the end of a sentence: "with *ceasefire* and *talks*"."""
    return _said(query, strings, inside=False)


def _typed(query: q.Query, *, inside: bool) -> str:
    match query:
        case q.Term(word, title_only):
            return _in_title(_plain(word), title_only)
        case q.Phrase(words, exact, title_only):
            written = [_plain(word) for word in words]
            return _in_title(f'"{" ".join(written)}"' if exact else "-".join(written), title_only)
        case q.Wildcard(pattern, title_only):
            return _in_title(pattern, title_only)
        case q.Fuzzy(word, edits, title_only):
            return _in_title(f"{word}~{edits}", title_only)
        case q.Named(facet, words, prefix):
            text = " ".join(map(_plain, words))
            return f"{WORD_OF_FACET[facet]}:{text}*" if prefix else f'{WORD_OF_FACET[facet]}:"{text}"'
        case q.DateRange(since, until):
            return f"date:{_day(since)}" if since == until else f"date:{_day(since)}..{_day(until)}"
        case q.Not(child):
            return f"NOT {_typed(child, inside=True)}"
        case q.Everything() | q.Nothing():
            return "*" if isinstance(query, q.Everything) else "NOT *"
        case q.And(children):
            text = " ".join(_typed(child, inside=True) for child in children)
        case q.Or(children):
            text = " OR ".join(_typed(child, inside=True) for child in children)
    return f"({text})" if inside else text


def _plain(word: str) -> str:
    # The form of "U.S." has lost the full stop that makes it one word.
    return f"{word}." if _INITIALS.fullmatch(word) else word


def _in_title(text: str, title_only: bool) -> str:
    return f"title:{text}" if title_only else text


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _said(query: q.Query, strings: Catalogue, *, inside: bool) -> Markup:
    match query:
        case q.Term(word, title_only):
            return _titled(strings("reading.word", word=word), strings, title_only)
        case q.Phrase(words, _, title_only):
            return _titled(strings("reading.phrase", words=" ".join(words)), strings, title_only)
        case q.Wildcard(pattern, title_only):
            return _titled(strings("reading.pattern", pattern=pattern), strings, title_only)
        case q.Fuzzy(word, edits, title_only):
            return _titled(strings("reading.fuzzy", word=word, n=edits), strings, title_only)
        case q.Named(facet, words, prefix):
            key = "reading.named_prefix" if prefix else "reading.named"
            return strings(key, facet=strings(f"facets.{facet}.one"), words=" ".join(words))
        case q.DateRange(since, until):
            return _dates(since, until, strings)
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


def _titled(text: Markup, strings: Catalogue, title_only: bool) -> Markup:
    return strings("reading.in_title", what=text) if title_only else text


def _dates(since: dt.date | None, until: dt.date | None, strings: Catalogue) -> Markup:
    if since and until:
        if since == until:
            return strings("reading.on", day=strings.short_day(since))
        return strings("reading.between", since=strings.short_day(since), until=strings.short_day(until))
    if since:
        return strings("reading.since", since=strings.short_day(since))
    return strings("reading.until", until=strings.short_day(until))
