"""One state of an index, as searches see it: segments, which articles live, and statistics over all."""

from __future__ import annotations

import bisect
import math
import time
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.columnar.asking.caches import ByteCache
from searchapp.columnar.asking.docsets import NOTHING, Found
from searchapp.columnar.asking.queries import Weights
from searchapp.columnar.asking.scoring import Holders, Scoring, WordScores
from searchapp.columnar.format.lengths import LENGTHS
from searchapp.columnar.format.segments import ColumnarSegment, SegmentData, is_replaced, open_segment
from searchapp.errors import SearchTimeout

__all__ = ["Clock", "Lasting", "Living", "SegmentView", "View"]

Array = npt.NDArray[Any]

CACHE_BYTES = 96 << 20


class Clock:
    """The time a search may take."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds

    def check(self) -> None:
        """Raises `SearchTimeout` when the time is over."""
        if self._end is not None and time.monotonic() > self._end:
            raise SearchTimeout(f"the search took longer than {self._seconds:g} s; ask for fewer or rarer words")


@runtime_checkable
class Lasting(Protocol):
    """Something known of a segment that lasts when further articles of it are deleted."""

    def without(self, view: SegmentView, deleted: Array) -> Any:
        """The same in `view`, where the articles `deleted` no longer live."""


class Living:
    """Which articles of a segment are not deleted.

    It knows nothing of the segment's file, and so whatever is kept with it keeps no file open.
    """

    def __init__(self, docs: int, mask: Array | None) -> None:
        """`mask` is a bool for each of `docs` articles; None when all live."""
        self.docs = docs
        self.mask = mask

    def among(self, docs: Array) -> Array:
        """Those of the articles that are not deleted."""
        return docs if self.mask is None else docs[np.flatnonzero(self.mask[docs])]

    @cached_property
    def all(self) -> Array:
        """Every article that is not deleted."""
        return self.among(np.arange(self.docs))


class SegmentView:
    """A segment with a fixed set of deleted articles.

    Nothing that it holds points back to it: with its last reader it goes at once, and the file of the segment with it.
    """

    def __init__(
        self, folder: Path, segment: ColumnarSegment, cache: ByteCache, *, before: SegmentView | None = None
    ) -> None:
        """`before` is the same segment with other deleted articles; what it knows is taken over."""
        self.segment = segment
        self.data: SegmentData = open_segment(folder, segment)
        self.docs = segment.docs
        self.alive = Living(segment.docs, None if segment.dead is None else ~segment.dead)
        self.live_count = self.docs - segment.deleted_count()
        self.cache = cache
        self.key = (segment.segid, *segment.dead_key())
        self.facets: dict[Any, Any] = {}
        self.renewed: tuple[Any, bool] | None = None
        """For the version of a relabelling, whether it shows a label here otherwise than the one before."""
        self._tokens: dict[str, int] = {}
        if before is not None:
            self._take_over(before)

    def _take_over(self, before: SegmentView) -> None:
        for name in ("newest_ranks", "oldest_ranks"):
            if name in before.__dict__:
                self.__dict__[name] = before.__dict__[name]
        if self.live is None or (before.live is not None and (self.live & ~before.live).any()):
            return  # Articles have come back, which only Whoosh's writers do.
        new = np.flatnonzero(~self.live if before.live is None else before.live & ~self.live)
        for key, facet in list(before.facets.items()):
            if isinstance(facet, Lasting):
                self.facets[key] = facet.without(self, new)

    @property
    def live(self) -> Array | None:
        """bool for each article; None when all live."""
        return self.alive.mask

    def living(self, docs: Array) -> Array:
        """Those of the articles that are not deleted."""
        return self.alive.among(docs)

    @property
    def all_docs(self) -> Array:
        """Every article that is not deleted."""
        return self.alive.all

    def label_counts(self, field: str) -> dict[str, int]:
        """Labels of a facet field as they are stored, with the number of living articles of each."""
        column = self.data.labels(field)
        if column is None:
            return {}
        docs, labels = column.slots.pairs()
        kept = labels if self.live is None else labels[self.live[docs]]
        counts = np.bincount(kept, minlength=column.slots.labels).tolist()
        words = (word.decode("utf-8", "surrogatepass") for word in column.table.words())
        return {word: count for word, count in zip(words, counts, strict=True) if count}

    def labels_besides(self, other: SegmentView, field: str) -> dict[str, int]:
        """Labels of the articles that live here and not in another state of the segment, with their numbers."""
        column = self.data.labels(field)
        if column is None:
            return {}
        live = np.ones(self.docs, bool) if self.live is None else self.live
        gone = np.flatnonzero(live & False if other.live is None else live & ~other.live)
        counts = column.slots.counts(gone)[:-1]
        numbers = np.flatnonzero(counts)
        words = (column.table[number].decode("utf-8", "surrogatepass") for number in numbers.tolist())
        return dict(zip(words, counts[numbers].tolist(), strict=True))

    def tokens(self, field: str) -> int:
        """Words of all living articles in a text field."""
        found = self._tokens.get(field)
        if found is None:
            text = self.data.text(field)
            if text is None:
                found = 0
            elif self.live is None:
                found = text.tokens
            else:
                found = int(text.lengths[self.live].sum(dtype=np.int64))
            self._tokens[field] = found
        return found

    def filled(self, fields: Weights) -> int:
        """Living articles with a word in any of these text fields."""
        codes = self.data.length_codes(fields)
        return int(np.count_nonzero(codes if self.live is None else codes[self.live]))

    def postings(self, field: str, stem: int) -> tuple[Array, Array | None]:
        """All articles with a stem, deleted ones too, and its frequency in each (None where all are 1)."""
        text = self.data.text(field)
        assert text is not None

        def read() -> tuple[Array, Array | None]:
            tf = text.postings.tf(stem)
            # A copy, since a view of the file would keep the file open for as long as it is kept itself.
            return text.postings.docs(stem), None if tf is None else tf.copy()

        return self.cache.get((self.key, field, stem), read, _pair_bytes)

    def holders(self, fields: Weights, stems: tuple[bytes, ...]) -> Holders:
        """The living articles with a word in any of these text fields, of each of which its stem is given."""
        key = (self.key, "holders", fields, stems)
        return Holders(*self.cache.get(key, lambda: self._holders(fields, stems), _holder_bytes))

    def _holders(self, fields: Weights, stems: tuple[bytes, ...]) -> tuple[Array, Array, int]:
        postings = []
        for (name, times), stem in zip(fields, stems, strict=True):
            text = self.data.text(name)
            if text is not None and (number := text.stems.find(stem)) >= 0:
                postings.append((*self.postings(name, number), times))
        return compiled.steps.holders(tuple(postings), self.live, self.data.length_codes(fields))

    def forms_matching(self, field: str, pattern: str) -> Array:
        """Numbers of the forms of a text field that a pattern matches."""
        text = self.data.text(field)
        if text is None:
            return np.empty(0, np.int64)
        key = (self.key, field, "pattern", pattern)
        return self.cache.get(key, lambda: text.forms_matching(pattern.encode("utf-8", "surrogatepass")), _bytes)

    def forms_like(self, field: str, word: str, edits: int) -> Array:
        """Numbers of the forms of a text field that are spelled like a word."""
        text = self.data.text(field)
        if text is None:
            return np.empty(0, np.int64)
        return self.cache.get((self.key, field, edits, word), lambda: text.forms.spelled_like(word, edits), _bytes)

    @cached_property
    def newest_ranks(self) -> Array:
        """For each article its place when sorted by falling date, undated ones last, ties by the tie number."""
        if "order.newest" not in self.data.file:
            return np.arange(self.docs)
        return _inverse(self.data.array("order.newest"))

    @cached_property
    def oldest_ranks(self) -> Array:
        """For each article its place when sorted by rising date, undated ones last, ties by the tie number."""
        order = self.data.file.attributes.get("order")
        if not order:
            return np.arange(self.docs)
        newest = self.data.array("order.newest")
        dates = self.data.numbers(order[0])
        assert dates is not None
        return _inverse(newest[np.argsort(dates.codes[newest], kind="stable")])


class View:
    """All segments of one state of the index."""

    def __init__(
        self,
        folder: Path,
        segments: Sequence[ColumnarSegment],
        *,
        generation: int,
        mark: str,
        order: tuple[str, str] | None,
        before: View | None = None,
    ) -> None:
        """Open `segments`; those that `before` knows in the same state are shared with it. `mark` names the state."""
        self.cache: ByteCache = before.cache if before else ByteCache(CACHE_BYTES)
        known = {view.key: view for view in before.segments} if before else {}
        same = {view.segment.segid: view for view in before.segments} if before else {}
        self.generation = generation
        self.mark = mark
        self.order = order
        self.segments: list[SegmentView] = []
        for segment in segments:
            found = known.get((segment.segid, *segment.dead_key()))
            earlier = same.get(segment.segid)
            if earlier is not None and is_replaced(folder, segment, earlier.data):
                found = earlier = None
            self.segments.append(found or SegmentView(folder, segment, self.cache, before=earlier))
        self.live_count = sum(segment.live_count for segment in self.segments)
        counts = [segment.docs for segment in self.segments]
        self.bases = [sum(counts[:place]) for place in range(len(counts))]
        self._norms: dict[tuple[Weights, Scoring], Array] = {}
        self._filled: dict[Weights, int] = {}

    def labels_since(self, before: View, field: str) -> dict[str, int]:
        """How many more articles have each label of a facet field than in another state; none of as many.

        Reads the segments that are not in both, and what was deleted from the others.
        """
        counts: Counter[str] = Counter()
        was = {view.segment.segid: view for view in before.segments}
        for segment in self.segments:
            old = was.pop(segment.segment.segid, None)
            if old is None:
                counts.update(segment.label_counts(field))
            elif old.key != segment.key:
                counts.subtract(old.labels_besides(segment, field))
                # Seen from an earlier state, what was deleted since is there.
                counts.update(segment.labels_besides(old, field))
        for gone in was.values():
            counts.subtract(gone.label_counts(field))
        return {label: count for label, count in counts.items() if count}

    def filled(self, fields: Weights) -> int:
        """Living articles with a word in any of these text fields."""
        found = self._filled.get(fields)
        if found is None:
            found = self._filled[fields] = sum(segment.filled(fields) for segment in self.segments)
        return found

    def average_length(self, fields: Weights) -> float:
        """Words of such an article, those of each field counted as often as it weighs."""
        words = sum(times * segment.tokens(name) for name, times in fields for segment in self.segments)
        return words / max(1, self.filled(fields))

    def norms(self, fields: Weights, scoring: Scoring) -> Array:
        """float64 k1 * (1 - b + b * length / average) for each code of a length."""
        found = self._norms.get((fields, scoring))
        if found is None:
            average = self.average_length(fields) or 1.0
            found = scoring.k1 * (1 - scoring.b + scoring.b * LENGTHS / average)
            self._norms[fields, scoring] = found
        return found

    def idf(self, fields: Weights, stems: tuple[bytes, ...]) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)) over the living articles of all segments."""
        return self._idf(fields, sum([len(segment.holders(fields, stems).docs) for segment in self.segments]))

    def _idf(self, fields: Weights, n: int) -> float:
        return math.log(1 + (self.filled(fields) - n + 0.5) / (n + 0.5))

    def scored(self, place: int, fields: Weights, stems: tuple[bytes, ...], scoring: Scoring) -> Found:
        """Articles of a segment with a word in any of these fields, scored as if the fields were one."""
        segment = self.segments[place]
        holders = segment.holders(fields, stems)
        if not len(holders.docs):
            return NOTHING
        alone = len(self.segments) == 1
        idf = self._idf(fields, len(holders.docs)) if alone else self.idf(fields, stems)
        return Found(holders.docs, WordScores(holders, idf, self.norms(fields, scoring)))

    def cached(self, key: tuple[Any, ...], make: Any) -> Found:
        """A result kept for this state of the index."""
        found: Found = self.cache.get((self.mark, *key), make, _bytes)
        return found

    def locate(self, docnum: int) -> tuple[int, int]:
        """Place of the segment and number within it of an article."""
        place = bisect.bisect_right(self.bases, docnum) - 1
        return place, docnum - self.bases[place]

    def stored_bytes(self, docnums: Sequence[int], names: tuple[str, ...]) -> list[tuple[bytes | None, ...]]:
        """Stored bytes of articles in these fields; None for each that one does not have, or has as anything else."""
        found = []
        for docnum in docnums:
            place, doc = self.locate(docnum)
            found.append(self.segments[place].data.stored_bytes(doc, names))
        return found

    def stored_fields(self, docnum: int, only: frozenset[str] | None = None) -> dict[str, Any]:
        """Stored values of an article by field name, all or those in `only`."""
        place, doc = self.locate(docnum)
        return self.segments[place].data.stored_fields(doc, only)


def _inverse(order: Array) -> Array:
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return ranks


def _bytes(values: Any) -> int:
    return int(values.nbytes)


def _holder_bytes(holders: tuple[Array, Array, int]) -> int:
    return Holders(*holders).nbytes


def _pair_bytes(pair: tuple[Array, Array | None]) -> int:
    return pair[0].nbytes + (0 if pair[1] is None else pair[1].nbytes)
