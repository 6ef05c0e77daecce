"""`searchapp stats`: what the index holds."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.text import Text

from searchapp.archive import ArchiveStats
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.opening import opened
from searchapp.cli.options import index_option, json_option
from searchapp.cli.output import console_for, one_line, paragraph, print_json

__all__ = ["stats"]

_SOURCES_SHOWN = 10
_LABEL_COLUMNS = 15


@click.command(cls=ExampleCommand, example="searchapp stats")
@index_option
@json_option
def stats(location: str, as_json: bool) -> None:
    """Say what the index holds.

    How many articles, from when and from which sources, and how many people, places, organisations and topics.
    """
    with opened(location) as archive:
        held = archive.stats()
    if as_json:
        print_json(_record(held))
        return
    console = console_for(sys.stdout)
    for label, value in _lines(held):
        paragraph(console, Text(one_line(value)), indent=_LABEL_COLUMNS, first=label)


def _record(held: ArchiveStats) -> dict[str, Any]:
    return {
        "articles": held.articles,
        "undated": held.undated,
        "first": held.first.isoformat() if held.first else None,
        "last": held.last.isoformat() if held.last else None,
        "values": dict(held.values),
        "sources": dict(held.sources),
    }


def _lines(held: ArchiveStats) -> list[tuple[str, str]]:
    lines = [("articles", f"{held.articles:,}")]
    if held.first and held.last:
        lines.append(("published", f"{held.first} to {held.last}"))
    if held.undated:
        lines.append(("undated", f"{held.undated:,} (list them with: searchapp search --dated none)"))
    lines += [(facet, f"{number:,} different") for facet, number in held.values.items() if facet != "sources"]
    listed = [f"{source} {count:,}" for source, count in list(held.sources.items())[:_SOURCES_SHOWN]]
    if len(held.sources) > _SOURCES_SHOWN:
        listed.append(f"{len(held.sources) - _SOURCES_SHOWN:,} more")
    lines.append(("sources", " · ".join(listed) or "none"))
    return lines
