"""Words are found where reading every token finds them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from whoosh import query as wq

from searchapp.columnar import Analysis, PatternIn, PhraseIn, SpelledLike, TermIn, WordFinder

from .conftest import FIELDS, SIMPLE, Doc

ACCENTED = Analysis(
    "accented",
    re.compile(r"\d+(?:[.,]\d+)+|\w+(?:['’]\w+)*"),
    lambda token: token.lower().replace("é", "e").replace("’", "'").removesuffix("'s"),
    lambda form: form,
)
TEXTS = st.text(alphabet="aAbBeéÉ.,'’ \n3İ-“", max_size=60)


@given(text=TEXTS, forms=st.sets(st.sampled_from(["a", "ab", "b", "e", "ee", "a'b", "3.3", "3", "ba"]), max_size=4))
def test_words_are_found_where_reading_every_token_finds_them(text: str, forms: set[str]) -> None:
    expected = [
        (*token.span(), form)
        for token in ACCENTED.token.finditer(text)
        if (form := ACCENTED.form(token.group())) in forms
    ]
    assert WordFinder(ACCENTED, forms).find(text) == expected
    many = forms | {f"never{n}" for n in range(60)}
    assert WordFinder(ACCENTED, many).find(text) == expected


def test_many_forms_are_found_by_what_they_begin_or_end_with() -> None:
    endings = {f"{chr(97 + n % 26)}{chr(97 + n // 26)}ation" for n in range(100)}
    beginnings = {f"inter{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(100)}
    text = "Winter interaa, “interba”; interaax aaation's (baation) aaations"
    assert [form for _, _, form in WordFinder(ACCENTED, beginnings).find(text)] == ["interaa", "interba"]
    assert [form for _, _, form in WordFinder(ACCENTED, endings).find(text)] == ["aaation", "baation"]


@given(st.lists(st.sampled_from(["ab", "a'b", "A’b", "é", "3.3", "ba"]), max_size=80), st.sampled_from("\n\t-—"))
def test_words_are_found_in_texts_without_spaces(words: list[str], between: str) -> None:
    text = between.join(words)
    found = WordFinder(ACCENTED, {"ab", "a'b", "3.3"}).find(text)
    assert [text[start:end] for start, end, _ in found] == [w for w in words if w in ("ab", "a'b", "A’b", "3.3")]


def test_surface_forms_are_those_of_articles_and_not_of_what_is_excluded(make_archive) -> None:  # type: ignore[no-untyped-def]
    archive = make_archive([Doc("1", body="trade trading"), Doc("2", title="traded golds"), Doc("3", body="oil")])
    executor = archive.index.executor(archive.facets)
    tree = wq.And([TermIn("trad", FIELDS), wq.Not(TermIn("oil", FIELDS))])
    assert executor.surface_forms(tree) == {"trading", "traded"}
    assert executor.surface_forms(PatternIn("tr*", ("title", "body"))) == {"trade", "trading", "traded"}
    assert executor.surface_forms(SpelledLike("gold", 1, ("title",))) == {"golds"}
    assert executor.surface_forms(PhraseIn(["oil"], FIELDS, exact=True, stems=["oil"])) == {"oil"}
    assert SIMPLE.forms("Oil's oils") == ["oil", "oils"]
