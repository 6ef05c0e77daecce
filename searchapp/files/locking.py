"""Locks that processes and threads hold against each other by way of a file.

The system gives a lock back when its process ends, however it ends; the file itself stays.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from searchapp.files import system

__all__ = ["Lock"]

POLL_S = 0.05


class Lock:
    """The lock of the file at `path`, which is made where there is none.

    `with Lock(path, timeout_s=10):` waits that long for whoever holds it, then raises `TimeoutError`.
    """

    def __init__(self, path: Path, *, timeout_s: float = 0.0) -> None:
        self.path = path
        self.timeout_s = timeout_s
        self._handle: int | None = None
        self._process = 0

    @classmethod
    def beside(cls, path: Path, *, timeout_s: float = 0.0) -> Lock:
        """The lock for writing `path`: a hidden file beside it, or beside the file that it points to."""
        target = Path(os.path.realpath(path))
        return cls(target.with_name(f".{target.name}.lock"), timeout_s=timeout_s)

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._handle is not None

    def acquire(self, *, timeout_s: float | None = None, poll_s: float = POLL_S) -> bool:
        """Whether the lock could be had within `timeout_s` seconds (else those of the lock), asking every `poll_s`.

        Raises `RuntimeError` when this object holds it already: it would wait for itself.
        """
        if self.held:
            raise RuntimeError(f"the lock {str(self.path)!r} is held by this object already")
        until = time.monotonic() + (self.timeout_s if timeout_s is None else timeout_s)
        handle = system.operations.open(str(self.path), os.O_RDWR | os.O_CREAT)
        try:
            while not (locked := system.operations.lock(handle)) and time.monotonic() < until:
                time.sleep(poll_s)
        except BaseException:
            system.operations.close(handle)
            raise
        if locked:
            self._handle, self._process = handle, os.getpid()
        else:
            system.operations.close(handle)
        return locked

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        handle, self._handle = self._handle, None
        if handle is not None:
            try:
                # A fork shares the lock of its parent, and ends without taking it away from there.
                if self._process == os.getpid():
                    system.operations.unlock(handle)
            finally:
                system.operations.close(handle)

    def __enter__(self) -> Self:
        if not self.acquire():
            raise TimeoutError(f"{str(self.path)!r} is locked by another process; try again when that has ended")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def __del__(self) -> None:
        with contextlib.suppress(OSError):
            self.release()
