from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from searchapp.model.article import Article

One = Callable[..., Article]


def test_front_matter_gives_the_fields(article_as: One) -> None:
    article = article_as(
        "a.md",
        '---\ntitle: "Talks: day two"\ndate: 2023-09-22\nauthor: Jane Doe\ntags: [peace, talks]\n'
        "people:\n  - António Guterres\nplaces: Geneva; Vienna\nlang: en\n---\n# Talks: day two\n\nBody *text* "
        "[here](https://example.org).\n\n- one\n- two\n",
    )
    assert (article.title, article.byline, article.language) == ("Talks: day two", "Jane Doe", "en")
    assert (article.published, article.published_source) == (dt.date(2023, 9, 22), "metadata")
    assert article.topics == ("peace", "talks")
    assert dict(article.assigned) == {"people": ("António Guterres",), "places": ("Geneva", "Vienna")}
    assert article.body == "Body text here.\n\none\n\ntwo"


def test_front_matter_may_be_toml(article_as: One) -> None:
    article = article_as("a.md", '+++\ntitle = "Talks"\ndate = 2023-09-22T10:15:00Z\n+++\nBody.\n')
    assert (article.title, article.published, article.published_time) == (
        "Talks",
        dt.date(2023, 9, 22),
        dt.time(10, 15),
    )


def test_without_front_matter_the_heading_is_the_title_and_the_rest_is_read_as_text(article_as: One) -> None:
    article = article_as(
        "a.md", "# Talks resume\n\n*By Jane Doe*\n\nKYIV, Feb 26, 2023 (Reuters) - **Delegates** met.\n"
    )
    assert (article.title, article.byline, article.dateline) == ("Talks resume", "Jane Doe", "Kyiv")
    assert (article.published, article.source) == (dt.date(2023, 2, 26), "Reuters")
    assert article.body == "KYIV, Feb 26, 2023 (Reuters) - Delegates met."


def test_a_heading_that_is_not_the_title_stays(article_as: One) -> None:
    assert article_as("a.md", "---\ntitle: Talks\n---\n# Day two\n\nBody.\n").body == "Day two\n\nBody."


def test_without_a_date_it_is_undated(article_as: One) -> None:
    assert article_as("a.md", "---\ntitle: Talks\n---\nBody.\n").published_source == ""


def test_scripts_inside_are_not_text(article_as: One) -> None:
    assert article_as("a.md", "# A title\n\nOne.\n\n<script>alert(1)</script>\n\nTwo.\n").body == "One.\n\nTwo."


def test_broken_front_matter_is_reported(reason_of: Callable[..., str]) -> None:
    assert reason_of("a.md", "---\ntitle: [unclosed\n---\nBody.\n").startswith("broken front matter")


def test_a_rule_on_top_is_no_front_matter(article_as: One) -> None:
    assert "Second part." in article_as("a.md", "---\n\nFirst part.\n\n---\n\nSecond part.\n").body


@pytest.mark.parametrize(
    "front",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntags: [*c, *c]",
        "!!python/object/apply:os.system [true]: x",
        "- a\n- b",
        "42",
    ],
)
def test_odd_front_matter_is_harmless(read_as: Callable[..., list[object]], front: str) -> None:
    (found,) = read_as("a.md", f"---\n{front}\n---\nBody text.\n")
    assert found
