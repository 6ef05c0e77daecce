"""What could not be read, remembered in a file until a later run over the same files."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from searchapp.files.replacing import replace
from searchapp.model.result import Skipped

__all__ = ["MAX_REMEMBERED", "recall_unreadable", "remember_unreadable"]

MAX_REMEMBERED = 10_000
"""Entries; a folder of nothing but pictures should not fill a page."""


def remember_unreadable(file: Path, roots: Sequence[Path], skipped: Iterable[Skipped]) -> None:
    """Puts `skipped` in place of what `file` remembers of the files and folders in `roots`, all of them absolute."""
    before = recall_unreadable(file)
    kept = [item for item in before if not _within(Path(item.path).absolute(), roots)]
    entries = [(item.path, item.reason) for item in (*kept, *skipped)][:MAX_REMEMBERED]
    if not entries and not before:
        return
    text = json.dumps([{"path": path, "reason": reason} for path, reason in entries], ensure_ascii=True)
    # A reader sees the old list or the new one, never half of it. The list is a service to the reader: a run whose
    # articles are safely in the index does not fail for it.
    with contextlib.suppress(OSError):
        replace(file, text.encode("ascii"))


def recall_unreadable(file: Path) -> tuple[Skipped, ...]:
    """What `file` remembers, oldest run first; nothing where there is no such file or it is damaged."""
    try:
        entries = json.loads(file.read_text(encoding="ascii"))
        return tuple(Skipped(str(entry["path"]), str(entry["reason"])) for entry in entries)
    except (OSError, ValueError, TypeError, KeyError):
        return ()


def _within(path: Path, roots: Sequence[Path]) -> bool:
    return any(path == root or root in path.parents or path.match(str(root)) for root in roots)
