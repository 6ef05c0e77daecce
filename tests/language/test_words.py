"""Words: where they are, what they fold to, what they share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.language.words import MAX_FORM_CHARS, fold, forms, stem, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Armenia's Türkiye’s", ["armenia", "turkiye"]),
        ("U.S.-led U.N.H.C.R. ends.", ["u.s", "led", "u.n.h.c.r", "ends"]),
        ("Nagorno-Karabakh", ["nagorno", "karabakh"]),
        ("120,000 3.5 in 2023.", ["120,000", "3.5", "in", "2023"]),
        ("O'Brien L’État", ["o'brien", "l'etat"]),
        ("Łódź Ørsted İstanbul straße", ["lodz", "orsted", "istanbul", "strasse"]),
        ("e\u0301tat", ["etat"]),
        ("İlham Əliyev", ["ilham", "aliyev"]),
        ("Hawaiʻi ʻOkina Ukraʼina", ["hawai'i", "okina", "ukra'ina"]),
        ("東京", ["東", "京"]),
        ("हिन्दी", ["हिनदी"]),
        ("snake_case a@b", ["snake", "case", "a", "b"]),
        ("— … !", []),
    ],
)
def test_forms(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


def test_forms_of_one_word_share_a_stem() -> None:
    assert stem(fold("Elections")) == stem(fold("elected"))


@given(st.text())
def test_tokens_are_where_they_say(text: str) -> None:
    last = 0
    for start, end, form in tokens(text):
        assert last <= start < end <= len(text)
        assert form == fold(text[start:end])
        assert 0 < len(form) <= MAX_FORM_CHARS
        last = end
