"""`searchapp check`: whether the index is as it was written."""

from __future__ import annotations

import click

from searchapp.archive import Archive
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option, json_option
from searchapp.cli.output import counted, one_line, print_json, tell

__all__ = ["check"]


@click.command(cls=ExampleCommand, example="searchapp check")
@index_option
@json_option
@click.pass_context
def check(ctx: click.Context, location: str, as_json: bool) -> None:
    """Read the whole index and say whether it is sound.

    Exits 1 when anything is damaged: then move the folder away and index again; ledger.toml can be kept.
    A faulty line of that file is told too: correct it.
    """
    damage = Archive.check(location)
    if as_json:
        print_json({"sound": not damage, "damage": [{"file": item.file, "reason": item.reason} for item in damage]})
    elif not damage:
        click.echo(f"the index at {one_line(repr(location))} is sound")
    for item in damage if not as_json else ():
        click.echo(one_line(f"{item.file}: {item.reason}"))
    if damage:
        # What people wrote is theirs to correct, and no reason to build the index again.
        step = (
            "correct that line of the ledger"
            if all(item.file.endswith(".toml") for item in damage)
            else "move the folder away and index the files again"
        )
        tell("Error", f"{counted(len(damage), 'place')} damaged; {step}")
        ctx.exit(1)
