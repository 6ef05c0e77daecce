"""How long starting takes, as a multiple of a Python that does nothing; medians of runs that take turns.

python tests/benchmarks/startup.py [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

RUNS = 25
BOUNDS = {"import searchapp": 6.0, "searchapp --version": 8.0}
"""What may not be exceeded."""


def program() -> list[str]:
    """The installed command of this Python, or what comes to the same."""
    script = Path(sysconfig.get_path("scripts")) / "searchapp"
    return [str(script)] if script.exists() else [sys.executable, "-m", "searchapp"]


def commands() -> dict[str, list[str]]:
    python = [sys.executable, "-c"]
    return {
        "python -c pass": [*python, "pass"],
        "import searchapp": [*python, "import searchapp"],
        "from searchapp import Article, SearchRequest": [*python, "from searchapp import Article, SearchRequest"],
        "from searchapp import Archive": [*python, "from searchapp import Archive"],
        "searchapp --version": [*program(), "--version"],
        "searchapp --help": [*program(), "--help"],
        "searchapp search --help": [*program(), "search", "--help"],
        "searchapp search peace": [*program(), "search", "peace"],
    }


def medians_ms(runs: int, folder: str) -> dict[str, float]:
    """Name of what is run to milliseconds; `folder` holds an index."""
    took: dict[str, list[float]] = {name: [] for name in commands()}
    for _ in range(runs):
        for name, command in commands().items():
            started = time.perf_counter()
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            took[name].append(1000 * (time.perf_counter() - started))
    return {name: statistics.median(times) for name, times in took.items()}


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "news.csv").write_text("title,body\nHello,Ann Lee makes peace.\n", encoding="utf-8")
        subprocess.run([*program(), "index", "news.csv"], cwd=folder, check=True, capture_output=True)
        found = medians_ms(runs, folder)
    bare = found["python -c pass"]
    print(f"{'':46}{'ms':>8}{'times a bare start':>20}")
    for name, ms in found.items():
        bound = f"   at most {BOUNDS[name]:g}" if name in BOUNDS else ""
        print(f"{name:46}{ms:8.1f}{ms / bare:20.2f}{bound}")
    return int(any(found[name] > bound * bare for name, bound in BOUNDS.items()))


if __name__ == "__main__":
    sys.exit(main())
