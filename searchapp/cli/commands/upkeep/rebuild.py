"""`searchapp rebuild`: the whole index anew, from the articles in it."""

from __future__ import annotations

import click

from searchapp.archive import Archive
from searchapp.cli.commands.upkeep.mending import told
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option, json_option

__all__ = ["rebuild"]


@click.command(cls=ExampleCommand, example="searchapp rebuild")
@index_option
@json_option
@click.pass_context
def rebuild(ctx: click.Context, location: str, as_json: bool) -> None:
    """Write the whole index anew, from the articles in it.

    Their files are not needed. This also takes over an index of an older version of the program. Until it is done, the
    index is what it was; it takes the room of both meanwhile.
    """
    ctx.exit(told(Archive.rebuild(location), as_json=as_json))
