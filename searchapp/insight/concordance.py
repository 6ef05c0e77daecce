"""Every sentence that names someone or something, with the form in which it does."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

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

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an article, or its title, and where it names the one looked for.

    Of all the sentences that are found few are shown, so that only these are put on one line.
    """

    article: Article
    form: str
    """As the name is written where it first stands in the sentence."""
    source: str
    """The text that the sentence is cut from."""
    span: tuple[int, int]
    """Characters of `source`."""
    mentions: tuple[Mention, ...]

    @property
    def text(self) -> str:
        """The sentence, each run of white space a single space."""
        return "".join(self._parts())

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Where the name stands, in characters of `text`."""
        parts = self._parts()
        ends = list(accumulate(map(len, parts)))
        return tuple(zip(ends[:-1:2], ends[1:-1:2], strict=True))

    def _parts(self) -> list[str]:
        """What stands before the first mention, the mention, what stands before the next, and so on to the end."""
        at, end = self.span
        parts: list[str] = []
        for mention in self.mentions:
            parts += (_flat(self.source[at : mention.start]), _flat(self.source[mention.start : mention.end]))
            at = mention.end
        parts.append(_flat(self.source[at : max(at, end)]).rstrip())
        return parts


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


def reading_of(answer: Answer, kind: str, label: str, *, check: Callable[[], None] = lambda: None) -> Reading:
    """What the articles of such an answer say of a name. `check` is called before each article."""

    def named(mention: Mention) -> bool:
        return mention.label == label and mention.kind == kind

    articles = [hit.article for hit in answer.hits]
    forms: Counter[str] = Counter()
    found: list[Line] = []
    for article in articles:
        check()
        for mention in (*article.title_mentions, *article.mentions):
            if named(mention):
                forms[_flat(mention.text).strip()] += 1
        found += lines([article], named)
    ranked = dict(forms.most_common())
    order = {form: number for number, form in enumerate(ranked)}
    found.sort(key=lambda line: order.get(line.form, len(order)))
    return Reading(ranked, tuple(found), len(articles))


def lines(articles: Iterable[Article], named: Callable[[Mention], bool]) -> Iterator[Line]:
    """A line for the title and for each sentence with a mention that `named` accepts, in reading order."""
    for article in articles:
        for text, mentions in ((article.title, article.title_mentions), (article.body, article.mentions)):
            found = [mention for mention in mentions if named(mention)]
            if not found:
                continue
            sentences = None if text is article.title else _Sentences(text, found[0].start, found[-1].end)
            at = 0
            while at < len(found):
                span = sentences.around(found[at].start, found[at].end) if sentences else (0, len(text))
                after = at + 1
                while after < len(found) and found[after].start < span[1]:
                    after += 1
                yield Line(article, _flat(found[at].text), text, span, tuple(found[at:after]))
                at = after


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence that holds the characters from `start` to `end` begins and ends."""
    return _Sentences(text, start, end).around(start, end)


class _Sentences:
    """The ends of the sentences around the characters from `start` to `end` of a text, each found once."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        # What follows decides whether a full stop ends a sentence, so a little more than needed is looked at.
        latest = min(len(text), end + 2 * MAX_SENTENCE_CHARS)
        stops = list(sentence_breaks(text, max(0, start - MAX_SENTENCE_CHARS - 1), latest))
        self._begins = [stop.end() for stop in stops]
        """Where the next sentence begins, ascending."""
        self._ends = [stop.start() + len(stop.group().rstrip()) for stop in stops]

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence that holds these characters begins and ends; a long one is cut."""
        first = earliest = max(0, start - MAX_SENTENCE_CHARS)
        before = bisect_right(self._begins, start) - 1
        if before >= 0 and self._begins[before] > earliest:
            first = self._begins[before]
        elif earliest > 0:
            first = _next_word(self._text, earliest, start)
        after = bisect_right(self._begins, end)
        last = max(end, self._ends[after] if after < len(self._ends) else len(self._text))
        if last - first > MAX_SENTENCE_CHARS:
            last = max(end, self._text.rfind(" ", end, first + MAX_SENTENCE_CHARS))
        return first, last


def _next_word(text: str, at: int, latest: int) -> int:
    space = text.find(" ", at, latest)
    return space + 1 if space >= 0 else at


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text)
