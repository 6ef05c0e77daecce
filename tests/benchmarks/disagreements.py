"""Random searches of Reuters-21578 beside a plain evaluation of the same articles: `disagreements.py --searches 5000`.

The evaluation (`tests/plain_oracle.py`) shares nothing with the program but its articles. It prints every difference in
totals, hits by date, values of a facet and the timeline, and fails where there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from plain_oracle import Oracle, disagreements

from searchapp import Archive
from searchapp.corpus import walk
from searchapp.model.article import Article

SHARED = Path(os.environ.get("SEARCHAPP_TEST_DATA", Path(__file__).parents[3] / "shared"))


def main() -> None:
    """Asks, and tells what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED / "corpora" / "reuters21578")
    parser.add_argument("--searches", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    articles = [item for item in walk([given.folder]) if isinstance(item, Article)]
    oracle = Oracle(articles)
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, create=True) as archive:
        archive.add(articles, recognise=False)
        found = 0
        for line in disagreements(archive, oracle, searches=given.searches, seed=given.seed):
            print(line)
            found += 1
    print(f"{given.searches:,} searches of {len(articles):,} articles: {found:,} differences")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
