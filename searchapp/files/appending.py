"""Bytes put behind those of a file that grows; who reads it meanwhile tells by checksums how far it is whole."""

from __future__ import annotations

import os
from pathlib import Path

from searchapp.files import system
from searchapp.files.waiting import REPLACING_S, patiently

__all__ = ["append"]


def append(path: Path, content: bytes, *, size: int, durable: bool = True) -> None:
    """Put `content` behind a file of `size` bytes. Whoever calls holds the lock that keeps other writers away.

    Raises `OSError` when that fails, after which a part of `content` may be there, and `FileExistsError`, with nothing
    written, when the file is of another size.
    """
    flags = os.O_WRONLY | os.O_APPEND
    handle = patiently(lambda: system.operations.open(str(path), flags), longest_s=REPLACING_S)
    try:
        found = os.fstat(handle).st_size
        if found != size:
            raise FileExistsError(f"{str(path)!r} has {found} bytes where {size} were expected; read it again")
        data = memoryview(content)
        while data:
            data = data[system.operations.write(handle, data) :]
        if durable:
            system.operations.sync(handle)
    finally:
        system.operations.close(handle)
