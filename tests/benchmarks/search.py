"""Searchapp against tantivy, SQLite FTS5 and stock Whoosh: `python tests/benchmarks/search.py [FOLDER] [--times 10]`.

Every engine indexes the same articles, those of FOLDER as often as `--times` says, and gives the whole answer to
the same searches: exact total, ten best, three facets, a timeline and ten snippets. Times are processor time of one
thread, the median of several runs; "first" is the first run of a search, with nothing cached but the files. tantivy is
installed if it is missing. `--work` keeps the indexes for another run. `--save FILE` writes the tables there.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from rivals.cases import CASES, FACETS, Record, Reply, Rival

from searchapp.corpus import walk
from searchapp.model.article import Article

SHARED = Path(os.environ.get("SEARCHAPP_TEST_DATA", Path(__file__).parents[3] / "shared"))
REUTERS = SHARED / "corpora" / "reuters21578"
ENGINES = ("searchapp", "columnar", "tantivy", "sqlite", "whoosh")
RIVALS = {"tantivy": 1.0, "sqlite": 0.1, "whoosh": 0.02}
"""Engines to compare with, and how much of their time ours may take."""
BATCH = 512
RUNS, SECONDS = 15, 1.5
"""A search is run so often, or for so long if that comes first, but three times at least."""
BUILT = "built.json"


def make_rival(name: str, folder: Path) -> Rival:
    """An engine by its name."""
    if name == "tantivy":
        from rivals.tantivy_rival import TantivyRival

        return TantivyRival(folder)
    if name == "sqlite":
        from rivals.sqlite_rival import SqliteRival

        return SqliteRival(folder)
    if name == "whoosh":
        from rivals.whoosh_rival import WhooshRival

        return WhooshRival(folder)
    if name == "columnar":
        from rivals.columnar_rival import ColumnarRival

        return ColumnarRival(folder)
    from rivals.searchapp_rival import SearchappRival

    return SearchappRival(folder)


def batches(folder: Path, times: int) -> Iterator[list[Record]]:
    """The articles of a folder, again and again with other ids."""
    articles = [found for found in walk([folder]) if isinstance(found, Article)]
    for turn in range(times):
        for start in range(0, len(articles), BATCH):
            yield [_record(article, turn) for article in articles[start : start + BATCH]]


def _record(article: Article, turn: int) -> Record:
    own = article if not turn else replace(article, id=f"{turn}-{article.id}")
    labels = {facet: own.values(facet) for facet in FACETS}
    return Record(own.id, own.title, own.body, own.published, labels, own)


def build(name: str, corpus: Path, times: int, target: Path) -> None:
    """Index the articles with one engine, and print what it cost. The articles are made outside the clock."""
    rival = make_rival(name, target)
    count, cpu, wall = 0, 0.0, 0.0
    for batch in batches(corpus, times):
        started = time.process_time(), time.perf_counter()
        rival.add(batch)
        cpu += time.process_time() - started[0]
        wall += time.perf_counter() - started[1]
        count += len(batch)
    started = time.process_time(), time.perf_counter()
    rival.finish()
    cpu += time.process_time() - started[0]
    wall += time.perf_counter() - started[1]
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(json.dumps({"articles": count, "cpu_s": cpu, "wall_s": wall, "bytes": size, "peak_bytes": peak_bytes()}))


def peak_bytes() -> int:
    """The most memory that this process has had."""
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage says counts in what the parent had when it started this process.
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def open_cold(name: str, target: Path) -> None:
    """Open an index in this process, which has done nothing else, and print what it and one search cost."""
    rival = make_rival(name, target)
    started = time.perf_counter()
    rival.open()
    opened = time.perf_counter()
    rival.ask(CASES[1])
    print(json.dumps({"open_s": opened - started, "first_s": time.perf_counter() - opened}))


def _child(*arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def built(name: str, corpus: Path, times: int, work: Path) -> dict[str, Any]:
    """What indexing cost; done now unless an earlier run has left it."""
    target = work / f"{name}-{times}"
    note = work / f"{name}-{times}.json"
    if not note.exists():
        print(f"indexing {times}x with {name} ...", file=sys.stderr)
        note.write_text(json.dumps(_child(str(corpus), "--build", name, "--times", str(times), "--work", str(target))))
    found: dict[str, Any] = json.loads(note.read_text())
    return found


def measured(ask: Callable[[], Reply]) -> tuple[float, float, Reply]:
    """Milliseconds of the first run, the median of the later ones, and what came back."""
    started = time.process_time()
    reply = ask()
    first = time.process_time() - started
    spans: list[float] = []
    while len(spans) < 3 or (len(spans) < RUNS and sum(spans) < SECONDS):
        started = time.process_time()
        ask()
        spans.append(time.process_time() - started)
    return first * 1000, statistics.median(spans) * 1000, reply


def geometric_mean(values: list[float]) -> float:
    """The geometric mean."""
    return math.exp(statistics.fmean(map(math.log, values)))


def search_table(names: list[str], times: int, work: Path) -> list[str]:
    """Times of every case with every engine, and the ratios."""
    rivals = {}
    for name in names:
        rivals[name] = make_rival(name, work / f"{name}-{times}")
        rivals[name].open()
    lines = [
        f"| search | matches | {' | '.join(f'{name} ms' for name in names)} | columnar first ms |",
        "|---|---:|" + "---:|" * (len(names) + 1),
    ]
    spent: dict[str, list[float]] = {name: [] for name in names}
    firsts: list[float] = []
    for case in CASES:
        print(f"searching {case.name} ...", file=sys.stderr)
        cells, total, first_ms = [], 0, 0.0
        for name in names:
            _, median, reply = measured(partial(rivals[name].ask, case))
            spent[name].append(median)
            cells.append(f"{median:.2f}")
            if name == "columnar":
                total = reply.total
                rivals[name].forget()  # type: ignore[attr-defined]
                started = time.process_time()
                rivals[name].ask(case)
                first_ms = (time.process_time() - started) * 1000
                firsts.append(first_ms)
        lines.append(f"| {case.name} | {total:,} | {' | '.join(cells)} | {first_ms:.2f} |")
    means = {name: geometric_mean(values) for name, values in spent.items()}
    lines.append(
        f"| **geometric mean** | | {' | '.join(f'**{means[n]:.2f}**' for n in names)} | {geometric_mean(firsts):.2f} |"
    )
    lines.append(f"| **slowest** | | {' | '.join(f'{max(spent[n]):.1f}' for n in names)} | {max(firsts):.1f} |")
    lines += ["", "| geometric mean of ratios | " + " | ".join(f"of {n}" for n in names if n in RIVALS) + " |"]
    lines.append("|---|" + "---:|" * sum(n in RIVALS for n in names))
    for ours in (name for name in names if name not in RIVALS):
        ratios = [
            geometric_mean([a / b for a, b in zip(spent[ours], spent[n], strict=True)]) for n in names if n in RIVALS
        ]
        lines.append(f"| {ours} | " + " | ".join(f"{ratio:.3f}" for ratio in ratios) + " |")
    lines.append("| bar | " + " | ".join(f"{RIVALS[n]:g}" for n in names if n in RIVALS) + " |")
    return lines


def index_table(names: list[str], corpus: Path, times: int, work: Path) -> list[str]:
    """Rate, size, memory and opening of every engine."""
    lines = [
        "| engine | articles/s | per tantivy | MB | per tantivy | peak MB | open ms | first search ms |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    costs = {name: built(name, corpus, times, work) for name in names}
    base = costs.get("tantivy")
    for name in names:
        cost = costs[name]
        opening = [_child(str(corpus), "--open", name, "--work", str(work / f"{name}-{times}")) for _ in range(3)]
        rate = cost["articles"] / cost["cpu_s"]
        rates = f"{rate / base['articles'] * base['cpu_s']:.2f}" if base else ""
        sizes = f"{cost['bytes'] / base['bytes']:.2f}" if base else ""
        opened, first = (statistics.median(o[key] for o in opening) * 1000 for key in ("open_s", "first_s"))
        lines.append(
            f"| {name} | {rate:,.0f} | {rates} | {cost['bytes'] / 1e6:.1f} | {sizes} | {cost['peak_bytes'] / 1e6:.0f} "
            f"| {opened:.1f} | {first:.1f} |"
        )
    return lines


def growth_table(corpus: Path, sizes: list[int], work: Path) -> list[str]:
    """How the time of each search grows with the archive."""
    found: dict[int, list[tuple[float, int]]] = {}
    notes = []
    for times in sizes:
        cost = built("columnar", corpus, times, work)
        notes.append(
            f"{times}x: {cost['articles']:,} articles, {cost['articles'] / cost['cpu_s']:,.0f} a second, "
            f"{cost['bytes'] / 1e6:,.0f} MB, peak {cost['peak_bytes'] / 1e6:,.0f} MB"
        )
        rival = make_rival("columnar", work / f"columnar-{times}")
        rival.open()
        found[times] = []
        for case in CASES:
            _, median, reply = measured(partial(rival.ask, case))
            found[times].append((median, reply.total))
    lines = ["; ".join(notes) + ".", ""]
    lines += ["| search | " + " | ".join(f"{t}x ms" for t in sizes) + " | matches grew | time grew |"]
    lines += ["|---|" + "---:|" * (len(sizes) + 2)]
    low, high = sizes[-2], sizes[-1]
    for place, case in enumerate(CASES):
        (before, few), (after, many) = found[low][place], found[high][place]
        cells = " | ".join(f"{found[t][place][0]:.2f}" for t in sizes)
        lines.append(f"| {case.name} | {cells} | {many / max(few, 1):.1f} | {after / before:.1f} |")
    return lines


def writing_table(corpus: Path, times: int, work: Path) -> list[str]:
    """Searching while another process writes to the same index."""
    built("columnar", corpus, times, work)
    target = work / f"columnar-{times}"
    case = CASES[4]
    rows = []
    for label, writing in (("nobody writes", False), ("another process adds and commits", True)):
        writer = None
        if writing:
            command = [sys.executable, __file__, str(corpus), "--keep-writing", "--work", str(target)]
            writer = subprocess.Popen(command, stdout=subprocess.PIPE)
            assert writer.stdout is not None
            writer.stdout.readline()
        rival = make_rival("columnar", target)
        rival.open()
        spans = []
        end = time.monotonic() + 5
        while time.monotonic() < end:
            started = time.perf_counter()
            rival.open()
            rival.ask(case)
            spans.append((time.perf_counter() - started) * 1000)
        if writer is not None:
            writer.kill()
            writer.communicate()
        spans.sort()
        rows.append(
            f"| {label} | {len(spans)} | {statistics.median(spans):.2f} | {spans[int(len(spans) * 0.99)]:.2f} |"
        )
    return [
        '| "oil prices", index opened anew each time | searches in 5 s | median ms | 99th percentile ms |',
        "|---|---:|---:|---:|",
        *rows,
    ]


def keep_writing(corpus: Path, target: Path) -> None:
    """Add articles to an index, commit by commit, until killed."""
    from rivals.columnar_rival import ENGLISH, ColumnarRival

    from searchapp.columnar import ColumnarIndex

    rival = ColumnarRival(target)
    for number, batch in enumerate(batches(corpus, 1_000_000)):
        rival._writer = ColumnarIndex.open(target, analyses=[ENGLISH]).writer(timeout=10)
        rival.add([replace(record, id=f"new-{number}-{record.id}") for record in batch[:100]])
        rival.finish()
        if not number:
            print("ready", flush=True)


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=REUTERS, help="articles to index")
    parser.add_argument("--times", type=int, default=1, help="how often to index them")
    parser.add_argument("--grow", default="", help="sizes to measure growth with, such as 1,10,40")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--work", type=Path, help="where to keep the indexes")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--build", help=argparse.SUPPRESS)
    parser.add_argument("--open", help=argparse.SUPPRESS)
    parser.add_argument("--keep-writing", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        build(options.build, options.folder, options.times, options.work)
        return
    if options.open:
        open_cold(options.open, options.work)
        return
    if options.keep_writing:
        keep_writing(options.folder, options.work)
        return
    if not options.folder.exists():
        sys.exit(f"no articles at {str(options.folder)!r}; give a folder of articles")
    names = options.engines.split(",")
    if "tantivy" in names and importlib.util.find_spec("tantivy") is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "tantivy"], check=True)
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        report(options, names, work)


def report(options: argparse.Namespace, names: list[str], work: Path) -> None:
    """Print every table, and save them if asked to."""
    lines = [
        "# Search benchmark",
        "",
        f"`python tests/benchmarks/search.py {' '.join(_shown(sys.argv[1:]))}`".rstrip(),
        "",
        f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, one core. "
        "Times are processor time. `searchapp` is the whole program, from the text of the query to marked snippets; "
        "`columnar` is the index by itself, as the other engines are used.",
        "",
        "## Indexing",
        "",
        *index_table(names, options.folder, options.times, work),
        "",
        "## Searching",
        "",
        *search_table(names, options.times, work),
        "",
        "## Searching while writing",
        "",
        *writing_table(options.folder, 1, work),
    ]
    if options.grow:
        sizes = [int(part) for part in options.grow.split(",")]
        lines += ["", "## Growth", "", *growth_table(options.folder, sizes, work)]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.save:
        options.save.write_text(text, encoding="utf-8")


def _shown(arguments: list[str]) -> Iterator[str]:
    """The arguments without the paths of this machine."""
    skip = False
    for argument in arguments:
        if skip or argument.startswith(("--work", "--save")):
            skip = not skip and "=" not in argument
            continue
        yield "FOLDER" if Path(argument).is_absolute() else argument


if __name__ == "__main__":
    main()
