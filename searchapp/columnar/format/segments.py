"""Segments: a file of articles that never changes, and which of them are deleted."""

from __future__ import annotations

import os
import secrets
import string
import threading
import weakref
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.columns import IdColumn, NumberColumn
from searchapp.columnar.format.labels import LabelColumn
from searchapp.columnar.format.lengths import length_codes
from searchapp.columnar.format.mending import mended
from searchapp.columnar.format.pages import SectionFile
from searchapp.columnar.format.stored import StoredReader, unpack_record
from searchapp.columnar.format.texts import TextColumn
from searchapp.errors import IndexDamaged
from searchapp.files.reading import read
from searchapp.files.writing import write_new

__all__ = ["ColumnarSegment", "SegmentData", "is_replaced", "open_segment", "read_dead", "write_dead"]

Array = npt.NDArray[Any]
Column = TypeVar("Column")
SEGMENT_EXT = ".columns"
DEAD_EXT = ".dead"

_LETTERS = string.ascii_lowercase + string.digits

_opened: weakref.WeakValueDictionary[tuple[str, int, int, int], SegmentData] = weakref.WeakValueDictionary()
_opening = threading.Lock()


class ColumnarSegment:
    """One entry of the table of contents. Deleting articles changes this object and nothing else."""

    def __init__(self, indexname: str, *, segid: str | None = None) -> None:
        self.indexname = indexname
        self.segid = segid or "".join(secrets.choice(_LETTERS) for _ in range(16))
        self.docs = 0
        self.size = 0
        self.crc = 0
        self.dead: Array | None = None
        """bool for each article, True where it is deleted; None when none is. Never changed in place."""
        self.dead_name = ""
        """File that holds `dead`, empty when it is not written yet."""
        self.dead_crc = 0

    def __hash__(self) -> int:
        return hash(self.segment_id())

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ColumnarSegment)
            and self.segment_id() == other.segment_id()
            and self.dead_key() == other.dead_key()
        )

    def segment_id(self) -> str:
        """What the names of its files begin with."""
        return f"{self.indexname}_{self.segid}"

    def dead_key(self) -> tuple[str, int]:
        """What tells one set of deletions from another."""
        return self.dead_name, self.dead_crc

    @property
    def file_name(self) -> str:
        """Name of the file with the articles."""
        return self.segment_id() + SEGMENT_EXT

    def copy(self) -> Self:
        """A segment to delete from without changing this one."""
        twin = self.__class__.__new__(self.__class__)
        twin.__dict__.update(self.__dict__)
        return twin

    def doc_count(self) -> int:
        """How many articles live."""
        return self.docs - self.deleted_count()

    def deleted_count(self) -> int:
        """How many articles are deleted."""
        return 0 if self.dead is None else int(np.count_nonzero(self.dead))

    def is_deleted(self, docnum: int) -> bool:
        """Whether an article is deleted; no number past the end is."""
        return self.dead is not None and 0 <= docnum < self.docs and bool(self.dead[docnum])

    def delete_documents(self, docs: Sequence[int], *, delete: bool = True) -> None:
        """Mark these articles as deleted, or not deleted."""
        if not docs:
            return
        dead = np.zeros(self.docs, bool) if self.dead is None else self.dead.copy()
        dead[list(docs)] = delete
        self.dead = dead if dead.any() else None
        self.dead_name = ""
        self.dead_crc = 0

    def describe(self) -> dict[str, Any]:
        """This segment in terms of JSON."""
        content: dict[str, Any] = {"id": self.segid, "docs": self.docs, "size": self.size, "crc": self.crc}
        if self.dead is not None:
            content["dead"] = {"name": self.dead_name, "crc": self.dead_crc}
        return content

    @classmethod
    def from_description(
        cls, indexname: str, content: dict[str, Any], folder: Path | None, *, exact: bool = False
    ) -> Self:
        """The segment that `describe` gave `content` of, its deletions read from `folder` if one is given.

        `exact` is that of `read_dead`.
        """
        segment = cls(indexname, segid=content["id"])
        segment.docs, segment.size, segment.crc = content["docs"], content["size"], content["crc"]
        if dead := content.get("dead"):
            segment.dead_name, segment.dead_crc = dead["name"], dead["crc"]
            if folder is not None:
                segment.dead = read_dead(folder / segment.dead_name, segment.docs, segment.dead_crc, exact=exact)
        return segment


def write_dead(folder: Path, segment: ColumnarSegment, generation: int) -> None:
    """Store the deletions of a segment in a file of their own, durably."""
    assert segment.dead is not None
    content = np.packbits(segment.dead, bitorder="little").tobytes()
    segment.dead_name = f"{segment.segment_id()}.{generation}{DEAD_EXT}"
    segment.dead_crc = zlib.crc32(content)
    write_new(folder / segment.dead_name, content)


def read_dead(path: Path, docs: int, crc: int, *, exact: bool = False) -> Array:
    """Which articles are deleted. Raises `IndexDamaged`, or `FileNotFoundError` when the file is gone.

    A bit that has flipped is put right, unless the content has to be `exact`.
    """
    content = read(path)
    if len(content) == -(-docs // 8) and zlib.crc32(content) != crc and not exact:
        content = mended(content, crc) or content
    if len(content) != -(-docs // 8) or zlib.crc32(content) != crc:
        raise IndexDamaged(f"the list of deletions {path.name!r} is damaged; run: searchapp repair")
    bits: Array = np.unpackbits(np.frombuffer(content, np.uint8), count=docs, bitorder="little").astype(bool)
    return bits


class SegmentData:
    """The opened file of a segment; its fields are read when they are first asked for."""

    def __init__(self, path: Path, *, size: int, crc: int) -> None:
        self.file = SectionFile(path, size=size, crc=crc)
        self.docs: int = self.file.attributes["docs"]
        self.kinds: dict[str, str] = self.file.attributes["fields"]
        """Field name to the kind of its column."""
        self.stored_names: list[str] = self.file.attributes["stored"]
        self._columns: dict[str, Any] = {}
        self._codes: dict[tuple[tuple[str, int], ...], Array] = {}
        self._numbers: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._lock = threading.RLock()

    def text(self, name: str) -> TextColumn | None:
        """A text field; None when this segment has none of that name."""
        return self.column(name, "text", TextColumn)

    def labels(self, name: str) -> LabelColumn | None:
        """A facet field; None when this segment has none of that name."""
        return self.column(name, "facet", LabelColumn)

    def numbers(self, name: str) -> NumberColumn | None:
        """A number field; None when this segment has none of that name."""
        return self.column(name, "number", NumberColumn)

    def ids(self, name: str) -> IdColumn | None:
        """A field of ids; None when this segment has none of that name."""
        return self.column(name, "id", IdColumn)

    @property
    def stored(self) -> StoredReader:
        """The stored records."""
        found = self._columns.get("")
        if found is None:
            with self._lock:
                found = self._columns.setdefault("", StoredReader(self.file))
        assert isinstance(found, StoredReader)
        return found

    def stored_fields(self, doc: int, only: frozenset[str] | None = None) -> dict[str, Any]:
        """Stored values of an article by field name, all or those in `only`."""
        return unpack_record(self.stored.record(doc), self.stored_names, only)

    def stored_bytes(self, doc: int, names: tuple[str, ...]) -> tuple[bytes | None, ...]:
        """Stored bytes of an article in these fields; None for each that it does not have, or has as anything else."""
        numbers = self._numbers.get(names)
        if numbers is None:
            places = {name: place for place, name in enumerate(self.stored_names)}
            numbers = self._numbers[names] = tuple([places.get(name, -1) for name in names])
        return self.stored.fields(doc, numbers)

    def length_codes(self, fields: tuple[tuple[str, int], ...]) -> Array:
        """uint8: for each article the code of its words in these text fields, each field counted so many times."""
        found = self._codes.get(fields)
        if found is None:
            total = np.zeros(self.docs, np.int64)
            for name, times in fields:
                if (text := self.text(name)) is not None:
                    total += np.multiply(text.lengths, times, dtype=np.int64)
            found = self._codes[fields] = length_codes(total)
        return found

    def array(self, name: str) -> Array:
        """A section by its name."""
        return self.file.array(name)

    def column(self, name: str, kind: str, make: Callable[[SectionFile, str], Column]) -> Column | None:
        """A field of the kind that `make` reads; None when this segment has none of that name and kind."""
        if self.kinds.get(name) != kind:
            return None
        found: Column | None = self._columns.get(name)
        if found is None:
            with self._lock:
                found = self._columns.get(name)
                if found is None:
                    found = self._columns[name] = make(self.file, name)
        return found


def open_segment(folder: Path, segment: ColumnarSegment) -> SegmentData:
    """The data of a segment; opened once however many readers use it."""
    path = str(folder / segment.file_name)
    # A damaged file may have been replaced by a whole one.
    key = (path, segment.size, segment.crc, os.stat(path).st_ino)
    with _opening:
        found = _opened.get(key)
        if found is None:
            found = SegmentData(Path(path), size=segment.size, crc=segment.crc)
            _opened[key] = found
        return found


def is_replaced(folder: Path, segment: ColumnarSegment, data: SegmentData) -> bool:
    """Whether another file has taken the place of the one that was opened as the data of a segment."""
    key = (str(folder / segment.file_name), segment.size, segment.crc)
    try:
        inode = os.stat(key[0]).st_ino
    except OSError:
        return False
    return _opened.get((*key, inode)) is not data
