"""Numbers and ids of the articles of a segment."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.pages import SectionFile, SectionWriter
from searchapp.columnar.format.ragged import distinct, ends_of, narrow

__all__ = ["IdColumn", "NumberColumn", "hash_ids", "write_ids", "write_numbers"]

Array = npt.NDArray[Any]


def write_numbers(file: SectionWriter, name: str, values: Array, missing: Array) -> None:
    """Store int64 `values`, those under the bool `missing` being none."""
    table = distinct(values[~missing])
    codes = np.searchsorted(table, values)
    codes[missing] = len(table)
    file.add(f"{name}.values", table.astype("<i8"))
    file.add(f"{name}.codes", narrow(codes, len(table)))


class NumberColumn:
    """A number, or none, for each article: a sorted table of the distinct ones, and a code for each article."""

    def __init__(self, file: SectionFile, name: str) -> None:
        self.values: Array = file.array(f"{name}.values")
        """int64, ascending, each once."""
        self.codes: Array = file.array(f"{name}.codes")
        """For each article the place of its number in `values`; the length of `values` where it has none."""

    def numbers(self, docs: Array | None = None) -> tuple[Array, Array]:
        """int64 numbers of these articles, or of all, and a bool array of those that have none (and 0)."""
        codes = self.codes if docs is None else self.codes[docs]
        padded = np.append(self.values, 0)
        return padded[codes], codes == len(self.values)

    def value(self, doc: int) -> int | None:
        """The number of one article."""
        code = int(self.codes[doc])
        return int(self.values[code]) if code < len(self.values) else None

    def code_range(self, low: int | None, high: int | None) -> tuple[int, int]:
        """First code and one past the last of the numbers from `low` to `high`, both included."""
        start = 0 if low is None else int(np.searchsorted(self.values, low, side="left"))
        stop = len(self.values) if high is None else int(np.searchsorted(self.values, high, side="right"))
        return start, stop


def hash_ids(ids: Sequence[bytes]) -> Array:
    """uint64: BLAKE2b of each id, 8 bytes read little-endian."""
    digest = hashlib.blake2b
    joined = b"".join([digest(name, digest_size=8).digest() for name in ids])
    return np.frombuffer(joined, "<u8")


def write_ids(file: SectionWriter, name: str, ids: Sequence[bytes], hashes: Array | None = None) -> None:
    """Store one id for each article; `hashes` are those of `hash_ids`, where they are known."""
    lengths = np.fromiter(map(len, ids), np.int64, len(ids))
    hashes = hash_ids(ids) if hashes is None else hashes
    order = np.argsort(hashes, kind="stable")
    file.add(f"{name}.ids", b"".join(ids))
    file.add(f"{name}.id_ends", narrow(ends_of(lengths)[1:]))
    file.add(f"{name}.hashes", hashes[order])
    file.add(f"{name}.hash_docs", order.astype("<u4"))


class IdColumn:
    """The id of each article, and the article of each id."""

    def __init__(self, file: SectionFile, name: str) -> None:
        self._file = file
        self._start, _ = file.section_offset(f"{name}.ids")
        self._ends = file.array(f"{name}.id_ends")
        self._hashes = file.array(f"{name}.hashes")
        self._docs = file.array(f"{name}.hash_docs")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, doc: int) -> bytes:
        start = int(self._ends[doc - 1]) if doc else 0
        return self._file.bytes_at(self._start + start, int(self._ends[doc]) - start)

    def ids(self) -> list[bytes]:
        """The id of every article."""
        text = self._file.bytes_at(self._start, int(self._ends[-1]) if len(self._ends) else 0)
        ends = self._ends.tolist()
        return [text[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)] if ends else []

    def find(self, ids: Sequence[bytes], hashes: Array | None = None) -> list[tuple[int, int]]:
        """(place in `ids`, article) for each of these ids that is here, all articles that have it."""
        if not len(ids) or not len(self._hashes):
            return []
        if hashes is None:
            hashes = hash_ids(ids)
        low = np.searchsorted(self._hashes, hashes, side="left")
        high = np.searchsorted(self._hashes, hashes, side="right")
        found = []
        for place in np.flatnonzero(high > low).tolist():
            for slot in range(int(low[place]), int(high[place])):
                doc = int(self._docs[slot])
                if self[doc] == ids[place]:
                    found.append((place, doc))
        return found
