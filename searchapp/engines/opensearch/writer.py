"""Storing articles as a run of its own, that is seen at once or not at all; several may go on at the same time."""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from searchapp.engines.opensearch.cluster import BULK_BYTES, Cluster
from searchapp.engines.opensearch.commits import Commits, Documents, Run, visible, without
from searchapp.engines.opensearch.mapping import document_of, entry_of_source, key_of
from searchapp.engines.rules import stemmed_in
from searchapp.errors import ArchiveError, InvalidArticle
from searchapp.model.entry import Entry

__all__ = ["OpenSearchWriter", "clean_up", "purge"]

LEASE_S = 600.0
"""A run that has not been heard of for so long, on another machine, is given up."""
_KEYS_TOGETHER = 1_000
_HELD_TOGETHER = 200
"""Whole articles read at once."""
_HOST = socket.gethostname()


class OpenSearchWriter:
    """Changes to an archive on a cluster; see `searchapp.engines.base.Writer`."""

    def __init__(self, cluster: Cluster, index: str, documents: Documents, *, grace_s: float) -> None:
        self._cluster = cluster
        self._index = index
        self._documents = documents
        self._grace_s = grace_s
        self._run = 0
        self._until = 0.0
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._added: set[str] = set()
        self._deleted: set[str] = set()
        self._languages: set[str] = set()

    def add(self, entries: Sequence[Entry]) -> None:
        self._go_on()
        for entry in entries:
            document = document_of(entry, born=self._run)
            key = document["key"]
            action = {"index": {"_id": f"{key}@{self._run}"}}
            self._send(_line(action) + _line(document))
            self._added.add(key)
            self._languages.add(stemmed_in(entry.article, "body"))

    def delete(self, ids: Iterable[str]) -> int:
        keys = {key_of(article_id) for article_id in ids}
        if not keys:
            return 0
        self._go_on()
        own = keys & self._added
        for key in sorted(own):
            self._send(_line({"delete": {"_id": f"{key}@{self._run}"}}))
        before = sorted(keys - self._added - self._deleted)
        commits = self._documents.commits()
        there = {held["_source"]["key"] for held in self._held(before, commits, ["key"])}
        self._added -= own
        self._deleted |= keys
        return len(own) + len(there)

    def commit(self) -> None:
        if not self._run:
            return
        self._flush()
        checked = -1
        while True:
            commits = self._documents.commits()
            self._still_mine(commits)
            if commits.commit != checked:
                # Whoever committed meanwhile may have stored the same articles.
                died = self._take_out(sorted(self._added | self._deleted), commits)
                self._cluster.ask("POST", f"/{self._index}/_refresh")
                checked = commits.commit
            if self._committed(commits, died=died):
                break
        self._run, self._added, self._deleted = 0, set(), set()
        purge(self._cluster, self._index, self._documents, grace_s=self._grace_s)

    def abort(self) -> None:
        """Leaves nothing of what was not committed."""
        self._waiting.clear()
        if self._run:
            run, self._run = self._run, 0
            clean_up(self._cluster, self._index, self._documents, run)

    def _committed(self, before: Commits, *, died: bool) -> bool:
        """Whether the run is seen now; not where somebody else has committed since."""
        run, done = self._run, []

        def change(now: Commits) -> Commits:
            self._still_mine(now)
            if now.commit != before.commit:
                return now
            languages = tuple(sorted({*now.languages, *self._languages} - {""}))
            after = replace(without(now, run), commit=now.commit + 1, languages=languages)
            if died:
                after = replace(after, deaths=(*now.deaths, (run, after.commit, time.time())))
            done.append(after)
            return after

        return self._documents.change(change) in done

    def _still_mine(self, commits: Commits) -> None:
        if self._run not in commits.open:
            raise ArchiveError(
                "this run was not heard of for so long that another one took its place; run the same command again"
            )

    def _go_on(self) -> None:
        """Begins a run, or says that it goes on."""
        now = time.time()
        if self._run and now < self._until - LEASE_S / 2:
            return
        run = Run(now + LEASE_S, f"{_HOST}:{os.getpid()}:{secrets.token_hex(4)}")
        numbers = [self._run]

        def change(commits: Commits) -> Commits:
            if self._run:
                self._still_mine(commits)
                return replace(commits, open={**commits.open, self._run: run})
            numbers[0] = commits.last + 1
            return replace(commits, last=numbers[0], open={**commits.open, numbers[0]: run})

        before = self._documents.change(change)
        fresh = not self._run
        self._run, self._until = numbers[0], run.until
        if fresh:
            for number, other in before.open.items():
                if number != self._run and _is_given_up(other):
                    clean_up(self._cluster, self._index, self._documents, number)

    def _send(self, lines: bytes) -> None:
        self._waiting.append(lines)
        self._bytes += len(lines)
        if self._bytes >= BULK_BYTES:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        if waiting:
            for result in self._cluster.bulk(self._index, waiting):
                if result["status"] == 409:
                    raise ArchiveError("somebody else has changed what this run stores; run the same command again")

    def _take_out(self, keys: Sequence[str], commits: Commits) -> bool:
        """Writes on every article that is seen and that this run replaces that it did so; whether there was any."""
        if not commits.commit:
            return False
        any_died = False
        waiting = list(keys)
        while waiting:
            again: list[str] = []
            for held in _batches(self._held(waiting, commits), _HELD_TOGETHER):
                any_died = True
                hits = [hit for hit in held if self._run not in _runs(hit["_source"].get("died", ()))]
                for hit, result in zip(hits, self._rewrite(hits, add=self._run), strict=True):
                    if result["status"] == 409:
                        again.append(hit["_source"]["key"])
            if again:
                self._cluster.ask("POST", f"/{self._index}/_refresh")
            waiting = again
        return any_died

    def _rewrite(self, hits: Sequence[Mapping[str, Any]], *, add: int) -> list[dict[str, Any]]:
        return rewrite(self._cluster, self._index, hits, lambda died: [*died, add])

    def _held(
        self, keys: Sequence[str], commits: Commits, fields: Sequence[str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """The articles with these keys that are seen, but for those of this run."""
        for start in range(0, len(keys), _KEYS_TOGETHER):
            among = {"terms": {"key": keys[start : start + _KEYS_TOGETHER]}}
            query = {"bool": {"filter": [among, *visible(commits.seen)]}}
            # Whole articles are large, so these come in portions.
            size = _KEYS_TOGETHER if fields is not None else _HELD_TOGETHER
            yield from hits_of(self._cluster, self._index, query, size=size, fields=fields)


def hits_of(
    cluster: Cluster, index: str, query: Mapping[str, Any], *, size: int, fields: Sequence[str] | None = None
) -> Iterator[dict[str, Any]]:
    """Every document that matches, by rising `tie`, with the version under which it can be replaced."""
    after: list[Any] | None = None
    while True:
        body: dict[str, Any] = {"query": query, "size": size, "sort": ["tie", "born"], "seq_no_primary_term": True}
        body |= {"search_after": after} if after else {}
        body |= {"_source": list(fields)} if fields is not None else {}
        (answer,) = cluster.search([body], timeout_s=60, path=f"/{index}")
        hits = answer["hits"]["hits"]
        yield from hits
        if len(hits) < size:
            return
        after = hits[-1]["sort"]


def rewrite(cluster: Cluster, index: str, hits: Sequence[Mapping[str, Any]], died: Any) -> list[dict[str, Any]]:
    """Stores documents with other `died`, where nobody has changed them; what became of each."""
    lines = []
    for hit in hits:
        source = hit["_source"]
        document = document_of(entry_of_source(source), born=source["born"], died=died(_runs(source.get("died", ()))))
        action = {"_id": hit["_id"], "if_seq_no": hit["_seq_no"], "if_primary_term": hit["_primary_term"]}
        lines.append(_line({"index": action}) + _line(document))
    return cluster.bulk(index, lines) if lines else []


def clean_up(cluster: Cluster, index: str, documents: Documents, run: int) -> None:
    """Removes everything of a run that will not commit."""
    cluster.ask("POST", f"/{index}/_refresh")
    _delete(cluster, index, {"term": {"born": run}})
    marked: Mapping[str, Any] = {"term": {"died": run}}
    while held := list(islice(hits_of(cluster, index, marked, size=_HELD_TOGETHER), _HELD_TOGETHER)):
        rewrite(cluster, index, held, lambda died: [other for other in died if other != run])
        cluster.ask("POST", f"/{index}/_refresh")
    documents.change(lambda commits: without(commits, run))


def purge(cluster: Cluster, index: str, documents: Documents, *, grace_s: float) -> None:
    """Removes the articles that were taken out so long ago that nobody reads them any more."""
    now = time.time()
    old = [(run, commit) for run, commit, at in documents.commits().deaths if at + grace_s <= now]
    if not old:
        return
    # First nobody may read the states before, then what they held goes.
    floor = max(commit for _, commit in old)
    documents.change(lambda commits: replace(commits, floor=max(floor, commits.floor)))
    runs = [run for run, _ in old]
    _delete(cluster, index, {"terms": {"died": runs}})
    documents.change(
        lambda commits: replace(commits, deaths=tuple(death for death in commits.deaths if death[0] not in runs))
    )


def _delete(cluster: Cluster, index: str, query: Mapping[str, Any]) -> None:
    params = {"conflicts": "proceed", "refresh": "true", "scroll_size": 1_000}
    cluster.ask("POST", f"/{index}/_delete_by_query", {"query": query}, params=params, timeout_s=3_600)


def _is_given_up(run: Run) -> bool:
    if time.time() > run.until:
        return True
    host, _, process = run.owner.partition(":")
    number = process.partition(":")[0]
    return host == _HOST and number.isdigit() and int(number) != os.getpid() and not _runs_here(int(number))


def _runs_here(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _runs(held: int | Sequence[int]) -> list[int]:
    return [held] if isinstance(held, int) else list(held)


def _line(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    except UnicodeEncodeError as error:
        raise InvalidArticle(f"an article holds half of a character, which no cluster can store: {error}") from error
