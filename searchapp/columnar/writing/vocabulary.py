"""Text to numbered forms, many words at a time.

The words of a language repeat. So the text is cut at white space, each stretch is known by a hash that numpy computes
for all of them at once, and only a stretch that was never seen before is taken apart with the regular expression,
folded and stemmed.
"""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.compounds import COMPOUND
from searchapp.columnar.format.ragged import distinct, ends_of, take_rows
from searchapp.columnar.schema.analysis import Analysis

__all__ = ["EMPTY_LINE", "Vocabulary"]

Array = npt.NDArray[Any]
EMPTY_LINE = 0
"""Stands among the numbers of forms for an empty line between two words."""
LONGEST_KEPT = 64
"""Stretches of more bytes are taken apart each time instead of remembered."""
GROUP_BYTES = 1 << 16
"""Texts are taken together up to so many bytes: the arrays for them are then neither many nor large."""
SLICE_BYTES = 1 << 18
"""So much text is hashed in one step; the arrays for it stay in a processor's cache."""


class Vocabulary:
    """The forms and stems met so far, each with a number."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        # A multiplier that nobody can know beforehand: no text can be made whose stretches hash alike.
        self._base = secrets.randbits(64) | 1
        self.clear()

    @cached_property
    def _powers(self) -> Array:
        return _powers(np.uint64(self._base), SLICE_BYTES + 1)

    @cached_property
    def _inverses(self) -> Array:
        return _powers(np.uint64(pow(self._base, -1, 1 << 64)), SLICE_BYTES + 1)

    def clear(self) -> None:
        """Forget everything: numbers start again."""
        # The first form is that of an empty line, which is no word and has no stem.
        self.forms: list[str] = [""]
        self.stems: list[str] = []
        self.stem_of_form = array("i", [-1])
        self.steps = array("b", [1])
        """For each form how many places its words lie behind the word before them: 0 for a compound, else 1."""
        self._token_numbers: dict[str, tuple[int, ...]] = {}
        self._form_numbers: dict[str, int] = {}
        self._stem_numbers: dict[str, int] = {}
        self._ends = array("q", [0, 1])
        self._values = array("i", [EMPTY_LINE])
        self._known = _HashTable()

    def __len__(self) -> int:
        """How many entries take memory."""
        return len(self.forms) + len(self._token_numbers) + len(self._ends)

    def encode(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """int32 form numbers of all the texts, one after the other, and how many each text has.

        They are those of its words in order, a compound after its first part, and `EMPTY_LINE` where one is.
        """
        mended = self.analysis.mended
        encoded = [mended(text).encode("utf-8", "surrogatepass") for text in texts]
        forms, counts = [np.empty(0, np.int32)], [np.empty(0, np.int64)]
        start = size = 0
        for place, text in enumerate(encoded, 1):
            size += len(text)
            if size >= GROUP_BYTES or place == len(encoded):
                found, each = self._encode(encoded[start:place])
                forms.append(found)
                counts.append(each)
                start, size = place, 0
        return np.concatenate(forms), np.concatenate(counts)

    def _encode(self, encoded: Sequence[bytes]) -> tuple[Array, Array]:
        data = b" ".join(encoded)
        raw = np.frombuffer(data, np.uint8)
        starts, lengths = _stretches(raw)
        chosen = self._numbers(data, starts, lengths)
        borders = starts.searchsorted(np.cumsum([0] + [len(text) + 1 for text in encoded]))
        broken = _after_empty_lines(raw, starts, borders)
        if len(broken):
            chosen = np.insert(chosen, broken, EMPTY_LINE)
            borders = borders + broken.searchsorted(borders)
        # Views of the growing arrays: they must be gone before the next word is learnt.
        ends = np.frombuffer(self._ends, np.int64)
        values = np.frombuffer(self._values, np.int32) if self._values else np.empty(0, np.int32)
        firsts = ends[chosen]
        widths = ends[chosen + 1] - firsts
        forms = take_rows(values, firsts, widths)
        return forms.astype(np.int32, copy=False), np.diff(ends_of(widths)[borders])

    def _numbers(self, data: bytes, starts: Array, lengths: Array) -> Array:
        """The number of each stretch; new ones are learnt."""
        hashes = self._hashes(data, starts, lengths)
        numbers = self._known.find(hashes)
        new = np.flatnonzero(numbers < 0)
        if len(new):
            _, first, inverse = np.unique(hashes[new], return_index=True, return_inverse=True)
            learnt = np.empty(len(first), np.int64)
            # In the order in which they come, so that the numbers of a text do not depend on the hashes.
            order = np.argsort(first)
            for rank in order.tolist():
                place = int(new[first[rank]])
                start = int(starts[place])
                learnt[rank] = self._learn(data[start : start + int(lengths[place])].decode("utf-8", "surrogatepass"))
            numbers[new] = learnt[inverse]
            kept = first[lengths[new[first]] <= LONGEST_KEPT]
            self._known.add(hashes[new[kept]], numbers[new[kept]])
        return numbers

    def _hashes(self, data: bytes, starts: Array, lengths: Array) -> Array:
        """uint64 for each stretch: the sum of byte times power, modulo 2**64, counted from its start."""
        hashes = np.empty(len(starts), np.uint64)
        raw = np.frombuffer(data, np.uint8)
        done = 0
        while done < len(starts):
            base = int(starts[done])
            stop = int(np.searchsorted(starts + lengths, base + SLICE_BYTES, side="right"))
            if stop == done:
                # One stretch longer than a slice: it is not remembered, any number no other has will do.
                hashes[done] = np.uint64(secrets.randbits(64))
                done += 1
                continue
            end = int(starts[stop - 1] + lengths[stop - 1])
            sums = np.zeros(end - base + 1, np.uint64)
            np.cumsum(np.multiply(raw[base:end], self._powers[: end - base], dtype=np.uint64), out=sums[1:])
            low = starts[done:stop] - base
            hashes[done:stop] = (sums[low + lengths[done:stop]] - sums[low]) * self._inverses[low]
            done = stop
        return hashes

    def _learn(self, stretch: str) -> int:
        known = self._token_numbers
        for token in self.analysis.token.findall(stretch):
            # A word stands in many stretches, with and without a comma or quotes.
            numbers = known.get(token)
            if numbers is None:
                numbers = known[token] = tuple([self._form(form) for _, _, form in self.analysis.words(token)])
            self._values.extend(numbers)
        self._ends.append(len(self._values))
        return len(self._ends) - 2

    def _form(self, form: str) -> int:
        number = self._form_numbers.get(form)
        if number is None:
            number = self._form_numbers[form] = len(self.forms)
            self.forms.append(form)
            stem = self.analysis.stem(form)
            stem_number = self._stem_numbers.get(stem)
            if stem_number is None:
                stem_number = self._stem_numbers[stem] = len(self.stems)
                self.stems.append(stem)
            self.stem_of_form.append(stem_number)
            self.steps.append(COMPOUND not in form)
        return number


def _powers(base: np.uint64, count: int) -> Array:
    powers = np.full(count, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)


def _stretches(raw: Array) -> tuple[Array, Array]:
    """Starts and lengths of the runs of bytes above the space."""
    inside = np.zeros(len(raw) + 2, np.int8)
    inside[1:-1] = raw > 0x20
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    return edges[::2], edges[1::2] - edges[::2]


def _after_empty_lines(raw: Array, starts: Array, borders: Array) -> Array:
    """Stretches before which there is an empty line, but for the first of each text."""
    places = starts.searchsorted(np.flatnonzero(raw == 0x0A))
    broken = distinct(places[1:][places[1:] == places[:-1]])
    return broken[~np.isin(broken, borders)] if len(broken) else broken


class _HashTable:
    """Hashes to numbers, for arrays of them: open addressing, at most half full."""

    def __init__(self) -> None:
        self._bits = 14
        self._keys = np.zeros(1 << self._bits, np.uint64)
        self._numbers = np.full(1 << self._bits, -1, np.int64)
        self._count = 0

    def find(self, hashes: Array) -> Array:
        """int64: the number of each hash, -1 for those that are not known."""
        slots = self._slots(hashes)
        numbers = self._numbers.take(slots)
        # Most are found at once; what is left looks further, slot by slot.
        left = np.flatnonzero((self._keys.take(slots) != hashes) & (numbers >= 0))
        mask = len(self._keys) - 1
        while len(left):
            slots[left] = (slots[left] + 1) & mask
            numbers[left] = self._numbers[slots[left]]
            left = left[(self._keys[slots[left]] != hashes[left]) & (numbers[left] >= 0)]
        return numbers

    def add(self, hashes: Array, numbers: Array) -> None:
        """Remember numbers of hashes that are different and not known yet."""
        self._count += len(hashes)
        if self._count * 2 > len(self._keys):
            filled = self._numbers >= 0
            hashes = np.concatenate([self._keys[filled], hashes])
            numbers = np.concatenate([self._numbers[filled], numbers])
            while self._count * 2 > 1 << self._bits:
                self._bits += 1
            self._keys = np.zeros(1 << self._bits, np.uint64)
            self._numbers = np.full(1 << self._bits, -1, np.int64)
        slots = self._slots(hashes)
        mask = len(self._keys) - 1
        left = np.arange(len(hashes))
        while len(left):
            free = self._numbers[slots[left]] < 0
            # Of those that want the same free slot one gets it.
            self._numbers[slots[left[free]]] = numbers[left[free]]
            self._keys[slots[left[free]]] = hashes[left[free]]
            left = left[self._keys[slots[left]] != hashes[left]]
            slots[left] = (slots[left] + 1) & mask

    def _slots(self, hashes: Array) -> Array:
        return ((hashes * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - self._bits)).astype(np.int64)
