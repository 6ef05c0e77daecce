"""What could not be read, remembered beside the index until a later run over the same files."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from searchapp.files.reading import read
from searchapp.files.replacing import replace
from searchapp.files.sealing import BrokenSeal, sealed, unsealed
from searchapp.model.beside import Beside
from searchapp.model.result import Skipped

__all__ = [
    "MAX_REMEMBERED",
    "Unreadable",
    "UnreadableDocument",
    "UnreadableFile",
    "recall_unreadable",
    "unreadable_beside",
    "unreadable_fault",
    "write_unreadable",
]

_SEAL = "unreadable"
_MOST_TRIES = 20

MAX_REMEMBERED = 10_000
"""Entries; a folder of nothing but pictures should not fill a page."""


class Unreadable(Protocol):
    """What could not be read of the files of one archive."""

    def recall(self) -> tuple[Skipped, ...]:
        """All of it, the oldest run first; nothing where it cannot be believed."""

    def remember(self, roots: Sequence[Path], skipped: Iterable[Skipped]) -> None:
        """Puts `skipped` in place of what is remembered of the files and folders in `roots`, all of them absolute."""


class UnreadableFile:
    """It in a file beside an index; see `Unreadable`."""

    def __init__(self, file: Path, *, index: str = "") -> None:
        """`index` names the index that the file stands beside."""
        self._file = file
        self._index = index

    def recall(self) -> tuple[Skipped, ...]:
        return recall_unreadable(self._file, index=self._index)

    def remember(self, roots: Sequence[Path], skipped: Iterable[Skipped]) -> None:
        entries = _replaced(self.recall(), roots, skipped)
        # A reader sees the old list or the new one, never half of it. The list is a service to the reader: a run whose
        # articles are safely in the index does not fail for it.
        with contextlib.suppress(OSError):
            if entries or os.path.lexists(self._file):
                write_unreadable(self._file, entries, index=self._index)


class UnreadableDocument:
    """It in a document that several runs may change at once; see `Unreadable`."""

    NAME = "unreadable"

    def __init__(self, beside: Beside) -> None:
        self._beside = beside

    def recall(self) -> tuple[Skipped, ...]:
        found = self._beside.read(self.NAME)
        return _listed(json.loads(found[0])) if found is not None else ()

    def remember(self, roots: Sequence[Path], skipped: Iterable[Skipped]) -> None:
        skipped = tuple(skipped)
        for _ in range(_MOST_TRIES):
            found = self._beside.read(self.NAME)
            data, version = found if found is not None else (b"[]", None)
            after = json.dumps(_records(_replaced(_listed(json.loads(data)), roots, skipped))).encode("ascii")
            if after == data or self._beside.write(self.NAME, after, version=version):
                return


def unreadable_beside(file: Path | None, beside: Beside | None, *, index: str) -> Unreadable | None:
    """It in the file beside the index of that name, or among the documents beside it; None for nowhere."""
    if file is not None:
        return UnreadableFile(file, index=index)
    return UnreadableDocument(beside) if beside is not None else None


def _replaced(before: Sequence[Skipped], roots: Sequence[Path], skipped: Iterable[Skipped]) -> list[Skipped]:
    kept = [item for item in before if not _within(Path(item.path).absolute(), roots)]
    # What withdraws an article counts for as long as its file is there; the rest is a service to the reader.
    return sorted((*kept, *skipped), key=lambda item: not item.withdraws)[:MAX_REMEMBERED]


def write_unreadable(file: Path, items: Iterable[Skipped], *, index: str = "") -> None:
    """Makes these all that `file` remembers. Raises `OSError`."""
    text = json.dumps({"index": index, "unreadable": _records(items)}, ensure_ascii=True)
    replace(file, sealed(_SEAL, text.encode("ascii")))


def recall_unreadable(file: Path, *, index: str = "") -> tuple[Skipped, ...]:
    """What `file` remembers, oldest run first; nothing where there is no such file, or it cannot be believed."""
    try:
        return _read(file, index)
    except (OSError, ValueError):
        return ()


def unreadable_fault(file: Path, *, index: str | None = "") -> str:
    """What is wrong with the file, so that it is not believed; empty where it is sound or there is none.

    With None for the `index` any will do.
    """
    try:
        _read(file, index)
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        return str(error)
    return ""


def _read(file: Path, index: str | None) -> tuple[Skipped, ...]:
    values = json.loads(unsealed(_SEAL, read(file)))
    if index not in (None, values["index"]):
        raise BrokenSeal("it belongs to another index")
    return _listed(values["unreadable"])


def _records(items: Iterable[Skipped]) -> list[dict[str, str]]:
    return [
        {"path": item.path, "reason": item.reason}
        | ({"withdraws": item.withdraws, "version": item.version} if item.withdraws else {})
        for item in items
    ]


def _listed(entries: Iterable[Mapping[str, Any]]) -> tuple[Skipped, ...]:
    return tuple(
        Skipped(
            str(entry["path"]),
            str(entry["reason"]),
            withdraws=str(entry.get("withdraws", "")),
            version=str(entry.get("version", "")),
        )
        for entry in entries
    )


def _within(path: Path, roots: Sequence[Path]) -> bool:
    return any(path == root or root in path.parents or path.match(str(root)) for root in roots)
