"""`searchapp help`: the manual, in the terminal and as files."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar

import click
from rich.markdown import Heading, Markdown

from searchapp.cli.describing import api_document, command_texts, text_of
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.here import program
from searchapp.cli.output import MAX_COLUMNS, columns_of, console_for, one_line, tell
from searchapp.errors import UsageError
from searchapp.files.folders import make_folder
from searchapp.files.replacing import replacing_text
from searchapp.manual.pages import INDEX, PAGES, Manual
from searchapp.manual.references.commands import command_markdown
from searchapp.manual.showing.links import in_terminal
from searchapp.manual.showing.roff import to_man
from searchapp.version import __version__

__all__ = ["help"]


def _topics(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """What may follow, for the shell to complete."""
    names = [*(page.name for page in PAGES), *_commands(ctx.find_root().command)]
    return [name for name in dict.fromkeys(names) if name.startswith(begun)]


@click.command(cls=ExampleCommand, example="searchapp help query\nsearchapp help search")
@click.argument("topic", nargs=-1, shell_complete=_topics)
@click.option("--write", "folder", metavar="DIR", help="Write the whole manual into this folder instead.")
@click.option(
    "--form",
    type=click.Choice(["markdown", "man"]),
    default="markdown",
    show_default=True,
    help="What --write writes: pages in Markdown, or pages for man.",
)
@click.pass_context
def help(ctx: click.Context, topic: tuple[str, ...], folder: str | None, form: str) -> None:
    """Print a page of the manual, or the help of a command.

    Without TOPIC it lists the pages. In the browser the same is under /help, with examples from the archive.
    """
    manual = Manual(commands=lambda: command_texts(ctx.find_root()), api=api_document)
    if folder is not None:
        written = list(_written(manual, Path(folder), form, ctx))
        tell("Note", f"{len(written)} pages written to {folder}")
        return
    name = " ".join(topic) or INDEX
    try:
        _print(manual.markdown(name))
    except KeyError:
        found = _command(ctx.find_root().command, topic)
        if found is None:
            topics = [*(page.name for page in manual.pages), *_commands(ctx.find_root().command)]
            near = get_close_matches(name.lower(), topics, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "see the list with: searchapp help"
            raise UsageError(f"there is no page {name!r} in the manual; {advice}") from None
        _print(command_markdown(text_of(found, f"searchapp {name}"), level=1))


def _commands(command: click.Command) -> Mapping[str, click.Command]:
    return command.commands if isinstance(command, click.Group) else {}


def _command(command: click.Command, names: tuple[str, ...]) -> click.Command | None:
    """The command that is called so within another."""
    if not names:
        return command
    within = _commands(command)
    return _command(within[names[0]], names[1:]) if names[0] in within else None


class _LeftHeading(Heading):
    """A heading where text begins, not in the middle of a line."""

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        self.text.justify = "left"
        yield self.text


class _Page(Markdown):
    elements: ClassVar[dict[str, Any]] = {**Markdown.elements, "heading_open": _LeftHeading}


def _print(markdown: str) -> None:
    console = console_for(sys.stdout)
    page = _Page(in_terminal(markdown, f"{program()} help"), hyperlinks=False)
    with console.capture() as printed:
        console.print(page, width=columns_of(console) or MAX_COLUMNS)
    # Lines are filled up to the width.
    click.echo("\n".join(line.rstrip() for line in printed.get().splitlines()))


def _written(manual: Manual, folder: Path, form: str, ctx: click.Context) -> Iterator[Path]:
    """Writes every page, and of those for man one for each command too; gives what was written."""
    make_folder(folder)
    names = [INDEX, *(page.name for page in manual.pages)]
    if form == "markdown":
        pages = {f"{name}.md": manual.markdown(name) for name in names}
    else:
        pages = {}
        told = {page.name: page.about for page in PAGES}
        for name in names:
            called = "searchapp" if name == INDEX else f"searchapp-{name}"
            section = 1 if name == INDEX else 7
            text = in_terminal(manual.markdown(name), "searchapp help")
            pages[f"{called}.{section}"] = to_man(
                text, name=called, section=section, about=told.get(name, "search a news archive"), version=__version__
            )
        for name, command in _commands(ctx.find_root().command).items():
            text = command_markdown(text_of(command, f"searchapp {name}"), level=1)
            pages[f"searchapp-{name}.1"] = to_man(
                in_terminal(text, "searchapp help"),
                name=f"searchapp-{name}",
                section=1,
                about=one_line(command.get_short_help_str(limit=200)),
                version=__version__,
            )
    for name, text in pages.items():
        with replacing_text(folder / name) as stream:
            stream.write(text)
        yield folder / name
