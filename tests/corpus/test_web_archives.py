"""The pages of web archives become articles, and what else is in them is passed over."""

from __future__ import annotations

import datetime as dt
import gzip
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.reading.file import Limits, read_here
from searchapp.model.article import Article
from searchapp.model.result import Noted, Skipped

from .documents import zipped

TEXT = "The crane fell into the harbour of Whitby on Monday morning. " * 6


def page(title: str, more: str = "") -> bytes:
    return (
        f"<html><head><title>{title}</title>{more}</head><body><article><p>{TEXT}</p></article></body></html>".encode()
    )


def record(
    kind: str, content: bytes, *, url: str = "https://news.example/a", date: str = "2023-09-05T10:00:00Z"
) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\nContent-Type: text/html\r\n"
    )
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content + b"\r\n\r\n"


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, ""]
    return "\r\n".join([*lines, ""]).encode() + body


HTML = "Content-Type: text/html; charset=utf-8"


def read(tmp_path: Path, content: bytes, name: str = "a.warc") -> list[Yielded]:
    path = tmp_path / name
    path.write_bytes(content)
    return [found for _, found in read_here(str(path), Limits(), {})]


def test_each_page_is_an_article_with_the_address_it_was_fetched_from(tmp_path: Path) -> None:
    content = record("warcinfo", b"software: none") + record("request", b"GET / HTTP/1.1\r\n\r\n")
    content += record("response", answer(page("One"), HTML), url="https://news.example/one")
    content += record("revisit", answer(b"", HTML)) + record("response", answer(b"\x89PNG", "Content-Type: image/png"))
    content += record("response", answer(b"gone", HTML, status="404 Not Found"))
    content += record("resource", page("Two"), url="https://news.example/two")
    found = read(tmp_path, content)
    assert [(one.title, one.url, one.id, one.position) for one in found if isinstance(one, Article)] == [
        ("One", "https://news.example/one", "https://news.example/one", 0),
        ("Two", "https://news.example/two", "https://news.example/two", 1),
    ]
    assert len(found) == 2


def test_the_day_of_fetching_is_an_estimate_and_gives_way_to_what_the_page_says(tmp_path: Path) -> None:
    stated = '<meta property="article:published_time" content="2023-09-02T08:00:00Z">'
    content = record("response", answer(page("One"), HTML), url="https://news.example/one")
    content += record("response", answer(page("Two", stated), HTML), url="https://news.example/two")
    (one, two) = read(tmp_path, content)
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert (one.published, one.published_source) == (dt.date(2023, 9, 5), "estimated")
    assert (two.published, two.published_source) == (dt.date(2023, 9, 2), "metadata")


def test_the_later_of_two_visits_is_the_later_version(tmp_path: Path) -> None:
    content = record("response", answer(page("Old"), HTML), date="2023-09-01T00:00:00Z")
    content += record("response", answer(page("New"), HTML), date="2023-09-09T00:00:00Z")
    (old, new) = read(tmp_path, content)
    assert isinstance(old, Article)
    assert isinstance(new, Article)
    assert old.id == new.id
    assert old.version < new.version


@pytest.mark.parametrize("packed", ["gzip", "deflate", "chunked", "lost chunks"])
def test_an_answer_is_unpacked_as_it_was_sent(tmp_path: Path, packed: str) -> None:
    body = page("Packed")
    headers = {"gzip": "Content-Encoding: gzip", "deflate": "Content-Encoding: deflate"}
    sent = {
        "gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "chunked": f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n",
        "lost chunks": body,
    }[packed]
    (found,) = read(tmp_path, record("response", answer(sent, HTML, headers.get(packed, "Transfer-Encoding: chunked"))))
    assert isinstance(found, Article)
    assert found.title == "Packed"


def test_an_archive_of_compressed_records_and_a_collection_of_such_archives_are_read(tmp_path: Path) -> None:
    content = b"".join(
        gzip.compress(record("response", answer(page(f"P{n}"), HTML), url=f"https://news.example/{n}"))
        for n in range(3)
    )
    assert [one.title for one in read(tmp_path, content, "a.warc.gz") if isinstance(one, Article)] == ["P0", "P1", "P2"]
    parts: list[tuple[str, str | bytes]] = [
        ("datapackage.json", "{}"), ("archive/a.warc.gz", content),
        ("pages/pages.jsonl", '{"url": "https://news.example/0", "title": "P0", "text": "Crane."}\n' * 3),
    ]  # fmt: skip
    found = read(tmp_path, zipped(parts), "a.wacz")
    assert [one.title for one in found if isinstance(one, Article)] == ["P0", "P1", "P2"]
    assert len(found) == 3


def test_the_text_that_was_taken_out_of_pages_is_read(tmp_path: Path) -> None:
    content = record("warcinfo", b"x") + record("conversion", f"Crane falls\n\n{TEXT}".encode())
    (found,) = read(tmp_path, gzip.compress(content), "a.warc.wet.gz")
    assert isinstance(found, Article)
    assert (found.title, found.url) == ("Crane falls", "https://news.example/a")


def test_an_archive_that_breaks_off_gives_what_is_before(tmp_path: Path) -> None:
    content = record("response", answer(page("One"), HTML)) + record("response", answer(page("Two"), HTML))[:-300]
    found = read(tmp_path, content)
    assert [type(one) for one in found] == [Article, Skipped]
    assert "breaks off" in str(found[1])


def test_an_archive_without_a_page_says_so(tmp_path: Path) -> None:
    (found,) = read(tmp_path, record("warcinfo", b"software: none"))
    assert isinstance(found, Skipped)
    assert found.reason == "a web archive without any page"


WHOLE = record("warcinfo", b"x") + record("response", answer(page("One"), HTML)) + record("resource", page("Two"))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_archive_is_read_or_reported_and_nothing_else(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    for found in read(tmp_path_factory.mktemp("damaged"), bytes(whole)):
        assert isinstance(found, Article | Skipped | Noted)
        assert not isinstance(found, Skipped) or "cannot be read as" not in found.reason, found
