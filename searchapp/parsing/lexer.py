"""The pieces of a typed query: words, quoted phrases, parentheses, operators, each with an optional field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from searchapp.model.facets import FACET_OF_WORD, WORD_OF_FACET
from searchapp.model.result import Problem

__all__ = ["FIELDS", "Lexeme", "lex"]

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "headline": "title",
        "date": "date",
        **FACET_OF_WORD,
    }
)
"""What may stand before a colon, to what it searches."""

_QUOTES = '"“”„«»'
_SPACE = re.compile(r"\s+")
_FIELD = re.compile(r"([^\W\d_]+):", re.UNICODE)
_WORD = re.compile(rf"[^\s(){_QUOTES}]+")
_QUOTED = re.compile(rf"[{_QUOTES}]([^{_QUOTES}]*)([{_QUOTES}]?)")
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not"}
# A colon after these is part of an address, not a field.
_SCHEMES = {"http", "https", "ftp", "mailto"}


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of a query."""

    kind: str
    """word, quoted, open, close, and, or, not."""
    text: str
    start: int
    end: int
    field: str = ""
    """What the piece is limited to: one of the values of `FIELDS`, or empty."""


def lex(text: str, problems: list[Problem]) -> Iterator[Lexeme]:
    """The pieces of `text` in order; what is faulty is put right and added to `problems`."""
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        start, field = at, ""
        # A minus or plus counts only where a word begins; "talks - peace" has a dash.
        if text[at] in "-+" and at + 1 < len(text) and not text[at + 1].isspace():
            if text[at] == "-":
                yield Lexeme("not", "-", at, at + 1)
            at += 1
            continue
        if named := _FIELD.match(text, at):
            field, at = _field(text, named, problems)
            if not field and at > start:
                yield Lexeme("word", named.group(1), start, at)
                continue
        char = text[at] if at < len(text) else ""
        if char in ("(", ")"):
            yield Lexeme("open" if char == "(" else "close", char, start, at + 1, field)
            at += 1
        elif char and char in _QUOTES:
            quoted = _QUOTED.match(text, at)
            assert quoted is not None
            at = quoted.end()
            if not quoted.group(2):
                message = f"the quote in {_shorten(quoted.group())} is never closed; it was read to the end"
                problems.append(Problem(message, start, at))
            yield Lexeme("quoted", quoted.group(1), start, at, field)
        else:
            word = _WORD.match(text, at)
            assert word is not None
            at = word.end()
            kind = "word" if field else _OPERATORS.get(word.group(), "word")
            yield Lexeme(kind, word.group(), start, at, field)


def _field(text: str, named: re.Match[str], problems: list[Problem]) -> tuple[str, int]:
    """The field that `named` asks for and where to go on reading.

    An unknown field is none, and reading goes on after it; without a value it is none and is read again as a word.
    """
    name, end = named.group(1).lower(), named.end()
    followed = end < len(text) and not text[end].isspace() and text[end] not in ")"
    if name in FIELDS and followed:
        return FIELDS[name], end
    if name in FIELDS:
        problems.append(Problem(f'nothing follows "{named.group()}"; it was read as a plain word', named.start(), end))
    elif followed and name not in _SCHEMES and text[end] not in ":/":
        problems.append(
            Problem(
                f'there is no field "{named.group()}"; it was read as a plain word '
                f"(fields are title, {', '.join(WORD_OF_FACET.values())}, date)",
                named.start(),
                end,
            )
        )
        return "", end
    return "", named.start()


def _shorten(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"
