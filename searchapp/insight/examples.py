"""Searches to try, made of what an archive itself has: each finds at least the article that it was made from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from searchapp.engines.state import State
from searchapp.language.stemming import stem, stem_language, stem_of_token
from searchapp.language.words import forms
from searchapp.model.article import Article
from searchapp.model.languages import language_name
from searchapp.model.query import SearchRequest
from searchapp.model.question import WHOLE, HitsWanted, Question
from searchapp.parsing.lexer import QUOTES
from searchapp.parsing.syntax import SYNTAX, Syntax

__all__ = ["Example", "examples", "first_examples", "words_of"]

ANCHORS = 20
"""Newest articles of which the one that has most to show is taken."""
LIVE = 14
"""Examples whose articles are counted."""
MIN_LETTERS = 4
TELLING_LETTERS = 6
LONGEST_LABEL = 60

_NOT_IN_QUOTES = frozenset(QUOTES) | set("*\\\n")
_WORD = re.compile(r"[^\W\d_]+")
_PAIR = re.compile(r"(?<!\w)[^\W\d_]{4,30} [^\W\d_]{4,30}(?!\w)")


@dataclass(frozen=True, slots=True)
class Example:
    """A search that finds something here."""

    syntax: Syntax
    text: str
    total: int


def examples(state: State) -> tuple[Example, ...]:
    """Searches of many kinds with the articles that each finds, in the order of `SYNTAX`; none for an empty archive."""

    def compute() -> tuple[Example, ...]:
        words = words_of(state)
        made = [
            (syntax, syntax.example(words)) for syntax in SYNTAX if syntax.needs and words.keys() >= {*syntax.needs}
        ]
        made = made[:LIVE]
        answers = state.ask(*(Question(SearchRequest(text=text)) for _, text in made)) if made else ()
        found = zip(made, answers, strict=True)
        return tuple(Example(syntax, text, answer.total) for (syntax, text), answer in found if answer.total)

    found: tuple[Example, ...] = state.remember("examples", compute)
    return found


def words_of(state: State) -> Mapping[str, str]:
    """What the archive has for the keys of `USUAL_WORDS`; what it has nothing for is missing.

    Together they find the article that they were taken from, one of the newest.
    """

    def compute() -> Mapping[str, str]:
        wanted = HitsWanted(snippets=False, fields=WHOLE)
        (answer,) = state.ask(Question(SearchRequest(sort="newest", page_size=ANCHORS), hits=wanted))
        return _words([hit.article for hit in answer.hits])

    found: Mapping[str, str] = state.remember("example words", compute)
    return found


def first_examples(articles: Sequence[Article]) -> tuple[str, ...]:
    """Three searches or fewer made of the names, and else of the titles, of some articles; each finds one of them."""
    made: list[str] = []
    for facets in (("people", "places"), ("organisations",), ("people",), ("places",), ("topics",)):
        for article in articles:
            chosen = [_label(article, facet) for facet in facets]
            words = {"people": "person", "places": "place", "organisations": "org", "topics": "topic"}
            text = " ".join(f'{words[facet]}:"{label}"' for facet, label in zip(facets, chosen, strict=True))
            if not all(chosen) or any(label in one for one in made for label in chosen):
                continue
            if facets == ("organisations",) and article.published is not None:
                text += f" date:{article.published.year}"
            made.append(text)
            break
    for article in articles:
        if phrase := _phrase(article.title):
            made.append(f'"{phrase}"')
    return tuple(made[:3])


def _words(articles: Sequence[Article]) -> dict[str, str]:
    if not articles:
        return {}
    ranked = sorted(articles, key=lambda article: -_shows(article))
    anchor = ranked[0]
    found: dict[str, str] = {}
    title = _title_words(anchor)
    plain = list(dict.fromkeys(word for word in (*title, *_plain_words(anchor.body[:2000])) if _searchable(word)))
    # Short words are mostly such as every article has.
    plain.sort(key=lambda one: len(one) < TELLING_LETTERS)
    if plain:
        found["word"] = word = plain[0]
        # Longer words say more, and have an end to leave away.
        long = max(plain[:12], key=len)
        found["start"] = long[: max(3, len(long) - 2)]
        found["gap"] = f"{long[0]}?{long[2:]}"
        found["misspelled"] = long[: len(long) // 2] + long[len(long) // 2 + 1 :]
        others = [other for other in plain[1:] if stem_of_token(other) != stem_of_token(word)]
        if others:
            found["other"] = others[0]
    if title:
        found["titled"] = title[0]
    if phrase := _phrase(anchor.title):
        found["phrase"] = phrase
    tongue = stem_language(anchor.language)
    held = {stem(form, tongue) for form in forms(f"{anchor.title}\n{anchor.body}")}
    elsewhere = [
        word for other in ranked[1:] for word in _title_words(other) if stem_of_token(word, tongue) not in held
    ]
    for key in ("third", "absent"):
        if elsewhere:
            found[key] = elsewhere.pop(0)
    labels = {"person": "people", "place": "places", "organisation": "organisations", "topic": "topics"}
    labels |= {"source": "sources", "language": "languages"}
    for key, facet in labels.items():
        if label := _label(anchor, facet):
            found[key] = label
    if begun := [part for part in _WORD.findall(found.get("person", "")) if len(part) >= MIN_LETTERS]:
        found["begun"] = begun[-1][: max(3, len(begun[-1]) - 2)].lower()
    for key, text in (("byline", anchor.byline), ("section", anchor.section), ("dateline", anchor.dateline)):
        if words := [word for word in _WORD.findall(text) if _searchable(word)]:
            found[key] = words[-1].lower()
    if anchor.published is not None:
        found["year"], found["month"] = f"{anchor.published:%Y}", f"{anchor.published:%Y-%m}"
    return found


def _shows(article: Article) -> int:
    """How much an article has for examples."""
    facets = ("people", "places", "organisations", "topics")
    return sum(bool(_label(article, facet)) for facet in facets) * 2 + bool(_phrase(article.title))


def _label(article: Article, facet: str) -> str:
    """The first of its labels that can stand between quotation marks."""
    labels = {"topics": article.topics, "sources": (article.source,), "languages": (language_name(article.language),)}
    listed = labels[facet] if facet in labels else article.names(facet)
    return next((label for label in listed if len(label) <= LONGEST_LABEL and _quotable(label)), "")


def _quotable(label: str) -> bool:
    """Whether a label stands between quotation marks as it is."""
    return not set(label) & _NOT_IN_QUOTES and bool(forms(label))


def _title_words(article: Article) -> list[str]:
    """Words of its title that no capital makes a name, in its order."""
    return [word for word in _plain_words(article.title) if _searchable(word)]


def _plain_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not word[0].isupper()]


def _searchable(word: str) -> bool:
    return len(word) >= MIN_LETTERS and len(forms(word)) == 1


def _phrase(title: str) -> str:
    """Two words that stand next to each other in a title."""
    return next((pair for pair in _PAIR.findall(title) if len(forms(pair)) == 2), "")
