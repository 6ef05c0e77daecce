"""Words that stand together and words as they were typed come first, whichever few of the articles are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as wq

from searchapp import compiled
from searchapp.columnar import Preferences, TermIn, TypedWord, WordPair
from searchapp.columnar.format import postings as postings_module
from searchapp.compiled import reference
from searchapp.compiled.reference import ranking
from searchapp.compiled.reference.ranking import best_by_sum

from .conftest import FIELDS, Archive, Doc, stem
from .test_executor import WORDS, random_docs


def typed(words: Sequence[str], fields: tuple[str, ...] = ("title", "body")) -> Preferences:
    return Preferences(
        words=tuple(TypedWord(word, tuple([(name, stem(word)) for name in fields])) for word in words),
        pairs=tuple(WordPair(one, other, 0.5 + 0.25 * (one % 2)) for one, other in pairwise(range(len(words)))),
        form=0.125,
        near=0.25,
        within=3,
    )


def added(archive: Archive, doc: Doc, wanted: Preferences) -> float:
    """By the book."""
    oracle, total = archive.oracle(), 0.0
    for word in wanted.words:
        total += wanted.form * any(word.form in oracle.words(doc, name, exact=True) for name, _ in word.stems)
    for pair in wanted.pairs:
        one, other = wanted.words[pair.first], wanted.words[pair.second]
        steps = [
            end - start
            for name, _ in one.stems
            for start, this in enumerate(oracle.words(doc, name, exact=False))
            for end, that in enumerate(oracle.words(doc, name, exact=False))
            if (this, that) == (one.stems[0][1], other.stems[0][1])
        ]
        total += pair.phrase * (1 in steps)
        total += wanted.near * any(0 < abs(step) <= wanted.within for step in steps)
    return total


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Archive]:
    """One segment of many articles, and several with deleted ones."""
    from searchapp.columnar import ColumnarIndex, FacetIndex

    from .conftest import FACETS, ORDER, SIMPLE, schema

    made = []
    for seed, per_segment in ((1, 600), (2, 170)):
        index = ColumnarIndex.create(tmp_path_factory.mktemp("near"), schema(), order=ORDER)
        archive = Archive(index, FacetIndex({name: (name,) for name in FACETS}, forms=SIMPLE.forms))
        docs = random_docs(seed, 600, longest=20)
        for start in range(0, len(docs), per_segment):
            archive.add(docs[start : start + per_segment], merge=False)
        if seed == 2:
            archive.delete(*(doc.id for doc in docs[::5]), merge=False)
        made.append(archive)
    return made


@settings(max_examples=80, deadline=None)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    every=st.booleans(),
    which=st.integers(0, 1),
    fields=st.sampled_from([FIELDS, FIELDS[:1], FIELDS[1:]]),
    sort=st.sampled_from(["score", "score", "newest"]),
    page=st.integers(0, 3),
    limit=st.integers(1, 30),
    pure=st.booleans(),
)
def test_a_page_is_the_one_of_scores_that_are_worked_out_for_all_articles(
    archives: list[Archive],
    words: list[str],
    every: bool,
    which: int,
    fields: tuple[tuple[str, int], ...],
    sort: str,
    page: int,
    limit: int,
    pure: bool,
) -> None:
    archive = archives[which]
    archive.index.view().cache.clear()
    tree = (wq.And if every else wq.Or)([TermIn(stem(word), fields) for word in words])
    wanted = typed(words, tuple(name for name, _ in fields))
    expected = archive.oracle().found(tree)
    total = len(expected)
    expected = {name: score + added(archive, archive.docs[name], wanted) for name, score in expected.items()}
    ranked = archive.oracle().ranked(expected, sort)[page * limit :][:limit]
    with pytest.MonkeyPatch.context() as patch:
        if pure:
            patch.setattr(compiled, "steps", reference)
        answer, ids = archive.ask(tree, sort=sort, offset=page * limit, limit=limit, preferences=wanted)
    assert answer.total == total
    assert ids == ranked
    assert [hit.score for hit in answer.hits[0]] == [expected[name] for name in ids]


@given(
    scores=st.lists(st.integers(0, 20), min_size=1, max_size=120),
    more=st.lists(st.sampled_from([0, 0, 0, 1, 2, 5]), min_size=120, max_size=120),
    count=st.integers(1, 12),
)
def test_no_article_is_passed_over_that_what_is_added_brings_onto_the_page(
    scores: list[int], more: list[int], count: int
) -> None:
    docs, given_scores = np.arange(len(scores)) * 3, np.array(scores, np.float32)
    asked: list[int] = []

    def adds(chosen: np.ndarray) -> np.ndarray:
        asked.append(len(chosen))
        return np.array(more, float)[chosen // 3]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "MANY", 5)
        found, sums = best_by_sum(docs, given_scores, np.arange(400)[::-1], count, most=5, added=adds)
    whole = sorted(((-(score + more[place]), -place * 3) for place, score in enumerate(scores)))[:count]
    assert list(zip((-sums).tolist(), (-found).tolist(), strict=True)) == whole


def test_what_is_added_is_asked_of_few(make_archive: Callable[..., Archive]) -> None:
    scores = np.linspace(0, 10, 5000, dtype=np.float32)
    asked: list[int] = []

    def adds(chosen: np.ndarray) -> np.ndarray:
        asked.append(len(chosen))
        return np.zeros(len(chosen))

    best_by_sum(np.arange(5000), scores, np.arange(5000), 10, most=1.0, added=adds)
    assert sum(asked) < 700


def test_where_occurrences_start_is_told_by_sums_of_blocks(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings_module, "LONG", 40)
    docs = random_docs(7, 500, longest=30)
    archive = make_archive([*docs, Doc("long", body="oil " * 700)], per_segment=300)
    archive.index.optimize()
    (segment,) = archive.index.view().segments
    text = segment.data.text("body")
    assert text is not None
    assert "body.sums" in segment.data.file
    told = 0
    for number in range(len(text.stems)):
        docs_of, tf = segment.postings("body", number)
        sums = text.postings.sums(number)
        assert tf is not None
        assert (sums is None) == (len(docs_of) < 40)
        if sums is not None:
            assert sums.tolist() == np.cumsum(tf, dtype=int)[31::32].tolist()
            told += 1
    assert told
