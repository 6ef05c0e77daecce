"""`WhooshEngine`: opening, writing, searching."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import index, scoring

from searchapp.engines.base import K1, Answer, B, facet_result, timeline
from searchapp.engines.whoosh.facets import Articles, Mask, Snapshot
from searchapp.engines.whoosh.schema import fields_of, index_schema, stored_article
from searchapp.engines.whoosh.translate import translate
from searchapp.errors import IndexDamaged, IndexLocked, IndexNotFound, SearchTimeout
from searchapp.model.article import KIND_OF_FACET, Article
from searchapp.model.names import AS_WRITTEN, Relabelling
from searchapp.model.query import FACETS, Named, Query, SearchRequest

__all__ = ["WhooshEngine"]

_CHECK_DEADLINE_EVERY = 4096
"""Matches between two looks at the clock."""


@dataclass(frozen=True)
class _View:
    """One state of the index: it stays as it is while others write."""

    searcher: Any
    snapshot: Snapshot
    generation: int


class WhooshEngine:
    """Articles in a Whoosh index in a folder; see `searchapp.engines.base.Engine`."""

    def __init__(self, opened: Any, *, timeout_s: float) -> None:
        self._index = opened
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._current: _View | None = None

    @classmethod
    def open(cls, folder: Path, *, create: bool, timeout_s: float) -> WhooshEngine:
        """The index in `folder`, made first where there is none and `create` says so.

        `timeout_s` is how long one query may take. Raises `IndexNotFound` and `IndexDamaged`.
        """
        try:
            if index.exists_in(folder):
                return cls(index.open_dir(folder), timeout_s=timeout_s)
            if not create:
                raise IndexNotFound(
                    f"no index at {str(folder)!r}; create one with: searchapp index FILES --index {folder}"
                )
            folder.mkdir(parents=True, exist_ok=True)
            return cls(index.create_in(folder, index_schema()), timeout_s=timeout_s)
        except OSError as error:
            raise IndexNotFound(f"cannot use {str(folder)!r} as an index: {error.strerror or error}") from error
        except (index.IndexError, ValueError, EOFError, KeyError) as error:
            raise IndexDamaged(
                f"the index at {str(folder)!r} cannot be read ({error}); move it away and index again"
            ) from error

    @property
    def generation(self) -> str:
        return str(self._index.latest_generation())

    def __len__(self) -> int:
        return int(self._view().searcher.doc_count())

    def get(self, article_id: str) -> Article | None:
        searcher = self._view().searcher
        number = searcher.document_number(id=article_id)
        return None if number is None else stored_article(searcher.stored_fields(number))

    def fingerprints(self, ids: Iterable[str]) -> dict[str, str]:
        searcher = self._view().searcher
        numbers = ((i, searcher.document_number(id=i)) for i in ids)
        return {i: searcher.stored_fields(n)["fingerprint"] for i, n in numbers if n is not None}

    def paths(self) -> Iterator[tuple[str, str]]:
        for stored in self._view().searcher.reader().all_stored_fields():
            yield stored["id"], stored["path"]

    def labels(self, facet: str) -> dict[str, int]:
        snapshot = self._view().snapshot
        return snapshot.raw(facet).counts(snapshot.live)

    @contextmanager
    def writer(self, *, timeout_s: float) -> Iterator[_WhooshWriter]:
        try:
            opened = self._index.writer(timeout=timeout_s, delay=0.05)
        except index.LockError:
            raise IndexLocked(
                f"another process has been writing to this index for over {timeout_s:g} seconds; "
                "wait for it to finish, then try again"
            ) from None
        writer = _WhooshWriter(opened)
        try:
            yield writer
        except BaseException:
            opened.cancel()
            raise
        opened.commit()

    def search(self, request: SearchRequest, query: Query, *, names: Relabelling = AS_WRITTEN) -> Answer:
        view = self._view()
        snapshot = view.snapshot
        found, scores, own = self._found(view, request, query, names)
        hits = _mask(found, snapshot.size)
        for mask in own.values():
            hits &= mask
        facets = {}
        for facet in FACETS:
            # Leave out this facet's own filter, or choosing York would hide every other place.
            among = _mask(found, snapshot.size)
            for other, mask in own.items():
                if other != facet:
                    among &= mask
            table = snapshot.table(facet, names)
            missing = int(np.count_nonzero(among & ~table.any_value))
            facets[facet] = facet_result(request, facet, table.counts(among), missing=missing)
        kept = hits[found]
        ranked = snapshot.order(found[kept], scores[kept], request.sort)
        first = (request.page - 1) * request.page_size
        score_of = np.zeros(snapshot.size)
        score_of[found] = scores
        page = tuple(
            (stored_article(view.searcher.stored_fields(int(n))), float(score_of[n]))
            for n in ranked[first : first + request.page_size]
        )
        return Answer(len(ranked), page, facets, timeline(snapshot.days(hits)))

    def matches(self, request: SearchRequest, query: Query, *, names: Relabelling = AS_WRITTEN) -> Iterator[Article]:
        view = self._view()
        found, scores, own = self._found(view, request, query, names)
        kept = np.ones(len(found), np.bool_)
        for mask in own.values():
            kept &= mask[found]
        for number in view.snapshot.order(found[kept], scores[kept], request.sort):
            yield stored_article(view.searcher.stored_fields(int(number)))

    def close(self) -> None:
        with self._lock:
            if self._current is not None:
                self._current.searcher.close()
                self._current = None
            self._index.close()

    def _view(self) -> _View:
        """The latest committed state; opened again only after a commit."""
        with self._lock:
            generation = self._index.latest_generation()
            if self._current is None or self._current.generation != generation:
                # An older view is closed by whoever still searches in it, when the last reference goes.
                searcher = self._index.refresh().searcher(weighting=_Weighting())
                self._current = _View(searcher, Snapshot(searcher.reader()), generation)
            return self._current

    def _found(
        self, view: _View, request: SearchRequest, query: Query, names: Relabelling
    ) -> tuple[Articles, npt.NDArray[np.float64], dict[str, Mask]]:
        """Matching articles with scores, all filters applied but those that a facet leaves out for itself."""

        def named_terms(named: Named) -> Iterator[tuple[str, str]]:
            return _named_terms(view.snapshot, named, names)

        articles, scores = self._matched(view, translate(query, named_terms))
        fixed, own = view.snapshot.filters(request, names)
        kept = fixed[articles]
        return articles[kept], scores[kept], own

    def _matched(self, view: _View, query: Any) -> tuple[Articles, npt.NDArray[np.float64]]:
        """Articles that match a Whoosh query, ascending, with their scores. Raises `SearchTimeout`."""
        deadline = time.monotonic() + self._timeout_s
        numbers: list[int] = []
        scores: list[float] = []
        for searcher, offset in view.searcher.leaf_searchers():
            matcher = query.matcher(searcher)
            while matcher.is_active():
                numbers.append(matcher.id() + offset)
                scores.append(matcher.score())
                matcher.next()
                if len(numbers) % _CHECK_DEADLINE_EVERY == 0 and time.monotonic() > deadline:
                    raise SearchTimeout(
                        f"the query took longer than {self._timeout_s:g} seconds; use fewer or rarer words"
                    )
        return np.array(numbers, np.int64), np.array(scores, np.float64)


class _WhooshWriter:
    """Collects changes in an open Whoosh writer; the caller commits."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer
        self._added: dict[str, int] = {}
        """Id to number in the new segment, of what this writer added."""

    def add(self, articles: Sequence[tuple[Article, str]]) -> None:
        for article, fingerprint in articles:
            self._forget(article.id)
            self._added[article.id] = self._writer.docnum
            self._writer.add_document(**fields_of(article, fingerprint))

    def delete(self, ids: Iterable[str]) -> int:
        return sum(self._forget(article_id) for article_id in set(ids))

    def _forget(self, article_id: str) -> bool:
        number = self._added.pop(article_id, None)
        if number is not None:
            # Whoosh deletes only what an earlier commit wrote; the new segment takes it all the same.
            self._writer.newsegment.delete_document(number)
            return True
        return bool(self._writer.delete_by_term("id", article_id))


class _Weighting(scoring.WeightingModel):  # type: ignore[misc]
    """BM25 as every engine computes it."""

    def scorer(self, searcher: Any, fieldname: str, text: Any, qf: int = 1) -> Any:
        if not searcher.schema[fieldname].scorable:
            return scoring.WeightScorer.for_(searcher, fieldname, text)
        return _Scorer(searcher, fieldname, text)


class _Scorer(scoring.WeightLengthScorer):  # type: ignore[misc]
    def __init__(self, searcher: Any, fieldname: str, text: Any) -> None:
        parent = searcher.get_parent()
        articles, having = parent.doc_count_all(), parent.doc_frequency(fieldname, text)
        self._idf = math.log(1 + (articles - having + 0.5) / (having + 0.5))
        self._average = parent.avg_field_length(fieldname) or 1
        self.setup(searcher, fieldname, text)

    def _score(self, weight: float, length: int) -> float:
        return self._idf * weight * (K1 + 1) / (weight + K1 * (1 - B + B * length / self._average))


def _named_terms(snapshot: Snapshot, named: Named, names: Relabelling) -> Iterator[tuple[str, str]]:
    """Facet and label, as the articles have them, of every value that `named` asks for."""
    shown = snapshot.table(named.facet, names)
    wanted = f" {' '.join(named.words)}{'' if named.prefix else ' '}"
    chosen = {label for label, words in zip(shown.labels, shown.words, strict=True) if wanted in words}
    for facet in KIND_OF_FACET if named.facet in KIND_OF_FACET else (named.facet,):
        for label in snapshot.raw(facet).labels:
            resolved = names.resolve(facet, label) if facet in KIND_OF_FACET else (facet, label)
            if resolved and resolved[0] == named.facet and resolved[1] in chosen:
                yield facet, label


def _mask(articles: Articles, size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[articles] = True
    return mask
