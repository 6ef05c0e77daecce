"""What is asked of a facet beyond its first values, and several pages of one search."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as wq

from searchapp import compiled
from searchapp.columnar import FacetAsked, FacetFilter, Grouping, HitsAsked, Question, Relabelling, TermIn
from searchapp.compiled import reference
from searchapp.compiled.reference import counting

from .conftest import FIELDS, SIMPLE, Archive, Doc

LABELS = ["Ann Lee", "ann lee", "Lee", "Bob Lee Ray", "York", "New York", "Åre", "'", "Zoë"]
BY_WORDS = Grouping("number of words", lambda label: "" if label == "'" else str(len(SIMPLE.forms(label))))


def random_docs(seed: int, count: int) -> list[Doc]:
    chance = random.Random(seed)
    return [
        Doc(
            id=f"{seed}-{number}",
            body=chance.choice(["oil", "gold", "oil gold"]),
            people=tuple(chance.sample(LABELS, chance.choice([0, 1, 1, 2, 4]))),
            places=tuple(chance.sample(LABELS, chance.choice([0, 1, 2]))),
            published=chance.choice([None, *range(20)]),
            tie=chance.randrange(2**60),
        )
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Archive]:
    """One segment, and several of which articles were deleted."""
    from searchapp.columnar import ColumnarIndex, FacetIndex

    from .conftest import FACETS, ORDER, schema

    made = []
    for seed, step in ((1, 90), (2, 25)):
        index = ColumnarIndex.create(tmp_path_factory.mktemp("counting"), schema(), order=ORDER)
        archive = Archive(index, FacetIndex({name: (name,) for name in FACETS}, forms=SIMPLE.forms))
        docs = random_docs(seed, 90)
        for start in range(0, len(docs), step):
            archive.add(docs[start : start + step], merge=False)
        if seed == 2:
            archive.delete(*(doc.id for doc in docs[::5]), merge=False)
        made.append(archive)
    return made


def forms(label: str) -> list[str]:
    return list(SIMPLE.forms(label))


def ranked(counts: dict[str, int], order: str) -> list[tuple[str, int]]:
    by_letter = {label: (forms(label), label) for label in counts}
    if order == "label":
        return sorted(counts.items(), key=lambda item: by_letter[item[0]])
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


@settings(max_examples=200, deadline=None)
@given(
    which=st.integers(0, 1),
    word=st.sampled_from(["oil", "gold", None]),
    chosen=st.lists(st.sampled_from([*LABELS, "Nowhere"]), max_size=2, unique=True),
    every=st.booleans(),
    people=st.lists(st.sampled_from(LABELS), max_size=1),
    words=st.sampled_from(["", "lee", "e", "Lee R", "york", "  ", "nobody", "?"]),
    order=st.sampled_from(["count", "label"]),
    size=st.sampled_from([None, 0, 1, 3]),
    offset=st.integers(0, 4),
    gains=st.booleans(),
    grouped=st.booleans(),
    few=st.sampled_from([0, 4, 10**9]),
    pure=st.booleans(),
)
def test_a_page_of_a_facet_is_what_reading_all_articles_gives(
    archives: list[Archive],
    which: int,
    word: str | None,
    chosen: list[str],
    every: bool,
    people: list[str],
    words: str,
    order: str,
    size: int | None,
    offset: int,
    gains: bool,
    grouped: bool,
    few: int,
    pure: bool,
) -> None:
    archive = archives[which]
    asked = FacetAsked("places", size, offset, words, order, gains, BY_WORDS if grouped else None)
    filters = (FacetFilter("places", tuple(chosen), every), FacetFilter("people", tuple(people)))
    query = TermIn(word, FIELDS) if word else wq.Every()
    # Compiled or not, and sorting the labels of few articles or counting those of all, come to the same.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "FEW", few)
        if pure:
            patch.setattr(compiled, "steps", reference)
        answer, _ = archive.ask(query, filters=filters, facets=(asked,))
    found = answer.facets["places"]

    docs = [doc for doc in archive.docs.values() if word is None or word in doc.body.split()]
    docs = [doc for doc in docs if not people or set(people) & set(doc.people)]
    if every:
        docs = [doc for doc in docs if set(chosen) <= set(doc.places)]
    any_of = bool(chosen) and not every
    among = [doc for doc in docs if not (any_of and set(chosen) & set(doc.places))] if gains else docs
    counts = {label: sum(label in doc.places for doc in docs) for label in LABELS}
    added = {label: sum(label in doc.places for doc in among) for label in LABELS}
    text = " ".join(forms(words))

    def holds(label: str) -> bool:
        return text in " ".join(forms(label)) if text else not words.strip()

    filled = {label: count for label, count in counts.items() if count}
    matching = {label: count for label, count in filled.items() if holds(label)}
    adding = {label: added[label] for label in matching if label not in chosen and added[label]}
    listed = adding if gains else matching
    page = slice(offset, None if size is None else offset + size)
    values = [] if grouped else ranked(matching, order)[page]
    kept = {label: counts.get(label, 0) for label in chosen if label not in dict(values)}
    assert found.values == (*values, *ranked(kept, "count"))
    assert (found.total_values, found.matching) == (len(filled), len(listed))
    assert found.missing == sum(not doc.places for doc in docs)
    assert found.gains == (tuple(ranked(listed, order)[page]) if gains and not grouped else ())
    if grouped:
        groups: dict[str, dict[str, int]] = {}
        for label, count in listed.items():
            groups.setdefault(BY_WORDS.group_of(label), {})[label] = count
        names = sorted(groups, key=lambda name: (not name, -max(groups[name].values()), name))
        assert found.total_groups == len(names)
        assert [group.name for group in found.groups] == names[page]
        for group in found.groups:
            assert group.values == tuple(ranked(groups[group.name], "count"))
            assert group.articles == sum(bool(set(groups[group.name]) & set(doc.places)) for doc in among)


def test_what_a_value_adds_is_how_the_total_grows(archives: list[Archive]) -> None:
    archive = archives[1]
    before, _ = archive.ask(
        filters=(FacetFilter("places", ("York",)),), facets=(FacetAsked("places", size=None, gains=True),)
    )
    assert "York" not in dict(before.facets["places"].gains)
    for label, added in before.facets["places"].gains:
        after, _ = archive.ask(filters=(FacetFilter("places", ("York", label)),))
        assert after.total == before.total + added


def test_a_group_counts_an_article_once_and_leads_with_the_label_of_its_name(
    make_archive: Callable[..., Archive],
) -> None:
    archive = make_archive(
        [
            Doc("1", places=("Leeds", "York", "England")),
            Doc("2", places=("York", "Oslo")),
            Doc("3", places=("York", "Atlantis")),
        ]
    )
    england = {"Leeds": "England", "York": "England", "England": "England", "Oslo": "Norway"}
    grouping = Grouping("country", lambda label: england.get(label, ""))
    answer, _ = archive.ask(facets=(FacetAsked("places", grouping=grouping),))
    told = [(group.name, group.articles, group.values) for group in answer.facets["places"].groups]
    assert told == [
        ("England", 3, (("England", 1), ("York", 3), ("Leeds", 1))),
        ("Norway", 1, (("Oslo", 1),)),
        ("", 1, (("Atlantis", 1),)),
    ]


def test_labels_are_put_into_groups_once_and_new_ones_later(make_archive: Callable[..., Archive]) -> None:
    seen: list[str] = []

    def group_of(label: str) -> str:
        seen.append(label)
        return label[0]

    archive = make_archive([Doc("1", places=("York", "Leeds"))])
    for new in ("Lincoln", "Ely"):
        asked = FacetAsked("places", grouping=Grouping("letter", group_of))
        archive.ask(facets=(asked,))
        archive.ask(facets=(asked,))
        archive.add([Doc(new, places=(new,))])
    assert sorted(seen) == ["Leeds", "Lincoln", "York"]


def test_first_letters_tell_where_their_labels_begin(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc("1", places=("bath", "Ely", "Bath", "'", "Derby"))])
    answer, _ = archive.ask(facets=(FacetAsked("places", size=2, order="label"),))
    assert answer.facets["places"].values == (("'", 1), ("Bath", 1))
    assert answer.facets["places"].initials == (("", 0), ("b", 1), ("d", 3), ("e", 4))


def test_words_look_at_labels_as_they_are_shown(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc("1", people=("Ann", "Anne")), Doc("2", people=("Anne", "Bob"))])
    asked = FacetAsked("people", words="ANN")
    assert archive.ask(facets=(asked,))[0].facets["people"].values == (("Anne", 2), ("Ann", 1))
    joined = Relabelling(1, {("people", "Anne"): ("people", "Ann")})
    assert archive.ask(facets=(asked,), relabelling=joined)[0].facets["people"].values == (("Ann", 2),)


def test_an_order_that_does_not_exist_is_refused(make_archive: Callable[..., Archive]) -> None:
    with pytest.raises(ValueError, match="'size'"):
        make_archive([Doc("1", places=("York",))]).ask(facets=(FacetAsked("places", order="size"),))


def test_several_pages_of_hits_come_from_one_evaluation(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    from searchapp.columnar.asking.evaluation import Evaluation

    archive = make_archive(random_docs(3, 60), per_segment=60)
    query = TermIn("oil", FIELDS)
    wanted = (HitsAsked("newest", limit=5), HitsAsked("oldest", limit=1), HitsAsked(offset=2, limit=3))
    expected = [archive.ask(query, sort=page.sort, offset=page.offset, limit=page.limit)[1] for page in wanted]
    asked: list[Any] = []
    find = Evaluation.find
    monkeypatch.setattr(Evaluation, "find", lambda self, tree: (asked.append(tree), find(self, tree))[1])
    executor = archive.index.executor(archive.facets)
    answer = executor.search(Question(query, hits=wanted))
    ids = [[executor.view.stored_fields(hit.docnum)["id"] for hit in page] for page in answer.hits]
    assert ids == expected
    assert asked == [query]


def test_no_hits_are_ranked_where_none_are_asked_for(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc("1", body="oil")])
    answer = archive.index.executor(archive.facets).search(Question(TermIn("oil", FIELDS), hits=()))
    assert (answer.total, answer.hits) == (1, ())


def test_a_facet_that_is_not_asked_for_is_never_read(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_archive([Doc("1", people=("Ann",), places=("York",))])
    read: list[str] = []
    of = archive.facets.of
    monkeypatch.setattr(
        archive.facets, "of", lambda view, facet, names: (read.append(facet), of(view, facet, names))[1]
    )
    archive.ask(facets=(FacetAsked("places", size=1),))
    assert set(read) == {"places"}
