"""Files a second time: as a copy, or as another name of the same file."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from searchapp.files import system
from searchapp.files.reading import mapped
from searchapp.files.removing import remove_unless_used
from searchapp.files.replacing import replacing

__all__ = ["copy", "is_same_file", "link_or_copy"]

_CHUNK_BYTES = 1 << 22


def copy(source: Path, target: Path) -> None:
    """Put the content of `source` at `target`, in one step and durable once the folder is synced. Raises `OSError`."""
    with replacing(target) as stream:
        try:
            content = mapped(source)
        except ValueError:
            return  # It is empty.
        with contextlib.closing(content), memoryview(content) as view:
            for start in range(0, len(view), _CHUNK_BYTES):
                with view[start : start + _CHUNK_BYTES] as part:
                    stream.write(part)


def link_or_copy(source: Path, target: Path) -> bool:
    """Whether `target` is now another name of `source`; where the system has none such, it is a copy. Raises `OSError`.

    Only for files that never change: what is written into the one is in the other.
    """
    try:
        remove_unless_used(target)
        system.operations.link(os.path.realpath(source), str(target))
    except FileNotFoundError:
        raise
    except (OSError, NotImplementedError):
        copy(source, target)
        return False
    return True


def is_same_file(one: Path, other: Path) -> bool:
    """Whether both names are of one file."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
