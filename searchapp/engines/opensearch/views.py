"""One commit of an archive, held by a point in time that all who ask it share, opened anew where it is lost."""

from __future__ import annotations

import contextlib
import json
import math
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from searchapp.engines.opensearch.cluster import Cluster, GoneContext, NotThere
from searchapp.engines.opensearch.commits import Commits, Documents, visible
from searchapp.engines.rules import K1
from searchapp.errors import ArchiveError

__all__ = ["View"]

KEPT_S = 240
"""How long the cluster keeps a point in time that nobody asks anything of."""
_TRIES = 4
_COMPOSITE = 10_000
HITS_TOGETHER = 500


class View:
    """The articles as one commit left them. May be asked from several threads."""

    def __init__(
        self, cluster: Cluster, index: str, documents: Documents, commits: Commits, *, timeout_s: float
    ) -> None:
        self.commits = commits
        self.filters: list[dict[str, Any]] = visible(commits.seen)
        """What every query has to be narrowed by."""
        self.timeout_s = timeout_s
        self.is_old = False
        """Whether a later one has taken its place."""
        self.floor = 0
        """Of the states before, those from this commit on can still be compared with."""
        self._cluster = cluster
        self._index = index
        self._documents = documents
        self._lock = threading.Lock()
        self._point = ""
        self._used = 0.0
        self._users = 0
        self._kept: dict[str, Any] = {}

    @property
    def generation(self) -> str:
        return f"{self.commits.identity}-{self.commits.commit}"

    @property
    def factor(self) -> float:
        """What scores are multiplied with: before version 3 OpenSearch multiplied them with k1 + 1."""
        return 1.0 if self._cluster.version >= (3,) else 1 / (K1 + 1)

    def search(self, bodies: Sequence[Mapping[str, Any]], *, timeout_s: float | None = None) -> list[Any]:
        """The answers to searches of this state, sent together."""
        timeout_s = self.timeout_s if timeout_s is None else timeout_s
        for attempt in range(1, _TRIES + 1):
            point = self._opened()
            pit = {"pit": {"id": point, "keep_alive": f"{KEPT_S}s"}}
            try:
                answers = self._cluster.search([{**body, **pit} for body in bodies], timeout_s=timeout_s)
            except (GoneContext, NotThere) as error:
                with self._lock:
                    if self._point == point:
                        self._point = ""
                if attempt == _TRIES:
                    raise ArchiveError(f"the cluster loses what it is asked about: {error}; try again") from error
                time.sleep(0.2 * attempt)
                continue
            self._used = time.monotonic()
            return answers
        raise AssertionError("the last try returns or raises")

    def count(self) -> int:
        """How many articles there are."""
        found: int = self.kept("count", lambda: self._counted({"bool": {"filter": self.filters}}))
        return found

    def has(self, query: Mapping[str, Any]) -> bool:
        """Whether any article is chosen by a filter."""
        narrowed = {"bool": {"filter": [query, *self.filters]}}
        found: bool = self.kept(f"has {json.dumps(query)}", lambda: self._counted(narrowed, most=1) > 0)
        return found

    def weights(self, field: str, stems: Sequence[str]) -> list[float]:
        """By how much the stems of one word in several languages are rarer, each, than the word.

        The cluster weighs each by the articles that hold it, where all that hold the word count.
        """
        found: list[float] = self.kept(f"weights {field} {stems}", lambda: self._weighed(field, stems))
        return found

    def _weighed(self, field: str, stems: Sequence[str]) -> list[float]:
        queries = [{"term": {field: stem}} for stem in stems] + [{"exists": {"field": field}}]
        bodies = [{"query": query, "size": 0, "track_total_hits": True} for query in queries]
        *held, articles = (answer["hits"]["total"]["value"] for answer in self.search(bodies))
        whole = _rarity(sum(held), articles)
        return [whole / _rarity(holders, articles) for holders in held]

    def kept(self, name: str, compute: Any) -> Any:
        """What `compute` gave for a name in this state."""
        with self._lock:
            if name in self._kept:
                return self._kept[name]
        found = compute()
        with self._lock:
            if len(self._kept) > 10_000:
                self._kept.clear()
            self._kept[name] = found
        return found

    def sources(
        self, query: Mapping[str, Any], fields: Sequence[str], *, sort: Sequence[Any] = ("tie",)
    ) -> Iterator[dict[str, Any]]:
        """These fields of every article that a query chooses, in an order in which no two are equal."""
        after: list[Any] | None = None
        body = {"query": query, "size": HITS_TOGETHER, "sort": list(sort), "_source": list(fields)}
        body |= {"track_total_hits": False}
        while True:
            (answer,) = self.search([body | ({"search_after": after} if after else {})], timeout_s=60)
            hits = answer["hits"]["hits"]
            for hit in hits:
                yield hit["_source"]
            if len(hits) < HITS_TOGETHER:
                return
            after = hits[-1]["sort"]

    def sort_before(self, body: Mapping[str, Any], place: int) -> list[Any] | None:
        """The sort values of the hit before a place, from 1 on; None where there are not so many."""
        after: list[Any] | None = None
        while place > 0:
            size = min(place, 10_000)
            step = {**body, "size": size, "_source": False, **({"search_after": after} if after else {})}
            (answer,) = self.search([step], timeout_s=max(60, self.timeout_s))
            hits = answer["hits"]["hits"]
            if len(hits) < size:
                return None
            after, place = hits[-1]["sort"], place - size
        return after

    def labels(self, column: str, query: Mapping[str, Any] | None = None) -> dict[str, int]:
        """Every label of a column, with the articles that have it, of all or of those that a filter chooses."""
        found: dict[str, int] = {}
        narrowed = {"bool": {"filter": [query]}} if query is not None else {"bool": {"filter": self.filters}}
        after: Any = None
        while True:
            composite: dict[str, Any] = {"size": _COMPOSITE, "sources": [{"label": {"terms": {"field": column}}}]}
            composite |= {"after": after} if after else {}
            body = {"query": narrowed, "size": 0, "aggs": {"labels": {"composite": composite}}}
            (answer,) = self.search([body | {"track_total_hits": False}], timeout_s=60)
            held = answer["aggregations"]["labels"]
            found |= {bucket["key"]["label"]: bucket["doc_count"] for bucket in held["buckets"]}
            after = held.get("after_key")
            if after is None or len(held["buckets"]) < _COMPOSITE:
                return found

    def enter(self) -> View:
        """This view, for one more user."""
        with self._lock:
            self._users += 1
        return self

    def leave(self) -> int:
        """One user less; how many there still are."""
        with self._lock:
            self._users -= 1
            return self._users

    @property
    def is_used(self) -> bool:
        """Whether anybody asks it still."""
        return self._users > 0

    def free(self) -> None:
        """Lets the cluster forget the point in time; it is opened again where anybody asks still."""
        with self._lock:
            point, self._point = self._point, ""
        if point:
            with contextlib.suppress(Exception):
                self._cluster.ask("DELETE", "/_search/point_in_time", {"pit_id": [point]}, timeout_s=2)

    def _counted(self, query: Mapping[str, Any], *, most: int = 0) -> int:
        body = {"query": query, "size": 0, "track_total_hits": most or True}
        (answer,) = self.search([body])
        return int(answer["hits"]["total"]["value"])

    def _opened(self) -> str:
        with self._lock:
            if not self._point or time.monotonic() - self._used > KEPT_S / 2:
                self._point = self._open()
                self._used = time.monotonic()
            return self._point

    def _open(self) -> str:
        params = {"keep_alive": f"{KEPT_S}s", "allow_partial_pit_creation": "false"}
        opened = self._cluster.ask("POST", f"/{self._index}/_search/point_in_time", params=params)
        # What this state shows may have been removed before the point in time was there.
        now = self._documents.commits()
        if now.identity != self.commits.identity or now.floor > self.commits.commit:
            raise ArchiveError("the archive has changed since this was asked; ask again")
        self.floor = now.floor
        return str(opened["pit_id"])


def _rarity(holders: int, articles: int) -> float:
    """The inverse frequency of `searchapp.engines.rules`."""
    return math.log(1 + (articles - holders + 0.5) / (holders + 0.5))
