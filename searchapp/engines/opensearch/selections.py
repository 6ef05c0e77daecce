"""What sets of articles are asked, in rounds: each is one message for all sets, and may bring up another one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

__all__ = ["Rounds", "Searching", "Selection"]

Clause: TypeAlias = Mapping[str, Any]
Taker = Callable[[Mapping[str, Any]], None]


class Searching(Protocol):
    """Sends searches over one state together, and gives their answers in order."""

    def __call__(self, bodies: Sequence[Mapping[str, Any]]) -> list[Any]: ...


class Selection:
    """The articles that a query and filters choose, and what is to be counted of them in the next round."""

    def __init__(self, query: Clause) -> None:
        self.query = query
        self._asked: dict[str, Clause] = {}
        self._takers: dict[str, Taker] = {}
        self._bodies: list[tuple[dict[str, Any], Taker]] = []

    def count(self, aggregation: Clause, take: Taker) -> None:
        """Asks for an aggregation; `take` is given what comes back."""
        name = str(len(self._asked))
        self._asked[name] = aggregation
        self._takers[name] = take

    def fetch(self, body: Mapping[str, Any], take: Taker) -> None:
        """Asks for documents; `body` says which and what of them, `take` is given the answer."""
        self._bodies.append(({"query": self.query, **body}, take))

    def bodies(self) -> list[tuple[dict[str, Any], Taker]]:
        """The searches of this round, each with what takes its answer."""
        bodies, self._bodies = self._bodies, []
        asked, self._asked = self._asked, {}
        takers, self._takers = self._takers, {}
        if not asked:
            return bodies

        def counted(answer: Mapping[str, Any], taken: Taker | None = None) -> None:
            for name, take in takers.items():
                take(answer["aggregations"][name])
            if taken is not None:
                taken(answer)

        first = next((at for at, (body, _) in enumerate(bodies) if body["query"] is self.query), None)
        if first is None:
            bodies.append(({"query": self.query, "size": 0, "track_total_hits": False, "aggs": asked}, counted))
        else:
            body, taken = bodies[first]
            bodies[first] = ({**body, "aggs": asked}, lambda answer: counted(answer, taken))
        return bodies


class Rounds:
    """The sets of articles of some questions; equal ones are one."""

    def __init__(self, searching: Searching) -> None:
        self._searching = searching
        self._selections: dict[str, Selection] = {}

    def selection(self, query: Clause) -> Selection:
        """The articles that a query chooses."""
        return self._selections.setdefault(json.dumps(query), Selection(query))

    def go(self) -> bool:
        """Asks what is waiting to be asked; whether anything was."""
        bodies = [pair for selection in self._selections.values() for pair in selection.bodies()]
        for (_, take), answer in zip(bodies, self._searching([body for body, _ in bodies]), strict=True):
            take(answer)
        return bool(bodies)
