"""The pages of web archives become articles, and what else is in them is passed over."""

from __future__ import annotations

import datetime as dt
import gzip
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp import Archive
from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.formats.web.captures import capture_noted, original_address, same_page
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
    assert [type(one) for one in found] == [Article, Article, Noted]


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


CRANE, BUOY = "https://news.example/crane", "https://news.example/buoy"


def saved(url: str, body: bytes, *headers: str, date: str = "2021-05-04T10:00:00Z", status: str = "200 OK") -> bytes:
    """The record of a page that a server answered with."""
    return record("response", answer(body, *(headers or (HTML,)), status=status), url=url, date=date)


def test_what_a_page_was_at_several_times_are_versions_in_any_order(tmp_path: Path) -> None:
    older, newer = saved(CRANE, page("Crane falls")), saved(CRANE, page("Crane is mended"), date="2022-05-04T10:00:00Z")
    for name, content in (("a.warc", older + newer), ("b.warc", newer + older)):
        (tmp_path / name).write_bytes(content)
        with Archive.open(":memory:") as archive:
            archive.add_files(tmp_path / name, recognise=False)
            assert [hit.article.title for hit in archive.search().hits] == ["Crane is mended"]


def test_pages_that_name_one_wrong_address_stay_apart(tmp_path: Path) -> None:
    wrong = '<link rel="canonical" href="https://news.example/all">'
    content = saved(CRANE, page("Crane falls", wrong)) + saved(BUOY, page("Buoy lost", wrong))
    assert [a.id for a in read(tmp_path, content) if isinstance(a, Article)] == [CRANE, BUOY]


def test_an_address_with_the_marks_of_a_campaign_is_that_of_the_page(tmp_path: Path) -> None:
    own = f'<link rel="canonical" href="{CRANE}">'
    (found,) = read(tmp_path, saved("http://www.news.example/crane/?utm_source=x", page("Crane falls", own)))
    assert isinstance(found, Article)
    assert found.id == CRANE


@pytest.mark.parametrize("pack", [brotli.compress, bytes])
def test_what_was_compressed_by_brotli_is_unpacked_once(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (found,) = read(tmp_path, saved(CRANE, pack(page("Crane falls")), HTML, "Content-Encoding: br"))
    assert isinstance(found, Article)
    assert found.title == "Crane falls"


def test_without_brotli_the_reason_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    (told,) = read(tmp_path, saved(CRANE, brotli.compress(page("Crane falls") * 9), HTML, "Content-Encoding: br"))
    assert isinstance(told, Skipped)
    assert "searchapp[web-archives]" in told.reason


def test_damaged_compression_costs_its_page(tmp_path: Path) -> None:
    content = saved(CRANE, b"\xff\x01\x02\x00" * 400, HTML, "Content-Encoding: br") + saved(BUOY, page("Buoy lost"))
    told = [one for one in read(tmp_path, content) if isinstance(one, Skipped)]
    assert [one.place for one in told] == [f"record {CRANE}"]


def test_what_is_no_page_is_told_in_numbers(tmp_path: Path) -> None:
    content = saved("https://news.example/a.png", b"\x89PNG" + bytes(9000), "Content-Type: image/png")
    content += saved("https://news.example/gone", page("Gone"), status="404 Not Found") + record("revisit", b"")
    content += saved("https://news.example/robots.txt", page("Robots")) + record("request", b"GET / HTTP/1.1\r\n\r\n")
    (told,) = read(tmp_path, content)
    assert isinstance(told, Skipped)
    assert "5 other records" in told.reason
    found, noted = read(tmp_path, content + saved(CRANE, page("Crane falls")))
    assert isinstance(found, Article)
    assert isinstance(noted, Noted)
    assert noted.reason.startswith("5 records that are no pages were passed over (")
    assert "1 with status 404" in noted.reason


def test_archives_of_before_2009_are_read(tmp_path: Path) -> None:
    about = b"1 0 Somebody\nURL IP-address Archive-date Content-type Archive-length\n"
    sent = answer(page("Crane falls"), HTML)
    content = b"filedesc://a.arc 0.0.0.0 20040312101500 text/plain %d\n%s\n" % (len(about), about)
    content += b"%s 10.0.0.1 20040312101500 text/html %d\n%s\n" % (CRANE.encode(), len(sent), sent)
    (found,) = read(tmp_path, content, "a.arc")
    assert isinstance(found, Article)
    assert (found.id, found.title, found.published) == (CRANE, "Crane falls", dt.date(2004, 3, 12))


def test_what_comes_before_a_cut_in_compressed_records_is_read(tmp_path: Path) -> None:
    content = b"".join(gzip.compress(saved(url, page("Crane falls"))) for url in (CRANE, BUOY))
    found, told = read(tmp_path, content[:-80], "a.warc.gz")
    assert isinstance(found, Article)
    assert isinstance(told, Skipped)
    assert told.reason.startswith("truncated")


def test_the_address_within_a_copy_of_a_web_archive_is_that_of_the_page() -> None:
    copied = original_address("https://web.archive.org/web/20190312123341id_/http://news.example/crane?a=1")
    assert (copied.url, copied.moment) == ("http://news.example/crane?a=1", dt.datetime(2019, 3, 12, 12, 33, 41))
    assert original_address(CRANE).url == CRANE
    impossible = original_address("https://web.archive.org/web/20199912123341/http:/news.example/crane")
    assert (impossible.url, impossible.moment) == ("http://news.example/crane", None)


def test_who_saves_a_page_notes_where_and_when(article_as: Callable[..., Article]) -> None:
    note = (
        f"<!--\n Page saved with SingleFile \n url: {CRANE} \n saved date: Fri Jan 05 2024 10:00:00 GMT+0100 (CET)\n-->"
    )
    found = article_as("a.html", b"<!DOCTYPE html><html>" + note.encode() + page("Crane falls"))
    assert (found.url, found.published, found.published_source) == (CRANE, dt.date(2024, 1, 5), "estimated")
    copied = b"<!-- saved from url=(0077)https://web.archive.org/web/20190312123341/https://news.example/crane -->"
    found = article_as("b.html", b"<!DOCTYPE html>" + copied + page("Crane falls"))
    assert (found.url, found.published) == (CRANE, dt.date(2019, 3, 12))
    filed = page("Crane falls") + b"<!--\n     FILE ARCHIVED ON 12:33:41 Mar 12, 2019 AND RETRIEVED FROM THE\n-->"
    assert article_as("c.html", filed).published == dt.date(2019, 3, 12)


def test_a_page_in_mhtml_that_tells_no_date_is_about_as_old_as_its_saving(article_as: Callable[..., Article]) -> None:
    head = f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {CRANE}\r\nDate: Tue, 4 May 2021 10:00:00 -0000\r\n"
    head += 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    head += "--b\r\nContent-Type: text/html\r\n\r\n"
    found = article_as("a.mhtml", head.encode() + page("Crane falls") + b"\r\n--b--\r\n")
    assert (found.url, found.published, found.published_source) == (CRANE, dt.date(2021, 5, 4), "estimated")


def test_addresses_of_one_page_are_known_by_what_leads_there() -> None:
    assert same_page("https://www.a.example/b/?utm_source=x&c=1", "http://a.example/b?c=1")
    assert not same_page("https://a.example/b?c=1", "https://a.example/b?c=2")
    assert not same_page("https://a.example/b", "https://a.example/")
    assert not same_page("http://[", CRANE)


@given(st.text(max_size=200))
def test_no_note_in_a_page_stops_its_reading(text: str) -> None:
    capture_noted(f"<!-- saved from url=(1)http://{text} -->")
    original_address(f"https://web.archive.org/web/{text}")
    same_page(text, text)


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


def test_a_saved_page_is_a_page_under_the_ending_of_mail_too(article_as: Callable[..., Article]) -> None:
    head = f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {CRANE}\r\nDate: Tue, 4 May 2021 10:00:00 -0000\r\n"
    head += 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    found = article_as(
        "a.eml", head.encode() + b"--b\r\nContent-Type: text/html\r\n\r\n" + page("Crane falls") + b"\r\n--b--"
    )
    assert (found.title, found.url) == ("Crane falls", CRANE)
