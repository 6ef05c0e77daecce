"""What could not be read, remembered in a file until a later run over the same files."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from searchapp.files.reading import read
from searchapp.files.replacing import replace
from searchapp.files.sealing import BrokenSeal, sealed, unsealed
from searchapp.model.result import Skipped

__all__ = ["MAX_REMEMBERED", "recall_unreadable", "remember_unreadable", "unreadable_fault", "write_unreadable"]

_SEAL = "unreadable"

MAX_REMEMBERED = 10_000
"""Entries; a folder of nothing but pictures should not fill a page."""


def remember_unreadable(file: Path, roots: Sequence[Path], skipped: Iterable[Skipped], *, index: str = "") -> None:
    """Puts `skipped` in place of what `file` remembers of the files and folders in `roots`, all of them absolute.

    `index` names the index that the file stands beside.
    """
    before = recall_unreadable(file, index=index)
    kept = [item for item in before if not _within(Path(item.path).absolute(), roots)]
    # What withdraws an article counts for as long as its file is there; the rest is a service to the reader.
    entries = sorted((*kept, *skipped), key=lambda item: not item.withdraws)[:MAX_REMEMBERED]
    # A reader sees the old list or the new one, never half of it. The list is a service to the reader: a run whose
    # articles are safely in the index does not fail for it.
    with contextlib.suppress(OSError):
        if entries or os.path.lexists(file):
            write_unreadable(file, entries, index=index)


def write_unreadable(file: Path, items: Iterable[Skipped], *, index: str = "") -> None:
    """Makes these all that `file` remembers. Raises `OSError`."""
    listed = [
        {"path": item.path, "reason": item.reason}
        | ({"withdraws": item.withdraws, "version": item.version} if item.withdraws else {})
        for item in items
    ]
    text = json.dumps({"index": index, "unreadable": listed}, ensure_ascii=True)
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
    return tuple(
        Skipped(
            str(entry["path"]),
            str(entry["reason"]),
            withdraws=str(entry.get("withdraws", "")),
            version=str(entry.get("version", "")),
        )
        for entry in values["unreadable"]
    )


def _within(path: Path, roots: Sequence[Path]) -> bool:
    return any(path == root or root in path.parents or path.match(str(root)) for root in roots)
