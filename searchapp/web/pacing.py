"""Pages that take long: one at a time in a process, so that the short ones are not kept, and none for ever."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from searchapp.errors import SearchTimeout

__all__ = ["LONG_S", "MOST_WAITING", "Pace", "Turns"]

LONG_S = 0.15
"""Seconds of a core that a page may use before it has to wait for its turn: all but a few need a tenth of that."""
MOST_WAITING = 8
"""Each that waits for its turn keeps a thread."""


class Turns:
    """The turn to work long, for all pages of a process."""

    def __init__(self) -> None:
        self._free = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_WAITING)

    def take(self, *, timeout_s: float) -> bool:
        """Whether the turn came within that time; False at once where too many wait for it."""
        if not self._places.acquire(blocking=False):
            return False
        try:
            return self._free.acquire(timeout=max(0.0, timeout_s))
        finally:
            self._places.release()

    def give_back(self) -> None:
        """Lets the next one have it."""
        self._free.release()


class Pace:
    """The time that one page takes. A context manager, for the thread that makes the page."""

    def __init__(self, turns: Turns, timeout_s: float) -> None:
        self._turns = turns
        self._timeout_s = timeout_s
        self._until = time.monotonic() + timeout_s
        self._used = time.thread_time()
        self._has_turn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._has_turn:
            self._turns.give_back()

    def check(self) -> None:
        """Waits for the turn once the page proves to be a long one. Raises `SearchTimeout` when its time is over."""
        left = self._until - time.monotonic()
        if left > 0 and (self._has_turn or time.thread_time() - self._used < LONG_S):
            return
        if left > 0:
            self._has_turn = self._turns.take(timeout_s=left)
            if self._has_turn:
                return
        raise SearchTimeout(
            f"this page took longer than {self._timeout_s:g} s, or too many others like it are asked for; "
            "try again later, or ask for less at once"
        )
