"""What of a cluster's articles is seen: a number for each run, and one small document that says which have committed.

A cluster has no transactions. So every article carries the number of the run that stored it (`born`), and those of the
runs that took it out (`died`); it is seen by whoever sees one that stored it and none that took it out. Which runs are
seen stands in one document, which is replaced under its version: that is the commit.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from searchapp.engines.opensearch.cluster import Cluster, Conflict, NotThere
from searchapp.errors import IndexDamaged, IndexLocked, IndexNotFound

__all__ = ["GRACE_S", "Commits", "Documents", "Run", "visible"]

STATE = "state"
GRACE_S = 60.0
"""What was taken out is kept so long for those who still read the state before."""
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has not committed."""

    until: float
    """Seconds since 1970; one that has not said that it goes on by then is given up."""
    owner: str
    """Machine and process."""


@dataclass(frozen=True, slots=True)
class Commits:
    """Which runs are seen. Runs are numbered from 1."""

    identity: str
    commit: int = 0
    """How many times anything was committed."""
    last: int = 0
    """The highest number of a run."""
    open: Mapping[int, Run] = field(default_factory=dict)
    """Those up to it that are not seen: they go on, or were killed and not cleaned up after."""
    deaths: tuple[tuple[int, int, float], ...] = ()
    """Number, commit and time of runs that took articles out that are still stored."""
    floor: int = 0
    """States of earlier commits than this cannot be read any more."""
    languages: tuple[str, ...] = ()
    """Those besides English in which articles are, or were, stemmed."""

    @property
    def seen(self) -> tuple[tuple[int, int], ...]:
        """First and last number of each stretch of runs that are seen."""
        found, first = [], 1
        for number in (*sorted(self.open), self.last + 1):
            if first < number:
                found.append((first, number - 1))
            first = number + 1
        return tuple(found)

    def to_bytes(self) -> bytes:
        """As it is stored."""
        runs = {str(number): [run.until, run.owner] for number, run in self.open.items()}
        values = [self.identity, self.commit, self.last, runs, self.deaths, self.floor, self.languages]
        return json.dumps(values).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Commits:
        """What `to_bytes` gave. Raises `IndexDamaged`."""
        try:
            identity, commit, last, runs, deaths, floor, languages = json.loads(data)
            opened = {int(number): Run(float(until), str(owner)) for number, (until, owner) in runs.items()}
            died = tuple((int(run), int(at), float(time_)) for run, at, time_ in deaths)
            return cls(str(identity), int(commit), int(last), opened, died, int(floor), tuple(map(str, languages)))
        except (ValueError, TypeError, AttributeError) as error:
            raise IndexDamaged(f"the archive's list of commits cannot be read: {error}; restore a backup") from error

    @classmethod
    def new(cls) -> Commits:
        """Those of an archive that is made now."""
        return cls(secrets.token_hex(8))


def visible(seen: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
    """Filters that only articles pass that are there for whoever sees these runs."""
    ranges = [{"gte": first, "lte": last} for first, last in seen]
    if not ranges:
        return [{"match_none": {}}]

    def within(name: str) -> dict[str, Any]:
        return {"bool": {"should": [{"range": {name: one}} for one in ranges], "minimum_should_match": 1}}

    return [within("born"), {"bool": {"must_not": within("died")}}]


class Documents:
    """The few documents that an archive keeps besides articles; see `searchapp.model.beside.Beside`."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index

    def read(self, name: str) -> tuple[bytes, str] | None:
        try:
            found = self._cluster.ask("GET", f"/{self._index}/_doc/{name}")
        except NotThere:
            return None
        data = base64.b64decode(found["_source"]["data"])
        return data, f"{found['_seq_no']}.{found['_primary_term']}"

    def version(self, name: str) -> str | None:
        try:
            found = self._cluster.ask("GET", f"/{self._index}/_doc/{name}", params={"_source": "false"})
        except NotThere:
            return None
        return f"{found['_seq_no']}.{found['_primary_term']}"

    def write(self, name: str, data: bytes, *, version: str | None) -> bool:
        body = {"data": base64.b64encode(data).decode("ascii")}
        params = {"op_type": "create"}
        if version is not None:
            number, _, term = version.partition(".")
            params = {"if_seq_no": number, "if_primary_term": term}
        try:
            self._cluster.ask("PUT", f"/{self._index}/_doc/{name}", body, params=params)
        except Conflict:
            # A write that was tried again may have been done the first time.
            now = self.read(name)
            return now is not None and now[0] == data
        return True

    def commits(self) -> Commits:
        """Raises `IndexNotFound` where there is no archive."""
        return self._commits()[0]

    def _commits(self) -> tuple[Commits, str]:
        found = self.read(STATE)
        if found is None:
            raise IndexNotFound(
                f"no archive at {self._cluster.address}; create one with: searchapp index FILES --index "
                f"{self._cluster.address}"
            )
        return Commits.from_bytes(found[0]), found[1]

    def change(self, of: Callable[[Commits], Commits]) -> Commits:
        """The commits after a change that `of` makes of those that hold; it is called again where others were first."""
        until, tries = time.monotonic() + _PATIENCE_S, 0
        while True:
            now, version = self._commits()
            changed = of(now)
            if changed == now or self.write(STATE, changed.to_bytes(), version=version):
                return changed
            tries += 1
            if time.monotonic() > until:
                raise IndexLocked("others have been writing to this archive without a break; try again")
            time.sleep(min(0.5, 0.01 * tries * (1 + secrets.randbelow(100) / 100)))


def without(commits: Commits, number: int) -> Commits:
    """The commits once everything that a run stored is gone."""
    return replace(commits, open={other: run for other, run in commits.open.items() if other != number})
