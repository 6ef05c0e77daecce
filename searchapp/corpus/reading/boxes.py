"""Files that hold many others: ZIP and TAR, each file within them read as if it lay in a folder.

Nothing is unpacked to the disk, so no name within a box can lead anywhere. What a box may cost is bounded: each file
within it by the limit for files, all together by how often they may be larger than the box.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import itertools
import os
import posixpath
import stat
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from searchapp.corpus.decoding.base import Around, Source
from searchapp.corpus.decoding.streams import (
    BOXES,
    MOST_TIMES,
    head_of,
    limited,
    place_of,
    seekable,
    source_of,
    suffix_of,
)
from searchapp.errors import UnreadableFile

__all__ = ["MOST_DEEP", "is_in_box", "is_tar", "is_zip", "members_of"]

MOST_DEEP = 3
"""How deep boxes within boxes are opened."""
_FREE_BYTES = 256 << 20
"""So much is nothing, however small the box is."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_AT, _TAR = 257, b"ustar"


@dataclass(frozen=True, slots=True)
class Member:
    """One file within a box, or why it cannot be read."""

    name: str
    source: Source | None = None
    reason: str = ""


def is_zip(head: bytes) -> bool:
    """Whether a file that begins with `head` is a ZIP archive, as many documents are too."""
    return head.startswith(_ZIP)


def is_tar(head: bytes) -> bool:
    """Whether a file that begins with `head` is a TAR archive."""
    return head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR


def members_of(source: Source) -> Iterator[Member]:
    """The files within a box, in its order. Raises `UnreadableFile` where it is damaged, after those before."""
    yield from _zipped(source) if head_of(source).startswith(_ZIP) else _taped(source)


def is_in_box(path: str) -> bool:
    """Whether what has this path, but is not on the disk, is within a box there; true where that cannot be told."""
    box = os.path.dirname(path)
    while not os.path.lexists(box) and os.path.dirname(box) != box:
        box = os.path.dirname(box)
    try:
        status = os.stat(box)
        if not stat.S_ISREG(status.st_mode):
            return False
    except OSError:
        return False
    places = _places_in(box, status.st_size, status.st_mtime_ns)
    # What is within a box that is within it is not looked for.
    above = itertools.accumulate(path[len(box) :].split(os.sep)[1:], lambda start, part: f"{start}{os.sep}{part}")
    return places is None or any(os.path.join(box, place) in places for place in above)


@lru_cache(maxsize=32)
def _places_in(box: str, size: int, modified_ns: int) -> frozenset[str] | None:
    """The places of the files within a box of that size and time; None where it cannot be read."""
    try:
        source = source_of(box, os.stat(box), max_bytes=sys.maxsize, columns={})
        if head_of(source).startswith(_ZIP):
            with closing(seekable(source)) as stream, zipfile.ZipFile(stream) as packed:
                names = packed.namelist()
        else:
            with closing(source.open()) as stream, tarfile.open(fileobj=stream, mode="r|") as tape:
                names = [entry.name for entry in tape]
    except (UnreadableFile, zipfile.BadZipFile, tarfile.TarError, NotImplementedError, ValueError, OSError):
        return None
    return frozenset(dataclasses.replace(source, inside=name).place for name in names)


def _zipped(source: Source) -> Iterator[Member]:
    with closing(seekable(source)) as stream:
        try:
            box = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise UnreadableFile("no whole ZIP archive: its table of contents is missing; fetch it again") from error
        room = _Room(stream.seek(0, io.SEEK_END))
        with box:
            names = set(box.namelist())
            # A collection of web archives: what else is in it are lists of what is in these.
            only = "archive/" if "datapackage.json" in names and any(n.startswith("archive/") for n in names) else ""
            folders = _folders(box.namelist())
            for entry in box.infolist():
                if entry.is_dir() or _is_hidden(entry.filename) or not entry.filename.startswith(only):
                    continue
                if entry.flag_bits & 1:
                    yield Member(entry.filename, reason="encrypted; unpack it with its password first")
                    continue
                yield Member(entry.filename, _source_of_zipped(source, box, entry, folders, room))


def _source_of_zipped(
    source: Source, box: zipfile.ZipFile, entry: zipfile.ZipInfo, folders: Mapping[str, Sequence[str]], room: _Room
) -> Source:
    folder = posixpath.dirname(entry.filename)

    def beside(place: str) -> Source:
        try:
            other = box.getinfo(place_of(folder, place))
        except KeyError as error:
            raise UnreadableFile(f"{place[:100]!r} is not there") from error
        return _source_of_zipped(source, box, other, folders, room)

    most = source.max_bytes
    if suffix_of(entry.filename) in BOXES:
        # It is read piece by piece in its turn.
        most = max(most, MOST_TIMES * entry.compress_size)
    opener = _opener_of_zipped(box, entry, most, room)
    found = _source(source, entry.filename, _time_of(entry, source), opener)
    around = Around(lambda place: folders.get(place_of(folder, place), ()), beside)
    return dataclasses.replace(found, around=around)


def _folders(names: Sequence[str]) -> dict[str, list[str]]:
    """The names of the files in each folder, sorted."""
    folders: dict[str, list[str]] = {}
    for name in sorted(names):
        folder, last = posixpath.split(name)
        if last:
            folders.setdefault(posixpath.normpath(folder), []).append(last)
    return folders


def _opener_of_zipped(
    box: zipfile.ZipFile, entry: zipfile.ZipInfo, max_bytes: int, room: _Room
) -> Callable[[], BinaryIO]:
    def open_stream() -> BinaryIO:
        try:
            inner = cast(BinaryIO, _Checked(box.open(entry), room))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error) as error:
            raise UnreadableFile(f"cannot be unpacked: {str(error) or type(error).__name__}") from error
        return limited(inner, max_bytes)

    return open_stream


def _taped(source: Source) -> Iterator[Member]:
    # A stream cannot be read twice, and most formats look at a file's beginning first: each file is held in memory.
    with closing(source.open()) as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|") as box:
                for entry in box:
                    if not entry.isreg() or _is_hidden(entry.name):
                        continue
                    if entry.size > source.max_bytes:
                        yield Member(entry.name, reason=f"larger than {source.max_bytes >> 20:,} MB")
                        continue
                    content = box.extractfile(entry)
                    data = content.read() if content else b""
                    if len(data) < entry.size:
                        raise UnreadableFile("truncated: the archive ends within a file; fetch it again")
                    moved = _moment(entry.mtime) or source.modified
                    yield Member(entry.name, _source(source, entry.name, moved, _in_memory(data, source.max_bytes)))
        except (tarfile.TarError, ValueError, OverflowError) as error:
            raise UnreadableFile(f"damaged TAR archive ({error}); fetch it again") from error


def _in_memory(data: bytes, max_bytes: int) -> Callable[[], BinaryIO]:
    return lambda: limited(io.BytesIO(data), max_bytes)


def _source(box: Source, name: str, modified: dt.datetime, opener: Callable[[], BinaryIO]) -> Source:
    inside = f"{box.inside}/{name}" if box.inside else name
    return Source(
        path=box.path,
        suffix=suffix_of(name),
        modified=modified,
        open=opener,
        columns=box.columns,
        max_bytes=box.max_bytes,
        inside=inside,
    )


@dataclass(slots=True)
class _Room:
    """How much may still be unpacked of a box."""

    size: int
    used: int = 0

    def take(self, count: int) -> None:
        self.used += count
        if self.used > _FREE_BYTES and self.used > self.size * MOST_TIMES:
            raise UnreadableFile(f"unpacks to more than {MOST_TIMES} times its size; unpack it first")


class _Checked(io.RawIOBase):
    """What is unpacked of one file, counted; `UnreadableFile` where it is damaged."""

    def __init__(self, inner: object, room: _Room) -> None:
        self._inner = cast(BinaryIO, inner)
        self._room = room

    def read(self, size: int = -1, /) -> bytes:
        try:
            data = self._inner.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
            raise UnreadableFile(f"damaged: {str(error) or type(error).__name__}") from error
        self._room.take(len(data))
        return data

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def _is_hidden(name: str) -> bool:
    """Whether it is hidden, or what a system puts beside files."""
    parts = PurePosixPath(name).parts
    return (
        not parts or any(part.startswith(".") and part not in (".", "..") for part in parts) or parts[0] == "__MACOSX"
    )


def _time_of(entry: zipfile.ZipInfo, source: Source) -> dt.datetime:
    try:
        return min(dt.datetime(*entry.date_time), source.modified)
    except ValueError:
        return source.modified


def _moment(timestamp: float) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(timestamp)
    except (ValueError, OverflowError, OSError):
        return None
