"""What a server stands: slow clients, readers of long articles, unread exports, commits, and Ctrl-C at any moment.

    python tests/benchmarks/clients.py                        all of it in small, two to three minutes
    python tests/benchmarks/clients.py --interrupts 300       Ctrl-C to so many servers and programs
    python tests/benchmarks/clients.py --commits 5000         under a serving process
    python tests/benchmarks/clients.py --slow 200 --seconds 60

Every line is one bar with its count, and says whether it holds. The server has a process of its own for each core.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from searchapp import Archive, Article, Mention

PROGRAM = [sys.executable, "-m", "searchapp"]
SENTENCE = "The minister of Armenia said talks with John Smith in London went on.\n\n"
NAMES = (("place", "Armenia"), ("person", "John Smith"), ("place", "London"))
HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "
EXPORT = b"GET /export.jsonl HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PAGES = (
    "/?q=talks",
    "/article/a3",
    "/api/search?q=minister",
    "/api/suggest?q=joh",
    "/facet/people",
    "/feed.atom?q=talks",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slow", type=int, default=200, help="half-sent requests beside the readers")
    parser.add_argument("--seconds", type=float, default=20, help="for which others are answered meanwhile")
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--interrupts", type=int, default=20)
    parser.add_argument("--only", choices=["clients", "commits", "interrupts", "pages"])
    wanted = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {len(os.sched_getaffinity(0))} cores", flush=True)
    held = []
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        with Archive.open(index, create=True) as archive:
            archive.add([article(f"a{number}", 1_500) for number in range(200)], recognise=False)
            archive.add([article("long", 1_000_000)], recognise=False)
        if wanted.only in (None, "clients"):
            held.append(slow_clients(index, wanted.slow, wanted.seconds))
        if wanted.only in (None, "interrupts"):
            held.append(interrupts(index, wanted.interrupts))
        if wanted.only in (None, "pages"):
            held.append(long_pages(Path(folder) / "growing"))
        if wanted.only in (None, "commits"):
            held.append(commits(index, wanted.commits))
    sys.exit(not all(held))


def article(name: str, chars: int) -> Article:
    times = max(1, chars // len(SENTENCE))
    mentions = [
        Mention(at * len(SENTENCE) + start, at * len(SENTENCE) + start + len(label), label, kind, label)
        for at in range(times)
        for kind, label in NAMES
        for start in [SENTENCE.index(label)]
    ]
    return Article(id=name, title=f"Talks {name}", body=SENTENCE * times, mentions=mentions)


def tell(bar: str, figures: str, *, holds: bool) -> bool:
    print(f"{'holds' if holds else 'FAILS'}  {bar}: {figures}", flush=True)
    return holds


@contextmanager
def serving(index: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [*PROGRAM, "serve", "--index", str(index), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            found = re.search(r":(\d+) ", process.stdout.readline())
            assert found
            yield process, int(found[1])
        finally:
            process.kill()


def opened(port: int, sent: bytes) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(30)
    made.connect(("127.0.0.1", port))
    made.sendall(sent)
    return made


def asked(port: int, path: str) -> tuple[int, float]:
    """Status, 0 for none, and seconds."""
    begun = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status, time.perf_counter() - begun
    except (OSError, HTTPException):
        return 0, time.perf_counter() - begun
    finally:
        connection.close()


def slow_clients(index: Path, slow: int, seconds: float) -> bool:
    """Others while so many send half a request, 8 read an article of a megabyte, and 8 exports are not read."""
    with serving(index) as (_, port), ExitStack() as stack:
        asked(port, "/")
        for _ in range(slow):
            stack.enter_context(opened(port, HALF))
        for _ in range(8):
            stack.enter_context(opened(port, EXPORT))
        over = threading.Event()
        long: Counter[int] = Counter()

        def read_long() -> None:
            while not over.is_set():
                long[asked(port, "/article/long")[0]] += 1

        readers = [threading.Thread(target=read_long) for _ in range(8)]
        for reader in readers:
            reader.start()
        times, found = [], Counter[int]()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            status, took = asked(port, random.choice(PAGES))
            found[status] += 1
            times.append(took)
        over.set()
        for reader in readers:
            reader.join()
    cuts = statistics.quantiles(times, n=100)
    figures = (
        f"{found[200]} of {len(times)} answered, median {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms, "
        f"longest {max(times) * 1000:.0f} ms; the long article {long[200]} of {sum(long.values())}"
    )
    bar = f"{slow} half-sent requests, 8 readers of 1 MB, 8 unread exports"
    return tell(bar, figures, holds=found[200] == len(times) and cuts[98] < 1)


def interrupts(index: Path, tries: int) -> bool:
    """Ctrl-C at a random moment: just after a server is open, and while programs load."""
    kept = 0
    for _ in range(tries):
        with serving(index) as (process, _):
            time.sleep(random.choice([0, 0, random.random() * 0.05]))
            process.send_signal(signal.SIGINT)
            try:
                kept += process.wait(timeout=15) == 0
            except subprocess.TimeoutExpired:
                continue
    done = tell("Ctrl-C just after the server is open", f"{kept} of {tries} ended", holds=kept == tries)
    for name, arguments in (("search", ["talks"]), ("serve", ["--port", "0"])):
        ended, loud, early = 0, 0, 0
        for _ in range(tries):
            command = [*PROGRAM, name, *arguments, "--index", str(index)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
                time.sleep(random.uniform(0.02, 0.5))
                process.send_signal(signal.SIGINT)
                try:
                    _, errors = process.communicate(timeout=15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    continue
            ended += 1
            # Before the program's own first line Python speaks for itself.
            ours = "searchapp" in errors
            loud += "Traceback" in errors and ours
            early += "Traceback" in errors and not ours
        figures = f"{ended} of {tries} ended, {loud} with a traceback, {early} before the first line of the program"
        done &= tell(f"Ctrl-C while {name} loads or runs", figures, holds=ended == tries and not loud)
    return done


def long_pages(folder: Path) -> bool:
    """Seconds of a core for the pages of articles of 0.25, 0.5 and 1 MB: twice the article, about twice the time."""
    from wsgiref.util import setup_testing_defaults

    from searchapp.web.app import make_app

    done = True
    taken: dict[str, list[float]] = {"article": [], "names": [], "marked": []}
    for chars in (250_000, 500_000, 1_000_000):
        with Archive.open(folder / str(chars), create=True) as archive:
            archive.add([article("x", chars)], recognise=False)
            app = make_app(archive, page_timeout_s=600)
            for name, path, query in (
                ("article", "/article/x", ""),
                ("marked", "/article/x", "q=minister+talks"),
                ("names", "/place/Armenia", ""),
            ):
                environ = {"PATH_INFO": path, "QUERY_STRING": query}
                setup_testing_defaults(environ)
                begun = time.process_time()
                assert sum(map(len, app(environ, lambda *_: None)))
                taken[name].append(time.process_time() - begun)
    for name, times in taken.items():
        figures = ", ".join(f"{seconds:.2f}" for seconds in times) + " s"
        done &= tell(f"page of a long article ({name}) at 0.25, 0.5, 1 MB", figures, holds=times[2] < 6 * times[0])
    return done


def commits(index: Path, count: int) -> bool:
    """Open files and memory of the serving processes while another process commits."""
    with serving(index) as (process, port), Archive.open(index) as archive:
        seen: list[tuple[int, int]] = []
        wrong = 0
        for number in range(count):
            archive.add([article(f"c{number % 50}-{number}", 300)], recognise=False)
            wrong += asked(port, random.choice(PAGES))[0] != 200
            if number % max(1, count // 20) == 0:
                seen.append(_held_by(process.pid))
    half = len(seen) // 2
    files = [max(one for one, _ in part) for part in (seen[1:half], seen[half:])]
    memory = [max(one for _, one in part) for part in (seen[1:half], seen[half:])]
    figures = (
        f"{wrong} pages failed; most files open {files[0]} in the first half, {files[1]} in the second; "
        f"memory {memory[0]} MB, {memory[1]} MB"
    )
    flat = files[1] <= files[0] + 32 and memory[1] <= memory[0] * 1.3 + 20
    return tell(f"{count} commits under a server", figures, holds=not wrong and flat)


def _held_by(process: int) -> tuple[int, int]:
    """Open and mapped files, and megabytes of its own, of a process and those that it started: Linux alone."""
    files = kilobytes = 0
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    for number in [str(process), *listed]:
        place = Path("/proc") / number
        files += len(list((place / "fd").iterdir()))
        files += (place / "maps").read_text(encoding="utf-8").count(".columns")
        found = re.search(r"RssAnon:\s+(\d+)", (place / "status").read_text(encoding="utf-8"))
        kilobytes += int(found[1]) if found else 0
    return files, kilobytes // 1024


if __name__ == "__main__":
    main()
