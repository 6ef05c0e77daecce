"""Whatever articles hold, the index keeps it, finds it and passes its own check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from searchapp.columnar import FacetFilter, LabelWords, PatternIn, PhraseIn, SpelledLike, TermIn, check

from .conftest import FIELDS, Archive, Doc

LONG = " ".join(["filler"] * 70_000 + ["needle", "haystack"])
HOSTILE = [
    Doc("", body=""),
    Doc("nul\0id", body="\0\x01\x02 oil\0gold \x1f", people=("\0",)),
    Doc("surrogate\ud800", body="\udfff oil \ud800", title="\ud83d", places=("\udc00x",)),
    Doc("new\nline", body="oil\u2028gold\u0085silver", people=("two\nlines", "", "two\nlines")),
    Doc("long word", body="x" * 300_000 + " oil"),
    Doc("long article", body=LONG),
    Doc("emoji \U0001f600", body="\U0001f600\U0001f600 été İstanbul ﬁne ǅ", title="ß ẞ"),
    Doc("i" * 5000, body="oil", published=-(2**63) + 1, tie=2**63 - 1, extra=b"\x80" * 10_000),
    Doc("many labels", people=tuple(f"label {number}" for number in range(3000))),
    Doc("dates", published=2**62, tie=-5, extra={"nested": [1.5, None, ("a", b"b")]}),
]


@pytest.fixture(params=[0, 3])
def hostile(request: pytest.FixtureRequest, make_archive: Callable[..., Archive]) -> Archive:
    return make_archive(HOSTILE, per_segment=request.param)


def test_what_is_stored_comes_back(hostile: Archive) -> None:
    for _ in range(2):
        view = hostile.index.view()
        stored = [view.stored_fields(number) for number in range(len(HOSTILE))]
        assert [values["id"] for values in stored] == [doc.id for doc in HOSTILE]
        assert [values["body"] for values in stored] == [doc.body for doc in HOSTILE]
        assert [values.get("extra") for values in stored] == [doc.extra for doc in HOSTILE]
        assert check(hostile.index.folder) == []
        hostile.index.optimize()


def test_what_is_there_is_found(hostile: Archive) -> None:
    oracle = hostile.oracle()
    for query in (
        TermIn("oil", FIELDS),
        TermIn("needle", FIELDS),
        TermIn("x" * 300_000, FIELDS),
        PhraseIn(["needle", "haystack"], FIELDS, exact=True, stems=["needle", "haystack"]),
        PhraseIn(["haystack", "needle"], FIELDS, exact=True, stems=["haystack", "needle"]),
        PatternIn("x*", ("title", "body")),
        PatternIn("?té", ("title", "body")),
        SpelledLike("été", 1, ("body",)),
        SpelledLike("oli", 2, ("body",)),
    ):
        expected = oracle.found(query)
        _, ids = hostile.ask(query, limit=100)
        assert ids == oracle.ranked(expected)


def test_odd_labels_are_counted_and_chosen(hostile: Archive) -> None:
    answer, _ = hostile.ask(facets=("people", "places"), facet_size=None)
    counts = dict(answer.facets["people"].values)
    assert (counts["\0"], counts["two\nlines"], counts[""], len(counts)) == (1, 1, 1, 3003)
    assert dict(answer.facets["places"].values) == {"\udc00x": 1}
    for label, name in (("two\nlines", "new\nline"), ("", "new\nline"), ("label 2999", "many labels")):
        assert hostile.ask(filters=(FacetFilter("people", (label,)),))[1] == [name]
    assert hostile.ask(LabelWords("people", ("label", "2999")))[1] == ["many labels"]


@pytest.mark.parametrize(
    "query",
    [
        TermIn("", FIELDS),
        TermIn("\ud800", FIELDS),
        TermIn("oil", ()),
        TermIn("oil", (("nowhere", 1.0),)),
        PhraseIn([], FIELDS, exact=False),
        PhraseIn(["oil"] * 3000, FIELDS, exact=False),
        PatternIn("", ("body",)),
        PatternIn("\ud800*", ("body",)),
        PatternIn("[", ("body",)),
        SpelledLike("", 1, ("body",)),
        SpelledLike("\U0001f600" * 50, 2, ("body",)),
        LabelWords("people", ()),
    ],
    ids=lambda query: repr(query)[:40],
)
def test_odd_queries_answer(hostile: Archive, query: Any) -> None:
    answer, ids = hostile.ask(query, limit=100)
    assert answer.total == len(ids) <= len(HOSTILE)


def test_ids_are_looked_up_whatever_they_are(hostile: Archive) -> None:
    with hostile.index.writer() as writer:
        assert writer.delete_ids([doc.id for doc in HOSTILE[:5]] + ["nobody"]) == 5
    assert hostile.ask()[0].total == len(HOSTILE) - 5
