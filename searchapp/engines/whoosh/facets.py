"""Labels, dates and order of every article of one state of the index, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.analysis import forms
from searchapp.engines.whoosh.schema import UNDATED
from searchapp.model.article import KIND_OF_FACET
from searchapp.model.names import Relabelling
from searchapp.model.query import FACETS, SearchRequest

__all__ = ["FacetTable", "Snapshot"]

Articles = npt.NDArray[np.int64]
"""Article numbers, ascending, each once."""
Mask = npt.NDArray[np.bool_]
"""Indexed by article number."""

SECONDS_A_DAY = 86400


@dataclass(frozen=True)
class FacetTable:
    """Which articles count under which labels of one facet, each pair once."""

    labels: tuple[str, ...]
    articles: npt.NDArray[np.int32]
    """One number per pair; parallel to `ordinals`."""
    ordinals: npt.NDArray[np.int32]
    """Index into `labels` of each pair."""
    size: int
    """How many article numbers there are."""

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Label to ordinal."""
        return {label: i for i, label in enumerate(self.labels)}

    @cached_property
    def any_value(self) -> Mask:
        """Articles with at least one label."""
        mask = np.zeros(self.size, np.bool_)
        mask[self.articles] = True
        return mask

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The folded words of each label between spaces, for looking labels up by word."""
        return tuple(f" {' '.join(forms(label))} " for label in self.labels)

    def having(self, label: str) -> Mask:
        """Articles that count under `label`."""
        mask = np.zeros(self.size, np.bool_)
        if (number := self.numbers.get(label)) is not None:
            mask[self.articles[self.ordinals == number]] = True
        return mask

    def counts(self, among: Mask) -> dict[str, int]:
        """How many of the articles in `among` count under each label; labels without any are left out."""
        counted = np.bincount(self.ordinals[among[self.articles]], minlength=len(self.labels))
        return {self.labels[i]: int(counted[i]) for i in np.flatnonzero(counted)}


class Snapshot:
    """The arrays of one state of an index."""

    def __init__(self, reader: Any) -> None:
        self.size: int = reader.doc_count_all()
        self.live: Mask = np.ones(self.size, np.bool_)
        for number in range(self.size) if reader.has_deletions() else ():
            self.live[number] = not reader.is_deleted(number)
        self.published = _column(reader, "published", self.size)
        self.tie = _column(reader, "tie", self.size)
        self._raw = {facet: _raw_table(reader, facet, self.size) for facet in FACETS}
        self._shown: dict[str, FacetTable] = {}
        self._version: str | None = None

    def raw(self, facet: str) -> FacetTable:
        """Labels as the articles have them."""
        return self._raw[facet]

    def table(self, facet: str, names: Relabelling) -> FacetTable:
        """Labels as `names` shows them."""
        if names.version != self._version:
            self._shown, self._version = {}, names.version
        if facet not in self._shown:
            self._shown[facet] = self._relabelled(facet, names) if facet in KIND_OF_FACET else self._raw[facet]
        return self._shown[facet]

    def _relabelled(self, facet: str, names: Relabelling) -> FacetTable:
        numbers: dict[str, int] = {}
        pairs: list[npt.NDArray[np.int64]] = []
        for kind in KIND_OF_FACET:
            raw = self._raw[kind]
            target = np.full(len(raw.labels) + 1, -1, np.int64)
            for i, label in enumerate(raw.labels):
                shown = names.resolve(kind, label)
                if shown and shown[0] == facet:
                    target[i] = numbers.setdefault(shown[1], len(numbers))
            ordinals = target[raw.ordinals]
            kept = ordinals >= 0
            # An article with two labels that became one counts once: pairs are numbers, and unique ones stay.
            pairs.append(raw.articles[kept].astype(np.int64) << 32 | ordinals[kept])
        unique = np.unique(np.concatenate(pairs))
        return FacetTable(tuple(numbers), (unique >> 32).astype(np.int32), unique.astype(np.int32), self.size)

    def filters(self, request: SearchRequest, names: Relabelling) -> tuple[Mask, dict[str, Mask]]:
        """Articles that pass what no facet may leave out, and for each facet its own choice to be left out."""
        fixed = self.live.copy()
        own: dict[str, Mask] = {}
        if request.since is not None:
            fixed &= self.published >= request.since.toordinal() * SECONDS_A_DAY
        if request.until is not None:
            fixed &= self.published < (request.until.toordinal() + 1) * SECONDS_A_DAY
            fixed &= self.published != UNDATED
        for facet in FACETS:
            table = self.table(facet, names)
            for label in request.excluded(facet):
                fixed &= ~table.having(label)
            chosen = [table.having(label) for label in request.selected(facet)]
            if chosen and request.match_of(facet) == "all":
                fixed &= np.logical_and.reduce(chosen)
            elif chosen:
                own[facet] = np.logical_or.reduce(chosen)
        return fixed, own

    def days(self, among: Mask) -> dict[int, int]:
        """Number of articles in `among` by the day (`date.toordinal`) of publication."""
        keys = self.published[among & (self.published != UNDATED)]
        days, counts = np.unique(keys // SECONDS_A_DAY, return_counts=True)
        return dict(zip(days.tolist(), counts.tolist(), strict=True))

    def order(self, articles: Articles, scores: npt.NDArray[np.float64], sort: str) -> Articles:
        """`articles` in the order of hits; `scores` is parallel to them."""
        published = self.published[articles]
        time = np.where(published == UNDATED, np.iinfo(np.int64).max, published if sort == "oldest" else -published)
        keys = [self.tie[articles], time]
        if sort == "relevance":
            keys.append(-scores)
        return articles[np.lexsort(keys)]


def _column(reader: Any, field: str, size: int) -> npt.NDArray[np.int64]:
    # An index without a segment has no columns to read.
    values = reader.column_reader(field) if size else ()
    return np.fromiter((values[i] for i in range(size)), np.int64, size)


def _raw_table(reader: Any, facet: str, size: int) -> FacetTable:
    labels: list[str] = []
    articles: list[npt.NDArray[np.int32]] = []
    for term in reader.lexicon(facet):
        ids = np.fromiter(reader.postings(facet, term).all_ids(), np.int32)
        articles.append(ids)
        labels.append(term.decode("utf-8", "surrogatepass"))
    lengths = [len(ids) for ids in articles]
    ordinals = np.repeat(np.arange(len(labels), dtype=np.int32), lengths)
    numbers = np.concatenate(articles) if articles else np.zeros(0, np.int32)
    return FacetTable(tuple(labels), numbers, ordinals, size)
