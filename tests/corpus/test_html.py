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


def test_a_page_without_any_date_is_undated(article_as: One) -> None:
    assert (article_as("a.html", page()).published, article_as("a.html", page()).published_source) == (None, "")


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


def test_the_times_of_other_things_are_not_the_articles(article_as: One) -> None:
    body = (
        '<div class="clock"><time datetime="2024-01-05">5 January</time></div><article><h1>Talks</h1>'
        + TEXT
        + '<blockquote class="twitter-tweet"><time datetime="2018-11-02">2 Nov</time></blockquote></article>'
        '<section id="comments"><time datetime="2020-07-01">1 July</time></section>'
        '<ul><li><article class="teaser"><time datetime="2021-02-03">3 Feb</time></article></li></ul>'
    )
    assert article_as("a.html", page(body=body)).published is None
    url = '<link rel="canonical" href="https://daily.example/2019/03/12/talks">'
    article = article_as("b.html", page(url, body=body))
    assert (article.published, article.published_source) == (dt.date(2019, 3, 12), "address")


def test_a_printed_date_near_the_headline_is_the_pages(article_as: One) -> None:
    body = f"<h1>Talks</h1><p class='meta'>Published: 12 March 2019</p><article>{TEXT}</article>"
    article = article_as("a.html", page(body=body))
    assert (article.published, article.published_source) == (dt.date(2019, 3, 12), "text")


def test_the_day_of_the_address_is_the_day_it_was_there(article_as: One) -> None:
    head = (
        '<link rel="canonical" href="https://daily.example/2019/03/12/talks">'
        '<meta property="article:published_time" content="2019-03-13T02:30:00Z">'
    )
    assert article_as("a.html", page(head)).published == dt.date(2019, 3, 12)


def test_the_object_that_the_page_shows_is_its_article(article_as: One) -> None:
    head = (
        '<meta property="og:title" content="Talks resume"><script type="application/ld+json">{"@type": "ItemList", '
        '"itemListElement": [{"item": {"@type": "NewsArticle", "headline": "Other", "datePublished": "2011-01-01", '
        '"author": {"name": "Some Other"}, "publisher": {"name": "Example"}}}]}</script>'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Talks resume", '
        '"datePublished": "2021-09-14", "author": [{"name": "Jane Doe"}, {"name": "John Roe"}]}</script>'
    )
    article = article_as("a.html", page(head))
    assert (article.title, article.published, article.byline) == (
        "Talks resume",
        dt.date(2021, 9, 14),
        "Jane Doe, John Roe",
    )


def test_an_address_is_no_byline_and_the_next_name_counts(article_as: One) -> None:
    head = '<meta name="author" content="https://daily.example/staff/doe"><meta name="byl" content="By Jane Doe">'
    assert article_as("a.html", page(head)).byline == "Jane Doe"
    marked = page(body=f'<p><a rel="author" href="/staff/doe">Jane Doe</a></p><article>{TEXT}</article>')
    assert article_as("b.html", marked).byline == "Jane Doe"


def test_the_address_of_a_saved_page_is_read_from_its_comment(article_as: One) -> None:
    saved = page("<title>Talks</title>").replace(
        "<html", "<!-- saved from url=(0024)https://daily.example/f -->\n<html", 1
    )
    assert article_as("a.html", saved).url == "https://daily.example/f"
    single = page("<title>Talks</title>").replace(
        "<head>", "<!--\n Page saved with SingleFile \n url: https://daily.example/g \n--><head>", 1
    )
    assert article_as("b.html", single).url == "https://daily.example/g"
