"""Serves an archive with waitress."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress

import bottle
import waitress

from searchapp.archive import Archive
from searchapp.web.app import LOOPBACK_HOSTS, make_app
from searchapp.web.serving.processes import run_in

__all__ = ["serve"]

THREADS = 4
MAX_REQUEST_BYTES = 64_000
"""Of a request's head, and of the body that no page wants."""
WAITING = 1024
"""Connections that the system holds until one is taken."""


def serve(
    archive: Archive,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    title: str = "News archive",
    noindex: bool = True,
    processes: int = 1,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Answers requests until it is interrupted. `ready` is called with the address once it listens; port 0 picks one.

    With several `processes` each has a copy of `archive`, which must then be one that lives in files.
    Raises `OSError` when the address cannot be bound.
    """
    hosts = LOOPBACK_HOSTS if _is_loopback(host) else None
    app = make_app(archive, title=title, hosts=hosts, noindex=noindex)
    # waitress logs every queued request as a warning, which tells a reader of the terminal nothing.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    with ExitStack() as opened:
        sockets = [opened.enter_context(listening) for listening in _listening(host, port)]
        # Where the interruption comes outside of the server's own loop, which takes it silently.
        with suppress(KeyboardInterrupt):
            if ready is not None:
                shown = f"[{host}]" if ":" in host else host
                ready(f"http://{shown}:{sockets[0].getsockname()[1]}")
            run_in(processes, lambda: _answer(app, sockets))


def _answer(app: bottle.Bottle, sockets: list[socket.socket]) -> None:
    server = waitress.create_server(
        app,
        # Each server closes its own.
        sockets=[listening.dup() for listening in sockets],
        threads=THREADS,
        ident=None,
        max_request_header_size=MAX_REQUEST_BYTES,
        max_request_body_size=MAX_REQUEST_BYTES,
        channel_timeout=30,
        clear_untrusted_proxy_headers=True,
    )
    try:
        server.run()
    finally:
        server.close()


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
        if os.name == "posix":
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
