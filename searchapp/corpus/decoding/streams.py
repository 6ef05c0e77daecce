"""A file's bytes, decompressed as they are read and never more of them than allowed."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import zlib
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import BinaryIO

from searchapp.corpus.decoding.base import Source
from searchapp.errors import UnreadableFile

__all__ = ["HEAD_BYTES", "head_of", "size_of", "source_of"]

HEAD_BYTES = 64 << 10
"""How much of a file is looked at to tell its format."""

_GZIP = b"\x1f\x8b"
_BUFFER_BYTES = 128 << 10


def source_of(path: str, status: os.stat_result, *, max_bytes: int, columns: Mapping[str, str]) -> Source:
    """The file at `path` as readers take it. Raises `UnreadableFile` when it is too large or of unknown compression."""
    compressed = _is_gzip(path)
    if not compressed and status.st_size > max_bytes:
        raise UnreadableFile(_too_large(max_bytes))
    name = PurePath(path).name.lower()
    suffix = PurePath(name.removesuffix(".gz") if name.endswith(".gz") else name).suffix
    return Source(
        path=path,
        suffix=suffix,
        modified=_local_time(status.st_mtime),
        open=_opener(path, compressed=compressed, max_bytes=max_bytes),
        columns=columns,
    )


def head_of(source: Source) -> bytes:
    """The first 64 KB of `source`."""
    with source.open() as stream:
        return stream.read(HEAD_BYTES)


def size_of(source: Source, *, most: int) -> int:
    """How many bytes `source` has, decompressed and as far as they can be read; one more than `most` for any more."""
    if not _is_gzip(source.path):
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

    def __init__(self, inner: io.BufferedIOBase | gzip.GzipFile, max_bytes: int) -> None:
        self._inner = inner
        self._max_bytes = max_bytes
        self._left = max_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        try:
            data = self._inner.read(len(view))
        except EOFError as error:
            raise UnreadableFile("truncated: the compressed data ends too early") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFile(f"damaged gzip data ({error})") from error
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableFile(_too_large(self._max_bytes))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def _opener(path: str, *, compressed: bool, max_bytes: int) -> Callable[[], BinaryIO]:
    def open_stream() -> BinaryIO:
        inner = gzip.open(path, "rb") if compressed else open(path, "rb")  # noqa: SIM115 - closed with the stream
        return io.BufferedReader(_Limited(inner, max_bytes), _BUFFER_BYTES)

    return open_stream


def _is_gzip(path: str) -> bool:
    with open(path, "rb") as stream:
        return stream.read(2) == _GZIP


def _too_large(max_bytes: int) -> str:
    size = f"{max_bytes / (1 << 20):,.0f} MB" if max_bytes >= 1 << 20 else f"{max_bytes:,} bytes"
    return f"larger than {size}; raise SEARCHAPP_MAX_FILE_MB to read it"


def _local_time(timestamp: float) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(timestamp)
    except (ValueError, OverflowError, OSError):
        return dt.datetime(1970, 1, 1)
