"""Serves an archive with waitress."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from searchapp.archive import Archive
from searchapp.errors import SettingsError
from searchapp.manual.references.commands import CommandText
from searchapp.platform.interruption import Interruption
from searchapp.platform.machine import reuses_addresses
from searchapp.web.app import LOOPBACK_HOSTS, make_app
from searchapp.web.serving.connections import answer_on
from searchapp.web.serving.processes import Beat, run_in

__all__ = ["serve"]

WAITING = 1024
"""Connections that the system holds until one is taken."""


def serve(
    archive: Archive,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    title: str = "News archive",
    noindex: bool = True,
    add: str = "",
    commands: Callable[[], Sequence[CommandText]] | None = None,
    cors: str = "",
    edit: bool = False,
    processes: int = 1,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Answers requests until it is interrupted. `ready` is called with the address once it listens; port 0 picks one.

    An empty archive says on its page that the command `add` adds articles, where only this machine reads the page. The
    `commands` tell of themselves in the manual. `cors` is as for `make_app`. With several `processes` each has a copy
    of `archive`, which must then be one that lives in files.
    With `edit` names can be corrected in the page; raises `SettingsError` where others reach `host`.
    Raises `OSError` when the address cannot be bound, `ServingError` when no process can be kept running. Call it from
    the main thread, which alone is told of Ctrl-C.
    """
    hosts = LOOPBACK_HOSTS if _is_loopback(host) else None
    if edit and hosts is None:
        raise SettingsError(
            f"names are corrected on this machine alone, and {host!r} is reached by others; leave out --host"
        )
    app = make_app(
        archive,
        title=title,
        hosts=hosts,
        noindex=noindex,
        add=add if hosts else "",
        commands=commands,
        cors=cors,
        edit=edit,
    )
    # waitress logs every queued request as a warning, which tells a reader of the terminal nothing.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    with ExitStack() as opened:
        # From before anybody can be told that it listens, Ctrl-C is waited for and not raised.
        interruption = opened.enter_context(Interruption())
        sockets = [opened.enter_context(listening) for listening in _listening(host, port)]
        if ready is not None:
            shown = f"[{host}]" if ":" in host else host
            ready(f"http://{shown}:{sockets[0].getsockname()[1]}")

        def answer(beat: Beat) -> None:
            # Only one that serves alone is told of Ctrl-C itself.
            answer_on(sockets, app, interruption if processes == 1 else None, beat)

        run_in(processes, answer, interruption)


def _listening(host: str, port: int) -> list[socket.socket]:
    """A listening socket for every address of `host` that this machine has, all on the same port."""
    addresses = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    found: list[socket.socket] = []
    missing: OSError | None = None
    for family, _, _, _, address in addresses:
        chosen = found[0].getsockname()[1] if found else port
        try:
            found.append(_listener(family, (address[0], chosen, *address[2:])))
        except OSError as error:
            # "localhost" often has an address of IPv6 where the system knows none.
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                for listening in found:
                    listening.close()
                raise
            missing = error
    if missing and not found:
        raise missing
    return found


def _listener(family: int, address: tuple[object, ...]) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if reuses_addresses():
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
        listening.listen(WAITING)
        listening.settimeout(0)
    except OSError:
        listening.close()
        raise
    return listening


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
