"""The program `searchapp`: its commands, and how errors become exit codes."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any, NoReturn

import click

from searchapp.cli.streams import finish_output, prepare_streams
from searchapp.errors import SearchappError, UsageError
from searchapp.platform.interruption import INTERRUPTED, ending_at_once, raising
from searchapp.version import __version__

__all__ = ["main"]

_SHORT_HELP = {
    "demo": "Show the page over the sample articles.",
    "open": "Index a folder of articles, and open its page.",
    "index": "Read files, folders and patterns into the index.",
    "search": "Find articles by words, people, places and more.",
    "show": "Show one article and the names in it.",
    "facets": "List all values of a facet with their counts.",
    "entity": "Tell about a person, place or organisation.",
    "read": "Print the articles of one file as JSON, without an index.",
    "extract": "List the names in one file, without an index.",
    "export": "Write all articles that a search finds.",
    "names": "Correct names: merge, rename, retype, split, block.",
    "stats": "Say what the index holds.",
    "check": "Read the whole index and say whether it is sound.",
    "doctor": "Say what is wrong, and which command mends it.",
    "copy": "Copy an archive into another place, such as a cluster.",
    "parity": "Ask two archives the same, and tell every difference.",
    "backup": "Copy the archive into a folder, and check the copy.",
    "restore": "Put a backup in place of the archive.",
    "repair": "Save what is whole of a damaged archive.",
    "rebuild": "Write the whole index anew, from the articles in it.",
    "serve": "Serve the page for the browser, until Ctrl-C.",
    "config": "Show the settings that hold, and what set them.",
    "help": "Print a page of the manual, or the help of a command.",
}
"""Command, in the order in which people meet them, to what the list of commands says of it.

Each is the command of this name in the module of this name in `commands`, or in one of the rooms in there, loaded when
it runs or tells its own help: most of the time that a short command takes would else go into loading all.
"""

_ROOMS = {
    "upkeep": ("check", "doctor", "copy", "parity", "backup", "restore", "repair", "rebuild"),
    "starting": ("demo", "open", "config", "help"),
}
_HOMES = {name: f".{room}" for room, names in _ROOMS.items() for name in names}

_OF_OUTPUT = {errno.ENOSPC, errno.EBADF, errno.EIO, errno.EFBIG}


class _Failure(click.ClickException):
    """One line on stderr, then the exit code for what failed."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        complain(self.message)


class _Misuse(_Failure):
    """The same for what was asked for wrongly."""

    exit_code = 2


class _Commands(MutableMapping[str, click.Command]):
    """The commands by name, each loaded when it is asked for. There are no others, and none can be taken away."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in _SHORT_HELP:
            raise KeyError(name)
        room = f"searchapp.cli.commands{_HOMES.get(name, '')}"
        with ending_at_once():
            command: click.Command = getattr(import_module(f"{room}.{name}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_SHORT_HELP)

    def __len__(self) -> int:
        return len(_SHORT_HELP)

    def __setitem__(self, name: str, command: click.Command) -> NoReturn:
        raise TypeError("the commands are those of the table")

    def __delitem__(self, name: str) -> NoReturn:
        raise TypeError("the commands are those of the table")


class _Program(click.Group):
    """A group whose commands end with an exit code and one line, never with a traceback, when something is wrong."""

    def main(self, *args: Any, **options: Any) -> Any:
        prepare_streams()
        typed = args[0] if args else options.get("args")
        try:
            # What was typed is kept, for messages that say how to run it again.
            done = super().main(*args, obj=tuple(sys.argv[1:] if typed is None else typed), **options)
        except OSError as error:
            # What is said before any command runs, such as the help, could not be written.
            finish_output()
            complain(_plain(error))
            raise SystemExit(_Failure.exit_code) from None
        except SystemExit as end:
            lost = finish_output()
            if lost is not None and not end.code:
                complain(_plain(lost))
                raise SystemExit(_Failure.exit_code) from None
            raise
        return done

    def list_commands(self, ctx: click.Context) -> list[str]:
        # Not by the alphabet.
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_SHORT_HELP.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with raising():
                return super().invoke(ctx)
        except UsageError as error:
            raise _Misuse(str(error)) from error
        except SearchappError as error:
            raise _Failure(str(error)) from error
        except KeyboardInterrupt:
            click.echo("\nstopped", err=True)
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if error.errno == errno.EPIPE:
                # The reader has seen enough, as `head` has after ten lines; click ends quietly.
                raise
            raise _Failure(_plain(error)) from error


def complain(message: str) -> None:
    """One line on stderr."""
    from searchapp.cli.output import tell

    tell("Error", message)


def _plain(error: OSError) -> str:
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    if error.filename:
        return f"{str(error.filename)!r}: {reason}"
    # Whatever is a file of ours has its name in the error.
    return f"the output cannot be written: {reason}" if error.errno in _OF_OUTPUT else reason


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    click.echo(f"searchapp {__version__}")
    ctx.exit()


@click.group(
    cls=_Program,
    commands=_Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
@click.option("--index", metavar="DIR", help="The folder of the index, for whichever command follows.")
def main(index: str | None) -> None:
    """Search a news archive by words, people, places and organisations.

    Index a folder of articles once, then search it from here, from a web page or from Python.
    """
