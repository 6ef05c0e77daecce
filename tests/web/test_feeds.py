"""Feeds of any search, and what lets a browser search the archive from its own bar."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from urllib.parse import quote

import feedparser
import pytest

from searchapp.archive import Archive
from searchapp.model.article import Article
from searchapp.web.app import make_app

from .conftest import Ask, asker

ROOT = "http://127.0.0.1"
ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_an_atom_feed_gives_the_newest_matches_first(ask: Ask) -> None:
    reply = ask("/feed.atom?q=talks")
    assert reply.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(reply.body)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title == "talks – Test archive"
    assert [entry.title for entry in feed.entries] == ["A third round", "Baku replies", "Talks open in Yerevan"]
    newest = feed.entries[0]
    assert feed.feed.updated == newest.updated == newest.published == "2023-09-03T00:00:00+00:00"
    assert newest.author == "Ann Field"
    assert newest.link == f"{ROOT}/article/a3"
    assert newest.summary == "… The United Nations welcomed the talks."
    assert b"&lt;mark&gt;talks&lt;/mark&gt;" in reply.body
    assert {tag.term for tag in newest.tags} == {"Nikol Pashinyan", "Baku", "United Nations", "diplomacy", "peace"}


def test_a_feed_says_where_it_came_from(ask: Ask) -> None:
    feed = feedparser.parse(ask("/feed.atom?q=talks&place=Baku&sort=oldest&page_size=3").body).feed
    links = {link.rel: link.href for link in feed.links}
    assert links == {"self": f"{ROOT}/feed.atom?q=talks&place=Baku", "alternate": f"{ROOT}/?q=talks&place=Baku"}
    assert feed.title == "talks, Baku – Test archive"


def test_an_entry_keeps_its_identity_wherever_the_archive_is_served(ask: Ask) -> None:
    here, there = (feedparser.parse(ask("/feed.atom", host=host).body) for host in ("localhost:8080", "news.example"))
    assert here.feed.id == there.feed.id
    assert [entry.id for entry in here.entries] == [entry.id for entry in there.entries]
    assert len({entry.id for entry in here.entries}) == 5
    assert there.entries[0].link == "http://news.example/article/a4"


def test_a_json_feed_gives_the_same_articles(ask: Ask) -> None:
    reply = ask("/feed.json?q=talks")
    assert reply.headers["Content-Type"] == "application/feed+json"
    feed = json.loads(reply.body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{ROOT}/feed.json?q=talks"
    atom = feedparser.parse(ask("/feed.atom?q=talks").body)
    assert [item["id"] for item in feed["items"]] == [entry.id for entry in atom.entries]
    first = feed["items"][0]
    assert first["url"] == f"{ROOT}/article/a3"
    assert first["external_url"] == "https://example.org/third"
    assert first["date_published"] == "2023-09-03T00:00:00+00:00"
    assert first["authors"] == [{"name": "Ann Field"}]
    assert "<mark>talks</mark>" in first["content_html"]


def test_a_feed_goes_on_in_pages_until_every_match_was_given(ask: Ask, archive: Archive) -> None:
    archive.add([Article(id=f"n{n}", title=f"Number {n}", body="numbered") for n in range(120)], recognise=False)
    atom, seen = "/feed.atom?q=numbered", []
    while atom:
        feed = feedparser.parse(ask(atom).body)
        seen += [entry.title for entry in feed.entries]
        atom = next((link.href.removeprefix(ROOT) for link in feed.feed.links if link.rel == "next"), "")
    assert sorted(seen) == sorted(f"Number {n}" for n in range(120))
    paged = json.loads(ask("/feed.json?q=numbered&page=2").body)
    assert paged["next_url"] == f"{ROOT}/feed.json?q=numbered&page=3"
    assert "next_url" not in json.loads(ask("/feed.json?q=numbered&page=3").body)


@pytest.mark.parametrize("address", ["/feed.atom?q=nothing+at+all", "/feed.json?q=nothing+at+all"])
def test_a_feed_of_nothing_is_a_feed(ask: Ask, address: str) -> None:
    reply = ask(address)
    assert reply.status == 200
    if "atom" in address:
        feed = feedparser.parse(reply.body)
        assert not feed.bozo
        assert (feed.feed.updated, feed.entries) == ("1970-01-01T00:00:00+00:00", [])
    else:
        assert json.loads(reply.body)["items"] == []


def test_what_xml_cannot_hold_does_not_break_the_feed(ask: Ask, archive: Archive) -> None:
    odd = "a\x00b\x0b\x1f\ufffe <b>&amp; ]]> \U0001f600"
    archive.add([Article(id=odd, title=odd, body=odd, byline=odd, source=odd, topics=(odd,))], recognise=False)
    for address in ("/feed.atom", "/feed.atom?q=%00%01%F0%9F%98%80+b"):
        assert not feedparser.parse(ask(address).body).bozo
    titles = [title.text for title in ET.fromstring(ask("/feed.atom").body).iter(f"{ATOM}title")]
    assert "a\ufffdb\ufffd\ufffd\ufffd <b>&amp; ]]> \U0001f600" in titles


def test_pages_tell_where_their_feeds_are(ask: Ask) -> None:
    text = ask("/?q=talks&page=1&sort=newest").text
    assert '<link rel="alternate" type="application/atom+xml" href="/feed.atom?q=talks"' in text
    assert '<link rel="alternate" type="application/feed+json" href="/feed.json?q=talks"' in text


def test_a_browser_can_add_the_archive_as_a_search_engine(ask: Ask) -> None:
    page = ask("/").text
    assert '<link rel="search" href="/opensearch.xml" type="application/opensearchdescription+xml"' in page
    reply = ask("/opensearch.xml")
    assert reply.headers["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    found = ET.fromstring(reply.body)
    assert found.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert found.findtext(f"{OPENSEARCH}ShortName") == "Test archive"
    urls = {url.get("type"): url.get("template", "") for url in found.iter(f"{OPENSEARCH}Url")}
    search = urls["text/html"].replace("{searchTerms}", quote("third round")).removeprefix(ROOT)
    assert "A <mark>third</mark> <mark>round</mark>" in ask(search).text
    suggest = urls["application/x-suggestions+json"].replace("{searchTerms}", "pash").removeprefix(ROOT)
    reply = ask(suggest)
    assert reply.headers["Content-Type"] == "application/x-suggestions+json"
    assert json.loads(reply.body) == [
        "pash", ["Nikol Pashinyan"], ["person"], [f"{ROOT}/person/Nikol%20Pashinyan"],
    ]  # fmt: skip
    image = found.findtext(f"{OPENSEARCH}Image", "").removeprefix(ROOT)
    assert ask(image).status == 200


@pytest.mark.parametrize("title", ["A long name for an archive", "Ünbrokenlongtitlewithoutblanks", "<&>\x00"])
def test_any_title_fits_the_description(archive: Archive, title: str) -> None:
    found = ET.fromstring(asker(make_app(archive, title=title))("/opensearch.xml").body)
    short = found.findtext(f"{OPENSEARCH}ShortName", "")
    assert 0 < len(short) <= 16


@pytest.mark.parametrize("host", ['evil"><script>', "a b", "a/b", "a@b", "[::1", "x:99999999"])
def test_an_impossible_host_never_gets_into_an_address(ask: Ask, host: str) -> None:
    for address in ("/feed.atom", "/feed.json", "/opensearch.xml", "/opensearch-suggest?q=pash"):
        reply = ask(address, host=host)
        assert reply.status == 400
        assert host not in reply.text
