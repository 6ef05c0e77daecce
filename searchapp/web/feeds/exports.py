"""Every match of a search as a file: a table, JSON lines, BibTeX or RIS."""

from __future__ import annotations

import itertools
import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Protocol

import bottle

from searchapp.archive import State
from searchapp.archive.exporting import FORMS
from searchapp.model.article import Article
from searchapp.model.query import FACETS, SearchRequest
from searchapp.web.compressing import accepts_gzip, gzipped_pieces
from searchapp.web.links import read_search, write_search
from searchapp.web.responses import sent
from searchapp.web.site import Site

__all__ = ["AT_ONCE", "EXPORTS", "READER", "add_routes", "export_links", "file_name"]

READER = "searchapp.reader"
"""Where in the environment of a request a server says who reads the answer."""

AT_ONCE = 8
"""Exports that may be on their way at once in a process: each keeps a thread of the server while its reader reads."""
GIVEN_UP_S = 1.0
"""When all places are taken, whoever has read nothing for longest, and for so long, makes room."""
MAX_NAME_CHARS = 60
"""Of the name of a file, without its ending."""
_WORDS = re.compile(r"[a-z0-9]+")
_BOM = "\ufeff"
CHUNK_CHARS = 64_000
"""Short lines are sent together."""

EXPORTS: Mapping[str, tuple[Callable[[Iterable[Article]], Iterable[str]], str]] = MappingProxyType(
    {ending: (form.write, form.media_type) for ending, form in FORMS.items()}
)
"""Ending of the file to what writes it, and the type it is sent as."""


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds `/export.csv` and the others; each takes the parameters of a search, and gives every page of it."""
    places = _Places()

    def export(state: State, form: str) -> bottle.HTTPResponse:
        request = read_search(bottle.request.query_string)
        place = places.take(bottle.request.environ.get(READER))
        if place is None:
            raise bottle.HTTPError(503)
        write, media_type = EXPORTS[form]
        try:
            articles = state.matches(request)
            # A search that fails does so with its first article, while it can still be answered with an error.
            first = list(itertools.islice(articles, 1))
        except BaseException:
            places.give_back(place)
            raise
        # The state is needed for as long as there is something to send.
        kept = state.shared()

        def done() -> None:
            kept.close()
            places.give_back(place)

        # Excel takes a table for Latin-1 where nothing says otherwise.
        start = (_BOM,) if form == "csv" else ()
        chunks = _chunks(itertools.chain(start, write(itertools.chain(first, articles))))
        packed = accepts_gzip(bottle.request.get_header("Accept-Encoding", ""))
        response = sent(_Stream(gzipped_pieces(chunks) if packed else chunks, places.making, done), media_type)
        if packed:
            response.set_header("Content-Encoding", "gzip")
        response.set_header("Content-Disposition", f'attachment; filename="{file_name(request)}.{form}"')
        return response

    app.route(f"/export.<form:re:{'|'.join(EXPORTS)}>", callback=export)


def file_name(request: SearchRequest) -> str:
    """What a file of the matches of a search is called, without its ending: its words and values (talks-york)."""
    labels = (label for facet in FACETS for label in request.selected(facet))
    # Letters without their accents, so that much of the name is left.
    named = unicodedata.normalize("NFKD", " ".join((request.text, *labels))[: 4 * MAX_NAME_CHARS]).casefold()
    named = "".join(letter for letter in named if not unicodedata.combining(letter))
    days = "-".join(day.isoformat() for day in (request.since, request.until) if day)
    # ASCII alone is the same to every browser and file system.
    parts = [*_WORDS.findall(named), *([days] if days else [])]
    return "-".join(parts)[:MAX_NAME_CHARS].strip("-") or "articles"


def export_links(request: SearchRequest) -> list[tuple[str, str]]:
    """Form and address of each file that holds the matches of a search."""
    search = write_search(request, page=1, page_size=10, facet_size=20)
    return [(form, f"/export.{form}?{search}" if search else f"/export.{form}") for form in EXPORTS]


class _Reader(Protocol):
    """Whoever reads an answer, as a server tells of it that reads ahead of its clients."""

    def waited_for_s(self) -> float:
        """Seconds since something was read, while more waits to be; 0 where nothing waits."""

    def drop(self) -> None:
        """Ends the connection, and the answer with it."""


class _Places:
    """The exports that are on their way. Whoever does not read his makes room for others."""

    def __init__(self) -> None:
        self.making = threading.Lock()
        """Held while a piece is made: exports share one core, and leave the rest to the pages."""
        self._taken: dict[object, _Reader | None] = {}
        self._changed = threading.Condition()

    def take(self, reader: _Reader | None) -> object | None:
        """A place, to be given back; None where all are taken by readers who read."""
        place = object()
        with self._changed:
            if len(self._taken) >= AT_ONCE:
                waiting = [(other.waited_for_s(), other) for other in self._taken.values() if other is not None]
                longest, idlest = max(waiting, key=itemgetter(0), default=(0.0, None))
                if idlest is None or longest < GIVEN_UP_S:
                    return None
                idlest.drop()
                if not self._changed.wait_for(lambda: len(self._taken) < AT_ONCE, timeout=2 * GIVEN_UP_S):
                    return None
            self._taken[place] = reader
        return place

    def give_back(self, place: object) -> None:
        """Makes the place free."""
        with self._changed:
            self._taken.pop(place, None)
            self._changed.notify_all()


class _Stream:
    """Bytes for the server to send; says once when they are no longer wanted, sent or not."""

    def __init__(self, chunks: Iterator[bytes], making: threading.Lock, done: Callable[[], None]) -> None:
        self._chunks = chunks
        self._making = making
        self._done = done
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            with self._making:
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
