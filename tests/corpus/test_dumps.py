"""What programs that publish give out of themselves: each published text an article, with what stands beside it."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.formats.web.wikitext import read_wikitext
from searchapp.corpus.reading.file import Limits, read_here
from searchapp.model.article import Article
from searchapp.model.result import Noted, Skipped

Reader = Callable[..., list[Yielded]]
TEXT = "The harbour of Larvik was closed on Monday after a crane fell on the quay. Nobody was hurt."


def articles(found: list[Yielded]) -> list[Article]:
    return [one for one in found if isinstance(one, Article)]


def reasons(found: list[Yielded]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Skipped | Noted)]


# MediaWiki


def wiki(*pages: str) -> str:
    return f"""<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="no">
    <siteinfo><sitename>Wikinytt</sitename><base>https://no.wiki.example/wiki/Forside</base>
    <namespaces>
    <namespace key="0"/><namespace key="6">Fil</namespace><namespace key="14">Kategori</namespace>
    </namespaces></siteinfo>
    {"".join(pages)}</mediawiki>"""


def wiki_page(title: str, *texts: str, space: int = 0, more: str = "") -> str:
    revisions = "".join(
        f"<revision><timestamp>2020-01-0{n}T10:00:00Z</timestamp><text>{text}</text></revision>"
        for n, text in enumerate(texts, 1)
    )
    return f"<page><title>{title}</title><ns>{space}</ns><id>1</id>{more}{revisions}</page>"


CRANE = (
    "{{dato|12. mars 2019}}\n[[Fil:kran.jpg|thumb|En ''kran''. {{kilde}}]]\n"
    + TEXT
    + " The mayor, {{w|Ingrid Solberg|Solberg}}, met [[w:Bo Li|Bo Li]].&lt;ref&gt;A book&lt;/ref&gt;\n\n"
    "It was the '''third''' "
    '[http://a.example accident].\n{| class="wikitable"\n| cell\n|}\n== Notes ==\n* One said &amp;quot;no&amp;quot;.\n'
    "== Empty ==\n== Sources ==\n*{{source|url=http://a.example|date=1. mai 2018}}\n"
    "[[Kategori:Havner|x]]\n[[fr:Une grue]]"
)


def test_the_newest_text_of_each_page_of_a_wiki_is_an_article(read_as: Reader) -> None:
    talk = wiki_page("Talk:Crane", "Nice", space=1)
    old = wiki_page("Old", "#REDIRECT [[Crane]]", more='<redirect title="Crane"/>')
    found = read_as("a.xml", wiki(wiki_page("Kran falt/1", "Draft", CRANE), talk, old))
    (article,) = articles(found)
    assert article.body.split("\n\n") == [
        TEXT + " The mayor, Solberg, met Bo Li.", "It was the third accident.", "Notes", 'One said "no".'
    ]  # fmt: skip
    assert (article.title, article.source, article.language) == ("Kran falt/1", "Wikinytt", "no")
    assert (article.id, article.url) == ("https://no.wiki.example/wiki/Kran_falt/1",) * 2
    assert (article.published, article.published_source) == (dt.date(2019, 3, 12), "metadata")
    assert article.topics == ("Havner",)
    assert reasons(found) == ["1 pages that are no articles and 1 that only lead to another were passed over"]


def test_a_page_of_a_wiki_that_tells_no_day_is_as_old_as_its_last_change_at_least(article_as: Any) -> None:
    article = article_as("a.xml", wiki(wiki_page("Crane", TEXT)))
    assert (article.published, article.published_source) == (dt.date(2020, 1, 1), "estimated")


def test_a_cut_export_of_a_wiki_gives_the_pages_before(read_as: Reader) -> None:
    whole = wiki(wiki_page("One", TEXT), wiki_page("Two", TEXT))
    found = read_as("a.xml", whole[: whole.index("Two")])
    assert [article.title for article in articles(found)] == ["One"]
    assert reasons(found)[-1].startswith("truncated")


def test_without_its_library_a_wiki_names_the_extra(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mwparserfromhell", None)
    path = tmp_path / "a.xml"
    path.write_text(wiki(wiki_page("Crane", TEXT)))
    ((_, told),) = read_here(str(path), Limits(), {})
    assert "searchapp[web-archives]" in told.reason  # type: ignore[union-attr]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"[]{}|='<>/\n*#:", "ref", "File:", "{{", "}}", "[[", "]]", "a", "{|", "|}"]), max_size=60
    )
)
def test_no_markup_of_a_wiki_stops_its_reading(pieces: list[str]) -> None:
    read_wikitext("".join(pieces), files=(), categories=())


# Twitter, Mastodon, Telegram


def test_the_posts_of_an_archive_of_twitter_are_read_and_no_other_part_is(read_as: Reader) -> None:
    post = {"id_str": "12", "created_at": "Tue Mar 12 10:00:00 +0000 2019", "full_text": TEXT, "lang": "en"}
    for name, listed in (("tweets", [{"tweet": post}]), ("tweet", [post])):
        (article,) = articles(read_as(f"{name}.js", f"window.YTD.{name}.part0 = {json.dumps(listed)}"))
        assert (article.id, article.body, article.published) == ("twitter-12", TEXT, dt.date(2019, 3, 12))
        assert article.url == "https://twitter.com/i/web/status/12"
    (told,) = read_as("direct-messages.js", 'window.YTD.direct_messages.part0 = [ {"text": "Secret"} ]')
    assert isinstance(told, Skipped)
    assert "'direct_messages'" in told.reason


def test_posts_of_mastodon_that_were_not_public_are_left_out(read_as: Reader) -> None:
    def post(number: int, to: str) -> dict[str, Any]:
        note = {"id": f"https://m.example/{number}", "type": "Note", "to": [to], "cc": [], "content": f"<p>{TEXT}</p>"}
        note |= {"published": "2019-03-12T10:00:00Z", "attributedTo": "https://m.example/users/ann", "summary": None}
        return {"type": "Create", "object": {**note, "contentMap": {"en": note["content"]}}}

    public, private = "https://www.w3.org/ns/activitystreams#Public", "https://m.example/users/bo"
    found = read_as(
        "outbox.json", json.dumps({"type": "OrderedCollection", "orderedItems": [post(1, public), post(2, private)]})
    )
    assert [(a.id, a.byline, a.language) for a in articles(found)] == [("https://m.example/1", "ann", "en")]
    assert "object 2: a post that was not public" in reasons(found)


def telegram(*messages: str) -> str:
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head>'
        '<body><div class="page_wrap">'
        '<div class="page_header"><div class="content"><div class="text bold">\nLarvik Nå\n</div></div></div>'
        f'<div class="history">{"".join(messages)}</div></div></body></html>'
    )


def message(number: int, text: str, *, sender: str = "", kind: str = "default clearfix") -> str:
    name = f'<div class="from_name">{sender}</div>' if sender else ""
    return (
        f'<div class="message {kind}" id="message{number}"><div class="body">'
        f'<div class="pull_right date details" title="12.03.2019 10:0{number}:00 UTC+01:00">10:00</div>{name}'
        f'<div class="text">{text}</div></div></div>'
    )


def test_each_message_of_a_page_of_telegram_is_an_article(read_as: Reader) -> None:
    found = read_as(
        "messages.html",
        telegram(
            message(1, "12 March", kind="service"),
            message(2, f"{TEXT}<br><br>More <a href='x'>here</a>.", sender="Ann Lee"),
            message(3, "And so on.", kind="default clearfix joined"),
            message(4, "From the channel itself.", sender="Larvik Nå"),
        ),
    )
    assert [(a.id, a.byline, a.source, str(a.published_time)) for a in articles(found)] == [
        ("telegram-Larvik Nå-2", "Ann Lee", "Larvik Nå", "10:02:00"),
        ("telegram-Larvik Nå-3", "Ann Lee", "Larvik Nå", "10:03:00"),
        ("telegram-Larvik Nå-4", "", "Larvik Nå", "10:04:00"),
    ]
    assert articles(found)[0].body == f"{TEXT}\n\nMore here."
    assert reasons(found) == ["1 messages without a text were passed over"]


# Ghost


def ghost(**changes: Any) -> str:
    posts = [
        {
            "id": "p1",
            "title": "Crane falls",
            "html": f"<p>{TEXT}</p>",
            "status": "published",
            "published_at": "2019-03-12T10:00:00Z",
        },
        {"id": "p2", "title": "Draft", "html": "<p>No</p>", "status": "draft"},
    ]
    tables = {
        "posts": posts,
        "users": [{"id": "a", "name": "Ann Lee"}, {"id": "b", "name": "Bo Li"}],
        "posts_authors": [
            {"post_id": "p1", "author_id": "b", "sort_order": 1},
            {"post_id": "p1", "author_id": "a", "sort_order": 0},
        ],
        "tags": [{"id": "t", "name": "Harbours"}],
        "posts_tags": [{"post_id": "p1", "tag_id": "t"}],
        "settings": [{"key": "title", "value": "Larvik Blog"}],
    }
    return json.dumps({"db": [{"meta": {"exported_on": 1, "version": "5.0"}, "data": {**tables, **changes}}]})


def test_a_post_of_ghost_has_all_its_authors_in_their_order(read_as: Reader) -> None:
    found = read_as("ghost.json", ghost())
    (article,) = articles(found)
    assert (article.title, article.byline, article.source) == ("Crane falls", "Ann Lee, Bo Li", "Larvik Blog")
    assert article.topics == ("Harbours",)
    assert reasons(found) == ["post 2: not published: its status is 'draft'"]


def test_lists_of_ghost_that_are_none_cost_only_what_they_would_tell(read_as: Reader) -> None:
    (article,) = articles(read_as("ghost.json", ghost(users=[1, {"name": 2}, None], posts_tags={}, settings=None)))
    assert (article.title, article.byline) == ("Crane falls", "")


# What trafilatura writes, TEI


def test_a_page_that_trafilatura_wrote_keeps_each_author(article_as: Any) -> None:
    article = article_as(
        "a.xml",
        '<doc sitename="Gazette" title="Crane falls" author="Ann Lee; Bo Li" date="2019-03-12" '
        f'url="https://a.example/1" tags="a;b" fingerprint="x">\n<main>'
        f"<p>{TEXT}</p><p>More.</p></main><comments><p>No</p></comments></doc>",
    )
    assert (article.id, article.byline, article.body) == ("https://a.example/1", "Ann Lee, Bo Li", f"{TEXT}\n\nMore.")
    assert (article.published, article.source, article.topics) == (dt.date(2019, 3, 12), "Gazette", ("a", "b"))


def test_a_text_of_tei_has_what_its_header_says(read_as: Reader) -> None:
    def text(number: int) -> str:
        return (
            f'<TEI><teiHeader><fileDesc><titleStmt><title type="main">Crane {number}</title><author>Ann Lee</author>'
            "<author>Bo Li</author></titleStmt><publicationStmt><publisher>Library</publisher></publicationStmt>"
            '<sourceDesc><bibl><publisher>Gazette</publisher><date when="1919-03-12">last week</date></bibl>'
            f"</sourceDesc></fileDesc></teiHeader><text><body><div><p>{TEXT}</p></div></body></text></TEI>"
        )

    found = articles(read_as("a.xml", f'<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">{text(1)}{text(2)}</teiCorpus>'))
    assert [(a.title, a.byline, a.source, a.published) for a in found] == [
        (f"Crane {number}", "Ann Lee, Bo Li", "Gazette", dt.date(1919, 3, 12)) for number in (1, 2)
    ]


# GDELT


def graph(number: int, url: str, extras: str = "") -> str:
    cells = [f"20190312101500-{number}", "20190312101500", "1", "a.example", url, "", "", "MARITIME;ARREST", ""]
    cells += ["1#Norway#NO#NO#62#10#NO;4#Larvik, Vestfold, Norway#NO#NO20#59#10#-1", "", "ingrid solberg", ""]
    return "\t".join([*cells, "harbour council", "", *[""] * 11, extras]) + "\n"


def test_a_row_of_the_knowledge_graph_is_an_article_with_the_names_in_it(read_as: Reader) -> None:
    titled = graph(0, "https://a.example/1", "<PAGE_TITLE>Crane &amp; quay</PAGE_TITLE>")
    rows = titled + graph(1, "https://a.example/2019/crane-falls-in-larvik-123.html")
    first, second = articles(read_as("20190312101500.gkg.csv", rows))
    assert (first.title, second.title) == ("Crane & quay", "Crane falls in larvik")
    assert (first.published, first.source, first.topics) == (dt.date(2019, 3, 12), "a.example", ("MARITIME", "ARREST"))
    assert {facet: list(names) for facet, names in first.assigned.items()} == {
        "people": ["Ingrid Solberg"], "places": ["Norway", "Larvik"], "organisations": ["Harbour Council"]
    }  # fmt: skip


def test_events_of_one_article_are_one_article(read_as: Reader) -> None:
    def event(number: int, url: str) -> str:
        cells = [str(number), "20190310", "201903", "2019", "2019.19", *[""] * 54, "20190312101500", url]
        cells[52] = "Larvik, Vestfold, Norway"
        return "\t".join(cells) + "\n"

    one, two = "https://a.example/crane-falls-in-larvik", "https://a.example/buoy-lost-at-sea"
    found = read_as("20190312.export.CSV", event(1, one) + event(2, one) + event(3, two))
    assert [(a.url, a.title, list(a.assigned["places"])) for a in articles(found)] == [
        (one, "Crane falls in larvik", ["Larvik"]), (two, "Buoy lost at sea", ["Larvik"])
    ]  # fmt: skip
    assert reasons(found) == ["1 further events of articles that were read"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xml", wiki(wiki_page("Crane", CRANE))),
        (
            "a.js",
            f"window.YTD.tweets.part0 = {json.dumps([{'tweet': {'id_str': '1', 'created_at': 'x', 'text': TEXT}}])}",
        ),
        ("a.html", telegram(message(1, TEXT), message(2, TEXT))),
        ("a.json", ghost()),
        ("a.csv", graph(0, "https://a.example/1") * 3),
    ],
)
def test_any_cut_of_a_dump_is_read_or_told_at_once(read_as: Reader, name: str, content: str) -> None:
    begun = time.process_time()
    for cut in range(1, len(content), max(1, len(content) // 40)):
        found = read_as(name, content[:cut])
        assert found
        assert not [reason for reason in reasons(found) if "cannot be read as" in reason]
    assert time.process_time() - begun < 20


# WordPress


def wordpress(*parts: str) -> str:
    names = 'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    names += ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return (
        f'<?xml version="1.0"?><rss version="2.0" {names}><channel><title>Daily</title>{"".join(parts)}</channel></rss>'
    )


def post(title: str, body: str, more: str = "") -> str:
    return (
        f"<item><title>{title}</title><dc:creator>mona</dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{more}</item>"
    )


MONA = (
    "<wp:author><wp:author_login>mona</wp:author_login><wp:author_display_name>Mona Haug</wp:author_display_name>"
    "</wp:author>"
)
PER = (
    "<wp:author><wp:author_login>per</wp:author_login><wp:author_display_name></wp:author_display_name>"
    "<wp:author_first_name>Per</wp:author_first_name><wp:author_last_name>Dahl</wp:author_last_name></wp:author>"
)


def test_a_post_of_several_authors_has_each_by_the_name_that_the_site_shows(article_as: Any) -> None:
    both = '<category domain="author">mona</category><category domain="author">per</category>'
    assert article_as("a.xml", wordpress(MONA, PER, post("Ferry", TEXT, both))).byline == "Mona Haug, Per Dahl"
    assert article_as("a.xml", wordpress(MONA, PER, post("Ferry", TEXT))).byline == "Mona Haug"


def test_a_post_behind_a_password_was_not_published(read_as: Reader) -> None:
    found = read_as(
        "a.xml", wordpress(post("Ferry", TEXT, "<wp:post_password>x</wp:post_password>"), post("Bus", TEXT))
    )
    assert [article.title for article in articles(found)] == ["Bus"]
    assert "Ferry: not public: a password protects it" in reasons(found)


def test_captions_of_pictures_are_no_text_of_a_post(article_as: Any) -> None:
    body = f"<p>{TEXT}</p>\n<figure><img src='a'/><figcaption>A crane</figcaption></figure>\n<p>More.</p>"
    assert article_as("a.xml", wordpress(post("Ferry", body))).body == f"{TEXT}\n\nMore."
