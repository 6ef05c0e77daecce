"""The codec: Whoosh's readers and writers over columns."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import columns, formats, matching, reading
from whoosh.codec import base
from whoosh.fields import FieldType
from whoosh.query.spans import Span

from searchapp.columnar.format.segments import ColumnarSegment, SegmentData, open_segment
from searchapp.columnar.whoosh.generic import encoded_value, value_kind
from searchapp.columnar.whoosh.terms import Entries, Terms, terms_of
from searchapp.columnar.writing.building import GenericBuilder

__all__ = ["ColumnMatcher", "ColumnarCodec", "PerDocReader", "Reader"]


class ColumnarCodec(base.Codec):  # type: ignore[misc]
    """Reads and writes segments made of columns. It needs a `FileStorage`: the files are mapped into memory."""

    # Whoosh's writer must not ask for lengths before the file is there.
    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> ColumnarSegment:
        return ColumnarSegment(indexname)

    def per_document_writer(self, storage: Any, segment: ColumnarSegment) -> PerDocWriter:
        return PerDocWriter(_builder(storage, segment))

    def field_writer(self, storage: Any, segment: ColumnarSegment) -> FieldWriter:
        return FieldWriter(_builder(storage, segment))

    def per_document_reader(self, storage: Any, segment: ColumnarSegment) -> PerDocReader:
        return PerDocReader(open_segment(Path(storage.folder), segment), segment)

    def terms_reader(self, storage: Any, segment: ColumnarSegment) -> Reader:
        return Reader(open_segment(Path(storage.folder), segment))


def _builder(storage: Any, segment: ColumnarSegment) -> GenericBuilder:
    builder: GenericBuilder | None = getattr(segment, "builder", None)
    if builder is None:
        builder = GenericBuilder(Path(storage.folder), segment)
        segment.builder = builder
    return builder


class PerDocWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """What Whoosh's own writer tells of each article."""

    def __init__(self, builder: GenericBuilder) -> None:
        self._builder = builder
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        self._builder.start(docnum)

    def add_field(self, fieldname: str, fieldobj: FieldType, value: Any, length: int) -> None:
        self._builder.buffer(fieldname, fieldobj).set_length(self._builder.doc, length)
        if value is not None:
            self._builder.store(fieldname, value)

    def add_column_value(self, fieldname: str, columnobj: columns.Column, value: Any) -> None:
        self._builder.buffer(fieldname).add_cell(self._builder.doc, value)

    def add_vector_items(self, fieldname: str, fieldobj: FieldType, items: Iterable[Any]) -> None:
        self._builder.buffer(fieldname, fieldobj).add_vector(self._builder.doc, items)

    def cancel_doc(self) -> None:
        self._builder.cancel()

    def finish_doc(self) -> None:
        self._builder.finish()

    def close(self) -> None:
        # Postings follow; the file is written when they are there.
        self.is_closed = True


class FieldWriter(base.FieldWriter):  # type: ignore[misc]
    """The postings that Whoosh's own writer has sorted."""

    def __init__(self, builder: GenericBuilder) -> None:
        self._builder = builder
        self._term = b""
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        self._buffer = self._builder.buffer(fieldname, fieldobj)

    def start_term(self, text: bytes) -> None:
        self._term = text

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        self._buffer.add_posting(self._term, docnum, weight, vbytes)

    def finish_term(self) -> None:
        """Nothing to do: the buffer sorts."""

    def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            self._builder.write()


class PerDocReader(base.PerDocumentReader):  # type: ignore[misc]
    """Stored fields, lengths, columns and vectors of a segment."""

    def __init__(self, data: SegmentData, segment: ColumnarSegment) -> None:
        self.data = data
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return self.data.docs

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        generic = self.data.generic(fieldname)
        return generic.has_column if generic is not None else self.data.numbers(fieldname) is not None

    def list_columns(self) -> list[str]:
        """Names of the fields with a column."""
        return [name for name in self.data.kinds if self.has_column(name)]

    def column_reader(self, fieldname: str, column: columns.Column) -> columns.ColumnReader:
        generic = self.data.generic(fieldname)
        if generic is not None:
            return generic.column(column, self.data.docs)
        return _NumberReader(self.data, fieldname, column)

    def _lengths(self, fieldname: str) -> Any:
        terms = terms_of(self.data, fieldname)
        return None if terms is None else terms.lengths

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self._lengths(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        lengths = self._lengths(fieldname)
        return 0 if lengths is None else int(lengths.sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        lengths = self._lengths(fieldname)
        return int(lengths.min()) if lengths is not None and len(lengths) else 0

    def max_field_length(self, fieldname: str) -> int:
        lengths = self._lengths(fieldname)
        return int(lengths.max()) if lengths is not None and len(lengths) else 0

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        generic = self.data.generic(fieldname)
        return generic is not None and generic.vector(docnum) is not None

    def vector(self, docnum: int, fieldname: str, format_: formats.Format) -> matching.Matcher:
        generic = self.data.generic(fieldname)
        entries = generic.vector(docnum) if generic is not None else None
        if not entries:
            raise KeyError(f"article {docnum} has no vector of {fieldname!r}")
        kind = value_kind(format_)
        return matching.ListMatcher(
            [text for text, _, _ in entries],
            [weight for _, weight, _ in entries],
            [encoded_value(format_, kind, value) for _, _, value in entries],
            format_,
        )

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return self.data.stored_fields(docnum)


class _NumberReader(columns.ColumnReader):  # type: ignore[misc]
    """A `Number` field as one of Whoosh's columns."""

    def __init__(self, data: SegmentData, name: str, column: columns.Column) -> None:
        found = data.numbers(name)
        assert found is not None
        self._column = found
        self._default = column.default_value()
        self._reverse = False
        self._count = data.docs

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, docnum: int) -> int:
        value = self._column.value(docnum)
        return self._default if value is None else value

    def __iter__(self) -> Iterator[int]:
        return (self[doc] for doc in range(self._count))

    def sort_key(self, docnum: int) -> int:
        value = self[docnum]
        return -value if self._reverse else value

    def load(self) -> list[int]:
        return list(self)

    def set_reverse(self) -> None:
        self._reverse = True


class ColumnMatcher(matching.mcore.LeafMatcher):  # type: ignore[misc]
    """Walks over the postings of a term, which are all there from the start."""

    def __init__(self, terms: Terms, number: int, format_: formats.Format, term: Any, scorer: Any, info: Any) -> None:
        self.format = format_
        self.scorer = scorer
        self._terms = terms
        self._number = number
        self._term = term
        self._info = info
        entries = terms.entries(number, values=False)
        self._ids: list[int] = entries.docs.tolist()
        self._weights: list[float] | None = None if entries.weights is None else entries.weights.tolist()
        self._kind = value_kind(format_)
        self._values: list[Any] | None = None
        self._i = 0

    def is_active(self) -> bool:
        return self._i < len(self._ids)

    def reset(self) -> None:
        self._i = 0

    def copy(self) -> ColumnMatcher:
        twin = ColumnMatcher.__new__(ColumnMatcher)
        twin.__dict__.update(self.__dict__)
        return twin

    def id(self) -> int:
        return self._ids[self._i]

    def all_ids(self) -> Iterator[int]:
        return iter(self._ids[self._i :])

    def next(self) -> bool:
        self._i += 1
        return self._i >= len(self._ids)

    def skip_to(self, id: int) -> None:
        if not self.is_active():
            raise matching.ReadTooFar
        self._i = bisect.bisect_left(self._ids, id, self._i)

    def weight(self) -> float:
        return 1.0 if self._weights is None else float(self._weights[self._i])

    def _decoded(self) -> Any:
        if self._values is None:
            entries: Entries = self._terms.entries(self._number, values=True)
            self._values = entries.values or [None] * len(self._ids)
        return self._values[self._i]

    def value(self) -> bytes:
        if self._kind == "frequency":
            decoded = self._decoded()
            return encoded_value(self.format, self._kind, self.weight() if decoded is None else decoded)
        return encoded_value(self.format, self._kind, self._decoded()) if self._kind else b""

    def value_as(self, astype: str) -> Any:
        if astype == self._kind == "positions":
            return self._decoded()
        return self.format.decode_as(astype, self.value())

    def spans(self) -> list[Span]:
        if self._kind == "positions":
            return [Span(place) for place in self._decoded()]
        found: list[Span] = super().spans()
        return found

    # The whole list is one block.

    def block_min_length(self) -> int:
        return int(self._info.min_length())

    def block_max_length(self) -> int:
        return int(self._info.max_length())

    def block_max_weight(self) -> float:
        return float(self._info.max_weight())

    def block_min_id(self) -> int:
        return self._ids[0]

    def block_max_id(self) -> int:
        return self._ids[-1]

    def skip_to_quality(self, minquality: float) -> int:
        if self.block_quality() > minquality:
            return 0
        self._i = len(self._ids)
        return 1


class Reader(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment."""

    def __init__(self, data: SegmentData) -> None:
        self._data = data
        self._known: dict[str, Terms | None] = {}

    def _of(self, fieldname: str) -> Terms | None:
        if fieldname not in self._known:
            self._known[fieldname] = terms_of(self._data, fieldname)
        return self._known[fieldname]

    def indexed_field_names(self) -> list[str]:
        names = list(self._data.kinds)
        names += [f"{name}_exact" for name, kind in self._data.kinds.items() if kind == "text"]
        return sorted(name for name in names if (terms := self._of(name)) is not None and len(terms))

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        terms = self._of(term[0])
        return terms is not None and terms.find(term[1]) >= 0

    def cursor(self, fieldname: str, fieldobj: FieldType) -> base.FieldCursor:
        terms = self._of(fieldname)
        return base.EmptyCursor() if terms is None else _Cursor(terms, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            yield from self._from(name, b"")

    def _from(self, name: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        terms = self._of(name)
        if terms is not None:
            for number in range(terms.place(prefix), len(terms)):
                yield name, terms.word(number)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            if name >= fieldname:
                yield from self._from(name, prefix if name == fieldname else b"")

    def items(self) -> Iterator[tuple[tuple[str, bytes], reading.TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], reading.TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def _find(self, fieldname: str, text: bytes) -> tuple[Terms, int]:
        terms = self._of(fieldname)
        number = -1 if terms is None else terms.find(text)
        if terms is None or number < 0:
            raise reading.TermNotFound(f"no term {fieldname}:{text!r}")
        return terms, number

    def term_info(self, fieldname: str, text: bytes) -> reading.TermInfo:
        return _info(*self._find(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        try:
            terms, number = self._find(fieldname, text)
        except reading.TermNotFound:
            return 0.0
        return terms.weights(number)[1]

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        try:
            terms, number = self._find(fieldname, text)
        except reading.TermNotFound:
            return 0
        return terms.weights(number)[0]

    def matcher(self, fieldname: str, text: bytes, format_: formats.Format, scorer: Any = None) -> matching.Matcher:
        terms, number = self._find(fieldname, text)
        return ColumnMatcher(terms, number, format_, (fieldname, text), scorer, _info(terms, number))

    def spelled_like(self, fieldname: str, query: Any) -> list[str]:
        """The forms of a text field that a `SpelledLike` matches."""
        text = self._data.text(fieldname)
        if text is None:
            return []
        numbers = text.forms.spelled_like(query.word, query.edits)
        return [text.forms[number].decode("utf-8", "surrogatepass") for number in numbers.tolist()]


def _info(terms: Terms, number: int) -> reading.TermInfo:
    df, total, largest = terms.weights(number)
    docs = terms.entries(number, values=False).docs
    lengths = np.zeros(1, np.int64) if terms.lengths is None or not len(docs) else terms.lengths[docs]
    return reading.TermInfo(
        weight=total,
        df=df,
        minlength=int(lengths.min()),
        maxlength=int(lengths.max()),
        maxweight=largest,
        minid=int(docs[0]) if len(docs) else None,
        maxid=int(docs[-1]) if len(docs) else 0,
    )


class _Cursor(base.FieldCursor):  # type: ignore[misc]
    """A place among the terms of a field."""

    def __init__(self, terms: Terms, fieldobj: FieldType) -> None:
        self._terms = terms
        self._field = fieldobj
        self._number = 0

    def first(self) -> Any:
        self._number = 0
        return self.text()

    def find(self, string: Any) -> Any:
        self._number = self._terms.place(string if isinstance(string, bytes) else self._field.to_bytes(string))
        return self.text()

    def next(self) -> Any:
        self._number += 1
        return self.text()

    def text(self) -> Any:
        return self._field.from_bytes(self._terms.word(self._number)) if self.is_valid() else None

    def term_info(self) -> reading.TermInfo | None:
        return _info(self._terms, self._number) if self.is_valid() else None

    def is_valid(self) -> bool:
        return self._number < len(self._terms)
