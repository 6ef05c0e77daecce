"""What can be written in a query, as people are told of it: the one table of it, beside that of fields in the lexer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType

from searchapp.parsing.lexer import FIELDS

__all__ = ["SYNTAX", "USUAL_WORDS", "Syntax", "fields"]


@dataclass(frozen=True, slots=True)
class Syntax:
    """One way to write something."""

    pattern: str
    """An example, with what each archive has of its own in braces: a key of `USUAL_WORDS`."""
    finds: str
    """Which articles that finds."""
    group: str
    """What it is listed under."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The keys in it, in order."""
        return tuple(key for _, key, _, _ in Formatter().parse(self.pattern) if key)

    def example(self, words: Mapping[str, str]) -> str:
        """The example with these words. Raises `KeyError` where one is missing."""
        return self.pattern.format_map(words)


USUAL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "word": "ceasefire",
        "other": "talks",
        "third": "truce",
        "absent": "oil",
        "phrase": "ceasefire talks",
        "start": "elect",
        "gap": "wom?n",
        "misspelled": "cesefire",
        "person": "Nikol Pashinyan",
        "begun": "pash",
        "place": "New York",
        "country": "Armenia",
        "organisation": "United Nations",
        "topic": "climate",
        "source": "Searchapp News",
        "language": "English",
        "titled": "summit",
        "byline": "smith",
        "section": "sport",
        "dateline": "paris",
        "site": "example.org",
        "year": "2023",
        "month": "2023-09",
    }
)
"""Words for where there is no archive to take them from."""

SYNTAX = (
    Syntax("{word} {other}", "both words, in any form: *talk*, *talked*, *talks*", "Words"),
    Syntax('"{phrase}"', "exactly these words, next to each other", "Words"),
    Syntax('"{phrase}"~5', "these words within five of each other, in any order", "Words"),
    Syntax("{word} OR {third}", "either word", "Words"),
    Syntax("{word} -{absent}", "the first word and not the second; `NOT` and `!` say the same", "Words"),
    Syntax("({word} OR {third}) {other}", "what stands in parentheses, taken together", "Words"),
    Syntax("{start}*", "words that begin so", "Words"),
    Syntax("{gap}", "a word with one letter left open", "Words"),
    Syntax("{misspelled}~", "words that are spelled nearly so", "Words"),
    Syntax('person:"{person}"', "the person, by any form of the name", "Names"),
    Syntax('place:"{place}"', "the place", "Names"),
    Syntax('country:"{country}"', "the country, or any place in it", "Names"),
    Syntax('org:"{organisation}"', "the organisation", "Names"),
    Syntax("person:{begun}*", "anybody with a word in the name that begins so", "Names"),
    Syntax('topic:"{topic}"', "the topic that the file gives", "Names"),
    Syntax('source:"{source}"', "the source: paper, agency or site", "Names"),
    Syntax('language:"{language}"', "the language", "Names"),
    Syntax("title:{titled}", "the word in the title", "Parts of an article"),
    Syntax("byline:{byline}", "the word in who wrote it", "Parts of an article"),
    Syntax("section:{section}", "the word in its section", "Parts of an article"),
    Syntax("dateline:{dateline}", "the word in its dateline", "Parts of an article"),
    Syntax("url:{site}", "the address, or a part of it", "Parts of an article"),
    Syntax("date:{month}", "published in that month; a year or a day is written the same way", "Dates"),
    Syntax("date:{year}..", "published in that year or later; `..2023` is until, `2022..2023` between", "Dates"),
    Syntax("date:none", "no date", "Dates"),
    Syntax("date:estimated", 'a date that is only estimated, shown as "about"', "Dates"),
    Syntax("date:any", "any date", "Dates"),
)
"""Every way, the most useful of its group first. Tests hold it against the parser: nothing that it reads is missing."""


def fields() -> Iterator[tuple[str, tuple[str, ...]]]:
    """What may stand before a colon: the usual word, and the others that mean the same."""
    words: dict[str, list[str]] = {}
    for word, searched in FIELDS.items():
        words.setdefault(searched, []).append(word)
    for same in words.values():
        yield same[0], tuple(same[1:])
