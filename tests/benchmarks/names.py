"""What keeping names up costs when one article comes: `python tests/benchmarks/names.py [--articles N] [--labels M]`.

Makes an archive of short articles whose names are drawn by Zipf's law from names made of syllables (the same every
time), adds single articles to it, and prints for each the milliseconds that names take of it: in the process that made
the archive, and in one that has just opened it. Also the time until a newly opened archive can say how it shows names,
and the bytes that are kept for it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from searchapp import Archive, Article, Mention

KINDS = ("people", "places", "organisations")
SYLLABLES = [a + b for a in "b ch d f g h k l m n p r s t v w z".split() for b in "a e i o u ai ou".split()]
TAILS = ["Inc", "Corp", "Bank", "Group", "Union", "Party", "Agency", "Commission", "Institute", "Foundation"]


class Names:
    """Names of an archive: a few of them are everywhere, and most of them nearly nowhere."""

    def __init__(self, labels: int, *, seed: int = 7) -> None:
        self._chance = random.Random(seed)
        # As many words as a real archive has: surnames and places go on growing with it, given names do not.
        self._given = [self._word() for _ in range(2_000)]
        self._surnames = [self._word(3) for _ in range(max(100, labels // 5))]
        makers = {"people": self._person, "places": self._place, "organisations": self._organisation}
        shares = {"people": 0.5, "places": 0.15, "organisations": 0.35}
        self._labels = {facet: _different(makers[facet], int(labels * shares[facet])) for facet in KINDS}

    def reseed(self, seed: int) -> None:
        """Draws otherwise from here on, from the same names."""
        self._chance.seed(seed)

    def article(self, number: int, prefix: str = "a") -> Article:
        """An article with about ten names, some of whose people it calls by the surname, and some by that alone."""
        chance = self._chance
        assigned = {facet: tuple({self._drawn(facet): 1 for _ in range(chance.randint(1, 5))}) for facet in KINDS}
        if chance.random() < 0.25:
            assigned["people"] += (self._drawn("people").split()[-1],)
        body, mentions = "", []
        for person in assigned["people"][:2]:
            surname = person.split()[-1]
            if surname != person:
                mentions.append(Mention(len(body), len(body) + len(surname), surname, "person", person))
                body += f"{surname} spoke. "
        return Article(
            id=f"{prefix}{number}", title=f"Report {number}", body=body, assigned=assigned, mentions=tuple(mentions)
        )

    def articles(self, count: int) -> Iterator[Article]:
        """That many articles, among which every name stands once at least."""
        rest = {facet: iter(labels) for facet, labels in self._labels.items()}
        each = {facet: -(-len(labels) // max(1, count)) for facet, labels in self._labels.items()}
        for number in range(count):
            article = self.article(number)
            fresh = {
                facet: [label for _, label in zip(range(each[facet]), rest[facet], strict=False)] for facet in KINDS
            }
            assigned = {facet: tuple(dict.fromkeys((*article.assigned[facet], *fresh[facet]))) for facet in KINDS}
            yield replace(article, assigned=assigned)

    def _drawn(self, facet: str) -> str:
        labels = self._labels[facet]
        return labels[self._rank(len(labels))]

    def _rank(self, size: int) -> int:
        # The inverse of the distribution that Zipf's law gives to ranks.
        return int(size ** self._chance.random()) - 1

    def _word(self, syllables: int = 2) -> str:
        return "".join(self._chance.choice(SYLLABLES) for _ in range(self._chance.randint(2, syllables))).capitalize()

    def _person(self) -> str:
        given = self._given[self._rank(len(self._given))]
        middle = f" {self._chance.choice('ABCDEFGH')}." if self._chance.random() < 0.1 else ""
        return f"{given}{middle} {self._surnames[self._rank(len(self._surnames))]}"

    def _place(self) -> str:
        return self._word(4)

    def _organisation(self) -> str:
        words = [self._word(3) for _ in range(self._chance.randint(1, 3))]
        return " ".join([*words, self._chance.choice(TAILS)])


class _Timed:
    """The milliseconds of every call of a method, of the processor's time: others may be at work on the machine."""

    def __init__(self, owner: Any, name: str) -> None:
        self.took_ms: list[float] = []
        self._call = getattr(owner, name)
        setattr(owner, name, self)

    def __call__(self, *arguments: Any) -> Any:
        begun = time.thread_time()
        found = self._call(*arguments)
        self.took_ms.append((time.thread_time() - begun) * 1000)
        return found


def _add_single(folder: Path, articles: Sequence[Article]) -> list[tuple[float, float, float]]:
    """Milliseconds that names took of each addition, the whole addition took, and the first search after it."""
    found = []
    with Archive.open(folder) as archive:
        names = _Timed(archive._book, "keep")
        for article in articles:
            begun = time.perf_counter()
            archive.add([article], recognise=False)
            added = time.perf_counter()
            archive.search(article.title)
            searched = time.perf_counter()
            found.append((names.took_ms[-1], (added - begun) * 1000, (searched - added) * 1000))
    return found


def _row(name: str, times: Sequence[tuple[float, float, float]]) -> str:
    columns = list(zip(*times, strict=True))
    return (
        f"| {name} | " + " | ".join(f"{statistics.median(column):.1f} | {max(column):.1f}" for column in columns) + " |"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--labels", type=int, default=194_000)
    parser.add_argument("--single", type=int, default=30, help="articles that are added one by one")
    parser.add_argument("--index", type=Path, help="where the archive is made, or is from an earlier run")
    parser.add_argument("--next", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    names = Names(options.labels)
    if options.next:
        names.reseed(time.time_ns())
        for times in _add_single(options.index, [names.article(0, f"n{time.time_ns()}-")]):
            print(*times)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.index or Path(temporary) / "index"
        if not folder.exists():
            with Archive.open(folder, create=True) as archive:
                keep = _Timed(archive._book, "keep")
                begun = time.perf_counter()
                archive.add(names.articles(options.articles), recognise=False)
                whole = time.perf_counter() - begun
            print(f"made in {whole:.1f} s, of which {keep.took_ms[0] / 1000:.1f} s for all names")
        names.reseed(time.time_ns())
        own = _add_single(folder, [names.article(number, f"s{time.time_ns()}-") for number in range(options.single)])
        command = [sys.executable, __file__, "--next", "--labels", str(options.labels), "--index", str(folder)]
        told = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(5)]
        fresh = [tuple(map(float, line.split())) for line in told]
        print("| milliseconds: median, most | names (processor) | | added | | then searched | |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        print(_row("one after the other", own[1:]))
        print(_row("the first in its process", fresh))
        begun = time.perf_counter()
        with Archive.open(folder) as archive, archive.state() as state:
            print(f"\nopened in {(time.perf_counter() - begun) * 1000:.0f} ms with {len(state.names.changes)} changes")
        kept = [file for file in folder.iterdir() if file.name.startswith("names")]
        print(*(f"{file.name}: {file.stat().st_size:,} bytes" for file in kept), sep="\n")


def _different(make: Callable[[], str], count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[make()] = None
    return list(found)


if __name__ == "__main__":
    main()
