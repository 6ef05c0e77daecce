"""How long it takes from `searchapp demo`, started for the first time, to its first page; and from each later start.

python tests/benchmarks/first_page.py [RUNS]
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from startup import program

RUNS = 5
BOUND_S = 3.0
"""What the first start may take."""


def seconds_to_first_page(data: str) -> float:
    environment = {**os.environ, "SEARCHAPP_DATA": data, "PYTHONUNBUFFERED": "1"}
    started = time.perf_counter()
    process = subprocess.Popen(
        [*program(), "demo", "--no-open", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process, process.stdout:
        for line in process.stdout:
            if address := re.search(r"http://\S+:\d+", line):
                break
        else:
            raise SystemExit("searchapp demo ended without a page")
        with urllib.request.urlopen(address.group(), timeout=60) as page:
            page.read()
        took = time.perf_counter() - started
        process.send_signal(signal.SIGINT)
        process.wait(60)
    return took


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    first, later = [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as data:
            first.append(seconds_to_first_page(data))
            later.append(seconds_to_first_page(data))
    print(f"searchapp demo, to its first page, seconds of {runs} runs (median, slowest)")
    print(f"first start  {statistics.median(first):6.2f} {max(first):6.2f}   at most {BOUND_S:g}")
    print(f"later start  {statistics.median(later):6.2f} {max(later):6.2f}")
    return int(statistics.median(first) > BOUND_S)


if __name__ == "__main__":
    sys.exit(main())
