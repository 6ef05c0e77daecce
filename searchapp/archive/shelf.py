"""Indexes that nobody gave a place: where they are kept, and the sample articles that come with the program."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from searchapp.archive.location import MEMORY, folder_of
from searchapp.engines.whoosh import is_index
from searchapp.language.names import name_key
from searchapp.platform.folders import data_folder
from searchapp.settings import Settings

__all__ = ["find_samples", "holds_index", "index_of", "index_of_samples"]

_PACKAGE = Path(__file__).resolve().parent.parent
_INDEX = "index"
_LONGEST_NAME = 40


def holds_index(location: str | Path) -> bool:
    """Whether there is an index at a location: an address always has one, whatever it holds."""
    if str(location) == MEMORY or "://" in str(location):
        return True
    return is_index(folder_of(location))


def index_of(source: str | Path) -> Path:
    """Where the index of a folder of articles is kept, always the same one, in a folder of its own.

    Beside it is room for a `searchapp.toml`. Another path to the same folder gives the same place.
    """
    path = folder_of(source).resolve()
    mark = hashlib.blake2b(os.path.normcase(os.fspath(path)).encode("utf-8", "surrogateescape"), digest_size=4)
    name = "-".join(name_key(path.name).split())[:_LONGEST_NAME].strip("-.")
    return _shelf() / f"{name or 'archive'}-{mark.hexdigest()}" / _INDEX


def index_of_samples() -> Path:
    """Where the index of the sample articles is kept."""
    return _shelf() / "demo" / _INDEX


def find_samples() -> Path:
    """The folder of the sample articles: inside an installed package, beside it in a working copy."""
    inside = _PACKAGE / "seeds"
    return inside if inside.is_dir() else _PACKAGE.parent / "seeds"


def _shelf() -> Path:
    chosen = Settings.load().data
    return folder_of(chosen) if chosen else data_folder()
