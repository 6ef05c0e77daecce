"""Articles in memory on their way into a segment."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.fields import FieldType, Schema

from searchapp.columnar.format.columns import hash_ids, write_ids, write_numbers
from searchapp.columnar.format.labels import Slots, write_labels
from searchapp.columnar.format.pages import SectionWriter
from searchapp.columnar.format.segments import ColumnarSegment
from searchapp.columnar.format.stored import StoredWriter, pack_record
from searchapp.columnar.format.texts import write_text
from searchapp.columnar.schema.analysis import Analysis
from searchapp.columnar.writing.inversion import invert
from searchapp.columnar.writing.vocabulary import Vocabulary

__all__ = ["SegmentBuilder", "Vocabularies", "duplicates", "write_order"]

Array = npt.NDArray[Any]

BYTES_PER_WORD = 15
"""What a word costs in memory at worst, while its batch is inverted; the run that is sorted comes on top."""
BYTES_PER_ENTRY = 220
"""What a remembered stretch of text or form costs."""


class Vocabularies:
    """One `Vocabulary` for each analysis, kept from one run to the next."""

    def __init__(self) -> None:
        self._known: dict[str, Vocabulary] = {}

    def of(self, analysis: Analysis) -> Vocabulary:
        """The vocabulary of an analysis."""
        found = self._known.get(analysis.name)
        if found is None:
            found = self._known[analysis.name] = Vocabulary(analysis)
        return found

    def memory(self) -> int:
        """Bytes in use, estimated."""
        return BYTES_PER_ENTRY * sum(map(len, self._known.values()))

    def clear(self) -> None:
        """Forget all words."""
        for vocabulary in self._known.values():
            vocabulary.clear()


class _TextBuffer:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._forms: list[Array] = []
        self._lengths: list[Array] = []
        self.words = 0

    def leave_out(self, count: int) -> None:
        """Articles without a word."""
        self._lengths.append(np.zeros(count, np.int64))

    def add(self, texts: Sequence[str | None]) -> None:
        forms, lengths = self._vocabulary.encode([text or "" for text in texts])
        self._forms.append(forms)
        self._lengths.append(lengths)
        self.words += len(forms)

    @property
    def memory(self) -> int:
        return self.words * BYTES_PER_WORD

    def write(self, file: SectionWriter, name: str, _docs: int) -> None:
        write_text(file, name, invert(*self._taken(), self._vocabulary))

    def _taken(self) -> tuple[Array, Array]:
        """All of it, not held here any more: while it is inverted, what is no longer needed can go."""
        forms = np.concatenate(self._forms) if self._forms else np.empty(0, np.int32)
        lengths = np.concatenate(self._lengths) if self._lengths else np.empty(0, np.int64)
        self._forms.clear()
        self._lengths.clear()
        return forms, lengths


class _Buffer:
    def leave_out(self, count: int) -> None:
        """Articles that have nothing in the field."""
        self.add([None] * count)

    def add(self, values: Sequence[Any]) -> None:
        raise NotImplementedError


class _LabelBuffer(_Buffer):
    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._docs = array("i")
        self._labels = array("i")
        self._count = 0

    def add(self, values: Sequence[Iterable[str] | str | None]) -> None:
        numbers, docs, chosen = self._numbers, self._docs, self._labels
        for doc, labels in enumerate(values, self._count):
            if not labels:
                continue
            for label in (labels,) if isinstance(labels, str) else dict.fromkeys(labels):
                number = numbers.get(label)
                if number is None:
                    number = numbers[label] = len(numbers)
                docs.append(doc)
                chosen.append(number)
        self._count += len(values)

    @property
    def memory(self) -> int:
        return 16 * len(self._docs) + BYTES_PER_ENTRY * len(self._numbers)

    def write(self, file: SectionWriter, name: str, docs: int) -> None:
        names = [label.encode("utf-8", "surrogatepass") for label in self._numbers]
        order = sorted(range(len(names)), key=names.__getitem__)
        ranks = np.empty(len(names), np.int64)
        ranks[np.array(order, np.int64)] = np.arange(len(names))
        numbers = ranks[np.array(self._labels, np.int64)]
        slots = Slots.of_pairs(np.array(self._docs, np.int64), numbers, docs, len(names))
        write_labels(file, name, [names[place] for place in order], slots)


class _NumberBuffer(_Buffer):
    def __init__(self) -> None:
        self._values = array("q")
        self._missing = bytearray()

    def add(self, values: Sequence[int | None]) -> None:
        self._values.extend([0 if value is None else value for value in values])
        self._missing.extend([value is None for value in values])

    @property
    def memory(self) -> int:
        return 16 * len(self._values)

    def write(self, file: SectionWriter, name: str, _docs: int) -> None:
        write_numbers(file, name, *self.arrays())

    def arrays(self) -> tuple[Array, Array]:
        return np.array(self._values, np.int64), np.frombuffer(bytes(self._missing), bool)


class _IdBuffer(_Buffer):
    def __init__(self) -> None:
        self.ids: list[bytes] = []
        self.memory = 0
        self._hashes: list[Array] = []

    def add(self, values: Sequence[str]) -> None:
        encoded = [value.encode("utf-8", "surrogatepass") for value in values]
        self.ids += encoded
        self.memory += 100 * len(encoded)
        self._hashes.append(hash_ids(encoded))

    @property
    def hashes(self) -> Array:
        """What `hash_ids` gives for all of them."""
        return np.concatenate(self._hashes) if self._hashes else np.empty(0, np.uint64)

    def write(self, file: SectionWriter, name: str, _docs: int) -> None:
        write_ids(file, name, self.ids, self.hashes)


_BUFFERS = {"facet": _LabelBuffer, "number": _NumberBuffer, "id": _IdBuffer}


class SegmentBuilder:
    """Takes batches of articles and writes them as one segment. Fields of types that it does not know are left out."""

    def __init__(self, schema: Schema, vocabularies: Vocabularies, order: tuple[str, str] | None) -> None:
        self.docs = 0
        self.broken = False
        """Whether a batch was kept in part, because something failed halfway."""
        self._schema = schema
        self._vocabularies = vocabularies
        self._order = order
        self._stored = StoredWriter()
        self._buffers: dict[str, Any] = {}
        self._kinds: dict[str, str] = {}
        self.id_field = ""
        for name, field in schema.items():
            self._begin(name, field)
        self._stored_numbers = {name: number for number, name in enumerate(schema.stored_names())}

    def _begin(self, name: str, field: FieldType) -> None:
        kind = getattr(field, "kind", None)
        if kind == "text":
            self._buffers[name] = _TextBuffer(self._vocabularies.of(field.analysis))
        elif kind in _BUFFERS:
            self._buffers[name] = _BUFFERS[kind]()
            if kind == "id":
                self.id_field = name
        else:
            return
        self._kinds[name] = kind

    def add_text_field(self, name: str, schema: Schema) -> None:
        """Begin a text field that `schema` has besides; the articles so far have no word in it."""
        self._schema = schema
        self._begin(name, schema[name])
        self._buffers[name].leave_out(self.docs)

    @property
    def memory(self) -> int:
        """Bytes in use, estimated for the moment of writing."""
        held: int = sum(buffer.memory for buffer in self._buffers.values())
        return self._stored.memory + held

    @property
    def ids(self) -> list[bytes]:
        """The ids of the articles so far."""
        buffer = self._buffers.get(self.id_field)
        return buffer.ids if buffer else []

    @property
    def id_hashes(self) -> Array:
        """What `hash_ids` gives for the ids so far."""
        buffer = self._buffers.get(self.id_field)
        return buffer.hashes if buffer else np.empty(0, np.uint64)

    def add(self, columns: Mapping[str, Sequence[Any]], count: int) -> None:
        """Append `count` articles, given by field; a field that is left out is empty in all of them."""
        self.broken = True
        for name, buffer in self._buffers.items():
            values = columns.get(name)
            if values is None:
                buffer.leave_out(count)
            else:
                buffer.add(values)
        given = self._stored_columns(columns)
        numbers = [number for number, _ in given]
        for record in zip(*(values for _, values in given), strict=True) if given else [()] * count:
            self._stored.add(pack_record([pair for pair in zip(numbers, record, strict=True) if pair[1] is not None]))
        self.docs += count
        self.broken = False

    def _stored_columns(self, columns: Mapping[str, Sequence[Any]]) -> list[tuple[int, Sequence[Any]]]:
        given = []
        for name, values in columns.items():
            if name.startswith("_") or not self._schema[name].stored:
                continue
            number = self._stored_numbers.setdefault(name, len(self._stored_numbers))
            custom = columns.get(f"_stored_{name}")
            if custom is not None:
                values = [value if own is None else own for value, own in zip(values, custom, strict=True)]
            given.append((number, values))
        return given

    def write(self, folder: Path, segment: ColumnarSegment) -> None:
        """Write the file of `segment`, durably."""
        file = SectionWriter(folder / segment.file_name)
        try:
            # A text field without a word takes no room.
            kept = {n: b for n, b in self._buffers.items() if not isinstance(b, _TextBuffer) or b.words}
            for name, buffer in kept.items():
                buffer.write(file, name, self.docs)
            if self._order:
                first, second = (self._buffers[name].arrays() for name in self._order)
                write_order(file, first, second[0])
            kinds = {name: self._kinds[name] for name in kept} | self._write_others(file)
            self._stored.write(file)
            attributes = {
                "docs": self.docs,
                "fields": kinds,
                "stored": list(self._stored_numbers),
                "order": self._order,
            }
            segment.size, segment.crc = file.finish(attributes)
        except BaseException:
            file.abandon()
            raise
        segment.docs = self.docs

    def _write_others(self, file: SectionWriter) -> dict[str, str]:
        """Store fields of other types, where a subclass has some; names to kinds."""
        return {}


def write_order(file: SectionWriter, first: tuple[Array, Array], second: Array) -> None:
    """Store the articles by falling number of the first column, those without one last, then by the second."""
    values, missing = first
    # The complement falls as the number rises, without the one number that has no negative.
    order = np.lexsort((second, ~values, missing))
    file.add("order.newest", order.astype("<u4"))


def duplicates(ids: Sequence[bytes], hashes: Array) -> list[int]:
    """Places of the ids that come again further on; `hashes` are those of `hash_ids`."""
    order = np.argsort(hashes, kind="stable")
    same = hashes[order][1:] == hashes[order][:-1]
    if not same.any():
        return []
    last = {name: place for place, name in enumerate(ids)}
    return [place for place, name in enumerate(ids) if last[name] != place]
