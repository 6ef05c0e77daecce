"""Answers that are kept as long as the archive stays as it is."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Any

from cachetools import LRUCache

__all__ = ["Remembered"]

MOST = 128
"""Answers kept; the least used one goes first."""


class Remembered:
    """Answers about the latest state of one archive. Safe to use from many threads."""

    def __init__(self) -> None:
        self._generation = ""
        self._kept: LRUCache[Hashable, Any] = LRUCache(MOST)
        self._lock = threading.Lock()

    def turn_to(self, generation: str) -> None:
        """Forgets the answers about any other state than this one, which is the latest."""
        with self._lock:
            if generation != self._generation:
                self._kept.clear()
                self._generation = generation

    def get(self, generation: str, key: Hashable) -> Any:
        """What was kept under `key` about that state; None where nothing is."""
        with self._lock:
            return self._kept.get(key) if generation == self._generation else None

    def put(self, generation: str, key: Hashable, answer: Any) -> None:
        """Keeps an answer about the latest state; one about an older state is let go."""
        with self._lock:
            if generation == self._generation:
                self._kept[key] = answer
