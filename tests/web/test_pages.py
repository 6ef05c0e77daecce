"""The pages, asked as a browser asks, under the validator of the WSGI standard."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

import searchapp.web
from searchapp.archive import Archive, State
from searchapp.errors import IndexDamaged, SearchTimeout
from searchapp.model.article import Article
from searchapp.model.query import FACETS
from searchapp.web.app import LOOPBACK_HOSTS, make_app
from searchapp.web.links import read_search
from searchapp.web.site import Site

from .conftest import IN_PASSING, Ask, Reply, asker

EVIL = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>"


def total_of(reply: Reply) -> int:
    found = re.search(r'id="results"[^>]*>([\d,]+|No) articles?', reply.text)
    assert found, reply.text
    return 0 if found[1] == "No" else int(found[1].replace(",", ""))


def test_a_search_shows_its_hits_with_matches_marked(ask: Ask) -> None:
    reply = ask("/?q=talks")
    assert reply.status == 200
    assert total_of(reply) == 3
    assert "<mark>talks</mark>" in reply.text
    assert "Snow in the hills" not in reply.text


def test_the_first_visit_shows_the_newest_articles_and_what_the_archive_holds(ask: Ask) -> None:
    text = ask("/").text
    assert text.index("Snow in the hills") < text.index("Baku replies") < text.index("Letters")
    assert "4 Sep 2023" in text


@pytest.mark.parametrize(
    "address", ["/", "/?q=talks", "/?place=Baku", "/?place=Baku&match-place=all", "/?q=talks&scope=about"]
)
def test_the_count_of_every_value_is_the_total_after_choosing_it(ask: Ask, address: str) -> None:
    reply = ask(address)
    before = total_of(reply) if "?" in address else 5
    rows = re.findall(r'<li><a href="([^"]*)"><span>[^<]*</span><b>(\+?)(\d+)</b>', reply.text)
    assert rows
    for href, adds, count in rows:
        assert total_of(ask("/" + unescape(href))) == int(count) + (before if adds else 0)


def test_every_filter_in_force_can_be_removed(ask: Ask) -> None:
    address = "/?q=talks&person=Nikol+Pashinyan&place=Baku&not-place=Yerevan&since=2023-09&until=2023-09-30"
    reply = ask(address)
    chips = re.findall(r'<a class="drop" href="([^"]*)"', reply.text)
    assert len(chips) == 4
    request = read_search(address[2:])
    for href in chips:
        left = read_search(unescape(href).removeprefix("?"))
        assert left != request
        assert left.text == "talks"
    assert ask("/" + reply.href("Clear all")).text.count("chip") == 0


def test_a_page_counts_what_articles_name_or_what_they_are_mainly_about(ask: Ask, archive: Archive) -> None:
    archive.add([IN_PASSING], recognise=False)
    named = ask("/?q=bridge&place=Yerevan")
    assert total_of(named) == 1
    assert re.search(r'<a aria-current="true">names</a>', named.text)
    about = ask("/" + named.href("is mainly about"))
    assert "No article" in about.text
    assert re.search(r'<a aria-current="true">is mainly about</a>', about.text)
    # What was chosen is seen, can be taken back in two places, and one way out of finding nothing.
    assert "main subjects only" in about.text
    assert read_search(about.href("names").removeprefix("?")) == read_search("q=bridge&place=Yerevan")
    assert 'aria-label="Remove filter: main subjects only"' in about.text
    assert total_of(ask("/" + about.href("Without main subjects only"))) == 1


def test_the_choice_of_what_counts_is_kept_by_hits_feeds_and_exports(ask: Ask) -> None:
    page = ask("/?q=talks&scope=about")
    kept = [href for href in page.hrefs if href.startswith(("/article/", "/feed.", "/export."))]
    assert len(kept) >= 8
    assert all("scope=about" in href for href in kept)
    assert '<input type="hidden" name="scope" value="about">' in page.text
    assert "scope=about" in ask(next(href for href in kept if href.startswith("/article/"))).href("Back to the results")
    atom = ask(next(href for href in kept if href.startswith("/feed.atom")))
    assert "scope=about" in atom.text
    alone = ask("/?scope=about")
    assert all("scope=about" in href for href in alone.hrefs if href.startswith(("/article/", "/feed.", "/export.")))


def test_a_reader_chooses_how_many_hits_a_page_has(archive: Archive) -> None:
    archive.add([Article(id=f"n{number}", title="More", body="talks again") for number in range(30)], recognise=False)
    ask = asker(make_app(archive))
    page = ask("/?q=talks&place=Baku&not-place=Paris")
    assert "Hits on a page" not in page.text
    page = ask("/?q=talks&not-place=Paris&page=2")
    (chosen,) = [unescape(href) for href in re.findall(r'<a href="([^"]*)">25</a>', page.text)]
    assert "not-place=Paris" in chosen
    more = ask("/" + chosen)
    assert len(re.findall('<li class="hit"', more.text)) == 25
    (back,) = [unescape(href) for href in re.findall(r'<a href="([^"]*)">10</a>', more.text)]
    assert read_search(back.removeprefix("?")).page_size == 10


def test_all_matches_of_an_article_stand_on_one_screen_with_the_words_around_them(archive: Archive) -> None:
    body = "\n\n".join(
        f"On day {number} the <talks> went on, and everybody who had come for them stayed." for number in range(9)
    )
    archive.add([Article(id="many", title="Talks", body=body)], recognise=False)
    ask = asker(make_app(archive))
    page = ask("/article/many?q=talks").text
    lines = re.findall(r'<li><a href="#m(\d+)">(.*?)</a></li>', page, re.S)
    assert [int(number) for number, _ in lines] == list(range(1, 11))
    assert "On day 0 the &lt;<mark>talks</mark>&gt; went on" in lines[1][1]
    assert all(f'id="m{number}"' in page for number, _ in lines)
    assert 'class="lines"' not in ask("/article/many").text


def test_paging_reaches_every_hit_once(ask: Ask) -> None:
    seen: list[str] = []
    for page in range(1, 6):
        seen += re.findall(r'<h2 dir="auto"><a href="/article/(\w+)', ask(f"/?q=&page_size=1&page={page}").text)
    assert sorted(seen) == ["a1", "a2", "a3", "a4", "a5"]


def test_the_article_page_links_names_and_marks_matches(ask: Ask) -> None:
    reply = ask("/article/a3?q=talks")
    assert '<a class="n person" href="/person/Nikol%20Pashinyan">Nikol Pashinyan</a>' in reply.text
    assert "the <mark" in reply.text
    assert reply.text.count("<mark") == 1


def test_an_article_opened_from_a_search_leads_to_its_neighbours(ask: Ask) -> None:
    first = re.search(r'<h2 dir="auto"><a href="([^"]*)"', ask("/?q=talks").text)
    assert first
    ids = []
    address = unescape(first[1])
    while True:
        reply = ask(address)
        ids.append(address)
        following = [unescape(h) for h in re.findall(r'href="([^"]*)" rel="next"', reply.text)]
        if not following:
            break
        address = following[0]
    assert len(ids) == 3
    assert 'rel="prev"' in reply.text


def test_the_api_gives_exactly_the_result(ask: Ask, archive: Archive) -> None:
    for address in ("", "q=talks", "q=talks&place=Baku&sort=date&page_size=1&page=2", "q=%22never+closed"):
        given = json.loads(ask(f"/api/search?{address}").body)
        wanted = archive.find(read_search(address)).to_dict()
        more = given.pop("next")
        assert (more is not None) == (wanted["page"] * wanted["page_size"] < wanted["total"])
        assert {**given, "took_ms": 0} == {**wanted, "took_ms": 0}


def test_nothing_that_an_article_holds_becomes_markup(archive: Archive) -> None:
    archive.add(
        [
            Article(
                id=EVIL,
                title=f"{EVIL} evil",
                body=f"{EVIL} evil {EVIL}",
                source=EVIL,
                byline=EVIL,
                section=EVIL,
                url="javascript:alert(1)",
                topics=(EVIL,),
                path=EVIL,
                dateline=EVIL,
                assigned=dict.fromkeys(("people", "places", "organisations"), (EVIL,)),
            )
        ],
        recognise=False,
    )
    ask = asker(make_app(archive, title=EVIL))
    found = ask("/?q=evil")
    article = re.search(r'<h2 dir="auto"><a href="([^"]*)"', found.text)
    assert article
    pages = [found, ask(unescape(article[1])), ask(f"/?q={EVIL}&place={EVIL}".replace(" ", "+")), ask(f"/{EVIL}")]
    for reply in pages:
        assert reply.status in (200, 404)
        assert "<script>" not in reply.text
        assert "<img" not in reply.text
        assert 'href="javascript:' not in reply.text
        for attribute in re.findall(r'="([^"]*)"', reply.text):
            assert "<" not in attribute


def test_templates_escape_everything() -> None:
    """Only `Markup` made by the snippet, the marking of a text and the catalogue reaches a page as it is."""
    folder = Path(searchapp.web.__file__).parent
    for template in folder.rglob("templates/**/*.html"):
        text = template.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", "")
        assert "autoescape" not in text
        assert "style=" not in text
        assert " on" not in re.sub(r">[^<]*<", "><", re.sub(r"\{[{%].*?[}%]\}", "", text)).replace(' on"', "")
    unescaped = {
        (path.name, line.strip())
        for path in folder.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\bMarkup\((?!\"[^\"{]*\"\))", line) and ".format(" not in line
    }
    assert unescaped == {
        ("search.py", "title_html, snippet_html = (Markup(passage.to_html()) for passage in (title, hit.snippet))"),
        ("metadata.py", "return Markup(text.translate(_ESCAPES))"),
        ("marking.py", 'return Markup("".join(pieces))'),
        # The manual is ours; the names of an archive in it are code, which is escaped like the rest.
        ("help.py", "return Markup(to_html(text, address))"),
    }


def test_every_response_carries_the_strict_headers(ask: Ask) -> None:
    for address in ("/", "/article/a1", "/article/none", "/nothing", "/?page=x", "/api/search?page=x",
                    "/static/searchapp.css", "/static/nothing.css"):  # fmt: skip
        headers = ask(address).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    ("address", "status"),
    [("/nothing", 404), ("/article/none", 404), ("/article", 404), ("/?page=0", 400), ("/?since=soon", 400),
     ("/api/search?sort=best", 400), ("/static/../app.py", 404), ("/static/..%2f..%2fsetup.py", 404)],
)  # fmt: skip
def test_what_cannot_be_shown_is_said_plainly(ask: Ask, address: str, status: int) -> None:
    reply = ask(address)
    assert reply.status == status
    assert "Traceback" not in reply.text
    if address.startswith("/api/"):
        assert json.loads(reply.body)["error"]
    else:
        assert "<h1>" in reply.text
        assert "search page" in reply.text


def test_failures_of_the_archive_are_pages_without_a_trace(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = asker(make_app(archive))
    failures = [(SearchTimeout("the query took over 5 s; make it simpler"), 503), (RuntimeError("/secret"), 500),
                (IndexDamaged("cannot read '/secret/folder'"), 503)]  # fmt: skip
    for failure, status in failures:

        def fail(*_: object, failure: Exception = failure, **__: object) -> None:
            raise failure

        monkeypatch.setattr(State, "ask", fail)
        for address in ("/?q=x", "/api/search?q=x"):
            reply = ask(address)
            assert reply.status == status
            assert "secret" not in reply.text
            assert "Traceback" not in reply.text
            assert reply.headers["Cache-Control"] == "no-store"


def test_only_reading_is_allowed(ask: Ask) -> None:
    assert ask("/", method="POST").status == 405
    assert ask("/", method="HEAD").status == 200


def test_an_unchanged_page_is_not_sent_again(ask: Ask, archive: Archive) -> None:
    tag = ask("/?q=talks").headers["Etag"]
    assert ask("/?q=talks", if_none_match=tag).status == 304
    assert ask("/?q=snow", if_none_match=tag).status == 200
    archive.delete("a1")
    assert ask("/?q=talks", if_none_match=tag).status == 200


def test_other_names_for_a_local_server_are_refused(archive: Archive) -> None:
    ask = asker(make_app(archive, hosts=LOOPBACK_HOSTS))
    for host in ("localhost:8080", "127.0.0.1", "[::1]:9000", "LOCALHOST"):
        assert ask("/", host=host).status == 200
    for host in ("evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.", "[::2]", ""):
        assert ask("/", host=host).status == 421


def test_static_files_are_kept_by_their_content(ask: Ask) -> None:
    sheet = next(href for href in ask("/").hrefs if href.startswith("/static/searchapp.css?v="))
    reply = ask(sheet)
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("text/css")
    assert "immutable" in reply.headers["Cache-Control"]


def test_no_filter_is_lost_on_any_link_of_the_search_page(ask: Ask) -> None:
    reply = ask("/?q=talks&since=2023-09-01&not-source=Evening+Post")
    for href in reply.hrefs:
        if href.startswith("?") and "q=" in href:
            assert read_search(href[1:]).text == "talks"
    assert all(facet in FACETS for facet in read_search("place=x").match or FACETS)


def test_a_page_says_which_line_of_the_ledger_is_wrong_and_shows_the_names_that_were_good(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([Article(id="a", body="Fog.", assigned={"places": ["Lima", "York"]})], recognise=False)
        archive.correct("block", "Lima")
        page = Site(archive, "News")
        assert page.names_problem == ""
        (tmp_path / "ledger.toml").write_text("x = [", encoding="utf-8")
        assert "ledger.toml, line 1" in page.names_problem
        assert str(tmp_path) not in page.names_problem
        assert [value.label for value in archive.facet("places").values] == ["York"]


def test_languages_are_a_facet_where_there_are_several_and_a_page_says_why_it_has_no_names() -> None:
    with Archive.open(":memory:") as archive:
        ask = asker(make_app(archive))
        archive.add([Article(id="a", body="The bridge is closed.", language="en")])
        assert "Languages" not in ask("/?q=bridge").text
        archive.add([Article(id="b", body="Le pont du bridge club est fermé.", language="fr")])
        assert "Languages" in ask("/?q=bridge").text
        assert "This article is in French." in ask("/article/b").text
        assert "Names are recognised" not in ask("/article/a").text


def test_the_page_of_a_document_is_cited_on_which_the_first_match_stands(ask: Ask, archive: Archive) -> None:
    archive.add([Article(id="d", title="Report", body="Fog came in. A barge sank.", pages=(0, 13))], recognise=False)
    assert "“Report”. p. 2." in ask("/article?id=d&q=barge").text
    assert "“Report”. pp. 1–2." in ask("/article?id=d").text
