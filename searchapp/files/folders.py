"""Folders: making them, and making durable which names are in them."""

from __future__ import annotations

import shutil
from pathlib import Path

from searchapp.files import system

__all__ = ["free_bytes", "make_folder", "sync_folder"]


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, where there is none; they last like what is put into them."""
    if path.is_dir():
        return
    if path.parent != path:
        make_folder(path.parent)
    try:
        system.operations.make_folder(str(path))
    except FileExistsError:
        if not path.is_dir():
            raise
        return
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make durable which files were created in, renamed in and removed from a folder, where the system can."""
    system.operations.sync_folder(str(path))


def free_bytes(path: Path) -> int:
    """How much more can be written to the disk of a folder. Raises `OSError`."""
    return shutil.disk_usage(path).free
