"""`OpenSearchEngine`: opening, making and writing an archive on a cluster."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from searchapp.engines.opensearch.address import Address
from searchapp.engines.opensearch.cluster import Cluster, Conflict, NotThere
from searchapp.engines.opensearch.commits import GRACE_S, STATE, Commits, Documents
from searchapp.engines.opensearch.mapping import FORMAT, articles_index, beside_index
from searchapp.engines.opensearch.state import OpenSearchState
from searchapp.engines.opensearch.views import View
from searchapp.engines.opensearch.writer import OpenSearchWriter
from searchapp.engines.rules import ANALYSIS
from searchapp.errors import IndexNotFound, OtherVersion

__all__ = ["OpenSearchEngine"]


class OpenSearchEngine:
    """Articles on an OpenSearch cluster; see `searchapp.engines.base.Engine`."""

    def __init__(self, cluster: Cluster, name: str, *, timeout_s: float, grace_s: float = GRACE_S) -> None:
        """`grace_s` is how long what was taken out is kept for those who read the state before."""
        self.cluster = cluster
        self.articles = f"{name}-articles"
        """The index of the articles."""
        self.beside = f"{name}-archive"
        """The index of what the archive keeps besides."""
        self.documents = Documents(cluster, self.beside)
        """What the archive keeps besides articles."""
        self._timeout_s = timeout_s
        self._grace_s = grace_s
        self._identity = self.documents.commits().identity
        self._view: View | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls,
        address: Address,
        *,
        create: bool,
        timeout_s: float,
        user: str = "",
        password: str = "",
        token: str = "",
        ca: str = "",
        shards: int = 0,
        replicas: str = "0-1",
        grace_s: float = GRACE_S,
    ) -> OpenSearchEngine:
        """The archive at an address, made first where there is none and `create` says so.

        The user and password of the address count more than those given. A new archive has one shard for each node for
        data, or so many `shards`. Raises `IndexNotFound`, `OtherVersion`,
        `IndexUnreachable` and `IndexDamaged`.
        """
        login = (address.user, address.password) if address.user else (user, password)
        cluster = Cluster(address, user=login[0], password=login[1], token="" if address.user else token, ca=ca)
        try:
            if create:
                _make(cluster, address.name, shards=shards, replicas=replicas)
            _check(cluster, address)
            return cls(cluster, address.name, timeout_s=timeout_s, grace_s=grace_s)
        except BaseException:
            cluster.close()
            raise

    @property
    def identity(self) -> str:
        return self._identity

    def state(self) -> OpenSearchState:
        commits = self.documents.commits()
        with self._lock:
            view = self._view
            if view is None or view.commits.commit != commits.commit or view.commits.identity != commits.identity:
                before, view = (
                    view,
                    View(self.cluster, self.articles, self.documents, commits, timeout_s=self._timeout_s),
                )
                self._view = view
            else:
                before = None
            state = OpenSearchState(view)
        if before is not None:
            before.is_old = True
            if not before.is_used:
                before.free()
        return state

    @contextmanager
    def writer(self, *, timeout_s: float) -> Iterator[OpenSearchWriter]:
        writer = OpenSearchWriter(self.cluster, self.articles, self.documents, grace_s=self._grace_s)
        try:
            yield writer
            writer.commit()
        except BaseException:
            # What cannot be cleaned up now is never seen, and removed by a later run.
            with suppress(Exception):
                writer.abort()
            raise

    def remove(self) -> None:
        """Removes the archive from the cluster, articles and all."""
        for index in (self.articles, self.beside):
            with suppress(NotThere):
                self.cluster.ask("DELETE", f"/{index}")

    def close(self) -> None:
        with self._lock:
            view, self._view = self._view, None
        if view is not None:
            view.is_old = True
            view.free()
        self.cluster.close()


def _make(cluster: Cluster, name: str, *, shards: int, replicas: str) -> None:
    """Makes what of an archive is not there; another process may do the same at the same time."""
    shards = shards or max(1, int(cluster.ask("GET", "/_cluster/health")["number_of_data_nodes"]))
    indexes: dict[str, Any] = {
        f"{name}-articles": articles_index(shards=shards, replicas=replicas),
        f"{name}-archive": beside_index(replicas=replicas),
    }
    for index, body in indexes.items():
        try:
            cluster.ask("GET", f"/{index}")
        except NotThere:
            with suppress(Conflict):
                cluster.ask("PUT", f"/{index}", body, params={"wait_for_active_shards": "1"})
    documents = Documents(cluster, f"{name}-archive")
    if documents.read(STATE) is None:
        documents.write(STATE, Commits.new().to_bytes(), version=None)


def _check(cluster: Cluster, address: Address) -> None:
    """Raises unless the archive is there, and as this version makes it."""
    index = f"{address.name}-articles"
    try:
        held = cluster.ask("GET", f"/{index}/_mapping")
    except NotThere:
        raise IndexNotFound(
            f"no archive at {address}; create one with: searchapp index FILES --index {address}"
        ) from None
    (mapping,) = held.values()
    told = mapping["mappings"].get("_meta", {})
    if "searchapp" not in told:
        raise OtherVersion(f"the index {index!r} of the cluster is none of Searchapp's; choose another name")
    if int(told["searchapp"]) > FORMAT:
        raise OtherVersion(f"the archive at {address} was made by a newer version; update the program")
    if int(told["searchapp"]) < FORMAT or told.get("words") != ANALYSIS:
        raise OtherVersion(
            f"the archive at {address} was made by another version; write it anew with: searchapp rebuild --index "
            f"{address}"
        )
