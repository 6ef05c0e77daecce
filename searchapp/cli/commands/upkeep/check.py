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

    And all that is kept beside it: names, corrections, what could not be read. Exits 1 when anything is damaged;
    `searchapp doctor` says what that means, and what mends it.
    """
    damage = Archive.check(location)
    changed = Archive.changed_by_hand(location)
    if as_json:
        listed = [{"file": item.file, "reason": item.reason, "command": item.command} for item in damage]
        print_json({"sound": not damage, "damage": listed, "notes": [changed] if changed else []})
    elif not damage:
        click.echo(f"the index at {one_line(repr(location))} is sound")
    for item in damage if not as_json else ():
        click.echo(one_line(f"{item.file}: {item.reason}"))
    if changed:
        tell("Note", changed)
    if damage:
        commands = dict.fromkeys(item.command or item.meaning for item in damage)
        tell("Error", f"{counted(len(damage), 'place')} damaged; {', then '.join(commands)}")
        ctx.exit(1)
