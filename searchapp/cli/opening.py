"""Opening the archive that a command is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from searchapp.archive import Archive
from searchapp.cli.here import with_index
from searchapp.cli.output import tell

__all__ = ["opened"]


@contextmanager
def opened(location: str) -> Iterator[Archive]:
    """The archive at `location`; says on stderr when the corrections of names that hold are not those of the ledger.

    And with what an archive is filled that has no articles.
    """
    with Archive.open(location) as archive:
        if problem := archive.names.problem:
            tell("Warning", problem)
        if not len(archive):
            tell(
                "Note",
                f"there are no articles in {location!r} yet; add some with: {with_index('index FOLDER', location)}",
            )
        yield archive
