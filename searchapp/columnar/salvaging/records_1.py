"""Stored records of the formats 1 to 3, read from a file of which anything may be damaged.

A single flipped bit is put right by the checksum of its page. What is damaged otherwise costs what stands on it: a
block of stored records the articles in it, the numbers that say where blocks and records lie nothing, as both can be
told from what lies there.
"""

from __future__ import annotations

import contextlib
import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from searchapp.columnar.format.mending import mended
from searchapp.columnar.format.plain import from_plain
from searchapp.files.reading import read

__all__ = ["SalvagedFile"]

Array = npt.NDArray[Any]

_PAGE = 1 << 15
_TRAILER = struct.Struct("<QQII8s")
_MAGIC = b"SACOL\x01\r\n"
_FRAME = b"\x28\xb5\x2f\xfd"
_DICTIONARY = b"\x37\xa4\x30\xec"
_DICTIONARY_SIZES = (112 << 10, 64 << 10)
_DIRECTORY = b'{"sections":'
_VALUE = struct.Struct("<HBI")
_BYTES, _TEXT, _JSON = 0, 1, 2
_MOST_BYTES = 1 << 30
"""Of one block when it is unpacked; a damaged length may say anything."""


@dataclass(frozen=True, slots=True)
class _Block:
    content: bytes | None
    """None where it cannot be unpacked."""
    first: int | None
    """The number of its first article, where that is known."""
    count: int | None
    """How many articles it has, where that is known."""
    ends: tuple[int, ...] | None
    """Where their records end, where that is known."""


class SalvagedFile:
    """A segment's file. Raises `OSError` where it cannot be read at all."""

    def __init__(self, path: Path, *, crc: int | None, docs: int | None = None, stored: Sequence[str] = ()) -> None:
        """`crc` is that of its checksums, where the table of contents is there to say so.

        `docs` is how many articles it has and `stored` are the names of the stored fields by their numbers, for a file
        that does not say them any more.
        """
        self._data = bytearray(read(path))
        size = len(self._data)
        pages = max(0, -(-(size - _TRAILER.size) // (_PAGE + 4)))
        self._end = max(0, size - _TRAILER.size - 4 * pages)
        self._names = list(stored)
        self._docs = docs
        self.mended = 0
        """Bits that were put right."""
        self._bad = self._mend_pages(crc, pages)
        self._sections: dict[str, list[Any]] = {}
        self._attributes: dict[str, Any] = {}
        self._read_directory()

    @property
    def docs(self) -> int | None:
        """How many articles it holds, deleted ones too; None where it does not say."""
        return self._attributes.get("docs", self._docs)

    def ids(self, field: str) -> list[str] | None:
        """The ids of all articles in the order of their numbers; None where they cannot be read."""
        ends, section = self._array(f"{field}.id_ends"), self._sections.get(f"{field}.ids")
        if ends is None or section is None or not self._is_whole(section[0], section[1]):
            return None
        text = bytes(self._data[section[0] : section[0] + section[1]])
        starts = [0, *ends.tolist()[:-1]]
        return [text[s:e].decode("utf-8", "surrogatepass") for s, e in zip(starts, ends.tolist(), strict=True)]

    def records(self) -> Iterator[tuple[int | None, dict[str, Any]]]:
        """The stored values of every article that is whole, by field name, and its number where that is known."""
        names = self._attributes.get("stored", self._names)
        found = [block.first is None for block in self._blocks()]
        # Blocks that were looked for have numbers only if none is missing.
        number = 0 if any(found) and sum(map(_count, self._blocks())) == self.docs else None
        for block in self._blocks():
            if block.content is None:
                continue
            own = _record_ends(block.content)
            ends = block.ends if block.ends is not None and len(block.ends) == block.count else own
            first = block.first if block.count is None or len(ends) == block.count else None
            if number is not None:
                first, number = number, number + len(ends)
            start = 0
            for place, end in enumerate(ends):
                values = _values(block.content[start:end], names)
                start = end
                if values is not None:
                    yield (first + place if first is not None else None), values

    def _blocks(self) -> Iterator[_Block]:
        dictionaries = self._dictionaries()
        # What these say is tried also where they are damaged: a block that was not meant cannot be unpacked, for its
        # checksum, and where one that is fits neither its records nor its place, the marks of blocks are looked for.
        start, ends = self._array("stored.start", tried=True), self._array("stored.block_ends", tried=True)
        numbers, firsts = self._array("stored.block_dictionary", tried=True), self._array("stored.firsts", tried=True)
        records = self._array("stored.ends")
        if (
            (start is None or ends is None or numbers is None or firsts is None or not len(start) or not len(firsts))
            or not _rising([0, *ends.tolist()])
            or not _rising(firsts.tolist())
        ):
            yield from self._found_blocks(dictionaries)
            return
        place = int(start[0])
        after = [*firsts.tolist()[1:], self.docs if self.docs is not None else int(firsts[-1]) + 1]
        for first, last, end, number in zip(firsts.tolist(), after, ends.tolist(), numbers.tolist(), strict=False):
            packed = bytes(self._data[place : int(start[0]) + end])
            place = int(start[0]) + end
            within = tuple(records[first:last].tolist()) if records is not None else None
            yield _Block(_unpacked(packed, dictionaries.get(number)), first, last - first, within)

    def _found_blocks(self, dictionaries: dict[int, zstandard.ZstdCompressionDict]) -> Iterator[_Block]:
        """Blocks by the mark with which each begins, where nothing says where they lie."""
        place = self._data.find(_FRAME)
        while 0 <= place < self._end:
            taken = 0
            for dictionary in (None, *dictionaries.values()):
                content, taken = _first_frame(memoryview(self._data)[place : self._end], dictionary)
                if content is not None:
                    yield _Block(content, None, None, None)
                    break
            place = self._data.find(_FRAME, place + max(1, taken))

    def _dictionaries(self) -> dict[int, zstandard.ZstdCompressionDict]:
        sizes = self._array("stored.dictionary_sizes", tried=True)
        section = self._sections.get("stored.dictionaries")
        found: dict[int, zstandard.ZstdCompressionDict] = {}
        if sizes is None or section is None:
            return self._found_dictionaries()
        place = section[0]
        for number, size in enumerate(sizes.tolist(), start=1):
            # One that is damaged gives no block: each has a checksum of what it unpacks to.
            with contextlib.suppress(zstandard.ZstdError, ValueError):
                found[number] = zstandard.ZstdCompressionDict(bytes(self._data[place : place + size]))
            place += size
        return found

    def _found_dictionaries(self) -> dict[int, zstandard.ZstdCompressionDict]:
        """Dictionaries by the mark with which each begins, of the sizes that they usually have."""
        found: dict[int, zstandard.ZstdCompressionDict] = {}
        place = self._data.find(_DICTIONARY)
        while place >= 0:
            for size in _DICTIONARY_SIZES:
                with contextlib.suppress(zstandard.ZstdError, ValueError):
                    found[len(found) + 1] = zstandard.ZstdCompressionDict(bytes(self._data[place : place + size]))
            place = self._data.find(_DICTIONARY, place + 1)
        return found

    def _array(self, name: str, *, tried: bool = False) -> Array | None:
        """A section; None where it is damaged, unless it is only tried, or is not there."""
        section = self._sections.get(name)
        if section is None:
            return None
        offset, count, kind = section[0], section[1], np.dtype(section[2])
        inside = 0 <= offset <= offset + count * kind.itemsize <= self._end
        if not inside or not (tried or self._is_whole(offset, count * kind.itemsize)):
            return None
        return np.frombuffer(bytes(self._data[offset : offset + count * kind.itemsize]), kind, count)

    def _is_whole(self, offset: int, length: int) -> bool:
        if offset < 0 or offset + length > self._end:
            return False
        return not any(page in self._bad for page in range(offset // _PAGE, (offset + length - 1) // _PAGE + 1))

    def _mend_pages(self, crc: int | None, pages: int) -> set[int]:
        """Puts flipped bits right; the numbers of the pages that stay damaged."""
        tail = bytes(self._data[self._end :])
        if crc is None and not tail.endswith(_MAGIC):
            # The end was cut off, and with it the checksums.
            self._end = len(self._data)
            return set(range(-(-self._end // _PAGE)))
        if crc is not None and zlib.crc32(tail) != crc:
            whole = mended(tail, crc)
            self.mended += whole is not None
            tail = whole or tail
            self._data[self._end :] = tail
        if zlib.crc32(tail) != crc and not tail.endswith(_MAGIC):
            self._end = len(self._data)
            return set(range(-(-self._end // _PAGE)))
        bad = set()
        for page, wanted in enumerate(np.frombuffer(tail, "<u4", pages).tolist()):
            start, end = page * _PAGE, min((page + 1) * _PAGE, self._end)
            content = bytes(self._data[start:end])
            if zlib.crc32(content) == wanted:
                continue
            whole = mended(content, wanted)
            if whole is None:
                bad.add(page)
            else:
                self._data[start:end] = whole
                self.mended += 1
        return bad

    def _read_directory(self) -> None:
        places = []
        if len(self._data) >= _TRAILER.size:
            start, length, *_ = _TRAILER.unpack(self._data[-_TRAILER.size :])
            places.append(bytes(self._data[start : start + length]) if start + length <= self._end else b"")
        found = self._data.rfind(_DIRECTORY)
        if found >= 0:
            places.append(bytes(self._data[found:]))
        for text in places:
            try:
                content, _ = json.JSONDecoder().raw_decode(text.decode("latin-1"))
                sections, attributes = content["sections"], content["attributes"]
                if isinstance(sections, dict) and isinstance(attributes["stored"], list):
                    self._sections, self._attributes = sections, attributes
                    return
            except (ValueError, KeyError, TypeError, RecursionError):
                continue


def _unpacked(packed: bytes, dictionary: zstandard.ZstdCompressionDict | None) -> bytes | None:
    content, taken = _first_frame(memoryview(packed), dictionary)
    return content if taken == len(packed) else None


def _first_frame(data: memoryview, dictionary: zstandard.ZstdCompressionDict | None) -> tuple[bytes | None, int]:
    """What a frame at the beginning of the data holds, and how many bytes it takes; None and 0 where none is whole."""
    try:
        if zstandard.frame_content_size(bytes(data[:32])) > _MOST_BYTES:
            return None, 0
        unpacking = zstandard.ZstdDecompressor(dict_data=dictionary).decompressobj()
        content = unpacking.decompress(data)
        return (content, len(data) - len(unpacking.unused_data)) if unpacking.eof else (None, 0)
    except (zstandard.ZstdError, MemoryError):
        return None, 0


def _count(block: _Block) -> int:
    return len(_record_ends(block.content)) if block.content is not None else 0


def _rising(numbers: list[int]) -> bool:
    return all(left < right for left, right in pairwise(numbers))


def _record_ends(content: bytes) -> list[int]:
    """Where records end, by the numbers of their fields, of which none comes twice in one."""
    ends, place, seen = list[int](), 0, set[int]()
    while place + _VALUE.size <= len(content):
        number, _, length = _VALUE.unpack_from(content, place)
        if number in seen:
            ends.append(place)
            seen.clear()
        seen.add(number)
        place += _VALUE.size + length
    return [*ends, len(content)] if content else ends


def _values(record: bytes, names: list[str]) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    place = 0
    try:
        while place < len(record):
            number, kind, length = _VALUE.unpack_from(record, place)
            place += _VALUE.size
            data = record[place : place + length]
            if kind not in (_BYTES, _TEXT, _JSON) or len(data) < length:
                return None
            if kind == _BYTES:
                values[names[number]] = data
            else:
                text = data.decode("utf-8", "surrogatepass")
                values[names[number]] = text if kind == _TEXT else from_plain(json.loads(text))
            place += length
    except (struct.error, IndexError, ValueError, KeyError, TypeError):
        return None
    return values
