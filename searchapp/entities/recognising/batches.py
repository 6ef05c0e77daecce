"""A block of articles made ready for scoring, as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from searchapp.entities.recognising.features import (
    PLACE_FEATURES,
    WINDOW,
    Candidates,
    WordTypes,
    candidates_of,
    place_features,
    word_types,
)
from searchapp.entities.recognising.gazetteers import CASE_SHIFT, MARK_WIDTH, PHRASE_LISTS, WORD_LISTS, Gazetteers
from searchapp.entities.recognising.tokens import Tokens

__all__ = ["BLOCK_CHARS", "Batch", "text_parts", "unpack", "unpack_lists"]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

COMMON_CASE = 6
"""Level of case of a word that is in lower case in 95 of 100 places within sentences."""
BLOCK_CHARS = 1 << 18
"""Characters that are read at once; a longer article is read in parts."""


class Batch:
    """A block of text made ready for scoring."""

    def __init__(self, tokens: Tokens, document_ends: Ints, gazetteers: Gazetteers) -> None:
        """Takes the tokens of some documents on end, and where in their text each document ends."""
        self.tokens = tokens
        self.documents = np.searchsorted(document_ends, self.tokens.starts, side="right").astype(np.int32)
        self.types: WordTypes = word_types(self.tokens, gazetteers)
        self.candidates = _worth_scoring(tokens, candidates_of(tokens), self.types)
        self.places, self.groups = place_features(self.tokens, self.candidates, self.documents)
        self.marks = gazetteers.of_phrases(self.tokens, self.candidates.tokens)[self.candidates.tokens]
        self.window = _windows(self.tokens, self.candidates, self.types)
        self.sentences = (np.cumsum(self.tokens.sentence_starts) - 1).astype(np.int32)

    def place_bits(self) -> Floats:
        """One column of zeros and ones per mark and place feature."""
        return unpack(self.marks, self.places)


def _worth_scoring(tokens: Tokens, candidates: Candidates, types: WordTypes) -> Candidates:
    """Without the words that only begin a sentence: alone in their run, and nearly always in lower case elsewhere."""
    at = candidates.tokens
    alone = candidates.starts_run & np.append(candidates.starts_run[1:], True)
    plain = (types.lists[types.of_token[at]] >> CASE_SHIFT) & 7 == COMMON_CASE
    keep = ~(alone & plain & tokens.sentence_starts[at])
    return Candidates(at[keep], candidates.starts_run[keep])


def unpack(marks: NDArray[np.uint64], places: NDArray[np.uint32]) -> Floats:
    """Marks and place features as columns of zeros and ones."""
    lists = len(PHRASE_LISTS)
    wide = np.unpackbits(marks.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    columns = [part * MARK_WIDTH + bit for part in range(3) for bit in range(lists)]
    near = np.unpackbits(places.view(np.uint8).reshape(-1, 4), axis=1, bitorder="little")
    return np.concatenate((wide[:, columns], near[:, : len(PLACE_FEATURES)]), axis=1).astype(np.float32)


def unpack_lists(lists: NDArray[np.uint16]) -> Floats:
    """Word lists and case as columns of zeros and ones."""
    bits = np.unpackbits(lists.view(np.uint8).reshape(-1, 2), axis=1, bitorder="little")[:, : len(WORD_LISTS)]
    case = np.eye(8, dtype=np.uint8)[(lists >> CASE_SHIFT) & 7]
    return np.concatenate((bits, case), axis=1).astype(np.float32)


def _windows(tokens: Tokens, candidates: Candidates, types: WordTypes) -> NDArray[np.int32]:
    """Row in `types` of each candidate and its neighbours, 0 beyond the sentence."""
    at = candidates.tokens
    count = len(tokens)
    sentence = np.zeros(count + 2 * WINDOW, np.int32)
    sentence[WINDOW : WINDOW + count] = np.cumsum(tokens.sentence_starts)
    sentence[:WINDOW], sentence[WINDOW + count :] = -1, -2
    rows = np.zeros(count + 2 * WINDOW, np.int32)
    rows[WINDOW : WINDOW + count] = types.of_token
    window = np.empty((len(at), 2 * WINDOW + 1), np.int32)
    own = sentence[at + WINDOW]
    for column in range(2 * WINDOW + 1):
        near = at + column
        window[:, column] = np.where(sentence[near] == own, rows[near], 0)
    return window


def text_parts(text: str, size: int = BLOCK_CHARS) -> list[tuple[int, str]]:
    """Offset and text of pieces of at most `size` characters, cut at a line break or space where there is one."""
    if len(text) <= size:
        return [(0, text)]
    parts = []
    start = 0
    while start < len(text):
        end = start + size
        if end < len(text):
            for sign in ("\n\n", "\n", ". ", " "):
                at = text.rfind(sign, start + size // 2, end)
                if at > start:
                    end = at + len(sign)
                    break
        parts.append((start, text[start:end]))
        start = end
    return parts
