"""`searchapp backup`: a copy of the archive in another folder, checked."""

from __future__ import annotations

import dataclasses

import click

from searchapp.cli.examples import ExampleCommand
from searchapp.cli.opening import opened
from searchapp.cli.options import index_option, json_option
from searchapp.cli.output import counted, one_line, print_json, tell

__all__ = ["backup"]


@click.command(cls=ExampleCommand, example="searchapp backup backup")
@click.argument("to", type=click.Path())
@click.option("--link", is_flag=True, help="Give files a second name instead of a copy, on the same disk.")
@index_option
@json_option
def backup(to: str, link: bool, location: str, as_json: bool) -> None:
    """Copy the archive into a folder, and check the copy.

    The folder TO gets articles and corrections as they were committed last; others may go on writing. Where it holds an
    earlier backup, only what is new is copied. With --link it takes no room, and protects from mistakes, but not from a
    failing disk.
    """
    with opened(location) as archive:
        done = archive.backup(to, link=link)
    if as_json:
        print_json(dataclasses.asdict(done))
        return
    for note in done.notes:
        tell("Note", note)
    files = f"{counted(done.copied, 'file')} copied, {done.kept:,} there already"
    click.echo(
        f"{counted(done.articles, 'article')} and {counted(done.corrections, 'correction')} "
        f"in {one_line(repr(done.folder))} ({files})"
    )
