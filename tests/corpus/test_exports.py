"""Exports of programs that publish on the web, and pages as programs save them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from searchapp.corpus.decoding.base import Yielded
from searchapp.model.article import Article
from searchapp.model.result import Skipped

Read = Callable[..., list[Yielded]]
One = Callable[..., Article]

ONE = "The harbour council voted on Tuesday to close the old quay after forty years, citing rust in its pillars."
TWO = "Captain Ingrid Solberg said the crews would move to the new terminal across the bay before the autumn."


def exported(*items: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>'
        "Daily</title>"
        "<wp:author><wp:author_login>mh</wp:author_login><wp:author_display_name>Mona Haug</wp:author_display_name>"
        "</wp:author>"
        f"{''.join(items)}</channel></rss>"
    )


def item(title: str, text: str, *, status: str = "publish", kind: str = "post", number: int = 1) -> str:
    return (
        f"<item><title>{title}</title><link>https://daily.example/{number}</link><dc:creator>mh</dc:creator>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded><wp:post_date>2019-03-12 09:00:00</wp:post_date>"
        f"<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>"
        '<category domain="category" nicename="w">World</category><category domain="post_tag">ports</category></item>'
    )


def test_of_a_wordpress_export_the_published_posts_are_read(read_as: Read) -> None:
    found = read_as(
        "a.xml",
        exported(
            item("Ferry closes", f"<p>{ONE}</p>"),
            item("Draft", "x", status="draft", number=2),
            item("Photo", "", kind="attachment", status="inherit", number=3),
            item("Menu", "", kind="nav_menu_item", number=4),
            item("About us", "<p>We are.</p>", kind="page", number=5),
        ),
    )
    first, page = (one for one in found if isinstance(one, Article))
    assert (first.title, first.byline, first.source, first.published) == (
        "Ferry closes",
        "Mona Haug",
        "Daily",
        dt.date(2019, 3, 12),
    )
    assert (first.section, first.topics, page.title) == ("World", ("ports",), "About us")
    assert [one.place for one in found if isinstance(one, Skipped)] == ["Draft", "Photo", "Menu"]


def test_blank_lines_part_the_paragraphs_of_a_post_whatever_tags_it_has(read_as: Read) -> None:
    text = f"{ONE}\n\n{TWO}\n<h2>What comes next</h2>\nResidents asked.\n\n"
    text += '[caption id="1"]<img src="q.jpg" /> Quay[/caption]\n\nThe end.'
    (article,) = read_as("a.xml", exported(item("Ferry", text)))
    assert isinstance(article, Article)
    assert article.body.split("\n\n") == [ONE, TWO, "What comes next", "Residents asked.", "The end."]


def test_a_feed_below_warnings_of_a_program_is_read(article_as: One) -> None:
    feed = '<?xml version="1.0"?><rss><channel><title>D</title><item><title>Ferry</title></item></channel></rss>'
    assert (
        article_as("a.xml", f"\n<br />\n<b>Warning</b>: something in feed.php on line 3<br />\n{feed}").title == "Ferry"
    )


def test_titles_of_a_news_sitemap_are_articles(read_as: Read, reason_of: Callable[..., str]) -> None:
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    news = (
        "<url><loc>https://daily.example/{0}</loc><news:news><news:publication><news:name>Daily</news:name>"
        "</news:publication>"
        "<news:publication_date>2019-03-1{0}</news:publication_date><news:title>Story {0}</news:title></news:news>"
        "</url>"
    )
    found = read_as(
        "a.xml", f"{head}{news.format(1)}{news.format(2)}<url><loc>https://daily.example/</loc></url></urlset>"
    )
    assert [(one.title, one.source, str(one.published)) for one in found if isinstance(one, Article)] == [
        ("Story 1", "Daily", "2019-03-11"), ("Story 2", "Daily", "2019-03-12")
    ]  # fmt: skip
    assert "without titles" in reason_of("b.xml", f"{head}<url><loc>https://daily.example/</loc></url></urlset>")


def test_a_page_saved_with_its_parts_is_a_page(article_as: One) -> None:
    page = (
        '<html><head><meta property="og:title" content="Ferry closes"><meta name="author" content="Mona Haug">'
        f'<meta property="article:published_time" content="2019-03-12"></head><body><article><p>{ONE}</p><p>'
        f"{TWO}</p></article>"
    )
    text = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://daily.example/f\r\nSubject: Ferry closes - "
        "Daily\r\n"
        "Date: Fri, 5 Jan 2024 09:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: "
        'multipart/related;\r\n\ttype="text/html";\r\n'
        f'\tboundary="x"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n{page}\r\n--x\r\nContent-Type: '
        f"text/css\r\n\r\np {{}}\r\n--x--\r\n"
    )
    article = article_as("a.mhtml", text)
    assert (article.title, article.byline, article.url) == ("Ferry closes", "Mona Haug", "https://daily.example/f")
    assert (article.published, article.body) == (dt.date(2019, 3, 12), f"{ONE}\n\n{TWO}")
