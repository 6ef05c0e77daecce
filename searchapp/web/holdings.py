"""What the whole archive holds, computed once for each state of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from searchapp.archive import Archive, ArchiveStats
from searchapp.model.query import SearchRequest
from searchapp.model.result import FacetValue, TimelineBar

__all__ = ["Holdings"]

T = TypeVar("T")

REMEMBERED = 64
"""Answers kept besides those about the whole archive."""


class Holdings:
    """Remembers answers until the archive changes. Safe to use from many threads."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._generation = ""
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def stats(self) -> ArchiveStats:
        """Articles, days covered, sources."""
        return self.remember("stats", self._archive.stats)

    def values(self, facet: str) -> tuple[FacetValue, ...]:
        """Every value of a facet with its number of articles, most first."""
        return self.remember(("values", facet), lambda: self._archive.facet(facet).values)

    def counts(self, facet: str) -> dict[str, int]:
        """Value to its number of articles."""
        return self.remember(("counts", facet), lambda: {v.value: v.count for v in self.values(facet)})

    @property
    def timeline(self) -> tuple[TimelineBar, ...]:
        """Articles by month, or by day in an archive of few days."""
        request = SearchRequest(page_size=1, facet_size=1)
        return self.remember("timeline", lambda: self._archive.find(request).timeline)

    def remember(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` gave for `key` in this state of the archive; the least used answers are forgotten."""
        generation = self._archive.generation
        with self._lock:
            if generation != self._generation:
                self._kept.clear()
                self._generation = generation
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]
                return found
        # Computed outside the lock: two threads may do the same work once, none waits for another's.
        answer = compute()
        with self._lock:
            if generation == self._generation:
                self._kept[key] = answer
                while len(self._kept) > REMEMBERED:
                    self._kept.popitem(last=False)
        return answer
