"""Searchapp beside tantivy and SQLite FTS5: `python tests/benchmarks/search.py [FOLDER] [--times 10]`.

Every engine indexes the same articles, those of FOLDER as often as `--times` says; several sizes, such as `--times
1,10,40`, are compared at the end. Then each is asked in turn, in one process: searches never asked before, made of
the articles' own words; some of them, and one search of every class, again and again with another page size each time;
and what one more article takes. An answer is an exact total, ten hits with snippets, facets and a timeline: five
facets for Searchapp, as installed without extras, and three for the others. Each engine searches and indexes with one
thread of its own.

`--relevance [DIR]` measures the first ten hits by the judged queries of DIR, or of the folders in it, and nothing else.
`--work DIR` keeps the indexes for another run, `--save FILE` writes the tables there. 10 times need about 5 minutes
and 2 GB of disk, 40 times about 25 minutes and 6 GB. `pip install 'searchapp[bench]'` brings tantivy.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from measuring.additions import add_one_by_one
from measuring.asking import ask_again, ask_first
from measuring.building import Cost, build_here, built, open_here, opened
from measuring.corpus import articles_of, first_time_searches
from measuring.relevance import collections_below, relevance_table
from measuring.report import BARE, NAMED, OURS, PEER, Measured, growth_lines, machine, size_lines
from measuring.writing import keep_writing, writing_table
from rivals import CASES, ENGINES, Rival, make_rival

from searchapp.model.article import Article

SHARED = Path(os.environ.get("SEARCHAPP_TEST_DATA", Path(__file__).parents[3] / "shared"))
REUTERS = SHARED / "corpora" / "reuters21578"
JUDGED = SHARED / "corpora" / "relevance"
DEFAULT_ENGINES = (OURS, PEER, "sqlite")
AGAIN, WARM_UP, SEED = 24, 20, 11


def measure(
    corpus: Path, articles: Sequence[Article], times: int, names: Sequence[str], work: Path, *, searches: int
) -> Measured:
    """Builds what is missing, and asks."""
    costs: dict[str, Cost] = {}
    targets: dict[str, Path] = {}
    for name in names:
        targets[name], costs[name] = built(name, corpus, times, work)
    openings = {name: opened(name, targets[name]) for name in names}
    rivals: dict[str, Rival] = {name: make_rival(name, targets[name]) for name in names}
    if PEER in names:
        from rivals.tantivy_rival import TantivyRival

        rivals[BARE] = TantivyRival(targets[PEER], with_timeline=False)
    for rival in rivals.values():
        rival.open()
    known = {case.text for case in CASES}
    warm_up = first_time_searches(articles, WARM_UP, seed=SEED + 1, apart_from=known)
    cases = first_time_searches(articles, searches, seed=SEED, apart_from=known)
    print(f"asking {len(cases)} searches for the first time, {times}x ...", file=sys.stderr)
    first = ask_first(rivals, cases, warm_up)
    print(f"asking {AGAIN} and {len(CASES)} searches again, {times}x ...", file=sys.stderr)
    chosen = cases[:: max(1, len(cases) // AGAIN)][:AGAIN]
    words_again = ask_again(rivals, chosen)
    again = ask_again(rivals, CASES)
    growing = {name: targets[name] for name in (OURS, PEER) if name in targets}
    if OURS in growing:
        growing[NAMED], _ = built(OURS, corpus, times, work, named=True)
    print(f"adding one more article, {times}x ...", file=sys.stderr)
    one_more = add_one_by_one(growing, articles[len(articles) // 2])
    return Measured(
        times=times,
        costs=costs,
        openings=openings,
        first=first,
        first_searches=[case.text for case in cases],
        words_again=words_again,
        word_searches=[case.text for case in chosen],
        again=again,
        one_more=one_more,
    )


def main() -> None:
    """Reads the arguments, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=REUTERS, help="articles to index")
    parser.add_argument("--times", default="1", help="how often to index them; several with commas")
    parser.add_argument("--engines", default=",".join(DEFAULT_ENGINES), help=f"of {', '.join(ENGINES)}")
    parser.add_argument(
        "--relevance", type=Path, nargs="?", const=JUDGED, metavar="DIR", help="judged queries to measure instead"
    )
    parser.add_argument("--searches", type=int, default=400, help="how many are asked for the first time")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long is searched beside a writer")
    parser.add_argument("--work", type=Path, help="where to keep the indexes")
    parser.add_argument("--save", type=Path, help="file for the tables")
    parser.add_argument("--build", help=argparse.SUPPRESS)
    parser.add_argument("--named", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--open", help=argparse.SUPPRESS)
    parser.add_argument("--keep-writing", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        build_here(options.build, options.folder, int(options.times), options.work, named=options.named)
    elif options.open:
        open_here(options.open, options.work)
    elif options.keep_writing:
        keep_writing(options.folder, options.work)
    else:
        report(options)


def report(options: argparse.Namespace) -> None:
    """Prints every table, and saves them if asked to."""
    names = options.engines.split(",")
    if unknown := set(names) - set(ENGINES):
        sys.exit(f"no engine is called {unknown.pop()!r}; use some of {', '.join(ENGINES)}")
    if importlib.util.find_spec("tantivy") is None and (PEER in names or options.relevance):
        sys.exit("tantivy is not installed; run: pip install 'searchapp[bench]'")
    corpus = options.relevance or options.folder
    if not corpus.is_dir():
        sys.exit(f"no folder {str(corpus)!r}; give a folder of articles")
    shown = " ".join(_shown(sys.argv[1:]))
    lines = ["# Search benchmark", "", f"`python tests/benchmarks/search.py {shown}`".replace(" `", "`"), ""]
    if options.relevance:
        folders = collections_below(options.relevance)
        if not folders:
            sys.exit(f"no queries.jsonl in {str(options.relevance)!r} nor in the folders there")
        lines += ["Mean nDCG@10; every engine is asked for any of the same words.", "", *relevance_table(folders)]
    else:
        with tempfile.TemporaryDirectory() as temporary:
            work = options.work or Path(temporary)
            work.mkdir(parents=True, exist_ok=True)
            lines += speed_lines(options, names, work)
    lines += ["", machine()]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.save:
        options.save.write_text(text, encoding="utf-8")


def speed_lines(options: argparse.Namespace, names: Sequence[str], work: Path) -> list[str]:
    """The tables of every size, what writers do to readers, and growth where there are several sizes."""
    corpus: Path = options.folder
    sizes = [int(times) for times in options.times.split(",")]
    articles = articles_of(corpus)
    found: list[Measured] = []
    lines: list[str] = []
    for times in sizes:
        found.append(measure(corpus, articles, times, names, work, searches=options.searches))
        lines += [*size_lines(found[-1]), ""]
    if OURS in names:
        index, _ = built(OURS, corpus, sizes[0], work)
        lines += [
            f"## Searching while writing, {sizes[0]}x",
            "",
            *writing_table(corpus, index, seconds=options.seconds),
            "",
        ]
    if len(sizes) > 1:
        lines += growth_lines(found)
    return lines[:-1]


def _shown(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments without the paths of this machine."""
    skip = False
    for argument in arguments:
        if skip or argument.startswith(("--work", "--save")):
            skip = not skip and "=" not in argument
            continue
        yield "FOLDER" if Path(argument).is_absolute() else argument


if __name__ == "__main__":
    main()
