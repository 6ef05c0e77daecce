"""The terms of a segment, as Whoosh's searcher wants them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh import formats, matching, reading
from whoosh.codec import base
from whoosh.fields import FieldType

from searchapp.columnar.format.segments import SegmentData
from searchapp.columnar.whoosh.matching import ColumnMatcher
from searchapp.columnar.whoosh.terms import Terms, terms_of

__all__ = ["Reader"]


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
