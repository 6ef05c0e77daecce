"""`WhooshEngine`: opening, writing, searching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from searchapp.columnar import (
    ColumnarIndex,
    ColumnarWriter,
    Executor,
    FacetAsked,
    FacetCounts,
    FacetFilter,
    FacetIndex,
    HitsAsked,
    Question,
    View,
)
from searchapp.columnar import Relabelling as LabelChanges
from searchapp.engines.base import Answer, timeline
from searchapp.engines.columns import COLUMNS, column_for
from searchapp.engines.whoosh.schema import ENGLISH, ORDER, batch_of, index_schema, stored_article
from searchapp.engines.whoosh.translate import days_between, translate
from searchapp.errors import IndexDamaged, IndexLocked, IndexNotFound
from searchapp.language.words import forms
from searchapp.model.article import Article
from searchapp.model.names import AS_WRITTEN, Relabelling
from searchapp.model.query import FACETS, SCOPES, Query, SearchRequest
from searchapp.model.result import FacetResult, FacetValue

__all__ = ["WhooshEngine"]

_Node: TypeAlias = tuple[str, str]
"""Facet or column, and label."""

_MOST_FORMS = 1_000
"""A pattern with more forms is looked for in every word of a text."""

_ARTICLE = frozenset({"article"})
_FINGERPRINT = frozenset({"fingerprint"})
_PATH = frozenset({"id", "path"})


class WhooshEngine:
    """Articles in a columnar Whoosh index in a folder; see `searchapp.engines.base.Engine`."""

    def __init__(self, opened: ColumnarIndex, *, timeout_s: float) -> None:
        self._index = opened
        self._timeout_s = timeout_s
        self._facets = FacetIndex({column: (column,) for column in COLUMNS}, forms=forms)

    @classmethod
    def open(cls, folder: Path, *, create: bool, timeout_s: float) -> WhooshEngine:
        """The index in `folder`, made first where there is none and `create` says so.

        `timeout_s` is how long one query may take. Raises `IndexNotFound` and `IndexDamaged`.
        """
        try:
            if ColumnarIndex.exists(folder):
                return cls(ColumnarIndex.open(folder, analyses=[ENGLISH]), timeout_s=timeout_s)
            if not create:
                raise IndexNotFound(
                    f"no index at {str(folder)!r}; create one with: searchapp index FILES --index {folder}"
                )
            return cls(ColumnarIndex.create(folder, index_schema(), order=ORDER), timeout_s=timeout_s)
        except OSError as error:
            raise IndexNotFound(f"cannot use {str(folder)!r} as an index: {error.strerror or error}") from error

    @property
    def generation(self) -> str:
        return str(self._index.generation())

    def __len__(self) -> int:
        return self._view().live_count

    def get(self, article_id: str) -> Article | None:
        view = self._view()
        number = _numbers(view, [article_id]).get(article_id)
        return None if number is None else stored_article(view.stored_fields(number, _ARTICLE))

    def fingerprints(self, ids: Iterable[str]) -> dict[str, str]:
        view = self._view()
        numbers = _numbers(view, list(ids))
        return {i: view.stored_fields(number, _FINGERPRINT)["fingerprint"] for i, number in numbers.items()}

    def paths(self) -> Iterator[tuple[str, str]]:
        view = self._view()
        for base, segment in zip(view.bases, view.segments, strict=True):
            for number in (segment.all_docs + base).tolist():
                stored = view.stored_fields(number, _PATH)
                yield stored["id"], stored["path"].decode("utf-8", "surrogateescape")

    def labels(self, column: str) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for segment in self._view().segments:
            counts.update(segment.label_counts(column))
        return dict(counts)

    @contextmanager
    def writer(self, *, timeout_s: float) -> Iterator[_WhooshWriter]:
        try:
            opened = self._index.writer(timeout=timeout_s)
        except IndexLocked:
            raise IndexLocked(
                f"another process has been writing to this index for over {timeout_s:g} seconds; "
                "wait for it to finish, then try again"
            ) from None
        with opened:
            yield _WhooshWriter(opened)

    def search(self, request: SearchRequest, query: Query, *, names: Relabelling = AS_WRITTEN) -> Answer:
        executor = self._executor()
        found = executor.search(self._question(request, query, names))
        hits = ((executor.view.stored_fields(hit.docnum, _ARTICLE), hit.score) for hit in found.hits[0])
        return Answer(
            total=found.total,
            hits=tuple((stored_article(stored), score) for stored, score in hits),
            facets={
                facet: _facet_result(request, facet, found.facets[column_for(facet, request.scope)]) for facet in FACETS
            },
            timeline=timeline(dict(found.timeline)),
        )

    def surface_forms(self, query: Query) -> frozenset[str] | None:
        columns = {facet: facet for facet in FACETS}
        found = self._executor().surface_forms(translate(query, columns), limit=_MOST_FORMS)
        return found if len(found) < _MOST_FORMS else None

    def matches(self, request: SearchRequest, query: Query, *, names: Relabelling = AS_WRITTEN) -> Iterator[Article]:
        executor = self._executor()
        question = self._question(request, query, names)
        everything = replace(
            question, hits=(HitsAsked(question.hits[0].sort, limit=executor.view.live_count),), facets=(), timeline=""
        )
        for hit in executor.search(everything).hits[0]:
            yield stored_article(executor.view.stored_fields(hit.docnum, _ARTICLE))

    def close(self) -> None:
        self._index.close()

    def _view(self) -> View:
        try:
            return self._index.view()
        except FileNotFoundError as error:
            raise IndexDamaged(
                f"the index at {str(self._index.folder)!r} lacks a file ({Path(error.filename).name}); "
                "move it away and index again"
            ) from error

    def _executor(self) -> Executor:
        self._view()
        return self._index.executor(self._facets)

    def _question(self, request: SearchRequest, query: Query, names: Relabelling) -> Question:
        columns = {facet: column_for(facet, request.scope) for facet in FACETS}
        dated = request.since is not None or request.until is not None
        return Question(
            query=translate(query, columns),
            filters=tuple(
                FacetFilter(
                    columns[facet],
                    request.selected(facet),
                    every=request.match_of(facet) == "all",
                    excluded=request.excluded(facet),
                )
                for facet in FACETS
                if request.selected(facet) or request.excluded(facet)
            ),
            ranges=(days_between(request.since, request.until),) if dated else (),
            hits=(
                HitsAsked(
                    "score" if request.sort == "relevance" else request.sort,
                    offset=(request.page - 1) * request.page_size,
                    limit=request.page_size,
                ),
            ),
            facets=tuple(FacetAsked(column, size=request.facet_size) for column in columns.values()),
            timeline="day",
            relabelling=label_changes(names),
            deadline_s=self._timeout_s,
        )


class _WhooshWriter:
    """Hands articles to the index's writer in batches; the caller commits."""

    def __init__(self, writer: ColumnarWriter) -> None:
        self._writer = writer

    def add(self, articles: Sequence[tuple[Article, str]]) -> None:
        self._writer.add_batch(batch_of(articles))

    def delete(self, ids: Iterable[str]) -> int:
        return self._writer.delete_ids(list(dict.fromkeys(ids)))


def _numbers(view: View, ids: Sequence[str]) -> dict[str, int]:
    """Id to article number, for those of `ids` that are here."""
    keys = [article_id.encode("utf-8", "surrogatepass") for article_id in ids]
    found: dict[str, int] = {}
    for base, segment in zip(view.bases, view.segments, strict=True):
        column = segment.data.ids("id")
        for place, number in column.find(keys) if column is not None else ():
            if segment.live is None or segment.live[number]:
                found[ids[place]] = base + number
    return found


@lru_cache(maxsize=4)
def label_changes(names: Relabelling) -> LabelChanges:
    """What `names` changes, in the columns of labels and in those of labels that articles are about."""
    changes: dict[_Node, _Node | None] = {}
    overrides: dict[str, dict[_Node, _Node | None]] = {article: {} for article in names.overrides}
    for scope in SCOPES:
        changes |= _in_columns(names.changes, scope)
        for article, own in names.overrides.items():
            overrides[article] |= _in_columns(own, scope)
    return LabelChanges(names.version, changes, overrides)


def _in_columns(changes: Mapping[_Node, _Node | None], scope: str) -> dict[_Node, _Node | None]:
    return {
        (column_for(facet, scope), label): (column_for(shown[0], scope), shown[1]) if shown else None
        for (facet, label), shown in changes.items()
    }


def _facet_result(request: SearchRequest, facet: str, counts: FacetCounts) -> FacetResult:
    selected = request.selected(facet)
    values = tuple(FacetValue(label, label, count, label in selected) for label, count in counts.values)
    return FacetResult(facet, values, counts.total_values, counts.missing)
