"""What pages are like for those who read them: on a phone, by keyboard, in other scripts, in few colours, on paper."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from searchapp.archive import Archive
from searchapp.model.article import Article
from searchapp.web.app import make_app

from .browser import chromium, visitor
from .conftest import Ask, Reply, asker, named
from .sample import sample_articles
from .serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LONG_NAME = "/very/long/" + "a_file_name_without_any_space_" * 6 + ".txt"
ARABIC = "محادثات السلام في بغداد (الجولة 3)"


def articles() -> list[Article]:
    text = "\n\n".join(
        f"Paragraph {n}: the talks of the day were long, and so is this line of them." for n in range(40)
    )
    arabic = f"{ARABIC} talks {ARABIC}"
    return [
        *sample_articles(),
        Article(id="long", title="Forty days of talks", body=text, published=dt.date(2024, 8, 1), source="The Wire",
                mentions=named(text, ("Paragraph 1", "person", "Paragraph One"))),
        Article(id="arabic", title=ARABIC, body=arabic, language="ar", source="صحيفة", published=dt.date(2024, 8, 2),
                mentions=named(arabic, ("بغداد", "place", "بغداد"))),
        Article(id="file", title=LONG_NAME, body="talks about a file", published=dt.date(2024, 8, 3),
                url=f"https://x.example{LONG_NAME}"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("read") / "index", articles()) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def title_of(reply: Reply) -> str:
    found = re.search(r"<title>(.*?)</title>", reply.text, re.S)
    assert found
    return unescape(found[1])


# Names and filters


def test_a_name_leads_to_its_page_wherever_it_stands_and_a_funnel_narrows_down(ask: Ask) -> None:
    hits = ask("/?q=talks&place=Baku")
    names = re.findall(r'<li><a href="(/person/[^"]*)">([^<]*)</a><a href="([^"]*)">only</a>', hits.text)
    assert ("/person/Nikol%20Pashinyan", "Nikol Pashinyan") in [(page, label) for page, label, _ in names]
    narrowed = ask("/" + unescape(names[0][2]))
    assert "person=Nikol+Pashinyan" in narrowed.text
    assert 'id="results"' in narrowed.text
    # A name that is chosen already needs no funnel, and has its page all the same.
    assert '<li class="on"><a href="/place/Baku">Baku</a></ul>' in hits.text.replace("</li>", "").replace("\n", "")
    for page, shown in (
        (hits, r'<a href="/place/Baku">Baku</a><a class="drop"'),
        (ask("/?q=talks&not-place=Baku"), r'<em>not</em> <a href="/place/Baku">Baku</a>'),
        (hits, r'<a class="p" href="/place/Baku" aria-label="page">'),
        (ask("/facet/people"), r'<a class="p" href="/person/Nikol%20Pashinyan" aria-label="page">'),
        (ask("/?q=snow&place=Baku"), r'<a href="/place/Baku">Page of Baku</a>'),
        (ask("/article/a3"), r'<li><a href="/place/Baku">Baku</a><a class="f" href="/\?place=Baku">only</a>'),
    ):
        assert re.search(shown, page.text), shown
    assert ask("/place/Baku").status == 200


def test_what_is_left_out_and_what_a_number_with_plus_means_is_said_in_words(ask: Ask) -> None:
    reply = ask("/?q=talks&place=Yerevan&not-person=Ilham+Aliyev")
    assert re.search(r'<li class="off"><a [^>]*><span><em>not</em> Ilham Aliyev</span>', reply.text)
    assert "A number with + says how many articles a further choice adds." in reply.text
    assert "A number with +" not in ask("/?q=talks").text
    assert "“not” leaves out" in reply.text


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/", "Test archive"),
        ("/?page=2&page_size=2", "page 2 – Test archive"),
        ("/?q=talks", "talks – Test archive"),
        ("/?q=talks&place=Baku&not-person=Nikol+Pashinyan", "talks, Baku, not Nikol Pashinyan – Test archive"),
        ("/?since=2023-09&page_size=1&page=3", "since 1 Sep 2023, page 3 – Test archive"),
        ("/?q=a%26b", "a&b – Test archive"),
        ("/facet/places?q=talks&find=ba", "Places: “ba”: talks – Test archive"),
        ("/place/Baku?form=Baku", "Baku – Test archive"),
        ("/article/a2", "Baku replies – Test archive"),
    ],
)
def test_every_page_has_a_title_of_its_own(ask: Ask, address: str, title: str) -> None:
    assert title_of(ask(address)) == title


def test_no_two_pages_of_a_search_have_the_same_title(ask: Ask) -> None:
    addresses = [
        "/",
        "/?q=talks",
        "/?q=talks&page=2",
        "/?q=talks&place=Baku",
        "/?q=talks&not-place=Baku",
        "/?since=2023",
        "/facet/people",
        "/facet/places",
        "/facet/people?q=talks",
        "/place/Baku",
        "/archive",
    ]
    assert len({title_of(ask(address)) for address in addresses}) == len(addresses)


def test_the_title_of_a_long_search_stays_short(ask: Ask) -> None:
    assert len(title_of(ask("/?q=talks&" + "&".join(f"person=Somebody+Number+{n}" for n in range(40))))) < 150


# How it looks


def test_how_pages_look_is_kept_in_a_cookie_and_leads_back(ask: Ask) -> None:
    chosen = ask("/display?theme=dark", referer="http://127.0.0.1/facet/people?q=talks", host="127.0.0.1")
    assert (chosen.status, chosen.headers["Location"]) == (303, "/facet/people?q=talks")
    assert chosen.headers["Set-Cookie"].startswith("searchapp=dark; Path=/; Max-Age=31536000")
    both = ask("/display?list=dense&keys=sideways", cookie="other=1; searchapp=dark").headers["Set-Cookie"]
    assert both.startswith("searchapp=dark.dense; ")
    page = ask("/", cookie="searchapp=dark.dense.off.<script>")
    assert '<html lang="en" data-theme="dark" class="dense" data-keys="off">' in page.text
    plain = ask("/")
    assert '<html lang="en">' in plain.text
    assert page.headers["Etag"] != plain.headers["Etag"]
    assert "Cookie" in page.headers["Vary"]
    assert ask("/display?theme=system", cookie="searchapp=dark").headers["Set-Cookie"].startswith("searchapp=; ")


@pytest.mark.parametrize(
    "referer", ["", "http://elsewhere.example/x", "http://127.0.0.1//elsewhere.example", "http://[",
                "javascript:alert(1)", "http://127.0.0.1/display?theme=dark"],
)  # fmt: skip
def test_choosing_how_pages_look_never_leads_elsewhere(ask: Ask, referer: str) -> None:
    assert ask("/display?theme=dark", referer=referer, host="127.0.0.1").headers["Location"] == "/"


def test_a_phone_shows_what_the_filters_leave_and_keeps_folded_facets(browser: Browser, root: str) -> None:
    with visitor(browser, root, viewport={"width": 360, "height": 740}) as page:
        page.goto("/?q=talks")
        page.locator("#filters > summary").click()
        page.locator(".people summary").click()
        page.locator(".facet.places li > a:first-child").nth(2).click()
        page.wait_for_url(re.compile("place="))
        page.wait_for_function("document.querySelector('#filters').open")
        assert not page.locator(".people li").first.is_visible(), "a folded facet is forgotten"
        assert page.locator(".places li").first.is_visible()
        shown = page.locator(".shown a")
        box = shown.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 740, "how many are left is out of sight"
        assert shown.inner_text() == f"Show {page.locator('#results').inner_text().split(' with')[0]}"
        shown.click()
        page.wait_for_function("!document.querySelector('#filters').open")
        assert page.locator("#results").bounding_box()["y"] < 740  # type: ignore[index]


def test_labels_of_a_timeline_never_touch_and_never_leave_the_page(browser: Browser, root: str) -> None:
    addresses = ["/", "/?q=talks", "/?q=talks&since=2023-03-01&until=2023-04-20", "/?since=2024-08", "/?q=snow+Paris",
                 "/?q=talks&until=2023-06", "/archive", "/person/Nikol%20Pashinyan"]  # fmt: skip
    with visitor(browser, root, scripted=False) as page:
        for width in (320, 360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            for address in addresses:
                page.goto(address)
                boxes: list[Any] = page.evaluate(
                    """() => [...document.querySelectorAll(".chart > text")].filter(e => e.checkVisibility())
                    .map(e => [e.getBoundingClientRect(), e.textContent])
                    .map(([box, text]) => [box.left, box.right, box.top, box.bottom, text])"""
                )
                assert boxes, address
                for number, (left, right, top, bottom, text) in enumerate(boxes):
                    assert left >= 0, (width, address, text)
                    assert right <= width, (width, address, text)
                    for other in boxes[number + 1 :]:
                        apart = right < other[0] or other[1] < left or bottom <= other[2] or other[3] <= top
                        assert apart, (width, address, text, other[4])


def test_forced_colours_tell_chosen_excluded_and_free_values_apart(browser: Browser, root: str) -> None:
    with visitor(browser, root, forced_colors="active") as page:
        page.goto("/?q=talks&place=Baku&not-place=Tbilisi")
        pictures = []
        for row in (".places li.on", ".places li.off", ".places li:not(.on):not(.off)"):
            box = page.locator(row).first.locator("a").first.bounding_box()
            assert box
            pictures.append(page.screenshot(clip={"x": box["x"], "y": box["y"], "width": 18, "height": 22}))
        assert len(set(pictures)) == 3
        drawn = page.evaluate(
            """() => [...document.querySelectorAll(".places .x, .places .p, .chip .drop, .names a, .rule a")]
            .filter(e => !e.textContent.trim() ||
                getComputedStyle(e).color === getComputedStyle(document.body).backgroundColor).length"""
        )
        assert drawn == 0, "a control is only a background, which forced colours take away"
        funnel = page.locator(".names a + a").first
        empty = page.locator(".hit .meta").first.bounding_box()
        assert empty
        assert page.evaluate(
            "e => getComputedStyle(e, '::before').backgroundColor !== getComputedStyle(document.body).backgroundColor",
            funnel.element_handle(),
        )


def test_matches_hits_filters_and_help_are_a_key_away_until_keys_are_off(browser: Browser, root: str) -> None:
    with visitor(browser, root, viewport={"width": 1280, "height": 700}) as page:
        page.goto("/article/long?q=talks")
        for _ in range(30):
            page.keyboard.press("n")
        page.keyboard.press("p")
        assert page.locator("mark.here").get_attribute("id") == "m29"
        stepper = page.get_by_role("button", name="Next match")
        box = stepper.bounding_box()
        assert box
        assert 0 <= box["y"] < 200, "the stepper scrolled away"
        mark = page.locator("mark.here").bounding_box()
        assert mark
        assert mark["y"] > box["y"] + box["height"], "the match is under the stepper"
        page.keyboard.press("?")
        page.wait_for_url(re.compile("/help/keys"))
        page.goto("/?q=talks")

        def focused() -> str:
            return str(page.evaluate("document.activeElement.closest('.hit, .facets')?.className"))

        titles = page.locator("ol.hits h2 a").all_inner_texts()
        for key, expected in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.textContent") == titles[expected]
        page.keyboard.press("f")
        assert focused() == "facets"
        page.keyboard.press("Control+j")
        assert focused() == "facets"
        page.locator("#q").press_sequentially("jk")
        assert page.locator("#q").input_value() == "jktalks"
        page.get_by_role("navigation", name="Single keys").get_by_role("link", name="Off").click()
        page.wait_for_function("document.documentElement.dataset.keys === 'off'")
        page.keyboard.press("/")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_a_reader_chooses_colours_and_density_without_any_script(browser: Browser, root: str) -> None:
    with visitor(browser, root, scripted=False, color_scheme="light") as page:
        page.goto("/?q=talks&page=2")
        address, light = page.url, paper(page)
        roomy = page.locator("ol.hits").bounding_box()
        page.get_by_role("link", name="Dark", exact=True).click()
        assert page.url == address
        dark = paper(page)
        assert light != dark
        page.get_by_role("link", name="Dense", exact=True).click()
        dense = page.locator("ol.hits").bounding_box()
        assert roomy
        assert dense
        assert dense["height"] < 0.6 * roomy["height"]
        page.emulate_media(color_scheme="dark")
        page.get_by_role("link", name="Light", exact=True).click()
        assert paper(page) == light


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_paper_is_white_and_matches_are_marked_without_backgrounds(browser: Browser, root: str) -> None:
    with visitor(browser, root, color_scheme="dark") as page:
        page.context.add_cookies([{"name": "searchapp", "value": "dark", "url": root}])
        page.goto("/article/long?q=talks")
        page.emulate_media(media="print", color_scheme="dark")
        colours = page.evaluate(
            """() => ["html", "article h1", ".text", "mark"].map(s => getComputedStyle(document.querySelector(s)))
            .map(style => [style.backgroundColor, style.color, style.borderBottomStyle, style.fontWeight])"""
        )
        assert colours[0][0] == "rgb(255, 255, 255)"
        assert {colour for _, colour, _, _ in colours} == {"rgb(0, 0, 0)"}
        assert colours[3][2:] == ["solid", "700"]
        for gone in (".tools", ".foot", "form.box"):
            assert not page.locator(gone).is_visible()


def test_other_scripts_read_in_their_own_direction_and_long_names_stay_on_the_page(browser: Browser, root: str) -> None:
    with visitor(browser, root, viewport={"width": 320, "height": 700}, scripted=False) as page:
        for address in ("/?q=talks&sort=newest", "/article/arabic?q=talks", "/article/file", "/place/بغداد"):
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        page.goto("/?q=talks&sort=newest")
        hit = page.locator(".hit", has_text=ARABIC)
        assert hit.locator("h2").get_attribute("lang") == "ar"
        directions = hit.locator("h2, .snippet").evaluate_all("es => es.map(e => getComputedStyle(e).direction)")
        assert directions == ["rtl", "rtl"]
        source, date = (hit.locator(f".meta {part}").bounding_box() for part in ("span", "time"))
        assert source
        assert date
        assert source["x"] + source["width"] <= date["x"], "source and date changed places"
        page.goto("/article/arabic?q=talks")
        assert page.locator(".text").get_attribute("lang") == "ar"
        assert page.locator(".text p").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
        assert page.locator("article .meta time").inner_text() == "2 August 2024"


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/home/ann/2023/a.txt", "2023/a.txt"), ("C:\\Users\\ann\\news\\a.txt", "news/a.txt"),
     ("news/a.txt", "news/a.txt"),
     ("/a.txt", "a.txt"), ("", ""), ("\\\\server\\share\\a.txt", "share/a.txt")],
)  # fmt: skip
def test_no_reader_is_told_where_files_are_on_this_machine(archive: Archive, path: str, shown: str) -> None:
    archive.add([Article(id="filed", title="Filed", body="x", path=path)], recognise=False)
    ask = asker(make_app(archive))
    page, record = ask("/article/filed").text, json.loads(ask("/api/article/filed").body)
    assert record["path"] == shown
    assert (f"<dd>{shown}</dd>" in page) == bool(shown)
    for part in ("ann", "server", "Users"):
        assert part not in page.partition("<dt>File</dt>")[2].partition("</dd>")[0]
