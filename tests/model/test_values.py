"""What results look like at a prompt, in a notebook and in a table, and what scripts may import."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import searchapp
from searchapp import (
    Archive,
    Article,
    FacetResult,
    IndexReport,
    SearchRequest,
    SearchResult,
    Skipped,
    Snippet,
    errors,
)
from searchapp.model.frozen import FrozenDict
from searchapp.model.result import Hit

EVIL = "<script>alert(1)</script>"
ARTICLES = [
    Article(
        id=f"talks-{number}",
        title=f"Talks, day {number}" if number else "",
        body="The ceasefire talks go on. " * 400,
        published=dt.date(2023, 9, number) if number else None,
        source="The Gazette",
        assigned={"people": ("Ann Lee",), "places": ("York", "Lima")} if number % 2 else {},
    )
    for number in range(12)
]


@pytest.fixture
def archive() -> Archive:
    made = Archive.open(":memory:")
    made.add(ARTICLES, recognise=False)
    return made


@pytest.fixture
def result(archive: Archive) -> SearchResult:
    return archive.search("ceasefire", sort="newest")


def test_values_print_one_short_line(result: SearchResult) -> None:
    assert repr(result) == "<SearchResult 'ceasefire' 12 articles, page 1 of 2, 6 facets>"
    assert repr(result.hits[0]).startswith("<Hit 'talks-11', 'Talks, day 11', score ")
    assert repr(result.hits[0].article) == "<Article 'talks-11', 'Talks, day 11', 2023-09-11, 10,800 characters>"
    assert repr(ARTICLES[0]) == "<Article 'talks-0', untitled, 10,800 characters>"
    assert repr(result.facets["people"]) == "<FacetResult people: 1 value, 6 articles without>"
    assert repr(replace(result.facets["places"], values=())) == (
        "<FacetResult places: 0 of 2 values, 6 articles without>"
    )
    assert repr(Snippet("peace\ntalks", ((0, 5),))) == r"<Snippet 'peace\ntalks', 1 marked>"
    assert repr(IndexReport(added=1_200, skipped=(Skipped("x", "y"),))) == "<IndexReport 1,200 added, 1 skipped>"
    assert repr(IndexReport()) == "<IndexReport 0 added>"
    assert repr(SearchRequest(text="peace", places=("York",), match="all", page=2)).startswith(
        "SearchRequest(text='peace', places=('York',), match={'people': 'all', "
    )
    assert repr(SearchRequest()) == "SearchRequest()"


def test_no_value_prints_a_long_line_or_two(archive: Archive) -> None:
    long = "a line\nand more " * 1_000
    archive.add([Article(id=long, title=long, body=long, source=long, assigned={"people": (long,)})], recognise=False)
    (hit,) = found = archive.search('"and more"')
    request = replace(found.request, text=long)
    for value in (replace(found, request=request), hit, hit.article, hit.snippet, found.facets["people"]):
        assert len(repr(value)) < 200
        assert len(repr(value).splitlines()) == 1


def test_a_request_prints_as_what_makes_it() -> None:
    request = SearchRequest(text="it's", people=("Ann",), exclude={"places": ("York",)}, since=dt.date(2023, 1, 2))
    made = eval(repr(request).replace("datetime.date", "dt.date"))
    assert made == request


def test_a_result_is_the_hits_of_its_page_and_always_true(archive: Archive, result: SearchResult) -> None:
    assert (len(result), result.total) == (10, 12)
    assert list(result) == list(result.hits)
    assert len(archive.search("ceasefire", page=2)) == 2
    nothing = archive.search("unfindable")
    assert (len(nothing), list(nothing), bool(nothing)) == (0, [], True)


def test_records_are_rows_of_plain_values(result: SearchResult, archive: Archive) -> None:
    records = result.to_records()
    assert len(records) == len(result)
    first = records[0]
    assert first["snippet"].startswith("The ceasefire talks go on.")
    assert first["score"] == result.hits[0].score
    assert {name: first[name] for name in first if name not in ("snippet", "score")} == {
        "id": "talks-11",
        "title": "Talks, day 11",
        "published": dt.date(2023, 9, 11),
        "source": "The Gazette",
        "url": "",
        "people": ["Ann Lee"],
        "places": ["York", "Lima"],
        "organisations": [],
    }
    assert archive.search(page=2).to_records()[-1]["published"] is None
    assert archive.search("unfindable").to_records() == []
    assert {tuple(record) for record in records} == {tuple(first)}


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_records_become_a_table(result: SearchResult, library: str) -> None:
    frames = pytest.importorskip(library)
    frame = frames.DataFrame(result.to_records())
    assert frame.shape == (10, 10)
    assert list(frame["people"][0]) == ["Ann Lee"]


def test_a_notebook_shows_a_table_in_which_nothing_is_markup(archive: Archive) -> None:
    archive.add([Article(id="evil", title=EVIL, body=f"bridge {EVIL}", source=EVIL)], recognise=False)
    shown = archive.search(f"bridge {EVIL}")._repr_html_()
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 3
    assert shown.startswith("<div><p>1 article for <b>bridge &lt;script&gt;")
    assert "<mark>bridge</mark>" in shown
    assert shown.count("<tr>") == 2
    assert archive.search("unfindable")._repr_html_() == "<div><p>0 articles for <b>unfindable</b></p></div>"


def test_values_can_be_hashed_copied_and_pickled(result: SearchResult) -> None:
    request = SearchRequest(people="Ann", exclude={"places": ["York"]}, match="all")
    for value in (result, result.hits[1], result.hits[1].article, result.facets["people"], request):
        for copied in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
            assert copied == value
            assert hash(copied) == hash(value)
    assert request.replace(text="x", match="all") == pickle.loads(pickle.dumps(request)).replace(text="x")
    assert len({request, request.replace(page=2), copy.deepcopy(request)}) == 2


def test_what_a_value_holds_cannot_be_changed(result: SearchResult) -> None:
    held = result.hits[0].article.assigned
    assert isinstance(held, FrozenDict)
    assert held == {"people": ("Ann Lee",), "places": ("York", "Lima")}
    changes: list[Callable[[Any], object]] = [
        lambda d: d.update(x=1),
        lambda d: d.pop("people"),
        lambda d: d.popitem(),
        lambda d: d.clear(),
        lambda d: d.setdefault("x", 1),
        lambda d: d.__setitem__("x", 1),
        lambda d: d.__delitem__("people"),
        lambda d: d.__ior__({"x": 1}),
    ]
    for mapping in (held, result.facets, SearchRequest(match="all").match):
        before = dict(mapping)
        for change in changes:
            with pytest.raises(TypeError, match="cannot be changed"):
                change(mapping)
        assert mapping == before


def test_scripts_can_import_what_they_catch_and_configure() -> None:
    assert set(errors.__all__) <= set(searchapp.__all__)
    assert {"Settings", "Correction", "__version__"} <= set(searchapp.__all__)
    assert searchapp.__version__
    assert all(getattr(searchapp, name) is getattr(errors, name) for name in errors.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        searchapp.nothing  # noqa: B018


def test_a_facet_that_shows_all_its_values_says_only_how_many() -> None:
    assert repr(FacetResult("topics", (), 0, 1)) == "<FacetResult topics: 0 values, 1 article without>"


def test_the_page_of_a_hit_is_counted_in_words_and_takes_time_that_grows_with_the_text() -> None:
    lines = [f"Line {number} of the harbour report, and more of it." for number in range(6_000)]
    starts = [sum(len(line) + 2 for line in lines[:number]) for number in range(0, 60, 3)]
    # A word that a page cuts stands on both; it belongs to the first.
    starts[3:3] = [starts[3] - 5]
    article = Article(id="a", body="\n\n".join(lines), pages=tuple(starts))
    for page, words in ((1, "Line 0 of"), (3, "Line 8 of"), (5, "Line 9 of"), (6, "Line 12 of")):
        assert Hit(article, 1.0, Snippet(f"… {words} the", ((2, 6),))).page == page
    assert Hit(article, 1.0, Snippet("Line 0 … Line 9 of", ((9, 13),))).page == 5
    pages = tuple(range(0, len(article.body), 40))
    begun = time.process_time()
    assert Hit(replace(article, pages=pages), 1.0, Snippet("… Line 5999 of", ((2, 6),))).page > 6_000
    assert time.process_time() - begun < 2
