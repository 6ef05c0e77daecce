"""`searchapp export`: every matching article as a table or as JSON lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from searchapp.archive.exporting import FORMS
from searchapp.cli.examples import QueryCommand
from searchapp.cli.opening import opened
from searchapp.cli.options import index_option, search_options, sort_option
from searchapp.cli.output import counted, tell, tell_problems
from searchapp.errors import UsageError
from searchapp.files.replacing import replacing_text
from searchapp.model.query import SearchRequest
from searchapp.model.question import Question

__all__ = ["export"]

_USUAL = "jsonl"
"""The ending that stands for none."""
_ENDINGS = {form.name: ending for ending, form in FORMS.items()}
_OTHER_ENDINGS = {"ndjson": "jsonl", "bibtex": "bib"}


@click.command(
    cls=QueryCommand,
    example="searchapp export ceasefire --format csv --output ceasefire.csv\nsearchapp export --place Armenia | wc -l",
)
@index_option
@search_options
@sort_option
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(_ENDINGS)),
    help="What to write.  [default: by the ending of --output, else jsonl]",
)
@click.option("--output", type=click.Path(dir_okay=False), help="The file to write.  [default: print]")
def export(request: SearchRequest, location: str, form: str | None, output: str | None) -> None:
    """Write all articles that a search finds.

    One after the other, in the order of the search; the whole archive without QUERY and filters. In CSV, cells that a
    spreadsheet program would run as a formula get a leading apostrophe.
    """
    ending = _ENDINGS[form] if form else _ending_of(output)
    output = os.path.expanduser(output) if output else output
    with opened(location) as archive:
        (answer,) = archive.ask(Question(request))
        tell_problems(answer.problems)
        if not answer.total:
            tell_problems(archive.hints(request))
        with _opened(output) as stream:
            written = -FORMS[ending].headings
            for line in FORMS[ending].write(archive.matches(request)):
                stream.write(line)
                written += 1
    if output:
        tell("Note", f"{counted(written, 'article')} written to {output!r}")


def _ending_of(output: str | None) -> str:
    """The ending in `FORMS` of what a file of this name should hold. Raises `UsageError` for one that is no form."""
    ending = Path(output or "").suffix.lower().removeprefix(".")
    ending = _OTHER_ENDINGS.get(ending, ending) or _USUAL
    if ending not in FORMS:
        known = ", ".join(f".{one}" for one in FORMS)
        raise UsageError(
            f"the ending of {output!r} is no format; use one of {known}, or say --format {'|'.join(sorted(_ENDINGS))}"
        )
    return ending


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
