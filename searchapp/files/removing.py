"""Taking files away."""

from __future__ import annotations

from pathlib import Path

from searchapp.files import system
from searchapp.files.waiting import REPLACING_S, patiently

__all__ = ["remove", "remove_folder", "remove_unless_used"]


def remove(path: Path) -> None:
    """Remove a file; nothing happens where there is none. Raises `OSError`."""
    try:
        patiently(lambda: system.operations.remove(str(path)), longest_s=REPLACING_S)
    except FileNotFoundError:
        return


def remove_unless_used(path: Path) -> bool:
    """Whether there is no such file now: Windows keeps one that somebody reads, and it can be removed later."""
    try:
        system.operations.remove(str(path))
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def remove_folder(path: Path) -> bool:
    """Whether there is no such folder now: one that holds anything stays."""
    try:
        system.operations.remove_folder(str(path))
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
