"""Lengths in one byte: exact below 40, above that their four highest bits.

It is the code that Lucene keeps for each text, so that a score by length is the same there to the last bit: the numbers
below 24 stand for themselves; a larger one, less 24, is kept as a float of three bits and an exponent.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["LENGTHS", "length_codes"]

Array = npt.NDArray[Any]

EXACT = 24
LARGEST_TABLE = 1 << 20


def _length_of(code: int) -> int:
    if code < EXACT:
        return code
    fraction, exponent = (code - EXACT) & 7, (code - EXACT) >> 3
    return EXACT + (fraction if exponent == 0 else (fraction | 8) << (exponent - 1))


LENGTHS: Array = np.array([_length_of(code) for code in range(256)], np.int64)
"""int64: for each code the least length that has it, which is the one that counts."""


def length_codes(lengths: Array) -> Array:
    """uint8: the code of each length."""
    largest = int(lengths.max(initial=0))
    if largest < LARGEST_TABLE:
        # Texts are short: looking each up takes a tenth of the time of looking for each among all the codes.
        table = _codes(np.arange(largest + 1))
        return table.take(lengths)
    return _codes(lengths)


def _codes(lengths: Array) -> Array:
    return (np.searchsorted(LENGTHS, lengths, side="right") - 1).astype(np.uint8)
