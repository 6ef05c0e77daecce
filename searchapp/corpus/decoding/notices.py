"""Reports about single articles of a file, kept from growing with the file."""

from __future__ import annotations

from collections.abc import Iterator

from searchapp.model.result import Noted, Skipped

__all__ = ["Notices"]

MOST_IN_FULL = 20


class Notices:
    """Counts what is left out of one file: the first few are told one by one, the others as a sum."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._count = 0
        self._noted = 0

    def skip(self, place: str, reason: str) -> Iterator[Skipped]:
        """The report of one article left out, or nothing when there were many before it."""
        self._count += 1
        if self._count <= MOST_IN_FULL:
            yield Skipped(self._path, f"{place}: {reason}", place)

    def note(self, place: str, reason: str) -> Iterator[Noted]:
        """The report of something of an article that could not be read, or nothing when there were many before."""
        self._noted += 1
        if self._noted <= MOST_IN_FULL:
            yield Noted(self._path, f"{place}: {reason}", place)

    def rest(self) -> Iterator[Skipped | Noted]:
        """The reports of those that were only counted, if any; for the end of the file."""
        if self._noted > MOST_IN_FULL:
            yield Noted(self._path, f"{self._noted - MOST_IN_FULL:,} more of such notes")
        if self._count > MOST_IN_FULL:
            yield Skipped(self._path, f"{self._count - MOST_IN_FULL:,} more were left out for such reasons")
