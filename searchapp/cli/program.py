"""The program `searchapp`: its commands, and how errors become exit codes."""

from __future__ import annotations

import errno
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from searchapp.cli.check import check
from searchapp.cli.export import export
from searchapp.cli.extract import extract
from searchapp.cli.facets import facets
from searchapp.cli.index import index
from searchapp.cli.names import names
from searchapp.cli.output import one_line, prepare_streams, tell
from searchapp.cli.search import search
from searchapp.cli.serve import serve
from searchapp.cli.show import show
from searchapp.cli.stats import stats
from searchapp.errors import SearchappError, UsageError

__all__ = ["main"]

INTERRUPTED = 130
"""What a shell reports for a program that Ctrl-C ended."""


class _Failure(click.ClickException):
    """One line on stderr, then the exit code for what failed."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        tell("Error", self.message)


class _Misuse(_Failure):
    """The same for what was asked for wrongly."""

    exit_code = 2


class _Program(click.Group):
    """A group whose commands end with an exit code and one line, never with a traceback, when something is wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        # In the order in which people meet them, not by the alphabet.
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
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


def _plain(error: OSError) -> str:
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    return f"{str(error.filename)!r}: {reason}" if error.filename else reason


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    try:
        number = version("searchapp")
    except PackageNotFoundError:
        number = "(not installed: run from its source folder)"
    click.echo(f"searchapp {one_line(number)}")
    ctx.exit()


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def main() -> None:
    """Search a news archive by words, people, places and organisations.

    Index a folder of articles once, then search it from here, from a web page or from Python.
    """
    prepare_streams()


for _command in (index, search, show, facets, extract, export, names, stats, check, serve):
    main.add_command(_command)
