"""`searchapp parity`: whether two archives give the same answers."""

from __future__ import annotations

from pathlib import Path

import click

from searchapp.archive.upkeep.comparing import TOLERANCE, differences, drawn
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.opening import opened
from searchapp.cli.options import json_option
from searchapp.cli.output import counted, one_line, print_json
from searchapp.model.query import SearchRequest

__all__ = ["parity"]


@click.command(cls=ExampleCommand, example="searchapp parity index backup")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option(
    "--queries",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of queries to ask, one a line, instead of questions drawn from A.",
)
@click.option(
    "--questions", type=click.IntRange(1, 100_000), default=300, show_default=True, help="How many to draw from A."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another number draws other questions.")
@click.option(
    "--tolerance",
    type=click.FloatRange(0),
    default=TOLERANCE,
    show_default=True,
    help="By how much scores may differ that count as the same.",
)
@json_option
@click.pass_context
def parity(
    ctx: click.Context,
    one: str,
    other: str,
    queries: Path | None,
    questions: int,
    seed: int,
    tolerance: float,
    as_json: bool,
) -> None:
    """Ask two archives the same, and tell every difference.

    A and B are folders or addresses of clusters. Totals, articles, facets, timelines and snippets have to be the same,
    the order of hits by relevance where their scores differ. Exit code 1 says that something was not.
    """
    texts = None
    if queries is not None:
        texts = [line for line in queries.read_text(encoding="utf-8").splitlines() if line.strip()]
    with opened(one) as first, opened(other) as second, first.state() as left, second.state() as right:
        requests = drawn(left, questions, seed) if texts is None else [SearchRequest(text) for text in texts]
        found = list(differences(left, right, requests, tolerance))
    if as_json:
        fields = ("what", "one", "other")
        listed = [{"request": repr(d.request)} | {name: getattr(d, name) for name in fields} for d in found]
        print_json({"questions": len(requests), "differences": listed})
    else:
        for difference in found:
            click.echo(one_line(str(difference)))
        click.echo(f"{counted(len(requests), 'question')}, {counted(len(found), 'difference')}")
    ctx.exit(1 if found else 0)
