"""Walks over the postings of a term, as Whoosh's searcher wants it."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from typing import Any

from whoosh import formats, matching
from whoosh.query.spans import Span

from searchapp.columnar.whoosh.generic import encoded_value, value_kind
from searchapp.columnar.whoosh.terms import Entries, Terms

__all__ = ["ColumnMatcher"]


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
