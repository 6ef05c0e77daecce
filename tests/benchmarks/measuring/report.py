"""What was measured, as tables with a line on each figure."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rivals import CASES

from .additions import Latency
from .asking import Times
from .building import Cost
from .tables import table

__all__ = ["BARE", "NAMED", "OURS", "PEER", "Measured", "growth_lines", "machine", "size_lines"]

OURS, PEER = "searchapp", "tantivy"
BARE = "tantivy, no timeline"
NAMED = "searchapp, many names"
WANTED = {
    "one more article": {10: "at most 12", 40: "at most 20"},
    "one more article, in a file": {10: "at most 12", 40: "at most 20"},
    "one more article, many names": {10: "at most 12", 40: "at most 20"},
    "first-time searches": {10: "at most 1", 40: "at most 0.9"},
    "first-time searches, tantivy without timeline": {10: "at most 1", 40: "at most 0.9"},
    "words again": {10: "at most 0.7", 40: "at most 0.5"},
    "words again, tantivy without timeline": {10: "at most 0.7", 40: "at most 0.5"},
    "every class again": {10: "at most 0.7", 40: "at most 0.5"},
    "every class again, tantivy without timeline": {10: "at most 0.7", 40: "at most 0.5"},
    "articles added a second": {10: "at least 0.8", 40: "at least 0.8"},
    "size": {10: "at most 1.1", 40: "at most 1.1"},
}
"""What the ratios shall be, by how often Reuters-21578 is indexed."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything about one size of the archive."""

    times: int
    costs: Mapping[str, Cost]
    openings: Mapping[str, tuple[float, float]]
    first: Mapping[str, Times]
    first_searches: Sequence[str]
    words_again: Mapping[str, Times]
    word_searches: Sequence[str]
    again: Mapping[str, Times]
    one_more: Mapping[str, Latency]

    @property
    def articles(self) -> int:
        """How many there are."""
        return next(iter(self.costs.values())).articles

    def figures(self) -> dict[str, tuple[float, float]]:
        """Ratios of ours to tantivy's, which the bars are about, on the clock and undisturbed.

        Empty where one of them was not asked.
        """
        if OURS not in self.costs or PEER not in self.costs:
            return {}
        ours, theirs = self.costs[OURS], self.costs[PEER]
        size = ours.size_bytes / theirs.size_bytes
        return {
            "one more article": self._one_more_ratio(OURS),
            "one more article, in a file": self._one_more_ratio(f"{OURS}, a file"),
            "one more article, many names": self._one_more_ratio(NAMED),
            "first-time searches": _ratios(self.first, PEER),
            "first-time searches, tantivy without timeline": _ratios(self.first, BARE),
            "words again": _ratios(self.words_again, PEER),
            "words again, tantivy without timeline": _ratios(self.words_again, BARE),
            "every class again": _ratios(self.again, PEER),
            "every class again, tantivy without timeline": _ratios(self.again, BARE),
            "articles added a second": (theirs.wall_s / ours.wall_s, theirs.processor_s / ours.processor_s),
            "size": (size, size),
        }

    def _one_more_ratio(self, way: str) -> tuple[float, float]:
        ours, theirs = self.one_more[way], self.one_more[PEER]
        return ours.found_ms / theirs.found_ms, ours.fastest_ms / theirs.fastest_ms


def _ratios(found: Mapping[str, Times], other: str) -> tuple[float, float]:
    return found[OURS].ratio_to(found[other]), found[OURS].work_ratio_to(found[other])


def machine() -> str:
    """Where this ran."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    kind = platform.processor() or platform.machine()
    load = f", {os.getloadavg()[0]:.1f} processes busy at the end" if hasattr(os, "getloadavg") else ""
    return f"{kind}, {cores} cores, {platform.python_implementation()} {platform.python_version()}{load}."


def size_lines(measured: Measured) -> list[str]:
    """All tables of one size."""
    lines = [f"## {measured.times}x: {measured.articles:,} articles", ""]
    if figures := measured.figures():
        lines += [
            "What ours takes over what tantivy takes, from this run; of articles a second, ours over tantivy's. "
            "Undisturbed is by processor time, and for one more article by the fastest: what other work on the machine "
            "hardly touches.",
            "",
            *table(
                ["ours over tantivy's", "on the clock", "undisturbed", "wanted"],
                [
                    [name, *(f"{value:.2f}" for value in ratios), WANTED.get(name, {}).get(measured.times, "")]
                    for name, ratios in figures.items()
                ],
            ),
            "",
        ]
    lines += ["### Indexing, without recognising names", "", *_costs(measured), ""]
    lines += ["### One more article", "", *_one_more(measured), ""]
    lines += [f"### {len(measured.first_searches)} searches never asked before", ""]
    lines += [*_searches(measured.first, measured.first_searches), ""]
    lines += [f"### {len(measured.word_searches)} of them again, with pages of other sizes", ""]
    lines += [*_searches(measured.words_again, measured.word_searches), ""]
    lines += [f"### {len(CASES)} searches, one of each class, again", ""]
    lines += [*_searches(measured.again, [case.name for case in CASES]), "", *_classes(measured.again)]
    return lines


def _costs(measured: Measured) -> list[str]:
    rows = []
    for name, cost in measured.costs.items():
        opened_ms, first_ms = measured.openings[name]
        rows.append(
            [
                name,
                f"{cost.articles / cost.wall_s:,.0f}",
                f"{cost.articles / cost.processor_s:,.0f}",
                f"{cost.size_bytes / 1e6:.1f}",
                f"{cost.peak_bytes / 1e6:.0f}",
                f"{opened_ms:.1f}",
                f"{first_ms:.1f}",
            ]
        )
    heads = ["engine", "articles/s", "per processor second", "MB", "peak MB", "open ms", "first search ms"]
    return [
        "Articles a second on the clock, from ready articles to the end of the commit; the same per second of "
        "processor time of all threads; size of the finished index; the most memory of the process, waiting articles "
        "among it; in a new process, opening and the first search.",
        "",
        *table(heads, rows),
    ]


def _one_more(measured: Measured) -> list[str]:
    rows = [
        [
            name,
            f"{one.found_ms:.1f}",
            f"{one.fastest_ms:.1f}",
            f"{one.adding_ms:.1f}",
            f"{one.found_ms - one.adding_ms:.1f}",
            str(one.additions),
        ]
        for name, one in measured.one_more.items()
    ]
    return [
        "Median time until the whole answer to a search shows an article that was just handed over, and the fastest; "
        "of the median, until it is committed (and the index opened anew, for tantivy); the rest, which is the search; "
        "how often. With many names every article has made-up people, about nine different ones for ten articles; a "
        "file is one that holds the article.",
        "",
        *table(["engine", "found ms", "fastest ms", "added ms", "searched ms", "additions"], rows),
    ]


def _searches(found: Mapping[str, Times], names: Sequence[str]) -> list[str]:
    rows = []
    for name, times in found.items():
        slowest = max(range(len(names)), key=times.processor_ms.__getitem__)
        rows.append(
            [
                name,
                f"{times.mean_ms():.2f}",
                f"{times.mean_work_ms():.2f}",
                _ratio(found, name, PEER),
                _ratio(found, name, "sqlite"),
                f"{found[OURS].work_ratio_to(times):.2f}" if OURS in found else "",
                f"{times.processor_ms[slowest]:.1f}",
                f"{times.processor_ms[slowest] / times.mean_work_ms():.1f}",
                names[slowest],
                f"{100 * times.agreement_with(found.get(OURS, times)):.0f}",
            ]
        )
    heads = ["engine", "mean ms", "processor ms", "of tantivy", "of sqlite", "searchapp of it, processor"]
    heads += ["slowest ms", "over mean", "which", "same total %"]
    return [
        "Geometric means of time on the clock, of processor time, and of ratios search by search; the slowest search "
        "by processor time, alone and over the mean, and which it was; how many of the totals are ours.",
        "",
        *table(heads, rows),
    ]


def _ratio(found: Mapping[str, Times], name: str, other: str) -> str:
    return f"{found[name].ratio_to(found[other]):.3f}" if other in found else ""


def _classes(found: Mapping[str, Times]) -> list[str]:
    reference = next(iter(found.values()))
    rows = [
        [case.name, f"{reference.totals[place]:,}", *(f"{times.wall_ms[place]:.2f}" for times in found.values())]
        for place, case in enumerate(CASES)
    ]
    return table(["search again", "matches", *(f"{name} ms" for name in found)], rows)


def growth_lines(sizes: Sequence[Measured]) -> list[str]:
    """How the figures change with the size of the archive."""
    heads = ["searchapp", *(f"{measured.times}x" for measured in sizes)]
    rows = [["articles", *(f"{measured.articles:,}" for measured in sizes)]]
    every = [measured for measured in sizes if OURS in measured.costs]
    rows.append(["first-time search, mean ms", *(f"{m.first[OURS].mean_ms():.2f}" for m in every)])
    rows.append(["words again, mean ms", *(f"{m.words_again[OURS].mean_ms():.2f}" for m in every)])
    rows.append(["every class again, mean ms", *(f"{m.again[OURS].mean_ms():.2f}" for m in every)])
    rows.append(["one more article, ms", *(f"{m.one_more[OURS].found_ms:.1f}" for m in every)])
    rows.append(["one more article, many names, ms", *(f"{m.one_more[NAMED].found_ms:.1f}" for m in every)])
    for name in every[0].figures():
        rows.append([f"{name}, of tantivy", *(f"{measured.figures()[name][0]:.2f}" for measured in every)])
    return ["## Growth", "", "Means as above, and the ratios of each size.", "", *table(heads, rows), ""]
