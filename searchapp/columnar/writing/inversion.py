"""Words in reading order to postings in dictionary order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.postings import Rows
from searchapp.columnar.format.ragged import distinct, ends_of
from searchapp.columnar.format.texts import Inverted, form_slots
from searchapp.columnar.writing.vocabulary import EMPTY_LINE, Vocabulary

__all__ = ["invert"]

Array = npt.NDArray[Any]

RUN_WORDS = 1 << 21
"""So many words are sorted at once."""


def invert(form_numbers: Array, lengths: Array, vocabulary: Vocabulary) -> Inverted:
    """Postings of a batch: `form_numbers` as `Vocabulary.encode` gives them, `lengths` how many of each article."""
    used = np.flatnonzero(np.bincount(form_numbers, minlength=len(vocabulary.forms)))
    used = used[used != EMPTY_LINE]
    names = [vocabulary.forms[number].encode("utf-8", "surrogatepass") for number in used.tolist()]
    order = sorted(range(len(names)), key=names.__getitem__)
    forms = [names[place] for place in order]
    used = used[np.array(order, np.int64)]

    stem_numbers = np.frombuffer(vocabulary.stem_of_form, np.int32)[used] if len(used) else np.empty(0, np.int32)
    present = distinct(stem_numbers)
    stem_names = [vocabulary.stems[number].encode("utf-8", "surrogatepass") for number in present.tolist()]
    stem_order = sorted(range(len(stem_names)), key=stem_names.__getitem__)
    stems = [stem_names[place] for place in stem_order]
    rank_of_stem = np.zeros(len(vocabulary.stems), np.int64)
    rank_of_stem[present[np.array(stem_order, np.int64)]] = np.arange(len(stems))
    form_stems = rank_of_stem[stem_numbers]

    slots, starts = form_slots(form_stems, len(stems))
    numbers = np.empty(len(forms), np.int64)
    numbers[slots] = np.arange(len(forms)) - starts[form_stems[slots]]
    # An empty line comes behind all words, where no posting is made of it.
    stem_of = np.full(len(vocabulary.forms), len(stems), np.int32)
    number_of = np.zeros(len(vocabulary.forms), np.uint16)
    stem_of[used] = form_stems
    number_of[used] = numbers

    word_stems, word_numbers = stem_of.take(form_numbers), number_of.take(form_numbers)
    docs = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    places = np.zeros(len(form_numbers) + 1, np.uint32)
    np.cumsum(np.frombuffer(vocabulary.steps, np.int8).take(form_numbers), out=places[1:])
    ends = places[ends_of(lengths)]
    empty_lines = np.bincount(docs[np.flatnonzero(form_numbers == EMPTY_LINE)], minlength=len(lengths))
    rows = _runs(word_stems, word_numbers, docs, places[1:], ends[:-1] + 1, len(stems))
    return Inverted(
        stems=stems,
        rows=rows,
        forms=forms,
        form_stems=form_stems,
        lengths=lengths - empty_lines,
        extents=np.diff(ends.astype(np.int64)),
    )


def _runs(
    word_stems: Array, word_numbers: Array, docs: Array, word_places: Array, firsts: Array, stems: int
) -> Iterator[Rows]:
    """The postings of all stems, those of some at a time: sorting takes several times the memory of the words."""
    counts = np.bincount(word_stems, minlength=stems + 1)[:stems]
    ends = ends_of(counts)
    start = 0
    while start < stems:
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] + RUN_WORDS, side="right")) - 1)
        places = np.flatnonzero((word_stems >= start) & (word_stems < stop))
        # One sort brings equal stems together and leaves reading order within them.
        places = places[_sorted_places(word_stems.take(places) - start, stop - start)]
        held = docs.take(places)
        positions = word_places.take(places) - firsts.take(held)
        yield _rows(held, positions, word_numbers.take(places), counts[start:stop])
        start = stop


def _rows(docs: Array, positions: Array, numbers: Array, counts: Array) -> Rows:
    """Postings from the words of each stem, one stem after the other: `counts` words of each."""
    ends = ends_of(counts)
    new = np.ones(len(docs), bool)
    np.not_equal(docs[1:], docs[:-1], out=new[1:])
    new[ends[:-1]] = True
    heads = np.flatnonzero(new)
    return Rows(
        df=np.diff(np.searchsorted(heads, ends)),
        docs=docs.take(heads).astype(np.int64),
        tf=np.diff(heads, append=len(docs)),
        positions=positions,
        forms=numbers,
    )


def _sorted_places(values: Array, size: int) -> Array:
    """The places of int32 `values` from 0 to below `size`, sorted by value, equal ones in their order.

    numpy sorts numbers of 16 bits by their digits, in a fourth of the time that it takes for larger ones.
    """
    places = np.argsort(values.astype(np.uint16), kind="stable")
    if size > 1 << 16:
        places = places[np.argsort((values >> 16).astype(np.uint16)[places], kind="stable")]
    return places
