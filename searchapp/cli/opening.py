"""Opening the archive that a command is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from searchapp.archive import Archive
from searchapp.cli.output import tell

__all__ = ["opened"]


@contextmanager
def opened(location: str) -> Iterator[Archive]:
    """The archive at `location`; says on stderr when the corrections of names that hold are not those of the ledger."""
    with Archive.open(location) as archive:
        if problem := archive.names.problem:
            tell("Warning", problem)
        yield archive
