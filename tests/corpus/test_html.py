from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest

from searchapp.model.article import Article

One = Callable[..., Article]

TEXT = (
    "<p>Delegates from two countries met in Geneva on Friday to restart talks that had been stalled for months.</p>"
    "<p>The second round, officials said, would be held in Vienna in the autumn if both sides agree to it by then.</p>"
)


def page(head: str = "", body: str = TEXT, html: str = "<html>") -> str:
    menu = "<nav><a href=/>Home</a></nav>"
    return f"<!DOCTYPE html>{html}<head>{head}</head><body>{menu}<article>{body}</article></body></html>"


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_linked_data_gives_every_field(article_as: One) -> None:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Wrong"},
            {
                "@type": ["NewsArticle", "Article"],
                "headline": "Talks resume &amp; end",
                "datePublished": "2023-09-22T10:15:00+04:00",
                "author": [{"@type": "Person", "name": "Jane Doe"}, {"@id": "#roe"}],
                "publisher": {"@type": "Organization", "name": "Example Times"},
                "articleSection": ["World", "Europe"],
                "keywords": "peace, talks",
                "inLanguage": "en",
                "url": "https://example.org/talks",
                "about": [{"@type": "Person", "name": "António Guterres"}, {"@type": "Thing", "name": "peace"}],
                "mentions": [{"@type": "City", "name": "Geneva"}, {"@type": "Organization", "name": "United Nations"}],
            },
            {"@type": "Person", "@id": "#roe", "name": "John Roe"},
        ],
    }
    article = article_as("a.html", page(linked(data)))
    assert article.title == "Talks resume & end"
    assert (article.published, article.published_time) == (dt.date(2023, 9, 22), dt.time(10, 15))
    assert article.published_source == "metadata"
    assert (article.byline, article.source, article.section) == ("Jane Doe, John Roe", "Example Times", "World")
    assert (article.topics, article.language) == (("peace", "talks"), "en")
    assert article.id == article.url == "https://example.org/talks"
    assert dict(article.assigned) == {
        "people": ("António Guterres",),
        "places": ("Geneva",),
        "organisations": ("United Nations",),
    }


def test_meta_elements_serve_where_there_is_no_linked_data(article_as: One) -> None:
    head = """
    <title>Talks resume | Example Times</title>
    <meta property="og:title" content="Talks resume">
    <meta property="og:site_name" content="Example Times">
    <meta property="article:published_time" content="2023-09-22T10:15:00Z">
    <meta property="article:section" content="World">
    <meta property="article:tag" content="peace"><meta property="article:tag" content="talks">
    <meta name="author" content="By Jane Doe">
    <link rel="canonical" href="https://example.org/talks">
    """
    article = article_as("a.html", page(head, html='<html lang="en-GB">'))
    assert (article.title, article.source, article.byline) == ("Talks resume", "Example Times", "Jane Doe")
    assert (article.published, article.section, article.topics) == (dt.date(2023, 9, 22), "World", ("peace", "talks"))
    assert (article.url, article.language) == ("https://example.org/talks", "en-GB")


def test_the_name_of_the_site_is_cut_from_the_title(article_as: One) -> None:
    head = '<title>Talks resume - Example Times</title><meta property="og:site_name" content="Example Times">'
    assert article_as("a.html", page(head)).title == "Talks resume"


def test_paragraphs_are_kept_and_menus_scripts_and_the_headline_are_not(article_as: One) -> None:
    body = f"<h1>Talks resume</h1><p>By Jane Doe</p><script>alert('x')</script><style>p {{}}</style>{TEXT}"
    article = article_as("a.html", page(body=body))
    assert article.title == "Talks resume"
    assert len(article.body.split("\n\n")) == 2
    assert article.body.startswith("Delegates from two countries")
    assert "alert" not in article.body
    assert "Home" not in article.body


def test_text_that_stands_only_in_linked_data_is_taken_from_there(article_as: One) -> None:
    data = {"@type": "NewsArticle", "headline": "Talks", "articleBody": "One sentence. " * 50 + "\n\nAnother one."}
    assert article_as("a.html", page(linked(data), body="<div id=app></div>")).body.endswith("\n\nAnother one.")


@pytest.mark.parametrize(
    "script", ["{broken", "[[[[", '{"@type": 5, "headline": {"x": []}}', '"text"', "", "[" * 100_000]
)
def test_broken_linked_data_is_passed_over(article_as: One, script: str) -> None:
    head = f'<title>Talks</title><script type="application/ld+json">{script}</script>'
    assert article_as("a.html", page(head)).title == "Talks"


def test_the_marked_time_element_dates_the_page(article_as: One) -> None:
    article = article_as("a.html", page(body=f'<time datetime="2023-09-22T10:15">yesterday</time>{TEXT}'))
    assert (article.published, article.published_source) == (dt.date(2023, 9, 22), "metadata")


def test_without_any_date_the_file_gives_the_day(article_as: One) -> None:
    assert article_as("a.html", page()).published_source == "file"


def test_a_fragment_under_the_ending_is_a_page_too(article_as: One) -> None:
    assert article_as("a.htm", "<p>Delegates met.</p><p>They parted.</p>").body == "Delegates met.\n\nThey parted."


def test_a_page_under_another_ending_is_known_by_its_content(article_as: One) -> None:
    assert article_as("a.txt", page("<title>Talks</title>")).title == "Talks"
    assert article_as("saved", page("<title>Talks</title>")).title == "Talks"


def test_the_declared_encoding_of_a_page_is_used(article_as: One) -> None:
    text = page('<meta charset="windows-1251"><title>Пашинян</title>')
    assert article_as("a.html", text.encode("cp1251")).title == "Пашинян"


def test_a_page_without_text_is_skipped_with_the_reason(reason_of: Callable[..., str]) -> None:
    assert reason_of("a.html", "<!DOCTYPE html><html><body><script>x()</script></body></html>") == (
        "no article text in this page"
    )


def test_entities_that_point_to_files_stay_closed(article_as: One) -> None:
    text = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><body><p>Delegates met: &x;</p></body></html>'
    )
    assert "&x;" in article_as("a.html", text).body


def test_a_cut_page_gives_the_text_that_is_there(article_as: One) -> None:
    text = page("<title>Talks</title>")
    assert article_as("a.html", text[: text.index("in the autumn")]).body.startswith("Delegates from two countries")
