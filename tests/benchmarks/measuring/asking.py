"""How long searches take: those never asked before, and those asked again."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter, process_time

from rivals import Case, Reply, Rival

from .tables import geometric_mean

__all__ = ["Times", "ask_again", "ask_first"]

_TURNS = 9
_SECONDS = 2.0
"""A search that takes longer than that over its turns gets fewer, three at least."""


@dataclass(slots=True)
class Times:
    """Of one engine, a number for each search, in the order of the searches."""

    wall_ms: list[float] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)
    """Of all threads, which other work on the machine hardly touches."""
    totals: list[int] = field(default_factory=list)
    """Articles that match."""

    def mean_ms(self) -> float:
        """Geometric mean of time on the clock."""
        return geometric_mean(self.wall_ms)

    def mean_work_ms(self) -> float:
        """Geometric mean of processor time."""
        return geometric_mean(self.processor_ms)

    def ratio_to(self, other: Times) -> float:
        """Geometric mean of this engine's time over another's, search by search."""
        return geometric_mean([ours / theirs for ours, theirs in zip(self.wall_ms, other.wall_ms, strict=True)])

    def work_ratio_to(self, other: Times) -> float:
        """The same of processor time."""
        pairs = zip(self.processor_ms, other.processor_ms, strict=True)
        return geometric_mean([ours / theirs for ours, theirs in pairs])

    def agreement_with(self, other: Times) -> float:
        """Share of the searches that match equally many articles."""
        return statistics.fmean(a == b for a, b in zip(self.totals, other.totals, strict=True))


def ask_first(rivals: Mapping[str, Rival], cases: Sequence[Case], warm_up: Sequence[Case]) -> dict[str, Times]:
    """Every search once with each engine in turn, another one first each time; `warm_up` is asked before, untimed."""
    for case in warm_up:
        for rival in rivals.values():
            rival.ask(case)
    names = list(rivals)
    found = {name: Times() for name in names}
    for number, case in enumerate(cases):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            wall, processor, reply = _timed(rivals[name], case, 10)
            found[name].wall_ms.append(wall)
            found[name].processor_ms.append(processor)
            found[name].totals.append(reply.total)
    return found


def ask_again(rivals: Mapping[str, Rival], cases: Sequence[Case]) -> dict[str, Times]:
    """The median of several runs of each search, after one that does not count; no two runs ask for equal pages."""
    names = list(rivals)
    found = {name: Times() for name in names}
    for case in cases:
        spans: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
        totals: dict[str, int] = {}
        for name in names:
            totals[name] = rivals[name].ask(case, 9).total
        for turn in range(_TURNS):
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                if turn < 3 or sum(wall for wall, _ in spans[name]) < _SECONDS * 1000:
                    # A page of another size each time, so that no answer that was kept whole is any help.
                    wall, processor, _ = _timed(rivals[name], case, 10 + turn)
                    spans[name].append((wall, processor))
        for name in names:
            found[name].wall_ms.append(statistics.median(wall for wall, _ in spans[name]))
            found[name].processor_ms.append(statistics.median(processor for _, processor in spans[name]))
            found[name].totals.append(totals[name])
    return found


def _timed(rival: Rival, case: Case, size: int) -> tuple[float, float, Reply]:
    begun, worked = perf_counter(), process_time()
    reply = rival.ask(case, size)
    return (perf_counter() - begun) * 1000, (process_time() - worked) * 1000, reply
