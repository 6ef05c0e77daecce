"""Addresses: written from a request and read back."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import InvalidRequest
from searchapp.model.query import FACETS, SCOPES, SearchRequest
from searchapp.web.links import SearchLinks, article_path, entity_path, read_pairs, read_search, write_search

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)
LABELS = st.lists(TEXT, max_size=3).map(tuple)
DAYS = st.dates(min_value=dt.date(1000, 1, 1))


@st.composite
def requests(draw: st.DrawFn) -> SearchRequest:
    days = sorted(draw(st.lists(DAYS, min_size=2, max_size=2)))
    return SearchRequest(
        text=draw(st.just("") | TEXT),
        **{facet: draw(LABELS) for facet in FACETS},
        exclude={facet: draw(LABELS) for facet in draw(st.sets(st.sampled_from(FACETS)))},
        match=dict.fromkeys(draw(st.sets(st.sampled_from(FACETS))), "all"),
        scope=draw(st.sampled_from(SCOPES)),
        since=draw(st.sampled_from([None, days[0]])),
        until=draw(st.sampled_from([None, days[1]])),
        sort=draw(st.sampled_from(["relevance", "newest", "oldest"])),
        page=draw(st.integers(1, 10_000)),
        page_size=draw(st.integers(1, 100)),
        facet_size=draw(st.none() | st.integers(1, 10_000)),
    )


@given(requests())
def test_a_request_survives_its_address(request: SearchRequest) -> None:
    assert read_search(write_search(request)) == request


@given(requests())
def test_what_a_request_counts_stays_on_every_link_that_does_not_change_it(request: SearchRequest) -> None:
    links = SearchLinks(request)
    addresses = [links.choosing("places", "York"), links.excluding("places", "York"), links.dropping("places", "York")]
    addresses += [links.choosing_all("places", ["York"]), links.matching("places", "all"), links.sorting("newest")]
    addresses += [links.spanning("2023", "2024"), links.paging(2), links.adding(find="x")]
    assert {read_search(address.removeprefix("?")).scope for address in addresses} == {request.scope}
    assert dict(links.hidden("q")).get("scope", "mentions") == request.scope
    for scope in SCOPES:
        assert read_search(links.scoping(scope).removeprefix("?")) == request.replace(scope=scope, page=1)


@given(requests(), st.sampled_from(FACETS), TEXT)
def test_choosing_excluding_and_dropping_a_value_change_only_that_value(
    request: SearchRequest, facet: str, label: str
) -> None:
    request = request.replace(page=1)
    links = SearchLinks(request)
    chosen = read_search(links.choosing(facet, label).removeprefix("?"))
    assert label in chosen.selected(facet)
    assert label not in chosen.excluded(facet)
    excluded = read_search(links.excluding(facet, label).removeprefix("?"))
    assert label in excluded.excluded(facet)
    assert label not in excluded.selected(facet)
    dropped = read_search(links.dropping(facet, label).removeprefix("?"))
    for other in FACETS:
        same = [value for value in request.selected(other) if (other, value) != (facet, label)]
        assert list(dropped.selected(other)) == same
    for changed in (chosen, excluded, dropped):
        assert (changed.text, changed.since) == (request.text, request.since)
        # The rule for combining values goes with the last of them.
        assert {f for f in changed.match if f != facet} == {f for f in request.match if f != facet}
        assert changed.match_of(facet) == ("any" if not changed.selected(facet) else request.match_of(facet))


@given(requests(), st.integers(1, 50))
def test_every_change_but_paging_goes_back_to_the_first_page(request: SearchRequest, page: int) -> None:
    links = SearchLinks(request)
    assert read_search(links.paging(page).removeprefix("?")) == request.replace(page=page)
    for address in (links.sorting("oldest"), links.spanning("", "")):
        assert read_search(address.removeprefix("?")).page == 1


def test_the_address_of_a_search_is_readable() -> None:
    request = SearchRequest(text="peace talks", places=("Armenia",), exclude={"people": ("Ilham Aliyev",)}, page=2)
    assert write_search(request) == "q=peace+talks&place=Armenia&not-person=Ilham+Aliyev&page=2"


def test_partial_dates_and_date_order_are_read_as_people_type_them() -> None:
    request = read_search("since=2023-09&until=2023-10&sort=date&place=&until=")
    assert (request.since, request.until) == (dt.date(2023, 9, 1), dt.date(2023, 10, 31))
    assert (request.sort, request.places) == ("newest", ())


@pytest.mark.parametrize(
    "address",
    ["page=0", "page=-1", "page=x", "page=99999999999999999999", "page=１", "page_size=101", "since=tomorrow",
     "since=2023-02-31", "sort=best", "scope=some", "match-place=some", "q=" + "a" * 20_000,
     "place=" + "a" * 10_001, "&".join([f"person=x{i}" for i in range(101)])],
)  # fmt: skip
def test_an_impossible_value_is_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_search(address)
    assert "; " in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_since_after_until_is_swapped_and_said() -> None:
    request = read_search("since=2024&until=2023-03")
    assert (str(request.since), str(request.until)) == ("2023-03-01", "2024-12-31")
    assert "swapped" in request.said[0]
    assert "swapped" in request.replace(page=2).said[0]
    assert request.replace(since=None).said == ()


@given(st.text(max_size=200))
def test_no_address_raises_anything_else(address: str) -> None:
    with suppress(InvalidRequest):
        read_search(address)


@given(TEXT)
def test_articles_and_names_have_addresses_that_lead_back_to_them(text: str) -> None:
    for address, prefix, parameter in (
        (article_path(text), "/article/", "id"),
        (entity_path("place", text), "/place/", "label"),
    ):
        path, _, query = address.partition("?")
        # A browser resolves dots, and a route knows no line breaks.
        assert not {".", ".."} & set(unquote(path, errors="strict").split("/")) or "%2F" in path
        read = dict(read_pairs(query))[parameter] if query else unquote(path).removeprefix(prefix)
        assert read == text


def test_an_article_opened_from_a_search_keeps_it_in_its_address() -> None:
    assert article_path("a/b.txt:3", "q=talks", hit=7) == "/article/a/b.txt:3?q=talks&hit=7"
    assert article_path("../x") == "/article/..%2Fx"
    assert article_path("..", "q=talks") == "/article?id=..&q=talks"


def test_a_label_of_any_length_that_an_address_can_hold_filters() -> None:
    label = "k " * 2_000 + "end"
    assert read_search(write_search(SearchRequest(topics=(label,)))).topics == (label,)
