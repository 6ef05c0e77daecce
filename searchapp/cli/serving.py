"""Serving the page in front of somebody: where it is, the browser, and what to type where it cannot be."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from dataclasses import dataclass

import click

from searchapp.archive import Archive
from searchapp.archive.location import shown_location
from searchapp.cli.describing import command_texts
from searchapp.cli.here import again, with_index
from searchapp.cli.output import one_line, tell
from searchapp.errors import SettingsError
from searchapp.platform.interruption import ending_at_once
from searchapp.platform.program import open_browser
from searchapp.settings import held

__all__ = ["Served", "check_address", "serve_archive"]

MAX_PORT = 65_535

_EVERY_ADDRESS = ("0.0.0.0", "::", "")
_TRIED = 50
"""Ports after a taken one that are looked at for a free one."""


@dataclass(frozen=True, slots=True)
class Served:
    """How a page is served."""

    host: str
    port: int
    title: str
    show: bool
    """Whether in the user's browser too."""
    edit: bool = False
    """Whether names can be corrected in it."""

    @classmethod
    def of(
        cls, location: str, *, host: str | None, port: int | None, title: str | None, show: bool, usual_title: str = ""
    ) -> Served:
        """What was asked for, and else what the settings of the archive at `location` say.

        `usual_title` is for where nobody chose one. Raises `SettingsError`.
        """
        found = held(location)
        settings = found.settings
        if port is None and settings.port > MAX_PORT:
            raise SettingsError(f"{found.origins['port']} sets port to {settings.port}; the largest is {MAX_PORT}")
        if not title:
            title = settings.title if found.origins["title"] or not usual_title else usual_title
        return cls(host or settings.host, settings.port if port is None else port, title, show)


def serve_archive(location: str, served: Served) -> None:
    """Serves the archive at `location` until Ctrl-C.

    Raises `SettingsError` where nothing can listen there, with what to type instead.
    """
    # It only reads, so that until the server waits for Ctrl-C itself nothing has to be put in order.
    with ending_at_once():
        # Only what serves needs the web stack, and all other commands start faster without it.
        from searchapp.web.serving.processes import useful_processes
        from searchapp.web.serving.server import serve as serve_page

        root = click.get_current_context().find_root()
        host, port = served.host, served.port
        if host in _EVERY_ADDRESS:
            tell(
                "Warning", "every machine that reaches this one can read the archive; leave out --host to keep it here"
            )
        with Archive.open(location) as archive:
            add = with_index("index FOLDER", location)
            if not len(archive):
                tell("Note", f"there are no articles in {shown_location(location)!r} yet; add some with: {add}")
            check_address(served)
            try:
                serve_page(
                    archive,
                    host=host,
                    port=port,
                    title=served.title,
                    add=add,
                    commands=lambda: command_texts(root),
                    cors=held(location).settings.cors,
                    edit=served.edit,
                    processes=useful_processes(),
                    ready=_announcing(show=served.show),
                )
            except OSError as error:
                raise SettingsError(_why_not(error, host, port)) from error
    click.echo("\nstopped", err=True)


def check_address(served: Served) -> None:
    """Leaves nothing open. Raises `SettingsError` where nothing can listen, with what to type instead."""
    try:
        _listen(served.host, served.port)
    except OSError as error:
        raise SettingsError(_why_not(error, served.host, served.port)) from error


def _listen(host: str, port: int) -> None:
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.create_server((str(address[0]), port), family=family):
        pass


def _announcing(*, show: bool) -> Callable[[str], None]:
    def announce(address: str) -> None:
        click.echo(f"Searching is open at {one_line(address)} (stop with Ctrl-C)")
        if show:
            open_browser(address)

    return announce


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host!r} is taken; choose another with: {again(port=_free_after(host, port))}"
    if error.errno == errno.EACCES:
        return f"port {port} on {host!r} is reserved for the system; choose one above 1023 with: {again(port=8080)}"
    reason = (error.strerror or str(error)).lower()
    return f"cannot listen on {host!r}, port {port}: {reason}; choose another with --host or --port"


def _free_after(host: str, port: int) -> int:
    """The next port on which something can listen, or else the next one."""
    for other in range(port + 1, min(port + 1 + _TRIED, MAX_PORT + 1)):
        try:
            _listen(host, other)
        except OSError:
            continue
        return other
    return port + 1 if port < MAX_PORT else 8080
