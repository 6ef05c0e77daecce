"""Words in reading order to postings in dictionary order, with one sort."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.postings import Rows
from searchapp.columnar.format.ragged import distinct, starts_of
from searchapp.columnar.format.texts import Inverted, form_slots
from searchapp.columnar.writing.vocabulary import Vocabulary

__all__ = ["invert"]

Array = npt.NDArray[Any]


def invert(form_numbers: Array, lengths: Array, vocabulary: Vocabulary) -> Inverted:
    """Postings of a batch: `form_numbers` as `Vocabulary.encode` gives them, `lengths` of each article."""
    used = np.flatnonzero(np.bincount(form_numbers, minlength=len(vocabulary.forms)))
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
    stem_of = np.zeros(len(vocabulary.forms), np.int64)
    number_of = np.zeros(len(vocabulary.forms), np.uint16)
    stem_of[used] = form_stems
    number_of[used] = numbers

    # One sort brings equal stems together and leaves reading order within them.
    total = len(form_numbers)
    keys = stem_of[form_numbers] << 32
    keys |= np.arange(total)
    keys.sort()
    places = keys & 0xFFFFFFFF
    stem = (keys >> 32).astype(np.int32)
    del keys
    docs = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[places]
    positions = np.arange(total, dtype=np.uint32)
    positions -= np.repeat(starts_of(lengths).astype(np.uint32), lengths)
    positions = positions[places]
    occurrence_forms = number_of[form_numbers[places]]
    del places
    new = np.ones(total, bool)
    new[1:] = (stem[1:] != stem[:-1]) | (docs[1:] != docs[:-1])
    heads = np.flatnonzero(new)
    tf = np.diff(np.append(heads, total))
    rows = Rows(
        df=np.bincount(stem[heads], minlength=len(stems)).astype(np.int64),
        docs=docs[heads].astype(np.int64),
        tf=tf,
        positions=positions,
        forms=occurrence_forms,
    )
    return Inverted(stems=stems, rows=rows, forms=forms, form_stems=form_stems, lengths=lengths)
