"""A file of named sections that is mapped into memory and never gives out a byte it has not checked.

The file is cut into pages; the checksum of each stands at its end, and the checksum of those is kept by whoever
names the file (the table of contents). A page is checked when something on it is first asked for, so opening a
large file costs nothing and a flipped bit is found before it can change a count. The checksum tells which bit it was
(`mending`), so that one alone stops nothing. The layout, byte by byte, is in
the README of this folder.
"""

from __future__ import annotations

import json
import logging
import mmap
import struct
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.mending import mended
from searchapp.errors import IndexDamaged
from searchapp.files.reading import mapped
from searchapp.files.writing import NewFile

__all__ = ["PAGE_BYTES", "TRAILER", "SectionFile", "SectionWriter", "page_count"]

MAGIC = b"SACOL\x01\r\n"
PAGE_BYTES = 1 << 15
ALIGNMENT = 8
TRAILER = struct.Struct("<QQII8s")
"""Offset of the directory, its length, its CRC-32, number of pages, magic."""


log = logging.getLogger(__name__)


def page_count(size: int) -> int:
    """How many pages a file of that many bytes has."""
    return -(-(size - TRAILER.size) // (PAGE_BYTES + 4))


class SectionWriter:
    """Writes a section file front to back; `finish` makes it durable."""

    def __init__(self, path: Path, *, check: Callable[[], None] = lambda: None) -> None:
        """`check` is called before each section and whatever else is put into the file."""
        self.path = path
        self._check = check
        self._file = NewFile(path)
        self._crcs: list[int] = []
        self._page_crc = 0
        self._page_filled = 0
        self._sections: dict[str, list[Any]] = {}
        self.offset = 0
        self._put(MAGIC)

    def add(self, name: str, values: npt.NDArray[Any] | bytes) -> None:
        """Store one whole section."""
        if name in self._sections:
            raise ValueError(f"section {name!r} is written twice")
        self.align()
        start = self.offset
        if isinstance(values, bytes):
            self._put(values)
            self._sections[name] = [start, len(values), "|u1"]
        else:
            little = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"), copy=False)
            self._put(little.data.cast("B") if little.size else b"")
            self._sections[name] = [start, little.size, little.dtype.str]

    def append(self, values: npt.NDArray[Any]) -> int:
        """Store an array outside the directory; its offset, to be kept by the caller."""
        self.align()
        start = self.offset
        if values.size:
            self._put(np.ascontiguousarray(values).data.cast("B"))
        return start

    def append_bytes(self, data: bytes) -> None:
        """Store bytes right after the last ones, outside the directory."""
        self._put(data)

    def align(self) -> None:
        """Go on at a multiple of 8 bytes."""
        if rest := -self.offset % ALIGNMENT:
            self._put(b"\0" * rest)

    def finish(self, attributes: dict[str, Any]) -> tuple[int, int]:
        """Write directory and checksums and force all to the disk; the size and the checksum of the checksums."""
        self.align()
        directory = json.dumps({"sections": self._sections, "attributes": attributes}, separators=(",", ":")).encode()
        start = self.offset
        self._put(directory)
        crc = zlib.crc32(directory)
        if self._page_filled:
            self._crcs.append(self._page_crc)
        table = np.array(self._crcs, dtype="<u4").tobytes()
        trailer = TRAILER.pack(start, len(directory), crc, len(self._crcs), MAGIC)
        self._file.write(table)
        self._file.write(trailer)
        self._file.finish()
        return self.offset + len(table) + len(trailer), zlib.crc32(trailer, zlib.crc32(table))

    def abandon(self) -> None:
        """Close and remove the unfinished file."""
        self._file.abandon()

    def _put(self, data: bytes | memoryview) -> None:
        self._check()
        self._file.write(data)
        self.offset += len(data)
        view = memoryview(data)
        while len(view):
            take = min(PAGE_BYTES - self._page_filled, len(view))
            self._page_crc = zlib.crc32(view[:take], self._page_crc)
            self._page_filled += take
            view = view[take:]
            if self._page_filled == PAGE_BYTES:
                self._crcs.append(self._page_crc)
                self._page_crc = self._page_filled = 0


class SectionFile:
    """A section file, opened for reading. Arrays it gives are read-only views of the mapped file."""

    def __init__(self, path: Path, *, size: int, crc: int) -> None:
        """Open `path`, which must have the `size` and the `crc` that `SectionWriter.finish` gave.

        Raises `IndexDamaged` when it has not, and `FileNotFoundError` when it is gone.
        """
        self.path = path
        self._tail_is_mended = False
        try:
            self._map = mapped(path)
        except ValueError as error:
            raise IndexDamaged(f"{path.name!r} is empty; run: searchapp repair") from error
        actual = len(self._map)
        if actual != size or size < TRAILER.size + len(MAGIC):
            raise IndexDamaged(f"{path.name!r} has {actual:,} bytes instead of {size:,}; run: searchapp repair")
        pages = page_count(size)
        table = size - TRAILER.size - 4 * pages
        tail = self._map[table:]
        if zlib.crc32(tail) != crc:
            tail = self._mended_tail(tail, crc)
        start, length, directory_crc, counted, magic = TRAILER.unpack(tail[-TRAILER.size :])
        self._crcs = np.frombuffer(tail, "<u4", pages)
        self._checked = bytearray(pages)
        self._whole: dict[int, bytes] = {}
        """Pages of which a bit has flipped, as they were written."""
        self._end = table
        self._lock = threading.Lock()
        if magic != MAGIC or counted != pages or start + length != table:
            raise IndexDamaged(f"the directory of {path.name!r} is out of place; run: searchapp repair")
        directory = self._map[start : start + length]
        if zlib.crc32(directory) != directory_crc:
            self.verify(start, length)
            directory = self._read(start, length)
            if zlib.crc32(directory) != directory_crc:
                raise IndexDamaged(f"the directory of {path.name!r} is damaged; run: searchapp repair")
        content = json.loads(directory)
        self.attributes: dict[str, Any] = content["attributes"]
        self._sections: dict[str, list[Any]] = content["sections"]

    def __contains__(self, name: str) -> bool:
        return name in self._sections

    def names(self) -> list[str]:
        """Names of all sections."""
        return list(self._sections)

    def array(self, name: str) -> npt.NDArray[Any]:
        """The section of this name, checked."""
        offset, count, dtype = self._sections[name]
        return self.at(offset, count, np.dtype(dtype))

    def raw(self, name: str) -> bytes:
        """The bytes of a section, checked."""
        offset, count, _ = self._sections[name]
        self.verify(offset, count)
        return self._read(offset, count)

    def section_offset(self, name: str) -> tuple[int, int]:
        """Where a section of bytes starts, and its length."""
        offset, count, _ = self._sections[name]
        return offset, count

    def at(self, offset: int, count: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        """`count` values from `offset` on, checked."""
        kind = dtype if isinstance(dtype, np.dtype) else np.dtype(dtype)
        length = count * kind.itemsize
        # Nearly always all of it is checked already, which takes no call to find out.
        if (
            offset < 0
            or length <= 0
            or offset + length > self._end
            or self._checked.find(0, offset // PAGE_BYTES, (offset + length - 1) // PAGE_BYTES + 1) >= 0
        ):
            self.verify(offset, length)
        if self._whole:
            return np.frombuffer(self._read(offset, length), kind, count)
        return np.frombuffer(self._map, kind, count, offset)

    def bytes_at(self, offset: int, length: int) -> bytes:
        """`length` bytes from `offset` on, checked."""
        self.verify(offset, length)
        return self._read(offset, length)

    def unchecked_bytes_at(self, offset: int, length: int) -> bytes:
        """`length` bytes from `offset` on, for what carries a checksum of its own."""
        if length < 0 or offset < 0 or offset + length > self._end:
            raise IndexDamaged(f"{self.path.name!r} points outside itself; run: searchapp repair")
        return self._map[offset : offset + length]

    def verify(self, offset: int, length: int) -> None:
        """Check the pages under these bytes, each once. Raises `IndexDamaged`."""
        if length <= 0:
            return
        if offset < 0 or offset + length > self._end:
            raise IndexDamaged(f"{self.path.name!r} points outside itself; run: searchapp repair")
        first, last = offset // PAGE_BYTES, (offset + length - 1) // PAGE_BYTES + 1
        if self._checked.find(0, first, last) < 0:
            return
        with self._lock:
            for page in range(first, last):
                if not self._checked[page]:
                    self._verify_page(page)

    def release(self) -> None:
        """Let go of the memory that what was read so far takes in this process; it can be read again at any time."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def damages(self) -> list[str]:
        """What is not as it was written, in words, looking at everything again."""
        pages = [page for page in range(len(self._crcs)) if not self._holds(page)]
        found = ["a bit of its checksums has flipped"] if self._tail_is_mended else []
        if pages:
            places = ", ".join(f"{page * PAGE_BYTES:,}" for page in pages[:5])
            found.append(f"{len(pages)} of its pages are damaged, at byte {places}")
        return found

    def _verify_page(self, page: int) -> None:
        if not self._holds(page):
            start = page * PAGE_BYTES
            whole = mended(self._map[start : min(start + PAGE_BYTES, self._end)], int(self._crcs[page]))
            if whole is None:
                raise IndexDamaged(f"{self.path.name!r} is damaged at byte {start:,}; run: searchapp repair")
            log.warning("a bit of %s has flipped at about byte %d; run: searchapp repair", self.path, start)
            self._whole[page] = whole
        self._checked[page] = 1

    def _holds(self, page: int) -> bool:
        start = page * PAGE_BYTES
        with memoryview(self._map) as view, view[start : min(start + PAGE_BYTES, self._end)] as content:
            return zlib.crc32(content) == int(self._crcs[page])

    def _read(self, offset: int, length: int) -> bytes:
        """Bytes of pages that were verified."""
        content = self._map[offset : offset + length]
        if not self._whole or length <= 0:
            return content
        parts, place = [], offset
        while place < offset + length:
            page = place // PAGE_BYTES
            end = min((page + 1) * PAGE_BYTES, offset + length)
            whole, start = self._whole.get(page), page * PAGE_BYTES
            parts.append(self._map[place:end] if whole is None else whole[place - start : end - start])
            place = end
        return b"".join(parts)

    def _mended_tail(self, tail: bytes, crc: int) -> bytes:
        whole = mended(tail, crc)
        if whole is None:
            name = self.path.name
            raise IndexDamaged(f"the checksums of {name!r} are not those that were written; run: searchapp repair")
        log.warning("a bit of the checksums of %s has flipped; run: searchapp repair", self.path)
        self._tail_is_mended = True
        return whole
