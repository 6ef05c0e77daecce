"""Every answer is the one that reading all the articles gives."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as wq

from searchapp.columnar import (
    FacetAsked,
    FacetFilter,
    LabelWords,
    NumberRange,
    PatternIn,
    PhraseIn,
    Question,
    Relabelling,
    SpelledLike,
    TermIn,
)
from searchapp.errors import SearchTimeout

from .conftest import FIELDS, SIMPLE, Archive, Doc, stem

WORDS = [
    "trade",
    "trades",
    "traded",
    "trading",
    "oil",
    "oils",
    "gold",
    "bank",
    "banks",
    "banking",
    "rate",
    "rates",
    "été",
]
LABELS = ["Ann Lee", "Lee", "Bob Lee Ray", "York", "New York"]


def random_docs(seed: int, count: int, *, longest: int = 12) -> list[Doc]:
    chance = random.Random(seed)

    def text(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(0, most)))

    def labels() -> tuple[str, ...]:
        return tuple(chance.sample(LABELS, chance.choice([0, 0, 1, 1, 2, 3])))

    return [
        Doc(
            id=f"a{number}",
            title=text(4),
            body=text(longest),
            people=labels(),
            places=labels(),
            published=chance.choice([None, *range(20)]),
            tie=chance.randrange(2**60),
        )
        for number in range(count)
    ]


def leaves() -> st.SearchStrategy[wq.Query]:
    word = st.sampled_from(WORDS)
    fields = st.sampled_from([FIELDS, FIELDS[:1], FIELDS[1:]])
    names = fields.map(lambda chosen: tuple(name for name, _ in chosen))
    words = st.lists(word, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda w, f: TermIn(stem(w), f), word, fields),
        st.builds(lambda ws, f: PhraseIn(ws, f, exact=True, stems=[stem(w) for w in ws]), words, fields),
        st.builds(lambda ws, f: PhraseIn([stem(w) for w in ws], f, exact=False), words, fields),
        st.builds(PatternIn, st.sampled_from(["tr*", "*ing", "b?nk*", "*", "o*l*", "???", "é*", "gold", "x*"]), names),
        st.builds(SpelledLike, st.sampled_from(["trade", "bnak", "ol", "rtae", "été", "x"]), st.integers(1, 2), names),
        st.builds(NumberRange, st.just("published"), st.sampled_from([None, 3, 9]), st.sampled_from([None, 8, 30])),
        st.builds(
            lambda f, ws, p: LabelWords(f, ws, prefix=p),
            st.sampled_from(["people", "places"]),
            st.sampled_from([("lee",), ("new", "york"), ("yo",), ("lee", "ray"), ("nobody",)]),
            st.booleans(),
        ),
        st.just(wq.Every()),
    )


def trees() -> st.SearchStrategy[wq.Query]:
    return st.recursive(
        leaves(),
        lambda child: st.one_of(
            st.lists(child, min_size=1, max_size=3).map(wq.And),
            st.lists(child, min_size=1, max_size=3).map(wq.Or),
            child.map(wq.Not),
        ),
        max_leaves=5,
    )


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Archive]:
    """The same kind of articles as one segment, as many, and as many with deleted and replaced articles."""
    from searchapp.columnar import ColumnarIndex, FacetIndex

    from .conftest import FACETS, ORDER, schema

    made = []
    for seed, per_segment in ((1, 200), (2, 37), (3, 23)):
        index = ColumnarIndex.create(tmp_path_factory.mktemp("archive"), schema(), order=ORDER)
        archive = Archive(index, FacetIndex({name: (name,) for name in FACETS}, forms=SIMPLE.forms))
        docs = random_docs(seed, 120)
        for start in range(0, len(docs), per_segment):
            archive.add(docs[start : start + per_segment], merge=False)
        if seed == 3:
            archive.delete(*(doc.id for doc in docs[10:60:3]), merge=False)
            archive.add(random_docs(4, 30), merge=False)
        made.append(archive)
    return made


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=trees(), which=st.integers(0, 2), sort=st.sampled_from(["score", "newest", "oldest"]))
def test_a_tree_matches_scores_and_ranks_as_the_oracle_says(
    archives: list[Archive], tree: wq.Query, which: int, sort: str
) -> None:
    archive = archives[which]
    oracle = archive.oracle()
    expected = oracle.found(tree)
    answer, ids = archive.ask(tree, limit=1000, sort=sort)
    assert answer.total == len(expected)
    assert ids == oracle.ranked(expected, sort)
    assert [hit.score for hit in answer.hits[0]] == pytest.approx([expected[name] for name in ids])


@settings(max_examples=60, deadline=None)
@given(
    tree=leaves(),
    which=st.integers(0, 2),
    chosen=st.lists(st.sampled_from(LABELS), max_size=2, unique=True),
    every=st.booleans(),
    unwanted=st.lists(st.sampled_from(LABELS), max_size=1),
    people=st.lists(st.sampled_from(LABELS), max_size=1),
)
def test_facets_leave_out_their_own_choice_and_nothing_else(
    archives: list[Archive],
    tree: wq.Query,
    which: int,
    chosen: list[str],
    every: bool,
    unwanted: list[str],
    people: list[str],
) -> None:
    archive = archives[which]
    oracle = archive.oracle()
    known = {doc.id: doc for doc in oracle.docs}
    found = set(oracle.found(tree))
    found = {name for name in found if not set(known[name].places) & set(unwanted)}

    def passing(names: set[str], facet: str, labels: list[str], *, all_of: bool) -> set[str]:
        if not labels:
            return names
        wanted = set(labels)
        return {
            name
            for name in names
            if (wanted <= set(getattr(known[name], facet)) if all_of else wanted & set(getattr(known[name], facet)))
        }

    by_place = passing(found, "places", chosen, all_of=every)
    by_people = passing(found, "people", people, all_of=False)
    filters = (FacetFilter("places", tuple(chosen), every, tuple(unwanted)), FacetFilter("people", tuple(people)))
    answer, _ = archive.ask(tree, filters=filters, facets=("places", "people"), facet_size=None, timeline="published")
    assert answer.total == len(by_place & by_people)
    sets = {"places": by_place & by_people if every else by_people, "people": by_place}
    for facet, selected in (("places", chosen), ("people", people)):
        counts = oracle.counts(sets[facet], facet)
        expected = dict(counts) | {label: counts[label] for label in selected}
        assert dict(answer.facets[facet].values) == expected
        assert answer.facets[facet].total_values == len(counts)
        assert answer.facets[facet].missing == sum(not getattr(known[name], facet) for name in sets[facet])
    days: dict[int, int] = {}
    for name in by_place & by_people:
        if (day := known[name].published) is not None:
            days[day] = days.get(day, 0) + 1
    assert answer.timeline == tuple(sorted(days.items()))


def test_facet_values_come_by_count_then_label_and_chosen_ones_stay(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc("1", places=("B", "A", "C")), Doc("2", places=("B",)), Doc("3", places=("D",))])
    answer, _ = archive.ask(facets=("places",), facet_size=2, filters=(FacetFilter("places", ("D", "Nowhere")),))
    assert answer.facets["places"].values == (("B", 2), ("A", 1), ("D", 1), ("Nowhere", 0))
    assert answer.facets["places"].total_values == 4


@pytest.mark.parametrize("per_segment", [0, 2])
def test_relabelling_joins_moves_and_drops_labels(make_archive: Callable[..., Archive], per_segment: int) -> None:
    archive = make_archive(
        [
            Doc("1", people=("Ann", "Anne"), places=("York",)),
            Doc("2", people=("Anne", "Paris")),
            Doc("3", people=("Bob",), places=("Paris",)),
            Doc("4", people=("The",)),
        ],
        per_segment=per_segment,
    )
    changes = Relabelling(
        1,
        {("people", "Anne"): ("people", "Ann"), ("people", "Paris"): ("places", "Paris"), ("people", "The"): None},
    )
    plain, _ = archive.ask(facets=("people", "places"))
    assert dict(plain.facets["people"].values) == {"Ann": 1, "Anne": 2, "Bob": 1, "Paris": 1, "The": 1}
    answer, _ = archive.ask(facets=("people", "places"), relabelling=changes)
    assert answer.facets["people"].values == (("Ann", 2), ("Bob", 1))
    assert answer.facets["people"].missing == 1
    assert answer.facets["places"].values == (("Paris", 2), ("York", 1))
    _, ids = archive.ask(filters=(FacetFilter("people", ("Ann",)),), relabelling=changes)
    assert sorted(ids) == ["1", "2"]
    _, ids = archive.ask(LabelWords("places", ("paris",)), relabelling=changes)
    assert sorted(ids) == ["2", "3"]
    _, ids = archive.ask(LabelWords("people", ("anne",)), relabelling=changes)
    assert ids == []


def test_a_late_page_continues_the_first(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(random_docs(9, 90), per_segment=30)
    query = TermIn("trad", FIELDS)
    _, everything = archive.ask(query, limit=1000)
    pages = [archive.ask(query, offset=start, limit=7)[1] for start in range(0, len(everything) + 7, 7)]
    assert [name for page in pages for name in page] == everything


def test_many_equal_scores_are_ranked_without_sorting_all(make_archive: Callable[..., Archive]) -> None:
    docs = [Doc(f"{n}", body="same words", published=n % 97, tie=n) for n in range(9000)]
    archive = make_archive(docs)
    _, ids = archive.ask(TermIn("same", FIELDS), limit=25)
    expected = sorted(docs, key=lambda doc: (-(doc.published or 0), doc.tie))[:25]
    assert ids == [doc.id for doc in expected]
    _, ids = archive.ask(sort="oldest", limit=25)
    assert ids == [doc.id for doc in sorted(docs, key=lambda doc: (doc.published or 0, doc.tie))[:25]]


def test_most_articles_are_counted_by_those_left_out(make_archive: Callable[..., Archive]) -> None:
    docs = random_docs(5, 300)
    archive = make_archive(docs)
    archive.delete(*(doc.id for doc in docs[::7]), merge=False)
    oracle = archive.oracle()
    query = wq.Not(TermIn("gold", FIELDS[:1]))
    answer, _ = archive.ask(query, facets=("people",), facet_size=None)
    assert answer.total * 2 > len(oracle.docs)
    assert dict(answer.facets["people"].values) == oracle.counts(oracle.found(query), "people")


def test_a_query_past_its_deadline_fails_with_a_clear_error(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc("1", body="oil")])
    with pytest.raises(SearchTimeout, match="longer than"):
        archive.ask(TermIn("oil", FIELDS), deadline_s=-1.0)


def test_an_empty_index_answers(make_archive: Callable[..., Archive]) -> None:
    answer, ids = make_archive().ask(TermIn("oil", FIELDS), facets=("places",), timeline="published")
    assert (answer.total, ids, answer.timeline) == (0, [], ())
    assert answer.facets["places"].values == ()


def test_an_open_search_keeps_its_view(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc("1", body="oil"), Doc("2", body="oil")])
    before = archive.index.executor(archive.facets)
    archive.delete("1")
    archive.add([Doc("3", body="oil")])
    archive.index.optimize()
    question = Question(TermIn("oil", FIELDS), facets=(FacetAsked("places"),))
    assert before.search(question).total == 2
    assert before.view.stored_fields(0)["body"] == "oil"
    assert archive.index.executor(archive.facets).search(question).total == 2


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (wq.Term("people", "Ann"), ["1"]),
        (wq.Term("id", "2"), ["2"]),
        (wq.Term("body", "oil"), ["1", "2"]),
        (wq.AndNot(wq.Term("body", "oil"), wq.Term("id", "2")), ["1"]),
        (wq.AndMaybe(wq.Term("body", "oil"), wq.Term("body", "gold")), ["1", "2"]),
        (wq.Require(wq.Term("body", "oil"), wq.Term("body", "gold")), ["2"]),
        (wq.NullQuery, []),
        (wq.ConstantScoreQuery(wq.Term("body", "gold"), 3.0), ["2"]),
        (wq.Phrase("body", ["oil", "gold"]), ["2"]),
        (wq.Phrase("body_exact", ["oil", "gold"]), ["2"]),
        (wq.Prefix("body", "go"), ["2"]),
        (wq.Wildcard("body_exact", "o?l"), ["1", "2"]),
        (wq.FuzzyTerm("body", "golt"), ["2"]),
        (wq.TermRange("body", "gold", "gold"), ["2"]),
        (wq.DisjunctionMax([wq.Term("body", "oil"), wq.Term("body", "gold")]), ["1", "2"]),
        (wq.Every("body"), ["1", "2"]),
        (wq.Variations("body", "oil"), ["1", "2"]),
    ],
    ids=repr,
)
def test_whoosh_queries_match_the_same_here_and_in_whoosh(
    make_archive: Callable[..., Archive], query: Any, ids: list[str]
) -> None:
    archive = make_archive(
        [Doc("1", body="oil", people=("Ann",)), Doc("2", body="oil gold"), Doc("3", title="oil")], per_segment=2
    )
    archive.index = archive.in_whoosh()
    assert sorted(archive.ask(query)[1]) == ids
    with archive.in_whoosh().searcher() as searcher:
        assert sorted(hit["id"] for hit in searcher.search(query, limit=None)) == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (TermIn("trad", FIELDS), ["1", "2"]),
        (PhraseIn(["oil", "trading"], FIELDS, exact=True, stems=["oil", "trad"]), ["1"]),
        (PhraseIn(["oil", "trad"], FIELDS, exact=False), ["1", "2"]),
        (PatternIn("trad?d", ("title", "body")), ["2"]),
        (PatternIn("tra*d", ("title", "body")), ["2"]),
        (SpelledLike("tradign", 1, ("body",)), ["1"]),
        (NumberRange("published", 5, None), ["2"]),
        (wq.And([TermIn("trad", FIELDS), NumberRange("published", None, 4)]), ["1"]),
    ],
    ids=repr,
)
def test_our_queries_match_in_whooshs_searcher_too(
    make_archive: Callable[..., Archive], query: Any, ids: list[str]
) -> None:
    archive = make_archive(
        [Doc("1", body="oil trading", published=3), Doc("2", body="oil traded", published=7), Doc("3", body="gold")],
        per_segment=2,
    )
    assert sorted(archive.ask(query)[1]) == ids
    with archive.in_whoosh().searcher() as searcher:
        assert sorted(hit["id"] for hit in searcher.search(query, limit=None)) == ids
