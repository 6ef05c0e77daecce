"""Several segments into one, field by field, in long stretches."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from whoosh.fields import Schema

from searchapp.columnar.format.columns import write_ids, write_numbers
from searchapp.columnar.format.dictionary import union, write_words
from searchapp.columnar.format.labels import Slots, write_labels
from searchapp.columnar.format.pages import SectionWriter
from searchapp.columnar.format.postings import CHUNK_OCCURRENCES, PostingsWriter, Rows
from searchapp.columnar.format.ragged import distinct, ends_of, narrow, ranges, row_of, starts_of
from searchapp.columnar.format.segments import ColumnarSegment, SegmentData
from searchapp.columnar.format.stored import StoredWriter, pack_record, unpack_record
from searchapp.columnar.format.texts import TextColumn, form_slots, write_forms
from searchapp.columnar.writing.building import write_order

__all__ = ["MergeOthers", "Source", "merge_segments"]

Array = npt.NDArray[Any]

RAGGED_BLOCK = 400
"""Segments whose compressed blocks are smaller than this on average are compressed anew."""


@dataclass(slots=True)
class Source:
    """A segment to merge."""

    data: SegmentData
    live: Array | None
    """bool for each article; None when all live."""
    base: int = 0
    """Number that its first living article gets."""
    count: int = 0
    """Its living articles."""

    def __post_init__(self) -> None:
        self.count = self.data.docs if self.live is None else int(np.count_nonzero(self.live))

    def renumbered(self, docs: Array) -> tuple[Array, Array | None]:
        """New numbers of articles, and a bool array of those that live (None: all), the numbers only of those."""
        if self.live is None:
            return docs + self.base, None
        kept = self.live[docs]
        numbers = np.cumsum(self.live) - 1 + self.base
        return numbers[docs[kept]], kept

    def alive(self, values: Array) -> Array:
        """The values of living articles, `values` having one for each article."""
        return values if self.live is None else values[self.live]


MergeOthers: TypeAlias = Callable[[Sequence[Source], Schema, SectionWriter, int], dict[str, str]]
"""Writes the fields of other types than the store's into a file for so many articles; names to kinds."""


def merge_segments(
    sources: Sequence[Source],
    schema: Schema,
    order: tuple[str, str] | None,
    folder: Path,
    target: ColumnarSegment,
    *,
    others: MergeOthers | None = None,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Write the living articles of `sources`, one after the other, as the file of `target`.

    Fields that are no longer in the schema are left out. Memory stays within some tens of megabytes above the
    dictionaries, whatever the size of the segments. `check` is called now and then; what it raises ends the merge,
    as any error does, without a file.
    """
    base = 0
    for source in sources:
        source.base = base
        base += source.count
    file = SectionWriter(folder / target.file_name, check=check)
    try:
        ways = {"text": _merge_text, "facet": _merge_labels, "number": _merge_numbers, "id": _merge_ids}
        kinds = {name: field.kind for name, field in schema.items() if getattr(field, "kind", "") in ways}
        for name, kind in tuple(kinds.items()):
            if kind == "text" and not any(source.data.text(name) for source in sources):
                del kinds[name]
                continue
            ways[kind](sources, file, name)
            _release(sources)
        if others is not None:
            kinds |= others(sources, schema, file, base)
        if order:
            write_order(file, _numbers(sources, order[0]), _numbers(sources, order[1])[0])
        stored_names = _merge_stored(sources, schema, file)
        attributes = {"docs": base, "fields": kinds, "stored": stored_names, "order": order}
        target.size, target.crc = file.finish(attributes)
    except BaseException:
        file.abandon()
        raise
    target.docs = base


def _release(sources: Sequence[Source]) -> None:
    """Keeps pages of the segments that were read from adding up: together they can be larger than the memory."""
    for source in sources:
        source.data.file.release()


class _TextSource:
    """One segment's text field, with the way from its numbers to those of the merged field."""

    def __init__(self, source: Source, text: TextColumn) -> None:
        self.source = source
        self.text = text
        self.stem_words = text.stems.words()
        self.form_words = text.forms.words()
        self.stems_alive = np.ones(len(self.stem_words), bool)
        self.forms_alive = np.ones(len(self.form_words), bool)
        if source.live is not None:
            self._look_for_life(source.live)
        self.stem_targets = self.form_targets = np.empty(0, np.int64)
        self.form_numbers = np.empty(0, np.uint16)

    def _look_for_life(self, live: Array) -> None:
        """Find the words that only deleted articles have."""
        self.forms_alive[:] = False
        slots_alive = np.zeros(len(self.form_words), bool)
        for start, stop in _stretches(self.text.postings.cf):
            rows = self.text.postings.rows(start, stop)
            kept = live[rows.docs]
            self.stems_alive[start:stop] = np.bincount(row_of(rows.df)[kept], minlength=stop - start) > 0
            slots = self.text.slot_starts[row_of(rows.cf()) + start]
            if rows.forms is not None:
                slots = slots + rows.forms
            slots_alive[slots[np.repeat(kept, rows.frequencies())]] = True
        self.forms_alive[self.text.stem_forms[slots_alive]] = True

    def alive_stems(self) -> list[bytes]:
        return [word for word, alive in zip(self.stem_words, self.stems_alive.tolist(), strict=True) if alive]

    def alive_forms(self) -> list[bytes]:
        return [word for word, alive in zip(self.form_words, self.forms_alive.tolist(), strict=True) if alive]

    def aim(self, stems: list[bytes], stem_places: dict[bytes, int], form_places: dict[bytes, int]) -> None:
        """Learn which words of the merged field these are."""
        if self.source.live is None:
            self.stem_targets = np.array([stem_places[word] for word in self.stem_words], np.int64)
            self.form_targets = np.array([form_places[word] for word in self.form_words], np.int64)
            return
        # Words that only deleted articles have are aimed too, and nothing of them arrives.
        targets = [
            place if (place := stem_places.get(word)) is not None else bisect.bisect_left(stems, word)
            for word in self.stem_words
        ]
        self.stem_targets = np.array(targets, np.int64)
        self.form_targets = np.array([form_places.get(word, len(form_places)) for word in self.form_words], np.int64)

    def number_forms(self, numbers: Array) -> None:
        """Learn which form of its stem each form of the merged field is."""
        self.form_numbers = np.append(numbers, 0)[self.form_targets][self.text.stem_forms].astype(np.uint16)

    def rows(self, start: int, stop: int) -> tuple[Array, Rows]:
        """Postings of the stems aimed at targets from `start` to before `stop`, and the target of each posting."""
        low, high = np.searchsorted(self.stem_targets, [start, stop]).tolist()
        rows = self.text.postings.rows(low, high)
        stems = row_of(rows.df) + low
        frequencies = rows.frequencies()
        stem_of_each = np.repeat(stems, frequencies)
        slots = self.text.slot_starts[stem_of_each]
        if rows.forms is not None:
            slots = slots + rows.forms
        forms = self.form_numbers[slots]
        positions = rows.positions if rows.positions is not None else np.empty(0, np.uint32)
        docs, kept = self.source.renumbered(rows.docs)
        if kept is not None:
            each = np.repeat(kept, frequencies)
            stems, frequencies, positions, forms = stems[kept], frequencies[kept], positions[each], forms[each]
        return self.stem_targets[stems], Rows(rows.df, docs, frequencies, positions, forms)


def _merge_text(sources: Sequence[Source], file: SectionWriter, name: str) -> None:
    parts = [_TextSource(source, text) for source in sources if (text := source.data.text(name)) is not None]
    stems = union(part.alive_stems() for part in parts)
    forms = union(part.alive_forms() for part in parts)
    stem_places = {word: place for place, word in enumerate(stems)}
    form_places = {word: place for place, word in enumerate(forms)}
    form_stems = np.zeros(len(forms) + 1, np.int64)
    weights = np.zeros(len(stems) + 1, np.int64)
    for part in parts:
        part.aim(stems, stem_places, form_places)
        form_stems[part.form_targets] = part.stem_targets[part.text.form_stems]
        np.add.at(weights, part.stem_targets, part.text.postings.cf.astype(np.int64))
    form_stems = form_stems[:-1]
    slots, slot_starts = form_slots(form_stems, len(stems))
    numbers = np.empty(len(forms), np.int64)
    numbers[slots] = np.arange(len(forms)) - slot_starts[form_stems[slots]]
    for part in parts:
        part.number_forms(numbers)
    write_words(file, name, stems)
    writer = PostingsWriter(file, name)
    for start, stop in _stretches(weights[:-1]):
        writer.add(_joined([part.rows(start, stop) for part in parts], start, stop))
        _release(sources)
    writer.finish()
    write_forms(file, name, forms, form_stems, len(stems))
    file.add(f"{name}.lengths", narrow(_of_each(sources, name, lambda text: text.lengths)))
    file.add(f"{name}.extents", narrow(_of_each(sources, name, lambda text: text.extents)))


def _joined(parts: list[tuple[Array, Rows]], start: int, stop: int) -> Rows:
    """The postings of several segments, put together term by term."""
    dfs = [np.bincount(targets - start, minlength=stop - start) for targets, _ in parts]
    frequencies = [rows.frequencies() for _, rows in parts]
    cfs = [_sums(tf, df) for tf, df in zip(frequencies, dfs, strict=True)]
    df, cf = np.sum(dfs, axis=0), np.sum(cfs, axis=0)
    docs, tf = np.empty(int(df.sum()), np.int64), np.empty(int(df.sum()), np.int64)
    positions, forms = np.empty(int(cf.sum()), np.uint32), np.empty(int(cf.sum()), np.uint16)
    posting, occurrence = starts_of(df), starts_of(cf)
    for (_, rows), own_tf, own_df, own_cf in zip(parts, frequencies, dfs, cfs, strict=True):
        # The articles of a segment come after those of the segments before it.
        places = ranges(posting, own_df)
        docs[places], tf[places] = rows.docs, own_tf
        places = ranges(occurrence, own_cf)
        assert rows.positions is not None
        assert rows.forms is not None
        positions[places], forms[places] = rows.positions, rows.forms
        posting += own_df
        occurrence += own_cf
    return Rows(df, docs, tf, positions, forms)


def _sums(values: Array, counts: Array) -> Array:
    """The sum of each row."""
    sums, ends = ends_of(values), ends_of(counts)
    totals: Array = sums[ends[1:]] - sums[ends[:-1]]
    return totals


def _stretches(weights: Array) -> list[tuple[int, int]]:
    """Ranges that cover all the rows, each of about the weight of a chunk."""
    ends = np.cumsum(weights)
    stretches, start = [], 0
    while start < len(weights):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + CHUNK_OCCURRENCES)) + 1)
        stretches.append((start, min(stop, len(weights))))
        start = stop
    return stretches


def _of_each(sources: Sequence[Source], name: str, of: Callable[[TextColumn], Array]) -> Array:
    """What a field tells of each living article; 0 where a segment does not have it."""
    parts = [np.empty(0, np.int64)]
    for source in sources:
        text = source.data.text(name)
        parts.append(np.zeros(source.count, np.int64) if text is None else source.alive(of(text)).astype(np.int64))
    return np.concatenate(parts)


def _merge_labels(sources: Sequence[Source], file: SectionWriter, name: str) -> None:
    columns = [(source, column) for source in sources if (column := source.data.labels(name)) is not None]
    kept_pairs, used = [], []
    for source, column in columns:
        docs, numbers = column.slots.pairs()
        docs, kept = source.renumbered(docs)
        numbers = numbers if kept is None else numbers[kept]
        words = column.table.words()
        present = distinct(numbers)
        kept_pairs.append((docs, numbers))
        used.append((words, present, [words[number] for number in present.tolist()]))
    labels = union(chosen for _, _, chosen in used)
    places = {label: place for place, label in enumerate(labels)}
    all_docs, all_numbers = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for (docs, numbers), (words, present, chosen) in zip(kept_pairs, used, strict=True):
        targets = np.zeros(len(words), np.int64)
        targets[present] = [places[label] for label in chosen]
        all_docs.append(docs)
        all_numbers.append(targets[numbers])
    count = sum(source.count for source in sources)
    slots = Slots.of_pairs(np.concatenate(all_docs), np.concatenate(all_numbers), count, len(labels))
    write_labels(file, name, labels, slots)


def _numbers(sources: Sequence[Source], name: str) -> tuple[Array, Array]:
    values, missing = [np.empty(0, np.int64)], [np.empty(0, bool)]
    for source in sources:
        column = source.data.numbers(name)
        if column is None:
            values.append(np.zeros(source.count, np.int64))
            missing.append(np.ones(source.count, bool))
        else:
            numbers, absent = column.numbers()
            values.append(source.alive(numbers))
            missing.append(source.alive(absent))
    return np.concatenate(values), np.concatenate(missing)


def _merge_numbers(sources: Sequence[Source], file: SectionWriter, name: str) -> None:
    write_numbers(file, name, *_numbers(sources, name))


def _merge_ids(sources: Sequence[Source], file: SectionWriter, name: str) -> None:
    ids: list[bytes] = []
    for source in sources:
        column = source.data.ids(name)
        if column is None:
            ids += [b""] * source.count
        elif source.live is None:
            ids += column.ids()
        else:
            ids += [key for key, alive in zip(column.ids(), source.live.tolist(), strict=True) if alive]
    write_ids(file, name, ids)


def _merge_stored(sources: Sequence[Source], schema: Schema, file: SectionWriter) -> list[str]:
    names = list(dict.fromkeys(name for source in sources for name in source.data.stored_names if name in schema))
    writer = StoredWriter(file)
    for source in sources:
        _release(sources)
        stored = source.data.stored
        same = source.data.stored_names == names[: len(source.data.stored_names)]
        if same and source.live is None and stored.mean_block() >= RAGGED_BLOCK and writer.has_room(stored):
            writer.add_blocks(stored)
            continue
        docs = range(source.data.docs) if source.live is None else np.flatnonzero(source.live).tolist()
        places = {name: place for place, name in enumerate(names)}
        for doc in docs:
            record = stored.record(doc)
            writer.add(record if same else _renamed(record, source.data.stored_names, places))
    writer.write(file)
    return names


def _renamed(record: bytes, names: list[str], places: dict[str, int]) -> bytes:
    values = unpack_record(record, names, frozenset(places))
    return pack_record((places[name], value) for name, value in values.items())
