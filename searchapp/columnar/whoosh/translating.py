"""The store's queries in Whoosh's own classes, for Whoosh's own searcher, and the readers that hand them over."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np
from whoosh import matching, query
from whoosh.query import qcore
from whoosh.reading import EmptyReader, IndexReader, SegmentReader

from searchapp.columnar.asking.queries import LabelIn, LabelWords, NumberRange, PatternIn, PhraseIn, SpelledLike, TermIn
from searchapp.columnar.schema.fields import EXACT_SUFFIX
from searchapp.columnar.whoosh.documents import PerDocReader

__all__ = ["ColumnarEmptyReader", "ColumnarReader"]


class ColumnarReader(SegmentReader):  # type: ignore[misc]
    """Whoosh's reader of one segment, whose searcher takes the store's queries too."""

    def matcher_of(self, tree: qcore.Query, searcher: Any, context: Any) -> Any:
        """Whoosh's matcher of one of the store's queries over all that the searcher reads."""
        if isinstance(tree, NumberRange):
            return _number_matcher(tree, searcher.reader())
        return _plain(tree, searcher.reader()).matcher(searcher, context)


class ColumnarEmptyReader(EmptyReader):  # type: ignore[misc]
    """Whoosh's reader of no segment."""

    def matcher_of(self, _tree: qcore.Query, _searcher: Any, _context: Any) -> Any:
        """What matches nothing."""
        return matching.NullMatcher()


@singledispatch
def _plain(tree: qcore.Query, reader: IndexReader) -> qcore.Query:
    """The same in Whoosh's own classes."""
    raise TypeError(f"{tree!r} has no counterpart in Whoosh")


@_plain.register
def _(tree: TermIn, reader: IndexReader) -> qcore.Query:
    return query.Or([query.Term(name, tree.stem, boost=weight) for name, weight in tree.fields])


@_plain.register
def _(tree: PhraseIn, reader: IndexReader) -> qcore.Query:
    suffix = EXACT_SUFFIX if tree.exact else ""
    words = list(tree.words)
    if len(words) == 1:
        return query.Or([query.Term(name + suffix, words[0], boost=weight) for name, weight in tree.fields])
    return query.Or([query.Phrase(name + suffix, words, boost=weight) for name, weight in tree.fields])


@_plain.register
def _(tree: PatternIn, reader: IndexReader) -> qcore.Query:
    # Brackets stand for sets of characters in Whoosh's patterns and for themselves in ours.
    pattern = tree.pattern.replace("[", "[[]")
    return query.ConstantScoreQuery(query.Or([query.Wildcard(name + EXACT_SUFFIX, pattern) for name in tree.fields]), 1)


@_plain.register
def _(tree: SpelledLike, reader: IndexReader) -> qcore.Query:
    terms = []
    for name in tree.fields:
        for leaf in _leaves(reader):
            text = leaf.data.text(name)
            numbers = [] if text is None else text.forms.spelled_like(tree.word, tree.edits).tolist()
            forms = [text.forms[number].decode("utf-8", "surrogatepass") for number in numbers if text is not None]
            terms += [query.Term(name + EXACT_SUFFIX, form) for form in forms]
    return query.ConstantScoreQuery(query.Or(terms), 1) if terms else query.NullQuery


@_plain.register(LabelIn)
@_plain.register(LabelWords)
def _(tree: qcore.Query, reader: IndexReader) -> qcore.Query:
    raise NotImplementedError("the facets of an index are known to its Executor; search there")


def _number_matcher(tree: NumberRange, reader: IndexReader) -> Any:
    found: list[int] = []
    base = 0
    for leaf in _leaves(reader):
        column = leaf.data.numbers(tree.fieldname)
        if column is not None:
            start, stop = column.code_range(tree.low, tree.high)
            docs = np.flatnonzero((column.codes >= start) & (column.codes < stop)).tolist()
            found += [base + doc for doc in docs if not leaf.is_deleted(doc)]
        base += leaf.data.docs
    return matching.ListMatcher(found, all_weights=1e-9) if found else matching.NullMatcher()


def _leaves(reader: IndexReader) -> list[PerDocReader]:
    return [leaf._perdoc for leaf, _ in reader.leaf_readers()]
