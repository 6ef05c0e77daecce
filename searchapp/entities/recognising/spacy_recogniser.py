"""A spaCy pipeline that the user has installed, behind the same seam: `spacy:en_core_web_sm`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from searchapp.entities.recognising.base import TITLE_BREAK, Passage, Span
from searchapp.errors import RecogniserError

__all__ = ["KIND_OF_LABEL", "SpacyRecogniser"]

KIND_OF_LABEL: Mapping[str, str] = MappingProxyType(
    {
        "PERSON": "person", "PER": "person",
        "GPE": "place", "LOC": "place", "FAC": "place",
        "ORG": "organisation",
    }
)  # fmt: skip
"""Kinds by the labels of OntoNotes and of CoNLL-like schemes. Peoples and religions (NORP) name neither."""
_TRIMMED = " \t\n\"'“”‘’"
_UNNEEDED = ("tagger", "parser", "lemmatizer", "attribute_ruler", "morphologizer")


class SpacyRecogniser:
    """Names as a spaCy pipeline finds them, trimmed to this package's rules: no leading "the", no possessive."""

    def __init__(self, model: Any) -> None:
        """Takes the name of an installed pipeline or a loaded `spacy.Language`."""
        self._pipeline = _loaded(model) if isinstance(model, str) else model

    def spans(self, passages: Sequence[Passage]) -> list[list[Span]]:
        """For each passage its spans, in reading order, never overlapping."""
        found: list[list[Span]] = []
        limit = self._pipeline.max_length
        for passage in passages:
            spans: list[Span] = []
            for offset, part in _parts(passage, limit):
                document = self._pipeline(part)
                spans.extend(_spans(document, offset))
            found.append(spans)
        return found


def _loaded(name: str) -> Any:
    try:
        import spacy
    except ImportError as error:
        raise RecogniserError("spaCy is not installed; run: pip install 'searchapp[spacy]'") from error
    try:
        return spacy.load(name, exclude=list(_UNNEEDED))
    except (OSError, ValueError) as error:
        raise RecogniserError(f"spaCy has no pipeline {name!r}; run: python -m spacy download {name}") from error


def _parts(passage: Passage, limit: int) -> list[tuple[int, str]]:
    """Title and body, each cut to what the pipeline takes at once."""
    whole = [(0, passage.title)] if passage.title else []
    whole.append((len(passage.title) + len(TITLE_BREAK) if passage.title else 0, passage.body))
    parts = []
    for offset, text in whole:
        start = 0
        while start < len(text):
            end = min(len(text), start + limit)
            if end < len(text):
                end = max(text.rfind("\n", start, end), text.rfind(" ", start, end), start + limit // 2)
            parts.append((offset + start, text[start:end]))
            start = end
    return parts


def _spans(document: Any, offset: int) -> list[Span]:
    spans = []
    for entity in document.ents:
        kind = KIND_OF_LABEL.get(entity.label_)
        if kind is None:
            continue
        start, end = _trimmed(document.text, entity.start_char, entity.end_char)
        if start < end:
            spans.append(Span(offset + start, offset + end, kind, 1.0))
    return spans


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    if text[start : start + 4].lower() == "the ":
        start += 4
    if text[max(start, end - 2) : end].lower() in ("'s", "’s"):
        end -= 2
    while start < end and text[start] in _TRIMMED:
        start += 1
    while start < end and text[end - 1] in _TRIMMED:
        end -= 1
    return start, end
