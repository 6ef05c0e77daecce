"""Words are numbered as reading every text token by token would number them."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searchapp.columnar.schema.analysis import Analysis
from searchapp.columnar.writing import vocabulary as vocabulary_module
from searchapp.columnar.writing.vocabulary import Vocabulary

WORDS = Analysis(
    "words",
    re.compile(r"\d+(?:[.,]\d+)+|\w+(?:'\w+)*"),
    lambda token: "" if token == "nothing" else token.lower(),
    lambda form: form[:3],
)
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="ab' 1.,\n\t\x1f\u00a0é", max_size=60),
        st.sampled_from(["", " ", "nothing at all", "x" * 200 + " y", "a b " * 40, "\ud800 lone"]),
    ),
    max_size=12,
)


@given(batches=st.lists(TEXTS, min_size=1, max_size=4))
def test_words_are_numbered_as_reading_each_text_would(batches: list[list[str]]) -> None:
    vocabulary = Vocabulary(WORDS)
    for texts in batches:
        numbers, counts = vocabulary.encode(texts)
        assert counts.tolist() == [len(WORDS.forms(text)) for text in texts]
        forms = [vocabulary.forms[number] for number in numbers.tolist()]
        assert forms == [form for text in texts for form in WORDS.forms(text)]
        stems = [vocabulary.stems[vocabulary.stem_of_form[number]] for number in numbers.tolist()]
        assert stems == [form[:3] for form in forms]


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
    assert np.array_equal(first, np.arange(30_000))
    assert np.array_equal(first, again)


def test_clearing_starts_the_numbers_again() -> None:
    vocabulary = Vocabulary(WORDS)
    vocabulary.encode(["one two"])
    vocabulary.clear()
    assert len(vocabulary) == 1
    numbers, _ = vocabulary.encode(["two one"])
    assert [vocabulary.forms[number] for number in numbers.tolist()] == ["two", "one"]
