"""The grammar: OR binds loosest, then AND (written or not), then NOT or a minus.

query := all (OR all)*
all   := one (AND? one)*
one   := (NOT | - | !) one | field? "(" query ")" | field? "exact words" | field? "words"~number | field? word
word  := letters, with * for any letters, ? for one letter inside, or ~ at the end for other spellings

OR may be written | or ||, and AND &&.
"""

from __future__ import annotations

import re
from functools import lru_cache

from searchapp.language.words import COMPOUND, MAX_FORM_CHARS, fold, forms, query_words
from searchapp.model.query import (
    FACETS,
    And,
    Dated,
    DateRange,
    Everything,
    Fuzzy,
    Named,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Term,
    Wildcard,
)
from searchapp.model.result import Problem
from searchapp.parsing.dates import read_span
from searchapp.parsing.lexer import Lexeme, lex

__all__ = ["MAX_QUERY_CHARS", "parse"]

MAX_QUERY_CHARS = 2_000
"""The rest of a longer query is left out, with a problem that says so."""

REMEMBERED = 32
"""So many texts that were read last are not read again."""

MAX_DEPTH = 40
"""Parentheses deeper than this are left out: the interpreter's own stack is finite."""

MAX_WITHIN = 1_000
"""Words that are further from each other are not near."""

_MEANT = {
    "or": "write OR to find either",
    "and": "leave it out, as all words are looked for anyway, or write AND",
    "not": "write NOT or a minus to leave out what follows",
}
_DATED = {"any": "any", "*": "any", "estimated": "estimated", "about": "estimated", "none": "none", "unknown": "none"}
_NEARNESS = re.compile(
    r"(?:NEAR|ADJ|WITHIN|PRE|ONEAR|W|N)/?\d+|NEAR|ADJ|WITHIN|AROUND\(\d+\)|(?i:near|adj|within|pre|w|n)/\d+|(?i:near|adj)\d+|/\d+"
)
_REGEX = re.compile(r"\.[*?+]|^/.+/$")
_SLASHED = re.compile(r"[^\W\d_]{2,}(?:/[^\W\d_]{2,})+")
_SIGNS = re.compile(r"\w([+#]+)(?!\w)")
_FUZZY = re.compile(r"(.+?)~(\d{0,2}(?:\.\d{1,3})?)")
_SCHEME = re.compile(r"(?:https?|ftp)://(?=\w)", re.IGNORECASE)
_PARTED = re.compile(r"(?<=[^\W\d_])[,;\u2026=]+(?=[^\W\d_])")
_PIECE = re.compile(r"[\w*?'’.]+")
_ALL_PLAIN = re.compile(rf"[a-z]{{1,{MAX_FORM_CHARS}}}(?: [a-z]{{1,{MAX_FORM_CHARS}}})*")


def parse(text: str) -> tuple[Query, tuple[Problem, ...]]:
    """The query that `text` asks for, and in plain words every way in which it was read differently.

    Never raises. An empty text asks for everything.
    """
    return _remembered(text) if len(text) <= MAX_QUERY_CHARS else _read(text)


def _read(text: str) -> tuple[Query, tuple[Problem, ...]]:
    if _ALL_PLAIN.fullmatch(text) and _MEANT.keys().isdisjoint(found := text.split()):
        # Most searches: small letters have no other meaning, and each word is its own form.
        terms = [Term(word) for word in found]
        return And(tuple(terms)) if len(terms) > 1 else terms[0], ()
    problems: list[Problem] = []
    if len(text) > MAX_QUERY_CHARS:
        problems.append(
            Problem(
                f"the query has {len(text):,} characters; only the first {MAX_QUERY_CHARS:,} were read",
                MAX_QUERY_CHARS,
                len(text),
            )
        )
        text = text[:MAX_QUERY_CHARS]
    parser = _Parser(list(lex(text, problems)), problems)
    query = parser.query()
    if query is None:
        if text.strip():
            problems.append(Problem("there is no word to search for; every article is shown", 0, len(text)))
        query = Everything()
    return query, _once_each(problems)


_remembered = lru_cache(maxsize=REMEMBERED)(_read)


class _Parser:
    """Walks the lexemes once, left to right."""

    def __init__(self, lexemes: list[Lexeme], problems: list[Problem]) -> None:
        self.lexemes = lexemes
        self.problems = problems
        self.at = 0
        self.depth = 0

    def query(self) -> Query | None:
        """Everything typed; a closing parenthesis that closes nothing is passed over."""
        found: list[Query] = []
        while self.at < len(self.lexemes):
            if (part := self._either(field="")) is not None:
                found.append(part)
            if (stray := self._next("close")) is not None:
                self._problem("a closing parenthesis without an opening one was left out", stray)
        return _join(And, found)

    def _either(self, field: str) -> Query | None:
        found: list[Query] = []
        pending: Lexeme | None = None
        while True:
            part = self._all(field)
            if part is not None:
                found.append(part)
            elif pending is not None:
                self._problem("OR has nothing after it and was left out", pending)
            operator = self._next("or")
            if operator is None:
                return _join(Or, found)
            if part is None and pending is None:
                self._problem("OR has nothing before it and was left out", operator)
            pending = operator

    def _all(self, field: str) -> Query | None:
        found: list[Query] = []
        joining: Lexeme | None = None
        while self.at < len(self.lexemes) and self._kind() not in ("or", "close"):
            if (operator := self._next("and")) is not None:
                if not found or joining is not None:
                    self._problem("AND has nothing before it and was left out", operator)
                joining = operator
                continue
            joining = None
            if (part := self._one(field)) is not None:
                found.append(part)
        if joining is not None and found:
            self._problem("AND has nothing after it and was left out", joining)
        return _join(And, found)

    def _one(self, field: str) -> Query | None:
        negations: list[Lexeme] = []
        while (operator := self._next("not")) is not None:
            negations.append(operator)
        if self.at >= len(self.lexemes) or self._kind() in ("or", "and", "close"):
            if negations:
                self._problem(f'"{negations[-1].text}" has nothing after it and was left out', negations[-1])
            return None
        lexeme = self.lexemes[self.at]
        self.at += 1
        field = lexeme.field or field
        if lexeme.kind == "open":
            part = self._group(lexeme, field)
        elif lexeme.kind == "quoted":
            part = self._quoted(lexeme, field)
        elif lexeme.kind == "address":
            named = field in FACETS or field == "country"
            part = self._named(lexeme, field, lexeme.text) if named else _address(lexeme.text, field)
        else:
            part = self._word(lexeme, field)
        return Not(part) if part is not None and len(negations) % 2 else part

    def _group(self, opening: Lexeme, field: str) -> Query | None:
        if self.depth >= MAX_DEPTH:
            self._problem(f"parentheses more than {MAX_DEPTH} deep were left out", opening)
            return None
        self.depth += 1
        part = self._either(field)
        self.depth -= 1
        if self._next("close") is None:
            self._problem("an opening parenthesis is never closed; it was read to the end", opening)
        return part

    def _quoted(self, lexeme: Lexeme, field: str) -> Query | None:
        if field == "date":
            return self._date(lexeme)
        words = tuple(forms(lexeme.text))
        if not words:
            self._problem("there is no word between the quotes; they were left out", lexeme)
            return None
        if "*" in lexeme.text:
            self._problem("a * has no meaning inside quotes and was left out", lexeme)
        if field in FACETS or field == "country":
            return _called(lexeme, field, words, lexeme.text)
        wanted, within = query_words(lexeme.text), lexeme.within
        if within is None:
            return Phrase(wanted, exact=True, field=field)
        if len(wanted) == 1:
            self._problem(f"~{within} has no meaning behind one word and was left out", lexeme)
            return Phrase(wanted, exact=True, field=field)
        allowed = min(max(within, len(words) - 1), MAX_WITHIN)
        if allowed != within:
            self._problem(f"~{within} was read as ~{allowed}: so far apart {len(words)} words can be", lexeme)
        return Near(wanted, allowed, field=field)

    def _word(self, lexeme: Lexeme, field: str) -> Query | None:
        if field == "date":
            return self._date(lexeme)
        text = lexeme.text
        if field in FACETS or field == "country":
            return self._named(lexeme, field, text)
        if not self._says_what(lexeme):
            return None
        if _PARTED.search(text):
            text = _PARTED.sub(" ", text)
        if " " in text:
            return _join(And, [part for word in text.split() if (part := self._one_word(lexeme, word, field))])
        return self._one_word(lexeme, text, field)

    def _one_word(self, lexeme: Lexeme, text: str, field: str) -> Query | None:
        if text.strip("*?") == "" and "*" in text:
            return Everything()
        if "*" in text or re.search(r"\w\?\w", text):
            return self._pattern(lexeme, text, field)
        if (fuzzy := _FUZZY.fullmatch(text)) is not None:
            return self._fuzzy(lexeme, fuzzy, field)
        return _plain(text, field)

    def _says_what(self, lexeme: Lexeme) -> bool:
        """Whether a word is one to look for; says how it is read where it may be meant otherwise."""
        text = lexeme.text
        between = 1 < self.at < len(self.lexemes)
        small = text.lower()
        # What ends with "or" was cut off, what begins with "not" was not.
        dangling = len(self.lexemes) > 1 and small == ("not" if self.at == 1 else "or")
        if not lexeme.field and small in _MEANT and (between or dangling):
            self._problem(f'"{text}" was read as a word to look for; {_MEANT[small]}', lexeme)
        elif _NEARNESS.fullmatch(text) and between:
            self._problem(f'"{text}" was left out; write "peace talks"~5 for words within 5 of each other', lexeme)
            return False
        elif _REGEX.search(text):
            self._problem(f'"{text}" was read with * for any letters; other patterns cannot be searched', lexeme)
        elif _SLASHED.fullmatch(text):
            words = " ".join(forms(text))
            self._problem(
                f'"{text}" was read as "{words}", one behind the other; write OR between them for either', lexeme
            )
        elif signs := _SIGNS.search(text):
            words = " ".join(forms(text))
            self._problem(f'"{text}" was read as "{words}"; signs such as {signs[1]} are not searched', lexeme)
        return True

    def _pattern(self, lexeme: Lexeme, text: str, field: str) -> Query | None:
        found: list[Query] = []
        for piece in _PIECE.findall(text):
            folded = "".join(part if part in ("*", "?") else fold(part) for part in re.split(r"([*?])", piece) if part)
            folded = re.sub(r"\*[*?]*\*", "*", folded).rstrip("?")
            if "*" in folded or "?" in folded:
                if folded.strip("*?"):
                    found.append(Wildcard(folded, field))
            else:
                found += [Term(word, field) for word in forms(piece)]
        if len(found) > 1:
            self._problem(f'a * works within one word; "{text}" was read as {len(found)} words', lexeme)
        return _join(And, found)

    def _fuzzy(self, lexeme: Lexeme, fuzzy: re.Match[str], field: str) -> Query | None:
        words = tuple(forms(fuzzy.group(1)))
        if not words:
            return None
        if len(words) > 1:
            self._problem(f'a ~ works after one word; "{lexeme.text}" was read without it', lexeme)
            return _plain(fuzzy.group(1), field)
        usual = 1 if len(words[0]) <= 4 else 2
        # A part of one is how alike words must be, as older engines had it.
        edits = usual if "." in fuzzy.group(2) else int(fuzzy.group(2) or usual)
        allowed = min(2, max(1, edits))
        if edits != allowed or "." in fuzzy.group(2):
            self._problem(f'a ~ allows 1 or 2 changed letters; "{lexeme.text}" was read with {allowed}', lexeme)
        return Fuzzy(words[0], allowed, field)

    def _named(self, lexeme: Lexeme, facet: str, text: str) -> Query | None:
        words = tuple(forms(text))
        if not words:
            self._problem(f'"{lexeme.text}" names nothing and was left out', lexeme)
            return None
        if "~" in text or "*" in text.rstrip("*"):
            self._problem(f'only a * at the end works in a name; "{lexeme.text}" was read without other marks', lexeme)
        prefix = text.endswith("*")
        if facet == "country":
            if prefix:
                self._problem(f'a country is written out; "{lexeme.text}" was read without the *', lexeme)
            return _called(lexeme, facet, words, text.rstrip("*"))
        return Named(facet, words, prefix=prefix, text="" if prefix else text, at=(lexeme.start, lexeme.end))

    def _date(self, lexeme: Lexeme) -> Query | None:
        if (known := _DATED.get(lexeme.text.lower())) is not None:
            return Dated(known)
        found = read_span(lexeme.text)
        if found is None:
            self._problem(
                f'"{lexeme.text}" is no date; it was read as plain words (write date:2023-09 or date:2023-09..2023-10)',
                lexeme,
            )
            return _plain(lexeme.text)
        (since, until), said = found
        if said:
            self._problem(said, lexeme)
        return DateRange(since, until)

    def _kind(self) -> str:
        return self.lexemes[self.at].kind

    def _next(self, kind: str) -> Lexeme | None:
        """The lexeme at hand if it is of this kind, which then is passed."""
        if self.at < len(self.lexemes) and self._kind() == kind:
            self.at += 1
            return self.lexemes[self.at - 1]
        return None

    def _problem(self, message: str, lexeme: Lexeme) -> None:
        self.problems.append(Problem(message, lexeme.start, lexeme.end))


def _called(lexeme: Lexeme, field: str, words: tuple[str, ...], text: str) -> Named:
    at = (lexeme.start, lexeme.end)
    if field == "country":
        return Named("places", words, text=text, at=at, country=True)
    return Named(field, words, text=text, at=at)


def _plain(text: str, field: str = "") -> Query | None:
    """A run of text without marks: a word, or words that stand together such as `Nagorno-Karabakh`."""
    words = query_words(text)
    if not words:
        return None
    if len(words) == 1 and COMPOUND not in words[0]:
        return Term(words[0], field)
    return Phrase(words, exact=False, field=field)


def _address(text: str, field: str) -> Query | None:
    """An address as it stands in a text, or as the article's own: with either scheme, which people seldom type."""
    bare = _SCHEME.sub("", text)
    if field:
        return _plain(bare, field)
    return _join(Or, [part for where in ("", "url") if (part := _plain(bare, where))])


def _once_each(problems: list[Problem]) -> tuple[Problem, ...]:
    """The problems in reading order, the first of those that say the same."""
    first: dict[str, Problem] = {}
    for problem in sorted(problems, key=lambda problem: problem.start):
        first.setdefault(problem.message, problem)
    return tuple(first.values())


def _join(kind: type[And] | type[Or], parts: list[Query]) -> Query | None:
    if len(parts) <= 1:
        return parts[0] if parts else None
    return kind(tuple(parts))
