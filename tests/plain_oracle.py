"""Searches answered with nothing of the program but its articles: other words, another evaluation, plain sets.

It knows less of texts than the program does, and asks only for words of which it is certain: those that stand in the
collection as letters between blanks and usual punctuation, whatever else has their stem.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import Stemmer

from searchapp import Archive
from searchapp.model.article import Article
from searchapp.model.query import SearchRequest

__all__ = ["Oracle", "disagreements"]

_RUN = re.compile(r"[A-Za-z0-9]+")
_JOINED = re.compile(
    r"(?<![^\s(\"])[A-Za-z]+(?:[-'](?!(?i:s|t|re|ve|ll|d|m|em)\b)[A-Za-z]+){1,2}(?=$|'s|[\s,;:\")]|\.(?:\s|$))"
)
_INITIALS = re.compile(r"(?:[A-Za-z]\.){2,}[A-Za-z]?")
_CLEAN_BEFORE = re.compile(r"(?:^|[\s(\"])$")
_CLEAN_AFTER = re.compile(r"(?:'s)?(?:$|[\s,;:\")]|\.(?:[\s\"]|$))")
_BETWEEN_WORDS = r"(?:'s)?(?:(?!\n[ \t]*\n)[^A-Za-z0-9])+"

Found = set[int]


@dataclass(frozen=True)
class Asked:
    """A search as it is typed, and how to find what it means."""

    typed: str
    find: Callable[[], Found]


class Oracle:
    """Articles whose letters are ASCII, by number, with their words in sets."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self.texts = [f"{article.title}\n\n{article.body}" for article in articles]
        self.all = set(range(len(articles)))
        stem = Stemmer.Stemmer("english", 0).stemWord
        self._of_form: dict[str, Found] = defaultdict(set)
        self._of_stem: dict[str, Found] = defaultdict(set)
        stems: dict[str, str] = {}
        doubtful: set[str] = set()
        for number, text in enumerate(self.texts):
            for run in _RUN.finditer(text):
                form = run.group().lower()
                found = stems.get(form)
                if found is None:
                    found = stems[form] = stem(form)
                self._of_form[form].add(number)
                self._of_stem[found].add(number)
                start, end = run.span()
                if not form.isalpha() or not (
                    _CLEAN_BEFORE.match(text[max(0, start - 1) : start]) and _CLEAN_AFTER.match(text, end)
                ):
                    doubtful.add(found)
            # T.E.A.M. is a team too.
            for held in (*_JOINED.findall(text), *_INITIALS.findall(text)):
                together = re.sub("[-.']", "", held).lower()
                self._of_form[together].add(number)
                doubtful.add(stem(together))
        doubtful.add("")
        self.words = sorted(
            form
            for form, holders in self._of_form.items()
            if form.isalpha() and 4 <= len(form) < 20 and len(holders) > 1 and stems.get(form, "") not in doubtful
        )
        self._stems = stems

    def word(self, form: str) -> Asked:
        """The articles with any form that has its stem."""
        return Asked(form, lambda: self._of_stem[self._stems[form]])

    def pattern(self, start: str) -> Asked:
        """The articles with a form that starts so."""
        fitting = (holders for form, holders in self._of_form.items() if form.startswith(start))
        return Asked(f"{start}*", lambda: set().union(*fitting))

    def phrase(self, first: str, second: str) -> Asked:
        """The articles where one stands behind the other, in one paragraph."""
        fits = re.compile(rf"(?<![A-Za-z0-9]){first}{_BETWEEN_WORDS}{second}(?![A-Za-z0-9])", re.IGNORECASE)
        both = self._of_form[first] & self._of_form[second]
        return Asked(f'"{first} {second}"', lambda: {number for number in both if fits.search(self.texts[number])})

    def neighbours(self, chance: random.Random, known: set[str]) -> tuple[str, str] | None:
        """Two words that stand behind each other somewhere."""
        words = _RUN.findall(chance.choice(self.texts).lower())
        pairs = [pair for pair in pairwise(words) if known.issuperset(pair)]
        return chance.choice(pairs) if pairs else None


def some_search(oracle: Oracle, chance: random.Random, known: set[str], depth: int = 2) -> Asked:
    """A word, a pattern or a phrase, or some of them joined."""
    if depth and chance.random() < 0.6:
        one, other = (some_search(oracle, chance, known, depth - 1) for _ in range(2))
        match chance.randrange(3):
            case 0:
                return Asked(f"({one.typed} {other.typed})", lambda: one.find() & other.find())
            case 1:
                return Asked(f"({one.typed} OR {other.typed})", lambda: one.find() | other.find())
            case _:
                return Asked(f"({one.typed} -{other.typed})", lambda: one.find() - other.find())
    kind = chance.random()
    if kind < 0.2 and (pair := oracle.neighbours(chance, known)):
        return oracle.phrase(*pair)
    # Words of texts, so that frequent ones come often.
    words = [word for word in _RUN.findall(chance.choice(oracle.texts).lower()) if word in known]
    word = chance.choice(words or oracle.words)
    return oracle.pattern(word[: max(4, len(word) - 2)]) if kind > 0.85 else oracle.word(word)


def disagreements(archive: Archive, oracle: Oracle, *, searches: int, seed: int) -> Iterator[str]:
    """What the archive, which holds the same articles, says otherwise than the oracle, of so many random searches.

    Compared are totals, the ids of a page by date, the values of a facet with their counts, and the timeline.
    """
    chance = random.Random(seed)
    known = set(oracle.words)
    topics = sorted({topic for article in oracle.articles for topic in article.topics})
    days = sorted({article.published for article in oracle.articles if article.published})
    for _ in range(searches):
        asked = some_search(oracle, chance, known)
        chosen = tuple(chance.sample(topics, chance.choice([0, 0, 1, 2])))
        since = chance.choice([None, None, *days[:: max(1, len(days) // 5)]])
        every, newest, page = chance.random() < 0.3, chance.random() < 0.5, chance.choice([1, 1, 2, 5])
        request = SearchRequest(
            asked.typed,
            topics=chosen,
            since=since,
            match="all" if every else "any",
            sort="newest" if newest else "oldest",
            page=page,
            facet_size=None,
        )
        yield from (f"{request!r}: {one}" for one in _compared(archive, oracle, asked, request))


def _compared(archive: Archive, oracle: Oracle, asked: Asked, request: SearchRequest) -> Iterator[str]:
    articles, chosen = oracle.articles, set(request.topics)
    every = request.match_of("topics") == "all"

    def passes(number: int, *, topics: bool) -> bool:
        article = articles[number]
        dated = request.since is None or (article.published is not None and article.published >= request.since)
        own = set(article.topics)
        return dated and (not topics or not chosen or (chosen <= own if every else bool(chosen & own)))

    found = asked.find()
    full = [number for number in found if passes(number, topics=True)]
    sideways = full if every else [number for number in found if passes(number, topics=False)]
    counts = Counter(topic for number in sideways for topic in set(articles[number].topics))
    ranked = sorted(full, key=lambda number: _order(articles[number], newest=request.sort == "newest"))
    first = (request.page - 1) * request.page_size
    ids = [articles[number].id for number in ranked[first : first + request.page_size]]
    result = archive.find(request)
    if result.total != len(full):
        other = {hit.id for hit in archive.matches(request)}
        odd = sorted(other ^ {articles[number].id for number in full})[:3]
        yield f"{result.total} articles, not {len(full)}: {odd}"
    if [hit.article.id for hit in result.hits] != ids:
        yield f"hits {[hit.article.id for hit in result.hits]}, not {ids}"
    told = {value.label: value.count for value in result.facets["topics"].values if value.count}
    if told != dict(counts):
        yield f"topics differ: {sorted(told.items() ^ counts.items())[:3]}"
    dated = sum(articles[number].published is not None for number in full)
    if sum(bar.count for bar in result.timeline) != dated:
        yield f"{sum(bar.count for bar in result.timeline)} articles in the timeline, not {dated}"


def _order(article: Article, *, newest: bool) -> tuple[float, ...]:
    digest = hashlib.blake2b(article.id.encode(), digest_size=8).digest()
    tie = int.from_bytes(digest, "big") >> 1
    if article.published is None:
        return (1, 0, tie)
    moment = dt.datetime.combine(article.published, article.published_time or dt.time(), None).timestamp()
    return (0, -moment if newest else moment, tie)
