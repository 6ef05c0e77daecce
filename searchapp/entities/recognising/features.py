"""What the tagger looks at: the words, where they stand, and what else the article says of them.

A feature of a word depends on the word alone, so it is worked out once for each distinct word of a batch. Only
candidates are ever scored: capitalised words and what may stand between them in a name. All other tokens are outside
of names and cost nothing further.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from searchapp.entities.recognising.gazetteers import Gazetteers
from searchapp.entities.recognising.tokens import (
    CAPITALISED,
    CAPITALS,
    CODE,
    DOTTED,
    INITIAL,
    LOWER,
    MIXED,
    NUMBER,
    ORDINAL,
    SHAPES,
    SIGN,
    Tokens,
    hash_words,
)

__all__ = [
    "AFFIXES",
    "PLACE_FEATURES",
    "Candidates",
    "WordTypes",
    "candidates_of",
    "case_keys",
    "place_features",
    "word_types",
]

U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

AFFIXES = ((1, True), (2, True), (3, True), (4, True), (2, False), (3, False), (4, False))
"""Length and whether a suffix, of the affixes that are looked at."""
AFFIX_BITS = 15
WINDOW = 3
"""Tokens looked at on either side."""

PLACE_FEATURES = (
    "starts sentence", "ends sentence", "starts run", "ends run", "sentence in capitals", "sentence capitalised",
    "no closing sign", "seen in lower case", "seen twice", "seen often", "acronym of a name", "has an acronym",
    "glued", "longest run", "single-word run", "not capitalised",
)  # fmt: skip
"""Bit by bit, what is known of a candidate besides its words and lists."""

_CASE_OF_SHAPE = np.zeros(len(SHAPES), np.uint64)
_CASE_OF_SHAPE[[CAPITALISED, MIXED, INITIAL]] = 0x8CB92BA72F3D8DD7
_CASE_OF_SHAPE[[CAPITALS, DOTTED, CODE]] = 0x3C6EF372FE94F82A
_NUMBER_KEY = np.uint64(0x1F83D9ABFB41BD6B)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)

_CAPITAL_SHAPES = np.zeros(len(SHAPES), bool)
_CAPITAL_SHAPES[[CAPITALISED, CAPITALS, INITIAL, MIXED, CODE, DOTTED]] = True
# What the network was trained with; `searchapp.language.names` has what linking goes by.
_CONNECTORS = (
    "of and for the de la le les du des del da do dos das di della van von der den zu und y e et en al "
    "el ul ur bin ibn bint abu on in to at with a an as & - ' / s 's or upon by ' \" . wa na per"
)
_PARTICLES = "al el bin ibn abu de da di du del van von der den ter ben as an ul ur"
_GAP = 3
"""Connectors that may follow each other within a name."""


@dataclass(frozen=True, slots=True)
class WordTypes:
    """The distinct words (folded form and shape) of a batch, and what is known of each. Row 0 is no word at all."""

    of_token: NDArray[np.int32]
    """Row of each token."""
    identities: U64
    """Word and shape in one, rising but for the first."""
    words: U64
    keys: U64
    affixes: NDArray[np.int32]
    """Bucket of each of `AFFIXES`."""
    shapes: NDArray[np.uint8]
    lengths: NDArray[np.uint8]
    lists: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The tokens that may be part of a name. Arrays have one value per candidate."""

    tokens: Ints
    """Position among all tokens, rising."""
    starts_run: Flags
    """Whether a new unbroken run of candidates begins."""


def case_keys(words: U64, shapes: NDArray[np.uint8]) -> U64:
    """A key for each word that tells "may", "May" and "MAY" apart and takes all numbers for one."""
    keys = words ^ _CASE_OF_SHAPE[shapes]
    keys[shapes == NUMBER] = _NUMBER_KEY
    return keys


def word_types(tokens: Tokens, gazetteers: Gazetteers) -> WordTypes:
    """The distinct words among `tokens`."""
    keys = tokens.words + tokens.shapes * _SPREAD
    identities, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    words, shapes = tokens.words[first], tokens.shapes[first]
    affixes = np.empty((len(first) + 1, len(AFFIXES)), np.int32)
    affixes[0] = 0
    for column, (length, suffix) in enumerate(AFFIXES):
        hashes = tokens.affixes(first, length, suffix=suffix)
        hashes = (hashes + np.full(1, column + 1, np.uint64) * _SPREAD) * _SPREAD
        affixes[1:, column] = (hashes >> np.uint64(64 - AFFIX_BITS)).astype(np.int32)
    lengths = np.minimum(tokens.letters[first] - tokens.starts[first], 15).astype(np.uint8)
    return WordTypes(
        of_token=(inverse + 1).astype(np.int32),
        identities=np.concatenate((_nothing(), identities)),
        words=np.concatenate((_nothing(), words)),
        keys=np.concatenate((_nothing(), case_keys(words, shapes))),
        affixes=affixes,
        shapes=np.concatenate((np.zeros(1, np.uint8), shapes)),
        lengths=np.concatenate((np.zeros(1, np.uint8), lengths)),
        lists=np.concatenate((np.zeros(1, np.uint16), gazetteers.of_words(words))),
    )


def _nothing() -> U64:
    return np.zeros(1, np.uint64)


def candidates_of(tokens: Tokens) -> Candidates:
    """Which tokens may be part of a name."""
    count = len(tokens)
    capital = _CAPITAL_SHAPES[tokens.shapes] & ~tokens.junk & ~_of_currency(tokens)
    chosen = capital.copy()
    follows = np.zeros(count + 1, bool)
    # Whether a token goes on in the sentence of the token before it.
    follows[:count] = ~tokens.sentence_starts
    number = (tokens.shapes == NUMBER) | (tokens.shapes == ORDINAL)
    chosen[1:] |= number[1:] & capital[:-1] & follows[1:count]
    chosen[:-1] |= number[:-1] & capital[1:] & follows[1:count]
    connector = np.zeros(count, bool)
    small = np.flatnonzero((tokens.shapes == LOWER) | (tokens.shapes == SIGN))
    connector[small] = np.isin(tokens.words[small], _hashes(_CONNECTORS))
    hyphen = (tokens.words == _hashes("-")[0]) & tokens.glued
    if count > 2:
        tail = capital[:-2] & hyphen[1:-1] & tokens.glued[2:] & (tokens.shapes[2:] == LOWER)
        at = np.flatnonzero(tail)
        chosen[at + 1] = chosen[at + 2] = True
    edge = chosen.copy()
    for gap in range(1, _GAP + 1):
        if count <= gap + 1:
            break
        bridge = edge[: -gap - 1] & edge[gap + 1 :] & follows[1 + gap : count]
        for offset in range(1, gap + 1):
            bridge &= connector[offset : offset + len(bridge)] & follows[offset : offset + len(bridge)]
        at = np.flatnonzero(bridge)
        for offset in range(1, gap + 1):
            chosen[at + offset] = True
    if count > 2:
        lower = np.flatnonzero(tokens.shapes[:-2] == LOWER)
        particle = lower[np.isin(tokens.words[lower], _hashes(_PARTICLES))]
        near = particle[capital[particle + 1] & follows[particle + 1]]
        chosen[near] = True
        far = particle[hyphen[particle + 1] & capital[particle + 2] & follows[particle + 2]]
        chosen[far] = chosen[far + 1] = True
    at = np.flatnonzero(chosen)
    starts_run = np.ones(len(at), bool)
    starts_run[1:] = (np.diff(at) > 1) | tokens.sentence_starts[at[1:]]
    return Candidates(at, starts_run)


def _of_currency(tokens: Tokens) -> Flags:
    """Which tokens say whose money it is: the "US" of "US$5"."""
    found = np.zeros(len(tokens), bool)
    sign = np.flatnonzero((tokens.words == _hashes("$")[0]) & tokens.glued)
    sign = sign[sign + 1 < len(tokens)]
    first = tokens.codes[tokens.starts[sign + 1]]
    found[sign[(first >= ord("0")) & (first <= ord("9"))] - 1] = True
    return found


@cache
def _hashes(words: str) -> U64:
    return hash_words(words.split())


def place_features(
    tokens: Tokens, candidates: Candidates, documents: NDArray[np.int32]
) -> tuple[NDArray[np.uint32], Ints]:
    """For each candidate its `PLACE_FEATURES`, bit by bit, and the number of its group.

    A group is all candidates of one document with the same folded word. `documents` numbers the document of each token.
    """
    at = candidates.tokens
    if not len(at):
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    sentence = np.cumsum(tokens.sentence_starts) - 1
    ends_sentence = np.append(tokens.sentence_starts[1:], True)
    capital = _CAPITAL_SHAPES[tokens.shapes]
    wordy = capital | (tokens.shapes == LOWER)
    sentences = int(sentence[-1]) + 1
    words_in = np.bincount(sentence, wordy, sentences)
    shouting = np.bincount(sentence, (tokens.shapes == CAPITALS) | (tokens.shapes == INITIAL), sentences)
    capitals_in = np.bincount(sentence, capital, sentences)
    last = np.flatnonzero(ends_sentence)
    unclosed = tokens.shapes[last] != SIGN
    own = sentence[at]
    ends_run = np.append(candidates.starts_run[1:], True)
    run = np.cumsum(candidates.starts_run) - 1
    run_length = np.bincount(run)[run]
    keys = tokens.words[at] + (documents[at].astype(np.uint64) + np.uint64(1)) * _SPREAD
    _, groups, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    small = np.flatnonzero(tokens.shapes == LOWER)
    small_keys = np.unique(tokens.words[small] + (documents[small].astype(np.uint64) + np.uint64(1)) * _SPREAD)
    is_capital = capital[at]
    lower_too = is_capital & _in_sorted(keys, small_keys)
    acronym, expanded = _acronyms(tokens, candidates, documents, keys, run)
    columns = (
        tokens.sentence_starts[at],
        ends_sentence[at],
        candidates.starts_run,
        ends_run,
        (shouting[own] > 0.6 * words_in[own]) & (words_in[own] > 2),
        (capitals_in[own] > 0.6 * words_in[own]) & (words_in[own] > 3),
        unclosed[own],
        lower_too,
        sizes[groups] > 1,
        sizes[groups] > 4,
        acronym,
        expanded,
        tokens.glued[at],
        run_length > 3,
        run_length == 1,
        ~is_capital,
    )
    bits = np.zeros(len(at), np.uint32)
    for bit, column in enumerate(columns):
        bits |= column.astype(np.uint32) << np.uint32(bit)
    return bits, groups


def _in_sorted(keys: U64, known: U64) -> Flags:
    if not len(known):
        return np.zeros(len(keys), bool)
    same: Flags = known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys
    return same


def _acronyms(
    tokens: Tokens, candidates: Candidates, documents: NDArray[np.int32], keys: U64, run: Ints
) -> tuple[Flags, Flags]:
    """Which candidates are the initials of a run of the same document, and which stand in a run with such initials."""
    at = candidates.tokens
    long = _CAPITAL_SHAPES[tokens.shapes[at]]
    members = np.flatnonzero(long)
    none = np.zeros(len(at), bool)
    if not len(members):
        return none, none
    owner = run[members]
    order = np.arange(len(members)) - np.searchsorted(owner, owner)
    short = (tokens.shapes[at] == CAPITALS) & (tokens.ends[at] - tokens.starts[at] <= 8)
    acronym, expanded = none.copy(), none.copy()
    letters = tokens.affixes(at[members], 1, suffix=False)
    document = (documents[at].astype(np.uint64) + np.uint64(1)) * _SPREAD
    for skipped in (0, 1):
        kept = order >= skipped
        lengths = np.bincount(owner[kept], minlength=int(run[-1]) + 1)
        codes = _initial_codes(letters[kept], order[kept] - skipped, owner[kept], int(run[-1]) + 1)
        runs = np.flatnonzero((lengths > 1) & (lengths <= 8))
        if not len(runs):
            continue
        first = np.searchsorted(run, runs)
        known = codes[runs] + document[first]
        words = np.flatnonzero(short)
        own = _spelled_codes(tokens, at[words]) + document[words]
        acronym[words] |= np.isin(own, known)
        expanded |= np.isin(run, runs[np.isin(known, own)]) & long
    return acronym, expanded


def _initial_codes(letters: U64, order: Ints, owner: Ints, runs: int) -> U64:
    codes = np.zeros(runs, np.uint64)
    np.add.at(codes, owner, letters * _POSITION[np.minimum(order, 8)])
    return codes


def _spelled_codes(tokens: Tokens, which: Ints) -> U64:
    """For each token the code that a run with its letters as initials has."""
    codes = np.zeros(len(which), np.uint64)
    starts, ends = tokens.starts[which], tokens.ends[which]
    for offset in range(8):
        inside = np.flatnonzero(starts + offset < ends)
        codes[inside] += tokens.letter_hashes(starts[inside] + offset) * _POSITION[offset]
    return codes


_POSITION = np.array([pow(0xD1342543DE82EF95, power + 1, 1 << 64) for power in range(9)], np.uint64)
