"""Reading files into an archive in front of somebody: how far it is, what was left out, what a stopped run keeps."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import Any

import click

from searchapp.archive import Archive
from searchapp.archive.location import shown_location
from searchapp.cli.here import again
from searchapp.cli.output import counted, tell
from searchapp.cli.progress import shown_progress
from searchapp.model.result import IndexReport

__all__ = ["add_files", "summary"]

COLLECT_AFTER = 100_000
"""Objects made between two searches for unreachable ones."""


def add_files(archive: Archive, paths: Sequence[str], **options: Any) -> IndexReport:
    """What `Archive.add_files` gives, with its progress shown; after Ctrl-C says what the index has and goes on by."""
    # Articles come and go by the thousand, in no cycles: looking for those every few hundred objects costs a tenth.
    gc.set_threshold(COLLECT_AFTER)
    committed = 0

    def note(report: IndexReport, share: float) -> None:
        nonlocal committed
        committed = report.committed
        progress(report, share)

    try:
        with shown_progress() as progress:
            return archive.add_files(*paths, progress=note, **options)
    except KeyboardInterrupt:
        tell("Note", _kept(committed))
        raise


def summary(report: IndexReport, held: int, location: str) -> None:
    """Prints what a run did, in one line, and how many articles the index has."""
    parts = [f"{report.added:,} added", f"{report.updated:,} updated", f"{report.unchanged:,} unchanged"]
    if report.moved:
        parts.append(f"{report.moved:,} known from elsewhere")
    if report.removed:
        parts.append(f"{report.removed:,} removed")
    parts.append(f"{len(report.skipped):,} skipped")
    if report.passed_over:
        parts.append(f"{report.passed_over:,} passed over")
    click.echo(f"{', '.join(parts)}; {counted(held, 'article')} in {shown_location(location)!r}")


def _kept(committed: int) -> str:
    if not committed:
        return f"nothing of this run is in the index yet; start it again with: {again()}"
    are = "is" if committed == 1 else "are"
    return f"{counted(committed, 'article')} of this run {are} in the index; it goes on from there with: {again()}"
