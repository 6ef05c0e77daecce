"""Reading the files of an archive, by calls that a test can let fail like those that write."""

from __future__ import annotations

import mmap
from pathlib import Path

from searchapp.files import system
from searchapp.files.waiting import READING_S, patiently

__all__ = ["mapped", "read"]


def read(path: Path, *, start: int = 0) -> bytes:
    """The content from the byte `start` on. Raises `OSError`."""
    return patiently(lambda: system.operations.read_file(str(path), start), longest_s=READING_S)


def mapped(path: Path) -> mmap.mmap:
    """The content, mapped to be read. Raises `OSError`, and `ValueError` where the file is empty.

    It stays readable when the file is removed or another takes its name, where the system lets that happen.
    """
    return patiently(lambda: system.operations.map_file(str(path)), longest_s=READING_S)
