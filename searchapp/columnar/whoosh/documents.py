"""What Whoosh asks of single articles: stored fields, lengths, columns and vectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import columns, formats, matching
from whoosh.codec import base

from searchapp.columnar.format.segments import SegmentData
from searchapp.columnar.whoosh.generic import encoded_value, generic_of, value_kind
from searchapp.columnar.whoosh.terms import terms_of

__all__ = ["PerDocReader"]


class PerDocReader(base.PerDocumentReader):  # type: ignore[misc]
    """Stored fields, lengths, columns and vectors of a segment."""

    def __init__(self, data: SegmentData, segment: base.Segment) -> None:
        self.data = data
        self._segment = segment

    def live(self) -> npt.NDArray[np.bool_] | None:
        """bool for each article; None when all live."""
        if not self.has_deletions():
            return None
        live = np.ones(self.data.docs, bool)
        live[list(self.deleted_docs())] = False
        return live

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return self.data.docs

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterator[int]:
        found: Iterator[int] = self._segment.deleted_docs()
        return found

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        generic = generic_of(self.data, fieldname)
        return generic.has_column if generic is not None else self.data.numbers(fieldname) is not None

    def list_columns(self) -> list[str]:
        """Names of the fields with a column."""
        return [name for name in self.data.kinds if self.has_column(name)]

    def column_reader(self, fieldname: str, column: columns.Column) -> columns.ColumnReader:
        generic = generic_of(self.data, fieldname)
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
        generic = generic_of(self.data, fieldname)
        return generic is not None and generic.vector(docnum) is not None

    def vector(self, docnum: int, fieldname: str, format_: formats.Format) -> matching.Matcher:
        generic = generic_of(self.data, fieldname)
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
