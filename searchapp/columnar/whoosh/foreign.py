"""Articles with fields of Whoosh's own types on their way into a segment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from whoosh.fields import FieldType, Schema
from whoosh.util.text import utf8encode

from searchapp.columnar.format.pages import SectionWriter
from searchapp.columnar.schema.description import is_foreign
from searchapp.columnar.whoosh.generic import GENERIC, GenericBuffer

__all__ = ["ForeignFields", "Prepared"]


@dataclass(slots=True)
class Prepared:
    """One value of one article, analysed but not yet kept."""

    name: str
    field: FieldType
    postings: list[tuple[str, FieldType, bytes, float, bytes | None]] = dataclass_field(default_factory=list)
    length: int = 0
    cell: Any = None
    has_cell: bool = False
    vector: list[tuple[str, float, bytes]] = dataclass_field(default_factory=list)


class ForeignFields:
    """Buffers of all such fields."""

    def __init__(self) -> None:
        self.buffers: dict[str, GenericBuffer] = {}

    @property
    def memory(self) -> int:
        """Bytes in use, estimated."""
        return sum(buffer.memory for buffer in self.buffers.values())

    def buffer(self, name: str, field: FieldType | None = None) -> GenericBuffer:
        """The buffer of a field; `field` is needed for the first time."""
        found = self.buffers.get(name)
        if found is None:
            if field is None:
                raise KeyError(f"nothing is known of the field {name!r}")
            found = self.buffers[name] = GenericBuffer(field)
        return found

    def prepare(self, schema: Schema, values: Mapping[str, Any]) -> list[Prepared]:
        """Analyse the fields of one article. `values` may hold the weights and stored values Whoosh knows as
        `_boost`, `_name_boost` and `_stored_name`. Raises `ValueError` when a field cannot take its value."""
        boost = float(values.get("_boost") or 1.0)
        prepared = []
        for name in sorted(name for name in values if not name.startswith("_")):
            value = values[name]
            field = schema[name]
            if value is None or not is_foreign(field):
                continue
            weight = values.get(f"_{name}_boost")
            prepared.append(_prepare(schema, name, field, value, boost if weight is None else float(weight)))
            custom = values.get(f"_stored_{name}")
            stored = value if custom is None else custom
            if field.column_type and stored is not None:
                prepared[-1].cell, prepared[-1].has_cell = field.to_column_value(stored), True
        return prepared

    def keep(self, doc: int, prepared: Iterable[Prepared]) -> None:
        """Add what was prepared as the article of this number."""
        for part in prepared:
            own = self.buffer(part.name, part.field)
            for name, field, term, weight, value in part.postings:
                self.buffer(name, field).add_posting(term, doc, weight, value)
            own.set_length(doc, part.length)
            if part.has_cell:
                own.add_cell(doc, part.cell)
            if part.vector:
                own.add_vector(doc, part.vector)

    def write(self, file: SectionWriter, docs: int) -> dict[str, str]:
        """Store all of them; names to kinds."""
        for name, buffer in sorted(self.buffers.items()):
            buffer.write(file, name, docs)
        return dict.fromkeys(sorted(self.buffers), GENERIC)


def _prepare(schema: Schema, name: str, field: FieldType, value: Any, boost: float) -> Prepared:
    made = Prepared(name, field)
    if field.indexed and field.format is not None:
        for term, frequency, weight, encoded in field.index(value):
            made.postings.append((name, field, term, weight * boost, encoded))
            if field.scorable:
                made.length += frequency
    if field.separate_spelling():
        spelling = field.spelling_fieldname(name)
        for word in field.spellable_words(value):
            made.postings.append((spelling, schema[spelling], utf8encode(word)[0], 1.0, b"\0\0\0\1"))
    if field.vector:
        words = field.vector.word_values(value, field.analyzer, mode="index")
        made.vector = sorted((text, weight, encoded) for text, _, weight, encoded in words)
    return made
