"""An index brought up to the files that it is of."""

from __future__ import annotations

from searchapp.archive import Archive
from searchapp.archive.location import shown_location, taken_away_if_empty
from searchapp.cli.indexing import add_files, summary
from searchapp.cli.output import counted, tell
from searchapp.cli.reports import tell_reasons
from searchapp.errors import NothingIndexed, OtherVersion

__all__ = ["made_current"]


def made_current(location: str, source: str, *, prune: bool = False) -> None:
    """Reads what is new or changed in `source` into the index at `location`, and prints what was done.

    An index of an earlier version is taken over first, with its corrections. Raises `NothingIndexed` where no article
    can be read.
    """
    try:
        _add(location, source, prune=prune)
    except OtherVersion:
        tell(
            "Note", f"the index in {shown_location(location)!r} is of another version of the program, and is taken over"
        )
        Archive.rebuild(location)
        _add(location, source, prune=prune)


def _add(location: str, source: str, *, prune: bool) -> None:
    with taken_away_if_empty(location), Archive.open(location, create=True) as archive:
        report = add_files(archive, [source], prune=prune, allow_large_prune=prune)
        tell_reasons(report.skipped, report.noted)
        if not report.added + report.updated + report.unchanged + report.moved:
            raise NothingIndexed(f"no article could be read from {source!r}; check the path")
        if report.gone:
            tell("Note", f"{counted(report.gone, 'article')} no longer in these files, and kept")
        summary(report, len(archive), location)
