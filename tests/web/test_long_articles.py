"""Pages of long articles: the work grows with what is shown, and a page that takes too long is given up."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.insight.concordance import Line, lines
from searchapp.model.article import Article, Mention
from searchapp.web.app import make_app
from searchapp.web.pages.article import marked, names_of
from searchapp.web.pages.marking import Numbering

from .conftest import asker

PARAGRAPHS = "The minister of Armenia met John Smith in London.\n\n"
ONE_LINE = "the minister of Armenia met John Smith in London, and "


def long_article(text: str, times: int) -> Article:
    named = [("place", "Armenia"), ("person", "John Smith"), ("place", "London")]
    mentions = [
        Mention(at * len(text) + text.index(label), at * len(text) + text.index(label) + len(label), label, kind, label)
        for at in range(times)
        for kind, label in named
    ]
    return Article(id=f"long-{times}", title="Long", body=text * times, mentions=mentions)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions, built-in ones too, `work` calls: the same on every machine, however busy it is."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def shown(article: Article) -> None:
    found = [(at, at + 8) for at in range(len(article.body)) if article.body.startswith("minister", at)]
    marked(article, ([], found), Numbering())
    names_of(article)


def concordance(article: Article) -> list[Line]:
    return list(lines([article], lambda mention: mention.label == "Armenia"))


@pytest.mark.parametrize("text", [PARAGRAPHS, ONE_LINE], ids=["paragraphs", "one line"])
@pytest.mark.parametrize("work", [shown, concordance], ids=["article", "concordance"])
def test_the_work_of_a_page_grows_with_the_length_of_an_article_and_no_faster(
    work: Callable[[Article], object], text: str
) -> None:
    short, long = long_article(text, 250), long_article(text, 1_000)
    work(short)  # What is kept for good is made once.
    assert calls_of(lambda: work(long)) < 4.4 * calls_of(lambda: work(short))


@pytest.mark.parametrize("text", [PARAGRAPHS, ONE_LINE], ids=["paragraphs", "one line"])
def test_a_long_article_is_marked_and_cut_like_a_short_one(text: str) -> None:
    short, long = long_article(text, 30), long_article(text, 300)
    for article in (short, long):
        _, body = marked(article, ([], []), Numbering())
        assert sum(str(part).count('href="/place/Armenia"') for part in body) == len(article.mentions) // 3
        found = concordance(article)
        assert all(line.text[slice(*span)] == "Armenia" for line in found for span in line.ranges)
        assert sum(len(line.ranges) for line in found) == len(article.mentions) // 3
    if text is PARAGRAPHS:
        assert {line.text for line in found} == {PARAGRAPHS.strip()}


@pytest.mark.parametrize("address", ["/article/long-30", "/place/Armenia", "/?q=minister", "/api/search?q=minister"])
def test_a_page_that_takes_too_long_is_given_up_and_says_so(address: str) -> None:
    with Archive(MemoryEngine()) as archive:
        archive.add([long_article(PARAGRAPHS, 30)], recognise=False)
        reply = asker(make_app(archive, page_timeout_s=-1.0))(address)
        assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
        assert "took longer than" in reply.text
        assert asker(make_app(archive))(address).status == 200
