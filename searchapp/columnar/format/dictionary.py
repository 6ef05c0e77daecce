"""A sorted table of words: find one, all with a prefix, all of a pattern, all that are spelled alike."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.columnar.format.pages import SectionFile, SectionWriter
from searchapp.columnar.format.ragged import narrow
from searchapp.columnar.format.spelling import close_words, letters_of, may_be_close

__all__ = ["WordTable", "union", "words_matching", "write_words"]

Array = npt.NDArray[Any]
SEPARATOR = b"\n"
_CHARACTER = rb"(?:[^\n\x80-\xff]|[\xc2-\xf4][\x80-\xbf]+)"


def write_words(file: SectionWriter, name: str, words: Sequence[bytes]) -> None:
    """Store `words`, which are sorted and all different."""
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    ends = np.cumsum(lengths + 1) - 1
    file.add(f"{name}.words", SEPARATOR.join(words))
    file.add(f"{name}.ends", narrow(ends))


def union(tables: Iterable[Sequence[bytes]]) -> list[bytes]:
    """All the words of several tables, sorted, each once."""
    words: set[bytes] = set()
    for table in tables:
        words.update(table)
    return sorted(words)


class WordTable:
    """The sorted words of one section; a word's number is its place."""

    def __init__(self, file: SectionFile, name: str) -> None:
        self._ends = file.array(f"{name}.ends")
        self._text = file.raw(f"{name}.words")
        self._known: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:
        start = int(self._ends[number - 1]) + 1 if number else 0
        return self._text[start : int(self._ends[number])]

    def words(self) -> list[bytes]:
        """All words in order."""
        ends = self._ends.astype(np.int64)
        starts = np.append(0, ends[:-1] + 1)
        text = self._text
        return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=False)]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.words())

    def place(self, word: bytes) -> int:
        """Number of the first word that is not before `word`; the number of words when all are."""
        found = compiled.steps.find_word(self._ends, self._text, word)
        return found if found >= 0 else ~found

    def find(self, word: bytes) -> int:
        """Number of `word`, -1 when it is not in the table."""
        number = self._known.get(word)
        if number is None:
            number = max(compiled.steps.find_word(self._ends, self._text, word), -1)
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[word] = number
        return number

    def holds(self, piece: bytes) -> bool:
        """Whether any word has a piece in it."""
        return self._text.find(piece) >= 0

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """First number, and one past the last, of the words that start with `prefix`."""
        low = self.place(prefix)
        follower = _follower(prefix)
        return low, len(self) if follower is None else self.place(follower)

    def matching(self, pattern: bytes) -> Array:
        """Numbers of the words of a pattern in which `*` is any run of characters and `?` is one."""
        pieces = re.split(rb"([*?])", pattern)
        head, tail = pieces[0], pieces[-1] if len(pieces) > 1 else b""
        low, high = self.prefix_range(head)
        numbers = np.arange(low, high)
        if len(pieces) == 1:
            return numbers[:1] if low < high and self[low] == head else numbers[:0]
        numbers = self._with_suffix(numbers, tail, len(head) + len(tail))
        if any(pieces[2:-1]) or b"?" in pieces:
            rule = _rule(pattern)
            fits = [rule.fullmatch(self[number]) is not None for number in numbers.tolist()]
            numbers = numbers[np.array(fits, bool)]
        return numbers

    def spelled_like(self, word: str, edits: int, *, same: int = 0) -> Array:
        """Numbers of the words at most `edits` changes away, with the `same` first characters.

        A change adds, drops or replaces a character or swaps two neighbours, no character twice.
        """
        if not word:
            return np.empty(0, np.int64)
        low, high = self.prefix_range(word[:same].encode("utf-8", "surrogatepass"))
        lengths = self._lengths(low, high)
        target = word.encode("utf-8", "surrogatepass")
        # A character has at most four bytes: words further away in bytes cannot be near in characters.
        slack = edits if target.isascii() else 4 * edits
        near = np.flatnonzero(
            (lengths >= len(target) - slack)
            & (lengths <= len(target) + 4 * edits)
            & may_be_close(word, self._letters[low:high], edits)
        )
        starts = self._ends[low + near].astype(np.int64) - lengths[near]
        return low + near[close_words(word, self._text, starts, lengths[near], edits)]

    @cached_property
    def _letters(self) -> Array:
        return letters_of(self._text, self._ends)

    def _lengths(self, low: int, high: int) -> Array:
        ends = self._ends[low:high].astype(np.int64)
        starts = np.empty_like(ends)
        if len(ends):
            starts[0] = int(self._ends[low - 1]) + 1 if low else 0
            starts[1:] = ends[:-1] + 1
        return ends - starts

    def _with_suffix(self, numbers: Array, suffix: bytes, least: int) -> Array:
        if not len(numbers):
            return numbers
        numbers = numbers[self._lengths(int(numbers[0]), int(numbers[-1]) + 1) >= least]
        text = np.frombuffer(self._text, np.uint8)
        for back, byte in enumerate(reversed(suffix), 1):
            numbers = numbers[text[self._ends[numbers].astype(np.int64) - back] == byte]
        return numbers


def words_matching(words: Sequence[bytes], pattern: bytes) -> list[int]:
    """Places of the words of a pattern in a sorted list, ascending; see `WordTable.matching`."""
    pieces = re.split(rb"[*?]", pattern)
    head, tail = pieces[0], pieces[-1]
    follower = _follower(head)
    stop = len(words) if follower is None else bisect_left(words, follower)
    near = [place for place in range(bisect_left(words, head), stop) if words[place].endswith(tail)]
    if not near:
        return near
    rule = _rule(pattern)
    return [place for place in near if rule.fullmatch(words[place]) is not None]


def _follower(prefix: bytes) -> bytes | None:
    """The least string that is after everything with this prefix."""
    stripped = prefix.rstrip(b"\xff")
    return stripped[:-1] + bytes([stripped[-1] + 1]) if stripped else None


def _rule(pattern: bytes) -> re.Pattern[bytes]:
    """What fits a pattern, in time that does not multiply with each `*`."""
    parts = [b"".join(map(_literally, re.split(rb"(\?)", part))) for part in re.split(rb"\*++", pattern)]
    if len(parts) == 1:
        return re.compile(parts[0], re.DOTALL)
    # Where a part stands first is as good as where it stands later; the last one ends the word.
    inner = b"".join(b"(?>.*?%b)" % part for part in parts[1:-1])
    return re.compile(b"%b%b.*%b" % (parts[0], inner, parts[-1]), re.DOTALL)


def _literally(piece: bytes) -> bytes:
    return _CHARACTER if piece == b"?" else re.escape(piece)
