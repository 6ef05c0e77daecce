"""Which of many words are spelled like one, all compared at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["close_words", "distances", "letters_of", "may_be_close"]

Array = npt.NDArray[Any]
FAR = 100
_ANY = np.uint32(0xFFFFFFFF)
"""The letters of a word that has others than those of ASCII."""


def close_words(word: str, text: bytes, starts: Array, lengths: Array, limit: int) -> Array:
    """Places of the words within `limit` changes of `word`, ascending; the others lie in `text` as UTF-8.

    A change adds, drops or replaces a character or swaps two neighbours (optimal string alignment distance).
    """
    if not len(starts):
        return np.empty(0, np.int64)
    raw = np.frombuffer(text, np.uint8)
    width = int(lengths.max())
    columns = np.arange(width)
    # Words at the end of the text are read past it: those bytes are blanked like the others behind a word.
    places = np.minimum(starts[:, None] + columns, len(raw) - 1)
    letters = np.where(columns < lengths[:, None], raw[places], 0)
    plain = (letters < 0x80).all(axis=1)
    near = np.flatnonzero(plain)
    found = near[distances(word, letters[near], lengths[near], limit) <= limit]
    foreign = np.flatnonzero(~plain)
    if len(foreign):
        others = [
            text[start : start + length].decode("utf-8", "surrogatepass")
            for start, length in zip(starts[foreign].tolist(), lengths[foreign].tolist(), strict=True)
        ]
        codes, sizes = _as_matrix(others)
        found = np.sort(np.concatenate([found, foreign[distances(word, codes, sizes, limit) <= limit]]))
    return found


def letters_of(text: bytes, ends: Array) -> Array:
    """uint32: which letters each word has, a bit for each; the words end in `text` at `ends`, one character apart."""
    if not len(ends):
        return np.empty(0, np.uint32)
    bits = np.zeros(256, np.uint32)
    bits[:128] = np.uint32(1) << (np.arange(128) & 31).astype(np.uint32)
    bits[ord("\n")] = 0
    bits[128:] = _ANY
    starts = np.append(0, ends[:-1].astype(np.int64) + 1)
    # A character more than there are: an empty word at the end begins behind them all.
    found: Array = np.bitwise_or.reduceat(bits[np.frombuffer(text + b"\n", np.uint8)], starts)
    return found


def may_be_close(word: str, letters: Array, limit: int) -> Array:
    """Whether words of these `letters` can be within `limit` changes of `word`: each brings one in and one out."""
    own = 0
    for letter in word:
        own |= 1 << (ord(letter) & 31)
    close: Array = (np.bitwise_count(letters ^ np.uint32(own)) <= 2 * limit) | (letters == _ANY)
    return close


def _as_matrix(words: Sequence[str]) -> tuple[Array, Array]:
    """Code points, one word a row, and the lengths of the words."""
    sizes = np.fromiter(map(len, words), np.int64, len(words))
    width = int(sizes.max())
    joined = "".join(word.ljust(width, "\0") for word in words)
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4").reshape(-1, width), sizes


def distances(word: str, others: Array, lengths: Array, limit: int) -> Array:
    """uint8: the changes from `word` to each row of code points; above `limit` only that it is more.

    No stretch of a word is changed twice. Only the cells of the table within `limit` of its diagonal are computed
    (Ukkonen 1985), each for all words in one step.
    """
    count, width = others.shape
    letters = np.ascontiguousarray(others.T)
    far = np.full(count, FAR, np.uint8)
    row: list[Array] = [np.full(count, min(j, FAR), np.uint8) for j in range(width + 1)]
    before: list[Array] = []
    for i in range(1, len(word) + 1):
        current = [far] * (width + 1)
        if i <= limit:
            current[0] = np.full(count, i, np.uint8)
        letter, previous = ord(word[i - 1]), ord(word[i - 2]) if i > 1 else -1
        for j in range(max(1, i - limit), min(width, i + limit) + 1):
            differs = letters[j - 1] != letter
            best = np.minimum(row[j - 1] + differs, np.minimum(row[j], current[j - 1]) + np.uint8(1))
            if i > 1 and j > 1 and previous != letter:
                swapped = (letters[j - 1] == previous) & (letters[j - 2] == letter)
                if swapped.any():
                    best = np.where(swapped, np.minimum(best, before[j - 2] + np.uint8(1)), best)
            current[j] = best
        before, row = row, current
    result: Array = far.copy()
    for j in range(max(0, len(word) - limit), width + 1):
        ends_here = lengths == j
        result[ends_here] = row[j][ends_here]
    return result
