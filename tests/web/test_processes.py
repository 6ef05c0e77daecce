"""Several processes behind one address: one that dies is replaced, and none outlives the one that was started."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from searchapp.platform.interruption import Interruption
from searchapp.web.serving import processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the server is a single process")

SCRIPT = """
import os, sys
from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.web import app
from searchapp.web.serving import processes
from searchapp.web.serving import server

class Named(MemoryEngine):
    @property
    def generation(self):
        return f"process-{os.getpid()}"

processes.PAUSE_S = 0.05
processes.STILL_S = 1.5
exec(sys.argv[1] if len(sys.argv) > 1 else "")
server.serve(Archive(Named()), port=0, processes=2, ready=lambda address: print(address, flush=True))
print("stopped", flush=True)
"""


@contextmanager
def running(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        guard = threading.Timer(60, process.kill)
        guard.start()
        yield process
        guard.cancel()
        process.kill()


@pytest.fixture
def server() -> Iterator[subprocess.Popen[str]]:
    with running(SCRIPT) as process:
        yield process


def copies(process: subprocess.Popen[str]) -> set[int]:
    """The processes that a running one has started."""
    with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as listed:
        return {int(number) for number in listed.read().split()}


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return urlsplit(process.stdout.readline().strip()).netloc


def status(place: str) -> int:
    connection = HTTPConnection(place, timeout=20)
    try:
        connection.request("GET", "/api/suggest?q=")
        return connection.getresponse().status
    finally:
        connection.close()


def wait_until(happened: object) -> None:
    assert callable(happened)
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{process}/stat", encoding="ascii") as state:
        return state.read().rpartition(")")[2].split()[0] == "Z"


def test_a_process_that_dies_is_replaced(server: subprocess.Popen[str]) -> None:
    place = address_of(server)
    wait_until(lambda: len(copies(server)) == 2)
    before = copies(server)
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    assert status(place) == 200
    wait_until(lambda: len(copies(server)) == 2 and victim not in copies(server))
    assert status(place) == 200


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_none_outlives_the_one_that_was_started(server: subprocess.Popen[str], how: signal.Signals) -> None:
    place = address_of(server)
    wait_until(lambda: len(copies(server)) == 2)
    started = copies(server)
    assert status(place) == 200
    server.send_signal(how)
    out, _ = server.communicate(timeout=20)
    assert out == ("stopped\n" if how == signal.SIGINT else "")
    wait_until(lambda: all(gone(process) for process in started))
    with pytest.raises(ConnectionRefusedError):
        status(place)


def test_one_that_stands_still_is_replaced(server: subprocess.Popen[str]) -> None:
    place = address_of(server)
    wait_until(lambda: len(copies(server)) == 2)
    victim = min(copies(server))
    os.kill(victim, signal.SIGSTOP)
    wait_until(lambda: len(copies(server)) == 2 and victim not in copies(server))
    assert status(place) == 200
    server.send_signal(signal.SIGINT)
    assert f"was not heard of for {1.5:g} s" in server.communicate(timeout=20)[1]


def test_an_interruption_at_the_very_start_is_not_lost(server: subprocess.Popen[str]) -> None:
    address_of(server)
    server.send_signal(signal.SIGINT)
    assert server.communicate(timeout=20)[0] == "stopped\n"


@pytest.mark.parametrize("when", ["before", "after_in_parent", "after_in_child"])
def test_an_interruption_that_comes_while_a_process_is_copied_is_not_lost(when: str) -> None:
    # Python lets no exception out of what it calls then.
    hook = f"import signal; os.register_at_fork({when}=lambda: os.kill(os.{{}}(), signal.SIGINT))"
    with running(SCRIPT, hook.format("getppid" if when == "after_in_child" else "getpid")) as process:
        out, errors = process.communicate(timeout=20)
    assert out.endswith("stopped\n")
    assert "Traceback" not in errors


FAILING = """
import os, sys
from searchapp.errors import ServingError
from searchapp.platform.interruption import Interruption
from searchapp.web.serving import processes

def answer(beat):
    print("started", flush=True)
    if sys.argv[1] == "later":
        beat()
    raise MemoryError("no room for the index")

processes.PAUSE_S = 0.01
with Interruption() as interruption:
    try:
        processes.run_in(2, answer, interruption)
    except ServingError as error:
        print(error, flush=True)
"""


def test_where_no_process_ever_comes_up_the_server_says_why_and_ends() -> None:
    with running(FAILING, "never") as process:
        out, errors = process.communicate(timeout=20)
    assert processes.TRIES <= out.count("started") <= 2 * processes.TRIES
    assert "no serving process comes up: the last one ended with code 1" in out
    assert "a serving process failed: MemoryError: no room for the index" in errors
    assert "Traceback" not in errors


def test_a_process_that_fails_again_and_again_is_started_less_and_less_often() -> None:
    with running(FAILING, "later") as process:
        assert process.stderr
        pauses: list[float] = []
        for line in process.stderr:
            if found := re.search(r"another starts in ([\d.]+) s", line):
                pauses.append(float(found[1]))
            if len(pauses) == 10:
                break
        process.send_signal(signal.SIGINT)
    assert sorted(pauses) == pytest.approx([0.01 * 2**at for at in range(5) for _ in range(2)])


def test_there_is_a_process_for_each_core_but_never_many() -> None:
    assert 1 <= processes.useful_processes() <= min(processes.MOST, len(os.sched_getaffinity(0)))


def test_a_single_process_is_no_copy() -> None:
    ran = []
    with Interruption() as interruption:
        processes.run_in(1, lambda beat: ran.append(os.getpid()), interruption)
    assert ran == [os.getpid()]
