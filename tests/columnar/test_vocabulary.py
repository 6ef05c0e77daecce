"""Words are numbered as reading every text token by token would number them."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searchapp.columnar.schema.analysis import Analysis
from searchapp.columnar.writing import vocabulary as vocabulary_module
from searchapp.columnar.writing.vocabulary import EMPTY_LINE, Vocabulary


def words_of(token: str) -> list[tuple[int, int, str]]:
    parts = [(part.start(), part.end(), part.group().lower()) for part in re.finditer(r"[^-]+", token)]
    kept = [part for part in parts if part[2] != "nothing"]
    if len(kept) == 2:
        kept.insert(1, (kept[0][0], kept[1][1], f"{kept[0][2]}-{kept[1][2]}"))
    return kept


WORDS = Analysis(
    "words",
    re.compile(r"\d+(?:[.,]\d+)+|\w+(?:['-]\w+)*"),
    words_of,
    lambda form: form.replace("-", "")[:3],
    lambda text: text.replace("-\n", "-"),
)
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="ab-' 1.,\n\t\x1f\u00a0é", max_size=60),
        st.sampled_from(
            ["", " ", "nothing at all", "x" * 200 + " y", "a b " * 40, "\ud800 lone", "\n\n", "a-\n", "\n \n"]
        ),
    ),
    max_size=12,
)


@given(batches=st.lists(TEXTS, min_size=1, max_size=4))
def test_words_are_numbered_as_reading_each_text_would(batches: list[list[str]]) -> None:
    vocabulary = Vocabulary(WORDS)
    for texts in batches:
        numbers, counts = vocabulary.encode(texts)
        for text, own in zip(texts, np.split(numbers, np.cumsum(counts))[: len(texts)], strict=True):
            places = np.cumsum([vocabulary.steps[number] for number in own.tolist()]) - 1
            held = [(vocabulary.forms[n], p) for n, p in zip(own.tolist(), places.tolist(), strict=True) if n]
            read = [(form, place) for _, _, form, place in WORDS.read(WORDS.mended(text))]
            assert held == read
        words = numbers[numbers != EMPTY_LINE].tolist()
        stems = [vocabulary.stems[vocabulary.stem_of_form[number]] for number in words]
        assert stems == [WORDS.stem(vocabulary.forms[number]) for number in words]


def test_texts_longer_than_a_slice_are_read_like_others() -> None:
    size = vocabulary_module.SLICE_BYTES
    texts = ["word " * (size // 3), "x" * (size + 10) + " end", "more words and more"]
    vocabulary = Vocabulary(WORDS)
    for _ in range(2):
        numbers, counts = vocabulary.encode(texts)
        assert counts.tolist() == [size // 3, 2, 4]
        assert [vocabulary.forms[n] for n in numbers[-6:].tolist()] == [
            "x" * (size + 10),
            "end",
            "more",
            "words",
            "and",
            "more",
        ]


def test_ten_thousands_of_different_words_keep_their_numbers() -> None:
    vocabulary = Vocabulary(WORDS)
    text = " ".join(f"w{number}" for number in range(30_000))
    first, _ = vocabulary.encode([text])
    again, _ = vocabulary.encode([text])
    assert np.array_equal(first, np.arange(1, 30_001))
    assert np.array_equal(first, again)


def test_clearing_starts_the_numbers_again() -> None:
    vocabulary = Vocabulary(WORDS)
    vocabulary.encode(["one two"])
    vocabulary.clear()
    assert len(vocabulary) == 3
    numbers, _ = vocabulary.encode(["two one"])
    assert [vocabulary.forms[number] for number in numbers.tolist()] == ["two", "one"]
