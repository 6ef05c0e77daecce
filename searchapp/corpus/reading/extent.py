"""How much there is to read, and how much of it has been read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.reading.roots import within
from searchapp.corpus.reading.walker import PathLike, find_files
from searchapp.model.article import Article

__all__ = ["Extent"]


class Extent:
    """Knows how far a walk over `paths` has come; files count by their size on disk, unreadable ones too."""

    def __init__(self, paths: Iterable[PathLike]) -> None:
        self.share = 0.0
        """How much of all files has been read: from 0 to 1, never falling, 1 at the end only."""
        self._total = sum(_size(found) for found in find_files(paths) if isinstance(found, str))

    def following(self, found: Iterable[Yielded]) -> Iterator[Yielded]:
        """What the walk yields, `share` growing with it.

        Within a file the text read so far stands for its bytes, at most as many as the file has.
        """
        path = ""
        before = size = chars = 0
        for one in found:
            if not path or not within(one.path, path):
                before += size
                path = _file_with(one.path)
                size, chars = _size(path), 0
            if isinstance(one, Article):
                chars += len(one.title) + len(one.body)
            if self._total:
                self.share = min(0.99, (before + min(chars, size)) / self._total)
            yield one
        self.share = 1.0


def _file_with(path: str) -> str:
    """The file on the disk that has what is at `path`: a box, for what is within it."""
    box = path
    while box and not os.path.lexists(box) and os.path.dirname(box) != box:
        box = os.path.dirname(box)
    return box if os.path.isfile(box) else path


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0
