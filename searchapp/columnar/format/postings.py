"""Posting lists as streams of narrow integers: which articles hold a term, how often, where and in which form.

Terms are numbered by their place in the field's dictionary. A term's articles are kept as gaps in one, two or four
bytes, whichever its largest gap needs; likewise its frequencies (nothing where all are 1), its positions and the
form of each occurrence. All streams of a run of terms stand together in a *chunk*, so that a file is written front
to back and read in long stretches when segments merge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.columnar.format.pages import SectionFile, SectionWriter
from searchapp.columnar.format.ragged import ends_of, row_maxima, starts_of, take_rows, width_classes

__all__ = ["CHUNK_OCCURRENCES", "Postings", "PostingsWriter", "Rows"]

Array = npt.NDArray[Any]
Kinds = tuple[np.dtype[Any] | None, ...]

U1, U2, U4, F4 = (np.dtype(code) for code in ("<u1", "<u2", "<u4", "<f4"))
GAPS = (U1, U2, U4)
FREQUENCIES = (None, U1, U2, U4)
WEIGHTS = (None, U1, U2, F4)
"""What frequencies are where a field has no positions: they need not be whole numbers there."""
POSITIONS = (U1, U2, U4)
FORMS = (None, U1, U2)
STREAMS = (*GAPS, *FREQUENCIES[1:], *POSITIONS, *FORMS[1:])
"""The streams of a chunk in order."""
GAP_AT, FREQUENCY_AT, POSITION_AT, FORM_AT = 0, 3, 6, 9

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
        self._file.add(f"{name}.df", df.astype(U4))
        if (df != cf).any():
            self._file.add(f"{name}.cf", cf.astype("<u8"))
        self._file.add(f"{name}.first", first.astype(U4))
        self._file.add(f"{name}.classes", classes.astype(U1))
        self._file.add(f"{name}.chunks", np.array(self._chunks, "<i8").reshape(-1))
        if self._sums:
            self._file.add(f"{name}.sums", np.concatenate(self._sums).astype(U4))

    def _add_chunk(self, rows: Rows, cf: Array, ends: Array, start: int, stop: int) -> None:
        df, cf = rows.df[start:stop], cf[start:stop]
        docs = rows.docs[ends[start] : ends[stop]]
        heads = starts_of(df)
        first = docs[heads]
        gaps = np.empty(len(docs), np.int64)
        gaps[1:] = np.diff(docs)
        gaps[heads] = 0
        gap_classes = width_classes(row_maxima(gaps, df))
        at = [self._terms]
        at += self._split(gaps, df, gap_classes, GAPS)
        if rows.tf is None:
            tf_classes = np.zeros(len(df), np.uint8)
            at += [self._file.offset] * 3
        else:
            tf = rows.tf[ends[start] : ends[stop]]
            tf_classes = _frequency_classes(tf, df)
            at += self._split(tf, df, tf_classes, WEIGHTS if rows.positions is None else FREQUENCIES)
        position_classes = form_classes = np.zeros(len(df), np.uint8)
        if rows.positions is None:
            at += [self._file.offset] * 3
        else:
            for term in np.flatnonzero((df >= LONG) & (tf_classes > 0)).tolist():
                tf = rows.frequencies()[ends[start + term] : ends[start + term + 1]]
                self._sums.append(np.cumsum(tf, dtype=np.int64)[BLOCK - 1 :: BLOCK])
            span = slice(int(_sum(rows, ends, 0, start)), int(_sum(rows, ends, 0, stop)))
            positions = rows.positions[span]
            position_classes = width_classes(row_maxima(positions, cf))
            at += self._split(positions, cf, position_classes, POSITIONS)
        if rows.forms is None or rows.positions is None:
            at += [self._file.offset] * 2
        else:
            forms = rows.forms[span]
            largest = row_maxima(forms, cf)
            form_classes = ((largest > 0).astype(np.uint8) + (largest > 0xFF)).astype(np.uint8)
            at += self._split(forms, cf, form_classes, FORMS)
        self._chunks.append([*at, int(rows.positions is not None)])
        classes = gap_classes | tf_classes << 2 | position_classes << 4 | form_classes << 6
        self._parts.append((df, cf, first, classes))
        self._terms += stop - start

    def _split(self, values: Array, counts: Array, classes: Array, kinds: Kinds) -> list[int]:
        """Write each term's values to the stream of its class; where the streams start."""
        single = int(classes[0]) if len(classes) and (classes == classes[0]).all() else None
        each = None if single is not None else np.repeat(classes, counts)
        offsets = []
        for number, kind in enumerate(kinds):
            if kind is None:
                continue
            chosen = values if number == single else values[:0]
            if each is not None:
                chosen = values[each == number]
            offsets.append(self._file.append(chosen.astype(kind)))
        return offsets


def _sum(rows: Rows, ends: Array, start: int, stop: int) -> int:
    low, high = int(ends[start]), int(ends[stop])
    return high - low if rows.tf is None else int(rows.tf[low:high].sum())


def _frequency_classes(tf: Array, df: Array) -> Array:
    largest = row_maxima(tf, df)
    classes = (largest > 1).astype(np.uint8) + (largest > 0xFF) + (largest > 0xFFFF)
    if tf.dtype.kind == "f":
        broken = row_maxima((tf != np.floor(tf)) | (tf < 1), df)
        classes[broken] = 3
    return classes.astype(np.uint8)


class Postings:
    """The postings of one field of one segment, read as they are asked for."""

    def __init__(self, file: SectionFile, field: str) -> None:
        self._file = file
        name = field
        self.df: Array = file.array(f"{name}.df")
        self.cf: Array = file.array(f"{name}.cf") if f"{name}.cf" in file else self.df
        self.first: Array = file.array(f"{name}.first")
        self._sums: Array = file.array(f"{name}.sums") if f"{name}.sums" in file else np.empty(0, U4)
        self._classes: Array = file.array(f"{name}.classes")
        self._chunks = file.array(f"{name}.chunks").reshape(-1, 2 + len(STREAMS))
        self._places: dict[int, Array] = {}
        self.has_positions = bool(self._chunks.size and self._chunks[0, -1])
        self._frequencies = FREQUENCIES if self.has_positions else WEIGHTS

    def __len__(self) -> int:
        return len(self.df)

    def docs(self, term: int) -> Array:
        """int64: the articles of a term, ascending. (numpy looks things up by int64 three times as fast.)"""
        kind = GAPS[int(self._classes[term]) & 3]
        count = int(self.df[term])
        gaps = self._file.at(int(self._starts(GAP_AT)[term]), count, kind)
        return compiled.steps.decoded(gaps, int(self.first[term]))

    def tf(self, term: int) -> Array | None:
        """Frequency of each posting of a term; None where each is 1."""
        kind = self._frequencies[int(self._classes[term]) >> 2 & 3]
        if kind is None:
            return None
        return self._file.at(int(self._starts(FREQUENCY_AT)[term]), int(self.df[term]), kind)

    def sums(self, term: int) -> Array | None:
        """Of a long list the frequencies summed up after each 32 articles; None of a short one."""
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
        terms = np.flatnonzero((self.df >= LONG) & (self._classes >> 2 & 3 > 0))
        return terms, starts_of(self.df[terms].astype(np.int64) // BLOCK)

    def positions(self, term: int) -> Array:
        """Word positions of a term, one posting after the other."""
        kind = POSITIONS[int(self._classes[term]) >> 4 & 3]
        return self._file.at(int(self._starts(POSITION_AT)[term]), int(self.cf[term]), kind)

    def forms(self, term: int) -> Array | None:
        """Which form each occurrence of a term has; None where all have the first."""
        kind = FORMS[int(self._classes[term]) >> 6]
        if kind is None:
            return None
        return self._file.at(int(self._starts(FORM_AT)[term]), int(self.cf[term]), kind)

    def select(self, terms: Array, *, forms: bool = False) -> Rows:
        """The postings of these terms, ascending, in long steps; with `forms` the form of each occurrence too."""
        df = self.df[terms].astype(np.int64)
        classes = self._classes[terms]
        gaps = self._gather(terms, df, classes & 3, GAPS, GAP_AT, np.dtype(np.int32), 0)
        heads = starts_of(df)
        docs = np.cumsum(gaps, dtype=np.int64)
        docs += np.repeat(self.first[terms].astype(np.int64) - docs[heads], df)
        rows = Rows(df=df, docs=docs)
        if forms:
            kinds = classes >> 2 & 3
            if kinds.any():
                rows.tf = self._gather(terms, df, kinds, self._frequencies, FREQUENCY_AT, np.dtype(np.int64), 1)
            cf = self.cf[terms].astype(np.int64)
            rows.forms = self._gather(terms, cf, classes >> 6, FORMS, FORM_AT, np.dtype(np.uint16), 0)
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
        gaps = self._join(start, df, classes & 3, GAPS, GAP_AT, np.dtype(np.int32), 0)
        heads = starts_of(df)
        docs = np.cumsum(gaps, dtype=np.int64)
        # The running sum goes on over the terms before; take off what it was at each term's head.
        docs += np.repeat(self.first[start:stop].astype(np.int64) - docs[heads], df)
        rows = Rows(df=df, docs=docs)
        kinds = classes >> 2 & 3
        if kinds.any():
            real = not self.has_positions and bool((kinds == 3).any())
            wide = np.dtype(np.float32 if real else np.int64)
            rows.tf = self._join(start, df, kinds, self._frequencies, FREQUENCY_AT, wide, 1)
        if with_positions and self.has_positions:
            rows.positions = self._join(start, cf, classes >> 4 & 3, POSITIONS, POSITION_AT, np.dtype(np.uint32), 0)
            kinds = classes >> 6
            if kinds.any():
                rows.forms = self._join(start, cf, kinds, FORMS, FORM_AT, np.dtype(np.uint16), 0)
        return rows

    def _join(
        self,
        start: int,
        counts: Array,
        classes: Array,
        kinds: Kinds,
        base: int,
        dtype: np.dtype[Any],
        default: int,
    ) -> Array:
        """The values of consecutive terms of one chunk, from the streams of their classes."""
        out = np.full(int(counts.sum()), default, dtype)
        each = np.repeat(classes, counts)
        for number, kind in enumerate(kinds):
            if kind is None:
                continue
            terms = np.flatnonzero(classes == number)
            if len(terms):
                offset = int(self._starts(base)[start + int(terms[0])])
                out[each == number] = self._file.at(offset, int(counts[terms].sum()), kind)
        return out

    def _gather(
        self,
        terms: Array,
        counts: Array,
        classes: Array,
        kinds: Kinds,
        base: int,
        dtype: np.dtype[Any],
        default: int,
    ) -> Array:
        """The values of any terms, from the streams of their classes."""
        out = np.full(int(counts.sum()), default, dtype)
        starts = self._starts(base)[terms]
        each = np.repeat(classes, counts)
        for number, kind in enumerate(kinds):
            chosen = np.flatnonzero(classes == number)
            if kind is None or not len(chosen):
                continue
            first = int(starts[chosen[0]])
            last = chosen[-1]
            length = (int(starts[last]) - first) // kind.itemsize + int(counts[last])
            stream = self._file.at(first, length, kind)
            values = take_rows(stream, (starts[chosen] - first) // kind.itemsize, counts[chosen])
            if len(chosen) == len(classes):
                return values.astype(dtype)
            out[each == number] = values
        return out

    def _starts(self, base: int) -> Array:
        """Where in the file the values of each term start, of the kind of stream that `base` tells."""
        found = self._places.get(base)
        if found is None:
            found = self._places[base] = self._compute_starts(base)
        return found

    def _compute_starts(self, base: int) -> Array:
        kinds, shift, counts = {
            GAP_AT: (GAPS, 0, self.df),
            FREQUENCY_AT: (FREQUENCIES, 2, self.df),
            POSITION_AT: (POSITIONS, 4, self.cf),
            FORM_AT: (FORMS, 6, self.cf),
        }[base]
        places = np.zeros(len(self.df), np.int64)
        firsts = self._chunks[:, 0]
        lengths = np.diff(np.append(firsts, len(self.df)))
        codes = self._classes >> shift & 3
        column = 1 + base
        for number, kind in enumerate(kinds):
            if kind is None:
                continue
            before = ends_of(np.where(codes == number, counts, 0))[:-1]
            origin = self._chunks[:, column] - before[firsts] * kind.itemsize if len(firsts) else firsts
            starts = np.repeat(origin, lengths) + before * kind.itemsize
            places = np.where(codes == number, starts, places)
            column += 1
        return places


def _forms(rows: Rows) -> Array:
    if rows.forms is not None:
        return rows.forms
    return np.zeros(0 if rows.positions is None else len(rows.positions), np.uint16)
