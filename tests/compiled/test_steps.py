"""The compiled helper and its reference come to the same, to the last bit, whatever they are given."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp import compiled
from searchapp.compiled import Nearness, Numbers, Spots, Steps, reference, taken
from searchapp.compiled.contract import SPACE, STEP
from searchapp.engines.snippets import Marker
from searchapp.entities.recognising.tokens import kinds_of
from searchapp.language.words import words
from searchapp.model.frozen import slots_of
from searchapp.model.result import FacetValue, Snippet
from searchapp.parsing import parse

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


def packed(chance: np.random.Generator, values: Array) -> Numbers:
    """The values as they are, or packed where they fit."""
    most = int(values.max(initial=0))
    if most > 0xFFF or chance.random() < 0.3:
        return values
    first = int(chance.integers(2))
    low = (values & 0xFF).astype(np.uint8) if most > 15 else None
    high = np.concatenate([np.zeros(first, np.uint8), (values >> 8 if most > 15 else values).astype(np.uint8), [0]])
    high = high[: len(high) // 2 * 2]
    return low, (high[::2] | high[1::2] << 4).astype(np.uint8), first, len(values)


@given(_seeds)
def test_packed_numbers_come_back(seed: int) -> None:
    chance = np.random.default_rng(seed)
    values = chance.integers(0, int(chance.choice([2, 16, 300, 4_096])), int(chance.integers(0, 50))).astype(np.uint16)
    numbers = packed(chance, values)
    places = np.flatnonzero(chance.random(len(values)) < 0.4)
    assert taken(numbers, places).tolist() == values[places].tolist()
    if isinstance(numbers, tuple):
        low, halves, first, count = numbers
        assert both(lambda steps: steps.unpacked(low, halves, first, count)).tolist() == values.tolist()
        for broken in (
            (low, halves, 1 - first, 2 * len(halves) + 1),
            (np.zeros(count + 1, np.uint8), halves, first, count),
        ):
            for steps in (helper, reference):
                with pytest.raises(IndexError):
                    steps.unpacked(*broken)  # type: ignore[union-attr]


def spots(chance: np.random.Generator) -> Spots | None:
    """Where a stem stands in some of the articles."""
    docs = some(chance, least=1)
    tf = frequencies(chance, len(docs))
    if tf is not None:
        tf = np.minimum(tf, int(chance.choice([1, 3, 80]))).astype(tf.dtype)
    counts = np.ones(len(docs), int) if tf is None else tf.astype(int)
    if counts.sum() > 200_000 or chance.random() < 0.1:
        return None
    longest = int(counts.max() * chance.choice([1, 3, 30]))
    places = [np.sort(chance.choice(longest, count, replace=False)) for count in counts.tolist()]
    positions = np.concatenate(places).astype(chance.choice([np.uint8, np.uint16]) if longest < 256 else np.uint16)
    forms = chance.integers(0, 3, len(positions)).astype(np.uint8) if chance.random() < 0.6 else None
    sums = np.cumsum(tf, dtype=np.int64)[31::32].astype(np.uint32) if tf is not None and chance.random() < 0.5 else None
    own = None if forms is None else packed(chance, forms)
    return docs, tf, packed(chance, positions), own, int(chance.integers(-1, 3)), sums


def nearness(chance: np.random.Generator) -> tuple[Nearness, float]:
    """What may be added, and the most that it can be."""
    words, fields = int(chance.integers(1, 4)), int(chance.integers(1, 3))
    pairs = tuple(
        (int(chance.integers(words)), int(chance.integers(words)), float(chance.integers(1, 4)) / 4)
        for _ in range(int(chance.integers(0, 3)))
    )
    stems = tuple(tuple(spots(chance) for _ in range(words)) for _ in range(fields))
    if not pairs:
        # Then nobody asks where the words stand.
        stems = tuple(tuple(stem and (*stem[:2], None, *stem[3:]) for stem in own) for own in stems)
    most = words * 0.125 + sum(phrase + 0.25 for _, _, phrase in pairs)
    return (stems, pairs, 0.125, 0.25, int(chance.integers(1, 9))), most


@settings(max_examples=60)
@given(_seeds)
def test_what_stands_together_adds_the_same(seed: int) -> None:
    chance = np.random.default_rng(seed)
    wanted, most = nearness(chance)
    docs = some(chance)
    more = both(lambda steps: steps.added(docs, wanted))
    assert (more <= most).all()


@settings(max_examples=120)
@given(_seeds)
def test_the_best_are_those_of_all_sums_sorted(seed: int) -> None:
    chance = np.random.default_rng(seed)
    wanted, most = nearness(chance)
    docs = some(chance)
    kind = np.float32 if chance.random() < 0.7 else np.float64
    levels = int(chance.choice([1, 4, 400, 1 << 17]))
    scores = (chance.integers(0, levels, len(docs)) * STEP).astype(kind)
    ranks = chance.permutation(SIZE).astype(np.int32 if chance.random() < 0.5 else np.int64)
    count = int(chance.choice([0, 1, 10, 100, 5_000]))
    if chance.random() < 0.3:
        most = 0.0
    given_scores = None if not most and chance.random() < 0.4 else scores
    chosen, sums = both(lambda steps: steps.best(docs, given_scores, ranks, count, most, wanted))
    whole = np.zeros(len(docs)) if given_scores is None else scores.astype(float)
    whole = whole + (reference.added(docs, wanted) if most else 0.0)
    order = np.lexsort((ranks[docs], -whole))[:count]
    assert chosen.tolist() == docs[order].tolist()
    assert sums.tolist() == whole[order].tolist()


@given(_seeds)
def test_labels_of_several_facets_are_counted_at_once(seed: int) -> None:
    chance = np.random.default_rng(seed)
    facets = int(chance.integers(0, 4))
    sizes = chance.choice([1, 5, 300, 40_000], facets)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    widths = chance.integers(0, 4, SIZE)
    starts = np.concatenate([[0], np.cumsum(widths)]).astype(np.uint32)
    kind = np.uint32 if offsets[-1] > 60_000 else np.uint16
    labels = chance.integers(0, max(1, offsets[-1]), int(starts[-1]) if facets else 0).astype(kind)
    if not facets:
        starts[:] = 0
    docs = some(chance)
    both(lambda steps: steps.label_counts(docs, starts, labels, offsets))


@given(_seeds)
def test_numbers_of_a_column_are_counted(seed: int) -> None:
    chance = np.random.default_rng(seed)
    size = int(chance.choice([0, 1, 40, 5_000]))
    codes = chance.integers(0, size + 1, SIZE).astype(np.uint8 if size < 255 else np.uint16)
    docs = some(chance)
    both(lambda steps: steps.code_counts(docs, codes, size))


@given(st.lists(st.integers(-3, 12)), st.integers(-1, 90))
def test_the_highest_counts_come_first_and_equal_ones_by_place(counts: list[int], wanted: int) -> None:
    found = both(lambda steps: steps.highest(np.array(counts, np.int64), wanted))
    order = sorted(range(len(counts)), key=lambda place: (-counts[place], place))
    assert found.tolist() == order[: max(0, wanted)]


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 100))).map(sorted))
def test_equal_values_are_added_up(pairs: list[tuple[int, int]]) -> None:
    values, counts = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    found = both(lambda steps: steps.added_up(values, counts))
    assert dict(zip(*(part.tolist() for part in found), strict=True)) == {
        value: sum(count for other, count in pairs if other == value) for value, _ in pairs
    }


@given(st.sets(st.binary(max_size=4)), st.binary(max_size=4))
def test_a_word_is_found_in_a_sorted_table(words: set[bytes], word: bytes) -> None:
    table = sorted(words)
    lengths = np.array([len(one) + 1 for one in table], np.int64)
    ends = (np.cumsum(lengths) - 1).astype(np.uint16)
    found = both(lambda steps: steps.find_word(ends, b"\n".join(table), word))
    assert found == table.index(word) if word in words else ~found == sum(one < word for one in table)


_pieces = st.lists(
    st.sampled_from(["oil", "Oil's", "OILS", "price", "U.S.", "U.S", "3.5", "1,000", "12a", "o'brien", "x" * 70])
    | st.sampled_from(
        [" ", " ", " ", "\n", "\n\n", "\t", ". ", '." ', "! ", "?", "'", "-", "\x1c", "filler text here "]
    )
    | st.sampled_from(
        [
            "cease-fire",
            "ceasefire",
            "cease-\nfire",
            "US",
            "us",
            "'80s",
            "1980s",
            "5bn",
            "d'Oil",
            "USA's",
            "`90s",
            "O-il",
        ]
    )
    | st.text(st.characters(max_codepoint=127), max_size=3),
    max_size=400,
)
_asked = st.lists(
    st.sampled_from(
        ["oil", "prices", "u.s.", "3.5", "12a", "o'brien", "filler", "x" * 70, "zebra", "US", "ceasefire", "1980"]
    ),
    max_size=3,
)


@settings(max_examples=150)
@given(_pieces, _asked)
def test_passages_are_those_of_the_rules_of_all_engines(pieces: list[str], asked: list[str]) -> None:
    text = "".join(pieces)
    query = parse(" ".join(asked))[0]
    marker = Marker(query, frozenset(word.form for word in words(f"{text} {' '.join(asked)}")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "steps", helper)
        (ours,) = marker.snippets([text])
        assert compiled.steps.passages(("oil",), ((b"oil", 0),), {}, 1, 700, 240) == (("oil", ((0, 3),)),)
    assert ours == Marker(query).snippet(text)


def test_texts_of_other_letters_are_left_to_the_caller() -> None:
    assert helper is not None
    assert helper.passages(("Ölpreis", "\ud800", ""), ((b"oil", 0),), {}, 1, 700, 240)[:2] == (None, None)


@settings(max_examples=40)
@given(_seeds)
def test_what_a_damaged_file_says_of_occurrences_is_an_error_and_no_crash(seed: int) -> None:
    assert helper is not None
    chance = np.random.default_rng(seed)
    docs = some(chance, least=5)
    tf = np.full(len(docs), 2, np.uint8)
    positions = np.arange(2 * len(docs), dtype=np.uint16)
    far = np.full(len(docs) // 32 + 1, 2**31, np.uint32)
    broken: list[Spots] = [
        (docs, tf, positions[:-1], None, 0, None),
        (docs, tf, positions, np.zeros(3, np.uint8), 0, None),
        (docs, tf[:-1], positions, None, 0, None),
        (docs, tf, (None, np.zeros(len(docs), np.uint8), 1, 2 * len(docs)), None, 0, None),
        (docs, np.full(len(docs), 2**31, np.uint32), positions, None, 0, None),
    ]
    if len(docs) > 70:
        broken += [(docs, tf, positions, None, 0, far), (docs, tf, positions, None, 0, far[:0])]
    for one in broken:
        asked = docs if len(broken) < 6 else docs[-1:]
        with pytest.raises(IndexError):
            helper.added(asked, (((one, one),), ((0, 1, 0.5),), 0.125, 0.25, 3))
    with pytest.raises(IndexError):
        helper.added(docs, (((broken[0],),), ((0, 7, 0.5),), 0.125, 0.25, 3))
    without = (docs, tf, None, None, 0, None)
    with pytest.raises(TypeError):
        helper.added(docs, (((without, without),), ((0, 1, 0.5),), 0.125, 0.25, 3))
    with pytest.raises(IndexError):
        helper.best(docs, None, np.zeros(3, np.int32), 10, 0.0, None)
    with pytest.raises(IndexError):
        helper.best(docs, np.zeros(len(docs) - 1, np.float32), np.zeros(SIZE, np.int32), 10, 0.0, None)
    starts = np.zeros(SIZE + 1, np.uint32)
    starts[1:] = 10
    offsets = np.array([0, 4], np.int64)
    with pytest.raises(IndexError):
        helper.label_counts(np.array([0]), starts, np.zeros(9, np.uint16), offsets)
    with pytest.raises(IndexError):
        helper.label_counts(np.array([0]), starts, np.full(10, 4, np.uint16), offsets)
    with pytest.raises(IndexError):
        helper.label_counts(np.array([SIZE]), starts, np.zeros(10, np.uint16), offsets)
    with pytest.raises(IndexError):
        helper.label_counts(docs, starts, np.zeros(10, np.uint16), np.array([0, 5, 4]))
    with pytest.raises(IndexError):
        helper.code_counts(np.array([-1]), np.zeros(4, np.uint8), 3)
    with pytest.raises(IndexError):
        helper.code_counts(np.array([0]), np.full(4, 9, np.uint8), 3)
    with pytest.raises(IndexError):
        helper.find_word(np.array([9], np.uint8), b"short", b"s")


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


def test_the_revision_of_the_sources_is_that_of_the_package(repository: Path) -> None:
    source = (repository / "searchapp" / "compiled" / "source" / "module.c").read_text(encoding="utf-8")
    assert f"#define REVISION {compiled.REVISION}\n" in source


def test_the_helper_has_every_step() -> None:
    steps = {name for name in vars(Steps) if not name.startswith("_")}
    assert steps == set(reference.__all__)
    assert all(hasattr(helper, name) for name in steps)


_record = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.binary(max_size=9)), max_size=6)


@given(_record, st.lists(st.integers(-1, 6), max_size=4).map(tuple), st.integers(-1, 3), st.integers(0, 9))
def test_a_record_is_taken_apart_or_refused(
    fields: list[tuple[int, int, bytes]], wanted: tuple[int, ...], before: int, cut: int
) -> None:
    record = b"".join(struct.pack("<HBI", number, kind, len(data)) + data for number, kind, data in fields)
    block = b"x" * max(0, before) + record + b"x" * 3
    stop = before + len(record) - (cut if cut < 3 else 0) + (9 if cut == 9 else 0)

    def taken(steps: Steps) -> Any:
        try:
            return steps.fields_of(block, before, stop, wanted)
        except IndexError:
            return "refused"

    assert helper is not None
    assert taken(helper) == taken(reference)
    if before >= 0 and 3 <= cut < 9:
        own = {number: data for number, kind, data in fields if not kind}
        assert taken(helper) == tuple(own.get(number) for number in wanted)


@given(st.lists(st.tuples(st.text(), st.integers(), st.booleans())))
def test_values_are_made_as_their_class_makes_them(rows: list[tuple[str, int, bool]]) -> None:
    labels, counts, chosen = ([row[place] for row in rows] for place in range(3))
    made = both(lambda steps: steps.instances(FacetValue, slots_of(FacetValue), (labels, labels, counts, chosen)))
    assert made == tuple(FacetValue(label, label, count, flag) for label, count, flag in rows)
    assert helper is not None
    with pytest.raises(ValueError, match="lengths"):
        helper.instances(FacetValue, slots_of(FacetValue), (["a"], [], [], []))
    with pytest.raises(TypeError):
        helper.instances(FacetValue, slots_of(FacetValue)[:1], ())
    with pytest.raises(TypeError):
        helper.instances(FacetValue, slots_of(Snippet), (["a"], ["b"]))


def matrix(chance: np.random.Generator, rows: int, width: int) -> Array:
    return chance.normal(size=rows * width).astype(np.float32)


@given(seed=_seeds)
@settings(max_examples=60, deadline=None)
def test_rows_are_added_alike(seed: int) -> None:
    chance = np.random.default_rng(seed)
    width, sources, targets = (int(number) for number in chance.integers(1, 20, 3))
    table, sums = matrix(chance, sources, width), matrix(chance, targets, width)

    def added_to(steps: Steps, rows: Array, places: Array | None, each: int) -> Array:
        copy = sums.copy()
        steps.add_rows(copy, table, rows, places, width, each)
        return copy

    each = int(chance.integers(1, 9))
    rows = chance.integers(0, sources, targets * each).astype(chance.choice([np.int32, np.int64]))
    both(lambda steps: added_to(steps, rows, None, each))
    places = chance.integers(0, targets, len(rows))
    found = both(lambda steps: added_to(steps, rows, places, 1))
    by_hand = sums.reshape(-1, width).copy()
    for row, place in zip(rows, places, strict=True):
        by_hand[place] += table.reshape(-1, width)[row]
    assert found.tobytes() == by_hand.tobytes()


@given(seed=_seeds)
@settings(max_examples=60, deadline=None)
def test_stretches_of_rows_are_summed_alike(seed: int) -> None:
    chance = np.random.default_rng(seed)
    width, sources, most = (int(number) for number in chance.integers(1, 20, 3))
    table = matrix(chance, sources, width)
    rows = chance.integers(0, sources, int(chance.integers(0, 200)))
    firsts = np.flatnonzero(chance.random(len(rows)) < chance.choice([0.02, 0.3, 1]))
    both(lambda steps: steps.stretch_sums(table, rows, firsts, width, most))


@pytest.mark.parametrize("steps", [reference, helper], ids=["reference", "helper"])
def test_rows_outside_of_a_matrix_are_refused(steps: Steps) -> None:
    table, sums = np.zeros(6, np.float32), np.zeros(4, np.float32)
    one = np.array([1])
    for row in (-1, 3):
        with pytest.raises(IndexError):
            steps.add_rows(sums, table, np.array([row]), one, 2, 1)
        with pytest.raises(IndexError):
            steps.stretch_sums(table, np.array([row]), np.array([0]), 2, 9)
    for place in (-1, 2):
        with pytest.raises(IndexError):
            steps.add_rows(sums, table, one, np.array([place]), 2, 1)
    with pytest.raises(IndexError):
        steps.stretch_sums(table, one, np.array([1]), 2, 9)
    with pytest.raises(ValueError, match="rising"):
        steps.stretch_sums(table, np.array([0, 1, 2]), np.array([1, 0]), 2, 9)
    with pytest.raises(ValueError, match="place"):
        steps.add_rows(sums, table, np.array([0, 1, 2]), None, 2, 1)
    with pytest.raises(ValueError):  # noqa: PT011 - either says it in its own words
        steps.add_rows(sums, sums, np.array([0, 1]), None, 2, 1)


_SIGNS = "Uu.S.s'’&,-Co-op O.K. 3.5,0 \t\n\r é ß İ 中 ́ \u00ad_\x00\ud800\udfff\U0001f600$@/:"
_written = st.lists(
    st.one_of(
        st.text(_SIGNS, max_size=12),
        st.text(st.characters(), max_size=4),
        st.sampled_from(
            ["U.S.", "Co-op", "O'Neill's", "AT&T", "U.S.'s", "a.B", "x.com", "J.K.", "'s", "...", "1,000.5"]
        ),
    ),
    max_size=12,
).map("".join)


@given(text=_written, base=st.integers(0, 2**63).map(lambda half: 2 * half + 1 & (1 << 64) - 1), seed=_seeds)
@settings(max_examples=400, deadline=None)
def test_texts_are_cut_into_the_same_tokens(text: str, base: int, seed: int) -> None:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = kinds_of(codes)
    starts, ends = both(lambda steps: steps.token_bounds(codes, kinds))
    assert (starts < ends).all()
    assert (starts[1:] >= ends[:-1]).all()
    both(lambda steps: steps.token_shapes(codes, kinds, starts, ends))
    values = np.random.default_rng(seed).integers(0, 2**64, 300, np.uint64)
    both(lambda steps: steps.hash_sums(codes, values, base))
    # Whatever a character is said to be, beside a space.
    odd = np.random.default_rng(seed).integers(0, 256, len(codes)).astype(np.uint8) & ~np.uint8(SPACE)
    odd[kinds & SPACE > 0] = SPACE
    starts, ends = both(lambda steps: steps.token_bounds(codes, odd))
    both(lambda steps: steps.token_shapes(codes, odd, starts, ends))


@pytest.mark.parametrize("steps", [reference, helper], ids=["reference", "helper"])
def test_tokens_outside_of_a_text_are_refused(steps: Steps) -> None:
    codes, kinds = np.zeros(3, np.uint32), np.zeros(3, np.uint8)
    for start, end in [(-1, 2), (0, 4), (2, 2), (3, 2)]:
        with pytest.raises(IndexError):
            steps.token_shapes(codes, kinds, np.array([start]), np.array([end]))
