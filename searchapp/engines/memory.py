"""Every article in a dictionary, every search by reading all of them: slow, plain, and the oracle of every test."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from searchapp.engines import base
from searchapp.engines.columns import column_for, columns_of
from searchapp.engines.matching import holds_words
from searchapp.language.words import forms, stem
from searchapp.model import query as q
from searchapp.model.article import KIND_OF_FACET, Article
from searchapp.model.names import AS_WRITTEN, Relabelling, shown_labels

__all__ = ["MemoryEngine"]


class _Field(NamedTuple):
    forms: list[str]
    stems: list[str]


@dataclass
class _Entry:
    article: Article
    fingerprint: str

    @cached_property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        return columns_of(self.article)

    @cached_property
    def fields(self) -> tuple[_Field, ...]:
        """The title, then the body."""
        texts = forms(self.article.title), forms(self.article.body)
        return tuple(_Field(words, [stem(word) for word in words]) for words in texts)


_Labels: TypeAlias = Callable[[_Entry, str], tuple[str, ...]]
"""The labels of an article in a facet, as one search counts them."""


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

    def labels(self, column: str) -> dict[str, int]:
        return dict(Counter(label for entry in self._entries.values() for label in entry.columns[column]))

    @contextmanager
    def writer(self, *, timeout_s: float) -> Iterator[_MemoryWriter]:
        writer = _MemoryWriter(dict(self._entries))
        yield writer
        self._entries = writer.entries
        self._commits += 1

    def search(self, request: q.SearchRequest, query: q.Query, *, names: Relabelling = AS_WRITTEN) -> base.Answer:
        labels_of = _counted(request, names)
        ranked = self._ranked(request, query, labels_of)
        found = [entry for entry, _ in ranked]
        days = Counter(e.article.published.toordinal() for e in found if e.article.published)
        facets = {}
        for facet in q.FACETS:
            # Leave out this facet's own filter, or choosing York would hide every other place.
            among = found
            if request.selected(facet) and request.match_of(facet) == "any":
                among = self._found(request, query, labels_of, ignoring=facet)
            values = [labels_of(entry, facet) for entry in among]
            counts = Counter(label for labels in values for label in labels)
            facets[facet] = base.facet_result(request, facet, counts, missing=sum(not labels for labels in values))
        page = ranked[(request.page - 1) * request.page_size :][: request.page_size]
        return base.Answer(len(found), tuple((e.article, score) for e, score in page), facets, base.timeline(days))

    def surface_forms(self, query: q.Query) -> frozenset[str] | None:
        return None

    def matches(
        self, request: q.SearchRequest, query: q.Query, *, names: Relabelling = AS_WRITTEN
    ) -> Iterator[Article]:
        ranked = self._ranked(request, query, _counted(request, names))
        return iter([entry.article for entry, _ in ranked])

    def close(self) -> None:
        """Nothing to free."""

    def _found(self, request: q.SearchRequest, query: q.Query, labels_of: _Labels, ignoring: str = "") -> list[_Entry]:
        entries = self._entries.values()
        return [e for e in entries if _holds(query, e, labels_of) and _passes(request, e, labels_of, ignoring)]

    def _ranked(self, request: q.SearchRequest, query: q.Query, labels_of: _Labels) -> list[tuple[_Entry, float]]:
        found = self._found(request, query, labels_of)
        entries = list(self._entries.values())
        scores = {entry.article.id: _score(query, entry, entries, labels_of) for entry in found}
        found.sort(key=lambda entry: base.hit_order(request, entry.article, scores[entry.article.id]))
        return [(entry, scores[entry.article.id]) for entry in found]


@dataclass
class _MemoryWriter:
    entries: dict[str, _Entry]

    def add(self, articles: Sequence[tuple[Article, str]]) -> None:
        self.entries |= {article.id: _Entry(article, fingerprint) for article, fingerprint in articles}

    def delete(self, ids: Iterable[str]) -> int:
        return sum(self.entries.pop(article_id, None) is not None for article_id in set(ids))


def _counted(request: q.SearchRequest, names: Relabelling) -> _Labels:
    columns = {kind: column_for(kind, request.scope) for kind in KIND_OF_FACET}
    return lambda e, facet: shown_labels(e.article, facet, names, {k: e.columns[c] for k, c in columns.items()})


def _passes(request: q.SearchRequest, entry: _Entry, labels_of: _Labels, ignoring: str) -> bool:
    if (request.since or request.until) and not _holds(q.DateRange(request.since, request.until), entry, labels_of):
        return False
    for facet in q.FACETS:
        values = set(labels_of(entry, facet))
        if values & set(request.excluded(facet)):
            return False
        chosen = set(request.selected(facet)) if facet != ignoring else set()
        if chosen and not (chosen <= values if request.match_of(facet) == "all" else chosen & values):
            return False
    return True


def _holds(query: q.Query, entry: _Entry, labels_of: _Labels) -> bool:
    match query:
        case q.And(children):
            return all(_holds(child, entry, labels_of) for child in children)
        case q.Or(children):
            return any(_holds(child, entry, labels_of) for child in children)
        case q.Not(child):
            return not _holds(child, entry, labels_of)
        case q.Named(facet, words, prefix):
            wanted = re.compile(" " + re.escape(" ".join(words)) + ("" if prefix else " "))
            labels = labels_of(entry, facet)
            return any(wanted.search(f" {' '.join(forms(label))} ") for label in labels)
        case q.DateRange(since, until):
            day = entry.article.published
            return day is not None and (since is None or since <= day) and (until is None or day <= until)
        case q.Everything() | q.Nothing():
            return isinstance(query, q.Everything)
        case _:
            return any(holds_words(query, *field) for field in entry.fields[: 1 if query.title_only else 2])


def _score(query: q.Query, entry: _Entry, entries: list[_Entry], labels_of: _Labels) -> float:
    match query:
        case q.And(children) | q.Or(children):
            return sum(
                _score(child, entry, entries, labels_of) for child in children if _holds(child, entry, labels_of)
            )
        case q.Term() | q.Phrase():
            words = query.words if isinstance(query, q.Phrase) else (query.word,)
            fields = entry.fields[: 1 if query.title_only else 2]
            matched = [i for i, field in enumerate(fields) if holds_words(query, *field)]
            return sum(_bm25(stem(word), i, entry, entries) for i in matched for word in words)
        case q.Wildcard() | q.Fuzzy():
            return base.PATTERN_SCORE if _holds(query, entry, labels_of) else 0.0
        case _:
            return 0.0


def _bm25(wanted: str, field: int, entry: _Entry, entries: list[_Entry]) -> float:
    held = [other.fields[field].stems for other in entries]
    words = entry.fields[field].stems
    n, count = sum(wanted in other for other in held), words.count(wanted)
    average = sum(map(len, held)) / len(held)
    idf = math.log(1 + (len(held) - n + 0.5) / (n + 0.5))
    norm = base.K1 * (1 - base.B + base.B * len(words) / average)
    return base.WEIGHTS[field] * idf * count * (base.K1 + 1) / (count + norm)
