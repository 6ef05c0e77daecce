"""Putting a new content in place of an old one in one step: a reader sees the one or the other, never half of it.

The content is written to a file beside, which then takes the name. It keeps the mode of the file that it replaces, and
where the name is a link, the file that it points to is replaced and the link stays.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

from searchapp.files import system
from searchapp.files.folders import sync_folder
from searchapp.files.removing import remove_unless_used
from searchapp.files.waiting import REPLACING_S, patiently
from searchapp.files.writing import NewFile

__all__ = ["leftovers", "remove_leftovers", "replace", "replacing", "replacing_text"]

_LONGEST_STEM = 60
"""Characters of the name that the file beside it repeats; names have room for 255 bytes."""

_CLOSED_S = 60.0
"""Where open files cannot be renamed, one that nobody has open may be on its way to its name for so long."""
_LEFTOVER = re.compile(r"\..+\.[0-9a-f]{12}\.new", re.DOTALL)
_ENDING_LENGTH = len("0123456789ab.new")


def replace(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Put `content` at `path`; once this returns, and with `durable`, a power cut does not bring the old one back.

    Raises `OSError`, and leaves what was there, when that fails.
    """
    with replacing(path, durable=durable) as stream:
        stream.write(content)


@contextlib.contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """A stream whose bytes take the place of `path` when the block ends, and are dropped when it ends in an error."""
    target = Path(os.path.realpath(path))
    file = _beside(target)
    try:
        with contextlib.suppress(FileNotFoundError):
            system.operations.set_mode(file.fileno(), stat.S_IMODE(target.stat().st_mode))
        yield file.stream
        if durable:
            file.sync()
        file.stream.flush()
        # Open until it has its name, where that can be: nobody takes it for a leftover.
        if not system.operations.renames_open_files:
            file.close()
        patiently(lambda: system.operations.rename(str(file.path), str(target)), longest_s=REPLACING_S)
        file.close()
    except BaseException as error:
        file.abandon()
        if isinstance(error, OSError) and error.filename == str(file.path):
            # Nobody knows the file beside; what could not be written is the one that was asked for.
            error.filename, error.filename2 = str(path), None
        raise
    if durable:
        sync_folder(target.parent)
    _remove_leftovers(target)


@contextlib.contextmanager
def replacing_text(path: Path, *, errors: str = "strict") -> Iterator[TextIO]:
    """The same for text in UTF-8, whose ends of lines are written as they are."""
    with replacing(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", errors=errors, newline="")
        yield text
        text.detach()


def _beside(target: Path) -> NewFile:
    """A new file in the folder of `target`, locked for as long as its process writes it."""
    while True:
        path = target.with_name(f"{_prefix(target)}{secrets.token_hex(6)}.new")
        try:
            file = NewFile(path, exclusive=True)
        except FileExistsError:
            continue
        try:
            locked = True
            # Some file systems have no locks; there nobody removes leftovers either.
            with contextlib.suppress(OSError):
                locked = system.operations.lock(file.fileno())
            if locked and path.exists():
                return file
            # Somebody took it for a leftover before it was locked, and removes it.
            file.abandon()
        except BaseException:
            file.abandon()
            raise


def leftovers(folder: Path) -> list[Path]:
    """Files in `folder` that are half written: by somebody who is still at it, or who was killed."""
    try:
        return [folder / name for name in os.listdir(folder) if _LEFTOVER.fullmatch(name)]
    except OSError:
        return []


def remove_leftovers(folder: Path) -> None:
    """Remove what runs left in `folder` that were killed while they wrote: what nobody holds the lock of."""
    for path in leftovers(folder):
        with contextlib.suppress(OSError):
            _remove_if_dead(path)


def _remove_leftovers(target: Path) -> None:
    """The same, of `target` alone."""
    for path in leftovers(target.parent):
        if path.name[:-_ENDING_LENGTH] == _prefix(target):
            with contextlib.suppress(OSError):
                _remove_if_dead(path)


def _remove_if_dead(path: Path) -> None:
    handle = system.operations.open(str(path), os.O_WRONLY)
    try:
        dead = system.operations.lock(handle)
        if dead and system.operations.renames_open_files:
            remove_unless_used(path)
    finally:
        system.operations.close(handle)
    if dead and not system.operations.renames_open_files and time.time() - path.stat().st_mtime > _CLOSED_S:
        remove_unless_used(path)


def _prefix(target: Path) -> str:
    return f".{target.name[:_LONGEST_STEM]}."
