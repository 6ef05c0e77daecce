"""Fields of Whoosh's own types: any terms, weights and values that their formats know."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import columns, formats
from whoosh.fields import FieldType
from whoosh.filedb.structfile import BufferFile, StructFile

from searchapp.columnar.format.dictionary import WordTable, write_words
from searchapp.columnar.format.pages import SectionFile, SectionWriter
from searchapp.columnar.format.plain import from_plain, to_plain
from searchapp.columnar.format.postings import Postings, PostingsWriter, Rows
from searchapp.columnar.format.ragged import ends_of, narrow, row_of, starts_of
from searchapp.columnar.format.segments import SegmentData

__all__ = ["GENERIC", "GenericBuffer", "GenericColumn", "decoded_value", "encoded_value", "generic_of", "value_kind"]

Array = npt.NDArray[Any]

GENERIC = "generic"
"""The kind of such a field's column in a segment."""

_KINDS = {
    formats.Existence: "",
    formats.Frequency: "frequency",
    formats.Positions: "positions",
    formats.Characters: "characters",
    formats.PositionBoosts: "position_boosts",
    formats.CharacterBoosts: "character_boosts",
}


def value_kind(format_: formats.Format | None) -> str:
    """What a format stores with each posting. Raises `TypeError` for formats that are not Whoosh's own."""
    if format_ is None:
        return ""
    kind = _KINDS.get(type(format_))
    if kind is None:
        raise TypeError(f"postings of the format {type(format_).__name__} cannot be stored; use one of Whoosh's own")
    return kind


def decoded_value(format_: formats.Format, kind: str, value: bytes) -> Any:
    """The value that a format has encoded, as numbers; Whoosh's own encoding holds a pickle."""
    # With words for spelling Whoosh hands over whatever value came last, of another format.
    if not kind or not value or (kind == "frequency" and len(value) != 4):
        return None
    decoded = format_.decode_as(kind, value)
    if not isinstance(decoded, list):
        return decoded
    return [list(item) if isinstance(item, tuple) else item for item in decoded]


def encoded_value(format_: formats.Format, kind: str, value: Any) -> bytes:
    """The bytes that the format would have made of a value."""
    if not kind or value is None:
        return b""
    if kind == "frequency":
        return int(value).to_bytes(4, "big")
    encoded = format_.encode(value)
    # One of Whoosh's formats gives the sum of the weights besides.
    return encoded[0] if isinstance(encoded, tuple) else bytes(encoded)


class GenericBuffer:
    """Collects one field; `write` stores it."""

    def __init__(self, field: FieldType) -> None:
        self._format = field.format
        self._kind = value_kind(field.format)
        if isinstance(field.column_type, columns.PickleColumn):
            raise TypeError("a PickleColumn cannot be stored: reading it would run what it holds")
        self._column = field.column_type
        self._vector_kind = value_kind(field.vector) if field.vector else ""
        self._vector_format = field.vector
        self._numbers: dict[bytes, int] = {}
        self._terms = array("i")
        self._docs = array("i")
        self._weights = array("f")
        self._values: list[Any] = []
        self._lengths: dict[int, int] = {}
        self._cells: list[tuple[int, Any]] = []
        self._vectors: dict[int, list[Any]] = {}
        self.memory = 0

    def __contains__(self, term: bytes) -> bool:
        """Whether any article has this term."""
        return term in self._numbers

    def add_posting(self, term: bytes, doc: int, weight: float, value: bytes | None) -> None:
        """One term of one article, its value as the format encodes it."""
        self.add_decoded(term, doc, weight, decoded_value(self._format, self._kind, value or b""))

    def add_decoded(self, term: bytes, doc: int, weight: float, value: Any) -> None:
        """One term of one article, its value as numbers."""
        self._terms.append(self._numbers.setdefault(term, len(self._numbers)))
        self._docs.append(doc)
        self._weights.append(weight)
        if self._kind:
            self._values.append(value)
        self.memory += 200

    def add_rows(self, words: Sequence[bytes], rows: Rows, docs: Array, kept: Array, values: Sequence[Any]) -> None:
        """Postings of another segment: those at the places `kept`, with these new article numbers."""
        numbers = np.array([self._numbers.setdefault(word, len(self._numbers)) for word in words], np.int32)
        self._terms.frombytes(numbers[row_of(rows.df)[kept]].tobytes())
        self._docs.frombytes(docs.astype(np.int32).tobytes())
        self._weights.frombytes(rows.frequencies()[kept].astype(np.float32).tobytes())
        if self._kind:
            self._values += [values[place] for place in kept.tolist()]
        self.memory += 200 * len(docs)

    def set_length(self, doc: int, length: int) -> None:
        """How many words an article has in this field."""
        if length:
            self._lengths[doc] = length

    def add_cell(self, doc: int, value: Any) -> None:
        """The value of an article in the field's column."""
        self._cells.append((doc, value))
        self.memory += 100

    def add_vector(self, doc: int, items: Iterable[tuple[str, float, bytes]]) -> None:
        """The words of an article, for its vector."""
        decode = decoded_value
        entries = [
            [text, weight, to_plain(decode(self._vector_format, self._vector_kind, value))]
            for text, weight, value in items
        ]
        self.add_decoded_vector(doc, entries)

    def add_decoded_vector(self, doc: int, entries: list[Any]) -> None:
        """The words of an article, as `GenericColumn.vector` gives them."""
        if entries:
            self._vectors[doc] = entries
            self.memory += 200 * len(entries)

    def write(self, file: SectionWriter, name: str, docs: int) -> None:
        """Store the field of a segment with `docs` articles."""
        terms = np.array(self._terms, np.int64)
        # After a merge there can be words that only deleted articles had.
        used = np.bincount(terms, minlength=len(self._numbers)) > 0
        words = sorted(word for word, number in self._numbers.items() if used[number])
        ranks = np.zeros(len(self._numbers), np.int64)
        ranks[np.array([self._numbers[word] for word in words], np.int64)] = np.arange(len(words))
        terms = ranks[terms]
        holders = np.array(self._docs, np.int64)
        order = np.lexsort((holders, terms))
        weights = np.array(self._weights, np.float32)[order]
        write_words(file, name, words)
        rows = Rows(np.bincount(terms, minlength=len(words)).astype(np.int64), holders[order])
        if (weights != 1).any():
            rows.tf = weights
        values = [self._values[place] for place in order.tolist()] if self._kind else []
        if self._kind == "positions" and all(
            value is not None and len(value) == weight for value, weight in zip(values, weights.tolist(), strict=True)
        ):
            rows.tf = None if rows.tf is None else weights.astype(np.int64)
            rows.positions = np.array([place for value in values for place in value], np.uint32)
            values = []
        writer = PostingsWriter(file, name)
        if words:
            writer.add(rows)
        writer.finish()
        if values and self._kind:
            _write_texts(file, f"{name}.values", values)
        if self._lengths:
            lengths = np.zeros(docs, np.int64)
            lengths[list(self._lengths)] = list(self._lengths.values())
            file.add(f"{name}.lengths", narrow(lengths))
        if self._cells:
            file.add(f"{name}.column", _column_bytes(self._column, self._cells, docs))
        if self._vectors:
            _write_texts(file, f"{name}.vectors", [self._vectors.get(doc) for doc in range(docs)])


def _write_texts(file: SectionWriter, name: str, values: Sequence[Any]) -> None:
    texts = [b"" if value is None else json.dumps(to_plain(value), separators=(",", ":")).encode() for value in values]
    file.add(f"{name}.text", b"".join(texts))
    file.add(f"{name}.ends", narrow(ends_of(np.array([len(text) for text in texts], np.int64))))


def _read_text(file: SectionFile, name: str, place: int) -> Any:
    ends = file.array(f"{name}.ends")
    start, end = int(ends[place]), int(ends[place + 1])
    origin, _ = file.section_offset(f"{name}.text")
    return from_plain(json.loads(file.bytes_at(origin + start, end - start))) if end > start else None


class _Collected:
    """A file in memory that keeps its content when it is closed."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._place = 0

    def write(self, data: Any) -> None:
        data = bytes(data)
        self.data[self._place : self._place + len(data)] = data
        self._place += len(data)

    def tell(self) -> int:
        return self._place

    def seek(self, place: int, whence: int = 0) -> None:
        self._place = place + (0, self._place, len(self.data))[whence]

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


def _column_bytes(column: columns.Column, cells: Iterable[tuple[int, Any]], docs: int) -> bytes:
    collected = _Collected()
    writer = column.writer(StructFile(collected))
    for doc, value in cells:
        writer.add(doc, value)
    writer.finish(docs)
    return bytes(collected.data)


class GenericColumn:
    """A field of one of Whoosh's types in one segment."""

    def __init__(self, file: SectionFile, name: str) -> None:
        self._file = file
        self._name = name
        self.words = WordTable(file, name)
        self.postings = Postings(file, name)

    @cached_property
    def lengths(self) -> Array | None:
        """Words of each article; None where the field keeps no lengths."""
        name = f"{self._name}.lengths"
        return self._file.array(name) if name in self._file else None

    @cached_property
    def _starts(self) -> Array:
        return starts_of(self.postings.df.astype(np.int64))

    @property
    def has_column(self) -> bool:
        """Whether any article has a value in the field's column."""
        return f"{self._name}.column" in self._file

    def column(self, kind: columns.Column, docs: int) -> columns.ColumnReader:
        """Whoosh's reader of the field's column."""
        data = self._file.raw(f"{self._name}.column")
        return kind.reader(BufferFile(memoryview(data)), 0, len(data), docs)

    def values(self, term: int) -> list[Any] | None:
        """For each posting of a term its value as numbers; None where there are none."""
        df = int(self.postings.df[term])
        if self.postings.has_positions:
            positions = self.postings.positions(term).tolist()
            tf = self.postings.tf(term)
            if tf is None:
                return [[place] for place in positions]
            ends = np.cumsum(tf.astype(np.int64)).tolist()
            return [positions[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        name = f"{self._name}.values"
        if f"{name}.ends" not in self._file:
            return None
        start = int(self._starts[term])
        return [_read_text(self._file, name, place) for place in range(start, start + df)]

    def all_values(self) -> list[Any]:
        """The values of all postings, term by term; empty where there are none."""
        return [value for term in range(len(self.words)) for value in self.values(term) or ()]

    def vector(self, doc: int) -> list[Any] | None:
        """(text, weight, value) of each word of an article's vector; None where it has none."""
        name = f"{self._name}.vectors"
        entries: list[Any] | None = _read_text(self._file, name, doc) if f"{name}.ends" in self._file else None
        return entries


def generic_of(data: SegmentData, name: str) -> GenericColumn | None:
    """A field of one of Whoosh's types; None when this segment has none of that name."""
    return data.column(name, GENERIC, GenericColumn)
