"""`searchapp index`: files, folders and patterns into the index."""

from __future__ import annotations

import dataclasses
import gc
import sys

import click

from searchapp.archive import Archive
from searchapp.archive.location import taken_away_if_empty
from searchapp.archive.reading import formats_in_words, preview
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option, map_option
from searchapp.cli.output import counted, one_line, tell
from searchapp.cli.progress import shown_progress
from searchapp.cli.reports import tell_preview, tell_reasons
from searchapp.errors import LargePrune, NothingIndexed
from searchapp.model.result import IndexReport
from searchapp.settings import Settings

__all__ = ["index"]

_MOST_LISTED = 1_000
COLLECT_AFTER = 100_000
"""Objects made between two searches for unreachable ones."""


class _IndexCommand(ExampleCommand):
    """A command whose help lists the formats, of which there is one table, far from here."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_dl(formats_in_words())


@click.command(cls=_IndexCommand, example="searchapp index seeds\nsearchapp index seeds --dry-run")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@index_option
@click.option("--no-recognise", is_flag=True, help="Take only the names that the files themselves assign.")
@click.option(
    "--recogniser",
    default="",
    metavar="NAME",
    help="Recognise names with an installed spaCy pipeline instead, such as spacy:en_core_web_sm.",
)
@map_option
@click.option("--dry-run", is_flag=True, help="Say what would be read as what, and store nothing.")
@click.option("--prune", is_flag=True, help="Remove articles read earlier from these paths that are no longer there.")
@click.option("--yes", is_flag=True, help="Let --prune remove a large part of the archive without asking.")
@click.option("--strict", is_flag=True, help="Fail when anything had to be skipped.")
def index(
    paths: tuple[str, ...],
    location: str,
    no_recognise: bool,
    recogniser: str,
    columns: dict[str, str],
    dry_run: bool,
    prune: bool,
    yes: bool,
    strict: bool,
) -> None:
    """Read files, folders and patterns into the index.

    Indexing the same files again adds nothing and updates what changed. What cannot be read is skipped with a warning.
    A long run commits every half minute: one that is stopped keeps that, and the same command goes on from there.

    What a file is shows in its content and its ending; any may be packed as .gz. These are read:
    """
    if dry_run:
        tell_preview(preview(paths, columns=columns, settings=Settings.from_environment()), paths)
        return
    # Articles come and go by the thousand, in no cycles: looking for those every few hundred objects costs a tenth.
    gc.set_threshold(COLLECT_AFTER)
    with taken_away_if_empty(location), Archive.open(location, create=True) as archive:
        committed = 0

        def note(report: IndexReport, share: float) -> None:
            nonlocal committed
            committed = report.committed
            progress(report, share)

        try:
            with shown_progress() as progress:
                report = archive.add_files(
                    *paths,
                    recognise=not no_recognise,
                    recogniser=recogniser,
                    columns=columns,
                    prune=prune,
                    allow_large_prune=yes,
                    progress=note,
                )
        except LargePrune as refused:
            if not _asked(refused):
                raise
            removed = archive.delete(refused.ids)
            report = dataclasses.replace(refused.report, gone=0, removed=removed)
        except KeyboardInterrupt:
            tell("Note", _kept(committed))
            raise
        for item in report.removed_articles[:_MOST_LISTED]:
            click.echo(one_line(f"removed {item.id}, which was in {item.path}"))
        if len(report.removed_articles) > _MOST_LISTED:
            click.echo(f"and {len(report.removed_articles) - _MOST_LISTED:,} more were removed")
        held = len(archive)
        read = report.added + report.updated + report.unchanged + report.moved
        tell_reasons(report.skipped, report.noted)
        if report.gone:
            tell("Note", f"{_gone(report.gone)} no longer in these files and kept; remove them with --prune")
        if not read:
            raise NothingIndexed(f"no article could be read from {', '.join(map(repr, paths[:5]))}; check the paths")
    if report.undated:
        tell("Note", f"read, but without a date: {report.undated:,}")
    click.echo(f"{_summary(report)}; {counted(held, 'article')} in {str(location)!r}")
    if strict and report.skipped:
        raise NothingIndexed(f"{counted(len(report.skipped), 'file')} skipped under --strict; the others are indexed")


def _asked(refused: LargePrune) -> bool:
    """Whether somebody at a terminal says that a large part of the archive may go."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(f"Remove {len(refused.ids):,} articles that are no longer in these files?", err=True)


def _kept(committed: int) -> str:
    if not committed:
        return "nothing of this run is in the index yet"
    are = "is" if committed == 1 else "are"
    return f"{counted(committed, 'article')} of this run {are} in the index; the same command goes on from there"


def _gone(number: int) -> str:
    return f"{counted(number, 'article')} indexed earlier {'is' if number == 1 else 'are'}"


def _summary(report: IndexReport) -> str:
    parts = [f"{report.added:,} added", f"{report.updated:,} updated", f"{report.unchanged:,} unchanged"]
    if report.moved:
        parts.append(f"{report.moved:,} known from elsewhere")
    if report.removed:
        parts.append(f"{report.removed:,} removed")
    parts.append(f"{len(report.skipped):,} skipped")
    if report.passed_over:
        parts.append(f"{report.passed_over:,} passed over")
    return ", ".join(parts)
