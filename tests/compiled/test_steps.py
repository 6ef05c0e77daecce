"""The compiled helper and its reference come to the same, to the last bit, whatever they are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp import compiled
from searchapp.compiled import Steps, reference

helper = compiled.helper()
pytestmark = pytest.mark.skipif(helper is None, reason="the helper in C was not built")

Array = Any
SIZE = 3_000
"""Articles of the segment that is made up."""
_seeds = st.integers(0, 2**32 - 1)


def both(call: Callable[[Steps], Any]) -> Any:
    """What a call gives, which must be the same from both."""
    assert helper is not None
    ours, theirs = call(helper), call(reference)
    assert_same(ours, theirs)
    return theirs


def assert_same(ours: Any, theirs: Any) -> None:
    if isinstance(theirs, np.ndarray):
        assert ours.dtype == theirs.dtype
        assert ours.tobytes() == theirs.tobytes()
    elif isinstance(theirs, (tuple, list)):
        assert type(ours) is type(theirs)
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert_same(one, other)
    else:
        assert ours == theirs


def some(chance: np.random.Generator, *, size: int = SIZE, least: int = 0) -> Array:
    """int64: some of the articles, ascending; few or many."""
    share = chance.choice([0.001, 0.02, 0.3, 0.95])
    found = np.flatnonzero(chance.random(size) < share)
    return found if len(found) >= least else np.sort(chance.choice(size, least, replace=False)).astype(np.int64)


def frequencies(chance: np.random.Generator, count: int) -> Array | None:
    kind = chance.choice([None, np.uint8, np.uint16, np.uint32])
    if kind is None:
        return None
    most = int(chance.choice([2, 9, 200, 255 if kind is np.uint8 else 60_000]))
    return chance.integers(1, most + 1, count).astype(kind)


def norms_for(chance: np.random.Generator) -> Array:
    return 1.5 * (0.25 + 0.75 * chance.random(256) * 4)


@given(_seeds)
def test_gaps_become_articles(seed: int) -> None:
    chance = np.random.default_rng(seed)
    kind = chance.choice([np.uint8, np.uint16, np.uint32])
    gaps = chance.integers(0, np.iinfo(kind).max, int(chance.integers(0, 300)), dtype=kind)
    first = int(chance.integers(2))
    both(lambda steps: steps.decoded(gaps, first))


@given(_seeds)
def test_articles_of_several_fields_are_put_together(seed: int) -> None:
    chance = np.random.default_rng(seed)
    fields = []
    for _ in range(int(chance.integers(0, 4))):
        docs = some(chance)
        fields.append((docs, frequencies(chance, len(docs)), int(chance.integers(1, 4))))
    live = chance.random(SIZE) < 0.8 if chance.random() < 0.5 else None
    codes = chance.integers(0, 256, SIZE).astype(np.uint8)
    both(lambda steps: steps.holders(tuple(fields), live, codes))


@given(_seeds)
def test_sets_are_intersected_and_taken_away(seed: int) -> None:
    chance = np.random.default_rng(seed)
    docs, sets = some(chance), tuple(some(chance) for _ in range(int(chance.integers(0, 4))))
    kept = both(lambda steps: steps.in_all(docs, sets))
    assert kept.tolist() == sorted(set(docs.tolist()).intersection(*(s.tolist() for s in sets)))
    left = both(lambda steps: steps.in_none(docs, sets))
    assert left.tolist() == sorted(set(docs.tolist()).difference(*(s.tolist() for s in sets)))


@given(_seeds)
def test_a_word_scores_the_same(seed: int) -> None:
    chance = np.random.default_rng(seed)
    docs = some(chance)
    codes = chance.integers(0, 256, SIZE).astype(np.uint8)
    held, keys, _ = reference.holders(((docs, frequencies(chance, len(docs)), 2),), None, codes)
    asked = held if chance.random() < 0.3 else held[chance.random(len(held)) < chance.random()]
    idf, norms = float(chance.random() * 12), norms_for(chance)
    scores = both(lambda steps: steps.word_scores(held, keys, idf, norms, asked))
    assert (scores * 2**14 == np.rint(scores * 2**14)).all()


@settings(max_examples=30)
@given(_seeds)
def test_numbers_that_point_outside_are_an_error_and_no_crash(seed: int) -> None:
    assert helper is not None
    chance = np.random.default_rng(seed)
    docs, codes = some(chance, least=3), np.zeros(SIZE, np.uint8)
    broken = docs.copy()
    broken[int(chance.integers(len(docs)))] = int(chance.choice([-1, SIZE, 2**40, -(2**62)]))
    with pytest.raises(IndexError):
        helper.holders(((broken, None, 1),), None, codes)
    with pytest.raises(IndexError):
        helper.holders(((docs, np.ones(len(docs) - 1, np.uint8), 1),), None, codes)
    with pytest.raises(IndexError):
        helper.word_scores(docs, np.zeros(len(docs) - 1, np.uint16), 1.0, norms_for(chance), docs)
    with pytest.raises(IndexError):
        helper.word_scores(docs, np.zeros(len(docs), np.uint16), 1.0, np.ones(255), docs)


@pytest.mark.parametrize("wrong", [np.zeros(4, np.float64), np.zeros((2, 2), np.int64), np.zeros(8, np.int32)[::2]])
def test_arrays_of_another_kind_are_refused(wrong: Array) -> None:
    assert helper is not None
    with pytest.raises((TypeError, ValueError, BufferError)):
        helper.in_all(wrong, ())


def test_a_helper_from_other_sources_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "REVISION", -1)
    assert compiled.helper() is None
