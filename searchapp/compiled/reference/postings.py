"""Posting lists: from the gaps of a file to articles, which of them match, and what a word scores in each."""

from __future__ import annotations

import numpy as np

from searchapp.compiled.contract import STEP, Array

__all__ = ["decoded", "find_word", "holders", "in_all", "in_none", "unpacked", "word_scores"]

_HALVES = (np.arange(256) & 15 | np.arange(256) >> 4 << 8).astype("<u2")
"""The two halves of each byte, as bytes."""
MUCH_LONGER = 32
"""So many times as many are searched one by one; of fewer a mask is made."""


def decoded(gaps: Array, first: int, /) -> Array:
    docs = np.cumsum(gaps, dtype=np.int64)
    if first:
        docs += first
    return docs


def unpacked(low: Array | None, halves: Array, first: int, count: int, /) -> Array:
    high = _HALVES.take(halves).view(np.uint8)[first : first + count]
    if len(high) != count or (low is not None and len(low) != count):
        raise IndexError("a number points outside of what is packed")
    return high if low is None else low | high.astype(np.uint16) << 8


def holders(
    fields: tuple[tuple[Array, Array | None, int], ...], live: Array | None, codes: Array, /
) -> tuple[Array, Array, int]:
    docs, frequencies = np.empty(0, np.int64), np.empty(0, np.uint8)
    for held, tf, times in fields:
        weighed = np.full(len(held), times, np.uint8) if tf is None else _weighed(tf, times)
        docs, frequencies = _joined(docs, frequencies, held, weighed) if len(docs) else (held, weighed)
    if live is not None:
        kept = np.flatnonzero(live.take(docs))
        docs, frequencies = docs[kept], frequencies[kept]
    most = int(frequencies.max(initial=0))
    wide: Array = frequencies.astype(np.uint16 if most < 256 else np.int64)
    keys = np.left_shift(wide, 8) | codes.take(docs)
    return docs, keys, most


def _weighed(tf: Array, times: int) -> Array:
    return tf if times == 1 else np.multiply(tf, times, dtype=np.int64)


def _joined(docs: Array, frequencies: Array, others: Array, more: Array) -> tuple[Array, Array]:
    """The articles of both, ascending; the frequencies of those that are in both are added."""
    if not len(others):
        return docs, frequencies
    if len(others) < len(docs):
        docs, frequencies, others, more = others, more, docs, frequencies
    places = np.searchsorted(others, docs)
    known = others[np.minimum(places, len(others) - 1)] == docs
    small = int(frequencies.max()) + int(more.max()) < 256
    total = more.astype(np.uint8 if small else np.int64)
    total[places[known]] += frequencies[known].astype(total.dtype)
    new = np.flatnonzero(~known)
    if not len(new):
        return others, total
    return np.insert(others, places[new], docs[new]), np.insert(total, places[new], frequencies[new])


def in_all(docs: Array, sets: tuple[Array, ...], /) -> Array:
    for others in sets:
        docs = docs[np.flatnonzero(_members(docs, others))]
    return docs


def in_none(docs: Array, sets: tuple[Array, ...], /) -> Array:
    for others in sets:
        docs = docs[np.flatnonzero(~_members(docs, others))]
    return docs


def _members(docs: Array, others: Array) -> Array:
    """bool for each of `docs`: whether it is in `others` too."""
    if not len(docs) or not len(others):
        return np.zeros(len(docs), bool)
    if len(docs) * MUCH_LONGER < len(others):
        places = np.searchsorted(others, docs)
        places[places == len(others)] = 0
        found: Array = others[places] == docs
        return found
    mask = np.zeros(1 + max(int(docs[-1]), int(others[-1])), bool)
    mask[others] = True
    inside: Array = mask[docs]
    return inside


def word_scores(held: Array, keys: Array, idf: float, norms: Array, docs: Array, /) -> Array:
    if len(docs) != len(held):
        keys = keys.take(_places_in(held, docs))
    most = int(keys.max(initial=0)) >> 8
    if (most + 1) * len(norms) <= len(keys):
        # There are fewer different scores than articles.
        frequencies = np.arange(most + 1, dtype=np.float64)[:, None]
        table: Array = _formula(idf, frequencies, norms).ravel()
        return table.take(keys)
    return _formula(idf, (keys >> 8).astype(np.float64), norms.take(keys & 255))


def _places_in(many: Array, few: Array) -> Array:
    """Where in `many` each of `few` stands, which is there."""
    if len(few) * 8 < len(many) or not len(few):
        return np.searchsorted(many, few)
    return np.flatnonzero(_members(many, few))


def _formula(idf: float, frequencies: Array, norms: Array) -> Array:
    scores: Array = idf * (frequencies / (frequencies + norms))
    scores /= STEP
    np.rint(scores, out=scores)
    scores *= STEP
    return scores.astype(np.float32)


def find_word(ends: Array, text: bytes, word: bytes, /) -> int:
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) >> 1
        if _word(ends, text, middle) < word:
            low = middle + 1
        else:
            high = middle
    return low if low < len(ends) and _word(ends, text, low) == word else ~low


def _word(ends: Array, text: bytes, number: int) -> bytes:
    start = int(ends[number - 1]) + 1 if number else 0
    return text[start : int(ends[number])]
