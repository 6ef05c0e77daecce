"""Text cut into the tokens that the tagger sees, in numpy: no loop over characters or tokens."""

from __future__ import annotations

import numpy as np

from searchapp.compiled.contract import DIGIT, LETTER, LOWER, MARK, SHAPES, SPACE, UPPER, Array

__all__ = ["hash_sums", "token_bounds", "token_shapes"]

_SIGN, _SMALL, _CAPITALISED, _CAPITALS, _INITIAL, _MIXED, _NUMBER, _CODE, _DOTTED, _UNCASED, _ORDINAL = range(
    len(SHAPES)
)
_WORD = LETTER | DIGIT | MARK


def hash_sums(codes: Array, values: Array, base: int, /) -> Array:
    powers = np.full(len(codes), base, np.uint64)
    powers[:1] = 1
    terms = values[np.minimum(codes, len(values) - 1)]
    terms *= np.multiply.accumulate(powers)
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(terms, out=sums[1:])
    return sums


def token_bounds(codes: Array, kinds: Array, /) -> tuple[Array, Array]:
    begins, last = _boundaries(codes, kinds)
    return np.flatnonzero(begins), np.flatnonzero(last) + 1


def _boundaries(codes: Array, kinds: Array) -> tuple[Array, Array]:
    """For each character whether a token begins, and whether one ends, with it."""
    word = (kinds & _WORD) != 0
    space = (kinds & SPACE) != 0
    inner = np.flatnonzero(
        (codes == 0x2E) | (codes == 0x27) | (codes == 0x2019) | (codes == 0x26) | (codes == 0x2C) | (codes == 0x2D)
    )
    clitic = np.zeros(0, np.int64)
    if len(inner):
        joined, clitic = _inner_signs(codes, kinds, inner)
        word[joined] = True
    before = np.zeros_like(word)
    before[1:] = word[:-1]
    same = np.zeros_like(word)
    same[1:] = codes[1:] == codes[:-1]
    begins = ~space & np.where(word, ~before, before | ~same)
    begins[clitic] = True
    if len(begins):
        begins[0] = not space[0]
    after = np.ones_like(word)
    after[:-1] = begins[1:] | space[1:]
    return begins, ~space & after


def _inner_signs(codes: Array, kinds: Array, at: Array) -> tuple[Array, Array]:
    """Of the signs `at`, those that belong to a word, and the apostrophes that start a possessive."""
    size = len(codes)
    padded = np.zeros(size + 6, np.uint8)
    padded[3:-3] = kinds
    near = {offset: padded[at + 3 + offset] for offset in (-2, -1, 1, 2)}
    sign = codes[at]
    letter_before, letter_after = (near[-1] & LETTER) != 0, (near[1] & LETTER) != 0
    single_before = letter_before & ((near[-2] & _WORD) == 0)
    single_after = letter_after & ((near[2] & _WORD) == 0)
    dot = sign == 0x2E
    inner_dot = dot & single_before & single_after
    domain = dot & letter_before & ((near[1] & LOWER) != 0) & ~single_after
    decimal = (dot | (sign == 0x2C)) & ((near[-1] & DIGIT) != 0) & ((near[1] & DIGIT) != 0)
    is_inner = np.zeros(size + 3, bool)
    is_inner[at] = inner_dot
    # The full stop after a single capital, or after the last letter of "U.S", belongs to it.
    closing = dot & single_before & (((near[-1] & UPPER) != 0) | is_inner[np.maximum(at - 2, 0)])
    quote = (sign == 0x27) | (sign == 0x2019)
    next_code = codes[np.minimum(at + 1, size - 1)] | 0x20
    possessive = quote & ((near[-1] & _WORD) != 0) & single_after & (next_code == ord("s"))
    apostrophe = quote & letter_before & letter_after & ~possessive
    ampersand = (sign == 0x26) & letter_before & letter_after
    after_dot = quote & (next_code == ord("s")) & single_after & (codes[np.maximum(at - 1, 0)] == 0x2E)
    clitic = possessive | after_dot
    # "Co-operation" and "Co-ordination" are words, in whose middle no name ends; "Co-founder" stands before one.
    co = (sign == 0x2D) & ((padded[at] & _WORD) == 0)
    co &= (codes[np.maximum(at - 2, 0)] == ord("C")) & (codes[np.maximum(at - 1, 0)] == ord("o"))
    third = codes[np.minimum(at + 2, size - 1)]
    co &= (next_code == ord("o")) & ((near[1] & LOWER) != 0) & ((third == ord("p")) | (third == ord("r")))
    joined = inner_dot | domain | decimal | closing | apostrophe | ampersand | clitic | co
    return at[joined], at[clitic]


def token_shapes(codes: Array, kinds: Array, starts: Array, ends: Array, /) -> Array:
    if ((starts < 0) | (starts >= ends) | (ends > len(codes))).any():
        raise IndexError("a token points outside of its array")
    sums = np.zeros((len(codes) + 1,), np.int64)
    # Four counters of 16 bits in one running sum; a token longer than 65,535 characters may get an odd shape.
    weights = (
        ((kinds & UPPER) != 0).astype(np.int64)
        + (((kinds & LOWER) != 0).astype(np.int64) << 16)
        + (((kinds & DIGIT) != 0).astype(np.int64) << 32)
        + (((kinds & LETTER) != 0).astype(np.int64) << 48)
    )
    np.cumsum(weights, out=sums[1:])
    counts = sums[ends] - sums[starts]
    upper, lower, digits, letters = (counts >> shift & 0xFFFF for shift in (0, 16, 32, 48))
    first_upper = (kinds[np.minimum(starts, len(kinds) - 1)] & UPPER) != 0 if len(starts) else upper > 0
    dotted = (
        (letters > 1) & ((ends - starts) >= 2 * letters - 1) & (codes[np.minimum(starts + 1, len(codes) - 1)] == 0x2E)
    )
    shapes = np.full(len(starts), _SIGN, np.uint8)
    shapes[letters > 0] = _UNCASED
    shapes[lower > 0] = _SMALL
    shapes[(upper > 0) & (lower > 0)] = _MIXED
    shapes[first_upper & (upper == 1) & (lower > 0)] = _CAPITALISED
    shapes[(upper > 1) & (lower == 0)] = _CAPITALS
    shapes[(upper == 1) & (letters == 1)] = _INITIAL
    shapes[digits > 0] = _NUMBER
    shapes[(digits > 0) & (lower > 0)] = _ORDINAL
    shapes[(digits > 0) & (upper > 0)] = _CODE
    shapes[dotted & (upper > 0)] = _DOTTED
    return shapes
