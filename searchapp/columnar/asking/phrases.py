"""Words next to each other, and near each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.columnar.format.compounds import is_written, places_of
from searchapp.columnar.format.ragged import distinct, ranges, starts_of
from searchapp.columnar.format.texts import TextColumn

__all__ = ["near_docs", "phrase_docs"]

Array = npt.NDArray[Any]
NONE = np.empty(0, np.int64)
FAR = 1 << 62

BLOCK = 1 << 20
"""Addresses compared in one step; marks for so many stay in a processor's cache."""


class _Word:
    """Where one word of the phrase stands."""

    def __init__(self, text: TextColumn, stem: int, word: bytes | None) -> None:
        """`word` limits it to forms that are this word, written together or as a compound."""
        self.text = text
        self.stem = stem
        self.docs = text.postings.docs(stem)
        self.occurrences = int(text.postings.cf[stem])
        forms = text.forms_of(stem)
        self._places = np.array([places_of(form) for form in forms], np.int64)
        self._wanted = None if word is None else np.array([is_written(form, word) for form in forms])
        chosen = self._places if self._wanted is None else self._places[self._wanted]
        self.found = len(chosen) > 0
        """Whether the segment has such a form."""
        self.long = bool((chosen > 1).any())
        """Whether it takes more than one place anywhere."""

    def addresses(self, docs: Array) -> tuple[Array, Array | None]:
        """For each occurrence, in `docs` at least, the address of its article plus its position, ascending, and how
        many places it takes: None where each takes one."""
        tf = self.text.postings.tf(self.stem)
        chosen = None
        told = self._wanted is not None or self.long
        numbers = self.text.postings.forms(self.stem) if told else None
        held = self.docs
        if len(docs) * 4 < len(held):
            # Few articles are still in question: leave the others out.
            kept = np.searchsorted(held, docs)
            held = docs
            if tf is None:
                chosen = kept
            else:
                starts, tf = starts_of(tf)[kept], tf[kept]
                chosen = ranges(starts, tf)
            numbers = None if numbers is None else numbers[chosen]
        positions = self.text.postings.positions(self.stem, chosen)
        origins = self.text.addresses.take(held)
        found: Array = (origins if tf is None else np.repeat(origins, tf)) + positions
        if not told:
            return found, None
        if numbers is None:
            # Where no numbers are kept all occurrences have the first form.
            numbers = np.zeros(len(found), np.uint8)
        if self._wanted is not None:
            hits = np.flatnonzero(self._wanted.take(numbers))
            found, numbers = found[hits], numbers[hits]
        return found, self._places.take(numbers) if self.long else None


def phrase_docs(
    text: TextColumn, words: Sequence[bytes], stems: Sequence[bytes], *, exact: bool, check: Callable[[], None]
) -> Array:
    """int64: articles where the words, or unless `exact` others with their stems, stand next to each other, ascending.

    `check` is called between the steps and may raise.
    """
    found, docs = _looked_up(text, words, stems, exact=exact)
    if len(found) < 2 and not exact:
        return docs
    if not len(docs):
        return NONE
    starts: Array | None = None
    if any(word.long for word in found[:-1]):
        # How long a word is tells where the next one must begin.
        for word in found:
            check()
            addresses, places = word.addresses(docs)
            if starts is not None:
                kept = _places_of_common(starts, addresses)
                addresses, places = addresses[kept], None if places is None else places[kept]
            starts = addresses + 1 if places is None else distinct(addresses + places)
            if not len(starts):
                return NONE
        assert starts is not None
        starts = starts - 1
    else:
        for place in sorted(range(len(found)), key=lambda place: found[place].occurrences):
            check()
            # Every word says where the phrase would begin if this word stood at its place in it.
            addresses = found[place].addresses(docs)[0] - place
            starts = addresses if starts is None else _common(starts, addresses, check)
            if not len(starts):
                return NONE
    assert starts is not None
    hit = np.zeros(len(text.lengths), bool)
    hit[np.searchsorted(text.addresses, starts, side="right") - 1] = True
    result: Array = np.flatnonzero(hit)
    return result


def near_docs(
    text: TextColumn, words: Sequence[bytes], stems: Sequence[bytes], *, within: int, check: Callable[[], None]
) -> Array:
    """int64: articles where all the words stand near each other, in any order, ascending.

    From the end of the one that ends first to the start of the one that starts last are at most `within` places. A word
    that is given twice must stand there twice.
    """
    different = dict(zip(words, stems, strict=True))
    found, docs = _looked_up(text, tuple(different), tuple(different.values()), exact=True)
    if not len(docs):
        return NONE
    given = [(word.addresses(docs), words.count(name)) for word, name in zip(found, different, strict=True)]
    starts = np.sort(np.concatenate([addresses for (addresses, _), _ in given]))
    earliest = np.full(len(starts), FAR, np.int64)
    for (addresses, places), times in given:
        check()
        if len(addresses) < times:
            return NONE
        # Of each word the last that starts there or before, or as many as are wanted.
        last = addresses.searchsorted(starts, side="right") - times
        ends = addresses if places is None else addresses + places - 1
        earliest = np.minimum(earliest, np.where(last >= 0, ends.take(last, mode="clip"), -FAR))
    near = np.flatnonzero(starts - earliest <= within)
    rows = np.searchsorted(text.addresses, starts[near], side="right") - 1
    # Addresses go on from article to article.
    same = earliest[near] >= text.addresses[rows]
    return distinct(rows[same])


def _looked_up(
    text: TextColumn, words: Sequence[bytes], stems: Sequence[bytes], *, exact: bool
) -> tuple[list[_Word], Array]:
    """The words in a segment, and the articles that have the stems of all; none where a word is not there."""
    found: list[_Word] = []
    for word, stem in zip(words, stems, strict=True):
        number = text.stems.find(stem)
        if number < 0:
            return [], NONE
        found.append(_Word(text, number, word if exact else None))
        if not found[-1].found:
            return [], NONE
    if not found:
        return [], NONE
    by_articles = sorted(found, key=lambda word: len(word.docs))
    docs = by_articles[0].docs
    for other in by_articles[1:]:
        docs = compiled.steps.in_all(docs, (other.docs,))
    return found, docs


def _places_of_common(few: Array, many: Array) -> Array:
    """Where in `many` those stand that are in `few` too, each ascending."""
    places = np.searchsorted(few, many)
    return np.flatnonzero(few.take(places, mode="clip") == many)


def _common(few: Array, many: Array, check: Callable[[], None]) -> Array:
    """Values in both, each ascending."""
    if not len(many):
        return many
    if len(few) * 24 < len(many):
        places = np.searchsorted(many, few)
        places[places == len(many)] = 0
        same: Array = few[many[places] == few]
        return same
    low, high = max(int(few[0]), int(many[0])), min(int(few[-1]), int(many[-1]))
    if low > high:
        return few[:0]
    borders = np.append(np.arange(low, high + 1, BLOCK), high + 1)
    few_at, many_at = np.searchsorted(few, borders), np.searchsorted(many, borders)
    parts = []
    for block in range(len(borders) - 1):
        check()
        base = int(borders[block])
        mask = np.zeros(int(borders[block + 1]) - base, bool)
        mask[many[many_at[block] : many_at[block + 1]] - base] = True
        own = few[few_at[block] : few_at[block + 1]]
        parts.append(own[np.flatnonzero(mask.take(own - base))])
    return np.concatenate(parts)
