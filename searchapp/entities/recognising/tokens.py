"""Text to tokens with exact character offsets and sentence breaks, as numpy arrays.

Nothing here loops over characters or tokens in Python. A text becomes an array of code points; a table gives each its
class; a token begins wherever the class changes in a way that matters. Each token also gets a 64-bit hash of its
folded form (lower case, accents off), so that later steps look words up without building strings. The hash is a
polynomial over the characters modulo 2**64, taken from one running sum, which gives any prefix and suffix for free.

What is one token: a run of letters and digits, with inner apostrophes ("O'Neill"), ampersands ("AT&T"), decimal points
and the full stops of abbreviations ("U.S.", "J.K.", "Mr."); the possessive "'s" by itself; each hyphen by itself, so
that "Beijing-based" holds a name; a run of one repeated sign ("...").
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from searchapp import compiled
from searchapp.compiled.contract import DIGIT, LETTER, MARK, SHAPES, SPACE, UPPER
from searchapp.compiled.contract import LOWER as LOWER_LETTER
from searchapp.language.fold import LETTERS, folded
from searchapp.language.sentences import CLOSERS, MAY_END, NEVER_END, STARTERS

__all__ = ["SHAPES", "Tokens", "fold", "hash_words", "kinds_of", "tokenise"]

U64 = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

SIGN, LOWER, CAPITALISED, CAPITALS, INITIAL, MIXED, NUMBER, CODE, DOTTED, UNCASED, ORDINAL = range(len(SHAPES))

_PLANE = 0x10000
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)

FOLDED = ((0xC0, 0x250), (0x1E00, 0x1F00))
"""The Latin letters that are folded; the model's words and lists were hashed so."""
UNFOLDED = frozenset("ßþ").union(LETTERS) - frozenset("øłđħıæœð")
"""Letters among them that the shipped model knows as they are: the next one that is trained can do without."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text, in order. All arrays but the last two have one value per token."""

    starts: Ints
    """First character."""
    ends: Ints
    """One past the last character."""
    words: U64
    """Hash of the folded token; the full stop of "Mr." does not count."""
    shapes: NDArray[np.uint8]
    """Position in `SHAPES`."""
    sentence_starts: Flags
    """Whether a sentence begins here."""
    glued: Flags
    """Whether the token follows the one before it without a space."""
    junk: Flags
    """Whether the token belongs to a web or mail address or a handle."""
    letters: Ints
    """One past the last character that `words` hashes."""
    sums: U64
    """Running sum over the characters: see `affixes`."""
    codes: NDArray[np.uint32]
    """The code points of the text."""

    def __len__(self) -> int:
        return len(self.starts)

    def affixes(self, which: Ints, length: int, *, suffix: bool) -> U64:
        """Hash of the first or last `length` characters of the tokens `which`, whole tokens where shorter."""
        starts, ends = self.starts[which], self.letters[which]
        if suffix:
            starts = np.maximum(starts, ends - length)
        else:
            ends = np.minimum(ends, starts + length)
        return _hash_ranges(self.sums, starts, ends)

    def letter_hashes(self, positions: Ints) -> U64:
        """Hash of the single characters at `positions`."""
        return _hash_ranges(self.sums, positions, positions + 1)


def fold(text: str) -> str:
    """`text` as hashes see it: lower case, without accents, straight quotes."""
    plane = _plane()
    codes = np.minimum(_codes(text), _PLANE - 1)
    return plane.folded[codes].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def hash_words(words: Iterable[str]) -> U64:
    """The hash that a token with each of these texts has."""
    texts = list(words)
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    ends = np.cumsum(lengths)
    sums = _running_sum(_codes("".join(texts)))
    return _hash_ranges(sums, ends - lengths, ends)


def tokenise(text: str) -> Tokens:
    """The tokens of `text`. Takes time and memory in proportion to its length, whatever it holds."""
    codes = _codes(text)
    kinds = kinds_of(codes)
    sums = _running_sum(codes)
    starts, ends = compiled.steps.token_bounds(codes, kinds)
    letters = ends.copy()
    words = _hash_ranges(sums, starts, ends)
    starts, ends, letters, words = _join_abbreviations(codes, starts, ends, letters, words)
    shapes = compiled.steps.token_shapes(codes, kinds, starts, ends)
    return Tokens(
        starts=starts,
        ends=ends,
        words=words,
        shapes=shapes,
        sentence_starts=_sentence_starts(codes, starts, ends, words, shapes),
        glued=np.concatenate(([False], starts[1:] == ends[:-1])) if len(starts) else np.zeros(0, bool),
        junk=_addresses(codes, kinds, starts),
        letters=letters,
        sums=sums,
        codes=codes,
    )


def kinds_of(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """What each code point is: a sum of `LETTER` and its like, as `searchapp.compiled.contract` has them."""
    kinds: NDArray[np.uint8] = _plane().kinds[np.minimum(codes, _PLANE - 1)]
    return kinds


@dataclass(frozen=True, slots=True)
class _Plane:
    """What is known of each code point up to 0xFFFF; those above share the last row."""

    kinds: NDArray[np.uint8]
    folded: NDArray[np.uint32]
    values: U64


@cache
def _plane() -> _Plane:
    points = np.arange(_PLANE, dtype=np.uint32)
    points[0xD800:0xE000] = 0xFFFD
    chars = points.view("<U1") if sys.byteorder == "little" else points.astype(">u4").view(">U1")
    kinds = np.zeros(_PLANE, np.uint8)
    kinds[np.strings.isalpha(chars)] |= LETTER
    kinds[np.strings.isupper(chars)] |= UPPER
    kinds[np.strings.islower(chars)] |= LOWER_LETTER
    kinds[np.strings.isdigit(chars)] |= DIGIT
    kinds[np.strings.isspace(chars)] |= SPACE
    kinds[ord("_")] |= MARK
    kinds[[0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF]] = MARK
    for start, end in (
        (0x300, 0x370),
        (0x591, 0x5C8),
        (0x610, 0x620),
        (0x64B, 0x660),
        (0x900, 0xE00),
        (0x20D0, 0x2100),
    ):
        marks = [point for point in range(start, end) if unicodedata.category(chr(point))[0] == "M"]
        kinds[marks] |= MARK
    kinds[_PLANE - 1] = 0
    plain = np.strings.lower(chars).astype("<U1").view(np.uint32).copy()
    for start, end in FOLDED:
        for point in range(start, end):
            letter = chr(plain[point])
            # One character must stay one, so of "ae" for "æ" the first letter counts.
            plain[point] = ord(letter if letter in UNFOLDED else folded(letter)[0])
    for sign, alike in zip("‘’ʼ`“”„«»–—−", '\'\'\'\'"""""---', strict=True):
        plain[plain == ord(sign)] = ord(alike)
    values = _scramble(plain.astype(np.uint64) + np.uint64(1))
    return _Plane(kinds, plain, values)


def _scramble(values: U64) -> U64:
    """Values spread over all 64 bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    mixed = values * _BASE
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def _power_tables(length: int) -> tuple[U64, U64]:
    inverse = np.uint64(pow(int(_BASE), -1, 1 << 64))
    up = np.full(length, _BASE, np.uint64)
    down = np.full(length, inverse, np.uint64)
    up[0] = down[0] = 1
    return np.multiply.accumulate(up), np.multiply.accumulate(down)


def _powers(length: int) -> tuple[U64, U64]:
    """Powers of the base and of its inverse modulo 2**64, at least `length` of each."""
    return _power_tables(1 << max(16, (length - 1).bit_length()))


def _running_sum(codes: NDArray[np.uint32]) -> U64:
    return compiled.steps.hash_sums(codes, _plane().values, int(_BASE))


def _hash_ranges(sums: U64, starts: Ints, ends: Ints) -> U64:
    _, down = _powers(len(sums))
    hashes = (sums[ends] - sums[starts]) * down[starts]
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(29)
    return hashes


@cache
def _sorted_hashes(words: frozenset[str]) -> U64:
    return np.sort(hash_words(words))


def _among(hashes: U64, words: frozenset[str]) -> Flags:
    known = _sorted_hashes(words)
    same: Flags = known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] == hashes
    return same


def _join_abbreviations(
    codes: NDArray[np.uint32], starts: Ints, ends: Ints, letters: Ints, words: U64
) -> tuple[Ints, Ints, Ints, U64]:
    """Takes the full stop of "Mr." and "Inc." into the token before it."""
    stops = np.flatnonzero((codes[starts] == 0x2E) & (ends - starts == 1)) if len(starts) else starts
    stops = stops[stops > 0]
    stops = stops[starts[stops] == ends[stops - 1]]
    stops = stops[_among(words[stops - 1], NEVER_END | MAY_END)]
    if not len(stops):
        return starts, ends, letters, words
    ends = ends.copy()
    ends[stops - 1] += 1
    keep = np.ones(len(starts), bool)
    keep[stops] = False
    return starts[keep], ends[keep], letters[keep], words[keep]


def _sentence_starts(
    codes: NDArray[np.uint32], starts: Ints, ends: Ints, words: U64, shapes: NDArray[np.uint8]
) -> Flags:
    count = len(starts)
    begins = np.zeros(count, bool)
    if not count:
        return begins
    begins[0] = True
    begins[1:] |= _line_breaks(codes, starts, ends)
    first = codes[starts]
    closers = np.isin(first, _CLOSERS) & (ends - starts <= 2)
    final = np.isin(first, _FINALS)
    # A stop may be followed by closing quotes and brackets: the sentence ends after up to three of them.
    ended = final.copy()
    for _ in range(3):
        ended[1:] |= ended[:-1] & closers[1:]
    spaced = np.ones(count, bool)
    spaced[1:] = starts[1:] > ends[:-1]
    lower = (shapes == LOWER) | (shapes == ORDINAL)
    opens = spaced & ~lower & ~(np.isin(first, _MIDDLES))
    begins[1:] |= ended[:-1] & opens[1:]
    stopped = codes[ends - 1] == 0x2E
    starter = _among(words, STARTERS) & (shapes == CAPITALISED)
    soft = stopped & ((shapes == DOTTED) | _among(words, MAY_END))
    begins[1:] |= soft[:-1] & starter[1:] & spaced[1:]
    return begins


_FINALS = np.array([ord(sign) for sign in ".?!…。！？؟।"], np.uint32)
_CLOSERS = np.array([ord(sign) for sign in CLOSERS + "»"], np.uint32)
_MIDDLES = np.array([ord(sign) for sign in ",;:)]—–-…"], np.uint32)


def _line_breaks(codes: NDArray[np.uint32], starts: Ints, ends: Ints) -> Flags:
    """For each token but the first, whether a line break before it ends the sentence.

    A blank line always does. A single line break does, unless the text is wrapped: then the line before it is long
    and the next goes on in lower case or the line has no closing sign.
    """
    newlines = np.flatnonzero((codes == 0x0A) | (codes == 0x0D) | (codes == 0x2028) | (codes == 0x2029))
    if not len(newlines):
        return np.zeros(len(starts) - 1, bool)
    # "\r\n" is one line break.
    pair = (codes[newlines] == 0x0A) & (newlines > 0) & (codes[np.maximum(newlines - 1, 0)] == 0x0D)
    newlines = newlines[~pair]
    line = np.searchsorted(newlines, starts)
    crossed = np.diff(line)
    bounds = np.concatenate(([-1], newlines, [len(codes)]))
    width = np.diff(bounds)[line[:-1]]
    wrapped = (width > 50) & (width < 130) & ~np.isin(codes[ends[:-1] - 1], _FINALS)
    breaks: Flags = (crossed > 1) | ((crossed == 1) & ~wrapped)
    return breaks


def _addresses(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], starts: Ints) -> Flags:
    """Whether each token stands in a run of non-spaces that holds "@" or "://" or begins with "www."."""
    marks = (codes == 0x40) & True
    if len(codes) > 2:
        marks[1:-1] |= (codes[1:-1] == 0x2F) & (codes[2:] == 0x2F) & (codes[:-2] == 0x3A)
        marks[:-3] |= (codes[:-3] == 0x77) & (codes[1:-2] == 0x77) & (codes[2:-1] == 0x77) & (codes[3:] == 0x2E)
    at = np.flatnonzero(marks)
    if not len(at):
        return np.zeros(len(starts), bool)
    run = np.cumsum((kinds & SPACE) != 0)
    marked = np.zeros(int(run[-1]) + 1, bool)
    marked[run[at]] = True
    junk: Flags = marked[run[starts]]
    return junk
