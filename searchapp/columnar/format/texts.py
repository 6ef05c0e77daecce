"""A text field of a segment: stems, their postings and the forms behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.dictionary import WordTable, words_matching, write_words
from searchapp.columnar.format.pages import SectionFile, SectionWriter
from searchapp.columnar.format.postings import Postings, PostingsWriter, Rows
from searchapp.columnar.format.ragged import distinct, ends_of, narrow, starts_of

__all__ = ["Inverted", "TextColumn", "form_slots", "write_forms", "write_text"]

Array = npt.NDArray[Any]
BATCH = 1 << 18
"""So many postings or occurrences are looked at in one step."""
COMPOUND = b"-"
FREQUENT = 2_000
"""A stem with so many occurrences is looked at by itself."""


@dataclass(slots=True)
class Inverted:
    """The words of one text field of a batch."""

    stems: list[bytes]
    """Sorted."""
    rows: Iterable[Rows]
    """Postings of the stems, of some after the others; they are gone through once."""
    forms: list[bytes]
    """Sorted."""
    form_stems: Array
    """For each form the number of its stem in `stems`."""
    lengths: Array
    """Words of each article."""
    extents: Array
    """Places that they take: fewer where there are compounds, more where there are empty lines."""


def form_slots(form_stems: Array, stems: int) -> tuple[Array, Array]:
    """Forms grouped by stem: the forms in that order, and where each stem's group starts (one more than stems)."""
    order = np.argsort(form_stems, kind="stable")
    counts = np.bincount(form_stems, minlength=stems)
    starts = np.zeros(stems + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return order, starts


def write_text(file: SectionWriter, name: str, text: Inverted) -> None:
    """Store one inverted text field."""
    write_words(file, name, text.stems)
    writer = PostingsWriter(file, name)
    for rows in text.rows:
        writer.add(rows)
    writer.finish()
    write_forms(file, name, text.forms, text.form_stems, len(text.stems))
    file.add(f"{name}.lengths", narrow(text.lengths))
    file.add(f"{name}.extents", narrow(text.extents))


def write_forms(file: SectionWriter, name: str, forms: list[bytes], form_stems: Array, stems: int) -> None:
    """Store the sorted table of forms, and which stem each belongs to, both ways."""
    write_words(file, f"{name}.form", forms)
    order, _ = form_slots(form_stems, stems)
    file.add(f"{name}.form_stems", narrow(form_stems))
    file.add(f"{name}.stem_forms", narrow(order))


class TextColumn:
    """Dictionary and postings of an `AnalysedText` field of one segment."""

    def __init__(self, file: SectionFile, name: str) -> None:
        self._file = file
        self._name = name
        self.stems = WordTable(file, name)
        self.postings = Postings(file, name)
        self.lengths: Array = file.array(f"{name}.lengths")
        """Words of each article."""

    @cached_property
    def forms(self) -> WordTable:
        """The forms, sorted."""
        return WordTable(self._file, f"{self._name}.form")

    @cached_property
    def form_stems(self) -> Array:
        """For each form the number of its stem."""
        return self._file.array(f"{self._name}.form_stems")

    @cached_property
    def stem_forms(self) -> Array:
        """The forms grouped by stem; within a stem they are in order, and numbered so in the postings."""
        return self._file.array(f"{self._name}.stem_forms")

    @cached_property
    def slot_starts(self) -> Array:
        """Where the forms of each stem start in `stem_forms`; one longer than there are stems."""
        starts = np.zeros(len(self.stems) + 1, np.int64)
        np.cumsum(np.bincount(self.form_stems, minlength=len(self.stems)), out=starts[1:])
        return starts

    @cached_property
    def tokens(self) -> int:
        """Words of all articles together."""
        return int(self.lengths.sum(dtype=np.int64))

    @cached_property
    def extents(self) -> Array:
        """Places that the words of each article take."""
        return self._file.array(f"{self._name}.extents")

    @cached_property
    def addresses(self) -> Array:
        """int64: all places numbered through, with one free between two articles; for each article its first."""
        return starts_of(self.extents.astype(np.int64) + 1)

    def forms_matching(self, pattern: bytes) -> Array:
        """Numbers of the forms of a pattern, ascending; compounds fit one with `*` or `?` written together too."""
        found = self.forms.matching(pattern)
        if b"*" not in pattern and b"?" not in pattern:
            return found
        joined, numbers = self._compounds
        chosen = numbers[np.array(words_matching(joined, pattern), np.int64)]
        return np.union1d(found, chosen) if len(chosen) else found

    @cached_property
    def _compounds(self) -> tuple[list[bytes], Array]:
        """What compounds are written together, sorted, and the number of the form of each."""
        words = self.forms.words() if self.forms.holds(COMPOUND) else []
        held = sorted([(word.replace(COMPOUND, b""), number) for number, word in enumerate(words) if COMPOUND in word])
        return [word for word, _ in held], np.array([number for _, number in held], np.int64)

    def forms_of(self, stem: int) -> list[bytes]:
        """The forms of a stem, in order."""
        starts = self.slot_starts
        return [self.forms[form] for form in self.stem_forms[int(starts[stem]) : int(starts[stem + 1])].tolist()]

    def number_among_forms(self, stem: int, form: bytes) -> int:
        """Which form of a stem this is, -1 where the stem has no such form."""
        # Forms of a stem are numbered in their order, which is that of all forms.
        place = self.forms.find(form)
        return self.form_number(place) if place >= 0 and self.form_stems[place] == stem else -1

    def form_number(self, form: int) -> int:
        """Which form of its stem a form is."""
        stem = int(self.form_stems[form])
        group = self.stem_forms[int(self.slot_starts[stem]) : int(self.slot_starts[stem + 1])]
        return int(np.searchsorted(group, form))

    def docs_of_forms(self, forms: Array) -> Iterator[Array]:
        """Articles that hold any of these forms, in several arrays, each article any number of times."""
        stems = distinct(self.form_stems[forms])
        chosen = np.zeros(len(self.forms), bool)
        chosen[forms] = True
        wanted = chosen[self.stem_forms]
        starts = self.slot_starts
        known = ends_of(wanted)
        whole = known[starts[stems + 1]] - known[starts[stems]] == starts[stems + 1] - starts[stems]
        for part in _batches(stems[whole], self.postings.df):
            yield self.postings.select(part).docs
        parts = stems[~whole]
        frequent = self.postings.cf[parts] >= FREQUENT
        for stem in parts[frequent].tolist():
            yield self._docs_of_some(stem, wanted[int(starts[stem]) : int(starts[stem + 1])])[0]
        for part in _batches(parts[~frequent], self.postings.cf):
            rows = self.postings.select(part, forms=True)
            assert rows.forms is not None
            slots = np.repeat(starts[part], self.postings.cf[part].astype(np.int64)) + rows.forms
            hits = np.flatnonzero(wanted.take(slots))
            if rows.tf is not None:
                hits = np.searchsorted(np.cumsum(rows.tf), hits, side="right")
            yield rows.docs[hits]

    def form_docs(self, forms: Array) -> tuple[Array, Array | None]:
        """Articles that hold one of these forms, all of one stem, ascending, and how many times each.

        None stands for once each.
        """
        stem = int(self.form_stems[int(forms[0])])
        wanted = np.zeros(int(self.slot_starts[stem + 1] - self.slot_starts[stem]), bool)
        wanted[[self.form_number(int(form)) for form in forms]] = True
        return self._docs_of_some(stem, wanted)

    def _docs_of_some(self, stem: int, wanted: Array) -> tuple[Array, Array | None]:
        """Articles that hold the wanted ones of a stem's forms, and how many times each."""
        docs, tf = self.postings.docs(stem), self.postings.tf(stem)
        numbers = self.postings.forms(stem)
        if wanted.all():
            return docs, tf
        if numbers is None:
            # All occurrences have the first form.
            return (docs, tf) if wanted[0] else (docs[:0], None)
        chosen = np.flatnonzero(wanted)
        hits = np.flatnonzero(numbers == chosen[0] if len(chosen) == 1 else wanted.take(numbers))
        if tf is None:
            return docs[hits], None
        places = np.searchsorted(np.cumsum(tf, dtype=np.int64), hits, side="right")
        new = np.ones(len(places), bool)
        new[1:] = places[1:] != places[:-1]
        heads = np.flatnonzero(new)
        return docs[places[heads]], np.diff(np.append(heads, len(places)))


def _batches(stems: Array, counts: Array) -> Iterator[Array]:
    """The stems in parts of about so many postings that they fit a processor's cache."""
    if len(stems):
        yield from np.split(stems, np.unique(np.searchsorted(np.cumsum(counts[stems]), np.arange(1, 1000) * BATCH)))
