"""Stored articles: records in compressed blocks, read one at a time."""

from __future__ import annotations

import bisect
import json
import struct
import threading
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from searchapp import compiled
from searchapp.columnar.format.pages import SectionFile, SectionWriter
from searchapp.columnar.format.plain import from_plain, to_plain
from searchapp.errors import IndexDamaged

__all__ = ["StoredReader", "StoredWriter", "pack_record", "unpack_record"]

Array = npt.NDArray[Any]

BLOCK_BYTES = 2 << 10
"""With a dictionary, short blocks take little more room than long ones, and less than half the time to read."""
LEVEL = 3
DICTIONARY_BYTES = 112 << 10
LEAST_FOR_DICTIONARY = 256 << 10
"""Of less it would be made of too little, and be a large part of it."""
_SEGMENT, _DMER = 200, 8
"""What zstandard would otherwise try to find out, taking five times as long: found on news text."""
SAMPLE_BYTES = 1 << 20
"""So much is held back at first, to make the dictionary from."""
MAX_DICTIONARIES = 64
"""A merge that would keep more of them compresses anew."""

_HEADER = struct.Struct("<HBI")
_BYTES, _TEXT, _JSON = 0, 1, 2


def pack_record(values: Iterable[tuple[int, Any]]) -> bytes:
    """One record: (field number, value) pairs to bytes."""
    parts: list[bytes] = []
    for number, value in values:
        if isinstance(value, bytes):
            parts += (_HEADER.pack(number, _BYTES, len(value)), value)
        elif isinstance(value, str):
            text = value.encode("utf-8", "surrogatepass")
            parts += (_HEADER.pack(number, _TEXT, len(text)), text)
        else:
            text = json.dumps(to_plain(value), ensure_ascii=False).encode("utf-8", "surrogatepass")
            parts += (_HEADER.pack(number, _JSON, len(text)), text)
    return b"".join(parts)


def unpack_record(record: bytes, names: Sequence[str], only: frozenset[str] | None = None) -> dict[str, Any]:
    """The values of a record by field name, all or those in `only`."""
    values: dict[str, Any] = {}
    place = 0
    while place < len(record):
        number, kind, length = _HEADER.unpack_from(record, place)
        place += _HEADER.size
        name = names[number]
        if only is None or name in only:
            data = record[place : place + length]
            if kind == _BYTES:
                values[name] = data
            elif kind == _TEXT:
                values[name] = data.decode("utf-8", "surrogatepass")
            else:
                values[name] = from_plain(json.loads(data))
        place += length
    return values


class StoredWriter:
    """Collects records into compressed blocks; `write` puts what is left into a file."""

    def __init__(self, file: SectionWriter | None = None) -> None:
        """With `file`, blocks go there as they are full, and nothing else may write to it until `write` is done."""
        self._file = file
        if file is not None:
            file.align()
            self._start_offset = file.offset
        self.memory = 0
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._compressor: zstandard.ZstdCompressor | None = None
        self._dictionaries: list[bytes] = []
        self._block: list[bytes] = []
        self._block_bytes = 0
        self._blocks: list[bytes] = []
        self._block_sizes = array("q")
        self._block_dictionary = array("i")
        self._firsts = array("q")
        self._ends = array("q")
        self._number = 0

    def __len__(self) -> int:
        return len(self._ends) + len(self._held)

    def add(self, record: bytes) -> None:
        """Append the record of the next article."""
        if self._compressor is None:
            self._held.append(record)
            self._held_bytes += len(record)
            self.memory += len(record)
            if self._held_bytes >= SAMPLE_BYTES:
                self._start()
            return
        self._block.append(record)
        self._block_bytes += len(record)
        self._ends.append(self._block_bytes)
        if self._block_bytes >= BLOCK_BYTES:
            self._close_block()

    def add_blocks(self, reader: StoredReader) -> None:
        """Append all the blocks of a segment as they are."""
        self._flush()
        base = len(self._dictionaries)
        self._dictionaries += reader.dictionaries()
        docs = len(self._ends)
        for number in range(len(reader.block_ends)):
            self._put_block(reader.block(number))
        self._firsts.extend((reader.firsts.astype(np.int64) + docs).tolist())
        numbers = reader.block_dictionary.astype(np.int64)
        self._block_dictionary.extend(np.where(numbers > 0, numbers + base, 0).tolist())
        self._ends.extend(reader.ends.astype(np.int64).tolist())

    def has_room(self, reader: StoredReader) -> bool:
        """Whether the dictionaries of a segment can be added to those here."""
        return len(self._dictionaries) + len(reader.dictionaries()) <= MAX_DICTIONARIES

    def write(self, file: SectionWriter) -> None:
        """Store everything collected."""
        self._flush()
        if self._file is None:
            file.align()
            self._start_offset = file.offset
            for block in self._blocks:
                file.append_bytes(block)
        file.add("stored.start", np.array([self._start_offset], "<u8"))
        file.add("stored.block_ends", np.cumsum(np.array(self._block_sizes, np.int64)).astype("<u8"))
        file.add("stored.firsts", np.array(self._firsts, "<u4"))
        file.add("stored.ends", np.array(self._ends, "<u4"))
        file.add("stored.block_dictionary", np.array(self._block_dictionary, "<u2"))
        file.add("stored.dictionaries", b"".join(self._dictionaries))
        file.add("stored.dictionary_sizes", np.array([len(d) for d in self._dictionaries], "<u4"))

    def _start(self) -> None:
        held, self._held = self._held, []
        self.memory -= self._held_bytes
        size = self._held_bytes
        self._held_bytes = 0
        content = _dictionary_of(held) if size >= LEAST_FOR_DICTIONARY else None
        if content is not None:
            content.precompute_compress(level=LEVEL)
            self._dictionaries.append(content.as_bytes())
            self._compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=content, write_checksum=True)
        else:
            self._compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
        self._number = len(self._dictionaries) if content is not None else 0
        for record in held:
            self.add(record)

    def _close_block(self) -> None:
        assert self._compressor is not None
        packed = self._compressor.compress(b"".join(self._block))
        self._firsts.append(len(self._ends) - len(self._block))
        self._put_block(packed)
        self._block_dictionary.append(self._number)
        self._block, self._block_bytes = [], 0

    def _put_block(self, packed: bytes) -> None:
        self._block_sizes.append(len(packed))
        if self._file is not None:
            self._file.append_bytes(packed)
        else:
            self._blocks.append(packed)
            self.memory += len(packed) + 100

    def _flush(self) -> None:
        if self._held:
            self._start()
        if self._block:
            self._close_block()


class _OfThread(threading.local):
    """What each thread has read last, and what it reads with."""

    number = -1
    content = b""

    def __init__(self) -> None:
        self.decompressors: dict[int, zstandard.ZstdDecompressor] = {}


class StoredReader:
    """The stored records of a segment."""

    def __init__(self, file: SectionFile) -> None:
        self._file = file
        self._start = int(file.array("stored.start")[0])
        self.block_ends: Array = file.array("stored.block_ends")
        self.firsts: Array = file.array("stored.firsts")
        self.ends: Array = file.array("stored.ends")
        self.block_dictionary: Array = file.array("stored.block_dictionary")
        # Single numbers are read from these several times as fast as from arrays.
        self._first_of = self.firsts.data
        self._end_of = self.ends.data
        self._block_end_of = self.block_ends.data
        self._dictionary_of = self.block_dictionary.data
        self._local = _OfThread()

    def record(self, doc: int) -> bytes:
        """The record of an article. Raises `IndexDamaged` where its block is not what was written."""
        number = bisect.bisect_right(self._first_of, doc) - 1
        content = self._content(number)
        start = self._end_of[doc - 1] if doc > self._first_of[number] else 0
        return content[start : self._end_of[doc]]

    def fields(self, doc: int, numbers: tuple[int, ...]) -> tuple[bytes | None, ...]:
        """The bytes of these fields of an article, None for what is not there or no bytes. Raises `IndexDamaged`."""
        number = bisect.bisect_right(self._first_of, doc) - 1
        start = self._end_of[doc - 1] if doc > self._first_of[number] else 0
        return compiled.steps.fields_of(self._content(number), start, self._end_of[doc], numbers)

    def block(self, number: int) -> bytes:
        """A block as it stands in the file."""
        start = int(self.block_ends[number - 1]) if number else 0
        return self._file.bytes_at(self._start + start, int(self.block_ends[number]) - start)

    def mean_block(self) -> float:
        """Bytes of a block on average."""
        count = len(self.block_ends)
        return int(self.block_ends[-1]) / count if count else 0.0

    def dictionaries(self) -> list[bytes]:
        """The compression dictionaries."""
        whole = self._file.raw("stored.dictionaries")
        parts, place = [], 0
        for size in self._file.array("stored.dictionary_sizes").tolist():
            parts.append(whole[place : place + size])
            place += size
        return parts

    def _content(self, number: int) -> bytes:
        # The articles of a run of records are in one block; those of hits hardly ever are.
        local = self._local
        if local.number == number:
            return local.content
        start = self._block_end_of[number - 1] if number else 0
        length = self._block_end_of[number] - start
        # A block has a checksum of its own, so the pages that it stands on need not be read whole.
        packed = self._file.unchecked_bytes_at(self._start + start, length)
        decompressor = self._decompressor(self._dictionary_of[number])
        try:
            try:
                content = decompressor.decompress(packed)
            except zstandard.ZstdError:
                content = decompressor.decompress(self._file.bytes_at(self._start + start, length))
        except zstandard.ZstdError as error:
            raise IndexDamaged(
                f"{self._file.path.name!r} is damaged at byte {self._start + start:,}; run: searchapp repair"
            ) from error
        local.number, local.content = number, content
        return content

    def _decompressor(self, number: int) -> zstandard.ZstdDecompressor:
        # zstandard's objects must not be used by two threads at once.
        known = self._local.decompressors
        found = known.get(number)
        if found is None:
            if number:
                content = zstandard.ZstdCompressionDict(self.dictionaries()[number - 1])
                found = zstandard.ZstdDecompressor(dict_data=content)
            else:
                found = zstandard.ZstdDecompressor()
            known[number] = found
        return found


def _dictionary_of(records: Sequence[bytes]) -> zstandard.ZstdCompressionDict | None:
    """What the records have in common; None where that cannot be told."""
    try:
        # No record may fill the dictionary by itself.
        return zstandard.train_dictionary(DICTIONARY_BYTES, [record[:4096] for record in records], k=_SEGMENT, d=_DMER)
    except zstandard.ZstdError:
        return None
