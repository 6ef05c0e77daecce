"""Words are found where reading every token finds them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from searchapp.language.finding import WordFinder

ACCENTED = re.compile(r"\d+(?:[.,]\d+)+|\w+(?:['’]\w+)*")


def form_of(token: str) -> str:
    return token.lower().replace("é", "e").replace("’", "'").removesuffix("'s")


def found_in(text: str, forms: set[str]) -> list[tuple[int, int, str]]:
    return WordFinder(forms, token=ACCENTED, form=form_of).find(text)


TEXTS = st.text(alphabet="aAbBeéÉ.,'’ \n3İ-“", max_size=60)


@given(text=TEXTS, forms=st.sets(st.sampled_from(["a", "ab", "b", "e", "ee", "a'b", "3.3", "3", "ba"]), max_size=4))
def test_words_are_found_where_reading_every_token_finds_them(text: str, forms: set[str]) -> None:
    expected = [(*token.span(), form) for token in ACCENTED.finditer(text) if (form := form_of(token.group())) in forms]
    assert found_in(text, forms) == expected
    many = forms | {f"never{n}" for n in range(60)}
    assert found_in(text, many) == expected


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
