"""A file that is written front to back under a name that nobody reads yet."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from searchapp.files import system

__all__ = ["NewFile", "write_new"]

BUFFER_BYTES = 1 << 18


class NewFile:
    """A file to write to by `stream`; then it is either finished or abandoned.

    A file that is there is emptied first. With `exclusive` one that is there is an error (`FileExistsError`).
    """

    def __init__(self, path: Path, *, exclusive: bool = False) -> None:
        self.path = path
        flags = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if exclusive else os.O_TRUNC)
        self._raw = _Raw(path, system.operations.open(str(path), flags))
        self.stream: BinaryIO = io.BufferedWriter(self._raw, BUFFER_BYTES)  # type: ignore[type-var]

    def write(self, data: bytes | memoryview) -> None:
        """Put `data` behind what was written so far."""
        self.stream.write(data)

    def fileno(self) -> int:
        """The handle."""
        return self._raw.handle

    def sync(self) -> None:
        """Force what was written to the disk; its name is durable only when its folder is synced."""
        self.stream.flush()
        with _named(self.path):
            system.operations.sync(self._raw.handle)

    def close(self) -> None:
        """Write what is held back and end, without forcing it to the disk."""
        self.stream.close()

    def finish(self) -> None:
        """Write what is held back, force all of it to the disk, and end."""
        self.sync()
        self.close()

    def abandon(self) -> None:
        """End without writing what is held back, and remove the file."""
        # Closed below its buffer, which would otherwise try once more to write to a disk that is full.
        with contextlib.suppress(OSError):
            self._raw.close()
        with contextlib.suppress(OSError):
            system.operations.remove(str(self.path))


def write_new(path: Path, content: bytes) -> None:
    """Write a whole file of a name that nobody reads yet, durable once its folder is synced."""
    file = NewFile(path)
    try:
        file.write(content)
        file.finish()
    except BaseException:
        file.abandon()
        raise


class _Raw(io.RawIOBase):
    """The unbuffered file: every write is one call of the system."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self.handle = handle

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
        with _named(self.path):
            return system.operations.write(self.handle, memoryview(data))

    def close(self) -> None:
        if not self.closed:
            super().close()
            with _named(self.path):
                system.operations.close(self.handle)


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Says in an error of a handle which file it was."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
