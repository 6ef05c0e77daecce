"""Searching while another process writes to the same index."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic, perf_counter

from searchapp import Archive

from .corpus import articles_of, records
from .tables import table

__all__ = ["keep_writing", "writing_table"]

_ADDED, _SEARCH = 100, "oil prices"


def writing_table(corpus: Path, index: Path, *, seconds: float) -> list[str]:
    """Times of one search with and without a writer, the archive opened anew for each."""
    rows = []
    copy = index.with_name(f"{index.name}-written")
    shutil.copytree(index, copy)
    try:
        rows.append(_row("nobody writes", copy, seconds))
        command = [sys.executable, sys.argv[0], "--keep-writing", "--work", str(copy), str(corpus)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            rows.append(_row(f"another process adds {_ADDED} articles and commits, again and again", copy, seconds))
            writer.kill()
    finally:
        shutil.rmtree(copy, ignore_errors=True)
    return table([f'"{_SEARCH}"', f"searches in {seconds:g} s", "median ms", "99th percentile ms"], rows)


def _row(label: str, index: Path, seconds: float) -> list[str]:
    spans: list[float] = []
    end = monotonic() + seconds
    while monotonic() < end:
        begun = perf_counter()
        with Archive.open(index) as archive:
            archive.search(_SEARCH)
        spans.append((perf_counter() - begun) * 1000)
    spans.sort()
    return [label, str(len(spans)), f"{statistics.median(spans):.2f}", f"{spans[int(len(spans) * 0.99)]:.2f}"]


def keep_writing(corpus: Path, index: Path) -> None:
    """Adds articles, commit by commit, until killed."""
    articles = [record.article for record in records(articles_of(corpus), 1)][:_ADDED]
    with Archive.open(index) as archive:
        print("ready", flush=True)
        for number in range(1_000_000):
            archive.add([replace(a, id=f"new-{number}-{a.id}") for a in articles], recognise=False)
