"""What a reader of the pages needs: titles, directions, keys, paper, small screens, colours that the system sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from searchapp import Archive
from searchapp.model.article import Article
from searchapp.web.app import make_app

from .browser import chromium
from .conftest import asker
from .sample import sample_articles
from .serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

LONG = Article(
    id="long",
    title="Fog",
    body="\n\n".join(f"Paragraph {n}: the fog lay over the harbour, and the fog stayed." for n in range(40)),
    language="en",
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("read") / "index", [*sample_articles(), LONG]) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def title(text: str) -> str:
    found = re.search("<title>(.*?)</title>", text)
    assert found
    return found[1]


def test_every_page_of_a_search_has_a_title_of_its_own(archive: Archive) -> None:
    ask = asker(make_app(archive, title="Archive"))
    addresses = (
        "/",
        "/?q=talks",
        "/?q=talks&page=2",
        "/?q=talks&place=Baku",
        "/?q=talks&not-place=Baku",
        "/?since=2023",
    )
    addresses += ("/facet/people", "/facet/places", "/facet/people?q=talks", "/place/Baku", "/archive")
    titles = [title(ask(address).text) for address in addresses]
    assert len(set(titles)) == len(titles)
    assert titles[4] == "talks, not Baku – Archive"


def test_a_name_leads_to_its_page_wherever_it_stands(archive: Archive) -> None:
    text = asker(make_app(archive))("/?q=talks&place=Baku").text
    hits = text[text.index('<ol class="hits"') :]
    assert set(re.findall(r'<a class="place" href="(/place/)', hits)) == {"/place/"}
    assert '<a class="of" href="/place/Baku">' in text
    facets = text[text.index('<nav class="facets"') :].partition("</nav>")[0]
    assert '<a class="to" href="/place/Baku" aria-label="About Baku">' in facets


def test_what_is_left_out_is_said_in_words(archive: Archive) -> None:
    text = asker(make_app(archive))("/?q=talks&not-place=Baku").text
    assert "<em>not</em> <bdi>Baku</bdi>" in text


def test_a_text_runs_in_its_own_direction_and_says_its_language(archive: Archive) -> None:
    arabic = Article(id="ar", title="ضباب في الميناء", body="كان الضباب كثيفا (2023) في ميناء ويتبي.", language="ar")
    archive.add([arabic], recognise=False)
    ask = asker(make_app(archive))
    hit = ask("/?q=الضباب").text
    assert '<li class="hit" lang="ar">' in hit
    assert '<h2 dir="auto"><a' in hit
    article = ask("/article/ar").text
    assert '<article lang="ar">' in article
    assert '<h1 dir="auto">ضباب' in article
    assert '<p dir="auto">كان' in article


def test_keys_step_through_matches_and_hits_and_can_be_switched_off(browser: Browser, root: str) -> None:
    context = browser.new_context(viewport={"width": 1200, "height": 700})
    page = opened(context, f"{root}/article/long?q=fog")
    steps = page.locator(".matches")
    for _ in range(9):
        page.keyboard.press("n")
    assert page.locator("mark.here").count() == 1
    # The stepper stays in sight beside what it steps through.
    box = steps.bounding_box()
    assert box
    assert 0 <= box["y"] < 700
    before = page.locator("mark.here").get_attribute("id")
    page.keyboard.press("p")
    assert page.locator("mark.here").get_attribute("id") != before
    page.goto(f"{root}/?q=talks")
    page.keyboard.press("j")
    page.keyboard.press("j")
    hit = "document.activeElement.closest('.hit')"
    focused = f"[...document.querySelectorAll('.hit')].indexOf({hit})"
    assert page.evaluate(focused) == 1
    page.keyboard.press("k")
    assert page.evaluate(focused) == 0
    page.keyboard.press("f")
    assert page.evaluate("!!document.activeElement.closest('.facets')")
    page.evaluate("localStorage.setItem('searchapp.keys', 'off'); document.activeElement.blur()")
    page.keyboard.press("j")
    assert not page.evaluate(f"!!{hit}")
    context.close()


def test_on_a_phone_the_way_back_to_the_results_stays_in_sight(browser: Browser, root: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = opened(context, f"{root}/?q=talks")
    page.locator("#filters > summary").click()
    page.evaluate("scrollTo(0, 300)")
    button = page.locator(".done a")
    box = button.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 640
    assert re.fullmatch(r"Show \d+ articles?", button.inner_text())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # A facet that was closed is closed on the page that a choice leads to.
    page.locator("details.facet.places > summary").click()
    page.locator(".facet.people li a[data-key]").first.click()
    page.wait_for_url(re.compile("person="))
    assert page.locator("details.facet.places").get_attribute("open") is None
    context.close()


def test_paper_is_white_and_matches_are_marked_without_backgrounds(browser: Browser, root: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = opened(context, f"{root}/?q=talks")
    page.emulate_media(media="print", color_scheme="dark")
    style = "getComputedStyle({}).{}"
    assert page.evaluate(style.format("document.documentElement", "backgroundColor")) == "rgb(255, 255, 255)"
    assert page.evaluate(style.format("document.querySelector('.snippet')", "color")) == "rgb(0, 0, 0)"
    assert page.evaluate(style.format("document.querySelector('mark')", "textDecorationLine")) == "underline"
    context.close()


def test_chosen_and_left_out_differ_where_the_system_sets_the_colours(browser: Browser, root: str) -> None:
    context = browser.new_context(forced_colors="active")
    page = opened(context, f"{root}/?q=talks&place=Yerevan&not-place=Baku")
    signs = [
        page.evaluate(f"getComputedStyle(document.querySelector('.facet {kind} > a'), '::before').content")
        for kind in (".on", ".off")
    ]
    assert "✓" in signs[0]
    assert "−" in signs[1]
    context.close()
