"""Every sentence that names someone or something, with the form in which it does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from searchapp.language.sentences import sentence_breaks
from searchapp.model.article import Article, Mention
from searchapp.model.frozen import freeze
from searchapp.model.query import SearchRequest
from searchapp.model.question import Answer, HitsWanted, Question

__all__ = ["READ_AT_ONCE", "Line", "Reading", "lines", "question_of_reading", "reading_of", "sentence_around"]

READ_AT_ONCE = 50
"""Articles that are read at once; the rest are further parts."""

MAX_SENTENCE_CHARS = 400
"""Longer ones, such as tables without a full stop, are cut around the name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an article, or its title, and where it names the one looked for."""

    article: Article
    form: str
    """As the name is written where it first stands in the sentence."""
    text: str
    ranges: tuple[tuple[int, int], ...]
    """Characters of `text`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the sentences of some of the articles that have a name say."""

    forms: Mapping[str, int]
    """How it is written to the number of its mentions, most first."""
    lines: tuple[Line, ...]
    """By form, the most frequent first, then newest article first."""
    articles: int
    """How many were read."""

    def __post_init__(self) -> None:
        freeze(self, "forms")


def question_of_reading(request: SearchRequest, part: int) -> Question:
    """What finds the articles of one part, from 1."""
    return Question(request.replace(page=part, page_size=READ_AT_ONCE), hits=HitsWanted(snippets=False))


def reading_of(answer: Answer, kind: str, label: str) -> Reading:
    """What the articles of such an answer say of a name."""

    def named(mention: Mention) -> bool:
        return mention.label == label and mention.kind == kind

    articles = [hit.article for hit in answer.hits]
    forms: Counter[str] = Counter()
    for article in articles:
        for mention in (*article.title_mentions, *article.mentions):
            if named(mention):
                forms[" ".join(mention.text.split())] += 1
    ranked = dict(forms.most_common())
    order = {form: number for number, form in enumerate(ranked)}
    sentences = sorted(lines(articles, named), key=lambda line: order.get(line.form, len(order)))
    return Reading(ranked, tuple(sentences), len(articles))


def lines(articles: Iterable[Article], named: Callable[[Mention], bool]) -> Iterator[Line]:
    """A line for the title and for each sentence with a mention that `named` accepts, in reading order."""
    for article in articles:
        for text, mentions in ((article.title, article.title_mentions), (article.body, article.mentions)):
            whole = (0, len(text)) if text is article.title else None
            found = [mention for mention in mentions if named(mention)]
            while found:
                start, end = whole or sentence_around(text, found[0].start, found[0].end)
                inside = [mention for mention in found if mention.start < end]
                found = [mention for mention in found if mention.start >= end]
                yield _line(article, text, start, end, inside)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence that holds the characters from `start` to `end` begins and ends."""
    first = max(0, start - MAX_SENTENCE_CHARS)
    cut_first = first
    for stop in _stops(text, first, start):
        first = stop.end()
    ends = (stop.start() + len(stop.group().rstrip()) for stop in _stops(text, end, len(text)))
    last = max(end, next(ends, len(text)))
    if first == cut_first and first > 0:
        first = _next_word(text, first, start)
    if last - first > MAX_SENTENCE_CHARS:
        last = max(end, text.rfind(" ", end, first + MAX_SENTENCE_CHARS))
    return first, last


def _stops(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    # What follows decides whether a full stop ends a sentence, so a little more than the range is looked at.
    for stop in sentence_breaks(text, max(0, start - 1), min(len(text), end + MAX_SENTENCE_CHARS)):
        if stop.start() >= end:
            if end != len(text):
                return
        elif stop.end() > end and end != len(text):
            continue
        if stop.start() >= start or stop.end() > start:
            yield stop


def _next_word(text: str, at: int, latest: int) -> int:
    space = text.find(" ", at, latest)
    return space + 1 if space >= 0 else at


def _line(article: Article, text: str, start: int, end: int, mentions: list[Mention]) -> Line:
    """The sentence on one line: each run of white space becomes a space, and the ranges move along."""
    parts: list[str] = []
    ranges: list[tuple[int, int]] = []
    length = 0
    at = start
    for mention in mentions:
        before = _flat(text[at : mention.start])
        inside = _flat(text[mention.start : mention.end])
        parts += (before, inside)
        ranges.append((length + len(before), length + len(before) + len(inside)))
        length += len(before) + len(inside)
        at = mention.end
    parts.append(_flat(text[at : max(at, end)]).rstrip())
    return Line(article, _flat(mentions[0].text), "".join(parts), tuple(ranges))


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
