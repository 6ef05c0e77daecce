"""Kills a writer at random moments of adding, committing and merging, and looks at what is left.

`python tests/benchmarks/crashes.py [--kills 200]`. Each time the index must open, hold exactly a committed state and
pass its own check. The ordinary tests do the same fifteen times.

With `--commands 1000` the commands of the program are killed instead, each at a random moment: index, prune, names,
backup, restore, repair, rebuild. What is left must be what there was before or after, after where the command had said
that it was done, and nothing may be left over.

With `--calls` every call that the whole life of an archive asks of the system fails once, with `--power` the power is
cut before every call that changes a file (`--most 5` tries so many of each step instead): see `tests/archive/life.py`.

With `--corrections 2000` two processes make so many corrections each in an archive of 20,000 labels: all must be kept,
and the last be made about as fast as the first.

With `--runs 50` runs of `Archive.add_files` are killed instead, from beginning to end of them. What is left must be the
articles of a whole number of intervals from the beginning of the run, which may be none; the same run once more must
find just these unchanged and add the others. `--set NAME=NUMBER` gives a setting to the runs, such as the one that says
after how many articles they commit; `--interval` says how many articles an interval must then have (any number
without it), and that kills must leave part of a run too.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from searchapp import Archive, Article, Settings
from searchapp.cli import main as main_command
from searchapp.model.query import SearchRequest

BATCH = 50
WORDS = "oil gold trade bank harbour strike talks price court vote storm bridge school train museum".split()


def main() -> None:
    """Kills, checks, counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--commands", type=int, default=0)
    parser.add_argument("--corrections", type=int, default=0)
    parser.add_argument("--calls", action="store_true")
    parser.add_argument("--power", action="store_true")
    parser.add_argument("--most", type=int, default=None)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=NUMBER")
    parser.add_argument("--interval", type=int, default=0)
    parser.add_argument("--articles", type=int, default=3_000, help="of each run")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    if options.commands:
        kill_commands(options.commands, chance)
    elif options.corrections:
        correct_together(options.corrections)
    elif options.calls or options.power:
        fail_life(chance, options.most, calls=options.calls, power=options.power)
    elif options.runs:
        chosen = dict(pair.split("=", 1) for pair in options.set)
        settings = {"batch_articles": str(BATCH), **chosen}
        kill_runs(options.runs, chance, settings, interval=options.interval, articles=options.articles)
    else:
        kill_commits(options.kills, chance)


def fail_life(chance: random.Random, most: int | None, *, calls: bool, power: bool) -> None:
    """Lets calls fail and cuts the power in every step of the life of an archive."""
    life = importlib.import_module("tests.archive.life")
    for wanted, trial, what in (
        (calls, life.fail_at_calls, "failing calls"),
        (power, life.cut_power, "power cuts"),
    ):
        if wanted:
            with tempfile.TemporaryDirectory() as temporary:
                done = trial(Path(temporary) / "root", chance, most=most)
            shown = ", ".join(f"{name} {count}" for name, count in done.items())
            print(f"{sum(done.values()):,} {what} left a committed state, lost nothing that was done ({shown})")


def kill_commands(kills: int, chance: random.Random) -> None:
    """Kills commands of the program, forked so that loading it takes no part of the time."""
    life = importlib.import_module("tests.archive.life")
    killed: Counter[str] = Counter()
    finished: Counter[str] = Counter()
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "root"
        root.mkdir()
        index, backup, news = str(root / "index"), str(root / "backup"), str(root.with_name("news"))
        life.write_news(root, "abcdef")
        life.opened(root, create=True).close()
        with life.opened(root) as archive:
            archive.add(life.numbered(0, 60), recognise=False)
        done = life.look(root)
        assert run_command(["backup", backup, "--index", index], None)
        commands = {
            "index": ["index", news, "--no-recognise"],
            "prune": ["index", news, "--no-recognise", "--prune", "--yes"],
            "names": ["names", "block", "Bo Ny", "--facet", "people"],
            "undo": ["names", "undo"],
            "backup": ["backup", backup],
            "restore": ["restore", backup, "--yes"],
            "repair": ["repair"],
            "rebuild": ["rebuild"],
            "check": ["check"],
            "doctor": ["doctor"],
        }
        for number in range(kills):
            name = chance.choice(list(commands))
            if name in ("names", "undo") and (name == "undo") != bool(done[1]):
                name = "undo" if done[1] else "names"
            if name in ("index", "prune"):
                life.write_news(root, "".join(chance.sample("abcdefghij", chance.randrange(2, 9))))
            saved, trial = root.with_name("saved"), root.with_name("trial")
            life.put_back(saved, root)
            # What it comes to when nobody kills it.
            begun = time.perf_counter()
            assert run_command([*commands[name], "--index", index], None), name
            seconds[name] = max(seconds.get(name, 0.0), time.perf_counter() - begun)
            after = life.look(root)
            life.put_back(trial, root)
            life.put_back(root, saved)
            said = run_command([*commands[name], "--index", index], chance.uniform(0.0, 1.1 * seconds[name]))
            (finished if said else killed)[name] += 1
            allowed = {done, after}
            if name == "restore":
                # Articles come before corrections; who says it again has both.
                found = life.look(root)
                allowed |= {found} if found and found[0] == after[0] and found[1] == done[1] else set()
            found = life.assert_whole(root, (after,) if said else tuple(allowed))
            if (root / "backup" / "contents.json").exists():
                assert Archive.check(backup) == []
            if number % 10 == 0:
                life.assert_tidy(root)
            done = found
    shown = ", ".join(f"{name} {count}" for name, count in sorted(killed.items()))
    over = sum(finished.values())
    print(f"{kills:,} kills of commands left a committed state each time ({shown}; {over} were over by then)")


def run_command(arguments: list[str], seconds: float | None) -> bool:
    """Whether a command said that it was done, before it was killed after so long; None lets it end."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            try:
                main_command(arguments, standalone_mode=False)
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
            if not code:
                os.write(writing, b"done")
        finally:
            os._exit(code)
    os.close(writing)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read() == b"done"


def correct_together(count: int, *, processes: int = 2, labels: int = 20_000) -> None:
    """Has processes correct names of one archive at once; all is kept, the last made about as fast as the first."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "index"
        names = [f"Person{number} Name{number % 977}" for number in range(labels)]
        with Archive.open(folder, create=True) as archive:
            articles = [
                Article(id=str(start), body="Fog.", assigned={"people": names[start : start + 20]})
                for start in range(0, labels, 20)
            ]
            archive.add(articles, recognise=False)
        children = []
        for process in range(processes):
            reading, writing = os.pipe()
            child = os.fork()
            if not child:
                took = []
                with Archive.open(folder) as archive:
                    for name in names[process : process + processes * count : processes]:
                        begun = time.perf_counter()
                        archive.correct("block", name, facet="people")
                        took.append(time.perf_counter() - begun)
                os.write(writing, json.dumps(times_of(took)).encode())
                os._exit(0)
            os.close(writing)
            children.append((child, reading))
        times = []
        for child, reading in children:
            with os.fdopen(reading, "rb") as pipe:
                times.append(json.loads(pipe.read() or b"null"))
            os.waitpid(child, 0)
        assert all(times), "a process that corrected names failed"
        with Archive.open(folder) as archive:
            kept = {one.label for one in archive.corrections}
        assert kept == set(names[: processes * count]), f"{processes * count - len(kept)} corrections are lost"
    first, last = (max(one[place] for one in times) for place in (0, 1))
    print(
        f"{processes} processes made {count:,} corrections each, none is lost; "
        f"the first took {first * 1000:.1f} ms, the last {last * 1000:.1f} ms, {last / first:.1f} times as long"
    )
    assert last <= 3 * first, "the last corrections take more than three times as long as the first"


def times_of(took: list[float]) -> tuple[float, float]:
    """Medians of the first and the last twentieth, without the very first, which opens what it needs."""
    some = max(3, len(took) // 20)
    return statistics.median(took[1 : 1 + some]), statistics.median(took[-some:])


def kill_commits(kills: int, chance: random.Random) -> None:
    """Kills a process that commits again and again."""
    life = importlib.import_module("tests.columnar.test_index_life")
    small = importlib.import_module("tests.columnar.conftest")
    commits: Counter[int] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "index"
        for number in range(kills):
            if number % 20 == 0:
                # Start over, so that small indexes are killed as often as grown ones.
                folder = Path(temporary) / str(number)
                small.ColumnarIndex.create(folder, small.schema(), order=small.ORDER)
            before = life.holds_a_committed_state(folder)
            life.killed_while_writing(folder, chance.uniform(0.0, 0.4), first=before + 1)
            commits[life.holds_a_committed_state(folder) - before] += 1
    shown = ", ".join(f"{count} kills after {done} commits" for done, count in sorted(commits.items()))
    print(f"{kills} kills left a committed state each time ({shown})")


def kill_runs(runs: int, chance: random.Random, chosen: Mapping[str, str], *, interval: int, articles: int) -> None:
    """Kills runs that add the same numbered articles, each into a new archive."""
    left: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "articles.jsonl"
        write_articles(source, articles)
        settings = {f"SEARCHAPP_{name.upper()}": value for name, value in chosen.items()}
        whole_s = seconds_of(source, Path(temporary) / "whole", settings)
        for number in range(runs):
            folder = Path(temporary) / str(number)
            with Archive.open(folder, create=True):
                pass
            killed_run(source, folder, settings, chance.uniform(0.0, 1.1 * whole_s))
            count = intact_articles(folder)
            if interval and count not in (0, articles):
                assert count % interval == 0, f"{count} articles are no whole number of intervals of {interval}"
            left["nothing" if not count else "all" if count == articles else "a part"] += 1
            with Archive.open(folder, settings=Settings.from_environment(settings)) as archive:
                report = archive.add_files(source, recognise=False)
            assert (report.unchanged, report.added) == (count, articles - count), f"after {count}: {report}"
            assert intact_articles(folder) == articles
    assert not interval or left["a part"], f"no kill left a part of a run: {left}"
    print(f"{runs} kills of runs of {whole_s:.1f} s left whole intervals each time: {dict(left)}")


def write_articles(path: Path, count: int) -> None:
    """A file of numbered articles, one a line."""
    chance = random.Random(1)
    lines = [
        json.dumps({"id": f"n{number}", "title": f"Number {number}", "body": " ".join(chance.choices(WORDS, k=120))})
        for number in range(count)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def seconds_of(source: Path, folder: Path, settings: Mapping[str, str]) -> float:
    """How long a run takes that nobody kills."""
    begun = time.perf_counter()
    child = started(source, folder, settings)
    if child.wait():
        sys.exit("a run that nobody killed failed")
    return time.perf_counter() - begun


def started(source: Path, folder: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A run in a process of its own."""
    command = [sys.executable, "-m", "searchapp", "index", str(source), "--index", str(folder), "--no-recognise"]
    return subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def killed_run(source: Path, folder: Path, settings: Mapping[str, str], seconds: float) -> None:
    """Starts a run and kills it after so long, if it is not over by then."""
    with started(source, folder, settings) as child:
        try:
            child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)


def intact_articles(folder: Path) -> int:
    """How many articles there are, which are the first of the run and are found by every way of asking."""
    assert Archive.check(folder) == []
    with Archive.open(folder) as archive:
        count = len(archive)
        held = {article.id for article in archive.matches(SearchRequest())}
        assert held == {f"n{number}" for number in range(count)}, f"{count} articles that are not the first ones"
        assert archive.search(" OR ".join(WORDS)).total == count
    return count


if __name__ == "__main__":
    main()
