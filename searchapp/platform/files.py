"""Files: forcing them to the disk, their permissions, their locks."""

from __future__ import annotations

import contextlib
import errno
import os
import sys

__all__ = ["BINARY", "RENAMES_OPEN_FILES", "force", "force_folder", "lock", "set_mode", "unlock"]

RENAMES_OPEN_FILES = sys.platform != "win32"
"""Whether a file may be renamed, replaced and removed while it is open; Windows lets nobody."""
BINARY = getattr(os, "O_BINARY", 0)
"""What opens a file without its line ends being changed; elsewhere they never are."""

_BUSY = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}
_IGNORED_FOR_FOLDERS = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}
"""What file systems answer that cannot sync a folder, or do not let this user open one."""


def set_mode(handle: int, mode: int) -> None:
    """Gives a file the permissions `mode`. Windows has others, which a new file has from its folder."""
    if sys.platform != "win32":
        os.fchmod(handle, mode)


def force(handle: int) -> None:
    """Forces what was written to the disk itself."""
    if sys.platform == "darwin":
        import fcntl

        # fsync leaves the bytes in the drive's own memory there.
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def force_folder(path: str) -> None:
    """Makes the names in a folder durable, where the system can."""
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


def lock(handle: int) -> bool:
    """Whether the lock of this file is now held; False, at once, where another handle holds it."""
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


def unlock(handle: int) -> None:
    """Gives a lock back."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)
