"""Every match of a search as a file: a table, JSON lines, BibTeX or RIS."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

import bottle

from searchapp.archive import State
from searchapp.archive.exporting import FORMS
from searchapp.model.article import Article
from searchapp.model.query import SearchRequest
from searchapp.web.links import read_search, write_search
from searchapp.web.responses import sent
from searchapp.web.site import Site

__all__ = ["AT_ONCE", "EXPORTS", "add_routes", "export_links"]

AT_ONCE = 2
"""Exports that may run at once. A reader who takes a large one slowly keeps a thread of the server for as long."""
CHUNK_CHARS = 64_000
"""Short lines are sent together."""

EXPORTS: Mapping[str, tuple[Callable[[Iterable[Article]], Iterable[str]], str]] = MappingProxyType(
    {ending: (form.write, form.media_type) for ending, form in FORMS.items()}
)
"""Ending of the file to what writes it, and the type it is sent as."""


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds `/export.csv` and the others; each takes the parameters of a search, and gives every page of it."""
    free = threading.BoundedSemaphore(AT_ONCE)

    def export(state: State, form: str) -> bottle.HTTPResponse:
        request = read_search(bottle.request.query_string)
        if not free.acquire(blocking=False):
            raise bottle.HTTPError(503)
        write, media_type = EXPORTS[form]
        try:
            articles = state.matches(request)
            # A search that fails does so with its first article, while it can still be answered with an error.
            first = list(itertools.islice(articles, 1))
        except BaseException:
            free.release()
            raise
        # The state is needed for as long as there is something to send.
        kept = state.shared()

        def done() -> None:
            kept.close()
            free.release()

        stream = _Stream(_chunks(write(itertools.chain(first, articles))), done)
        response = sent(stream, media_type)
        response.set_header("Content-Disposition", f'attachment; filename="articles.{form}"')
        return response

    app.route(f"/export.<form:re:{'|'.join(EXPORTS)}>", callback=export)


def export_links(request: SearchRequest) -> list[tuple[str, str]]:
    """Form and address of each file that holds the matches of a search."""
    search = write_search(request, page=1, page_size=10, facet_size=20)
    return [(form, f"/export.{form}?{search}" if search else f"/export.{form}") for form in EXPORTS]


class _Stream:
    """Bytes for the server to send; says once when they are no longer wanted, sent or not."""

    def __init__(self, chunks: Iterator[bytes], done: Callable[[], None]) -> None:
        self._chunks = chunks
        self._done = done
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except BaseException:
            # Where nothing is sent, nobody closes this either.
            self.close()
            raise

    def close(self) -> None:
        """Ends the export; the server calls this in any case."""
        if self._open:
            self._open = False
            self._done()


def _chunks(lines: Iterable[str]) -> Iterator[bytes]:
    waiting: list[str] = []
    chars = 0
    for line in lines:
        waiting.append(line)
        chars += len(line)
        if chars >= CHUNK_CHARS:
            yield "".join(waiting).encode("utf-8", "replace")
            waiting, chars = [], 0
    yield "".join(waiting).encode("utf-8", "replace")
