"""The calls of the operating system that read and change files: the one place where this room meets it.

`operations` is what every module here asks, by this name and at the time of each call. What only some systems have
(locks of files, the modes of POSIX, the full sync of macOS) stands here with its counterpart on the others.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import sys
from collections.abc import Iterator
from typing import Protocol

__all__ = ["Operations", "System", "operations", "using"]

_BUSY = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}
_IGNORED_FOR_FOLDERS = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}
"""What file systems answer that cannot sync a folder, or do not let this user open one."""


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

    def remove(self, path: str) -> None:
        """Takes the name of a file away."""

    def remove_folder(self, path: str) -> None:
        """Takes a folder away that holds nothing."""

    def make_folder(self, path: str) -> None:
        """Makes one folder; `FileExistsError` where there is something of that name."""


class System:
    """The operating system itself."""

    renames_open_files = sys.platform != "win32"

    def read_file(self, path: str, start: int) -> bytes:
        with open(path, "rb") as file:
            file.seek(start)
            return file.read()

    def map_file(self, path: str) -> mmap.mmap:
        with open(path, "rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def open(self, path: str, flags: int, mode: int = 0o666) -> int:
        return os.open(path, flags | getattr(os, "O_BINARY", 0), mode)

    def write(self, handle: int, data: memoryview) -> int:
        return os.write(handle, data)

    def set_mode(self, handle: int, mode: int) -> None:
        if sys.platform != "win32":
            os.fchmod(handle, mode)

    def sync(self, handle: int) -> None:
        if sys.platform == "darwin":
            import fcntl

            # fsync leaves the bytes in the drive's own memory there.
            with contextlib.suppress(OSError):
                fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
                return
        os.fsync(handle)

    def sync_folder(self, path: str) -> None:
        if sys.platform == "win32":
            return  # Folders cannot be opened there; NTFS keeps names in a journal of its own.
        try:
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            if error.errno not in _IGNORED_FOR_FOLDERS:
                raise

    def close(self, handle: int) -> None:
        os.close(handle)

    def lock(self, handle: int) -> bool:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _BUSY:
                return False
            raise
        return True

    def unlock(self, handle: int) -> None:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_UN)

    def rename(self, source: str, target: str) -> None:
        os.replace(source, target)

    def remove(self, path: str) -> None:
        os.unlink(path)

    def remove_folder(self, path: str) -> None:
        os.rmdir(path)

    def make_folder(self, path: str) -> None:
        os.mkdir(path)


operations: Operations = System()


@contextlib.contextmanager
def using(other: Operations) -> Iterator[None]:
    """Asks `other` instead of the system meanwhile, in all threads; tests use it to let calls fail."""
    global operations
    before, operations = operations, other
    try:
        yield
    finally:
        operations = before
