"""A query tree back to a text that reads as it."""

from __future__ import annotations

import datetime as dt
import re

from searchapp.language.words import INITIALS, query_words
from searchapp.model import query as q
from searchapp.model.facets import WORD_OF_FACET
from searchapp.parsing.lexer import QUOTES

__all__ = ["as_typed"]

_QUOTING = re.compile(f"[{QUOTES}*]")
"""What a name between quotes must not hold."""


def as_typed(query: q.Query) -> str:
    """A text that reads as `query` again."""
    return _typed(query, inside=False)


def _typed(query: q.Query, *, inside: bool) -> str:
    match query:
        case q.Term(word, field):
            return _in_field(_plain(word), field)
        case q.Phrase(words, exact, field):
            written = [_plain(word) for word in words]
            if exact:
                return _in_field(f'"{" ".join(written)}"', field)
            # A hyphen makes a compound of few words.
            together = "-".join(written)
            return _in_field(together if query_words(together) == words else "_".join(written), field)
        case q.Near(words, within, field):
            return _in_field(f'"{" ".join(map(_plain, words))}"~{within}', field)
        case q.Wildcard(pattern, field):
            return _in_field(pattern, field)
        case q.Fuzzy(word, edits, field):
            return _in_field(f"{word}~{edits}", field)
        case q.Named(facet, words, prefix, typed):
            word = "country" if query.country else WORD_OF_FACET[facet]
            text = typed if typed and not _QUOTING.search(typed) else " ".join(map(_plain, words))
            return f"{word}:{text}*" if prefix else f'{word}:"{text}"'
        case q.DateRange(since, until):
            return f"date:{_day(since)}" if since == until else f"date:{_day(since)}..{_day(until)}"
        case q.Dated(how):
            return f"date:{how}"
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
    return f"{word}." if INITIALS.fullmatch(word) else word


def _in_field(text: str, field: str) -> str:
    return f"{field}:{text}" if field else text


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
