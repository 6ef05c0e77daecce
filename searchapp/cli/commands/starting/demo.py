"""`searchapp demo`: the sample articles as a page in the browser."""

from __future__ import annotations

import click

from searchapp.archive.shelf import find_samples, index_of_samples
from searchapp.cli.commands.starting.making import made_current
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import page_served_options
from searchapp.cli.output import one_line
from searchapp.cli.serving import Served, check_address, serve_archive

__all__ = ["demo"]


@click.command(cls=ExampleCommand, example="searchapp demo --port 8081")
@page_served_options
@click.option("--open/--no-open", "show", default=True, help="Open it in the browser too, or not.  [default: open]")
def demo(host: str | None, port: int | None, title: str | None, show: bool) -> None:
    """Show the page over the sample articles.

    They come with the program. Their index is kept in your own data folder, never in the folder that you are in.
    """
    place = str(index_of_samples())
    served = Served.of(place, host=host, port=port, title=title, show=show)
    check_address(served)
    click.echo(one_line(f"The index of the sample articles is in {place!r}"))
    made_current(place, str(find_samples()), prune=True)
    serve_archive(place, served)
