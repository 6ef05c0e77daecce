"""The codec: how Whoosh opens segments of columns, and how its own writer makes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import columns
from whoosh.codec import base
from whoosh.fields import FieldType

from searchapp.columnar.format.segments import ColumnarSegment, open_segment
from searchapp.columnar.whoosh.building import GenericBuilder
from searchapp.columnar.whoosh.documents import PerDocReader
from searchapp.columnar.whoosh.reading import Reader

__all__ = ["ColumnarCodec", "PerDocWriter", "WhooshSegment"]


class WhooshSegment(ColumnarSegment, base.Segment):  # type: ignore[misc]
    """A segment that Whoosh can open by itself: it knows the codec that reads it."""

    compound = False

    def __init__(self, indexname: str, *, segid: str | None = None) -> None:
        super().__init__(indexname, segid=segid)
        self.builder: Any
        """What Whoosh's own writer is filling, while it does."""

    @classmethod
    def of(cls, segment: ColumnarSegment) -> WhooshSegment:
        """The same segment for Whoosh; deleting from it does not change `segment`."""
        twin = cls(segment.indexname, segid=segment.segid)
        twin.__dict__.update(segment.__dict__)
        return twin

    def codec(self) -> base.Codec:
        """The codec that reads it."""
        return ColumnarCodec()

    def should_assemble(self) -> bool:
        """No: a segment is one file already."""
        return False

    def set_doc_count(self, dc: int) -> None:
        self.docs = dc

    def doc_count_all(self) -> int:
        return self.docs

    def deleted_docs(self) -> Iterator[int]:
        return iter(() if self.dead is None else np.flatnonzero(self.dead).tolist())

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        self.delete_documents([docnum], delete=delete)


class ColumnarCodec(base.Codec):  # type: ignore[misc]
    """Reads and writes segments made of columns. It needs a `FileStorage`: the files are mapped into memory."""

    # Whoosh's writer must not ask for lengths before the file is there.
    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> WhooshSegment:
        return WhooshSegment(indexname)

    def per_document_writer(self, storage: Any, segment: WhooshSegment) -> PerDocWriter:
        return PerDocWriter(_builder(storage, segment))

    def field_writer(self, storage: Any, segment: WhooshSegment) -> FieldWriter:
        return FieldWriter(_builder(storage, segment), segment)

    def per_document_reader(self, storage: Any, segment: WhooshSegment) -> PerDocReader:
        return PerDocReader(open_segment(Path(storage.folder), segment), segment)

    def terms_reader(self, storage: Any, segment: WhooshSegment) -> Reader:
        return Reader(open_segment(Path(storage.folder), segment))


def _builder(storage: Any, segment: WhooshSegment) -> GenericBuilder:
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

    def __init__(self, builder: GenericBuilder, segment: WhooshSegment) -> None:
        self._builder = builder
        self._segment = segment
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
            # Whoosh's table of contents pickles the segment.
            del self._segment.builder
