"""Labelled tokens and plain news text, read as running text with labelled stretches."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["LABELLED", "Labelled", "blocks", "plain_documents", "read_labelled", "shouted"]

LABELLED = (
    "uner_ewt_train", "uner_ewt_devtest", "uner_pud", "wikigold", "docred_test", "redocred_dev", "crossner",
    "fewnerd_covered", "gum_heur", "gmb_relab", "current_events_self",
)  # fmt: skip
"""Labelled corpora by file name, in the order of their numbers in the model."""

KINDS = {"PER": 0, "LOC": 1, "ORG": 2}
_NO_SPACE_BEFORE = frozenset(". , ; : ! ? ) ] } % 's ’s 'll 're 've 'd 'm n't n’t ... …".split())
_NO_SPACE_AFTER = frozenset("( [ { $ £ € #".split())
_OPENING, _CLOSING = frozenset({"``", "“"}), frozenset({"''", "”"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with its names."""

    text: str
    spans: tuple[tuple[int, int, int], ...]
    """Start, end, kind (0 person, 1 place, 2 organisation, -1 not known), in order."""


def read_labelled(path: Path, *, group: int = 1) -> Iterator[Labelled]:
    """The documents of a two-column file; `group` joins that many documents into one."""
    texts: list[str] = []
    spans: list[tuple[int, int, int]] = []
    size = documents = 0
    for sentence in _sentences(path):
        if sentence is None:
            documents += 1
            if texts and documents % group == 0:
                yield Labelled("".join(texts), tuple(spans))
                texts, spans, size = [], [], 0
            continue
        text, found = _joined(sentence)
        spans.extend((start + size, end + size, kind) for start, end, kind in found)
        texts.append(text + "\n\n")
        size += len(text) + 2
    if texts:
        yield Labelled("".join(texts), tuple(spans))


def shouted(document: Labelled, share: float, rng: random.Random) -> Labelled:
    """The document with about that share of its sentences in capitals, as headlines may be."""
    parts = document.text.split("\n\n")
    return Labelled("\n\n".join(_capitals(part) if rng.random() < share else part for part in parts), document.spans)


def _capitals(text: str) -> str:
    return "".join(char.upper() if len(char.upper()) == 1 else char for char in text)


def plain_documents(folder: Path) -> Iterator[str]:
    """The documents of every text file of `folder`, paragraphs a blank line apart."""
    for path in sorted([*folder.glob("*.txt"), *folder.glob("*.txt.gz")]):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for document in raw.decode("utf-8").split("\n\n"):
            paragraphs = [_without_sources(line) for line in document.split("\n") if line.strip()]
            if paragraphs:
                yield "\n\n".join(paragraphs)


def _without_sources(paragraph: str) -> str:
    """A summary without the agencies that stand in brackets at its end."""
    return re.sub(r"(?:\s*\([^()]{2,60}\)){1,6}\s*$", "", paragraph)


def _sentences(path: Path) -> Iterator[list[tuple[str, str]] | None]:
    """Sentences as (token, tag) pairs; None before each document but the first."""
    sentence: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line:
            if sentence:
                yield sentence
            sentence = []
        elif line.startswith("-DOCSTART-\t"):
            yield None
        else:
            token, _, tag = line.rpartition("\t")
            sentence.append((token, tag))
    if sentence:
        yield sentence


def _joined(sentence: list[tuple[str, str]]) -> tuple[str, list[tuple[int, int, int]]]:
    """The sentence as running text, with its names. Spaces are guessed from the tokens."""
    text = ""
    spans: list[tuple[int, int, int]] = []
    in_quotes = False
    previous, before = "", ""
    for position, (token, tag) in enumerate(sentence):
        following = sentence[position + 1][0] if position + 1 < len(sentence) else ""
        opens = token in _OPENING or (token == '"' and not in_quotes)
        closes = token in _CLOSING or (token == '"' and in_quotes)
        if opens or closes:
            in_quotes = opens
        glue = (
            not text
            or token in _NO_SPACE_BEFORE
            or previous in _NO_SPACE_AFTER
            or closes
            or (previous in _OPENING or (previous == '"' and in_quotes and before != token))
            or (token == "-" and (previous[-1:].isalnum() or "." in previous[:-1]) and following[:1].isalnum())
            or (previous == "-" and (before[-1:].isalnum() or "." in before[:-1]) and token[:1].isalnum())
            or (previous == "." and len(before) == 1 and before.isupper() and len(token) == 1 and token.isupper())
        )
        if not glue:
            text += " "
        start = len(text)
        text += token
        if tag[0] == "B" or (tag[0] == "I" and not (spans and _continues(text, spans[-1], start, tag))):
            spans.append((start, len(text), KINDS[tag[2:]]))
        elif tag[0] == "I":
            spans[-1] = (spans[-1][0], len(text), spans[-1][2])
        before, previous = previous, token
    return text, spans


def _continues(text: str, span: tuple[int, int, int], start: int, tag: str) -> bool:
    return not text[span[1] : start].strip() and span[2] == KINDS[tag[2:]]


def blocks(texts: Iterable[str], chars: int) -> Iterator[list[str]]:
    """The texts in their order, as many together as it takes to have more than `chars` characters."""
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text)
        if size > chars:
            yield block
            block, size = [], 0
    if block:
        yield block
