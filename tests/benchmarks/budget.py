"""Where the time of one answer goes: `python tests/benchmarks/budget.py [INDEX] [--searches 200] [--profile]`.

The same searches are asked for one thing more each time, each time of an archive that was never asked them before; what
a line costs by itself is the difference to the line that it builds on. INDEX is an index of the articles of
`--folder`, such as `search.py --work` leaves; without it one is made. `--profile` prints which functions take the time.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from measuring.corpus import articles_of, first_time_searches
from measuring.tables import table
from rivals import Case

from searchapp import Archive
from searchapp.model import facets
from searchapp.model.query import SearchRequest
from searchapp.model.question import FacetWanted, HitsWanted, Question

SHARED = Path(os.environ.get("SEARCHAPP_TEST_DATA", Path(__file__).parents[3] / "shared"))
REUTERS = SHARED / "corpora" / "reuters21578"
SEED = 23
_Ask = Callable[[Archive, str], object]


def _question(**wanted: Any) -> _Ask:
    bare = replace(Question(), **wanted)
    return lambda archive, text: archive.ask(replace(bare, request=SearchRequest(text)))


def _facets(*names: str) -> tuple[FacetWanted, ...]:
    return tuple(FacetWanted(name, 20) for name in names)


READ, MATCHED, BEST = "reading the query", "which articles match, and how many", "the ten best, their articles read"
SNIPPETS, FACETS, TIMELINE, WHOLE = "ten snippets", "five facets", "timeline", "the whole answer"
STEPS: dict[str, tuple[str, _Ask]] = {
    READ: ("", lambda archive, text: archive.read_query(text)),
    MATCHED: (READ, _question()),
    BEST: (MATCHED, _question(hits=HitsWanted(snippets=False))),
    SNIPPETS: (BEST, _question(hits=HitsWanted())),
    "people alone": (MATCHED, _question(facets=_facets("people"))),
    FACETS: (MATCHED, _question(facets=_facets(*facets.FACETS))),
    TIMELINE: (MATCHED, _question(timeline="auto")),
    WHOLE: ("", lambda archive, text: archive.search(text)),
}
"""What is asked for, after the step that it is compared with."""
PARTS = (READ, MATCHED, BEST, SNIPPETS, FACETS, TIMELINE)
"""What makes up the whole answer."""


def main() -> None:
    """Measures every step and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", nargs="?", type=Path)
    parser.add_argument("--folder", type=Path, default=REUTERS, help="articles that the searches are made of")
    parser.add_argument("--searches", type=int, default=200)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    if not options.folder.is_dir():
        sys.exit(f"no articles in {str(options.folder)!r}; name their folder with --folder")
    articles = articles_of(options.folder)
    known: set[str] = set()
    warm_up = first_time_searches(articles, 20, seed=SEED + 1, apart_from=known)
    cases = first_time_searches(articles, options.searches, seed=SEED, apart_from=known)
    with tempfile.TemporaryDirectory() as temporary:
        index = options.index or Path(temporary) / "index"
        if options.index is None:
            with Archive.open(index, create=True) as archive:
                archive.add(articles, recognise=False)
        print_budget(index, cases, warm_up)
        if options.profile:
            print_profile(index, cases, warm_up)


def print_budget(index: Path, cases: Sequence[Case], warm_up: Sequence[Case]) -> None:
    """A line for each step: median and mean of what it takes, and what of it is its own."""
    spans = spans_us(index, cases, warm_up)
    means = {"": 0.0, **{step: statistics.fmean(own) for step, own in spans.items()}}
    rows = []
    for step, (before, _) in STEPS.items():
        own = means[step] - means[before]
        rows.append([step, f"{statistics.median(spans[step]):,.0f}", f"{means[step]:,.0f}", f"{own:,.0f}", before])
    known = sum(means[step] - means[before] for step, (before, _) in STEPS.items() if step in PARTS)
    print(f"{len(cases)} searches asked for the first time; microseconds on the clock\n")
    print("\n".join(table(["asked for", "median", "mean", "own mean", "more than"], rows)))
    print(f"\nThe parts together take {known:,.0f}, the whole answer {means[WHOLE]:,.0f}.")


def spans_us(index: Path, cases: Sequence[Case], warm_up: Sequence[Case]) -> dict[str, list[float]]:
    """What each search takes by each step, each of which has an archive of its own; steps take turns."""
    steps = list(STEPS)
    spans: dict[str, list[float]] = {step: [] for step in steps}
    with ExitStack() as stack:
        archives = {step: stack.enter_context(Archive.open(index)) for step in steps}
        for number, case in enumerate([*warm_up, *cases]):
            first = number % len(steps)
            for step in steps[first:] + steps[:first]:
                begun = perf_counter()
                STEPS[step][1](archives[step], case.text)
                if number >= len(warm_up):
                    spans[step].append((perf_counter() - begun) * 1e6)
    return spans


def print_profile(index: Path, cases: Sequence[Case], warm_up: Sequence[Case]) -> None:
    """The functions that take most of the time of whole answers, by their own time."""
    profile = cProfile.Profile()
    with Archive.open(index) as archive:
        for case in warm_up:
            archive.search(case.text)
        profile.enable()
        for case in cases:
            archive.search(case.text)
        profile.disable()
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(45)


if __name__ == "__main__":
    main()
