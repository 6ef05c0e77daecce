"""Posting lists as streams of narrow integers: which articles hold a term, how often, where and in which form.

Terms are numbered by their place in the field's dictionary. A term's articles are kept as gaps in one, two or four
bytes, whichever its largest gap needs; likewise its frequencies (nothing where all are 1), its positions and the
form of each occurrence, of which most fit half a byte, or one and a half. All streams of a run of terms stand together
in a *chunk*, so that a file is written front to back and read in long stretches when segments merge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.columnar.format.pages import SectionFile, SectionWriter
from searchapp.columnar.format.ragged import ends_of, row_maxima, starts_of, take_rows

__all__ = ["CHUNK_OCCURRENCES", "Postings", "PostingsWriter", "Rows"]

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Stream:
    """Values of one width."""

    halves: int
    """Half bytes of a value."""
    dtype: np.dtype[Any]
    """What the values are; of half bytes, what two of them stand in, the first in the lower bits."""


HALF, BYTE, TWO, FOUR, REAL = (
    Stream(halves, np.dtype(code)) for halves, code in ((1, "<u1"), (2, "<u1"), (4, "<u2"), (8, "<u4"), (8, "<f4"))
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The ways in which one kind of values is kept; each term has the first that holds its largest value."""

    limits: tuple[int, ...]
    """The largest value of each way but the last."""
    ways: tuple[tuple[Stream, ...], ...]
    """The streams of each way, the lowest bits first; none where every value is the one that goes without saying."""
    first: int
    """Place of the first of all these streams in a chunk."""
    shift: int
    """Where in the class of a term its way stands."""

    def classes(self, largest: Array) -> npt.NDArray[np.uint8]:
        """The way of each term, given its largest value."""
        found = np.zeros(len(largest), np.uint8)
        for limit in self.limits:
            found += largest > limit
        return found

    def of(self, classes: Array) -> Array:
        """The way of each term, given its class."""
        ways: Array = classes >> self.shift & 3
        return ways

    def column(self, way: int) -> int:
        """Place in a chunk of the first stream of a way."""
        return self.first + sum(map(len, self.ways[:way]))


GAPS = Layout((0xFF, 0xFFFF), ((BYTE,), (TWO,), (FOUR,)), 0, 0)
FREQUENCIES = Layout((1, 15, 0xFF), ((), (HALF,), (BYTE,), (FOUR,)), 3, 2)
WEIGHTS = Layout((1, 15, 0xFF), ((), (HALF,), (BYTE,), (REAL,)), 3, 2)
"""What frequencies are where a field has no positions: they need not be whole numbers there."""
POSITIONS = Layout((0xFF, 0xFFF, 0xFFFF), ((BYTE,), (BYTE, HALF), (TWO,), (FOUR,)), 6, 4)
FORMS = Layout((0, 15, 0xFF), ((), (HALF,), (BYTE,), (TWO,)), 11, 6)
STREAMS = 14
"""How many streams a chunk has."""

CHUNK_OCCURRENCES = 1 << 21
"""A chunk ends with the term that fills it so far."""

LONG = 1024
"""Of a term with so many articles and with positions, frequencies are summed up block by block."""
BLOCK = 32
"""Articles of such a block."""


@dataclass(slots=True)
class Rows:
    """Postings of consecutive terms, flat."""

    df: Array
    """int64: articles of each term."""
    docs: Array
    """int64: article numbers, ascending within each term."""
    tf: Array | None = None
    """Frequency of each posting; None where each is 1. Integers, or float32 where a field has weights."""
    positions: Array | None = None
    """uint32: word positions, ascending within each posting; as many as the frequencies add up to."""
    forms: Array | None = None
    """uint16: for each position which form of its term it is; None where the field knows no forms."""

    def frequencies(self) -> Array:
        """Frequency of each posting."""
        return np.ones(len(self.docs), np.int64) if self.tf is None else self.tf

    def cf(self) -> Array:
        """int64: occurrences of each term."""
        if self.tf is None:
            return self.df
        sums = ends_of(self.tf.astype(np.int64))
        ends = ends_of(self.df)
        counts: Array = sums[ends[1:]] - sums[ends[:-1]]
        return counts


class PostingsWriter:
    """Writes the postings of one field, in the order of its terms."""

    def __init__(self, file: SectionWriter, field: str) -> None:
        self._file = file
        self._field = field
        self._parts: list[tuple[Array, Array, Array, Array]] = []
        self._chunks: list[list[int]] = []
        self._sums: list[Array] = []
        self._terms = 0

    def add(self, rows: Rows) -> None:
        """Append the postings of the next terms, every one of which has at least one."""
        ends = ends_of(rows.df)
        cf = rows.cf()
        place = 0
        while place < len(rows.df):
            # Cut where the occurrences reach the size of a chunk, but never inside a term.
            before = int(cf[:place].sum())
            stop = int(np.searchsorted(np.cumsum(cf), before + CHUNK_OCCURRENCES)) + 1
            stop = max(place + 1, min(stop, len(rows.df)))
            self._add_chunk(rows, cf, ends, place, stop)
            place = stop

    def finish(self) -> None:
        """Write what is kept for each term."""
        parts = [np.concatenate(column) for column in zip(*self._parts, strict=True)] if self._parts else []
        df, cf, first, classes = parts or [np.empty(0, np.int64)] * 4
        name = self._field
        self._file.add(f"{name}.df", df.astype(FOUR.dtype))
        if (df != cf).any():
            self._file.add(f"{name}.cf", cf.astype("<u8"))
        self._file.add(f"{name}.first", first.astype(FOUR.dtype))
        self._file.add(f"{name}.classes", classes.astype(BYTE.dtype))
        self._file.add(f"{name}.chunks", np.array(self._chunks, "<i8").reshape(-1))
        if self._sums:
            self._file.add(f"{name}.sums", np.concatenate(self._sums).astype(FOUR.dtype))

    def _add_chunk(self, rows: Rows, cf: Array, ends: Array, start: int, stop: int) -> None:
        df, cf = rows.df[start:stop], cf[start:stop]
        docs = rows.docs[ends[start] : ends[stop]]
        heads = starts_of(df)
        first = docs[heads]
        gaps = np.empty(len(docs), np.int64)
        gaps[1:] = np.diff(docs)
        gaps[heads] = 0
        gap_classes = GAPS.classes(row_maxima(gaps, df))
        at = [self._terms]
        at += self._split(gaps, df, gap_classes, GAPS)
        tf_classes = position_classes = form_classes = np.zeros(len(df), np.uint8)
        if rows.tf is None:
            at += [self._file.offset] * 3
        else:
            tf = rows.tf[ends[start] : ends[stop]]
            tf_classes = _frequency_classes(tf, df)
            at += self._split(tf, df, tf_classes, WEIGHTS if rows.positions is None else FREQUENCIES)
        if rows.positions is None:
            at += [self._file.offset] * 5
        else:
            for term in np.flatnonzero((df >= LONG) & (tf_classes > 0)).tolist():
                tf = rows.frequencies()[ends[start + term] : ends[start + term + 1]]
                self._sums.append(np.cumsum(tf, dtype=np.int64)[BLOCK - 1 :: BLOCK])
            span = slice(int(_sum(rows, ends, 0, start)), int(_sum(rows, ends, 0, stop)))
            positions = rows.positions[span]
            position_classes = POSITIONS.classes(row_maxima(positions, cf))
            at += self._split(positions, cf, position_classes, POSITIONS)
        if rows.forms is None or rows.positions is None:
            at += [self._file.offset] * 3
        else:
            forms = rows.forms[span]
            form_classes = FORMS.classes(row_maxima(forms, cf))
            at += self._split(forms, cf, form_classes, FORMS)
        self._chunks.append([*at, int(rows.positions is not None)])
        classes = gap_classes | tf_classes << 2 | position_classes << 4 | form_classes << 6
        self._parts.append((df, cf, first, classes))
        self._terms += stop - start

    def _split(self, values: Array, counts: Array, classes: Array, layout: Layout) -> list[int]:
        """Write each term's values to the streams of its way; where the streams start."""
        single = int(classes[0]) if len(classes) and (classes == classes[0]).all() else None
        each = None if single is not None else np.repeat(classes, counts)
        offsets = []
        for number, streams in enumerate(layout.ways):
            if not streams:
                continue
            chosen = values if number == single else values[:0]
            if each is not None:
                chosen = values[each == number]
            for stream in streams:
                # All but the last of several hold the bits that fit; the others go to the next.
                last = stream is streams[-1]
                offsets.append(self._file.append(_stored(chosen if last else chosen & 0xFF, stream)))
                chosen = chosen if last else chosen >> 8
        return offsets


def _stored(values: Array, stream: Stream) -> Array:
    if stream is not HALF:
        return values.astype(stream.dtype)
    narrow = np.zeros(len(values) + (len(values) & 1), np.uint8)
    narrow[: len(values)] = values
    pairs: Array = narrow[::2] | narrow[1::2] << 4
    return pairs


def _sum(rows: Rows, ends: Array, start: int, stop: int) -> int:
    low, high = int(ends[start]), int(ends[stop])
    return high - low if rows.tf is None else int(rows.tf[low:high].sum())


def _frequency_classes(tf: Array, df: Array) -> npt.NDArray[np.uint8]:
    classes = FREQUENCIES.classes(row_maxima(tf, df))
    if tf.dtype.kind == "f":
        broken = row_maxima((tf != np.floor(tf)) | (tf < 1), df)
        classes[broken] = 3
    return classes


class Postings:
    """The postings of one field of one segment, read as they are asked for."""

    def __init__(self, file: SectionFile, field: str) -> None:
        self._file = file
        name = field
        self.df: Array = file.array(f"{name}.df")
        self.cf: Array = file.array(f"{name}.cf") if f"{name}.cf" in file else self.df
        self.first: Array = file.array(f"{name}.first")
        self._sums: Array = file.array(f"{name}.sums") if f"{name}.sums" in file else np.empty(0, FOUR.dtype)
        self._classes: Array = file.array(f"{name}.classes")
        self._chunks = file.array(f"{name}.chunks").reshape(-1, 2 + STREAMS)
        self._places: dict[tuple[int, int], Array] = {}
        self.has_positions = bool(self._chunks.size and self._chunks[0, -1])
        self._frequencies = FREQUENCIES if self.has_positions else WEIGHTS

    def __len__(self) -> int:
        return len(self.df)

    def docs(self, term: int) -> Array:
        """int64: the articles of a term, ascending. (numpy looks things up by int64 three times as fast.)"""
        gaps = self._values(GAPS, term, int(self.df[term]))
        assert gaps is not None
        return compiled.steps.decoded(gaps, int(self.first[term]))

    def tf(self, term: int) -> Array | None:
        """Frequency of each posting of a term; None where each is 1."""
        return self._values(self._frequencies, term, int(self.df[term]))

    def sums(self, term: int) -> Array | None:
        """Of a long list the frequencies summed up after each 32 articles; None of a short one."""
        if self.df[term] < LONG:
            return None
        long = int(np.searchsorted(self._long[0], term))
        if long == len(self._long[0]) or self._long[0][long] != term:
            return None
        start = int(self._long[1][long])
        return self._sums[start : start + int(self.df[term]) // BLOCK]

    @cached_property
    def _long(self) -> tuple[Array, Array]:
        """The terms of which frequencies are summed up, and where the sums of each start."""
        if not len(self._sums):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        terms = np.flatnonzero((self.df >= LONG) & (FREQUENCIES.of(self._classes) > 0))
        return terms, starts_of(self.df[terms].astype(np.int64) // BLOCK)

    def positions(self, term: int, places: Array | None = None) -> Array:
        """Word positions of a term, one posting after the other; all, or those of the occurrences at `places`."""
        positions = self._values(POSITIONS, term, int(self.cf[term]), places)
        assert positions is not None
        return positions

    def packed_positions(self, term: int) -> compiled.Numbers:
        """What `positions` gives, as it stands in the file."""
        positions = self._packed(POSITIONS, term, int(self.cf[term]))
        assert positions is not None
        return positions

    def packed_forms(self, term: int) -> compiled.Numbers | None:
        """What `forms` gives, as it stands in the file."""
        return self._packed(FORMS, term, int(self.cf[term]))

    def forms(self, term: int) -> Array | None:
        """Which form each occurrence of a term has; None where all have the first."""
        return self._values(FORMS, term, int(self.cf[term]))

    def select(self, terms: Array, *, forms: bool = False) -> Rows:
        """The postings of these terms, ascending, in long steps; with `forms` the form of each occurrence too."""
        df = self.df[terms].astype(np.int64)
        gaps = self._gather(terms, df, GAPS, np.dtype(np.int32), 0)
        heads = starts_of(df)
        docs = np.cumsum(gaps, dtype=np.int64)
        docs += np.repeat(self.first[terms].astype(np.int64) - docs[heads], df)
        rows = Rows(df=df, docs=docs)
        if forms:
            if FREQUENCIES.of(self._classes[terms]).any():
                rows.tf = self._gather(terms, df, self._frequencies, np.dtype(np.int64), 1)
            cf = self.cf[terms].astype(np.int64)
            rows.forms = self._gather(terms, cf, FORMS, np.dtype(np.uint16), 0)
        return rows

    def rows(self, start: int, stop: int, *, positions: bool = True) -> Rows:
        """The postings of the terms from `start` to before `stop`."""
        parts = [self._chunk_rows(low, high, positions) for low, high in self._chunk_spans(start, stop)]
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return Rows(df=np.empty(0, np.int64), docs=np.empty(0, np.int64))
        tf = None if all(part.tf is None for part in parts) else np.concatenate([p.frequencies() for p in parts])
        known = positions and parts[0].positions is not None
        formed = known and any(part.forms is not None for part in parts)
        return Rows(
            df=np.concatenate([part.df for part in parts]),
            docs=np.concatenate([part.docs for part in parts]),
            tf=tf,
            positions=np.concatenate([part.positions for part in parts]) if known else None,
            forms=np.concatenate([_forms(part) for part in parts]) if formed else None,
        )

    def _chunk_spans(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        firsts = self._chunks[:, 0]
        place = start
        while place < stop:
            chunk = int(np.searchsorted(firsts, place, side="right"))
            end = int(firsts[chunk]) if chunk < len(firsts) else len(self.df)
            yield place, min(end, stop)
            place = end

    def _chunk_rows(self, start: int, stop: int, with_positions: bool) -> Rows:
        df = self.df[start:stop].astype(np.int64)
        cf = self.cf[start:stop].astype(np.int64)
        classes = self._classes[start:stop]
        gaps = self._join(start, df, classes, GAPS, np.dtype(np.int32), 0)
        heads = starts_of(df)
        docs = np.cumsum(gaps, dtype=np.int64)
        # The running sum goes on over the terms before; take off what it was at each term's head.
        docs += np.repeat(self.first[start:stop].astype(np.int64) - docs[heads], df)
        rows = Rows(df=df, docs=docs)
        ways = FREQUENCIES.of(classes)
        if ways.any():
            real = not self.has_positions and bool((ways == 3).any())
            rows.tf = self._join(start, df, classes, self._frequencies, np.dtype(np.float32 if real else np.int64), 1)
        if with_positions and self.has_positions:
            rows.positions = self._join(start, cf, classes, POSITIONS, np.dtype(np.uint32), 0)
            if FORMS.of(classes).any():
                rows.forms = self._join(start, cf, classes, FORMS, np.dtype(np.uint16), 0)
        return rows

    def _values(self, layout: Layout, term: int, count: int, places: Array | None = None) -> Array | None:
        """The values of one term, all or those at `places`; None where all are the one that goes without saying."""
        values = self._packed(layout, term, count)
        if values is None:
            return None
        if places is not None:
            return compiled.taken(values, places)
        return compiled.steps.unpacked(*values) if isinstance(values, tuple) else values

    def _packed(self, layout: Layout, term: int, count: int) -> compiled.Numbers | None:
        """The values of one term as they stand in the file."""
        streams = layout.ways[int(self._classes[term]) >> layout.shift & 3]
        if not streams:
            return None
        start = int(self._starts(layout, len(streams) - 1)[term])
        if streams[-1] is not HALF:
            return self._file.at(start >> 1, count, streams[-1].dtype)
        low = None
        if len(streams) > 1:
            low = self._file.at(int(self._starts(layout, 0)[term]) >> 1, count, BYTE.dtype)
        return low, self._halves(start, count), start & 1, count

    def _halves(self, start: int, count: int) -> Array:
        """The bytes in which `count` half bytes stand, from the half byte `start` of the file on."""
        return self._file.at(start >> 1, (start & 1) + count + 1 >> 1, HALF.dtype)

    def _read(self, stream: Stream, start: int, count: int) -> Array:
        """Values that follow each other, from the half byte `start` of the file on."""
        if stream is HALF:
            return compiled.steps.unpacked(None, self._halves(start, count), start & 1, count)
        return self._file.at(start >> 1, count, stream.dtype)

    def _join(
        self, start: int, counts: Array, classes: Array, layout: Layout, dtype: np.dtype[Any], default: int
    ) -> Array:
        """The values of consecutive terms of one chunk, from the streams of their classes."""
        out = np.full(int(counts.sum()), default, dtype)
        classes = layout.of(classes)
        each = np.repeat(classes, counts)
        for number, streams in enumerate(layout.ways):
            terms = np.flatnonzero(classes == number)
            if not streams or not len(terms):
                continue
            first, total = start + int(terms[0]), int(counts[terms].sum())
            out[each == number] = _joined(
                [self._read(stream, int(self._starts(layout, p)[first]), total) for p, stream in enumerate(streams)]
            )
        return out

    def _gather(self, terms: Array, counts: Array, layout: Layout, dtype: np.dtype[Any], default: int) -> Array:
        """The values of any terms, from the streams of their classes."""
        out = np.full(int(counts.sum()), default, dtype)
        classes = layout.of(self._classes[terms])
        each = np.repeat(classes, counts)
        for number, streams in enumerate(layout.ways):
            chosen = np.flatnonzero(classes == number)
            if not streams or not len(chosen):
                continue
            parts = []
            for part, stream in enumerate(streams):
                starts = self._starts(layout, part)[terms[chosen]]
                places = (starts - starts[0]) // stream.halves
                values = self._read(stream, int(starts[0]), int(places[-1]) + int(counts[chosen[-1]]))
                parts.append(take_rows(values, places, counts[chosen]))
            values = _joined(parts)
            if len(chosen) == len(classes):
                return values.astype(dtype)
            out[each == number] = values
        return out

    def _starts(self, layout: Layout, part: int) -> Array:
        """At which half byte of the file the values of each term start, in the stream of that part of its way."""
        key = layout.first, part
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._compute_starts(layout, part)
        return found

    def _compute_starts(self, layout: Layout, part: int) -> Array:
        counts = self.cf if layout.first >= POSITIONS.first else self.df
        places = np.zeros(len(self.df), np.int64)
        firsts = self._chunks[:, 0]
        lengths = np.diff(np.append(firsts, len(self.df)))
        codes = layout.of(self._classes)
        for number, streams in enumerate(layout.ways):
            if len(streams) <= part:
                continue
            halves = streams[part].halves
            before = ends_of(np.where(codes == number, counts, 0))[:-1]
            column = 1 + layout.column(number) + part
            origin = 2 * self._chunks[:, column] - before[firsts] * halves if len(firsts) else firsts
            places = np.where(codes == number, np.repeat(origin, lengths) + before * halves, places)
        return places


def _joined(parts: Sequence[Array]) -> Array:
    """The values of which each part holds some bits, the lowest first."""
    values = parts[0]
    for part in parts[1:]:
        values = values | part.astype(np.uint16) << 8
    return values


def _forms(rows: Rows) -> Array:
    if rows.forms is not None:
        return rows.forms
    return np.zeros(0 if rows.positions is None else len(rows.positions), np.uint16)
