"""`searchapp export`: every matching article as a table or as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from searchapp.archive import Archive
from searchapp.archive.exporting import csv_rows, json_lines
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option, search_options, sort_option
from searchapp.cli.output import counted, tell, tell_problems
from searchapp.files.replacing import replacing_text
from searchapp.model.query import SearchRequest

__all__ = ["export"]

_LINES = {"csv": csv_rows, "jsonl": json_lines}
_HEADINGS = {"csv": 1, "jsonl": 0}


@click.command(
    cls=ExampleCommand,
    example="searchapp export ceasefire --format csv --output ceasefire.csv\nsearchapp export --place Armenia | wc -l",
)
@index_option
@search_options
@sort_option
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(_LINES)),
    help="What to write.  [default: by the ending of --output, else jsonl]",
)
@click.option("--output", type=click.Path(dir_okay=False), help="The file to write.  [default: print]")
def export(request: SearchRequest, location: str, form: str | None, output: str | None) -> None:
    """Write all articles that a search finds.

    One after the other, in the order of the search; the whole archive without QUERY and filters. In CSV, cells that a
    spreadsheet program would run as a formula get a leading apostrophe.
    """
    if form is None:
        form = "csv" if output and output.lower().endswith(".csv") else "jsonl"
    with Archive.open(location) as archive:
        tell_problems(archive.read_query(request.text)[1])
        with _opened(output) as stream:
            written = -_HEADINGS[form]
            for line in _LINES[form](archive.matches(request)):
                stream.write(line)
                written += 1
    if output:
        tell("Note", f"{counted(written, 'article')} written to {output!r}")


@contextmanager
def _opened(output: str | None) -> Iterator[TextIO]:
    """Standard output, or a file that takes its name once it is whole."""
    if output is None or output == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    target = Path(output)
    special = target.exists() and not target.is_file()
    try:
        with (
            target.open("w", encoding="utf-8", errors="replace", newline="")
            if special
            else replacing_text(target, errors="replace") as stream
        ):
            yield stream
    except OSError as error:
        error.filename, error.filename2 = output, None
        raise
