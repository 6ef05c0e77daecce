"""Clients that are slow, or neither send nor read, cost themselves and nobody else."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

PLACES = 40
SCRIPT = f"""
from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.model.article import Article
from searchapp.web import serve
from searchapp.web.serving import connections

connections.CONNECTIONS = {PLACES}
connections.SEND_REQUEST_S, connections.READ_S = 1.0, 60.0
archive = Archive(MemoryEngine())
archive.add([Article(id=str(n), body="snow " * 60_000) for n in range(40)], recognise=False)
serve(archive, port=0, ready=lambda address: print(address, flush=True))
"""


@pytest.fixture
def place() -> Iterator[tuple[str, int]]:
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True) as process:
        guard = threading.Timer(60, process.kill)
        guard.start()
        assert process.stdout
        found = urlsplit(process.stdout.readline().strip())
        assert found.hostname
        assert found.port
        yield found.hostname, found.port
        guard.cancel()
        process.kill()


def ask(place: tuple[str, int], path: str = "/api/suggest?q=") -> int:
    connection = HTTPConnection(*place, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def opened(place: tuple[str, int], sent: bytes) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(20)
    made.connect(place)
    made.sendall(sent)
    return made


HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "
BODY = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\nabc"


@pytest.mark.parametrize("sent", [b"", HALF, BODY], ids=["nothing", "half a head", "half a body"])
def test_more_half_sent_requests_than_there_are_places_keep_nobody_else_out(
    place: tuple[str, int], sent: bytes
) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(opened(place, sent)) for _ in range(2 * PLACES)]
        assert [ask(place) for _ in range(3)] == [200, 200, 200]
        # Those that waited longest made room, and the others are given up in time.
        for connection in (slow[0], slow[-1]):
            assert connection.recv(1) == b""


def test_a_request_that_comes_letter_by_letter_has_the_same_time_as_any(place: tuple[str, int]) -> None:
    deadline = time.monotonic() + 15
    with opened(place, HALF) as dripping:
        dripping.settimeout(0.1)
        while not closed(dripping):
            assert time.monotonic() < deadline


def closed(connection: socket.socket) -> bool:
    """Whether the other side has ended it, found out by sending one more letter."""
    try:
        connection.sendall(b"x")
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_exports_that_nobody_reads_keep_no_page_and_no_other_export_waiting(place: tuple[str, int]) -> None:
    request = b"GET /export.csv HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with ExitStack() as stack:
        unread = [stack.enter_context(opened(place, request)) for _ in range(24)]
        assert ask(place) == 200
        deadline = time.monotonic() + 15
        while (status := ask(place, "/export.csv")) == 503:
            # Whoever came a moment ago may still be about to read.
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert status == 200
        assert ask(place, "/") == 200
        assert len(unread) == 24
