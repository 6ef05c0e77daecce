"""The store's queries in Whoosh's own classes, for Whoosh's own searcher, and the readers that hand them over."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np
from whoosh import matching, query
from whoosh.query import qcore
from whoosh.reading import EmptyReader, IndexReader, SegmentReader

from searchapp.columnar.asking.phrases import near_docs, phrase_docs
from searchapp.columnar.asking.queries import (
    LabelIn,
    LabelWords,
    NearIn,
    NumberRange,
    PatternIn,
    PhraseIn,
    SpelledLike,
    TermIn,
)
from searchapp.columnar.format.compounds import places_of
from searchapp.columnar.schema.fields import EXACT_SUFFIX
from searchapp.columnar.whoosh.documents import PerDocReader

__all__ = ["ColumnarEmptyReader", "ColumnarReader"]


class ColumnarReader(SegmentReader):  # type: ignore[misc]
    """Whoosh's reader of one segment, whose searcher takes the store's queries too."""

    def matcher_of(self, tree: qcore.Query, searcher: Any, context: Any) -> Any:
        """Whoosh's matcher of one of the store's queries over all that the searcher reads."""
        if isinstance(tree, NumberRange):
            return _number_matcher(tree, searcher.reader())
        if isinstance(tree, NearIn) or (isinstance(tree, PhraseIn) and _has_compounds(tree, searcher.reader())):
            return _places_matcher(tree, searcher.reader())
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
    fields = zip(tree.fields, tree.stems, strict=True)
    return query.Or([query.Term(name, stem, boost=weight) for (name, weight), stem in fields])


@_plain.register
def _(tree: PhraseIn, reader: IndexReader) -> qcore.Query:
    suffix = EXACT_SUFFIX if tree.exact else ""
    phrases = []
    for place, (name, weight) in enumerate(tree.fields):
        words = list(tree.words) if tree.exact else [stems[place] for stems in tree.stems]
        whole = query.Term(name + suffix, words[0]) if len(words) == 1 else query.Phrase(name + suffix, words)
        phrases.append(whole.with_boost(weight))
    return query.Or(phrases)


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


def _has_compounds(tree: PhraseIn, reader: IndexReader) -> bool:
    """Whether a word of the phrase stands anywhere as a compound: Whoosh takes every word to have one place."""
    texts = [
        (text, place)
        for leaf in _leaves(reader)
        for place, (name, _) in enumerate(tree.fields)
        if (text := leaf.data.text(name)) is not None
    ]
    numbers = [(text, text.stems.find(_encoded(stems[place]))) for text, place in texts for stems in tree.stems]
    return any(places_of(form) > 1 for text, number in numbers if number >= 0 for form in text.forms_of(number))


def _places_matcher(tree: PhraseIn | NearIn, reader: IndexReader) -> Any:
    """Each article that matches scores 1."""
    words = [_encoded(word) for word in tree.words]
    found: list[int] = []
    base = 0
    for leaf in _leaves(reader):
        held: set[int] = set()
        for place, (name, _) in enumerate(tree.fields):
            text = leaf.data.text(name)
            if text is None:
                continue
            stems = [_encoded(own[place]) for own in tree.stems]
            if isinstance(tree, NearIn):
                docs = near_docs(text, words, stems, within=tree.within, check=lambda: None)
            else:
                docs = phrase_docs(text, words, stems, exact=tree.exact, check=lambda: None)
            held.update(docs.tolist())
        found += [base + doc for doc in sorted(held) if not leaf.is_deleted(doc)]
        base += leaf.data.docs
    return matching.ListMatcher(found, all_weights=1.0) if found else matching.NullMatcher()


def _encoded(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")


def _leaves(reader: IndexReader) -> list[PerDocReader]:
    return [leaf._perdoc for leaf, _ in reader.leaf_readers()]
