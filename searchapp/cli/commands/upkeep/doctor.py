"""`searchapp doctor`: what is wrong with the archive, and what mends it."""

from __future__ import annotations

import dataclasses
import shlex
import sys

import click
from rich.text import Text

from searchapp.archive import Archive
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option, json_option
from searchapp.cli.output import console_for, counted, one_line, paragraph, print_json

__all__ = ["doctor"]

_INDENT = 2
_MOST = 12
"""Findings on the page; `--json` has all."""


@click.command(cls=ExampleCommand, example="searchapp doctor")
@index_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, location: str, as_json: bool) -> None:
    """Say what is wrong, and which command mends it.

    In plain words. Reads everything and changes nothing. Exits 1 when something is wrong.
    """
    found = Archive.doctor(location)
    if as_json:
        print_json(dataclasses.asdict(found) | {"sound": not found.findings})
        ctx.exit(1 if found.findings else 0)
    console = console_for(sys.stdout)
    for finding in found.findings[:_MOST]:
        meaning = f" ({finding.meaning})" if finding.meaning else ""
        paragraph(console, Text(one_line(f"{finding.file}: {finding.reason}{meaning}")))
        if finding.command:
            paragraph(console, Text(_typed(finding.command, location), style="bold"), indent=_INDENT)
    if len(found.findings) > _MOST:
        paragraph(console, Text(f"and {len(found.findings) - _MOST:,} more like these"))
    for note in found.notes:
        paragraph(console, Text(one_line(f"Note: {note}"), style="dim"))
    size = f"{found.size_bytes / 1e6:,.1f} MB, {found.free_bytes / 1e9:,.1f} GB free"
    wrong = counted(len(found.findings), "thing") + " wrong" if found.findings else "nothing is wrong"
    paragraph(console, Text(one_line(f"{location!r}: {wrong} ({size})")))
    ctx.exit(1 if found.findings else 0)


def _typed(command: str, location: str) -> str:
    """The command as it is to be typed for this archive."""
    return one_line(f"{command} --index {shlex.quote(location)}")
