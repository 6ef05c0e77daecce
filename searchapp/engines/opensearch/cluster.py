"""Talking to a cluster: requests with retries, every failure as an error that says what to do."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionTimeout,
    SerializationError,
    SSLError,
    TransportError,
)
from opensearchpy.exceptions import ConnectionError as NoConnection

from searchapp.engines.opensearch.address import Address
from searchapp.errors import ArchiveError, IndexUnreachable, SearchTimeout

__all__ = ["Cluster", "Conflict", "GoneContext", "NotThere"]

TRIES = 6
FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0
_BUSY = (429, 502, 503, 504)
BULK_BYTES = 5_000_000
"""About how much one message of articles holds; OpenSearch takes 100 MB."""
# What the client has to say is said by errors; a document that is not there is none.
logging.getLogger("opensearch").setLevel(logging.CRITICAL)
_WAIT_S = 60.0
"""How long anything but a question may take."""


class NotThere(Exception):
    """What was asked for is not in the cluster."""


class Conflict(Exception):
    """Somebody else has changed it meanwhile, or made it."""


class GoneContext(Exception):
    """A point in time is no longer kept, or a node that kept it is gone."""


class Cluster:
    """A connection to the nodes of an address. May be used from several threads."""

    def __init__(self, address: Address, *, user: str = "", password: str = "", token: str = "", ca: str = "") -> None:
        """`token` is sent instead of user and password; `ca` is a file of certificates that are believed besides."""
        self.address = address
        headers = {"Authorization": f"Bearer {token}"} if token else None
        self._client = OpenSearch(
            hosts=[{"host": host, "port": port} for host, port in address.nodes],
            use_ssl=address.secure,
            verify_certs=True,
            ssl_show_warn=False,
            ca_certs=ca or None,
            http_auth=(user, password) if user and not token else None,
            headers=headers,
            http_compress=address.secure,
            pool_maxsize=16,
            max_retries=0,
            timeout=_WAIT_S,
        )
        self._version: tuple[int, ...] = ()

    @property
    def version(self) -> tuple[int, ...]:
        """Of OpenSearch, such as (3, 9, 0)."""
        if not self._version:
            told = self.ask("GET", "/")["version"]
            if told.get("distribution") != "opensearch":
                raise ArchiveError(f"what answers at {self.address} is no OpenSearch; give the address of one")
            self._version = tuple(int(part) for part in told["number"].partition("-")[0].split("."))
        return self._version

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, Any] | None = None,
        timeout_s: float = _WAIT_S,
    ) -> Any:
        """What the cluster answers, read as JSON; tried again where a node is busy or gone.

        Raises `NotThere`, `Conflict`, `GoneContext`, `SearchTimeout` where it takes longer than `timeout_s`,
        `IndexUnreachable` where there is no answer, and `ArchiveError` for every other refusal.
        """
        until, wait_s = time.monotonic() + timeout_s, FIRST_WAIT_S
        for attempt in range(1, TRIES + 1):
            try:
                left = max(0.05, until - time.monotonic())
                # A node that does not answer is no reason to wait all the time: another one may.
                share = left if attempt == TRIES or len(self.address.nodes) == 1 else max(1.0, left / 2)
                return self._client.transport.perform_request(
                    method, path, params={**(params or {}), "request_timeout": share}, body=body
                )
            except TransportError as error:
                patience = until - time.monotonic() > wait_s
                if attempt == TRIES or not patience or not _may_pass(error):
                    raise self._said(error) from error
            except SerializationError as error:
                raise ArchiveError(f"what answers at {self.address} is no OpenSearch: {error}") from error
            time.sleep(wait_s * (0.5 + random.random()))
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)
        raise AssertionError("the last try returns or raises")

    def search(self, bodies: Sequence[Mapping[str, Any]], *, timeout_s: float, path: str = "") -> list[Any]:
        """The answers to searches sent together, each whole. Raises like `ask`."""
        if not bodies:
            return []
        told = f"{max(1, round(timeout_s * 1000))}ms"
        lines: list[str] = []
        for body in bodies:
            # Scores need the frequencies of words in all shards.
            header = {"search_type": "dfs_query_then_fetch"} if body.get("size", 1) else {}
            lines += [json.dumps(header), json.dumps({"timeout": told, **body})]
        # The cluster keeps the deadline; the connection waits a little longer for it to say so.
        found = self.ask(
            "POST",
            f"{path}/_msearch",
            "\n".join(lines) + "\n",
            params={"max_concurrent_searches": 8},
            timeout_s=timeout_s + 2,
        )
        for answer in found["responses"]:
            self._check(answer)
        return list(found["responses"])

    def bulk(self, index: str, lines: Iterable[bytes], *, refresh: bool = False) -> list[dict[str, Any]]:
        """What became of each action, in order; what a busy node refuses is sent again. Raises like `ask`."""
        waiting = list(lines)
        results: list[dict[str, Any] | None] = [None] * len(waiting)
        numbers, wait_s = list(range(len(waiting))), FIRST_WAIT_S
        for attempt in range(1, TRIES + 1):
            if not numbers:
                break
            body = b"".join(waiting[number] for number in numbers)
            params = {"refresh": "true"} if refresh else {}
            answer = self.ask("POST", f"/{index}/_bulk", body, params=params)
            again = []
            for number, item in zip(numbers, answer["items"], strict=True):
                (result,) = item.values()
                results[number] = result
                if result["status"] in _BUSY and attempt < TRIES:
                    again.append(number)
            numbers = again
            if numbers:
                time.sleep(wait_s * (0.5 + random.random()))
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
        found = [result for result in results if result is not None]
        for result in found:
            if result["status"] in (200, 201, 404, 409):
                continue
            raise self._refused(result["status"], result.get("error") or {})
        return found

    def close(self) -> None:
        """Frees the connections."""
        self._client.close()

    def _check(self, answer: Mapping[str, Any]) -> None:
        if "error" in answer:
            raise self._refused(int(answer.get("status", 0)), answer["error"])
        if answer.get("timed_out"):
            raise SearchTimeout(
                "the search took too long; use fewer or longer words, or raise SEARCHAPP_QUERY_TIMEOUT_S"
            )
        shards = answer.get("_shards", {})
        if shards.get("failed"):
            failures = shards.get("failures") or [{}]
            raise self._refused(0, {"root_cause": [failures[0].get("reason", {})], "failed_shards": failures})

    def _said(self, error: TransportError) -> Exception:
        status, where = error.status_code, str(self.address)
        if isinstance(error, ConnectionTimeout):
            return SearchTimeout(f"the cluster at {where} did not answer in time; see searchapp doctor, or try again")
        if isinstance(error, SSLError):
            return IndexUnreachable(
                f"the certificate of {where} is not believed ({_line(error.error)}); name the file of the one that "
                "signed it in SEARCHAPP_OPENSEARCH_CA"
            )
        if isinstance(error, AuthenticationException | AuthorizationException) and "cluster_block" not in str(error):
            return IndexUnreachable(
                f"the cluster at {where} does not let this user in ({status}); set SEARCHAPP_OPENSEARCH_USER and "
                "SEARCHAPP_OPENSEARCH_PASSWORD, or SEARCHAPP_OPENSEARCH_TOKEN"
            )
        if isinstance(error, NoConnection):
            return IndexUnreachable(
                f"no cluster answers at {where} ({_reason_of(error)}); is it running, and is the address right?"
            )
        info: Any = error.info
        told = info.get("error", {}) if isinstance(info, dict) else {"reason": str(info)}
        return self._refused(status if isinstance(status, int) else 0, told)

    def _refused(self, status: int, error: Any) -> Exception:
        where = str(self.address)
        if not isinstance(error, Mapping):
            error = {"reason": str(error)}
        causes = [error, *error.get("root_cause", ()), *_causes(error.get("failed_shards", ()))]
        kinds = {str(cause.get("type", "")) for cause in causes}
        reasons = " ".join(str(cause.get("reason", "")) for cause in causes)
        if kinds & {"search_context_missing_exception", "node_disconnected_exception", "node_not_connected_exception"}:
            return GoneContext(reasons)
        if kinds & {"version_conflict_engine_exception", "resource_already_exists_exception"}:
            return Conflict(reasons)
        if kinds & {"cluster_block_exception"}:
            if "read-only-allow-delete" in reasons or "flood" in reasons:
                return IndexUnreachable(
                    f"the cluster at {where} takes no more articles, as a disk is nearly full; make room on it, and "
                    "what was refused goes on by running the same command again"
                )
            return IndexUnreachable(
                f"the cluster at {where} cannot be used now: {_line(reasons)}; see searchapp doctor"
            )
        if kinds & {"no_shard_available_action_exception", "unavailable_shards_exception"} or status == 503:
            return IndexUnreachable(
                f"a part of the archive at {where} is on no node that runs; start the node that holds it, and see "
                "searchapp doctor"
            )
        if status == 404 or "index_not_found_exception" in kinds:
            return NotThere(reasons)
        if status == 429:
            return IndexUnreachable(f"the cluster at {where} is too busy ({_line(reasons)}); try again later")
        return ArchiveError(f"the cluster at {where} refuses ({status}): {_line(reasons)}")


def _may_pass(error: TransportError) -> bool:
    if isinstance(error, SSLError | ConnectionTimeout):
        return isinstance(error, ConnectionTimeout)
    if isinstance(error, NoConnection):
        return True
    status = error.status_code
    return status in _BUSY


def _causes(failures: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [failure["reason"] for failure in failures if isinstance(failure.get("reason"), Mapping)]


def _reason_of(error: TransportError) -> str:
    text = str(error.info if error.info is not None else error.error)
    for sign in ("refused", "Name or service not known", "unreachable", "timed out", "reset"):
        if sign in text:
            return {"Name or service not known": "no such host", "refused": "connection refused"}.get(sign, sign)
    return _line(text)


def _line(text: object) -> str:
    """The beginning of a text, on one line."""
    return " ".join(str(text).split())[:200]
