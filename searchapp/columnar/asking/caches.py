"""A cache that is bounded by the bytes it holds, for several threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

__all__ = ["ByteCache"]

Value = TypeVar("Value")

OVERHEAD = 200
"""Bytes that a kept value costs besides its own."""


class ByteCache:
    """Keeps what was used last, up to `limit` bytes.

    A search puts about ten things in and looks for twice as many: cachetools' cache, which is written in Python, takes
    a twentieth of the time of an answer for that.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value], size: Callable[[Value], int]) -> Value:
        """The value of `key`; made, and kept if it is not larger than an eighth of the cache. It must not be None."""
        value: Value | None = self.known(key)
        if value is None:
            # Made outside the lock: others need not wait, and two threads may make the same.
            value = make()
            self.keep(key, value, size(value))
        return value

    def known(self, key: Hashable) -> Any:
        """The value of `key`; None where none is kept."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
        return kept[0]

    def keep(self, key: Hashable, value: object, weight: int) -> None:
        """Keeps a value of so many bytes, if it is not larger than an eighth of the cache."""
        weight += OVERHEAD
        with self._lock:
            before = self._kept.pop(key, None)
            if before is not None:
                self._held -= before[1]
            if weight * 8 > self._limit:
                return
            self._kept[key] = (value, weight)
            self._held += weight
            while self._held > self._limit:
                self._held -= self._kept.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._held = 0
