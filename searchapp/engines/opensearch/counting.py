"""Exact counts of the labels that an archive shows, from counts of the labels that its articles have.

The cluster counts labels as they are written. Where one of them alone counts under a shown one, that is its count too.
Where several do, an article may have two of them: then their sum is what the count is at most, and whatever is to be
shown, or could be in its place, is counted by a filter of its own, until nothing uncounted can come in. Articles in
which corrections show names otherwise are few: they are left out of all that, and are counted here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from searchapp.engines.opensearch.mapping import COUNTED, text_from
from searchapp.engines.opensearch.names import ShownNames
from searchapp.engines.opensearch.selections import Selection
from searchapp.model.article import KIND_OF_FACET
from searchapp.model.entry import column_for

__all__ = ["MOST_VALUES", "Apart", "Tally"]

Held: TypeAlias = Mapping[str, Iterable[str]]

MOST_VALUES = 10_000
"""Values of a facet that are counted to the last; of more, that there are as many at least is known."""
MOST_APART = 10_000
_MOST_IN_SET = 500
_AT_ONCE = 200
_AHEAD = 30
"""Labels behind those to be shown that are counted with them, as they may come in."""


class Apart:
    """The articles of a set in which names are shown otherwise."""

    def __init__(self, selection: Selection, names: ShownNames, scope: str) -> None:
        self.articles: list[tuple[str, Held, int | None]] = []
        """Id, labels by facet, and day of each."""
        self._columns = {facet: column_for(facet, scope) for facet in KIND_OF_FACET}
        if names.apart:
            query = {"bool": {"filter": [selection.query, names.in_apart]}}
            fields = ["id", "day", "topics", "sources", "languages", *self._columns.values()]
            body = {"query": query, "size": MOST_APART, "track_total_hits": False, "_source": fields}
            selection.fetch(body, self._take)

    def _take(self, answer: Mapping[str, Any]) -> None:
        for hit in answer["hits"]["hits"]:
            source = hit["_source"]
            columns = {facet: _listed(source.get(column, ())) for facet, column in self._columns.items()}
            others = {facet: _listed(source.get(facet, ())) for facet in ("topics", "sources", "languages")}
            self.articles.append((text_from(source["id"]), columns | others, source.get("day")))


class Tally:
    """How many articles of a set count under each label of a facet. What is asked for is there after the next round."""

    def __init__(
        self, selection: Selection, names: ShownNames, facet: str, scope: str, apart: Apart, *, listed: bool = True
    ) -> None:
        """With `listed` all values are counted, at most `MOST_VALUES`, else those alone that are asked for."""
        self._selection = selection
        self._names = names
        self._facet = facet
        self._scope = scope
        self._apart = apart
        self._sources = names.sources_of(facet)
        self._buckets: dict[str, dict[str, int]] = {}
        self._slack: dict[str, int] = {}
        self._truncated = False
        self._lacking = 0
        self._settled = False
        self._waiting: set[tuple[str, ...]] = set()
        self._exact: dict[tuple[str, ...], int] = {}
        self._missing: int | None = None
        self._missing_asked = False
        self.estimates: dict[str, int] = {}
        """At least so many articles as count under each label that any does."""
        if listed:
            for source in self._sources:
                column = self._column(source)
                terms = {"terms": {"field": column, "size": MOST_VALUES}}
                selection.count(self._usual(terms), partial(self._take, source))
            lacking = {"missing": {"field": self._column(facet)}}
            selection.count(self._usual(lacking), self._take_lacking)

    @property
    def exact_total(self) -> bool:
        """Whether all values were counted."""
        return not self._truncated

    def settle(self) -> None:
        """Makes the estimates, once what was asked for first is there."""
        if self._settled:
            return
        self._settled = True
        held: defaultdict[str, list[tuple[int, bool]]] = defaultdict(list)
        named = self._facet in KIND_OF_FACET
        for source, buckets in self._buckets.items():
            sure = not self._slack[source]
            for label, count in buckets.items():
                shown = self._names.names.resolve(source, label) if named else (source, label)
                if shown is not None and shown[0] == self._facet:
                    held[shown[1]].append((count + self._slack[source], sure))
        own = self._own_counts()
        for label, counts in held.items():
            self.estimates[label] = sum(count for count, _ in counts) + own.get(label, 0)
            if len(counts) == 1 and counts[0][1] and not (self._truncated and self._has_others(label)):
                self._exact[(label,)] = self.estimates[label]
        for label, count in own.items():
            if label not in self.estimates:
                self.estimates[label] = count
                if not self._truncated:
                    self._exact[(label,)] = count

    def is_exact(self, label: str) -> bool:
        """Whether the count of a label is known, and no estimate."""
        return (label,) in self._exact or (label not in self.estimates and self._settled and not self._truncated)

    def want(self, labels: Iterable[str]) -> bool:
        """Asks for the exact counts of labels; whether any is not known yet."""
        found = [(label,) for label in labels if not self.is_exact(label)]
        self._want(found)
        return bool(found)

    def want_ahead(self, end: int) -> None:
        """Asks for what may come among the first `end` labels by count, too."""
        ranked = sorted(self.estimates, key=lambda label: (-self.estimates[label], label))
        self._want([(label,) for label in ranked[: end + _AHEAD] if not self.is_exact(label)])

    def count(self, label: str) -> int:
        """How many articles count under a label; asks for it where that is not known, and gives 0 meanwhile."""
        return self.of_any((label,))

    def of_any(self, labels: Sequence[str]) -> int:
        """The same for any of several labels."""
        key = tuple(labels)
        if len(key) == 1 and self.is_exact(key[0]):
            return self._exact.get(key, 0)
        if key not in self._exact:
            self._want([key])
        return self._exact.get(key, 0)

    @property
    def waits(self) -> bool:
        """Whether anything was asked for that is not there yet."""
        return bool(self._waiting) or (self._missing_asked and self._missing is None)

    def missing(self) -> int:
        """How many articles have no label; asks for it where that is not known, and gives 0 meanwhile."""
        if self._missing is not None:
            return self._missing
        own = sum(not self._names.shown_in(name, held, self._facet) for name, held, _ in self._apart.articles)
        leaving = [label for label in self._buckets.get(self._facet, ()) if not self._stays(label)]
        if self._truncated and self._facet in KIND_OF_FACET:
            leaving = sorted(self._names.left[self._facet])
        coming = {source: self._coming_from(source) for source in self._sources if source != self._facet}
        if not leaving and not any(coming.values()):
            self._missing = self._lacking + own
        elif not self._missing_asked:
            self._missing_asked = True
            column = self._column(self._facet)
            none: list[dict[str, Any]] = [{"bool": {"must_not": [{"exists": {"field": column}}]}}]
            if 0 < len(leaving) <= _MOST_IN_SET:
                all_leave: dict[str, Any] = {"terms": leaving, "minimum_should_match_field": COUNTED[column]}
                none.append({"terms_set": {column: all_leave}})
            elif leaving:
                staying = [label for label in self._buckets[self._facet] if self._stays(label)]
                none.append({"bool": {"must_not": [{"terms": {column: staying}}]}})
            others = [{"terms": {self._column(source): labels}} for source, labels in coming.items() if labels]
            lacking = {"bool": {"should": none, "minimum_should_match": 1, "must_not": others}}

            def take(found: Mapping[str, Any]) -> None:
                self._missing = self._count_of(found) + own

            self._selection.count(self._usual({"filter": lacking}), take)
        return self._missing or 0

    def days(self, labels: Sequence[str], into: dict[str, Counter[int]]) -> None:
        """Asks for the days of the articles with each of these labels, which come `into` a count for each."""
        for label in labels:
            into[label] = Counter()
        for name, held, day in self._apart.articles:
            for label in self._names.shown_in(name, held, self._facet) & into.keys():
                if day is not None:
                    into[label][day] += 1
        filters = {str(at): self._names.usual(self._facet, [label], self._scope) for at, label in enumerate(labels)}
        by_day = {"days": {"terms": {"field": "day", "size": 50_000, "order": {"_key": "asc"}}}}

        def take(found: Mapping[str, Any]) -> None:
            for at, label in enumerate(labels):
                for bucket in self._inner(found)["buckets"][str(at)]["days"]["buckets"]:
                    into[label][bucket["key"]] += bucket["doc_count"]

        if labels:
            self._selection.count(self._usual({"filters": {"filters": filters}, "aggs": by_day}), take)

    def _want(self, keys: Iterable[tuple[str, ...]]) -> None:
        fresh = [key for key in dict.fromkeys(keys) if key not in self._waiting and key not in self._exact]
        self._waiting.update(fresh)
        for start in range(0, len(fresh), _AT_ONCE):
            self._count_exactly(fresh[start : start + _AT_ONCE])

    def _count_exactly(self, keys: Sequence[tuple[str, ...]]) -> None:
        filters = {str(at): self._names.usual(self._facet, labels, self._scope) for at, labels in enumerate(keys)}

        def take(found: Mapping[str, Any]) -> None:
            shown = [self._names.shown_in(name, held, self._facet) for name, held, _ in self._apart.articles]
            for at, key in enumerate(keys):
                own = sum(not labels.isdisjoint(key) for labels in shown)
                self._exact[key] = self._inner(found)["buckets"][str(at)]["doc_count"] + own
                self._waiting.discard(key)
                if len(key) == 1 and key[0] in self.estimates:
                    self.estimates[key[0]] = self._exact[key]

        self._selection.count(self._usual({"filters": {"filters": filters}}), take)

    def _take(self, source: str, found: Mapping[str, Any]) -> None:
        held = self._inner(found)
        self._buckets[source] = {bucket["key"]: bucket["doc_count"] for bucket in held["buckets"]}
        self._slack[source] = held["doc_count_error_upper_bound"]
        self._truncated = self._truncated or held["sum_other_doc_count"] > 0

    def _take_lacking(self, found: Mapping[str, Any]) -> None:
        self._lacking = self._count_of(found)

    def _own_counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for name, held, _ in self._apart.articles:
            counts.update(self._names.shown_in(name, held, self._facet))
        return counts

    def _has_others(self, label: str) -> bool:
        """Whether another label of articles counts under this one, and perhaps was not counted."""
        return self._facet in KIND_OF_FACET and len(self._names.written((self._facet, label))) > 1

    def _stays(self, label: str) -> bool:
        return self._facet not in KIND_OF_FACET or label not in self._names.left[self._facet]

    def _coming_from(self, source: str) -> list[str]:
        resolve = self._names.names.resolve
        labels = self._buckets.get(source, {})
        return [label for label in labels if (to := resolve(source, label)) is not None and to[0] == self._facet]

    def _column(self, facet: str) -> str:
        return column_for(facet, self._scope)

    def _usual(self, aggregation: Mapping[str, Any]) -> dict[str, Any]:
        """An aggregation over the articles in which no name is shown otherwise."""
        if not self._names.apart:
            return dict(aggregation)
        return {"filter": {"bool": {"must_not": [self._names.in_apart]}}, "aggs": {"usual": aggregation}}

    def _inner(self, found: Mapping[str, Any]) -> Mapping[str, Any]:
        inner: Mapping[str, Any] = found["usual"] if self._names.apart else found
        return inner

    def _count_of(self, found: Mapping[str, Any]) -> int:
        return int(self._inner(found)["doc_count"])


def _listed(held: str | Iterable[str]) -> tuple[str, ...]:
    return (held,) if isinstance(held, str) else tuple(held)
