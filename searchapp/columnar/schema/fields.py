"""The kinds of fields that an index can have besides Whoosh's own."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import columns, fields, formats
from whoosh.analysis import Analyzer, Token

from searchapp.columnar.schema.analysis import Analysis

__all__ = ["AnalysedText", "ExactForms", "Facet", "Number", "Stored", "UniqueId"]

EXACT_SUFFIX = "_exact"


class _Words(Analyzer):  # type: ignore[misc]
    """Whoosh's view of an `Analysis`: tokens whose text is the stem, or the form."""

    def __init__(self, analysis: Analysis, *, exact: bool) -> None:
        self.analysis = analysis
        self.exact = exact

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        token = Token(positions=True, chars=True, boosts=True, mode=options.get("mode", ""))
        place = options.get("start_pos", 0)
        for start, end, form, step in self.analysis.read(value):
            token.text = form if self.exact else self.analysis.stem(form)
            token.original = value[start:end]
            token.pos = place + step
            token.startchar, token.endchar = start, end
            token.boost = 1.0
            token.stopped = False
            yield token


class AnalysedText(fields.FieldType):  # type: ignore[misc]
    """Text searched by stem, and by form in the sibling field that has `_exact` behind its name."""

    kind = "text"

    def __init__(self, analysis: Analysis, *, stored: bool = False) -> None:
        self.analysis = analysis
        self.analyzer = _Words(analysis, exact=False)
        self.format = formats.Positions()
        self.scorable = True
        self.stored = stored
        self.unique = False
        self.indexed = True
        self.vector = None
        self.multitoken_query = "phrase"

    def subfields(self) -> Iterator[tuple[str, fields.FieldType]]:
        """This field and its sibling of exact forms."""
        yield "", self

    def exact(self) -> ExactForms:
        """The field type of the sibling."""
        return ExactForms(self.analysis)


class ExactForms(fields.FieldType):  # type: ignore[misc]
    """The forms of an `AnalysedText`; nothing of its own is stored."""

    kind = "forms"

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.analyzer = _Words(analysis, exact=True)
        self.format = formats.Positions()
        self.scorable = True
        self.stored = False
        self.unique = False
        self.indexed = True
        self.vector = None
        self.multitoken_query = "phrase"


class UniqueId(fields.FieldType):  # type: ignore[misc]
    """A text that no two articles share: a new article replaces the one with the same."""

    kind = "id"

    def __init__(self) -> None:
        self.analyzer = None
        self.format = formats.Existence()
        self.scorable = False
        self.stored = True
        self.unique = True
        self.indexed = True
        self.vector = None

    def index(self, value: str, **options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """The one term."""
        yield self.to_bytes(value), 1, 1.0, b""

    def process_text(self, text: str, mode: str = "", **options: Any) -> Iterator[str]:
        """The text as it is."""
        yield text


class Facet(fields.FieldType):  # type: ignore[misc]
    """Any number of labels, counted for facets and searched as whole terms."""

    kind = "facet"

    def __init__(self) -> None:
        self.analyzer = None
        self.format = formats.Existence()
        self.scorable = False
        self.stored = False
        self.unique = False
        self.indexed = True
        self.vector = None

    def index(self, value: str | Iterable[str], **options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """One term for each label."""
        for label in dict.fromkeys([value] if isinstance(value, str) else value):
            yield self.to_bytes(label), 1, 1.0, b""

    def process_text(self, text: str, mode: str = "", **options: Any) -> Iterator[str]:
        """The text as it is."""
        yield text


class Number(fields.FieldType):  # type: ignore[misc]
    """A whole number of 64 bits, or none: ranges, orders and timelines."""

    kind = "number"
    sortable_typecode = "q"

    def __init__(self) -> None:
        self.analyzer = None
        self.format = None
        self.scorable = False
        self.stored = False
        self.unique = False
        self.indexed = False
        self.vector = None
        self.column_type = columns.NumericColumn("q")

    def to_bytes(self, value: Any) -> bytes:
        """Eight bytes that sort as the numbers do."""
        return value if isinstance(value, bytes) else struct.pack(">Q", int(value) + (1 << 63))

    def from_bytes(self, data: bytes) -> int:
        """The number of eight such bytes."""
        number: int = struct.unpack(">Q", data)[0] - (1 << 63)
        return number

    def to_column_value(self, value: Any) -> int:
        """The number itself."""
        return int(value)

    def from_column_value(self, value: Any) -> int:
        """The number itself."""
        return int(value)


class Stored(fields.FieldType):  # type: ignore[misc]
    """Bytes, text or plain values that are given back with a hit and cannot be searched."""

    kind = "stored"
    indexed = False
    stored = True

    def __init__(self) -> None:
        self.analyzer = None
        self.format = None
        self.scorable = False
        self.unique = False
        self.vector = None
