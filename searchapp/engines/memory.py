"""Every article in a dictionary, every search by reading all of them: slow, and plain enough to be the oracle.

Useful for tests, which hold every other engine against it, and for scripts; gone with the process.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from searchapp.analysis import forms, stem
from searchapp.engines import base
from searchapp.engines.matching import edit_distance_within, pattern_regex
from searchapp.model import query as q
from searchapp.model.article import Article
from searchapp.model.names import AS_WRITTEN, Relabelling, shown_labels

__all__ = ["MemoryEngine"]

_Words: TypeAlias = q.Term | q.Phrase | q.Wildcard | q.Fuzzy


class _Field(NamedTuple):
    forms: list[str]
    stems: list[str]


@dataclass
class _Entry:
    article: Article
    fingerprint: str

    @cached_property
    def fields(self) -> tuple[_Field, ...]:
        """The title, then the body."""
        texts = forms(self.article.title), forms(self.article.body)
        return tuple(_Field(words, [stem(word) for word in words]) for words in texts)


class MemoryEngine:
    """An engine that keeps everything in this process; see `searchapp.engines.base.Engine`."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._commits = 0

    @property
    def generation(self) -> str:
        return str(self._commits)

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, article_id: str) -> Article | None:
        return self._entries[article_id].article if article_id in self._entries else None

    def fingerprints(self, ids: Iterable[str]) -> dict[str, str]:
        return {i: self._entries[i].fingerprint for i in ids if i in self._entries}

    def paths(self) -> Iterator[tuple[str, str]]:
        return iter([(i, entry.article.path) for i, entry in self._entries.items()])

    def labels(self, facet: str) -> dict[str, int]:
        articles = (entry.article for entry in self._entries.values())
        return dict(Counter(label for article in articles for label in shown_labels(article, facet, AS_WRITTEN)))

    @contextmanager
    def writer(self, *, timeout_s: float) -> Iterator[_MemoryWriter]:
        writer = _MemoryWriter(dict(self._entries))
        yield writer
        self._entries = writer.entries
        self._commits += 1

    def search(self, request: q.SearchRequest, query: q.Query, *, names: Relabelling = AS_WRITTEN) -> base.Answer:
        found = self._found(request, query, names)
        ranked = self._ranked(request, query, found)
        days = Counter(e.article.published.toordinal() for e in found if e.article.published)
        facets = {}
        for facet in q.FACETS:
            # Leave out this facet's own filter, or choosing York would hide every other place.
            among = found
            if request.selected(facet) and request.match_of(facet) == "any":
                among = self._found(request, query, names, ignoring=facet)
            values = [shown_labels(entry.article, facet, names) for entry in among]
            counts = Counter(label for labels in values for label in labels)
            facets[facet] = base.facet_result(request, facet, counts, missing=sum(not labels for labels in values))
        page = ranked[(request.page - 1) * request.page_size :][: request.page_size]
        return base.Answer(len(found), tuple((e.article, score) for e, score in page), facets, base.timeline(days))

    def matches(
        self, request: q.SearchRequest, query: q.Query, *, names: Relabelling = AS_WRITTEN
    ) -> Iterator[Article]:
        ranked = self._ranked(request, query, self._found(request, query, names))
        return iter([entry.article for entry, _ in ranked])

    def close(self) -> None:
        """Nothing to free."""

    def _found(self, request: q.SearchRequest, query: q.Query, names: Relabelling, ignoring: str = "") -> list[_Entry]:
        entries = self._entries.values()
        return [e for e in entries if _holds(query, e, names) and _passes(request, e, names, ignoring)]

    def _ranked(self, request: q.SearchRequest, query: q.Query, found: list[_Entry]) -> list[tuple[_Entry, float]]:
        entries = list(self._entries.values())
        scores = {entry.article.id: _score(query, entry, entries) for entry in found}
        found.sort(key=lambda entry: base.hit_order(request, entry.article, scores[entry.article.id]))
        return [(entry, scores[entry.article.id]) for entry in found]


@dataclass
class _MemoryWriter:
    entries: dict[str, _Entry]

    def add(self, articles: Sequence[tuple[Article, str]]) -> None:
        self.entries |= {article.id: _Entry(article, fingerprint) for article, fingerprint in articles}

    def delete(self, ids: Iterable[str]) -> int:
        return sum(self.entries.pop(article_id, None) is not None for article_id in set(ids))


def _passes(request: q.SearchRequest, entry: _Entry, names: Relabelling, ignoring: str) -> bool:
    if (request.since or request.until) and not _holds(q.DateRange(request.since, request.until), entry, names):
        return False
    for facet in q.FACETS:
        values = set(shown_labels(entry.article, facet, names))
        if values & set(request.excluded(facet)):
            return False
        chosen = set(request.selected(facet)) if facet != ignoring else set()
        if chosen and not (chosen <= values if request.match_of(facet) == "all" else chosen & values):
            return False
    return True


def _holds(query: q.Query, entry: _Entry, names: Relabelling) -> bool:
    match query:
        case q.And(children):
            return all(_holds(child, entry, names) for child in children)
        case q.Or(children):
            return any(_holds(child, entry, names) for child in children)
        case q.Not(child):
            return not _holds(child, entry, names)
        case q.Named(facet, words, prefix):
            wanted = re.compile(" " + re.escape(" ".join(words)) + ("" if prefix else " "))
            labels = shown_labels(entry.article, facet, names)
            return any(wanted.search(f" {' '.join(forms(label))} ") for label in labels)
        case q.DateRange(since, until):
            day = entry.article.published
            return day is not None and (since is None or since <= day) and (until is None or day <= until)
        case q.Everything() | q.Nothing():
            return isinstance(query, q.Everything)
        case _:
            return any(_words_hold(query, field) for field in entry.fields[: 1 if query.title_only else 2])


def _words_hold(query: _Words, field: _Field) -> bool:
    match query:
        case q.Term(word):
            return stem(word) in field.stems
        case q.Wildcard(pattern):
            return any(map(pattern_regex(pattern).fullmatch, field.forms))
        case q.Fuzzy(word, edits):
            return any(edit_distance_within(word, other, edits) for other in set(field.forms))
        case q.Phrase(words, exact):
            wanted, held = (list(words), field.forms) if exact else ([stem(word) for word in words], field.stems)
            return any(held[i : i + len(wanted)] == wanted for i in range(len(held) - len(wanted) + 1))


def _score(query: q.Query, entry: _Entry, entries: list[_Entry]) -> float:
    match query:
        case q.And(children) | q.Or(children):
            return sum(_score(child, entry, entries) for child in children)
        case q.Term() | q.Phrase():
            words, exact = (query.words, query.exact) if isinstance(query, q.Phrase) else ((query.word,), False)
            fields = entry.fields[: 1 if query.title_only else 2]
            matched = (i for i, field in enumerate(fields) if _words_hold(query, field))
            return sum(_bm25(word, i, entry, entries, exact=exact) for i in matched for word in words)
        case q.Wildcard() | q.Fuzzy():
            return base.PATTERN_SCORE if _holds(query, entry, AS_WRITTEN) else 0.0
        case _:
            return 0.0


def _bm25(word: str, field: int, entry: _Entry, entries: list[_Entry], *, exact: bool) -> float:
    column, wanted = (0, word) if exact else (1, stem(word))
    held = [other.fields[field][column] for other in entries]
    words = entry.fields[field][column]
    n, count = sum(wanted in other for other in held), words.count(wanted)
    average = sum(map(len, held)) / len(held)
    idf = math.log(1 + (len(held) - n + 0.5) / (n + 0.5))
    norm = base.K1 * (1 - base.B + base.B * len(words) / average)
    return base.WEIGHTS[field] * idf * count * (base.K1 + 1) / (count + norm)
