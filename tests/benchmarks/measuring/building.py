"""What indexing costs, each engine in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time

from rivals import Case, Record, make_rival

from .corpus import Metered, articles_of, many_names, records

__all__ = ["Cost", "build_here", "built", "open_here", "opened"]

NAMES_SEED = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What an index cost."""

    articles: int
    wall_s: float
    processor_s: float
    """Of all threads."""
    size_bytes: int
    peak_bytes: int
    """The most memory that the process had, articles that wait to be indexed among it."""


def built(name: str, corpus: Path, times: int, work: Path, *, named: bool = False) -> tuple[Path, Cost]:
    """An index and what it cost; made now unless an earlier run has left it. `named` gives articles made-up people."""
    target = work / f"{name}-{times}{'-named' if named else ''}"
    note = target.with_suffix(".json")
    if not note.exists():
        print(f"indexing {times}x with {name}{', many names' if named else ''} ...", file=sys.stderr)
        extra = ["--named"] if named else []
        _run_child("--build", name, "--times", str(times), "--work", str(target), *extra, str(corpus), note=note)
    return target, Cost(**json.loads(note.read_text()))


def build_here(name: str, corpus: Path, times: int, target: Path, *, named: bool) -> None:
    """Indexes in this process and prints what it cost; making the articles is not counted."""
    articles = articles_of(corpus)
    source: Iterator[Record] = records(articles, times)
    metered = Metered(many_names(source, seed=NAMES_SEED) if named else source)
    begun, worked = perf_counter(), process_time()
    make_rival(name, target).add(metered)
    cost = Cost(
        articles=metered.count,
        wall_s=perf_counter() - begun - metered.wall_s,
        processor_s=process_time() - worked - metered.processor_s,
        size_bytes=sum(path.stat().st_size for path in target.rglob("*") if path.is_file()),
        peak_bytes=_peak_bytes(),
    )
    print(json.dumps(asdict(cost)))


def opened(name: str, target: Path) -> tuple[float, float]:
    """Milliseconds of opening an index in a new process, and of its first search."""
    found = _run_child("--open", name, "--work", str(target))
    return found["open_s"] * 1000, found["first_s"] * 1000


def open_here(name: str, target: Path) -> None:
    """Opens an index in this process, which has done nothing else, and prints what it and one search took."""
    rival = make_rival(name, target)
    begun = perf_counter()
    rival.open()
    ready = perf_counter()
    rival.ask(Case.of_words(("said",)))
    print(json.dumps({"open_s": ready - begun, "first_s": perf_counter() - ready}))


def _run_child(*arguments: str, note: Path | None = None) -> dict[str, float]:
    done = subprocess.run([sys.executable, sys.argv[0], *arguments], check=True, stdout=subprocess.PIPE, text=True)
    last = done.stdout.splitlines()[-1]
    if note is not None:
        note.write_text(last)
    found: dict[str, float] = json.loads(last)
    return found


def _peak_bytes() -> int:
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage says counts in what the parent had when it started this process.
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
