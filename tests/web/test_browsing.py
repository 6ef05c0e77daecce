"""The pages besides search and article: facets, names, the archive, and what a search without hits offers."""

from __future__ import annotations

import datetime as dt
import json
import re
from html import unescape
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

import pytest

import searchapp.web
from searchapp.archive import Archive
from searchapp.archive.citations import bibtex, plain, ris
from searchapp.engines.memory import MemoryEngine
from searchapp.engines.rules import distinctive
from searchapp.entities.places.gazetteer import country_of
from searchapp.model.article import Article, Mention
from searchapp.model.query import SearchRequest
from searchapp.web.app import make_app
from searchapp.web.catalogue import catalogue
from searchapp.web.links import read_search

from .conftest import Ask, Reply, asker


def rows(reply: Reply) -> list[tuple[str, int]]:
    """Labels and numbers of the values of a page, in order."""
    found = re.findall(r"<li[^>]*><a [^>]*><span>([^<]*)</span><b>\+?([\d,]+)</b>", reply.text)
    return [(unescape(label), int(count.replace(",", ""))) for label, count in found]


def total_of(reply: Reply) -> int:
    found = re.search(r'id="results"[^>]*>([\d,]+) articles?', reply.text)
    return int(found[1].replace(",", "")) if found else 0


# All values of a facet


def test_values_are_found_by_any_part_of_their_name_accents_aside(archive: Archive) -> None:
    archive.add([Article(id="x", body="x", assigned={"people": ["Recep Tayyip Erdoğan", "José Peña"]})])
    ask = asker(make_app(archive))
    assert rows(ask("/facet/people?find=dogan")) == [("Recep Tayyip Erdoğan", 1)]
    assert rows(ask("/facet/people?find=PENA")) == [("José Peña", 1)]
    assert rows(ask("/facet/people?find=nobody")) == []


def test_values_are_found_by_other_forms_of_their_name(archive: Archive) -> None:
    archive.add([Article(id="x", body="x", assigned={"places": ["United Kingdom", "Ukraine"]})])
    ask = asker(make_app(archive))
    found = [("Ukraine", 1), ("United Kingdom", 1)]
    assert rows(ask("/facet/places?find=uk")) == found
    values = json.loads(ask("/api/facets/places?find=uk").body)["values"]
    assert [(value["label"], value["count"]) for value in values] == found


def test_titles_of_hits_are_marked(archive: Archive) -> None:
    archive.add([Article(id="fr", title="Les <chevaux>", body="Les chevaux courent.", language="fr")])
    ask = asker(make_app(archive))
    assert "Talks open in <mark>Yerevan</mark>" in ask("/?q=title:yerevan").text
    assert "Les &lt;<mark>chevaux</mark>&gt;" in ask("/?q=cheval").text
    assert "<mark>" not in ask("/?place=Yerevan").text


def test_a_day_that_is_estimated_is_about_then_wherever_it_is_listed(archive: Archive) -> None:
    lake = [Mention(0, 4, "Baku", "place", "Baku")]
    said = Article(
        id="e", title="Zephyr", body="Baku then.", published=dt.date(2023, 9, 9), published_source="estimated"
    ).with_mentions((), lake)
    archive.add([said], recognise=False)
    ask = asker(make_app(archive))
    for address in ("/?q=zephyr", "/place/Baku", "/feed.atom?q=zephyr", "/feed.json?q=zephyr", "/article/e"):
        assert "about 9 Sep" in ask(address).text, address
    (item,) = json.loads(ask("/feed.json?q=zephyr").body)["items"]
    assert "date_published" not in item
    assert "<published>" not in ask("/feed.atom?q=zephyr").text
    assert "datePublished" not in ask("/article/e").text
    (hit,) = json.loads(ask("/api/search?q=zephyr").body)["hits"]
    assert (hit["published"], hit["published_source"]) == ("2023-09-09", "estimated")
    for form in (plain, bibtex, ris):
        assert "about" in form(said)


def test_values_are_those_of_the_current_results(ask: Ask) -> None:
    assert rows(ask("/facet/places?q=snow")) == [("Yerevan", 1)]
    assert rows(ask("/facet/places")) == [("Baku", 2), ("Yerevan", 2)]


def test_chosen_values_stand_on_top_of_every_page(ask: Ask) -> None:
    reply = ask("/facet/places?place=Yerevan&find=baku")
    assert rows(reply) == [("Yerevan", 2), ("Baku", 2)]
    assert 'class="pinned"' in reply.text


def test_values_come_by_letter_when_asked(archive: Archive) -> None:
    archive.add([Article(id=str(i), body="x", topics=("Éclair", "zebra", "Apple")[: i + 1]) for i in range(3)])
    ask = asker(make_app(archive))
    listed = [label for label, _ in rows(ask("/facet/topics?order=az"))]
    assert listed == ["Apple", "diplomacy", "Éclair", "peace", "zebra"]


def test_many_values_fill_pages_that_hold_each_of_them_once(archive: Archive) -> None:
    archive.add([Article(id="many", body="x", topics=tuple(f"topic {i:03}" for i in range(250)))])
    ask = asker(make_app(archive))
    for order in ("count", "az"):
        seen: list[str] = []
        address = f"/facet/topics?q=x&order={order}"
        for page in range(1, 4):
            reply = ask(f"{address}&at={page}")
            assert reply.status == 200
            seen += [label for label, _ in rows(reply)]
        assert sorted(seen) == [f"topic {i:03}" for i in range(250)]
    letters = ask("/facet/topics?order=az")
    assert re.search(r'class="letters".*?>T</a>', letters.text, re.S)


def test_the_number_of_a_country_counts_each_article_once(archive: Archive) -> None:
    archive.add([Article(id="both", body="x", assigned={"places": ["Yerevan", "Armenia", "Gyumri"]})])
    ask = asker(make_app(archive))
    reply = ask("/facet/places?order=country")
    found = re.search(r'<h2><span>Armenia</span> <a href="([^"]*)"[^>]*>with all its places <b>(\d+)</b>', reply.text)
    assert found
    assert int(found[2]) == 3
    assert total_of(ask(unescape(found[1]))) == 3
    # With a place of it chosen, the others that would add nothing are left out.
    reply = ask("/facet/places?order=country&place=Yerevan")
    assert "<h2><span>Armenia" not in reply.text
    assert "+0" not in reply.text


def test_countries_with_many_places_lead_to_all_of_them_and_are_one_choice_unless_places_are_chosen() -> None:
    table = files("searchapp.entities").joinpath("places/places.tsv").read_text(encoding="utf-8")
    towns = list(dict.fromkeys(line.split("\t")[1] for line in table.splitlines()))
    towns = [town for town in towns if country_of(town) == "United States" and town != "United States"][:400]
    assert len(towns) == 400
    with Archive(MemoryEngine()) as archive:
        archive.add(Article(id=str(n), body="x", assigned={"places": [town, "Kyiv"]}) for n, town in enumerate(towns))
        ask = asker(make_app(archive))
        page = ask("/facet/places?order=country")
        assert len(page.body) < 150_000
        (whole,) = {href for href in page.hrefs if "within=United" in href}
        assert total_of(ask(whole)) == 400
        chosen = ask(f"/facet/places?order=country&place={quote(towns[0])}")
        assert "places are too many to choose at once" in chosen.text
        (every,) = {href for href in page.hrefs if "country=United" in href}
        seen: list[str] = []
        for number in range(1, 6):
            seen += [label for label, _ in rows(ask(f"{every}&at={number}"))]
        shown = {value.label for value in archive.facet("places", SearchRequest(facet_size=None)).values}
        assert set(seen) == {label for label in shown if country_of(label) == "United States"}
        assert len(seen) == len(set(seen))


@pytest.mark.parametrize("address", ["/facet/people?order=country", "/facet/people?order=x", "/facet/nothing"])
def test_an_impossible_list_of_values_is_refused(ask: Ask, address: str) -> None:
    assert ask(address).status in (400, 404)


# People, places, organisations


def test_the_page_of_a_name_says_how_often_it_is_named_and_when(ask: Ask) -> None:
    reply = ask("/person/Nikol%20Pashinyan")
    assert reply.status == 200
    assert "2 articles" in reply.text
    assert "1 September 2023 – 3 September 2023" in reply.text
    assert total_of(ask(reply.href("2 articles"))) == 2


def test_what_appears_with_a_name_counts_the_articles_with_both(ask: Ask) -> None:
    reply = ask("/person/Nikol%20Pashinyan")
    both = re.findall(r'class="both" href="([^"]*)"[^>]*>(\d+)</a>', reply.text)
    assert len(both) >= 3
    for href, count in both:
        assert total_of(ask(unescape(href))) == int(count)


def test_a_name_is_no_company_of_its_own(ask: Ask) -> None:
    company = ask("/place/Baku").text.split('class="company"')[1].split("</section>\n</div>")[0]
    assert "/place/Baku" not in re.findall(r'<li><a href="([^"]*)"', company)


def test_every_sentence_that_names_it_is_listed_by_form(archive: Archive) -> None:
    body = "Ann Lee came. Nobody else did. Then Lee left, and Lee wept."
    mentions = [Mention(0, 7, "Ann Lee", "person", "Ann Lee")]
    for at in (body.index("Lee left"), body.index("Lee wept")):
        mentions.append(Mention(at, at + 3, "Lee", "person", "Ann Lee"))
    archive.add([Article(id="lee", title="Came and went", body=body, mentions=tuple(mentions))], recognise=False)
    ask = asker(make_app(archive))
    text = ask("/person/Ann%20Lee").text
    lines = re.findall(r"<dd><p>(.*?)</p>", text)
    assert lines == [
        'Then <b class="person">Lee</b> left, and <b class="person">Lee</b> wept.',
        '<b class="person">Ann Lee</b> came.',
    ]
    only = ask("/person/Ann%20Lee?form=Ann+Lee").text
    assert re.findall(r"<dd><p>(.*?)</p>", only) == ['<b class="person">Ann Lee</b> came.']


def test_sentences_are_paged_without_repeats_or_gaps(archive: Archive) -> None:
    bodies = [f"Sentence {n} names Baku." for n in range(50)]
    body = "\n\n".join(bodies)
    mentions = tuple(Mention(m.start(), m.end(), "Baku", "place", "Baku") for m in re.finditer("Baku", body))
    archive.delete(["a2", "a3"])
    archive.add([Article(id="many", title="Many", body=body, mentions=mentions)], recognise=False)
    ask = asker(make_app(archive))
    seen: list[str] = []
    for page in range(1, 4):
        seen += re.findall(r"<dd><p>Sentence (\d+) ", ask(f"/place/Baku?page={page}").text)
    assert seen == [str(n) for n in range(50)]


def test_a_place_with_known_coordinates_has_a_map(ask: Ask) -> None:
    text = ask("/place/Yerevan").text
    assert "40.2° N, 44.5° E" in text
    assert '<circle cx="224.5"' in text


@pytest.mark.parametrize("address", ["/person/Nobody", "/person/Baku", "/place/", "/place", "/animal/Cat"])
def test_a_name_of_no_article_has_no_page(ask: Ask, address: str) -> None:
    assert ask(address).status == 404


@pytest.mark.parametrize("label", ["..", ".", "a/b", "a//b", "?x=1", "#", "100%", "a\nb", "<b>", "ünïcode", "a&b=c"])
def test_odd_names_have_pages_too(archive: Archive, label: str) -> None:
    archive.add([Article(id="odd", title="Odd", body="odd words", assigned={"people": [label]})], recognise=False)
    ask = asker(make_app(archive))
    page = ask("/article/odd")
    address = next(href for href in page.hrefs if href.startswith("/person"))
    reply = ask(address)
    assert reply.status == 200, address
    assert total_of(ask(reply.href("1 article"))) == 1


def test_distinctive_names_are_more_frequent_here_than_elsewhere() -> None:
    here = {"common": 10, "special": 6, "once": 1, "rare": 3}
    everywhere = {"common": 1_000, "special": 8, "once": 1, "rare": 3}
    assert distinctive(here, everywhere.__getitem__, together=10, archive=1_000) == ["special", "rare"]


# The archive


def test_the_archive_page_counts_articles_by_source(ask: Ask) -> None:
    reply = ask("/archive")
    table = re.findall(r'<th scope="row"><a href="([^"]*)">([^<]*)</a></th><td class="number">(\d+)</td>', reply.text)
    assert [(source, int(count)) for _, source, count in table] == [("The Wire", 3), ("Evening Post", 1)]
    for href, _, count in table:
        assert total_of(ask(unescape(href))) == int(count)
    cells = re.findall(r'<td class="cell h\d"><a href="([^"]*)">(\d+)</a>', reply.text)
    assert sum(int(count) for _, count in cells) == 4
    for href, count in cells:
        assert total_of(ask(unescape(href))) == int(count)


def test_the_archive_page_lists_what_could_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "broken.json").write_bytes(b"\x00\xff<b>")
    (tmp_path / "files" / "good.txt").write_text("A title\n\nYEREVAN, Feb 26 (AP) - Something happened here today.\n")
    with Archive.open(tmp_path / "index", create=True) as archive:
        archive.add_files(tmp_path / "files", recognise=False)
        text = asker(make_app(archive))("/archive").text
    assert "broken.json" in text
    with Archive.open(tmp_path / "index") as archive:
        assert "broken.json" in asker(make_app(archive))("/archive").text


def test_an_empty_archive_says_how_to_fill_it() -> None:
    ask = asker(make_app(Archive(MemoryEngine())))
    assert "searchapp index" in ask("/").text
    for address in ("/archive", "/facet/people", "/?q=x", "/?place=x"):
        assert ask(address).status == 200


# A search without hits


def test_a_search_without_hits_says_what_each_part_of_it_costs(ask: Ask) -> None:
    reply = ask("/?q=snow+talks&place=Baku")
    offered = re.findall(r'<li><a href="([^"]*)">Without ([^<]*)</a> <b>(\d+) articles?</b>', reply.text)
    assert {label for _, label, _ in offered} >= {"“snow”", "any of the words"}
    for href, _, count in offered:
        assert total_of(ask("/" + unescape(href))) == int(count)


def test_a_misspelled_word_is_offered_as_the_archive_spells_it(ask: Ask) -> None:
    reply = ask("/?q=pashinian+flew")
    found = re.search(r'Did you mean <a href="([^"]*)">([^<]*)</a>', reply.text)
    assert found
    assert found[2] == "pashinyan flew"
    assert total_of(ask("/" + unescape(found[1]))) == 1


def test_a_page_past_the_last_leads_back_to_it(ask: Ask) -> None:
    reply = ask("/?q=talks&page=9")
    assert reply.status == 200
    assert read_search(reply.href("Go to the last page").removeprefix("?")) == SearchRequest(text="talks")


# Suggestions


def test_suggestions_are_names_by_the_beginning_of_a_word_and_titles(ask: Ask) -> None:
    def labels(typed: str) -> list[tuple[str, str]]:
        found = json.loads(ask(f"/api/suggest?q={typed}").body)["suggestions"]
        return [(suggestion["kind"], suggestion["label"]) for suggestion in found]

    assert labels("pash") == [("person", "Nikol Pashinyan")]
    # After other words, names among their articles, and words that go on.
    assert labels("talks+yer")[:2] == [("search", "talks yerevan"), ("place", "Yerevan")]
    assert labels("talks+person:pash") == [("person", "Nikol Pashinyan")]
    assert labels("person:pash") == [("person", "Nikol Pashinyan")]
    assert labels("snow+place:ba") == []
    paths = json.loads(ask("/api/suggest?q=talks+person:pash").body)["suggestions"][0]
    assert (paths["path"], paths["count"]) == ("/?q=talks&person=Nikol+Pashinyan", 2)
    assert total_of(ask(paths["path"])) == 2
    assert ("search", "a third") in labels("a+thi")
    assert labels("nikol+pa") == [("person", "Nikol Pashinyan")]
    assert labels("ba") == [("place", "Baku"), ("title", "Baku replies")]
    assert labels("aku") == []
    assert labels("") == []
    assert labels("%22%28OR+%2A") == []


# The catalogue


CHOSEN_BY_VALUE = re.compile(
    r"(about\.sources|article\.date_from|article\.forms|entity\.kinds|errors\.\d+|facets\.orders|kinds|kinds\.many"
    r"|reading\.dated|search\.(sorts|forms))\.\w+|facets\.(any|all)|display\.\w+\.\w+|correct\.(ask|does)\.\w+|scope\.(mentions|about)|facets\.\w+s?\.(title|one|more)|reading\.in_\w+|welcome\.\w+\.(one|other)|language|dates\.\w+"
)
"""Keys of which a template writes only the beginning."""


def test_every_string_of_the_catalogue_is_used_and_every_used_one_is_there() -> None:
    folder = Path(searchapp.web.__file__).parent
    files = (path for form in ("*.py", "*.html", "*.xml") for path in folder.rglob(form))
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for key in catalogue().keys:
        written = {key, re.sub(r"\.(one|other)$", "", key)}
        used = any(f"{quote}{name}{quote}" in code for name in written for quote in "\"'")
        assert used or CHOSEN_BY_VALUE.fullmatch(key), key
    for name in re.findall(r"\b(?:t|strings)\([\"']([a-z_.]+)[\"'][,)]", code):
        assert name in catalogue(), name


def test_an_unknown_string_is_an_error_and_values_are_escaped() -> None:
    strings = catalogue()
    with pytest.raises(KeyError):
        strings("no.such.key")
    assert strings("search.found", n=1) == "1 article"
    assert strings("search.found", n=12_542) == "12,542 articles"
    assert "<b>" not in strings("reading.word", word="<b>")
