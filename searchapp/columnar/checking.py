"""Looks at every byte of an index, and at whether what it says fits together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.columns import IdColumn, NumberColumn, hash_ids
from searchapp.columnar.format.contents import FILE_NAME, Contents
from searchapp.columnar.format.dictionary import WordTable
from searchapp.columnar.format.labels import LabelColumn
from searchapp.columnar.format.postings import CHUNK_OCCURRENCES, Postings
from searchapp.columnar.format.ragged import row_of
from searchapp.columnar.format.segments import ColumnarSegment, SegmentData, read_dead
from searchapp.columnar.format.stored import unpack_record
from searchapp.columnar.format.texts import TextColumn
from searchapp.errors import IndexDamaged, IndexNotFound, OtherVersion

__all__ = ["Damage", "check", "check_segment", "identity_of", "mark_of"]

Array = npt.NDArray[Any]
_RETRIES = 5


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was written."""

    file: str
    """Name of the file within the folder of the index."""
    reason: str


def check(folder: str | Path, *, indexname: str = "MAIN") -> list[Damage]:
    """All the damage in an index, nothing when it is sound.

    Every checksum is computed anew from the files. Raises `IndexNotFound` when there is no index, and `OtherVersion`.
    """
    path = Path(folder)
    for _ in range(_RETRIES):
        before, found = _mark(path, indexname), _check(path, indexname)
        if not found or before == _mark(path, indexname):
            return found
        # Somebody has committed meanwhile, which removes files.
    return found


def identity_of(folder: str | Path, *, indexname: str = "MAIN") -> str:
    """What names the index in a folder, whatever is committed. Raises like `mark_of`."""
    return Contents.read(Path(folder), indexname, deletions=False).identity


def mark_of(folder: str | Path, *, indexname: str = "MAIN") -> str:
    """What names the state that was committed last. Raises `IndexNotFound`, `OtherVersion` and `IndexDamaged`."""
    return Contents.read(Path(folder), indexname, deletions=False).mark


def _mark(path: Path, indexname: str) -> str:
    try:
        return mark_of(path, indexname=indexname)
    except IndexDamaged:
        return ""


def _check(path: Path, indexname: str) -> list[Damage]:
    try:
        contents = Contents.read(path, indexname, deletions=False)
    except (IndexNotFound, OtherVersion):
        raise
    except (IndexDamaged, OSError, ValueError, KeyError, TypeError) as error:
        return [Damage(FILE_NAME, str(error))]
    found: list[Damage] = []
    for segment in contents.segments:
        found += check_segment(path, segment, contents.order)
    return found


def check_segment(folder: Path, segment: ColumnarSegment, order: tuple[str, str] | None) -> list[Damage]:
    """All the damage in the files of a segment."""
    found = _check_segment(folder, segment, order)
    if segment.dead_name:
        try:
            read_dead(folder / segment.dead_name, segment.docs, segment.dead_crc, exact=True)
        except FileNotFoundError:
            found.append(Damage(segment.dead_name, "the file is missing"))
        except (IndexDamaged, OSError) as error:
            found.append(Damage(segment.dead_name, str(error)))
    return found


def _check_segment(folder: Path, segment: ColumnarSegment, order: tuple[str, str] | None) -> list[Damage]:
    name = segment.file_name
    try:
        data = SegmentData(folder / name, size=segment.size, crc=segment.crc)
    except FileNotFoundError:
        return [Damage(name, "the file is missing")]
    except (IndexDamaged, OSError, ValueError, KeyError) as error:
        return [Damage(name, str(error))]
    damages = data.file.damages()
    if damages:
        return [Damage(name, reason) for reason in damages]
    try:
        return [Damage(name, reason) for reason in _faults(data, segment, order)]
    except (IndexDamaged, IndexError, KeyError, ValueError) as error:
        return [Damage(name, f"it does not fit together: {error}")]


def _faults(data: SegmentData, segment: ColumnarSegment, order: tuple[str, str] | None) -> Iterator[str]:
    if data.docs != segment.docs:
        yield f"it holds {data.docs:,} articles where the table of contents has {segment.docs:,}"
    for name, kind in data.kinds.items():
        if kind == "text" and (text := data.text(name)) is not None:
            yield from _text_faults(name, text, data.docs)
        elif kind == "facet" and (labels := data.labels(name)) is not None:
            yield from _label_faults(name, labels, data.docs)
        elif kind == "number" and (numbers := data.numbers(name)) is not None:
            yield from _number_faults(name, numbers, data.docs)
        elif kind == "id" and (ids := data.ids(name)) is not None:
            yield from _id_faults(name, data, ids)
        elif kind == "generic":
            words = WordTable(data.file, name)
            yield from _table_faults(name, words)
            yield from _posting_faults(name, Postings(data.file, name), len(words), data.docs)
    if order and "order.newest" in data.file:
        ranked = data.array("order.newest")
        if len(ranked) != data.docs or (np.bincount(ranked, minlength=data.docs) != 1).any():
            yield "its order by date does not have every article once"
    for doc in range(data.docs):
        unpack_record(data.stored.record(doc), data.stored_names)


def _table_faults(name: str, table: WordTable) -> Iterator[str]:
    words = table.words()
    if any(left >= right for left, right in pairwise(words)):
        yield f"the words of {name!r} are not sorted"


def _posting_faults(name: str, postings: Postings, terms: int, docs: int) -> Iterator[str]:
    if len(postings) != terms:
        yield f"{name!r} has {terms:,} words and {len(postings):,} posting lists"
        return
    for start, stop in _stretches(postings):
        rows = postings.rows(start, stop, positions=False)
        if len(rows.docs) and (rows.docs.min() < 0 or rows.docs.max() >= docs):
            yield f"postings of {name!r} name articles that do not exist"
        steps = np.diff(rows.docs)
        within = np.diff(row_of(rows.df)) == 0
        if (steps[within] <= 0).any():
            yield f"postings of {name!r} are not in order"


def _stretches(postings: Postings) -> Iterator[tuple[int, int]]:
    ends = np.cumsum(postings.cf.astype(np.int64))
    start = 0
    while start < len(ends):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + CHUNK_OCCURRENCES)))
        yield start, stop
        start = stop


def _text_faults(name: str, text: TextColumn, docs: int) -> Iterator[str]:
    yield from _table_faults(name, text.stems)
    yield from _table_faults(f"{name}_exact", text.forms)
    yield from _posting_faults(name, text.postings, len(text.stems), docs)
    if len(text.lengths) != docs or len(text.extents) != docs:
        yield f"{name!r} has {len(text.lengths):,} lengths and {len(text.extents):,} extents for {docs:,} articles"
        return
    if len(text.form_stems) != len(text.forms) or (np.sort(text.stem_forms) != np.arange(len(text.forms))).any():
        yield f"the forms of {name!r} are not grouped by stem"
        return
    group_sizes = np.diff(text.slot_starts)
    counted = np.zeros(docs, np.int64)
    for start, stop in _stretches(text.postings):
        rows = text.postings.rows(start, stop)
        counted += np.bincount(rows.docs, rows.frequencies(), minlength=docs).astype(np.int64)
        each = np.repeat(rows.docs, rows.frequencies())
        if rows.positions is None or (rows.positions >= text.extents[each]).any():
            yield f"positions of {name!r} lie behind the end of their article"
        if rows.forms is not None:
            stems = np.repeat(row_of(rows.df) + start, rows.frequencies())
            if (rows.forms >= group_sizes[stems]).any():
                yield f"occurrences in {name!r} have forms that do not exist"
    if (counted != text.lengths).any():
        yield f"the lengths of {name!r} are not the sums of its frequencies"


def _label_faults(name: str, column: LabelColumn, docs: int) -> Iterator[str]:
    yield from _table_faults(name, column.table)
    yield from _posting_faults(name, column.postings, len(column.table), docs)
    slots = column.slots
    if len(slots.first) != docs or (len(slots.first) and int(slots.first.max()) > slots.labels):
        yield f"the labels of {name!r} do not fit the articles"
        return
    holders, numbers = slots.pairs()
    order = np.lexsort((holders, numbers))
    rows = column.postings.rows(0, len(column.table))
    if not np.array_equal(rows.docs, holders[order]) or not np.array_equal(row_of(rows.df), numbers[order]):
        yield f"the articles of the labels of {name!r} are not the labels of the articles"


def _number_faults(name: str, column: NumberColumn, docs: int) -> Iterator[str]:
    if len(column.codes) != docs or (len(column.codes) and int(column.codes.max()) > len(column.values)):
        yield f"the numbers of {name!r} do not fit the articles"
    if (column.values[1:] <= column.values[:-1]).any():
        yield f"the numbers of {name!r} are not sorted"


def _id_faults(name: str, data: SegmentData, column: IdColumn) -> Iterator[str]:
    ids = column.ids()
    holders = data.array(f"{name}.hash_docs")
    if len(ids) != data.docs or len(holders) != data.docs:
        yield f"the ids of {name!r} do not fit the articles"
    elif not np.array_equal(hash_ids(ids)[holders], data.array(f"{name}.hashes")):
        yield f"the ids of {name!r} cannot be looked up"
