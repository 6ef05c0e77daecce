"""Changes of rows that were put behind one another in a file, each whole or not there: what a table has become since.

A record is the length and the checksum of its content, and the content: a line of JSON that describes it, and rows.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from searchapp.entities.archive_names.keeping.table import read_rows, write_rows
from searchapp.files.reading import read

__all__ = ["Record", "is_cut", "read_records", "record_bytes"]

_HEAD = struct.Struct("<II")


class Record(NamedTuple):
    """One change."""

    description: Mapping[str, Any]
    rows: dict[str, str | None]
    """Keys to their values, None for those that are no more."""
    end: int
    """Where it ends in the file."""


def record_bytes(description: Mapping[str, Any], rows: Mapping[str, str | None]) -> bytes:
    """A change as the journal holds it."""
    content = json.dumps(description).encode("ascii") + b"\n" + write_rows(rows.items())
    return _HEAD.pack(len(content), zlib.crc32(content)) + content


def is_cut(path: Path, start: int) -> bool:
    """Whether what begins at `start`, which is no whole record, is the beginning of one. Raises `OSError`."""
    found = read(path, start=start)
    return len(found) < _HEAD.size or len(found) < _HEAD.size + _HEAD.unpack_from(found)[0]


def read_records(path: Path, start: int) -> Iterator[Record]:
    """The changes that begin at `start`, up to the first that is not whole. Raises `OSError`."""
    found = read(path, start=start)
    place = 0
    while place + _HEAD.size <= len(found):
        length, checksum = _HEAD.unpack_from(found, place)
        content = found[place + _HEAD.size : place + _HEAD.size + length]
        if len(content) < length or zlib.crc32(content) != checksum:
            # Somebody is writing it, or was killed while writing.
            return
        place += _HEAD.size + length
        head, _, rows = content.partition(b"\n")
        yield Record(json.loads(head), dict(read_rows(rows)), start + place)
