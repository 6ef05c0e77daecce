"""The pieces of a typed query: words, quoted phrases, parentheses, operators, each with an optional field.

What other search engines write otherwise is understood where it can mean only one thing here (`||`, `&&`, `!`, a space
behind `title:`, quotation marks of every kind), and else read as words; whatever is not read as typed is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from searchapp.language.calendar import MONTH
from searchapp.model.facets import FACET_OF_WORD, WORD_OF_FACET
from searchapp.model.query import TEXT_FIELDS
from searchapp.model.result import Problem

__all__ = ["FIELDS", "QUOTES", "Lexeme", "lex", "shortened"]

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "headline": "title",
        "byline": "byline",
        "author": "byline",
        "by": "byline",
        "dateline": "dateline",
        "section": "section",
        "url": "url",
        "site": "url",
        "link": "url",
        "date": "date",
        "country": "country",
        "within": "country",
        **FACET_OF_WORD,
    }
)
"""What may stand before a colon, to what it searches."""

QUOTES = (
    '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a'
    "\u300c\u300d\u300e\u300f\u301d\u301e\u301f\u3008\u3009\u300a\u300b\uff02"
)
# These are apostrophes too: they open only where a word begins, and close only where one ends.
_OPENING = "'`\u00b4\u2018\u201a\u201b\uff07"
_CLOSING = re.compile(r"(?<=[^\s(:])['`\u00b4\u2018\u2019\uff07](?=[\s)~^]|$)")
_SPACE = re.compile(r"\s+")
_FIELD = re.compile(r"([^\W\d_]+)[:=]")
_WORD = re.compile(rf"(?:(?!&&)[^\s()|{QUOTES}])+")
_QUOTED = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)([{QUOTES}]?)")
_WITHIN = re.compile(r"~(\d*)|\s{1,5}~(\d+)")
_AROUND = re.compile(r"AROUND\(\d{1,4}\)")
_BOOST = re.compile(r"\^\d*(?:\.\d+)?")
_SIGNS = re.compile(r"[-+!\u2212\u2013\u2014]+(?=[^\s])")
_OR_AND = re.compile(r"\|\|?|&&")
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not"}
_RANGE = re.compile(r"[\[{]\s*([^\s\[\]{}]{1,40})\s+TO\s+([^\s\[\]{}]{1,40})\s*[\]}]", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:(?:https?|ftp)://|www\.|(?:[\w-]++\.)+[A-Za-z]{2,}/)[^\s\"\u201c\u201d]*", re.IGNORECASE)
# A colon after these is part of an address, not a field.
_SCHEMES = {"http", "https", "ftp", "mailto"}

_DAY_IN_WORDS = rf"(?:\d{{1,2}}\.? +)?(?:{MONTH})\b\.?(?: +\d{{1,2}}(?!\d))?,? +\d{{4}}(?!\d)"
_DAY_IN_FIGURES = r"\d[\d./-]{0,20}"
_ANY_DAY = rf"(?:{_DAY_IN_WORDS}|{_DAY_IN_FIGURES}(?![^\s()]))"
_DATE = re.compile(
    rf"[<>]?=? *(?:{_DAY_IN_WORDS}|[^\s()|{QUOTES}]+)"
    rf"(?:(?<=\.\.) +{_ANY_DAY}| *(?:\.\.|\u2026|(?<= )(?:to|until|-|\u2013|\u2014)(?= )) *{_ANY_DAY})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of a query."""

    kind: str
    """word, address, quoted, open, close, and, or, not."""
    text: str
    start: int
    end: int
    field: str = ""
    """What the piece is limited to: one of the values of `FIELDS`, or empty."""
    within: int | None = None
    """Of quoted words: within how many of each other they are wanted; None for a phrase."""


def lex(text: str, problems: list[Problem]) -> Iterator[Lexeme]:
    """The pieces of `text` in order; what is faulty is put right and added to `problems`."""
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        start, field = at, ""
        if operator := _OR_AND.match(text, at):
            at = operator.end()
            yield Lexeme("and" if operator.group() == "&&" else "or", operator.group(), start, at)
            continue
        # A minus counts only where a word begins; "talks - peace" has a dash.
        if signs := _SIGNS.match(text, at):
            at = signs.end()
            if lexeme := _sign(signs, problems):
                yield lexeme
            continue
        if (named := _FIELD.match(text, at)) and not _ADDRESS.match(text, at):
            field, at = _field(text, named, problems)
            if not field and at > start:
                yield Lexeme("word", named.group(1), start, at)
                continue
            if field and (signs := _SIGNS.match(text, at)) and (lexeme := _sign(signs, problems)):
                if field == "date":
                    message = f'"{signs.group()}" was read as a minus; write date:..2020 for all days until then'
                    _say(problems, message, *signs.span())
                yield lexeme
            at = signs.end() if field and signs else at
        lexeme = _piece(text, start, at, field, problems)
        at = lexeme.end
        if lexeme.text or lexeme.kind == "quoted":
            yield lexeme
        if boost := _BOOST.match(text, at):
            at = boost.end()
            _say(problems, f'"{boost.group()}" was left out: no word can be given more weight', boost.start(), at)


def _piece(text: str, start: int, at: int, field: str, problems: list[Problem]) -> Lexeme:
    """What begins at `at`, behind the field that begins at `start`."""
    char = text[at : at + 1]
    if char in ("(", ")") and char:
        return Lexeme("open" if char == "(" else "close", char, start, at + 1, field)
    if quoted := _quoted(text, start, at, problems):
        return _with_distance(text, quoted, field, problems)
    if between := _RANGE.match(text, at):
        return _range(between, start, field, problems)
    if field == "date":
        date = _DATE.match(text, at)
        return Lexeme("word", date.group().strip() if date else "", start, date.end() if date else at, field)
    if address := _ADDRESS.match(text, at):
        whole = address.group()
        shown = whole.rstrip(")") if "(" not in whole else whole
        return Lexeme("address", shown, start, at + len(shown), field)
    word = _AROUND.match(text, at) or _WORD.match(text, at)
    if word is None:
        # Only a field that an operator follows.
        return Lexeme("word", "", start, at, field)
    shown, end = word.group(), word.end()
    boost = re.search(r"\^\d+(?:\.\d+)?$", shown)
    if boost is not None and boost.start() > 0:
        shown, end = shown[: boost.start()], at + boost.start()
    return Lexeme("word" if field else _OPERATORS.get(shown, "word"), shown, start, end, field)


def _sign(signs: re.Match[str], problems: list[Problem]) -> Lexeme | None:
    """What minus, plus or exclamation mark before a word means: a NOT, or nothing."""
    shown = signs.group()
    if set(shown) == {"+"}:
        return None
    if shown not in ("-", "!"):
        _say(problems, f'"{shown}" was read as a minus, which leaves out what follows', *signs.span())
    return Lexeme("not", shown, *signs.span())


def _quoted(text: str, start: int, at: int, problems: list[Problem]) -> Lexeme | None:
    """The words in quotation marks that begin at `at`."""
    char = text[at : at + 1]
    if char and char in QUOTES:
        quoted = _QUOTED.match(text, at)
        assert quoted is not None
        if not quoted.group(2):
            message = f"the quote in {shortened(quoted.group())} is never closed; it was read to the end"
            _say(problems, message, at, quoted.end())
        return Lexeme("quoted", quoted.group(1), start, quoted.end())
    if char and char in _OPENING and (closing := _CLOSING.search(text, at + 2)):
        inside = text[at + 1 : closing.start()]
        # "the '80s and the workers' party" has apostrophes.
        if not inside[0].isspace() and not inside[0].isdigit() and not set(inside) & {*QUOTES, "(", ")"}:
            return Lexeme("quoted", inside, start, closing.end())
    return None


def _with_distance(text: str, quoted: Lexeme, field: str, problems: list[Problem]) -> Lexeme:
    """Quoted words with the number behind them: "peace talks"~5."""
    within, end = None, quoted.end
    if near := _WITHIN.match(text, end):
        end = near.end()
        if number := near.group(1) or near.group(2):
            within = int(number[:6])
        else:
            _say(
                problems, 'a ~ behind quotes needs a number, such as "peace talks"~5; it was left out', quoted.end, end
            )
    return Lexeme("quoted", quoted.text, quoted.start, end, field, within)


def _range(between: re.Match[str], start: int, field: str, problems: list[Problem]) -> Lexeme:
    """What other engines write for a span: [2023 TO 2024]."""
    first, last = (end.strip("*") for end in between.groups())
    span = f"{first}..{last}"
    dated = field == "date" or (not field and (first + last)[:4].isdigit())
    if not dated or field not in ("", "date"):
        _say(problems, f'"{between.group()}" was read as words; only dates have spans', start, between.end())
        return Lexeme("word", f"{first} {last}".strip(), start, between.end(), field)
    if not field or between.group()[0] == "{" or between.group()[-1] == "}":
        _say(problems, f'"{between.group()}" was read as date:{span}, with both ends', start, between.end())
    return Lexeme("word", span, start, between.end(), "date")


def _field(text: str, named: re.Match[str], problems: list[Problem]) -> tuple[str, int]:
    """The field that `named` asks for and where to go on reading.

    An unknown field is none, and reading goes on after it; without a value it is none and is read again as a word.
    """
    name, end = named.group(1).lower(), named.end()
    if named.group()[-1] == "=":
        if name not in FIELDS or text[end : end + 1] in ("=", ""):
            return "", named.start()
        _say(problems, f'"{named.group()}" was read as "{named.group(1)}:"', named.start(), end)
    space = _SPACE.match(text, end)
    after = space.end() if space else end
    followed = after < len(text) and text[after] not in ")" and not _is_operator(text, after)
    if name in FIELDS and followed:
        if space:
            message = f'a space after "{named.group()}" was left out: it is looked for in what follows'
            _say(problems, message, named.start(), after)
        return FIELDS[name], after
    if name in FIELDS:
        _say(problems, f'nothing follows "{named.group()}"; it was read as a plain word', named.start(), end)
    elif not space and followed and name not in _SCHEMES and text[end] not in ":/":
        _say(
            problems,
            f'there is no field "{named.group()}"; it was read as a plain word '
            f"(fields are {', '.join(TEXT_FIELDS)}, {', '.join(WORD_OF_FACET.values())}, date)",
            named.start(),
            end,
        )
        return "", end
    return "", named.start()


def _is_operator(text: str, at: int) -> bool:
    word = _WORD.match(text, at)
    return _OR_AND.match(text, at) is not None or (word is not None and word.group() in _OPERATORS)


def _say(problems: list[Problem], message: str, start: int, end: int) -> None:
    problems.append(Problem(message, start, end))


def shortened(text: str) -> str:
    """A long text with its end left out."""
    return text if len(text) <= 30 else text[:29] + "…"
