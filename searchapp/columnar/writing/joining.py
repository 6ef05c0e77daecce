"""One merge: some neighbouring segments on their way to becoming one, while articles of them may still be deleted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np

from searchapp.columnar.format.segments import ColumnarSegment

__all__ = ["Ended", "Joining", "JoiningThread"]


class Ended(Exception):
    """The merge was told to end; it has left no file."""


class Joining:
    """Several segments and the one that takes their place."""

    def __init__(self, sources: Sequence[ColumnarSegment], target: ColumnarSegment) -> None:
        self.sources = [segment.copy() for segment in sources]
        """As they were when it began."""
        self.target = target

    def replaced(self, segments: Sequence[ColumnarSegment]) -> list[ColumnarSegment]:
        """`segments` with the target in place of the sources; what was deleted of those meanwhile is deleted of it."""
        now = {segment.segid: segment for segment in segments}
        own = {segment.segid for segment in self.sources}
        dead: list[int] = []
        base = 0
        for source in self.sources:
            live = np.ones(source.docs, bool) if source.dead is None else ~source.dead
            # A source that is no longer listed had all its articles deleted.
            current = now.get(source.segid)
            gone = np.ones(source.docs, bool) if current is None else current.dead
            if gone is not None:
                dead += (base + np.flatnonzero(gone[live])).tolist()
            base += int(np.count_nonzero(live))
        self.target.delete_documents(dead)
        place = next((at for at, segment in enumerate(segments) if segment.segid in own), len(segments))
        rest = [segment for segment in segments if segment.segid not in own]
        return [*rest[:place], self.target, *rest[place:]]


class JoiningThread:
    """A merge beside other work: most of it is done by numpy, which lets other threads run."""

    def __init__(self, joining: Joining, merge: Callable[[Joining, Callable[[], None]], None]) -> None:
        """`merge` does the work; it calls what it is given now and then, to be ended there by `Ended`."""
        self.joining = joining
        self.error: BaseException | None = None
        """Why it failed; it then has left no file."""
        self._merge = merge
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="merging segments", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    def wait(self) -> None:
        """Returns when it has ended, by itself."""
        self._thread.join()

    def end(self) -> None:
        """Makes it end as soon as it can, and waits for that."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._merge(self.joining, self._check)
        except BaseException as error:
            self.error = error

    def _check(self) -> None:
        if self._end.is_set():
            raise Ended
