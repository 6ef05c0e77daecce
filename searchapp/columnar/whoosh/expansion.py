"""Whoosh's queries for many words at once, as numbers of the words in a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import query

from searchapp.columnar.format.dictionary import WordTable

__all__ = ["words_of"]

Array = npt.NDArray[Any]


def words_of(table: WordTable, tree: query.MultiTerm) -> Array | None:
    """The words that a query for many words stands for, ascending; None when Whoosh must be asked."""
    if isinstance(tree, query.Prefix):
        return np.arange(*table.prefix_range(_encoded(tree.text)))
    if isinstance(tree, query.Wildcard):
        # In Whoosh brackets stand for sets of characters.
        return None if "[" in tree.text else table.matching(_encoded(tree.text))
    if isinstance(tree, query.TermRange):
        return _range(table, tree)
    if isinstance(tree, query.FuzzyTerm) and tree.prefixlength == 1 and tree.maxdist <= 2:
        return table.spelled_like(tree.text, tree.maxdist)
    return None


def _range(table: WordTable, tree: query.TermRange) -> Array:
    start = 0 if tree.start is None else table.place(_encoded(tree.start))
    stop = len(table) if tree.end is None else table.place(_encoded(tree.end))
    if tree.start is not None and tree.startexcl and start < len(table) and table[start] == _encoded(tree.start):
        start += 1
    if tree.end is not None and not tree.endexcl and stop < len(table) and table[stop] == _encoded(tree.end):
        stop += 1
    return np.arange(start, max(start, stop))


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
