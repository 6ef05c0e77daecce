"""Waiting for files that somebody else has open for a moment, where the system lets no such file be replaced."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from searchapp.files import system

__all__ = ["READING_S", "REPLACING_S", "patiently"]

REPLACING_S = 10.0
"""Readers have a small file open for a moment, but there may be many, and programs that look for viruses."""
READING_S = 2.0
"""A file that is being replaced cannot be opened for a moment; one that this user may not read never can."""
_FIRST_PAUSE_S = 0.001
_LONGEST_PAUSE_S = 0.1

Result = TypeVar("Result")


def patiently(call: Callable[[], Result], *, longest_s: float) -> Result:
    """What `call` gives, tried again for so many seconds while Windows denies it, as it does for a file in use.

    Elsewhere what is denied stays denied, and is an error at once.
    """
    until = time.monotonic() + longest_s
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            return call()
        except PermissionError:
            if system.operations.renames_open_files or time.monotonic() >= until:
                raise
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
