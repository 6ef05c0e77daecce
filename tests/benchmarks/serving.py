"""Speed of the search page: `python tests/benchmarks/serving.py [INDEX] [--data DIR]`.

Prints the server time of one search page, median and 95th percentile over many different searches; of the pages that
list all values of a facet and of the pages of the most frequent names, as a multiple of that, asked for the first time
and again; then how long the answers take that a server in a process of its own gives at a steady rate over loopback. An
answer's time counts from the moment at which its request was due, so that a server that falls behind cannot hide it.

Without INDEX the articles of Reuters-21578 are indexed first, with the names that the files themselves give.
"""

from __future__ import annotations

import argparse
import http.client
import io
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

from searchapp import Archive, Article
from searchapp.model.article import FACET_OF_KIND
from searchapp.model.query import SearchRequest
from searchapp.model.question import FacetWanted, Question
from searchapp.web import make_app

SHARED = Path(os.environ.get("SEARCHAPP_TEST_DATA", Path(__file__).parents[3] / "shared"))
MEDIAN_MS = 15
P99_MS = 150
RATE = 100
"""Requests a second."""
CONNECTIONS = 32
AGAIN = 7
"""Times that a page which is asked for again is."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints both measurements, each beside the bar that it is held against."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("index", nargs="?", type=Path, help="the index to serve")
    parser.add_argument("--data", type=Path, default=SHARED / "corpora" / "reuters21578")
    parser.add_argument("--searches", type=int, default=400, help="different searches")
    parser.add_argument("--seconds", type=float, default=10, help="of steady load")
    options = parser.parse_args(arguments)
    if options.index is None and not options.data.is_dir():
        sys.exit(f"no articles in {str(options.data)!r}; name an index, or their folder with --data")
    with tempfile.TemporaryDirectory() as folder:
        index = options.index or Path(folder) / "index"
        if options.index is None:
            with Archive.open(index, create=True) as archive:
                archive.add_files(options.data, recognise=False)
        addresses = searches(index, options.searches)
        measure_pages(index, addresses)
        measure_load(index, addresses, seconds=options.seconds)


def searches(index: Path, number: int) -> list[str]:
    """Addresses of different searches, the same for the same archive; as with people, most of them find something.

    Each asks for words of one article's title, often with a name or topic of the same article. One in twenty asks for
    words of two articles, which as a rule finds nothing.
    """
    chance = random.Random(2187)
    with Archive.open(index) as archive:
        orders = (SearchRequest(sort=sort, page_size=500, facet_size=1) for sort in ("newest", "oldest"))
        articles = [hit.article for order in orders for hit in archive.find(order).hits]
    found: list[str] = []
    while len(found) < number:
        article, other = chance.sample(articles, 2)
        words = _words(article)
        pairs = [("q", " ".join(chance.sample(words, min(len(words), chance.choice((0, 1, 1, 2, 2, 3))))))]
        if chance.random() < 0.05:
            pairs = [("q", " ".join([*words[:2], *_words(other)[:2]]))]
        for parameter, labels in (("person", article.people), ("place", article.places), ("topic", article.topics)):
            if labels and chance.random() < 0.2:
                pairs.append((parameter, chance.choice(labels)))
        if chance.random() < 0.1:
            pairs.append(("sort", "newest"))
        if article.published and chance.random() < 0.1:
            pairs.append(("since", article.published.isoformat()[:7]))
        found.append(f"/?{urlencode([pair for pair in pairs if pair[1]])}")
    return found


def _words(article: Article) -> list[str]:
    return list(dict.fromkeys(re.findall(r"[a-z]{3,}", article.title.lower())))


def measure_pages(index: Path, addresses: Sequence[str]) -> None:
    """Times every address in this process, without a network."""
    with Archive.open(index) as archive:
        app = make_app(archive)
        sizes, times_ms, work_ms = [], [], []
        for address in ["/", *addresses[:20], *addresses]:
            page = ask_for(app, address)
            times_ms.append(page.took_ms)
            work_ms.append(page.work_ms)
            sizes.append(page.size)
        articles = len(archive)
        median = statistics.median(times_ms[21:])
        lists = {address: [ask_for(app, address).took_ms for _ in range(AGAIN + 1)] for address in listing(archive)}
    # The first ones also open files and fill what is remembered for the whole archive.
    counted = times_ms[21:]
    print(f"{articles:,} articles, {len(counted)} different searches")
    print(f"  first page after the start     {times_ms[0]:8.1f} ms")
    print(f"  search page, median            {statistics.median(counted):8.1f} ms   (bar: {MEDIAN_MS} ms)")
    print(f"  search page, 95th percentile   {percentile(counted, 95):8.1f} ms")
    print(f"  processor time, mean           {statistics.mean(work_ms[21:]):8.1f} ms")
    print(f"  search page, largest           {max(sizes) / 1000:8.1f} KB   (bar: 60 KB)")
    print("  as multiples of the median search page: the first time, then the median of some more")
    for address, took in lists.items():
        print(f"  {address:<30} {took[0] / median:8.1f}  {statistics.median(took[1:]) / median:8.1f}")


@dataclass(frozen=True, slots=True)
class Page:
    """What one page took."""

    took_ms: float
    work_ms: float
    """Of the processor."""
    size: int


def ask_for(app: Any, address: str) -> Page:
    """The page at an address, without a network."""
    path, _, query = address.partition("?")
    environ = {"PATH_INFO": unquote(path), "QUERY_STRING": query, "wsgi.errors": io.StringIO()}
    setup_testing_defaults(environ)
    statuses: list[str] = []
    started, worked = time.perf_counter(), time.process_time()
    body = b"".join(app(environ, lambda status, headers, exc=None: statuses.append(status)))
    took, work = time.perf_counter() - started, time.process_time() - worked
    assert statuses == ["200 OK"], (address, statuses)
    return Page(took * 1000, work * 1000, len(body))


def listing(archive: Archive) -> list[str]:
    """Addresses of the pages of facets, and of the pages of the most frequent name of each kind."""
    found = ["/facet/people", "/facet/people?order=az", "/facet/places", "/facet/places?order=country"]
    (answer,) = archive.ask(Question(facets=tuple(FacetWanted(facet, 1) for facet in FACET_OF_KIND.values())))
    for kind, facet in zip(FACET_OF_KIND, answer.facets, strict=True):
        found += [f"/{kind}/{quote(value.label)}" for value in facet.values]
    return found


def measure_load(index: Path, addresses: Sequence[str], *, seconds: float) -> None:
    """Asks a real server for the addresses in turn, `RATE` of them each second."""
    command = [sys.executable, "-m", "searchapp", "serve", "--index", str(index), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            place = urlsplit(server.stdout.readline().split()[4]).netloc
            connections = threading.local()

            def ask(due: float, address: str) -> float:
                time.sleep(max(0.0, due - time.perf_counter()))
                connection = getattr(connections, "open", None)
                if connection is None:
                    connection = connections.open = http.client.HTTPConnection(place, timeout=60)
                connection.request("GET", address)
                response = connection.getresponse()
                response.read()
                assert response.status == 200, (address, response.status)
                return (time.perf_counter() - due) * 1000

            with ThreadPoolExecutor(CONNECTIONS) as threads:
                list(threads.map(ask, [0.0] * 50, addresses[:50]))
                start = time.perf_counter() + 0.5
                number = int(seconds * RATE)
                due = [start + i / RATE for i in range(number)]
                asked = [addresses[i % len(addresses)] for i in range(number)]
                times_ms = list(threads.map(ask, due, asked))
            took = time.perf_counter() - start
        finally:
            server.terminate()
    print(f"{number} requests at {RATE} a second over {CONNECTIONS} connections, answered in {took:.1f} s")
    print(f"  answer, median                 {statistics.median(times_ms):8.1f} ms")
    print(f"  answer, 99th percentile        {percentile(times_ms, 99):8.1f} ms   (bar: {P99_MS} ms)")


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that `percent` of the values do not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


if __name__ == "__main__":
    main()
