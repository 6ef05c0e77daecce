"""The server: where it listens, whom it answers, how it stops."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

SCRIPT = """
import sys
from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.model.article import Article
from searchapp.web import serve

archive = Archive(MemoryEngine())
archive.add([Article(id="a", body="snow")], recognise=False)
serve(archive, host=sys.argv[1], port=0, ready=lambda address: print(address, flush=True))
print("stopped", flush=True)
"""


@pytest.fixture
def server() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, "127.0.0.1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        guard = threading.Timer(60, process.kill)
        guard.start()
        yield process
        guard.cancel()
        process.kill()


def get(address: str, path: str, **headers: str) -> tuple[int, bytes]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_the_server_answers_at_the_address_it_gives_and_stops_quietly(server: subprocess.Popen[str]) -> None:
    assert server.stdout is not None
    address = server.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    status, body = get(address, "/?q=snow")
    assert status == 200
    assert b"1 article" in body
    # Another page's script may have its own name point to this machine; it must not read the archive so.
    assert get(address, "/?q=snow", Host="evil.example")[0] == 421
    assert get(address, "/" + "a" * 100_000)[0] >= 400
    server.send_signal(signal.SIGINT)
    out, errors = server.communicate(timeout=20)
    assert out == "stopped\n"
    assert "Traceback" not in errors
    assert server.returncode == 0
