"""The calls of the operating system that read and change files: the one place where this room meets it.

`operations` is what every module here asks, by this name and at the time of each call. What only some systems have
(locks of files, the modes of POSIX, the full sync of macOS) stands with its counterpart in `searchapp.platform.files`.
"""

from __future__ import annotations

import contextlib
import mmap
import os
from collections.abc import Iterator
from typing import Protocol, TypeVar

from searchapp.platform import files

__all__ = ["Operations", "System", "operations", "using"]


class Operations(Protocol):
    """What is asked of a system. Each call raises `OSError` when it fails; handles are numbers that `open` gave."""

    renames_open_files: bool
    """Whether a file may be renamed, replaced and removed while it is open."""

    def read_file(self, path: str, start: int) -> bytes:
        """The content of a file from a byte on."""

    def map_file(self, path: str) -> mmap.mmap:
        """The content of a file, mapped to be read; `ValueError` where it is empty."""

    def open(self, path: str, flags: int, mode: int = 0o666) -> int:
        """A handle of the file, made as `flags` say."""

    def write(self, handle: int, data: memoryview) -> int:
        """How many bytes were taken, perhaps not all."""

    def set_mode(self, handle: int, mode: int) -> None:
        """Gives a file the permissions `mode`, where the system has such."""

    def sync(self, handle: int) -> None:
        """Forces what was written to the disk itself."""

    def sync_folder(self, path: str) -> None:
        """Makes the names in a folder durable, where the system can."""

    def close(self, handle: int) -> None:
        """Ends the use of a handle, and any lock that was taken by it."""

    def lock(self, handle: int) -> bool:
        """Whether the lock of this file is now held; False, at once, where another handle holds it."""

    def unlock(self, handle: int) -> None:
        """Gives a lock back."""

    def rename(self, source: str, target: str) -> None:
        """Gives a file another name, in place of the file that had it."""

    def link(self, source: str, target: str) -> None:
        """Gives a file a second name, where the system can; `FileExistsError` where that is taken."""

    def remove(self, path: str) -> None:
        """Takes the name of a file away."""

    def remove_folder(self, path: str) -> None:
        """Takes a folder away that holds nothing."""

    def make_folder(self, path: str) -> None:
        """Makes one folder; `FileExistsError` where there is something of that name."""


class System:
    """The operating system itself."""

    renames_open_files = files.RENAMES_OPEN_FILES

    def read_file(self, path: str, start: int) -> bytes:
        with open(path, "rb") as file:
            file.seek(start)
            return file.read()

    def map_file(self, path: str) -> mmap.mmap:
        with open(path, "rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def open(self, path: str, flags: int, mode: int = 0o666) -> int:
        return os.open(path, flags | files.BINARY, mode)

    def write(self, handle: int, data: memoryview) -> int:
        return os.write(handle, data)

    def set_mode(self, handle: int, mode: int) -> None:
        files.set_mode(handle, mode)

    def sync(self, handle: int) -> None:
        files.force(handle)

    def sync_folder(self, path: str) -> None:
        files.force_folder(path)

    def close(self, handle: int) -> None:
        os.close(handle)

    def lock(self, handle: int) -> bool:
        return files.lock(handle)

    def unlock(self, handle: int) -> None:
        files.unlock(handle)

    def rename(self, source: str, target: str) -> None:
        os.replace(source, target)

    def link(self, source: str, target: str) -> None:
        os.link(source, target)

    def remove(self, path: str) -> None:
        os.unlink(path)

    def remove_folder(self, path: str) -> None:
        os.rmdir(path)

    def make_folder(self, path: str) -> None:
        os.mkdir(path)


operations: Operations = System()

Asked = TypeVar("Asked", bound=Operations)


@contextlib.contextmanager
def using(other: Asked) -> Iterator[Asked]:
    """Asks `other`, which it gives, instead of the system meanwhile, in all threads: tests let calls fail by it."""
    global operations
    before, operations = operations, other
    try:
        yield other
    finally:
        operations = before
