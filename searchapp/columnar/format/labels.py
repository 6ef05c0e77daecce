"""The labels of the articles of a segment, laid out for counting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.format.dictionary import WordTable, write_words
from searchapp.columnar.format.pages import SectionFile, SectionWriter
from searchapp.columnar.format.postings import Postings, PostingsWriter, Rows
from searchapp.columnar.format.ragged import as_mask, ends_of, narrow, take_rows

__all__ = ["LabelColumn", "Slots", "write_labels"]

Array = npt.NDArray[Any]


class Slots:
    """Labels by article: the first of each article, and the further ones of those that have more.

    Most articles have one label or none, so counting is one pass over `first` and a look at the few others.
    """

    def __init__(self, first: Array, more_docs: Array, more_labels: Array, labels: int) -> None:
        self.first = first
        """For each article the number of a label; `labels` where it has none."""
        self.more_docs = more_docs
        """Articles, ascending, once for each label after the first."""
        self.more_labels = more_labels
        """The label that goes with each of `more_docs`."""
        self.labels = labels
        """How many labels there are."""

    @classmethod
    def of_pairs(cls, docs: Array, numbers: Array, articles: int, labels: int) -> Slots:
        """From (article, label number) pairs with ascending articles, none twice."""
        first = np.full(articles, labels, np.int64)
        heads = np.ones(len(docs), bool)
        heads[1:] = docs[1:] != docs[:-1]
        first[docs[heads]] = numbers[heads]
        rest = ~heads
        return cls(narrow(first, labels), docs[rest].astype("<u4"), narrow(numbers[rest], labels), labels)

    def pairs(self) -> tuple[Array, Array]:
        """All (article, label number) pairs, ascending by article, an article's labels in their order."""
        holders = np.flatnonzero(self.first != self.labels)
        docs = np.concatenate([holders, self.more_docs.astype(np.int64)])
        numbers = np.concatenate([self.first[holders].astype(np.int64), self.more_labels.astype(np.int64)])
        order = np.argsort(docs, kind="stable")
        return docs[order], numbers[order]

    def labels_of(self, doc: int) -> list[int]:
        """The label numbers of one article."""
        first = int(self.first[doc])
        if first == self.labels:
            return []
        low, high = np.searchsorted(self.more_docs, [doc, doc + 1]).tolist()
        return [first, *self.more_labels[low:high].tolist()]

    @cached_property
    def _starts(self) -> Array:
        """For each article, and one after the last, where its further labels start."""
        return ends_of(np.bincount(self.more_docs, minlength=len(self.first)))

    def counts(self, docs: Array, mask: Callable[[], Array] | None = None) -> Array:
        """int64: how many of the articles `docs` have each label, and at last how many have none.

        `mask` gives a bool for each article, where it is at hand: it is made once for the counts of several facets.
        """
        counts = np.bincount(self.first.take(docs), minlength=self.labels + 1)
        if len(self.more_docs):
            counts += self._more_counts(docs, mask)
        return counts

    def _more_counts(self, docs: Array, mask: Callable[[], Array] | None) -> Array:
        if len(docs) * 8 < len(self.more_docs):
            low = self._starts.take(docs)
            widths = self._starts.take(docs + 1) - low
            return np.bincount(take_rows(self.more_labels, low, widths), minlength=self.labels + 1)
        chosen = as_mask(docs, len(self.first)) if mask is None else mask()
        hits = np.flatnonzero(chosen.take(self.more_docs))
        return np.bincount(self.more_labels.take(hits), minlength=self.labels + 1)


def write_labels(file: SectionWriter, name: str, labels: Sequence[bytes], slots: Slots) -> None:
    """Store the sorted table of `labels`, and which article has which, both ways."""
    write_words(file, name, labels)
    docs, numbers = slots.pairs()
    order = np.argsort(numbers, kind="stable")
    df = np.bincount(numbers, minlength=len(labels)).astype(np.int64)
    writer = PostingsWriter(file, name)
    if len(labels):
        writer.add(Rows(df=df, docs=docs[order]))
    writer.finish()
    file.add(f"{name}.first_label", slots.first)
    file.add(f"{name}.more_docs", slots.more_docs)
    file.add(f"{name}.more_labels", slots.more_labels)


class LabelColumn:
    """The labels of one facet field of a segment."""

    def __init__(self, file: SectionFile, name: str) -> None:
        self.table = WordTable(file, name)
        self.postings = Postings(file, name)
        self.slots = Slots(
            file.array(f"{name}.first_label"),
            file.array(f"{name}.more_docs"),
            file.array(f"{name}.more_labels"),
            len(self.table),
        )
