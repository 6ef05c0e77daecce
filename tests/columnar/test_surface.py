"""The forms to mark are those of articles that match."""

from __future__ import annotations

from whoosh import query as wq

from searchapp.columnar import PatternIn, PhraseIn, SpelledLike, TermIn

from .conftest import FIELDS, SIMPLE, Doc


def test_surface_forms_are_those_of_articles_and_not_of_what_is_excluded(make_archive) -> None:  # type: ignore[no-untyped-def]
    archive = make_archive([Doc("1", body="trade trading"), Doc("2", title="traded golds"), Doc("3", body="oil")])
    executor = archive.index.executor(archive.facets)
    tree = wq.And([TermIn("trad", FIELDS), wq.Not(TermIn("oil", FIELDS))])
    assert executor.surface_forms(tree) == {"trading", "traded"}
    assert executor.surface_forms(PatternIn("tr*", ("title", "body"))) == {"trade", "trading", "traded"}
    assert executor.surface_forms(SpelledLike("gold", 1, ("title",))) == {"golds"}
    assert executor.surface_forms(PhraseIn(["oil"], FIELDS, exact=True, stems=["oil"])) == {"oil"}
    assert SIMPLE.forms("Oil's oils") == ["oil", "oils"]
