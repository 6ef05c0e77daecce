"""A file's bytes, decompressed as they are read and never more of them than allowed."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import io
import lzma
import os
import posixpath
import stat
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, cast

import zstandard

from searchapp.corpus.decoding.base import Around, Source
from searchapp.errors import UnreadableFile

__all__ = [
    "BOXES", "COMPRESSED", "HEAD_BYTES", "MOST_TIMES", "head_of", "limited", "place_of", "seekable", "size_of",
    "source_of", "suffix_of",
]  # fmt: skip

HEAD_BYTES = 64 << 10
"""How much of a file is looked at to tell its format."""

_BUFFER_BYTES = 128 << 10
BOXES = (".zip", ".tar", ".wacz", ".warc", ".arc", ".wet")
"""Endings of files that hold many others."""
MOST_TIMES = 250
"""What unpacks to so many times its size was made to do so."""


@dataclass(frozen=True, slots=True)
class _Compression:
    name: str
    magic: bytes
    suffix: str
    open: Callable[[BinaryIO], BinaryIO]
    """What is decompressed of a stream. Closing it leaves the stream open."""


def _zstandard(stream: BinaryIO) -> BinaryIO:
    decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    return cast(BinaryIO, decompressor.stream_reader(stream, read_across_frames=True, closefd=False))


_COMPRESSIONS = (
    _Compression("gzip", b"\x1f\x8b", ".gz", lambda inner: cast(BinaryIO, gzip.GzipFile(fileobj=inner))),
    _Compression("bzip2", b"BZh", ".bz2", lambda inner: cast(BinaryIO, bz2.BZ2File(inner))),
    _Compression("xz", b"\xfd7zXZ\x00", ".xz", lambda inner: cast(BinaryIO, lzma.LZMAFile(inner))),  # noqa: SIM115
    _Compression("Zstandard", b"\x28\xb5\x2f\xfd", ".zst", _zstandard),
)
_LONGEST_MAGIC = max(len(one.magic) for one in _COMPRESSIONS)
COMPRESSED = tuple(one.suffix for one in _COMPRESSIONS)
"""Endings of files that hold another one, compressed."""
_SHORT = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar"}


def source_of(path: str, status: os.stat_result, *, max_bytes: int, columns: Mapping[str, str]) -> Source:
    """The file at `path` as readers take it. Raises `UnreadableFile` when it is too large or of unknown compression."""
    compression = _compression_of(path)
    most = max_bytes
    if suffix_of(path) in BOXES:
        # A box is read piece by piece, and each piece is held to the limit.
        most = max(max_bytes, MOST_TIMES * status.st_size)
    elif compression is None and status.st_size > max_bytes:
        raise UnreadableFile(_too_large(max_bytes))
    return Source(
        path=path,
        suffix=suffix_of(path),
        modified=_local_time(status.st_mtime),
        open=_opener(path, compression, max_bytes=most),
        columns=columns,
        max_bytes=max_bytes,
        is_plain=compression is None,
        around=_around(path, max_bytes, columns),
    )


def place_of(start: str, place: str) -> str:
    """A place as seen from a folder `start`, both with slashes, as seen from where that is seen from.

    Raises `UnreadableFile` for one that does not lie in that folder or in the one above.
    """
    inside = posixpath.normpath(place)
    if "\0" in place or place.startswith("/") or inside.startswith("../..") or (inside == ".." and not place):
        raise UnreadableFile(f"{place[:100]!r} lies elsewhere")
    return posixpath.normpath(posixpath.join(start, inside))


def _around(path: str, max_bytes: int, columns: Mapping[str, str]) -> Around:
    folder = os.path.dirname(path)

    def names(place: str) -> Sequence[str]:
        try:
            return sorted(os.listdir(os.path.join(folder, *place_of("", place).split("/"))))
        except OSError:
            return ()

    def source(place: str) -> Source:
        found = os.path.join(folder, *place_of("", place).split("/"))
        try:
            status = os.stat(found)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableFile(f"{place[:100]!r} is no file")
            return source_of(found, status, max_bytes=max_bytes, columns=columns)
        except (OSError, ValueError) as error:
            raise UnreadableFile(f"{place[:100]!r} is not there") from error

    return Around(names, source)


def suffix_of(name: str) -> str:
    """The ending of a file of that name in lower case, without those that only say how it is compressed."""
    last = PurePath(name.lower()).name
    for suffix in COMPRESSED:
        if last.endswith(suffix):
            last = last.removesuffix(suffix)
            break
    suffix = PurePath(last).suffix
    return _SHORT.get(suffix, suffix)


def head_of(source: Source, count: int = HEAD_BYTES) -> bytes:
    """The first 64 KB of `source`, or the first `count` bytes: as many as can be read."""
    head = b""
    with source.open() as stream:
        try:
            while len(head) < count and (block := cast(io.BufferedReader, stream).read1(count - len(head))):
                head += block
        except UnreadableFile:
            # Where the file breaks off is told by who reads it.
            if not head:
                raise
    return head


def seekable(source: Source) -> BinaryIO:
    """The bytes of `source` as a stream that can be read from anywhere: the file itself, or a copy in memory."""
    if source.is_plain:
        return open(source.path, "rb")
    with source.open() as stream:
        return io.BytesIO(stream.read())


def limited(inner: BinaryIO, max_bytes: int) -> BinaryIO:
    """The bytes of `inner`, decompressed; closing it closes `inner`.

    Raises `UnreadableFile` where they are broken or more than `max_bytes`.
    """
    start = io.BufferedReader(_Limited(inner, inner, sys.maxsize), _BUFFER_BYTES)
    compression = _begun_with(start.peek(_LONGEST_MAGIC))
    if compression is None:
        return io.BufferedReader(_Limited(start, start, max_bytes), _BUFFER_BYTES)
    return io.BufferedReader(_Limited(compression.open(start), start, max_bytes), _BUFFER_BYTES)


def size_of(source: Source, *, most: int) -> int:
    """How many bytes `source` has, decompressed and as far as they can be read; one more than `most` for any more."""
    if source.is_plain:
        return min(os.stat(source.path).st_size, most + 1)
    size = 0
    try:
        with source.open() as stream:
            while size <= most and (block := stream.read(_BUFFER_BYTES)):
                size += len(block)
    except UnreadableFile:
        return size
    return min(size, most + 1)


class _Limited(io.RawIOBase):
    """The bytes of another stream, which it closes; `UnreadableFile` where they are broken or too many."""

    def __init__(self, inner: BinaryIO, source: BinaryIO, max_bytes: int) -> None:
        self._inner = inner
        self._source = source
        # Whatever comes before the place where compressed data breaks off is handed out.
        self._read: Callable[[int], bytes] = getattr(inner, "read1", inner.read)
        self._max_bytes = max_bytes
        self._left = max_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        try:
            # Who asks for a whole file asks for as much as it may have, and each stream below would make room for that.
            data = self._read(min(len(view), _BUFFER_BYTES))
        except EOFError as error:
            raise UnreadableFile("truncated: the compressed data ends too early") from error
        except (gzip.BadGzipFile, zlib.error, lzma.LZMAError, zstandard.ZstdError) as error:
            raise UnreadableFile(f"damaged compressed data ({error})") from error
        except OSError as error:
            # What bzip2 says of damaged data has no number of the system.
            if error.errno is None:
                raise UnreadableFile(f"damaged compressed data ({error})") from error
            raise
        except MemoryError as error:
            raise UnreadableFile("asks for more memory than there is to decompress it") from error
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableFile(_too_large(self._max_bytes))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._source.close()
        super().close()


def _opener(path: str, compression: _Compression | None, *, max_bytes: int) -> Callable[[], BinaryIO]:
    def open_stream() -> BinaryIO:
        inner = open(path, "rb")  # noqa: SIM115 - closed with the stream
        return io.BufferedReader(
            _Limited(compression.open(inner) if compression else inner, inner, max_bytes), _BUFFER_BYTES
        )

    return open_stream


def _compression_of(path: str) -> _Compression | None:
    with open(path, "rb") as stream:
        return _begun_with(stream.read(_LONGEST_MAGIC))


def _begun_with(start: bytes) -> _Compression | None:
    return next((one for one in _COMPRESSIONS if start.startswith(one.magic)), None)


def _too_large(max_bytes: int) -> str:
    size = f"{max_bytes / (1 << 20):,.0f} MB" if max_bytes >= 1 << 20 else f"{max_bytes:,} bytes"
    return f"larger than {size}; raise SEARCHAPP_MAX_FILE_MB to read it"


def _local_time(timestamp: float) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(timestamp)
    except (ValueError, OverflowError, OSError):
        return dt.datetime(1970, 1, 1)
