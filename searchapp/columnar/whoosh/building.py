"""Articles with fields of Whoosh's types on their way into a segment, and several such segments into one.

`WhooshBuilder` takes them from the index's own writer, `GenericBuilder` from Whoosh's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.fields import FieldType, Schema

from searchapp.columnar.format.pages import SectionWriter
from searchapp.columnar.format.stored import StoredWriter, pack_record
from searchapp.columnar.schema.description import is_foreign
from searchapp.columnar.whoosh.foreign import ForeignFields
from searchapp.columnar.whoosh.generic import GENERIC, GenericBuffer, generic_of
from searchapp.columnar.writing.building import SegmentBuilder, Vocabularies
from searchapp.columnar.writing.merging import Source

__all__ = ["GenericBuilder", "WhooshBuilder", "merge_foreign"]


class WhooshBuilder(SegmentBuilder):
    """Takes batches of articles with fields of any type and writes them as one segment."""

    def __init__(self, schema: Schema, vocabularies: Vocabularies, order: tuple[str, str] | None) -> None:
        super().__init__(schema, vocabularies, order)
        self._foreign = ForeignFields()

    @property
    def memory(self) -> int:
        """Bytes in use, estimated for the moment of writing."""
        return super().memory + self._foreign.memory

    def add(self, columns: Mapping[str, Sequence[Any]], count: int) -> None:
        """Append `count` articles, given by field; a field that is left out is empty in all of them.

        Whatever one of Whoosh's fields raises that cannot take a value, it does so before anything is kept.
        """
        foreign = [name for name in columns if name.startswith("_") or is_foreign(self._schema[name])]
        if foreign:
            rows = [{name: columns[name][place] for name in foreign} for place in range(count)]
            prepared = [self._foreign.prepare(self._schema, row) for row in rows]
            self.broken = True
            for doc, parts in enumerate(prepared, self.docs):
                self._foreign.keep(doc, parts)
        super().add(columns, count)

    def holds(self, name: str, value: Any) -> bool:
        """Whether any of the articles has this term in a field of one of Whoosh's types."""
        buffer = self._foreign.buffers.get(name)
        return buffer is not None and self._schema[name].to_bytes(value) in buffer

    def _write_others(self, file: SectionWriter) -> dict[str, str]:
        return self._foreign.write(file, self.docs)


class GenericBuilder:
    """Takes articles from Whoosh's own `SegmentWriter`, whose fields must be of Whoosh's own types."""

    def __init__(self, folder: Path, segment: Any) -> None:
        self._folder = folder
        self._segment = segment
        self._foreign = ForeignFields()
        self._stored = StoredWriter()
        self._stored_numbers: dict[str, int] = {}
        self._record: dict[int, Any] = {}
        self._docs = 0
        self.doc = 0

    def start(self, doc: int) -> None:
        """Begin with an article."""
        self.doc = doc
        self._record = {}

    def buffer(self, name: str, field: FieldType | None = None) -> GenericBuffer:
        """Where the postings and columns of a field go."""
        if field is not None and not is_foreign(field):
            raise TypeError(f"the field {name!r} is written by WhooshIndex.writer() only")
        return self._foreign.buffer(name, field)

    def store(self, name: str, value: Any) -> None:
        """Keep a stored value of the article."""
        self._record[self._stored_numbers.setdefault(name, len(self._stored_numbers))] = value

    def cancel(self) -> None:
        """Forget the article."""
        self._record = {}

    def finish(self) -> None:
        """The article is complete."""
        self._stored.add(pack_record(self._record.items()))
        self._docs += 1

    def write(self) -> None:
        """Write the file of the segment."""
        file = SectionWriter(self._folder / self._segment.file_name)
        kinds = self._foreign.write(file, self._docs)
        self._stored.write(file)
        attributes = {"docs": self._docs, "fields": kinds, "stored": list(self._stored_numbers), "order": None}
        self._segment.size, self._segment.crc = file.finish(attributes)
        self._segment.docs = self._docs


def merge_foreign(sources: Sequence[Source], schema: Schema, file: SectionWriter, docs: int) -> dict[str, str]:
    """Write the fields of Whoosh's types of `sources` into a file for so many articles; names to kinds."""
    fields = ForeignFields()
    for source in sources:
        data = source.data
        places = np.arange(data.docs) if source.live is None else np.flatnonzero(source.live)
        for name, kind in data.kinds.items():
            if kind != GENERIC or name not in schema:
                continue
            field, column = schema[name], generic_of(data, name)
            assert column is not None
            buffer = fields.buffer(name, field)
            if field.format is not None and len(column.words):
                rows = column.postings.rows(0, len(column.words), positions=False)
                numbers, kept = source.renumbered(rows.docs)
                chosen = np.arange(len(rows.docs)) if kept is None else np.flatnonzero(kept)
                buffer.add_rows(column.words.words(), rows, numbers, chosen, column.all_values())
            cells = column.column(field.column_type, data.docs) if field.column_type and column.has_column else None
            for new, old in enumerate(places.tolist(), source.base):
                if column.lengths is not None:
                    buffer.set_length(new, int(column.lengths[old]))
                if cells is not None:
                    buffer.add_cell(new, cells[old])
                buffer.add_decoded_vector(new, column.vector(old) or [])
    return fields.write(file, docs)
