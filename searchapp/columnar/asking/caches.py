"""A cache that is bounded by the bytes it holds, for several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from cachetools import LRUCache

__all__ = ["ByteCache"]

Value = TypeVar("Value")

OVERHEAD = 200
"""Bytes that a kept value costs besides its own."""


class ByteCache:
    """Keeps what was used last, up to `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self._kept: LRUCache[Hashable, tuple[Any, int]] = LRUCache(limit, getsizeof=lambda kept: kept[1])
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value], size: Callable[[Value], int]) -> Value:
        """The value of `key`; made, and kept if it is not larger than an eighth of the cache."""
        with self._lock:
            known = self._kept.get(key)
        if known is not None:
            value: Value = known[0]
            return value
        # Made outside the lock: others need not wait, and two threads may make the same.
        made = make()
        weight = size(made) + OVERHEAD
        if weight * 8 <= self._kept.maxsize:
            with self._lock:
                self._kept[key] = (made, weight)
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
