"""Searchapp and the engines that it is measured beside, behind one interface."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from .cases import CASES, FACETS, Case, Growing, Record, Reply, Rival

__all__ = ["CASES", "ENGINES", "FACETS", "Case", "Growing", "Record", "Reply", "Rival", "make_rival"]

ENGINES = {
    "searchapp": ("searchapp_rival", "SearchappRival"),
    "tantivy": ("tantivy_rival", "TantivyRival"),
    "sqlite": ("sqlite_rival", "SqliteRival"),
    "whoosh": ("whoosh_rival", "WhooshRival"),
}


def make_rival(name: str, folder: Path) -> Rival:
    """The engine of that name, over an index in `folder`. Only its own library is imported."""
    module, kind = ENGINES[name]
    rival: Rival = getattr(import_module(f"{__name__}.{module}"), kind)(folder)
    return rival
