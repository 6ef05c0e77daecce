"""`searchapp copy`: an archive into another place, such as a cluster."""

from __future__ import annotations

import sys
import time

import click

from searchapp.archive import Archive
from searchapp.archive.location import shown_location
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.opening import opened
from searchapp.cli.options import json_option
from searchapp.cli.output import counted, one_line, print_json

__all__ = ["copy"]

_SAY_EVERY_S = 5.0


@click.command(cls=ExampleCommand, example="searchapp copy index elsewhere")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@json_option
def copy(source: str, target: str, as_json: bool) -> None:
    """Copy an archive into another place, such as a cluster.

    FROM and TO are folders, or addresses such as opensearch+http://localhost:9200/news. Articles come with the names
    that were recognised in them, nothing is recognised again; corrections and what could not be read come too. What
    TO has already is not copied again, so a copy that was stopped goes on when it is run again. FROM stays as it is.
    """
    said = time.monotonic()

    def progress(done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said >= _SAY_EVERY_S:
            said = time.monotonic()
            sys.stderr.write(f"{done:,} of {counted(total, 'article')}\n")

    with opened(source) as archive, Archive.open(target, create=True) as other:
        copied = archive.copy_to(other, progress=progress)
    if as_json:
        print_json({"articles": copied.articles, "there": copied.there, "corrections": copied.corrections})
        return
    click.echo(
        one_line(
            f"{counted(copied.articles, 'article')} copied, {copied.there:,} were there, "
            f"{counted(copied.corrections, 'correction')}; now in {shown_location(target)!r}"
        )
    )
