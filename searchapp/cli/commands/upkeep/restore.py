"""`searchapp restore`: an archive from its backup."""

from __future__ import annotations

import dataclasses
import sys

import click

from searchapp.archive import Archive
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option, json_option
from searchapp.cli.output import counted, one_line, print_json, tell
from searchapp.errors import UsageError

__all__ = ["restore"]


@click.command(cls=ExampleCommand, example="searchapp restore backup --index restored")
@click.argument("source", metavar="FROM", type=click.Path())
@click.option("--yes", is_flag=True, help="Replace the articles that are there, without asking.")
@index_option
@json_option
def restore(source: str, yes: bool, location: str, as_json: bool) -> None:
    """Put a backup in place of the archive.

    All that is in the folder FROM is read and checked first; until then nothing changes. A ledger of corrections that
    was there stays beside the new one, as ledger.toml.old.
    """
    try:
        done = Archive.restore(source, location, replace=yes)
    except UsageError as error:
        if yes or not sys.stdin.isatty() or "which the backup would replace" not in str(error):
            raise
        click.confirm(f"{str(error).partition(';')[0]}. Replace them?", abort=True, err=True)
        done = Archive.restore(source, location, replace=True)
    if as_json:
        print_json(dataclasses.asdict(done))
        return
    for note in done.notes:
        tell("Note", note)
    click.echo(
        f"{counted(done.articles, 'article')} and {counted(done.corrections, 'correction')} "
        f"restored in {one_line(repr(done.folder))}"
    )
