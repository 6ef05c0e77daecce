"""The formats of an index from which stored records can be read, each by its number.

What is here changes with no later format: who gives the index another one leaves these and adds theirs, if the table
of contents, the sections of stored records or the records themselves are laid out otherwise from then on.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.columnar.salvaging.records_1 import SalvagedFile

__all__ = ["FORMATS", "Described", "Format", "sound_dead"]


@dataclass(frozen=True, slots=True)
class Described:
    """A segment as a table of contents names it, or as it was found in the folder."""

    file: str
    docs: int | None = None
    """None where nobody says."""
    size: int | None = None
    crc: int | None = None
    dead: str = ""
    """The file that lists its deleted articles."""
    dead_crc: int | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """How stored records are found and read."""

    segments: Callable[[Mapping[str, Any], str], Sequence[Described]]
    """From the values of the table of contents and the name of the index."""
    file: Callable[[Path, Described, Sequence[str]], SalvagedFile]
    """Opens a segment of a folder, given the names of the stored fields. Raises `OSError`."""
    stored: Callable[[Mapping[str, Any]], Sequence[str]]
    """The names of the stored fields by their numbers, from the values of the table of contents."""
    dead: Callable[[bytes, int], Iterator[int]]
    """The numbers of deleted articles in a file that lists them for so many articles."""


def _segments_1(values: Mapping[str, Any], indexname: str) -> list[Described]:
    found = []
    for item in values["segments"]:
        dead = item.get("dead", {})
        name = f"{indexname}_{item['id']}.columns"
        found.append(
            Described(name, item["docs"], item["size"], item["crc"], dead.get("name", ""), dead.get("crc")),
        )
    return found


def _file_1(folder: Path, segment: Described, stored: Sequence[str]) -> SalvagedFile:
    return SalvagedFile(folder / segment.file, crc=segment.crc, docs=segment.docs, stored=stored)


def _stored_1(values: Mapping[str, Any]) -> list[str]:
    fields = values["schema"]["fields"].items()
    return sorted(name for name, field in fields if field["kind"] in ("stored", "id") or field.get("stored"))


def _dead_1(content: bytes, docs: int) -> Iterator[int]:
    return (doc for doc in range(min(docs, 8 * len(content))) if content[doc // 8] >> doc % 8 & 1)


def sound_dead(content: bytes, docs: int | None, crc: int | None) -> bool:
    """Whether such a list is of that many articles and has the checksum that it should have, where these are known."""
    fits = docs is None or len(content) == -(-docs // 8)
    return fits and (crc is None or zlib.crc32(content) == crc)


_FIRST = Format(_segments_1, _file_1, _stored_1, _dead_1)

FORMATS: Mapping[int, Format] = {1: _FIRST, 2: _FIRST, 3: _FIRST}
"""The second one differs from the first in what stored fields an article has, which this room does not look at, the
third from the second in postings."""
