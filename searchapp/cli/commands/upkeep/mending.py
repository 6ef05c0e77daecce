"""What commands that mend an archive say of what they did."""

from __future__ import annotations

import dataclasses

import click

from searchapp.archive.upkeep.repairing import Repair
from searchapp.cli.output import counted, one_line, print_json, tell

__all__ = ["told"]

_NAMED = 20
"""Lost articles that are named on a terminal; JSON has all."""


def told(done: Repair, *, as_json: bool) -> int:
    """Prints what was done; gives the exit code: 1 where articles are lost or something is still wrong."""
    if as_json:
        print_json(dataclasses.asdict(done) | {"lost_articles": done.lost_articles})
        return 1 if done.lost or done.left else 0
    for line in done.done:
        click.echo(one_line(line))
    for lost in done.lost:
        named = [one_line(name) for name in lost.ids[:_NAMED]]
        more = f" and {lost.count - len(named):,} more" if named and lost.count > len(named) else ""
        which = f": {', '.join(named)}{more}" if named else ", whose ids could not be read either"
        tell("Warning", f"{counted(lost.count, 'article')} of {lost.file} lost{which}")
    if done.lost:
        tell("Note", "index their files again to have them back, or restore a backup")
    for finding in done.left:
        tell("Error", f"{finding.file}: {finding.reason}; {finding.command or finding.meaning}")
    click.echo(f"{counted(done.articles, 'article')}, {done.rewritten:,} of them written anew")
    return 1 if done.lost or done.left else 0
