"""What people do with the pages, in a real browser, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from searchapp.model.article import Article
from searchapp.model.facets import FACET_OF_WORD, PARAMETER_OF_FACET

from .browser import chromium, visitor
from .sample import sample_articles
from .serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PAGES = {
    "first visit": "/",
    "search": "/?q=talks",
    "filtered": "/?q=talks&person=Nikol+Pashinyan&person=Ann+Field&not-place=Baku&since=2023-02&until=2024-03",
    "faulty query": "/?q=%22never+closed+talks",
    "main subjects": "/?q=talks&place=Yerevan&scope=about",
    "nothing found": "/?q=talks+unfindable&place=Yerevan",
    "last page": "/?page=6",
    "facet": "/facet/people?q=talks&person=Li+Wei",
    "article": "/article/sample/8",
    "hit": "/article/sample/0?q=talks&hit=1&sort=oldest",
    "person": "/person/Nikol%20Pashinyan",
    "place": "/place/Yerevan",
    "organisation": "/organisation/OSCE",
    "archive": "/archive",
    "help": "/help",
    "queries": "/help/query",
    "addresses": "/help/api",
    "missing": "/article/none",
    "bad address": "/?page=x",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("browsed") / "index", sample_articles()) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(browser: Browser, root: str, scripted: bool) -> Iterator[Page]:
    with visitor(browser, root, scripted=scripted) as opened:
        yield opened


@pytest.fixture
def live(browser: Browser, root: str) -> Iterator[Page]:
    """A tab in which scripts run."""
    with visitor(browser, root) as opened:
        yield opened


def total(page: Page) -> int:
    text = page.locator("#results").inner_text()
    return 0 if text.startswith("No article") else int(text.split()[0].replace(",", ""))


def row(page: Page, key: str) -> Locator:
    """The link of a facet that chooses, or drops, a value such as `place:Baku`."""
    kind, _, label = key.partition(":")
    rows = page.locator(f".facet.{FACET_OF_WORD[kind]} li > a:first-child")
    return rows.filter(has=page.locator("span", has_text=re.compile(f"^(not )?{re.escape(label)}$")))


def keys(page: Page, facet: str) -> list[str]:
    """The values of a facet that can be chosen, most articles first."""
    links = page.locator(f".facets .{facet} li:not(.on):not(.off) > a:first-child span").all()
    return [f"{PARAMETER_OF_FACET[facet]}:{link.inner_text()}" for link in links]


def count(page: Page, key: str) -> int:
    return int(row(page, key).locator("b").inner_text().lstrip("+").replace(",", ""))


def chips(page: Page) -> list[str]:
    return [" ".join(text.rstrip("×").split()) for text in page.locator("li.chip").all_inner_texts()]


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def search(page: Page, text: str) -> None:
    page.locator("#q").fill(text)
    page.locator("#q").press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))


# Journeys


def test_a_first_visit_shows_what_there_is_and_a_search_narrows_it(page: Page) -> None:
    page.goto("/")
    assert "60" in page.locator(".welcome").inner_text()
    assert page.locator("ol.hits > li").count() == 10
    assert page.locator("ol.hits h2").first.inner_text() == sample_articles()[59].title
    search(page, "talks")
    assert total(page) == 45
    assert "talks" in page.locator("ol.hits mark").first.inner_text().lower()


def test_choosing_two_people_adds_the_articles_that_the_second_promised(page: Page) -> None:
    page.goto("/?q=talks")
    first, *_ = keys(page, "people")
    promised = count(page, first)
    row(page, first).click()
    page.wait_for_url(re.compile("person="))
    assert total(page) == promised
    assert first not in keys(page, "people")
    _, second, *_ = keys(page, "people")
    promised = total(page) + count(page, second)
    row(page, second).click()
    page.wait_for_url(re.compile("person=.*person="))
    assert total(page) == promised
    assert [f"person:{label}" for label in chips(page)] == [first, second]


def test_a_place_can_be_excluded_and_let_in_again(page: Page) -> None:
    page.goto("/?q=talks")
    _, place, *_ = keys(page, "places")
    before, having = total(page), count(page, place)
    row(page, place).locator("xpath=..").get_by_role("link", name="not", exact=True).click()
    page.wait_for_url(re.compile("not-place="))
    assert total(page) == before - having
    assert chips(page) == [f"not {place.removeprefix('place:')}"]
    assert row(page, place).inner_text().strip() == f"not {place.removeprefix('place:')}"
    page.locator("li.chip .drop").click()
    page.wait_for_url(lambda url: "not-place" not in url)
    assert total(page) == before


def test_a_span_of_the_timeline_narrows_to_its_articles(page: Page, scripted: bool) -> None:
    page.goto("/?q=talks")
    chart = page.locator(".timeline svg.chart")
    bars = page.locator(".timeline tr").count() - 1
    if scripted:
        box = chart.bounding_box()
        assert box
        x, y, width = box["x"], box["y"] + box["height"] / 2, box["width"]
        page.mouse.move(x + width * 0.30, y)
        page.mouse.down()
        page.mouse.move(x + width * 0.45, y, steps=4)
        page.mouse.move(x + width * 0.60, y, steps=4)
        page.mouse.up()
    else:
        page.locator(".dates [name=since]").fill("2023-05-01")
        page.locator(".dates [name=until]").fill("2023-08-31")
        page.locator(".dates button").click()
    page.wait_for_url(re.compile("since="))
    since, until = (parameters(page)[name][0] for name in ("since", "until"))
    months = [a.published for a in sample_articles() if a.published and "talks" in (a.body + a.title.lower())]
    until += "-31" if scripted else ""
    assert 3 < total(page) == sum(since <= day.isoformat() <= until for day in months) < len(months)
    assert not scripted or re.fullmatch(r"\d{4}-\d\d", since), "a span begins with a whole month"
    assert bars > 12
    assert parameters(page)["q"] == ["talks"]


def test_a_bar_of_the_timeline_gives_the_articles_that_it_names(page: Page, scripted: bool) -> None:
    page.goto("/?q=talks")
    if scripted:
        bar = page.locator(".timeline svg a").nth(3)
        named = re.search(r": (\d+)", bar.locator("title").text_content() or "")
        bar.locator("rect").click()
    else:
        page.locator(".timeline summary").click()
        line = page.locator(".timeline tr").nth(4)
        named = re.search(r"\t(\d+)", line.inner_text())
        line.locator("a").click()
    assert named
    page.wait_for_url(re.compile("since="))
    assert total(page) == int(named[1])


def test_an_article_is_read_from_match_to_match(page: Page, scripted: bool) -> None:
    page.goto("/?q=talks")
    title = page.locator("ol.hits h2 a").first.inner_text()
    page.locator("ol.hits h2 a").first.click()
    page.wait_for_url(re.compile("/article/"))
    assert page.locator("article h1").inner_text() == title
    marks = page.locator("article mark[id]")
    assert marks.count() >= 3
    if scripted:
        following = page.get_by_role("button", name="Next match")
        for number in (0, 1, 2):
            following.click()
            assert "here" in (marks.nth(number).get_attribute("class") or "")
            assert page.locator("mark.here").count() == 1
        page.get_by_role("button", name="Previous match").click()
        assert "here" in (marks.nth(1).get_attribute("class") or "")
    else:
        page.locator(".jumps a").nth(1).click()
        page.wait_for_url(re.compile("#m2$"))
        assert page.locator("mark:target").get_attribute("id") == "m2"


def test_hits_follow_each_other_and_lead_back_to_their_list(page: Page) -> None:
    page.goto("/?q=talks&sort=oldest")
    titles = page.locator("ol.hits h2 a").all_inner_texts()
    page.locator("ol.hits h2 a").first.click()
    seen = [page.locator("article h1").inner_text()]
    for _ in range(4):
        page.locator("a[rel=next]").click()
        page.wait_for_function("number => location.search.includes(`hit=${number}`)", arg=len(seen) + 1)
        seen.append(page.locator("article h1").inner_text())
    assert seen == titles[:5]
    page.locator("a.back").click()
    page.wait_for_url(re.compile(r"/\?"))
    assert page.locator("ol.hits h2 a").all_inner_texts() == titles


def test_a_name_in_an_article_leads_to_its_page_and_back_to_the_same_search(page: Page) -> None:
    page.goto("/?q=talks&place=Yerevan")
    address, listed = page.url, page.locator("ol.hits").inner_text()
    page.locator("ol.hits h2 a").first.click()
    page.wait_for_url(re.compile("/article/"))
    name = page.locator("article .text a.n.person").first
    label = name.inner_text()
    name.click()
    page.wait_for_url(re.compile("/person/"))
    assert page.locator("h1").inner_text() == label
    assert label in page.locator(".concordance .lines").inner_text()
    page.go_back()
    page.go_back()
    assert page.url == address
    assert page.locator("ol.hits").inner_text() == listed


def test_an_address_gives_the_same_page_to_someone_else(page: Page, browser: Browser, root: str) -> None:
    page.goto("/?q=talks")
    row(page, "organisation:United Nations").click()
    page.wait_for_url(re.compile("organisation="))
    page.locator(".sorts a[href]").first.click()
    page.wait_for_url(re.compile("sort="))
    with visitor(browser, root, scripted=False) as other:
        other.goto(page.url)
        for part in ("#results", "ol.hits", ".facets", ".chips"):
            assert other.locator(part).inner_text() == page.locator(part).inner_text()


def test_every_page_of_hits_can_be_reached(page: Page) -> None:
    page.goto("/?q=talks")
    seen = page.locator("ol.hits h2 a").all_inner_texts()
    for number in range(2, 6):
        page.locator(".pager a[href]", has_text=re.compile(rf"^{number}$")).click()
        page.wait_for_url(re.compile(f"page={number}"))
        seen += page.locator("ol.hits h2 a").all_inner_texts()
    assert len(seen) == 45


def test_the_values_of_a_facet_are_searched_and_chosen(page: Page) -> None:
    page.goto("/facet/people?q=talks")
    page.locator("main [name=find]").fill("mull")
    page.locator("main [name=find]").press("Enter")
    page.wait_for_url(re.compile("find=mull"))
    row(page, "person:Zoë Müller").click()
    page.wait_for_url(re.compile(r"/\?"))
    assert chips(page) == ["Zoë Müller"]
    assert parameters(page) == {"q": ["talks"], "person": ["Zoë Müller"]}


def test_counting_only_main_subjects_is_a_choice_that_says_what_it_means(page: Page) -> None:
    page.goto("/?q=talks")
    before = total(page)
    choice = page.get_by_role("group", name="Count people, places and organisations that an article")
    choice.get_by_text("What this means").click()
    assert choice.get_by_text("An article is mainly about those in its headline").is_visible()
    place, *_ = keys(page, "places")
    named = count(page, place)
    choice.get_by_role("link", name="is mainly about").click()
    page.wait_for_url(re.compile("scope=about"))
    assert total(page) == before
    assert count(page, place) <= named
    assert chips(page) == ["main subjects only"]
    page.locator("li.chip .drop").click()
    page.wait_for_url(lambda url: "scope" not in url)
    assert count(page, place) == named


def test_nothing_found_says_what_to_leave_out(page: Page) -> None:
    page.goto("/?q=talks+unfindable&place=Yerevan")
    way_out = page.locator("main a[href]", has_text=re.compile("unfindable|[0-9]+ articles?")).first
    way_out.click()
    page.wait_for_url(lambda url: "unfindable" not in url)
    assert total(page) > 0


# What the script adds


def test_typing_suggests_names_that_the_arrow_keys_walk(live: Page) -> None:
    live.goto("/")
    box = live.get_by_role("combobox")
    box.press_sequentially("pas", delay=20)
    options = live.get_by_role("option")
    options.first.wait_for()
    assert "Nikol Pashinyan" in options.first.inner_text()
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert options.first.get_attribute("aria-selected") == "true"
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert options.count() == 0 or not options.first.is_visible()
    assert box.input_value() == "pas"
    box.press("ArrowDown")
    options.first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    live.wait_for_url(re.compile("/person/Nikol"))


def test_enter_searches_what_was_typed_while_suggestions_are_open(live: Page) -> None:
    live.goto("/")
    box = live.get_by_role("combobox")
    box.press_sequentially("pash", delay=20)
    live.get_by_role("option").first.wait_for()
    box.press("Enter")
    live.wait_for_url(re.compile(r"/\?q=pash$"))


def test_the_focus_comes_back_to_the_filter_that_was_used_and_the_result_is_read_out(live: Page) -> None:
    live.goto("/?q=talks")
    link = row(live, "place:Tbilisi")
    link.focus()
    link.press("Enter")
    live.wait_for_url(re.compile("place="))
    live.wait_for_function("document.activeElement.textContent.startsWith('Tbilisi')")
    status = live.locator("[role=status]")
    live.wait_for_function("[...document.querySelectorAll('[role=status]')].some(e => e.textContent)")
    assert str(total(live)) in status.first.inner_text()


def test_the_slash_key_goes_to_the_search_box(live: Page) -> None:
    live.goto("/archive")
    live.keyboard.press("/")
    assert live.evaluate("document.activeElement.id") == "q"
    assert live.locator("#q").input_value() == ""


def test_the_question_mark_shows_the_sheet_of_keys_unless_it_is_typed(live: Page) -> None:
    live.goto("/")
    live.locator("#q").press("?")
    assert live.locator("#q").input_value() == "?"
    live.locator("#results").focus()
    live.keyboard.press("?")
    live.wait_for_url("**/help/keys")
    box = live.locator("main table").bounding_box()
    assert box
    assert 0 <= box["y"] < 900


def test_an_example_of_the_help_leads_to_what_it_finds(page: Page) -> None:
    page.goto("/")
    page.locator(".hint").click()
    cells = page.locator("table a").first
    count = page.locator("tbody tr").first.locator("td").last.inner_text()
    cells.click()
    assert total(page) == int(count) > 0


def test_the_keyboard_alone_reaches_filters_and_articles(page: Page) -> None:
    page.goto("/?q=talks")
    page.keyboard.press("Tab")
    assert page.locator(".skip:focus").bounding_box()
    page.keyboard.press("Enter")
    assert page.locator("#results").is_visible()
    address = ""
    for _ in range(40):
        page.keyboard.press("Tab")
        address, outline, date = page.evaluate(
            "(e => [e.getAttribute('href') || '', getComputedStyle(e).outlineStyle, e.type === 'date'])"
            "(document.activeElement)"
        )
        # Chromium marks the part of a date that has the focus, not the whole field.
        assert outline != "none" or date
        if address.startswith("/article/"):
            break
    assert address.startswith("/article/")
    page.locator("#q").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.search || ''").startswith("?q=talks&person="):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("person="))


# Quality


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_axe_finds_no_fault_in_light_or_dark(live: Page, address: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    live.goto(address)
    for scheme in ("light", "dark"):
        live.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = axe.run(live)
        assert not found.violations_count, f"{scheme}: {found.generate_report()}"


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_is_wider_than_the_window(browser: Browser, root: str, width: int) -> None:
    with visitor(browser, root, viewport={"width": width, "height": 800}) as page:
        for name, address in PAGES.items():
            page.goto(address)
            wide = page.evaluate(
                """() => [...document.querySelectorAll("body *")]
                .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, .vh, svg"))
                .map(e => e.outerHTML.slice(0, 120))"""
            )
            reach = page.evaluate("document.documentElement.scrollWidth")
            assert reach <= width, f"{name}: {reach} px; {wide[:3]}"


@pytest.mark.parametrize("address", ["/", "/?q=talks", "/article/sample/0?q=talks&hit=1", "/person/Nikol%20Pashinyan"])
def test_nothing_moves_while_a_page_loads(live: Page, address: str) -> None:
    live.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => { shift += e.value }))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    live.goto(address)
    live.wait_for_load_state("networkidle")
    assert live.evaluate("window.shift") < 0.01


def test_what_can_be_tapped_is_large_enough_on_a_phone(browser: Browser, root: str) -> None:
    """24 by 24 CSS pixels at least (WCAG 2.2, 2.5.8), for all that is no link within a text."""
    with visitor(browser, root, viewport={"width": 360, "height": 800}) as page:
        page.goto(PAGES["filtered"])
        page.locator("#filters > summary").click()
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, summary, input, .facets a, .chips a, .pager a, .sorts a")]
            .filter(e => e.checkVisibility() && e.type !== "hidden")
            .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24)
            .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
        )
        assert not small


def test_a_page_can_be_printed(live: Page) -> None:
    live.goto(PAGES["hit"])
    live.emulate_media(media="print")
    assert live.locator("article .text").is_visible()
    assert not live.locator("form.box").is_visible()


def test_hostile_articles_run_nothing(browser: Browser, tmp_path: Path) -> None:
    texts = (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)><svg onload=alert(1)>',
        "</script></title></style></textarea><script>alert(1)</script>",
        "<!--<script>",
    )
    articles = [
        Article(id=f"x{n}", title=text, body=f"talks {text}", source=text, url="javascript:alert(1)", topics=(text,),
                assigned={"people": (text,)}, path=text)
        for n, text in enumerate(texts)
    ]  # fmt: skip
    with served(tmp_path / "index", articles) as root, visitor(browser, root) as page:
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for address in (
            "/?q=talks",
            "/article/x0?q=talks",
            "/article/x1",
            "/article/x2",
            "/article/x3",
            "/facet/people",
        ):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            assert page.locator("main").is_visible()
        page.goto("/?q=talks")
        for text in texts:
            assert page.get_by_role("heading", name=text, exact=True).count() == 1
        assert not dialogs
