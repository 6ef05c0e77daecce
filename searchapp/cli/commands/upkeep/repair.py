"""`searchapp repair`: what is whole of a damaged archive, made sound again."""

from __future__ import annotations

import click

from searchapp.archive import Archive
from searchapp.cli.commands.upkeep.mending import told
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option, json_option

__all__ = ["repair"]


@click.command(cls=ExampleCommand, example="searchapp repair")
@index_option
@json_option
@click.pass_context
def repair(ctx: click.Context, location: str, as_json: bool) -> None:
    """Save what is whole of a damaged archive.

    Every article that can be read stays, those that are lost are named, and names and all else that follows from the
    articles is made anew. A sound archive stays as it is. Exits 1 when articles are lost, or where something is left
    that only people can mend.
    """
    ctx.exit(told(Archive.repair(location), as_json=as_json))
