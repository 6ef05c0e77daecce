"""Kills a writer at random moments of adding, committing and merging, and looks at what is left.

`python tests/benchmarks/crashes.py [--kills 200]`. Each time the index must open, hold exactly a committed state and
pass its own check. The ordinary tests do the same fifteen times.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))


def main() -> None:
    """Kill, check, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    life = importlib.import_module("tests.columnar.test_index_life")
    small = importlib.import_module("tests.columnar.conftest")
    chance = random.Random(options.seed)
    commits: Counter[int] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "index"
        for number in range(options.kills):
            if number % 20 == 0:
                # Start over, so that small indexes are killed as often as grown ones.
                folder = Path(temporary) / str(number)
                small.ColumnarIndex.create(folder, small.schema(), order=small.ORDER)
            before = life.holds_a_committed_state(folder)
            life.killed_while_writing(folder, chance.uniform(0.0, 0.4), first=before + 1)
            commits[life.holds_a_committed_state(folder) - before] += 1
    shown = ", ".join(f"{count} kills after {done} commits" for done, count in sorted(commits.items()))
    print(f"{options.kills} kills left a committed state each time ({shown})")


if __name__ == "__main__":
    main()
