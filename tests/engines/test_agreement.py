"""Every engine gives what the memory engine gives, for any articles, query and filters."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.engines.base import Engine
from searchapp.engines.memory import MemoryEngine
from searchapp.engines.snippets import Marker
from searchapp.engines.whoosh import WhooshEngine
from searchapp.model.article import Article
from searchapp.model.query import SearchRequest
from searchapp.parsing import parse

WORDS = ["peace", "talks", "talk", "oil", "price", "prices", "priced", "to", "be", "or", "not"]
WORDS += ["interest", "rates", "rate", "U.S.", "Nagorno-Karabakh", "Türkiye's"]
PLACES = ["York", "New York", "Baku"]
PEOPLE = ["Al Gore", "John York"]

text_of = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
days = st.dates(dt.date(2023, 1, 1), dt.date(2023, 12, 31))


@st.composite
def articles(draw: st.DrawFn) -> list[Article]:
    return [
        Article(
            id=f"a{number}",
            title=draw(text_of),
            body=draw(text_of),
            published=draw(st.none() | days),
            source=draw(st.sampled_from(["", "AP", "Reuters"])),
            topics=tuple(draw(st.lists(st.sampled_from(["oil", "peace"]), max_size=2))),
            assigned={
                "places": tuple(draw(st.lists(st.sampled_from(PLACES), max_size=3))),
                "people": tuple(draw(st.lists(st.sampled_from(PEOPLE), max_size=2))),
            },
        )
        for number in range(draw(st.integers(0, 12)))
    ]


atoms = st.sampled_from(
    [*WORDS, '"interest rates"', '"to be or"', '"price"', '"talks talk"', '"to to"', "pri*", "t?lk", "tals~"]
    + ["title:oil", "person:york", "place:new*", "topic:peace", "date:2023-03..2023-06", "zebra"]
)
queries = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
        inner.map(lambda query: f"-({query})"),
    ),
    max_leaves=5,
)
labels = st.lists(st.sampled_from(PLACES), max_size=2).map(tuple)


@given(
    articles=articles(),
    query=queries,
    places=labels,
    excluded=labels,
    people=st.sampled_from([(), ("Al Gore",), ("Al Gore", "John York")]),
    match=st.sampled_from(["any", "all"]),
    sort=st.sampled_from(["newest", "oldest", "relevance"]),
    since=st.none() | days,
    dropped=st.sets(st.integers(0, 11), max_size=4),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whoosh_agrees_with_memory(
    articles: list[Article],
    query: str,
    places: tuple[str, ...],
    excluded: tuple[str, ...],
    people: tuple[str, ...],
    match: str,
    sort: str,
    since: dt.date | None,
    dropped: set[int],
) -> None:
    request = SearchRequest(
        query,
        places=places,
        people=people,
        exclude={"places": excluded},
        match=match,  # type: ignore[arg-type]
        since=since,
        sort=sort,
        page_size=100,
    )
    tree, _ = parse(query)
    with tempfile.TemporaryDirectory() as folder:
        engines: list[Engine] = [MemoryEngine(), WhooshEngine.open(Path(folder), create=True, timeout_s=30)]
        for engine in engines:
            with engine.writer(timeout_s=5) as writer:
                writer.add([(article, "first") for article in articles[:8]])
            with engine.writer(timeout_s=5) as writer:
                writer.add([(article, "second") for article in articles[4:]])
                writer.delete({f"a{number}" for number in dropped})
        expected, found = (engine.search(request, tree) for engine in engines)
        listed = [[article.id for article in engine.matches(request, tree)] for engine in engines]
        forms = engines[1].surface_forms(tree)
        engines[1].close()
    assert found.total == expected.total == len(listed[1])
    assert found.facets == expected.facets
    assert found.timeline == expected.timeline
    assert [article for article, _ in found.hits] == [article for article, _ in expected.hits]
    assert [score for _, score in found.hits] == pytest.approx([score for _, score in expected.hits])
    assert listed[1] == listed[0]
    assert forms is not None
    for article, _ in found.hits:
        for text in (article.title, article.body):
            assert Marker(tree, forms).ranges(text, title=True) == Marker(tree).ranges(text, title=True)
            assert Marker(tree, forms).snippet(text) == Marker(tree).snippet(text)
