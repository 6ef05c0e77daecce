"""What recognising names adds to indexing: `python tests/benchmarks/indexing.py [FOLDER] [--runs N]`.

Runs `searchapp index` on the folder as a user does, in turn with and without `--no-recognise`, each into a new index,
and prints seconds on the clock and of processor time, and how many times longer recognising takes. Times differ from
run to run on a busy machine, so the fastest of each are compared.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

SHARED = Path(os.environ.get("SEARCHAPP_TEST_DATA", Path(__file__).parents[3] / "shared"))
WAYS = {"without names": ["--no-recognise"], "with names": [], "with names, one process": []}
ONE_PROCESS = {"SEARCHAPP_PROCESSES": "1"}
BAR = 2.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED / "corpora" / "reuters21578")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        sys.exit(f"no articles in {str(options.folder)!r}; name their folder")
    found: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for _ in range(options.runs):
        for way, flags in WAYS.items():
            found[way].append(_indexed(options.folder, flags, ONE_PROCESS if "one process" in way else {}))
    base = min(clock for clock, _ in found["without names"])
    print("| indexing | fastest s | median s | processor s | of that without names |\n|---|---:|---:|---:|---:|")
    for way, times in found.items():
        clocks, processor = [clock for clock, _ in times], min(spent for _, spent in times)
        fastest = min(clocks)
        row = f"{fastest:.1f} | {statistics.median(clocks):.1f} | {processor:.1f} | {fastest / base:.2f}"
        print(f"| {way} | {row} |")
    print(f"\n{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores; bar {BAR}")


def _indexed(folder: Path, flags: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds on the clock, and of processor time of all its processes."""
    with tempfile.TemporaryDirectory() as target:
        command = [sys.executable, "-m", "searchapp", "index", str(folder), "--index", f"{target}/index", *flags]
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
        clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
