"""`searchapp serve`: the page, on this machine."""

from __future__ import annotations

import errno
import socket

import click

from searchapp.archive import Archive
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option
from searchapp.cli.output import one_line, tell
from searchapp.errors import SettingsError
from searchapp.platform.interruption import ending_at_once
from searchapp.settings import Settings

__all__ = ["serve"]

_EVERY_ADDRESS = ("0.0.0.0", "::", "")
_FOR_ALL = "every machine that reaches this one can read the archive; leave out --host to keep it here"


@click.command(cls=ExampleCommand, example="searchapp serve --port 8081")
@index_option
@click.option(
    "--host",
    default=lambda: Settings.from_environment().host,
    help="The address to listen on; any but a local one lets other machines read the archive.  "
    "[default: SEARCHAPP_HOST, else 127.0.0.1]",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=lambda: Settings.from_environment().port,
    help="The port to listen on; 0 takes any free one.  [default: SEARCHAPP_PORT, else 8080]",
)
def serve(location: str, host: str, port: int) -> None:
    """Serve the page for the browser, until Ctrl-C."""
    # It only reads, so that until the server waits for Ctrl-C itself nothing has to be put in order.
    with ending_at_once():
        # Only this command needs the web stack, and all others start faster without it.
        from searchapp.web.serving.processes import useful_processes
        from searchapp.web.serving.server import serve as serve_page

        if host in _EVERY_ADDRESS:
            tell(
                "Warning", "every machine that reaches this one can read the archive; leave out --host to keep it here"
            )
        with Archive.open(location) as archive:
            try:
                _try_address(host, port)
                serve_page(archive, host=host, port=port, processes=useful_processes(), ready=_announce)
            except OSError as error:
                raise SettingsError(_why_not(error, host, port)) from error
    click.echo("\nstopped", err=True)


def _try_address(host: str, port: int) -> None:
    """Raises `OSError`, and leaves nothing open, where nothing can listen."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.create_server((str(address[0]), port), family=family):
        pass


def _announce(address: str) -> None:
    click.echo(f"Searching is open at {one_line(address)} (stop with Ctrl-C)")


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host!r} is taken; choose another with: searchapp serve --port {port + 1}"
    if error.errno == errno.EACCES:
        return f"port {port} on {host!r} is reserved for the system; choose one above 1023 with --port"
    reason = (error.strerror or str(error)).lower()
    return f"cannot listen on {host!r}, port {port}: {reason}; choose another with --host or --port"
