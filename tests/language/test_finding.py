"""Words are found where reading every token finds them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from searchapp.language.finding import WordFinder
from searchapp.language.words import words

ACCENTED = re.compile(r"\d+(?:[.,]\d+)+|\w+(?:['’]\w+)*")


def form_of(token: str) -> str:
    return token.lower().replace("é", "e").replace("’", "'").removesuffix("'s")


def words_in(token: str) -> list[tuple[int, int, str]]:
    return [(0, len(token), form_of(token))]


def found_in(text: str, forms: set[str]) -> list[tuple[int, int, str]]:
    return WordFinder(forms, token=ACCENTED, words=words_in, pieces=lambda form: [form.split("'")[0]]).find(text)


TEXTS = st.text(alphabet="aAbBeéÉ.,'’ \n3İ-“", max_size=60)


@given(text=TEXTS, forms=st.sets(st.sampled_from(["a", "ab", "b", "e", "ee", "a'b", "3.3", "3", "ba"]), max_size=4))
def test_words_are_found_where_reading_every_token_finds_them(text: str, forms: set[str]) -> None:
    expected = [(*token.span(), form) for token in ACCENTED.finditer(text) if (form := form_of(token.group())) in forms]
    assert found_in(text, forms) == expected
    many = forms | {f"never{n}" for n in range(60)}
    assert found_in(text, many) == expected


@given(
    text=st.lists(
        st.sampled_from(["cease-fire", "Cease\u2010Fire", "cease-\nfire", "U.N.", "un", "UN", "US", "U.S", "120,000"])
        | st.sampled_from(
            ["120000", "d'Estaing", "l`état", "'80s", "1980s", "$5bn", "pash\u00adinyan", "F-16", "b\ufeffa"]
        )
        | st.sampled_from(["\n\n", "\u2014", "(", "don't", "don\u02bct", "x" * 80]),
        max_size=12,
    ),
    space=st.sampled_from(["", " ", "\n"]),
    forms=st.sets(
        st.sampled_from(["cease-fire", "fire", "un", "u.s", "120000", "d-estaing", "estaing", "1980s", "5", "bn"])
        | st.sampled_from(["pashinyan", "f-16", "16", "don't", "etat", "ba", "us"]),
        max_size=5,
    ),
)
def test_the_words_of_a_search_are_found_however_they_are_spelled(text: list[str], space: str, forms: set[str]) -> None:
    whole = space.join(text)
    expected = sorted(word[:3] for word in words(whole) if word.form in forms)
    assert WordFinder(forms).find(whole) == expected


def test_many_forms_are_found_by_what_they_begin_or_end_with() -> None:
    endings = {f"{chr(97 + n % 26)}{chr(97 + n // 26)}ation" for n in range(100)}
    beginnings = {f"inter{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(100)}
    text = "Winter interaa, “interba”; interaax aaation's (baation) aaations"
    assert [form for _, _, form in found_in(text, beginnings)] == ["interaa", "interba"]
    assert [form for _, _, form in found_in(text, endings)] == ["aaation", "baation"]


@given(st.lists(st.sampled_from(["ab", "a'b", "A’b", "é", "3.3", "ba"]), max_size=80), st.sampled_from("\n\t-—"))
def test_words_are_found_in_texts_without_spaces(words: list[str], between: str) -> None:
    text = between.join(words)
    found = found_in(text, {"ab", "a'b", "3.3"})
    assert [text[start:end] for start, end, _ in found] == [w for w in words if w in ("ab", "a'b", "A’b", "3.3")]
