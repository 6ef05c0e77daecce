"""`searchapp open`: a folder of articles, or an index, as a page in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from searchapp.archive import Archive
from searchapp.archive.shelf import holds_index, index_of
from searchapp.cli.commands.starting.making import made_current
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.here import with_index
from searchapp.cli.options import page_served_options
from searchapp.cli.output import one_line, tell
from searchapp.cli.serving import Served, check_address, serve_archive
from searchapp.errors import NothingIndexed

__all__ = ["open"]


@click.command("open", cls=ExampleCommand, example="searchapp open seeds")
@click.argument("folder", metavar="FOLDER")
@click.option("--index", "location", metavar="DIR", help="Keep the index here, and not in your own data folder.")
@page_served_options
@click.option("--open/--no-open", "show", default=True, help="Open it in the browser too, or not.  [default: open]")
@click.pass_context
def open(
    ctx: click.Context,
    folder: str,
    location: str | None,
    host: str | None,
    port: int | None,
    title: str | None,
    show: bool,
) -> None:
    """Index a folder of articles, and open its page.

    Each start reads what is new or changed in FOLDER, and nothing else. The index is kept in your own data folder, and
    the place is printed. A FOLDER that is an index is served as it is. Articles whose file is gone stay.
    """
    if location is None:
        location = ctx.find_root().params.get("index")
    is_index = location is None and holds_index(folder)
    place = folder if is_index else location or str(index_of(folder))
    # A folder has a name already.
    usual = "" if is_index else Path(folder).resolve().name
    served = Served.of(place, host=host, port=port, title=title, show=show, usual_title=usual)
    check_address(served)
    if is_index:
        serve_archive(place, served)
        return
    if not Path(folder).exists() and not holds_index(place):
        raise NothingIndexed(f"there is nothing at {folder!r}; give a folder of articles, or an index")
    click.echo(one_line(f"The index of {folder!r} is in {place!r}"))
    try:
        made_current(place, str(Path(folder).resolve()))
    except NothingIndexed as error:
        # The disk with the articles may be elsewhere today; what was read from it can still be searched.
        if not holds_index(place) or not _articles_in(place):
            raise
        tell("Warning", f"{error}; what was read before is shown")
    tell("Note", f"search it here too, with: {with_index('search WORDS', place)}")
    serve_archive(place, served)


def _articles_in(location: str) -> int:
    with Archive.open(location) as archive:
        return len(archive)
