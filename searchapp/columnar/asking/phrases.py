"""Words next to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.columnar.format.ragged import ranges, starts_of
from searchapp.columnar.format.texts import TextColumn

__all__ = ["phrase_docs"]

Array = npt.NDArray[Any]
NONE = np.empty(0, np.int64)

BLOCK = 1 << 20
"""Addresses compared in one step; marks for so many stay in a processor's cache."""


class _Word:
    """Where one word of the phrase stands."""

    def __init__(self, text: TextColumn, stem: int, form: int | None) -> None:
        self.text = text
        self.stem = stem
        self.form = form
        self.docs = text.postings.docs(stem)
        self.occurrences = int(text.postings.cf[stem])

    def addresses(self, docs: Array) -> Array:
        """For each occurrence, in `docs` at least, the address of its article plus its position, ascending."""
        tf = self.text.postings.tf(self.stem)
        chosen = None
        numbers = self.text.postings.forms(self.stem) if self.form is not None else None
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
        if numbers is not None:
            return found[np.flatnonzero(numbers == self.form)]
        # Where no numbers are kept all occurrences have the first form.
        return found[:0] if self.form else found


def phrase_docs(text: TextColumn, words: Sequence[bytes], *, exact: bool, check: Callable[[], None]) -> Array:
    """int64: articles where the words, stems or with `exact` forms, stand next to each other, ascending.

    `check` is called between the steps and may raise.
    """
    found: list[_Word] = []
    for word in words:
        if exact:
            form = text.forms.find(word)
            if form < 0:
                return NONE
            found.append(_Word(text, int(text.form_stems[form]), text.form_number(form)))
        else:
            stem = text.stems.find(word)
            if stem < 0:
                return NONE
            found.append(_Word(text, stem, None))
    if not found:
        return NONE
    by_articles = sorted(found, key=lambda word: len(word.docs))
    docs = by_articles[0].docs
    for other in by_articles[1:]:
        docs = compiled.steps.in_all(docs, (other.docs,))
        if not len(docs):
            return NONE
    if len(found) == 1 and not exact:
        return docs
    starts: Array | None = None
    for place in sorted(range(len(found)), key=lambda place: found[place].occurrences):
        check()
        # Every word says where the phrase would begin if this word stood at its place in it.
        addresses = found[place].addresses(docs) - place
        starts = addresses if starts is None else _common(starts, addresses, check)
        if not len(starts):
            return NONE
    assert starts is not None
    rows = np.searchsorted(text.addresses, starts, side="right") - 1
    # Addresses go on from article to article; a phrase must not.
    within = starts - text.addresses[rows] + len(found) <= text.lengths[rows]
    hit = np.zeros(len(text.lengths), bool)
    hit[rows[within]] = True
    result: Array = np.flatnonzero(hit)
    return result


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
