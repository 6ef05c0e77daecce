"""The terms of a field of a segment, whatever kind of column holds them: what Whoosh's readers are made of."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.columns import IdColumn
from searchapp.columnar.format.labels import LabelColumn
from searchapp.columnar.format.segments import SegmentData
from searchapp.columnar.format.texts import TextColumn
from searchapp.columnar.whoosh.generic import GenericColumn, generic_of

__all__ = ["Entries", "Terms", "terms_of"]

Array = npt.NDArray[Any]


class Entries:
    """The postings of one term."""

    __slots__ = ("docs", "values", "weights")

    def __init__(self, docs: Array, weights: Array | None, values: list[Any] | None) -> None:
        self.docs = docs
        """int64, ascending."""
        self.weights = weights
        """For each article; None where each is 1."""
        self.values = values
        """For each article what the format encodes, as numbers; None where the format has nothing to say."""


class Terms(Protocol):
    """Sorted terms with their postings."""

    lengths: Array | None
    """Words of each article, None where they are not kept."""

    def __len__(self) -> int: ...

    def word(self, number: int) -> bytes:
        """A term by its place."""

    def place(self, word: bytes) -> int:
        """Place of the first term that is not before `word`."""

    def find(self, word: bytes) -> int:
        """Place of `word`, -1 when it is no term."""

    def weights(self, number: int) -> tuple[int, float, float]:
        """Number of articles of a term, the sum of its weights, and the largest of them."""

    def entries(self, number: int, *, values: bool) -> Entries:
        """The postings of a term; with `values` what its format encodes too."""


class _Table:
    """What the kinds with a `WordTable` and `Postings` share."""

    lengths: Array | None = None

    def __init__(self, words: Any, postings: Any) -> None:
        self._words = words
        self._postings = postings

    def __len__(self) -> int:
        return len(self._words)

    def word(self, number: int) -> bytes:
        return bytes(self._words[number])

    def place(self, word: bytes) -> int:
        return int(self._words.place(word))

    def find(self, word: bytes) -> int:
        return int(self._words.find(word))

    def weights(self, number: int) -> tuple[int, float, float]:
        tf = self._postings.tf(number)
        df = int(self._postings.df[number])
        return (df, float(df), 1.0) if tf is None else (df, float(tf.sum(dtype=np.float64)), float(tf.max()))

    def entries(self, number: int, *, values: bool) -> Entries:
        return Entries(self._postings.docs(number), self._postings.tf(number), None)


class _Stems(_Table):
    def __init__(self, text: TextColumn) -> None:
        super().__init__(text.stems, text.postings)
        self._text = text
        self.lengths = text.lengths

    def entries(self, number: int, *, values: bool) -> Entries:
        entries = super().entries(number, values=values)
        if values:
            positions = self._text.postings.positions(number)
            entries.values = _rows(positions, entries.weights)
        return entries


class _Forms(_Table):
    def __init__(self, text: TextColumn) -> None:
        super().__init__(text.forms, text.postings)
        self._text = text
        self.lengths = text.lengths

    def weights(self, number: int) -> tuple[int, float, float]:
        docs, counts = self._text.form_docs(np.array([number]))
        if counts is None:
            return len(docs), float(len(docs)), 1.0
        return len(docs), float(counts.sum()), float(counts.max(initial=0))

    def entries(self, number: int, *, values: bool) -> Entries:
        docs, counts = self._text.form_docs(np.array([number]))
        entries = Entries(docs, counts, None)
        if values:
            stem = int(self._text.form_stems[number])
            positions, forms = self._text.postings.positions(stem), self._text.postings.forms(stem)
            if forms is not None:
                positions = positions[forms == self._text.form_number(number)]
            entries.values = _rows(positions, counts)
        return entries


class _Ids:
    lengths: Array | None = None

    def __init__(self, column: IdColumn) -> None:
        self._column = column

    @cached_property
    def _sorted(self) -> tuple[list[bytes], list[list[int]]]:
        holders: dict[bytes, list[int]] = {}
        for doc, name in enumerate(self._column.ids()):
            holders.setdefault(name, []).append(doc)
        words = sorted(holders)
        return words, [holders[word] for word in words]

    def __len__(self) -> int:
        return len(self._sorted[0])

    def word(self, number: int) -> bytes:
        return self._sorted[0][number]

    def place(self, word: bytes) -> int:
        return int(np.searchsorted(np.array(self._sorted[0], object), word))

    def find(self, word: bytes) -> int:
        # The usual question is after one id: that needs no sorting of all.
        if not self._column.find([word]):
            return -1
        return self.place(word)

    def weights(self, number: int) -> tuple[int, float, float]:
        df = len(self._sorted[1][number])
        return df, float(df), 1.0

    def entries(self, number: int, *, values: bool) -> Entries:
        return Entries(np.array(self._sorted[1][number], np.int64), None, None)


class _Generic(_Table):
    def __init__(self, column: GenericColumn) -> None:
        super().__init__(column.words, column.postings)
        self._column = column
        self.lengths = column.lengths

    def entries(self, number: int, *, values: bool) -> Entries:
        entries = super().entries(number, values=values)
        if values:
            entries.values = self._column.values(number)
        return entries


def _rows(values: Array, counts: Array | None) -> list[Any]:
    if counts is None:
        return [[value] for value in values.tolist()]
    flat = values.tolist()
    ends = np.cumsum(counts, dtype=np.int64).tolist()
    return [flat[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)] if ends else []


def terms_of(data: SegmentData, name: str) -> Terms | None:
    """The terms of a field; None when this segment has no such field."""
    if (generic := generic_of(data, name)) is not None:
        return _Generic(generic)
    if (text := data.text(name)) is not None:
        return _Stems(text)
    if (labels := data.labels(name)) is not None:
        return _labels(labels)
    if (ids := data.ids(name)) is not None:
        return _Ids(ids)
    if name.endswith("_exact") and (text := data.text(name.removesuffix("_exact"))) is not None:
        return _Forms(text)
    return None


def _labels(column: LabelColumn) -> Terms:
    return _Table(column.table, column.postings)
