"""Hostile articles and hostile addresses: nothing runs, nothing leaks, nothing stops the server."""

from __future__ import annotations

import contextlib
import csv
import html
import http.client
import io
import json
import re
import socket
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.model.article import Article, Mention
from searchapp.web.app import LOOPBACK_HOSTS, make_app
from searchapp.web.links import article_path, entity_path

from .conftest import Ask, Reply, asker
from .sample import sample_articles
from .serving import served

TEXTS = {
    "script": "<script>alert(1)</script>",
    "handler": '"><img src=x onerror=alert(1)>',
    "single quotes": "' onmouseover='alert(1)",
    "comment": "<!--",
    "end of script": "</script></title></textarea></style>",
    "entities": "&lt;script&gt;&#x3c;b&#x3e;&amp;",
    "template": "{{ 7 * 7 }}{% for x in y %}${7}",
    "address": "javascript:alert(1)",
    "reordered": "abc\u202ecba\u202c",
    "control": "a\x01b\x7fc\x1b[31m",
    "no character": "a\ufffe\uffff\ufdd0",
    "marks": "e" + "\u0301" * 500,
    "long": "long" * 2_000,
    "spaces": " \t\n  \u00a0\u2028 x",
    "slashes": "../../../etc/passwd",
    "nul": "a\x00b",
    "percent": "%00%2e%2e%2f%ff",
    "formula": "=cmd|' /C calc'!A0",
}
SCHEMES = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
           "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "https:evil",
           "//evil.example", "https://a b", 'https://a"onclick=alert(1)', "ftp://x/y",
           "\x01javascript:alert(1)")  # fmt: skip

ADDRESSES = {
    "nul": "/?q=%00",
    "no UTF-8": "/?q=%ff%fe&person=%c3%28&place=%f0%28%8c%bc",
    "no UTF-8 in the path": "/person/%ff%fe",
    "half a character": "/?q=%ed%a0%80",
    "bad percent": "/?q=%zz%&person=%",
    "twice encoded": "/article/%252e%252e%252fetc%252fpasswd",
    "up": "/../../etc/passwd",
    "up, encoded": "/static/..%2f..%2fsetup.py",
    "up in static": "/static/../searchapp/web/app.py",
    "static of static": "/static//etc/passwd",
    "backslashes": "/static/..%5c..%5csetup.py",
    "longest query": "/?q=" + "a" * 2_000,
    "long query": "/?q=" + "a" * 15_900,
    "too long query": "/?q=" + "a" * 30_000,
    "long path": "/person/" + "a" * 30_000,
    "many words": "/?q=" + "+".join(f"w{n}" for n in range(400)),
    "many alternatives": "/?q=" + "+OR+".join("talks" for _ in range(220)),
    "deep": "/?q=" + "(" * 990 + "talks" + ")" * 990,
    "too deep": "/?q=" + "(" * 7_000 + "talks" + ")" * 7_000,
    "many negations": "/?q=" + "-" * 1_900 + "talks",
    "many nots": "/?q=" + "NOT+" * 490 + "talks",
    "many quotes": "/?q=" + "%22" * 2_000,
    "stars": "/?q=" + "*" * 2_000,
    "star words": "/?q=" + "+".join("a*b*c*d*e*f*g*" for _ in range(130)),
    "fuzzy words": "/?q=" + "+".join("communication~2" for _ in range(120)),
    "nested facets": "/?q=person:person:place:org:title:x",
    "many values": "/?" + "&".join(f"person={n}" for n in range(2_000)),
    "hundred values": "/?" + "&".join(f"not-place={n}" for n in range(100)),
    "one value often": "/?" + "&".join("person=x" for _ in range(99)),
    "repeated": "/?q=a&q=b&q=c&page=1&page=2&sort=newest&sort=oldest",
    "brackets": "/?person[]=x&person[a][b]=y&q[]=z",
    "no names": "/?&&&=&==&;&",
    "negative page": "/?page=-1",
    "huge page": "/?page=99999999999999999999999999",
    "last page there is": "/?page=1000000",
    "page with a point": "/?page=1.0",
    "other digits": "/?page=%D9%A1",
    "huge page size": "/?page_size=1000000",
    "bad date": "/?since=0000-00-00&until=9999-99-99",
    "first and last day": "/?since=0001&until=9999",
    "turned around": "/?since=2024&until=2023",
    "unknown sort": "/?sort=;DROP+TABLE",
    "hit out of place": "/article/a1?q=talks&hit=9999999",
    "bad facet": "/facet/__class__",
    "bad letter": "/facet/people?order=__init__&at=x",
    "regex": "/facet/people?find=" + "(a%2B)%2B" * 300,
    "bad form": "/export.exe",
    "form in capitals": "/export.CSV",
    "cite nothing": "/cite.bib",
    "empty label": "/person/",
    "blank label": "/person/%20",
    "dots": "/person/..",
    "emoji": "/?q=" + "%F0%9F%92%A9" * 1_000,
    "combining": "/?q=a" + "%CC%81" * 2_000,
    "api": "/api/search?page=x",
    "api suggest": "/api/suggest?q=" + "%2a" * 3_000,
    "api facet": "/api/facets/" + "%00" * 100,
    "api entity": "/api/entity/person/%ff",
    "feed": "/feed.atom?q=%00%01%02",
    "template": "/?q={{config}}&place={%25+include+'/etc/passwd'+%25}",
    "line breaks": "/?q=a%0d%0aSet-Cookie:%20x=1",
    "line breaks in the path": "/cite.bib?id=a%0d%0aX-Evil:%201",
}


class _Links(HTMLParser):
    """What a browser would make of a page: its elements, their attributes, and the scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def check_page(reply: Reply) -> None:
    """Nothing in the page runs but our own script, and no link leads to anything that could."""
    page = _Links()
    page.feed(reply.text)
    for tag, attributes in page.elements:
        assert tag not in ("iframe", "object", "embed", "base", "style", "applet"), tag
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes
        if tag == "script":
            assert (attributes.get("src") or "").startswith("/static/") or attributes == {"type": "application/ld+json"}
        if tag == "img":
            raise AssertionError("a page has no img element")
        for name in ("href", "src", "action", "formaction"):
            target = attributes.get(name)
            if target is not None:
                assert target.startswith(("/", "?", "#", "http://", "https://")), (tag, target)
                assert not target.startswith("//"), (tag, target)


def check(reply: Reply) -> None:
    """An answer of any kind says what it is, keeps to the strict headers, and tells nothing of the machine."""
    assert reply.status in (200, 304, 400, 404, 405, 503), reply.status
    kind = reply.headers["Content-Type"].partition(";")[0]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    for trace in (b"Traceback", b"site-packages", b".py\x22", str(Path(__file__).parents[2]).encode()):
        assert trace not in reply.body
    if kind == "text/html":
        check_page(reply)
    elif kind.endswith("json"):
        json.loads(reply.body)
    elif kind.endswith("xml"):
        ET.fromstring(reply.body)


# Hostile articles


def hostile(text: str) -> Article:
    body = f"{text} talks {text}\n\n{text}"
    mentions = (Mention(0, len(text), text, "person", text),)
    return Article(
        id=text,
        title=f"{text} talks",
        body=body,
        byline=text,
        source=text,
        section=text,
        dateline=text,
        url=text,
        language=text,
        topics=(text,),
        path=text,
        mentions=mentions,
        assigned=dict.fromkeys(("people", "places", "organisations"), (text,)),
    )


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_an_article_of_any_content_is_shown_as_it_is_everywhere(text: str) -> None:
    with Archive(MemoryEngine()) as archive:
        archive.add([hostile(text), *sample_articles()[:3]], recognise=False)
        ask = asker(make_app(archive, title=text))
        (hit,) = (hit for hit in archive.search("talks", page_size=100).hits if hit.article.id == text)
        quoted = quote(text, safe="")
        addresses = [
            "/?q=talks",
            article_path(text, "q=talks", hit=1),
            entity_path("person", text),
            entity_path("place", text),
            entity_path("organisation", text),
            "/facet/people",
            "/facet/sources?order=az",
            "/archive",
            f"/cite.bib?id={quoted}",
            f"/cite.ris?id={quoted}",
            "/api/search?q=talks",
            f"/api/article?id={quoted}",
            f"/api/entity/person?label={quoted}",
            "/api/facets/people",
            "/feed.atom",
            "/feed.json",
            "/opensearch.xml",
            "/export.csv",
            "/export.jsonl",
            "/export.bib",
            "/export.ris",
        ]
        if len(text) <= 500:
            addresses += [f"/?person={quoted}&not-topic={quoted}&q={quoted}"]
        for address in addresses:
            reply = ask(address)
            assert reply.status == 200, address
            check(reply)
        assert (
            hit.article.title in html.unescape(re.sub("</?mark>", "", ask("/?q=talks").text)) or not text.isprintable()
        )


def test_only_web_addresses_become_links() -> None:
    with Archive(MemoryEngine()) as archive:
        articles = [Article(id=str(n), title="t", body="b", url=url) for n, url in enumerate(SCHEMES)]
        archive.add(articles, recognise=False)
        ask = asker(make_app(archive))
        for number, url in enumerate(SCHEMES):
            page = ask(f"/article/{number}")
            check(page)
            assert [href for href in page.hrefs if urlsplit(href).netloc] == [], url
            assert ask(f"/cite.bib?id={number}").text.count("url =") == 0
        assert not feedparser.parse(ask("/feed.atom").body).bozo
        assert "via" not in ask("/feed.atom").text
        assert "external_url" not in ask("/feed.json").text


def test_tables_and_records_of_hostile_articles_keep_their_shape() -> None:
    with Archive(MemoryEngine()) as archive:
        archive.add([hostile(text) for text in TEXTS.values()], recognise=False)
        ask = asker(make_app(archive))
        assert len(list(csv.DictReader(io.StringIO(ask("/export.csv").text)))) == len(TEXTS)
        assert len(ask("/export.jsonl").text.split("\n")) == len(TEXTS) + 1
        entries = ask("/export.bib").text
        assert len(re.findall(r"(?m)^@article\{", entries)) == len(TEXTS)
        records = ask("/export.ris").text.split("\r\n")
        assert records.count("TY  - NEWS") == records.count("ER  - ") == len(TEXTS)
        assert all(re.match(r"[A-Z][A-Z0-9]  - |$", line) for line in records)


# Hostile addresses


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_any_address_is_answered_and_tells_nothing(ask: Ask, address: str) -> None:
    check(ask(address))


def test_no_page_is_much_longer_than_its_address(ask: Ask) -> None:
    sizes = {name: len(ask(address).body) for name, address in ADDRESSES.items()}
    assert max(sizes.values()) < 1_500_000, sizes


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("address", ["/", "/article/a1", "/api/search", "/export.csv", "/static/searchapp.css"])
def test_nothing_but_reading_is_possible(ask: Ask, method: str, address: str) -> None:
    reply = ask(address, method=method)
    assert reply.status == 405
    assert "GET" in reply.headers["Allow"]
    check(reply)


@given(path=st.binary(max_size=60), query=st.binary(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_in_an_address_break_anything(ask: Ask, path: bytes, query: bytes) -> None:
    check(ask(f"/{quote(path)}?{quote(query, safe='=&+%')}"))


@given(st.sampled_from(["q", "person", "not-place", "match-topic", "since", "sort", "page", "find", "at", "form", "id",
                        "label", "hit", "order", "part", "facet_size"]), st.text(max_size=40))  # fmt: skip
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_of_a_parameter_breaks_anything(ask: Ask, name: str, value: str) -> None:
    pairs = f"{name}={quote(value, errors='replace')}"
    for path in ("/", "/facet/people", "/article/a3", "/person/Nikol%20Pashinyan", "/api/facets/places", "/feed.atom"):
        check(ask(f"{path}?{pairs}"))


def test_only_the_names_of_this_machine_are_answered_on_loopback(archive: Archive) -> None:
    ask = asker(make_app(archive, hosts=LOOPBACK_HOSTS))
    for host in ("localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080"):
        assert ask("/", host=host).status == 200
    for host in (
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:80",
        "[::2]",
        "x[::1]",
    ):
        for address in ("/", "/api/search", "/export.csv", "/static/searchapp.css", "/nothing"):
            reply = ask(address, host=host)
            assert reply.status == 421, (host, address)
            assert b"Yerevan" not in reply.body


# A real server


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("attacked") / "index", sample_articles()) as address:
        yield address


def send(root: str, raw: bytes, *, timeout_s: float = 30) -> bytes:
    """What comes back for bytes on the wire, until the server closes."""
    host, port = urlsplit(root).hostname or "", urlsplit(root).port or 0
    received = []
    # A server may hang up on what it will not read to the end.
    with socket.create_connection((host, port), timeout=timeout_s) as connection, contextlib.suppress(OSError):
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65_536):
            received.append(part)
    return b"".join(received)


def get(root: str, address: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(root).netloc, timeout=30)
    try:
        connection.request("GET", address)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def test_a_hundred_hostile_requests_at_once_leave_it_answering(root: str) -> None:
    asked = (list(ADDRESSES.values()) * 2)[:100]
    with ThreadPoolExecutor(100) as threads:
        statuses = list(threads.map(lambda address: get(root, address), asked))
    assert set(statuses) <= {200, 400, 404, 414, 431, 503}
    assert statuses.count(200) > 10
    assert get(root, "/?q=talks") == 200


RAW = {
    "no request": b"\r\n\r\n",
    "binary": bytes(range(256)) * 20,
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "huge head": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
    "many fields": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 30_000 + b"\r\n",
    "huge body": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\nabc",
    "two lengths": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bad chunks": b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "bad host": b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "full address": b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "up": b"GET /static/../../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "nul": b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "bare line ends": b"GET / HTTP/1.1\nHost: localhost\nX: y\n\n",
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
def test_no_bytes_on_the_wire_stop_it(root: str, raw: bytes) -> None:
    answer = send(root, raw)
    assert b"root:" not in answer
    assert b"Traceback" not in answer
    if b"evil.example" in raw:
        assert b" 421 " in answer
        assert b"Pashinyan" not in answer
    assert get(root, "/?q=talks") == 200


def test_idle_connections_do_not_keep_others_out(root: str) -> None:
    host, port = urlsplit(root).hostname or "", urlsplit(root).port or 0
    idle = [socket.create_connection((host, port)) for _ in range(40)]
    try:
        for connection in idle:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert get(root, "/?q=talks") == 200
    finally:
        for connection in idle:
            connection.close()
