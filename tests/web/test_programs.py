"""What programs that ask the site get besides answers: failures as JSON, the next page, compression, who may read."""

from __future__ import annotations

import gzip
import json
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.archive import Archive
from searchapp.model.article import Article
from searchapp.model.query import SearchRequest
from searchapp.web.app import make_app
from searchapp.web.compressing import accepts_gzip, gzipped_pieces
from searchapp.web.feeds.exports import file_name

from .conftest import Ask, asker


@pytest.mark.parametrize("address", ["/api/search", "/feed.atom", "/feed.json", "/export.csv", "/export.bib"])
def test_a_failure_is_json_wherever_programs_ask(ask: Ask, address: str) -> None:
    for query in ("page=x", "since=soon", "place=" + "a" * 10_001):
        reply = ask(f"{address}?{query}")
        assert (reply.status, reply.headers["Content-Type"]) == (400, "application/json")
        assert json.loads(reply.body)["error"]


def test_the_next_pages_of_the_api_lead_through_every_hit(ask: Ask) -> None:
    seen, address = [], "/api/search?q=talks&sort=oldest&page_size=1&not-place=Paris"
    while address:
        found = json.loads(ask(address).body)
        seen += [hit["id"] for hit in found["hits"]]
        address = found["next"]
    assert seen == ["a1", "a2", "a3"]
    assert json.loads(ask("/api/search?q=talks&page=7").body)["next"] is None


@pytest.mark.parametrize("address", ["/", "/api/search", "/article/a1", "/nothing"])
def test_what_may_be_asked_is_told(ask: Ask, address: str) -> None:
    reply = ask(address, method="OPTIONS")
    assert (reply.status, reply.body, reply.headers["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")


def test_a_slash_too_many_leads_to_the_page_but_never_changes_a_name(archive: Archive) -> None:
    archive.add([Article(id="x/", title="Slashed", body="x", assigned={"people": ["A/"]})], recognise=False)
    ask = asker(make_app(archive))
    for address in ("/archive", "/facet/people", "/api/search", "/api/facets/people", "/feed.atom", "/help"):
        reply = ask(f"{address}/?q=talks")
        assert (reply.status, reply.headers["Location"]) == (301, f"{address}?q=talks")
    assert "Slashed" in ask("/article/x/").text
    assert '<h1 dir="auto">A/</h1>' in ask("/person/A/").text
    assert json.loads(ask("/api/article/x/").body)["title"] == "Slashed"


def test_pages_exports_and_static_files_are_compressed_for_who_can_read_them(ask: Ask) -> None:
    sheet = re.search(r'"(/static/searchapp.css[^"]*)"', ask("/").text)
    assert sheet
    for address in ("/?q=talks", "/api/search", "/export.csv", "/feed.atom", sheet[1]):
        plain, packed = ask(address), ask(address, accept_encoding="br, gzip;q=0.8")
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip", address
        assert len(packed.body) < len(plain.body)
        body = re.sub(rb'"took_ms": [0-9.]+', b"", gzip.decompress(packed.body))
        assert body == re.sub(rb'"took_ms": [0-9.]+', b"", plain.body)
        for reply in (plain, packed):
            assert "Accept-Encoding" in reply.headers["Vary"]
    assert "Content-Encoding" not in ask("/?q=talks", accept_encoding="gzip;q=0").headers
    tag = ask("/?q=talks", accept_encoding="gzip").headers["Etag"]
    assert ask("/?q=talks", accept_encoding="gzip", if_none_match=tag).status == 304
    assert ask("/nothing", accept_encoding="gzip").status == 404


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_pieces_are_readable_as_they_arrive(pieces: list[bytes]) -> None:
    unpacker = zlib.decompressobj(wbits=31)
    arrived = b"".join(unpacker.decompress(piece) for piece in gzipped_pieces(pieces))
    assert arrived == b"".join(pieces)
    assert unpacker.eof


@given(st.text("gzip*;q=0.1, br", max_size=30))
def test_any_header_of_encodings_can_be_read(header: str) -> None:
    assert accepts_gzip(header) in (True, False)


def test_robots_are_told_whether_they_may_look(archive: Archive) -> None:
    assert "Disallow: /" in asker(make_app(archive))("/robots.txt").text
    assert "Allow: /" in asker(make_app(archive, noindex=False))("/robots.txt").text


def test_pages_elsewhere_read_what_is_for_programs_only_where_a_setting_says_so(archive: Archive, ask: Ask) -> None:
    open_to = asker(make_app(archive, cors="https://desk.example https://lab.example"))
    everyone = asker(make_app(archive, cors="*"))
    key = "Access-Control-Allow-Origin"
    for address in ("/api/search?q=talks", "/feed.json", "/export.csv", "/api/search?page=x"):
        assert key not in ask(address, origin="https://desk.example").headers
        reply = open_to(address, origin="https://desk.example")
        assert reply.headers[key] == "https://desk.example"
        assert "Origin" in reply.headers["Vary"]
        assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert key not in open_to(address, origin="https://elsewhere.example").headers
        assert everyone(address, origin="https://elsewhere.example").headers[key] == "*"
    before = open_to("/api/search", method="OPTIONS", origin="https://desk.example")
    assert (before.status, before.headers[key]) == (204, "https://desk.example")
    for address in ("/", "/article/a1", "/archive"):
        assert key not in everyone(address, origin="https://desk.example").headers


def test_a_table_from_the_page_says_that_it_is_unicode_and_files_are_called_after_their_search(ask: Ask) -> None:
    assert ask("/export.csv").body.startswith("\ufeffid,title".encode())
    assert not ask("/export.jsonl").body.startswith("\ufeff".encode())
    disposition = ask("/export.ris?q=Talks+%22peace%22&place=Baku&since=2023-09").headers["Content-Disposition"]
    assert disposition == 'attachment; filename="talks-peace-baku-2023-09-01.ris"'


@given(st.text(max_size=300))
def test_the_name_of_a_file_is_safe_whatever_was_searched(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", file_name(SearchRequest(text=text)))
    assert file_name(SearchRequest(text="António Guterres")) == "antonio-guterres"


def test_reference_managers_take_an_article_for_one_of_a_newspaper(ask: Ask) -> None:
    page = ask("/article/a3").text
    assert '<meta name="z:itemType" content="newspaperArticle">' in page
    assert '<meta name="prism.publicationName" content="The Wire">' in page
    assert "citation_journal_title" not in page
    assert '"@type": "NewsArticle"' in page
