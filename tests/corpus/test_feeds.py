from __future__ import annotations

import datetime as dt
import json
import socket
from collections.abc import Callable

import pytest

from searchapp.corpus.decoding.base import Yielded
from searchapp.model.article import Article
from searchapp.model.result import Skipped

Read = Callable[..., list[Yielded]]
One = Callable[..., Article]

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Example Times</title><language>en-gb</language>
<item><title>Talks &amp;amp; more</title><guid isPermaLink="false">tag:example.org,2023:1</guid>
<link>https://example.org/1</link><pubDate>Fri, 22 Sep 2023 10:15:00 +0400</pubDate>
<dc:creator>Jane Doe</dc:creator><category>World</category><category>Peace</category>
<description>Short.</description>
<content:encoded><![CDATA[<p>One <b>bold</b>.</p><script>alert(1)</script><p>Two.</p>]]></content:encoded></item>
<item><title>Second</title><link>https://example.org/2</link><description>&lt;p&gt;A summary.&lt;/p&gt;</description>
<author>john@example.org (John Roe)</author><source url="https://example.net/feed">Other Agency</source></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Example Times</title>
<entry><title type="html">Talks</title><id>urn:uuid:1</id><link href="https://example.org/1"/>
<published>2023-09-22T10:15:00Z</published><updated>2024-01-01T00:00:00Z</updated>
<author><name>Jane Doe</name></author><author><name>John Roe</name></author><category term="world" label="World"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content></entry></feed>"""


def test_rss_gives_full_content_over_summary_as_text(read_as: Read) -> None:
    first, second = read_as("a.rss", RSS)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.title, first.body) == ("Talks & more", "One bold.\n\nTwo.")
    assert (first.id, first.url) == ("tag:example.org,2023:1", "https://example.org/1")
    assert (first.published, first.published_time) == (dt.date(2023, 9, 22), dt.time(10, 15))
    assert (first.byline, first.topics, first.source) == ("Jane Doe", ("World", "Peace"), "Example Times")
    assert first.language == "en-gb"
    assert (second.body, second.byline, second.source) == ("A summary.", "John Roe", "Other Agency")
    assert (second.id, second.position, second.published) == ("https://example.org/2", 1, None)


def test_atom_gives_the_first_date_and_all_authors(article_as: One) -> None:
    article = article_as("a.xml", ATOM)
    assert (article.id, article.title, article.body) == ("urn:uuid:1", "Talks", "One.\n\nTwo.")
    assert (article.published, article.byline) == (dt.date(2023, 9, 22), "Jane Doe, John Roe")
    assert article.topics == ("World",)


def test_json_feed_gives_the_same_fields(article_as: One) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Example Times",
        "language": "en",
        "items": [
            {
                "id": "https://example.org/1",
                "url": "https://example.org/1",
                "title": "Talks",
                "content_html": "<p>One.</p><p>Two.</p>",
                "date_published": "2023-09-22T10:15:00+04:00",
                "authors": [{"name": "Jane Doe"}],
                "tags": ["World"],
            }
        ],
    }
    article = article_as("a.json", json.dumps(feed))
    assert (article.id, article.title, article.body) == ("https://example.org/1", "Talks", "One.\n\nTwo.")
    assert (article.published, article.published_time) == (dt.date(2023, 9, 22), dt.time(10, 15))
    assert (article.byline, article.topics, article.source) == ("Jane Doe", ("World",), "Example Times")


def test_feeds_are_known_by_their_content(read_as: Read) -> None:
    for name in ("a.xml", "b.txt", "feed"):
        assert len([item for item in read_as(name, RSS) if isinstance(item, Article)]) == 2


def test_feeds_in_other_encodings_are_read(article_as: One) -> None:
    feed = '<?xml version="1.0" encoding="{}"?><rss><channel><item><title>Zürich</title></item></channel></rss>'
    for encoding in ("iso-8859-1", "utf-16", "utf-8"):
        assert article_as(f"{encoding}.rss", feed.format(encoding).encode(encoding)).title == "Zürich"


def test_entities_that_grow_without_end_give_nothing(read_as: Read) -> None:
    levels = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x0 "boom">{levels}]>' + RSS.split("?>", 1)[1].replace(
        "Short.", "&x11;"
    ).replace("Second", "&x11;")
    found = read_as("a.rss", bomb)
    assert all(len(item.body) < 1000 and len(item.title) < 1000 for item in found if isinstance(item, Article))


def test_characters_that_do_not_exist_do_not_cost_the_feed(read_as: Read) -> None:
    found = read_as(
        "a.rss", RSS.replace("Short.", "&#x110000; &#0; &#xD800; &#99999999999;").replace("Second", "S&#233;c")
    )
    assert [item.title for item in found if isinstance(item, Article)] == ["Talks & more", "Séc"]


def test_an_address_inside_a_feed_is_never_opened(read_as: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a feed opened a connection")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    outside = '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://example.org/rss.dtd">'
    assert len(read_as("a.rss", outside + RSS.split("?>", 1)[1])) == 2
    assert "opened" not in str(read_as("b.rss", "http://example.org/feed.rss"))


def test_a_cut_feed_gives_what_is_there_and_says_so(read_as: Read) -> None:
    found = read_as("a.rss", RSS[: RSS.index("<author>")])
    assert isinstance(found[0], Article)
    assert isinstance(found[-1], Skipped)
    assert found[-1].reason.startswith("truncated after 2 entries")


def test_a_feed_without_entries_says_so(reason_of: Callable[..., str]) -> None:
    assert reason_of("a.rss", '<rss version="2.0"><channel><title>x</title></channel></rss>') == "no entry in this feed"
    assert (
        reason_of("a.json", '{"version": "https://jsonfeed.org/version/1", "items": []}') == "no item in this JSON Feed"
    )


def test_items_of_a_wrong_shape_are_skipped(read_as: Read) -> None:
    items = [
        5,
        None,
        {"id": {}, "title": ["x"], "tags": "a", "authors": [3]},
        {"title": "A", "tags": [1, "b"], "id": 7},
    ]
    found = read_as("a.json", json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}))
    assert [item.title for item in found if isinstance(item, Article)] == ["A"]
    assert [item.topics for item in found if isinstance(item, Article)] == [("b",)]
    assert sum(isinstance(item, Skipped) for item in found) == 3


def test_other_xml_is_named_by_its_first_element(reason_of: Callable[..., str]) -> None:
    assert reason_of("a.xml", "<?xml version='1.0'?><!-- x --><catalogue/>").endswith("first element is <catalogue>")
