"""Words: where they are, what they fold to, what they share."""

from __future__ import annotations

import time
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.engines.whoosh.schema import ENGLISH
from searchapp.language.stemming import stem
from searchapp.language.words import (
    COMPOUND,
    MAX_FORM_CHARS,
    MAX_PARTS,
    TOKEN,
    fold,
    forms,
    mended,
    pieces_of,
    places_of,
    query_words,
    tokens,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Armenia's Türkiye’s", ["armenia", "turkiye"]),
        ("U.S.-led U.N.H.C.R. ends.", ["u.s", "led", "unhcr", "ends"]),
        ("Nagorno-Karabakh", ["nagorno", "karabakh"]),
        ("120,000 3.5 in 2023.", ["120000", "3.5", "in", "2023"]),
        ("O'Brien L’État", ["o", "brien", "l", "etat"]),
        ("Łódź Ørsted İstanbul straße", ["lodz", "orsted", "istanbul", "strasse"]),
        ("e\u0301tat", ["etat"]),
        ("İlham Əliyev", ["ilham", "aliyev"]),
        ("Hawaiʻi ʻOkina Ukraʼina", ["hawai", "i", "okina", "ukra", "ina"]),
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
        assert 0 < len(form) <= MAX_FORM_CHARS
        assert COMPOUND not in form
        last = end


TYPED = st.lists(
    st.sampled_from("aAbU.S.WHO-\u2010'\u2019`1,0s\u00ad\u200b\n\n \t*é东_") | st.just("\n\n"), max_size=40
)


@given(st.text() | TYPED.map("".join))
def test_the_words_of_a_text_are_those_of_its_tokens_however_it_is_read(text: str) -> None:
    read = [tuple(word) for word in words(text)]
    assert [word[:3] for word in read if COMPOUND not in word[2]] == list(tokens(text))
    assert [word[2:] for word in words(mended(text))] == [word[2:] for word in read]
    # The store reads texts by itself.
    assert list(ENGLISH.read(text)) == read
    assert not any(white in token for token in TOKEN.findall(mended(text)) for white in " \t\n")


@given(TYPED.map("".join))
def test_a_compound_has_the_parts_that_follow_it_in_the_text(text: str) -> None:
    read = list(words(text))
    for word in (word for word in read if COMPOUND in word.form):
        parts = [other.form for other in read if COMPOUND not in other.form and word.start <= other.start < word.end]
        assert word.form.split(COMPOUND) == parts
        assert 2 <= len(parts) == places_of(word.form) <= MAX_PARTS
        assert stem(word.form) == stem("".join(parts))


@given(st.text() | TYPED.map("".join))
def test_what_has_a_form_holds_one_of_its_pieces(text: str) -> None:
    if not text.isascii():
        return
    for start, end, form, _ in words(text):
        shown = text[start:end].lower()
        assert any(piece in shown or piece in shown.replace(".", "") for piece in pieces_of(form)), form


def test_a_search_is_for_compounds_and_not_for_their_parts() -> None:
    assert query_words("the Nagorno-Karabakh cease-fire, $5bn d'Estaing-Smith") == (
        *("the", "nagorno-karabakh", "cease-fire", "5", "bn", "d-estaing-smith"),
    )


@pytest.mark.parametrize("piece", ["a", "a-", "a'", "1,", "1'", "U.", "\u00ad\n", "a-\n", "'80s-", "\n \n", "\u200b"])
def test_any_text_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    def taken(copies: int) -> float:
        started = time.process_time()
        deque(words(piece * copies), maxlen=0)
        return time.process_time() - started

    # The best of several: what else the process does, such as freeing what other tests left, counts in none of them.
    assert min(taken(16_000) for _ in range(4)) < 40 * max(min(taken(2_000) for _ in range(4)), 0.002)
