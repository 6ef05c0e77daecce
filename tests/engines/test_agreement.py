"""Every engine gives what the memory engine gives, for any articles, query and filters."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from searchapp import compiled
from searchapp.compiled import reference
from searchapp.engines.base import Engine
from searchapp.engines.memory import MemoryEngine
from searchapp.engines.snippets import Marker
from searchapp.engines.whoosh import WhooshEngine
from searchapp.entities.columns import entry_of
from searchapp.model.article import KIND_OF_FACET, Article, Mention
from searchapp.model.names import Relabelling
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.question import Answer, FacetWanted, Grouping, HitsWanted, Question
from searchapp.parsing import parse

WORDS = ["peace", "talks", "talk", "oil", "price", "prices", "priced", "to", "be", "or", "not"]
WORDS += ["interest", "rates", "rate", "U.S.", "Nagorno-Karabakh", "Türkiye's", "cease-fire", "ceasefire", "US", "UN"]
WORDS += ["cheval", "chevaux", "général", "Häuser", "haus", "kitapları", "выборы", "membaca"]
WORDS += ["u.n.", "d'Estaing", "120,000", "120000", "$5bn", "F-16", "1980s", "oil-price", "price-oil-talks", "don`t"]
PLACES = ["York", "New York", "Baku"]
PEOPLE = ["Al Gore", "John York"]

between = st.sampled_from([" ", " ", " ", "\n\n", "\u00a0"])
text_of = st.lists(st.tuples(st.sampled_from(WORDS), between).map("".join), max_size=12).map("".join)
days = st.dates(dt.date(2023, 1, 1), dt.date(2023, 12, 31))


# Each stands for the word that every body begins with.
MENTIONS = [
    Mention(0, 4, "York", kind, label) for kind in KIND_OF_FACET.values() for label in ("York", "New York", "NATO")
]
mentions = st.lists(st.sampled_from(MENTIONS), max_size=3).map(tuple)


@st.composite
def articles(draw: st.DrawFn) -> list[Article]:
    return [
        Article(
            id=f"a{number}",
            title=draw(text_of),
            body="York " + draw(text_of),
            mentions=draw(mentions),
            published=draw(st.none() | days),
            published_source=draw(st.sampled_from(["metadata", "estimated"])),
            byline=draw(st.sampled_from(["", "", "By Al Gore", "Jane York and Al Gore", "York"])),
            section=draw(st.sampled_from(["", "", "World News"])),
            dateline=draw(st.sampled_from(["", "", "YORK"])),
            url=draw(st.sampled_from(["", "https://www.york.org/oil-price/2023", "https://news.org/York%20talks"])),
            source=draw(st.sampled_from(["", "AP", "Reuters"])),
            language=draw(st.sampled_from(["", "", "en", "fr-CA", "deu", "id", "ru", "pl"])),
            topics=tuple(draw(st.lists(st.sampled_from(["oil", "peace"]), max_size=2))),
            assigned={
                "places": tuple(draw(st.lists(st.sampled_from(PLACES), max_size=3))),
                "people": tuple(draw(st.lists(st.sampled_from(PEOPLE), max_size=2))),
            },
        )
        for number in range(draw(st.integers(0, 12)))
    ]


atoms = st.sampled_from(
    [
        *WORDS,
        '"interest rates"',
        '"to be or"',
        '"price"',
        '"talks talk"',
        '"to to"',
        "pri*",
        "ceasef*",
        "oilp*",
        "*tstaing",
        "t?lk",
        "tals~",
    ]
    + ["rates~", "ceasef*", "oilp*", "*estaing", "(oil OR price OR talk)", "price talk", "rates interest peace"]
    + ['"oil price"', '"oilprice talks"', '"to be ceasefire"', '"cease-fire be"', "ceasefire", "oilprice", "estaing"]
    + ['"oil price"~3', '"talks oil"~1', '"to to be"~4', '"oilprice talks"~2', '"cease-fire to"~3', 'title:"oil be"~5']
    + ["title:oil", "title:(oil prices)", "person:york", "place:new*", "topic:peace", "date:2023-03..2023-06", "zebra"]
    + ["byline:gore", "by:(york OR gore)", 'author:"al gore"', "byline:go*", "byline:gire~", "byline:gore byline:york"]
    + ["section:new", "dateline:york", "url:york.org", "site:news.org", "url:'york talks'", "url:oil-price"]
    + ["date:none", "date:estimated", "date:any", "york byline:york"]
    + ['"chevaux general"', "general chevaux", "title:cheval", "hausern", "выборов", "baca", "chev*", '"cheval"']
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


BY_LETTER = Grouping("first letter", lambda label: "York" if "York" in label else label[:1] if label != "Baku" else "")
NODES = [("places", label) for label in [*PLACES, "Rome"]] + [("people", label) for label in [*PEOPLE, "Ann"]]
nodes = st.none() | st.sampled_from([*NODES, ("organisations", "York"), ("organisations", "NATO")])


@st.composite
def names(draw: st.DrawFn) -> Relabelling:
    """Labels joined, moved, dropped and, in single articles, told apart; what is shown is shown as itself."""
    shown = draw(st.sets(st.sampled_from(NODES), max_size=4))
    targets = nodes.filter(lambda node: node not in shown)
    changes = {node: draw(targets) for node in sorted(shown)}
    ids = draw(st.sets(st.integers(0, 11), max_size=2))
    overrides = {f"a{number}": {draw(st.sampled_from(NODES)): draw(nodes)} for number in ids}
    return Relabelling(repr((changes, overrides)), changes, overrides)


wants = st.builds(
    FacetWanted,
    name=st.sampled_from(FACETS),
    size=st.none() | st.integers(0, 4),
    offset=st.integers(0, 2),
    find=st.sampled_from(["", "york", "o", " ", "new y", "zz"]),
    also=st.sampled_from([(), ("Baku", "Oz"), ("NATO",)]),
    find_words=st.booleans(),
    order=st.sampled_from(["count", "label"]),
    gains=st.booleans(),
    grouping=st.none() | st.just(BY_LETTER),
)
special = st.one_of(
    st.builds(FacetWanted, name=st.sampled_from(FACETS), size=st.integers(0, 3), order=st.just("distinctive")),
    st.builds(FacetWanted, name=st.just("places"), labels=st.lists(st.sampled_from([*PLACES, "Oz"])).map(tuple)),
    st.builds(FacetWanted, name=st.sampled_from(FACETS), timeline=st.sampled_from(["day", "month"])),
)


@st.composite
def asked(draw: st.DrawFn) -> list[Question]:
    """Questions alike but for what is wanted of them, and one about all articles."""
    request = SearchRequest(
        draw(queries),
        places=draw(labels),
        people=draw(st.sampled_from([(), ("Al Gore",), ("Al Gore", "John York")])),
        exclude={"places": draw(labels)},
        match=draw(st.sampled_from(["any", "all"])),
        scope=draw(st.sampled_from(["mentions", "about"])),
        since=draw(st.none() | days),
        sort=draw(st.sampled_from(["newest", "oldest", "relevance"])),
        page_size=100,
    )
    wanted = draw(st.lists(wants | special, max_size=4).map(tuple))
    tree, _ = parse(request.text)
    return [
        replace(Question.of(request), query=tree),
        Question(request.replace(sort="oldest", page_size=2), tree, facets=wanted, timeline="day"),
        Question(request.replace(page_size=1, page=2), tree, hits=HitsWanted(snippets=False)),
        Question(facets=wanted, timeline="month"),
    ]


def filled(engine: Engine, articles: list[Article], dropped: set[int]) -> None:
    """Articles of which some are stored twice, and some removed."""
    with engine.writer(timeout_s=5) as writer:
        writer.add([entry_of(article, "first") for article in articles[:8]])
    with engine.writer(timeout_s=5) as writer:
        writer.add([entry_of(article, "second") for article in articles[4:]])
        writer.delete({f"a{number}" for number in dropped})


MISTYPED = ("tolks", "prize", "peace", "oli")
some_dropped = st.sets(st.integers(0, 11), max_size=4)


@given(articles=articles(), questions=asked(), dropped=some_dropped, shown=names(), pure=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whoosh_agrees_with_memory(
    articles: list[Article], questions: list[Question], dropped: set[int], shown: Relabelling, pure: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        if pure:
            patch.setattr(compiled, "steps", reference)
        engines: list[Engine] = [MemoryEngine(), WhooshEngine.open(Path(folder), create=True, timeout_s=30)]
        for engine in engines:
            filled(engine, articles, dropped)
        states = [engine.state() for engine in engines]
        expected, found = (state.ask(questions, names=shown) for state in states)
        listed = [[article.id for article in state.matches(questions[0], names=shown)] for state in states]
        meant = [{word: state.spellings(word) for word in MISTYPED} for state in states]
        engines[1].close()
    assert meant[1] == meant[0]
    assert found[0].total == len(listed[1])
    assert listed[1] == listed[0]
    for one, other in zip(found, expected, strict=True):
        agree(one, other)


@pytest.mark.opensearch
@given(articles=articles(), questions=asked(), dropped=some_dropped, shown=names(), grown=st.booleans())
@settings(
    max_examples=int(os.environ.get("SEARCHAPP_TEST_EXAMPLES", "40")),
    deadline=None,
    # Each try takes long, and making a failing one smaller takes hundreds.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_opensearch_agrees_with_memory(
    opensearch_emptied: Callable[..., Any],
    articles: list[Article],
    questions: list[Question],
    dropped: set[int],
    shown: Relabelling,
    grown: bool,
) -> None:
    # A cluster's scores count what was taken out until it is merged away, which nobody can wait for.
    engine, oracle = opensearch_emptied(anew=not grown), MemoryEngine()
    for one in (engine, oracle):
        if grown:
            filled(one, articles, dropped)
        else:
            with one.writer(timeout_s=5) as writer:
                writer.add([entry_of(article, "") for article in articles])
    state, right = engine.state(), oracle.state()
    expected, found = right.ask(questions, names=shown), state.ask(questions, names=shown)
    listed = [[article.id for article in one.matches(questions[0], names=shown)] for one in (right, state)]
    meant = [{word: one.spellings(word) for word in MISTYPED} for one in (right, state)]
    state.close()
    engine.close()
    assert meant[1] == meant[0]
    assert sorted(listed[1]) == sorted(listed[0])
    for one, other in zip(found, expected, strict=True):
        agree(one, other, tolerance=1_000 if grown else TOLERANCE)


TOLERANCE = 2.0**-10
"""Between scores of a cluster, which are single numbers that nobody rounds, and ours."""


def agree(found: Answer, expected: Answer, *, tolerance: float = 0.0) -> None:
    assert found.total == expected.total
    for one, other in zip(found.facets, expected.facets, strict=True):
        assert one == other
    assert found.timeline == expected.timeline
    request = found.question.request
    if tolerance and request.sort == "relevance":
        # On a page that holds all of them: which hit comes first may differ where scores are as good as equal.
        if len(found.hits) == found.total:
            right = {hit.article.id: hit for hit in expected.hits}
            assert right.keys() == {hit.article.id for hit in found.hits}
            for hit in found.hits:
                other = right[hit.article.id]
                assert (hit.article, hit.snippet) == (other.article, other.snippet)
                assert hit.score == pytest.approx(other.score, abs=tolerance)
            scores = [right[hit.article.id].score for hit in found.hits]
            assert all(one >= other - tolerance for one, other in pairwise(scores))
        return
    assert [(hit.article, hit.snippet) for hit in found.hits] == [(hit.article, hit.snippet) for hit in expected.hits]
    if tolerance:
        scores = [hit.score for hit in expected.hits]
        assert [hit.score for hit in found.hits] == pytest.approx(scores, abs=tolerance)
        return
    # Sums of scores are exact in any order, so there is nothing to be lenient about.
    assert [hit.score for hit in found.hits] == [hit.score for hit in expected.hits]


@given(text=text_of, query=queries, language=st.sampled_from(["", "fr", "id"]))
def test_snippets_are_the_same_with_and_without_the_forms_that_an_engine_knows(
    text: str, query: str, language: str
) -> None:
    tree, _ = parse(query)
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine.open(Path(folder), create=True, timeout_s=30)
        with engine.writer(timeout_s=5) as writer:
            writer.add([entry_of(Article(id="a", title=text, body=text, language=language), "")])
        forms = engine.state().surface_forms(tree)
        engine.close()
    assert forms is not None
    known, plain = Marker(tree, forms, language), Marker(tree, None, language)
    assert known.ranges(text, title=True) == plain.ranges(text, title=True)
    assert known.snippet(text) == plain.snippet(text)
    assert known.snippets([text, "", text]) == [plain.snippet(one) for one in (text, "", text)]
