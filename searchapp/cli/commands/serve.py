"""`searchapp serve`: the page, on this machine."""

from __future__ import annotations

from dataclasses import replace

import click

from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option, page_served_options
from searchapp.cli.serving import Served, serve_archive

__all__ = ["serve"]


@click.command(cls=ExampleCommand, example="searchapp serve --port 8081")
@index_option
@page_served_options
@click.option("--open", "show", is_flag=True, help="Open it in the browser too.")
@click.option("--edit", is_flag=True, help="Let names be corrected in the page, by who sits at this machine.")
def serve(location: str, host: str | None, port: int | None, title: str | None, show: bool, edit: bool) -> None:
    """Serve the page for the browser, until Ctrl-C."""
    served = Served.of(location, host=host, port=port, title=title, show=show)
    serve_archive(location, replace(served, edit=edit))
