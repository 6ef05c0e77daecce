"""Looks at every byte of the names that are kept beside an index."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from searchapp.entities.archive_names.keeping.journal import is_cut, read_records
from searchapp.entities.archive_names.keeping.kept_names import beside, pointer_in
from searchapp.entities.archive_names.keeping.table import NamesDamaged, Table

__all__ = ["kept_generation", "names_faults"]


def kept_generation(path: Path) -> str:
    """The state of the index that the names at `path` say to be about; empty where that cannot be told."""
    try:
        return str(pointer_in(path)["generation"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def names_faults(path: Path, generation: str | None) -> Iterator[tuple[str, str]]:
    """Names of files, and what in them is not as it was written for the index whose last state is `generation`.

    Names of an earlier state are none: who was killed before they were kept left such, and the next run goes on from
    there. Nothing where no names are kept. With None for the `generation` any will do.
    """
    if not os.path.lexists(path):
        return
    try:
        pointer = pointer_in(path)
        token, about = str(pointer["token"]), str(pointer["generation"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield path.name, str(error)
        return
    if generation is not None and _number(about) >= _number(generation) and about != generation:
        yield path.name, "it belongs to another index, or to another state of this one"
    table, journal = beside(path, token, "table"), beside(path, token, "journal")
    try:
        opened = Table(table)
        reached, end = str(opened.description["generation"]), 0
        try:
            opened.check()
        finally:
            opened.close()
    except (NamesDamaged, OSError, ValueError, KeyError, TypeError) as error:
        yield table.name, _reason(error)
        return
    try:
        for record in read_records(journal, 0):
            if record.description["before"] != reached:
                break
            reached, end = str(record.description["generation"]), record.end
        # A part of a record at the end is what a killed run leaves, which had not pointed to it yet.
        rest = journal.stat().st_size > end and not is_cut(journal, end)
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield journal.name, _reason(error)
        return
    if rest or (reached != about and _number(reached) <= _number(about)):
        yield journal.name, "it is not what was written"


def _number(generation: str) -> int:
    number = generation.partition("-")[0]
    return int(number) if number.isdecimal() else 0


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "the file is missing"
    return (
        "it is not what was written" if isinstance(error, json.JSONDecodeError | KeyError | TypeError) else str(error)
    )
