"""A system with the rules of Windows, as far as they are about the files of an archive.

What is open or mapped, by any of its names, can be neither removed nor replaced nor renamed nor emptied; a folder is
not synced, and there are no modes. A name that Windows would take for another, or not at all, is a mistake of whoever
gives it, and so are two names that differ by case alone: both fail the test.
"""

from __future__ import annotations

import errno
import mmap
import os
import re
import threading
import weakref
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from searchapp.files import system

RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
LONGEST_BELOW = 110
"""Characters below the folder of an archive: of 259 for a path the folder itself can then have nearly 150."""

File = tuple[int, int]
"""What names of one file have in common."""


def is_windows_name(name: str) -> bool:
    """Whether a file can have this name, and no other file is meant by it."""
    return not (RESERVED.fullmatch(name) or FORBIDDEN.search(name) or name.endswith((".", " ")) or len(name) > 255)


class Windows(system.System):
    """The system below `root`; with `busy` so many first tries to replace a file find somebody reading it."""

    renames_open_files = False

    def __init__(self, root: Path, *, busy: int = 0) -> None:
        self.root = str(root)
        self.busy = busy
        self.denied: Counter[str] = Counter()
        """How often a file could not be removed or replaced, by what was tried."""
        self._lock = threading.RLock()
        self._tries: Counter[str] = Counter()
        self._handles: dict[int, File] = {}
        self._maps: list[tuple[File, Callable[[], mmap.mmap | None]]] = []

    def read_file(self, path: str, start: int) -> bytes:
        found = self._found(path)
        self._tried("read", found)
        handle = self.open(found, os.O_RDONLY)
        try:
            return super().read_file(found, start)
        finally:
            self.close(handle)

    def map_file(self, path: str) -> mmap.mmap:
        found = self._found(path)
        content = super().map_file(found)
        with self._lock:
            self._maps.append((_file(found), weakref.ref(content)))
        return content

    def open(self, path: str, flags: int, mode: int = 0o666) -> int:
        found = self._found(path)
        if flags & os.O_TRUNC:
            self._free("empty", found)
        with self._lock:
            handle = super().open(found, flags, mode)
            self._handles[handle] = _file(found)
        return handle

    def set_mode(self, handle: int, mode: int) -> None:
        pass

    def sync(self, handle: int) -> None:
        pass

    def sync_folder(self, path: str) -> None:
        pass

    def close(self, handle: int) -> None:
        with self._lock:
            self._handles.pop(handle, None)
            super().close(handle)

    def rename(self, source: str, target: str) -> None:
        target = self._found(target)
        self._tried("replace", target)
        with self._lock:
            self._free("rename", source)
            self._free("replace", target)
            super().rename(source, target)

    def link(self, source: str, target: str) -> None:
        super().link(self._found(source), self._found(target))

    def remove(self, path: str) -> None:
        found = self._found(path)
        with self._lock:
            self._free("remove", found)
            super().remove(found)

    def make_folder(self, path: str) -> None:
        super().make_folder(self._found(path))

    def in_use(self, path: str) -> bool:
        """Whether the file is open or mapped."""
        if not os.path.exists(path):
            return False
        file = _file(path)
        with self._lock:
            self._maps = [one for one in self._maps if (found := one[1]()) is not None and not found.closed]
            return file in self._handles.values() or any(one == file for one, _ in self._maps)

    def _free(self, what: str, path: str) -> None:
        if self.in_use(path):
            self.denied[what] += 1
            raise PermissionError(errno.EACCES, f"cannot {what} a file that is in use", path)

    def _tried(self, what: str, path: str) -> None:
        """The first tries of anything find somebody else at the file, who is gone a moment later."""
        if os.path.exists(path) and self.busy:
            self._tries[what + path] += 1
            if self._tries[what + path] % (self.busy + 1):
                self.denied[what] += 1
                raise PermissionError(errno.EACCES, f"somebody has just opened what is to be {what}", path)

    def _found(self, path: str) -> str:
        """The path that a name means here, which must be one that Windows takes as it is."""
        if path != self.root and not path.startswith(self.root + os.sep):
            return path
        below = path[len(self.root) + 1 :]
        assert len(below) <= LONGEST_BELOW, f"{below!r} is so long that the whole may have over 259 characters"
        for name in below.split(os.sep) if below else []:
            assert is_windows_name(name), f"Windows takes no file called {name!r}"
        folder, name = os.path.split(path)
        if not os.path.lexists(path) and os.path.isdir(folder):
            alike = [one for one in os.listdir(folder) if one.casefold() == name.casefold()]
            assert not alike, f"{name!r} and {alike[0]!r} are one file where case makes no difference"
        return path


def _file(path: str) -> File:
    found = os.stat(path)
    return found.st_dev, found.st_ino
