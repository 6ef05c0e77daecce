"""A file of sorted rows that never changes: any of them is found by reading a few blocks, each with its checksum.

Blocks of rows, deflated to a third, stand one after the other; behind them where each begins, the checksum of each, the
first key of each, and a description in JSON; and at the end the sizes of these and a checksum over them. All numbers
are little-endian.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from searchapp.files.reading import mapped
from searchapp.files.writing import NewFile

__all__ = ["NamesDamaged", "Table", "read_rows", "write_rows", "write_table"]

BLOCK_CHARACTERS = 4_096
KEPT_BLOCKS = 4_096
_PARTS = "\x1e"
_FOOTER = struct.Struct("<8sQIIIII")
"""Mark, where the blocks end, their number, bytes of first keys and description, rows, and the checksum of all this."""
_MARK = b"saNames2"


class NamesDamaged(Exception):
    """What is kept of the names is not what was written; it is computed anew."""


def write_rows(rows: Iterable[tuple[str, str | None]]) -> bytes:
    """Rows as bytes, those without a value as keys that are no more."""
    lines = [key if value is None else f"{key}{_PARTS}{value}" for key, value in rows]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def read_rows(content: bytes) -> Iterator[tuple[str, str | None]]:
    """What `write_rows` was given."""
    for line in content.decode("utf-8", "surrogatepass").split("\n") if content else ():
        key, parted, value = line.partition(_PARTS)
        yield key, value if parted else None


def write_table(path: Path, rows: Iterable[tuple[str, str]], description: Mapping[str, Any]) -> None:
    """Writes a new file of rows, which come sorted by keys. Raises `OSError`."""
    starts, checksums, place, count = array("Q"), array("I"), 0, 0
    firsts: list[str] = []
    file = NewFile(path)
    try:
        for held in _blocks(rows):
            block = zlib.compress(write_rows(held), 1)
            starts.append(place)
            checksums.append(zlib.crc32(block))
            firsts.append(held[0][0])
            file.write(block)
            place += len(block)
            count += len(held)
        about = json.dumps(description).encode("ascii")
        if sys.byteorder == "big":
            starts.byteswap()
            checksums.byteswap()
        first_keys = "\n".join(firsts).encode("utf-8", "surrogatepass")
        tail = starts.tobytes() + checksums.tobytes() + first_keys + about
        numbers = (_MARK, place, len(starts), len(first_keys), len(about), count)
        checksum = zlib.crc32(_FOOTER.pack(*numbers, 0), zlib.crc32(tail))
        file.write(tail + _FOOTER.pack(*numbers, checksum))
        # Only some blocks of it are read each time, so that what a power cut took might never be missed.
        file.finish()
    except BaseException:
        file.abandon()
        raise


def _blocks(rows: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    waiting: list[tuple[str, str]] = []
    size = 0
    for key, value in rows:
        waiting.append((key, value))
        size += len(key) + len(value) + 2
        if size >= BLOCK_CHARACTERS:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


class Table:
    """The rows of such a file; see `Rows` of `rows`. Reading raises `NamesDamaged`."""

    def __init__(self, path: Path) -> None:
        """Raises `NamesDamaged`, and `OSError` where there is no such file."""
        self._path = path
        try:
            self._map = mapped(path)
        except ValueError as error:
            raise NamesDamaged(f"{str(path)!r} is empty") from error
        self.size = len(self._map)
        """Bytes of the file."""
        if self.size < _FOOTER.size:
            raise NamesDamaged(f"{str(path)!r} is too short")
        footer = self._map[-_FOOTER.size :]
        mark, end, blocks, keys, about, count, checksum = _FOOTER.unpack(footer)
        self.about: int = count
        """How many rows there are."""
        tail = self._map[end : -_FOOTER.size] if end <= self.size else b""
        sound = zlib.crc32(_FOOTER.pack(mark, end, blocks, keys, about, count, 0), zlib.crc32(tail)) == checksum
        if mark != _MARK or not sound or len(tail) != 12 * blocks + keys + about:
            raise NamesDamaged(f"the end of {str(path)!r} is not what was written")
        starts, checksums = array("Q", tail[: 8 * blocks]), array("I", tail[8 * blocks : 12 * blocks])
        if sys.byteorder == "big":
            starts.byteswap()
            checksums.byteswap()
        self.description: dict[str, Any] = json.loads(tail[12 * blocks + keys :])
        self._starts, self._ends, self._checksums = starts, [*starts[1:], end], checksums
        self._firsts = tail[12 * blocks : 12 * blocks + keys].decode("utf-8", "surrogatepass").split("\n")
        if not blocks:
            self._firsts = []
        self._blocks: OrderedDict[int, list[str]] = OrderedDict()

    def get(self, key: str) -> str | None:
        start = key + _PARTS
        number = bisect_right(self._firsts, key) - 1
        lines = self._lines(number) if number >= 0 else []
        place = bisect_left(lines, start)
        return lines[place][len(start) :] if place < len(lines) and lines[place].startswith(start) else None

    def scan(self, prefix: str) -> Iterator[tuple[str, str]]:
        number = max(0, bisect_right(self._firsts, prefix) - 1)
        while number < len(self._starts):
            lines = self._lines(number)
            for place in range(bisect_left(lines, prefix), len(lines)):
                key, _, value = lines[place].partition(_PARTS)
                if not key.startswith(prefix):
                    return
                yield key, value
            number += 1

    def _lines(self, number: int) -> list[str]:
        """The rows of a block, each still in one piece: no sign in a key comes before the one that ends it."""
        blocks = self._blocks
        found = blocks.get(number)
        if found is None:
            content = self._map[self._starts[number] : self._ends[number]]
            if zlib.crc32(content) != self._checksums[number]:
                raise NamesDamaged(f"block {number} of {str(self._path)!r} is not what was written")
            found = blocks[number] = zlib.decompress(content).decode("utf-8", "surrogatepass").split("\n")
            if len(blocks) > KEPT_BLOCKS:
                blocks.popitem(last=False)
        return found

    def check(self) -> None:
        """Reads all rows anew. Raises `NamesDamaged` where one is not what was written."""
        self._blocks.clear()
        keys = [key for key, _ in self.scan("")]
        if len(keys) != self.about or any(left >= right for left, right in pairwise(keys)):
            raise NamesDamaged(f"the rows of {str(self._path)!r} are not those that were written")

    def close(self) -> None:
        """Lets go of the file."""
        self._map.close()
