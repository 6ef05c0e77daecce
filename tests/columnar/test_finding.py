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


def test_surface_forms_are_those_of_articles_and_not_of_what_is_excluded(make_archive) -> None:  # type: ignore[no-untyped-def]
    archive = make_archive([Doc("1", body="trade trading"), Doc("2", title="traded golds"), Doc("3", body="oil")])
    executor = archive.index.executor(archive.facets)
    tree = wq.And([TermIn("trad", FIELDS), wq.Not(TermIn("oil", FIELDS))])
    assert executor.surface_forms(tree) == {"trading", "traded"}
    assert executor.surface_forms(PatternIn("tr*", ("title", "body"))) == {"trade", "trading", "traded"}
    assert executor.surface_forms(SpelledLike("gold", 1, ("title",))) == {"golds"}
    assert executor.surface_forms(PhraseIn(["oil"], FIELDS, exact=True, stems=["oil"])) == {"oil"}
    assert SIMPLE.forms("Oil's oils") == ["oil", "oils"]
