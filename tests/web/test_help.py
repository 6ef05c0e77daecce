"""The manual under /help, with examples made of what an archive has, and the first view of an archive."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.insight.examples import examples, first_examples, words_of
from searchapp.manual.pages import PAGES, Manual
from searchapp.manual.references.commands import CommandText
from searchapp.model.article import Article
from searchapp.web.app import make_app
from searchapp.web.site import find_static

from .conftest import ARTICLES, Ask, asker
from .sample import sample_articles

NAMES = [page.name for page in PAGES if page.name != "commands"]


@pytest.fixture(scope="module")
def archive() -> Archive:
    archive = Archive(MemoryEngine())
    archive.add(sample_articles(), recognise=False)
    return archive


@pytest.fixture(scope="module")
def ask(archive: Archive) -> Ask:
    return asker(make_app(archive))


def searches(page: str) -> list[tuple[str, str]]:
    """Address and text of every link to a search."""
    return [(unescape(address), unescape(re.sub("<[^>]*>", "", text))) for address, text in
            re.findall(r'<a href="(/\?q=[^"]*)">(.*?)</a>', page, re.S)]  # fmt: skip


@pytest.mark.parametrize("address", ["/help", *(f"/help/{name}" for name in NAMES)])
def test_every_page_of_the_manual_is_there_and_links_to_pages_that_are(ask: Ask, address: str) -> None:
    reply = ask(address)
    assert reply.status == 200
    assert "<!--" not in reply.text.replace("<!doctype", "")
    for href in reply.hrefs:
        if href.startswith("/help"):
            target, _, mark = href.partition("#")
            assert (found := ask(target)).status == 200
            assert not mark or f'id="{mark}"' in found.text
        elif not href.startswith("#"):
            assert not href.endswith(".md")


def test_the_help_has_at_least_eight_examples_that_find_what_they_say(ask: Ask) -> None:
    page = ask("/help").text
    found = searches(page)
    assert len(found) >= 8
    counts = [int(number.replace(",", "")) for number in re.findall(r"<td>([\d,]+)</td>\s*</tr>", page)]
    assert len(counts) == len(found)
    for (address, _), count in zip(found, counts, strict=True):
        reply = ask(f"/api/search{address[1:]}").text
        assert count > 0
        assert f'"total": {count},' in reply or f'"total":{count},' in reply, address


def test_every_example_of_the_page_of_queries_finds_something(ask: Ask) -> None:
    found = searches(ask("/help/query").text)
    assert len(found) >= 15
    for address, _ in found:
        assert '"total": 0' not in ask(f"/api/search{address[1:]}").text, address


def test_examples_are_made_of_the_names_of_the_archive(archive: Archive) -> None:
    with archive.state() as state:
        words = words_of(state)
        assert words["person"] in {value.label for value in archive.facet("people").values}
        assert words["place"] in {value.label for value in archive.facet("places").values}
        assert all(example.total for example in examples(state))


def test_the_first_view_says_what_is_here_and_offers_three_searches_and_help(ask: Ask) -> None:
    page = ask("/").text
    assert "What this archive holds" in page
    (tries,) = re.findall(r'<p class="tries">(.*?)</p>', page, re.S)
    found = searches(tries)
    assert len(found) == 3
    for address, text in found:
        reply = ask(f"/api/search{address[1:]}").text
        assert '"total": 0' not in reply
        assert re.search(r"person:|place:|org:", text)
    assert 'href="/help"' in tries
    assert "tries" not in ask("/?q=talks").text


def test_the_box_leads_to_the_help_on_every_page(ask: Ask) -> None:
    for address in ("/", "/?q=talks", "/archive", "/article/sample/1", "/nothing", "/help/keys"):
        assert re.search(r'<form class="box".*?<a class="hint" href="/help".*?</form>', ask(address).text, re.S)


def test_an_empty_archive_has_the_manual_too() -> None:
    with Archive(MemoryEngine()) as archive:
        ask = asker(make_app(archive))
        for address in ("/", "/help", "/help/query"):
            reply = ask(address)
            assert reply.status == 200
            assert searches(reply.text) == []
        assert "<code>ceasefire talks</code>" in ask("/help").text


def test_what_is_no_page_of_the_manual_is_missing(ask: Ask) -> None:
    for address in ("/help/none", "/help/index.md", "/help/..", "/help/%2e%2e%2fsettings", "/help/commands"):
        assert ask(address).status == 404


def test_the_commands_stand_in_the_manual_where_there_is_a_command_line(archive: Archive) -> None:
    ask = asker(make_app(archive, commands=lambda: [CommandText("searchapp sing", "[OPTIONS]", "Sing.")]))
    assert "<h2" in ask("/help/commands").text
    assert "searchapp sing" in ask("/help/commands").text
    assert 'href="/help/commands"' in ask("/help").text


HOSTILE = st.text('ab "*`|<>[]()\\&\u202e\n:-~', min_size=1, max_size=12)


@settings(max_examples=15)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_an_archive_is_called_examples_find_it_and_make_no_markup(title: str, person: str, topic: str) -> None:
    with Archive(MemoryEngine()) as archive:
        try:
            hostile = Article(id="1", title=title, body=f"{title} went. {person}", assigned={"people": [person]},
                              topics=(topic,))  # fmt: skip
        except ValueError:
            return
        archive.add([hostile], recognise=False)
        ask = asker(make_app(archive))
        for address in ("/", "/help", "/help/query"):
            for href, _ in searches(ask(address).text):
                assert '"total": 0' not in ask(f"/api/search{href[1:]}").text, href
            assert "<b>" not in re.sub(r"<b>[\d,]+</b>", "", ask(address).text.partition('class="prose"')[2])


def test_first_examples_find_one_of_the_articles_that_they_were_made_of() -> None:
    with Archive(MemoryEngine()) as archive:
        archive.add(ARTICLES, recognise=False)
        with archive.state() as state:
            shown = [hit.article for hit in state.search("", sort="newest").hits]
            made = first_examples(shown)
            assert len(made) == len(set(made)) == 3
            assert all(state.search(text).total for text in made)
    assert first_examples([]) == ()


def test_the_sheet_has_the_keys_that_the_script_has() -> None:
    script = (find_static() / "searchapp.js").read_text(encoding="utf-8")
    (first,) = re.findall(r"^const steps = \{\n(.*?)^\};", script, re.M | re.S)
    keys = set(re.findall(r'^  "?([^\s":]+)"?: ', first, re.M)) | set(re.findall(r"\bsteps\.(\w+) = ", script))
    sheet = set(re.findall(r"`(.)`", Manual().markdown("keys"))) - set("↓↑")
    assert keys == sheet
