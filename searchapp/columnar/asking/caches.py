"""A cache that is bounded by the bytes it holds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

__all__ = ["ByteCache"]

Value = TypeVar("Value")


class ByteCache:
    """Keeps what was used last, up to `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value], size: Callable[[Value], int]) -> Value:
        """The value of `key`; made, and kept if it is not larger than an eighth of the cache."""
        with self._lock:
            known = self._values.get(key)
            if known is not None:
                self._values.move_to_end(key)
                value: Value = known[0]
                return value
        made = make()
        weight = size(made) + 200
        if weight * 8 <= self._limit:
            with self._lock:
                if key not in self._values:
                    self._values[key] = (made, weight)
                    self._held += weight
                while self._held > self._limit:
                    _, (_, freed) = self._values.popitem(last=False)
                    self._held -= freed
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._held = 0
