"""A disk that knows what of it a power cut would leave.

A file's content is on it once the file was synced, and its name, new, changed or taken away, once its folder was. What
was not synced may be there all the same, as a whole, in part, or not, in any order.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.files.failing import Unsynced

CHANGING = {"open", "write", "sync", "sync_folder", "rename", "link", "remove", "remove_folder", "make_folder"}


class Disk(Unsynced):
    """The system, of which everything below `root` is noted; `before` is called before each call that changes it."""

    def __init__(self, root: Path, before: Callable[[Disk], None] = lambda disk: None) -> None:
        self.root = str(root)
        self.before = before
        self.calls = 0
        self._asking = False
        self._numbers = 0
        self._handles: dict[int, int] = {}
        self.names: dict[str, int] = {}
        """Every file by its path, and a number that stays with it when it is renamed."""
        self.folders: set[str] = set()
        self.lasting_names: dict[str, int] = {}
        self.lasting_folders: set[str] = set()
        self.lasting: dict[int, bytes] = {}
        """What of each file is on the disk for certain."""
        for folder, _, files in os.walk(root):
            self.folders.add(folder)
            for name in files:
                path = os.path.join(folder, name)
                self.names[path] = self._number()
                self.lasting[self.names[path]] = Path(path).read_bytes()
        self.lasting_names, self.lasting_folders = dict(self.names), set(self.folders)

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _is_noted(self, path: str) -> bool:
        return not self._asking and (path == self.root or path.startswith(self.root + os.sep))

    def _call(self, path: str) -> None:
        if self._is_noted(path):
            self.calls += 1
            self._asking = True
            try:
                self.before(self)
            finally:
                self._asking = False

    def open(self, path: str, flags: int, mode: int = 0o666) -> int:
        self._call(path)
        handle = super().open(path, flags, mode)
        if self._is_noted(path):
            self._handles[handle] = self.names.setdefault(path, self._number())
        return handle

    def write(self, handle: int, data: memoryview) -> int:
        if handle in self._handles and not self._asking:
            self._call(self.root)
        return super().write(handle, data)

    def sync(self, handle: int) -> None:
        if handle in self._handles and not self._asking:
            self._call(self.root)
            number = self._handles[handle]
            self.lasting[number] = self._content(number) or b""
        super().sync(handle)

    def close(self, handle: int) -> None:
        if not self._asking:
            self._handles.pop(handle, None)
        super().close(handle)

    def sync_folder(self, path: str) -> None:
        self._call(path)
        super().sync_folder(path)
        if self._is_noted(path):
            self.lasting_names = {
                name: number for name, number in self.lasting_names.items() if os.path.dirname(name) != path
            } | {name: number for name, number in self.names.items() if os.path.dirname(name) == path}
            self.lasting_folders |= {path, *(one for one in self.folders if os.path.dirname(one) == path)}

    def rename(self, source: str, target: str) -> None:
        self._call(target)
        super().rename(source, target)
        if self._is_noted(target):
            self.names[target] = self.names.pop(source)

    def link(self, source: str, target: str) -> None:
        self._call(target)
        super().link(source, target)
        if self._is_noted(target):
            self.names[target] = self.names[source]

    def remove(self, path: str) -> None:
        self._call(path)
        super().remove(path)
        if self._is_noted(path):
            self.names.pop(path, None)

    def make_folder(self, path: str) -> None:
        self._call(path)
        super().make_folder(path)
        if self._is_noted(path):
            self.folders.add(path)

    def _content(self, number: int) -> bytes | None:
        """What the file holds now; None where it has no name any more."""
        path = next((name for name, one in self.names.items() if one == number), None)
        return Path(path).read_bytes() if path is not None else None

    def left(self, chance: random.Random | None) -> dict[str, bytes | None]:
        """Path to content, None for a folder, after a power cut now; without `chance` nothing survives unsynced."""
        found: dict[str, bytes | None] = {}
        for folder in sorted(self.folders | self.lasting_folders):
            if folder in self.lasting_folders or (chance is not None and chance.random() < 0.5):
                found[folder] = None
        for path in self.names.keys() | self.lasting_names.keys():
            lasting, now = self.lasting_names.get(path), self.names.get(path)
            number = lasting if chance is None or chance.random() < 0.5 else now
            if number is not None and os.path.dirname(path) in found:
                found[path] = self._survives(number, chance)
        return found

    def _survives(self, number: int, chance: random.Random | None) -> bytes:
        lasting, now = self.lasting.get(number), self._content(number)
        if chance is None or now is None or now == lasting:
            return lasting or b""
        kind = chance.randrange(4)
        if kind == 0:
            return now
        if kind == 1:
            return now[: chance.randrange(len(now) + 1)]
        if kind == 2:
            torn = chance.randrange(len(now) + 1)
            return now[:torn] + bytes(len(now) - torn)
        return lasting or b""

    def power_cut(self, look: Callable[[], None], chance: random.Random | None) -> None:
        """Calls `look` while below `root` there is what a power cut now would leave; then all is as before."""
        left = self.left(chance)
        aside = self.root + ".aside"
        os.rename(self.root, aside)
        asking, self._asking = self._asking, True
        try:
            for path, content in left.items():
                if content is None:
                    os.makedirs(path, exist_ok=True)
            os.makedirs(self.root, exist_ok=True)
            for path, content in left.items():
                if content is not None:
                    Path(path).write_bytes(content)
            look()
        finally:
            self._asking = asking
            shutil.rmtree(self.root)
            os.rename(aside, self.root)
