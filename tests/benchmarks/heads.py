"""How many of the most frequent names of an archive are right: `python tests/benchmarks/heads.py [--data DIR]`.

Indexes Reuters-21578 with recognised names, or reads an index that has it (`--index`), and compares the first values of
each facet with what was judged in `heads.tsv`. Labels that nobody has judged yet are counted apart, and not as right;
`--list` prints them, and those that are not right.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from searchapp import Archive

SHARED = Path(os.environ.get("SEARCHAPP_TEST_DATA", Path(__file__).parents[3] / "shared"))
JUDGED = Path(__file__).with_name("heads.tsv")
FACETS = ("people", "places", "organisations")
VERDICTS = ("right", "wrong", "split", "generic", "unjudged")


def judged() -> dict[tuple[str, str], str]:
    """Facet and label to the verdict."""
    lines = JUDGED.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {(facet, label): verdict for facet, label, verdict in rows}


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=SHARED / "corpora" / "reuters21578")
    parser.add_argument("--index", type=Path, help="an index of it with recognised names")
    parser.add_argument("--top", type=int, default=150)
    parser.add_argument("--list", action="store_true", help="print what is not right")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        if options.index is None and not options.data.is_dir():
            sys.exit(f"no collection in {str(options.data)!r}; name its folder with --data")
        with Archive.open(options.index or Path(folder) / "index", create=options.index is None) as archive:
            if options.index is None:
                archive.add_files(options.data)
            _report(archive, options.top, listed=options.list)


def _report(archive: Archive, top: int, *, listed: bool) -> None:
    verdicts = judged()
    print("| first of each facet | labels | " + " | ".join(VERDICTS) + " | right % |")
    print("|---|---:|" + "---:|" * (len(VERDICTS) + 1))
    notes = []
    for facet in FACETS:
        values = archive.facet(facet).values[:top]
        counts: Counter[str] = Counter()
        for value in values:
            verdict = verdicts.get((facet, value.label), "unjudged")
            counts[verdict] += 1
            if verdict != "right":
                notes.append(f"{facet}\t{value.label}\t{verdict}\t{value.count}")
        share = 100 * counts["right"] / max(1, len(values))
        print(f"| {facet} | {len(values)} | " + " | ".join(str(counts[v]) for v in VERDICTS) + f" | {share:.1f} |")
    if listed:
        print("\n".join(notes))


if __name__ == "__main__":
    main()
