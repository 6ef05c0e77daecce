"""What was found is kept for the same search of the same state, and tells what looking again would tell."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.columnar import FacetAsked, HitsAsked, Question, TermIn
from searchapp.columnar.asking import answers
from searchapp.columnar.asking.executor import Executor

from .conftest import FIELDS, Archive, Doc
from .test_executor import random_docs


@pytest.fixture(scope="module")
def executors(tmp_path_factory: pytest.TempPathFactory) -> tuple[Executor, Executor]:
    """Two over the same articles."""
    from searchapp.columnar import ColumnarIndex, FacetIndex

    from .conftest import FACETS, ORDER, SIMPLE, schema

    index = ColumnarIndex.create(tmp_path_factory.mktemp("kept"), schema(), order=ORDER)
    archive = Archive(index, FacetIndex({name: (name,) for name in FACETS}, forms=SIMPLE.forms))
    for start in (0, 150):
        archive.add(random_docs(start, 150), merge=False)
    return index.executor(archive.facets), index.executor(archive.facets)


_pages = st.builds(
    HitsAsked, st.sampled_from(["score", "newest", "oldest"]), st.sampled_from([0, 3, 40, 990]), st.integers(0, 40)
)
_facets = st.lists(st.builds(FacetAsked, st.sampled_from(["places", "people"]), st.integers(0, 4)), max_size=2)
_questions = st.lists(
    st.tuples(
        st.sampled_from(["oil", "gold"]), st.lists(_pages, max_size=2), _facets, st.sampled_from(["", "published"])
    ),
    min_size=1,
    max_size=6,
)


@given(_questions, st.sampled_from([10, 1_000]))
def test_a_question_of_a_key_is_answered_as_one_without(
    executors: tuple[Executor, Executor], asked: list[tuple[str, list[HitsAsked], list[FacetAsked], str]], most: int
) -> None:
    with_key, without = executors
    with_key.view.cache.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "MOST", most)
        for word, pages, facets, timeline in asked:
            question = Question(TermIn(word, FIELDS), hits=tuple(pages), facets=tuple(facets), timeline=timeline)
            keyed = Question(
                TermIn(word, FIELDS), hits=tuple(pages), facets=tuple(facets), timeline=timeline, key=(word,)
            )
            assert with_key.search(keyed) == without.search(question)


def test_what_is_kept_is_no_work_for_the_collector_of_cycles(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc(str(number), body=f"oil word{number}") for number in range(80)])
    executor = archive.index.executor(archive.facets)

    def ask(number: int) -> None:
        asked = (FacetAsked("places"), FacetAsked("people", size=None, order="label"))
        key = ("Term", f"word{number}", ())
        question = Question(TermIn(f"word{number}", FIELDS), facets=asked, timeline="published", key=key)
        assert executor.search(question).total == 1

    for number in range(40):
        ask(number)
    gc.collect()
    before = len(gc.get_objects())
    for number in range(40, 80):
        ask(number)
    for _ in range(3):
        # A tuple is let go of once what is in it was.
        gc.collect()
    assert len(gc.get_objects()) - before < 40


def test_what_was_asked_before_is_not_looked_for_again(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_archive([Doc(str(number), body="oil " * (number + 1)) for number in range(40)])
    executor = archive.index.executor(archive.facets)

    def ask(size: int) -> list[int]:
        question = Question(
            TermIn("oil", FIELDS), hits=(HitsAsked(limit=size),), facets=(FacetAsked("places"),), key=("oil",)
        )
        return [hit.docnum for hit in executor.search(question).hits[0]]

    first = ask(10)
    looked: list[object] = []
    look = Executor._matches
    monkeypatch.setattr(Executor, "_matches", lambda *given: looked.append(given) or look(*given))
    assert ask(7) == first[:7]
    assert ask(30)[:10] == first
    assert not looked
    archive.add([Doc("new", body="oil")])
    executor = archive.index.executor(archive.facets)
    assert len(ask(50)) == 41
    assert looked
