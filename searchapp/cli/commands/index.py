"""`searchapp index`: files, folders and patterns into the index."""

from __future__ import annotations

import dataclasses
import gc
import sys

import click

from searchapp.archive import Archive
from searchapp.archive.location import taken_away_if_empty
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option
from searchapp.cli.output import counted, one_line, tell
from searchapp.cli.progress import shown_progress
from searchapp.errors import LargePrune, NothingIndexed
from searchapp.model.result import IndexReport

__all__ = ["index"]

_MOST_LISTED = 1_000
COLLECT_AFTER = 100_000
"""Objects made between two searches for unreachable ones."""


def _columns(ctx: click.Context, parameter: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for pair in pairs:
        field, equals, column = (part.strip() for part in pair.partition("="))
        if not (field and equals and column):
            raise click.BadParameter(f"{pair!r} is no FIELD=COLUMN, such as title=Headline")
        columns[field] = column
    return columns


@click.command(cls=ExampleCommand, example="searchapp index seeds")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@index_option
@click.option("--no-recognise", is_flag=True, help="Take only the names that the files themselves assign.")
@click.option(
    "--recogniser",
    default="",
    metavar="NAME",
    help="Recognise names with an installed spaCy pipeline instead, such as spacy:en_core_web_sm.",
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    callback=_columns,
    help="Read FIELD (title, body, published, people, ...) from this column or key; repeatable.",
)
@click.option("--prune", is_flag=True, help="Remove articles read earlier from these paths that are no longer there.")
@click.option("--yes", is_flag=True, help="Let --prune remove a large part of the archive without asking.")
@click.option("--strict", is_flag=True, help="Fail when anything had to be skipped.")
def index(
    paths: tuple[str, ...],
    location: str,
    no_recognise: bool,
    recogniser: str,
    columns: dict[str, str],
    prune: bool,
    yes: bool,
    strict: bool,
) -> None:
    """Read files, folders and patterns into the index.

    Text, HTML, Markdown, RSS, Atom, CSV, JSON, NITF, NewsML-G2, ninjs, Reuters SGML and e-mail are read, also as .gz.
    Indexing the same files again adds nothing and updates what changed. What cannot be read is skipped with a warning.
    A long run commits every half minute: one that is stopped keeps that, and the same command goes on from there.
    """
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
        read = report.added + report.updated + report.unchanged
        if report.gone:
            tell("Note", f"{_gone(report.gone)} no longer in these files and kept; remove them with --prune")
        if not read:
            raise NothingIndexed(f"no article could be read from {', '.join(map(repr, paths[:5]))}; check the paths")
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
    if report.removed:
        parts.append(f"{report.removed:,} removed")
    parts.append(f"{len(report.skipped):,} skipped")
    if report.passed_over:
        parts.append(f"{report.passed_over:,} passed over")
    return ", ".join(parts)
