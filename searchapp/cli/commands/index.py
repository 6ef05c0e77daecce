"""`searchapp index`: files, folders and patterns into the index."""

from __future__ import annotations

import dataclasses
import sys

import click

from searchapp.archive import Archive
from searchapp.archive.location import taken_away_if_empty
from searchapp.archive.reading import formats_in_words, preview
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.indexing import add_files, summary
from searchapp.cli.options import index_option, map_option
from searchapp.cli.output import counted, one_line, tell
from searchapp.cli.reports import tell_preview, tell_reasons
from searchapp.errors import LargePrune, NothingIndexed
from searchapp.settings import Settings

__all__ = ["index"]

_MOST_LISTED = 1_000


class _IndexCommand(ExampleCommand):
    """A command whose help lists the formats, of which there is one table, far from here."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        with formatter.section("These are read"):
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

    What a file is shows in its content and its ending; any may be packed as .gz.
    """
    if dry_run:
        tell_preview(preview(paths, columns=columns, settings=Settings.load(location)), paths)
        return
    with taken_away_if_empty(location), Archive.open(location, create=True) as archive:
        try:
            report = add_files(
                archive,
                paths,
                recognise=not no_recognise,
                recogniser=recogniser,
                columns=columns,
                prune=prune,
                allow_large_prune=yes,
            )
        except LargePrune as refused:
            if not _asked(refused):
                raise
            removed = archive.delete(refused.ids)
            report = dataclasses.replace(refused.report, gone=0, removed=removed)
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
    summary(report, held, location)
    if strict and report.skipped:
        raise NothingIndexed(f"{counted(len(report.skipped), 'file')} skipped under --strict; the others are indexed")


def _asked(refused: LargePrune) -> bool:
    """Whether somebody at a terminal says that a large part of the archive may go."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(f"Remove {len(refused.ids):,} articles that are no longer in these files?", err=True)


def _gone(number: int) -> str:
    return f"{counted(number, 'article')} indexed earlier {'is' if number == 1 else 'are'}"
