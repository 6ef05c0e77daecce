"""The optional spaCy recogniser, with a small pipeline built here."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from searchapp.entities.recognising.base import Passage, Span
from searchapp.entities.recognising.spacy_recogniser import SpacyRecogniser
from searchapp.errors import RecogniserError

PATTERNS = [
    {"label": "PERSON", "pattern": "Ruben Vardanyan"},
    {"label": "GPE", "pattern": "Armenia"},
    {"label": "NORP", "pattern": "Armenians"},
    {"label": "ORG", "pattern": "the Red Cross's"},
]


@pytest.fixture
def pipeline() -> Any:
    spacy = pytest.importorskip("spacy", reason="needs spaCy; pip install 'searchapp[spacy]'")
    made = spacy.blank("en")
    made.add_pipe("entity_ruler").add_patterns(PATTERNS)
    return made


def test_labels_become_kinds_and_peoples_are_left_out(pipeline: Any) -> None:
    passage = Passage("Armenians wait", "Ruben Vardanyan left Armenia with the Red Cross's help.")
    (spans,) = SpacyRecogniser(pipeline).spans([passage])
    assert [(passage.text[s.start : s.end], s.kind) for s in spans] == [
        ("Ruben Vardanyan", "person"),
        ("Armenia", "place"),
        ("Red Cross", "organisation"),
    ]


def test_a_text_longer_than_the_pipeline_takes_is_read_in_parts(pipeline: Any) -> None:
    pipeline.max_length = 50
    passage = Passage("", "Armenia is far away. " * 20)
    (spans,) = SpacyRecogniser(pipeline).spans([passage])
    assert spans == [Span(at, at + 7, "place", 1.0) for at in range(0, 420, 21)]


def test_empty_text_has_no_names(pipeline: Any) -> None:
    assert SpacyRecogniser(pipeline).spans([Passage("", ""), Passage("", " \n")]) == [[], []]


def test_a_missing_pipeline_says_how_to_get_it() -> None:
    pytest.importorskip("spacy", reason="needs spaCy; pip install 'searchapp[spacy]'")
    with pytest.raises(RecogniserError, match=r"'no_such_pipeline'; run: python -m spacy download"):
        SpacyRecogniser("no_such_pipeline")


def test_without_spacy_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(RecogniserError, match=r"searchapp\[spacy\]"):
        SpacyRecogniser("en_core_web_sm")
