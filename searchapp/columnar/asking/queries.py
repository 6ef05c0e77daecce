"""Query classes for what Whoosh has no class for. All are ordinary Whoosh queries and work in its searcher too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from whoosh import matching, query
from whoosh.query import qcore

__all__ = ["LabelWords", "NumberRange", "PatternIn", "PhraseIn", "SpelledLike", "TermIn", "Weights"]

Weights = tuple[tuple[str, float], ...]
"""Fields to search in, and how much a match in each counts."""


class _Leaf(qcore.Query):  # type: ignore[misc]
    """A query without children, equal to another when its `key` is."""

    boost = 1.0

    def key(self) -> tuple[Any, ...]:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Leaf) and type(self) is type(other) and self.key() == other.key()

    def __hash__(self) -> int:
        return hash((type(self), self.key()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.key()!r}"

    def is_leaf(self) -> bool:
        return True

    def has_terms(self) -> bool:
        return False

    def plain(self, reader: Any) -> qcore.Query:
        """The same in Whoosh's own classes."""
        raise NotImplementedError

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        return self.plain(searcher.reader()).matcher(searcher, context)

    def estimate_size(self, reader: Any) -> int:
        size: int = self.plain(reader).estimate_size(reader)
        return size


class TermIn(_Leaf):
    """A stem in any of several fields; the scores of the fields add up."""

    def __init__(self, stem: str, fields: Weights) -> None:
        self.stem = stem
        self.fields = fields

    def key(self) -> tuple[Any, ...]:
        return (self.stem, self.fields)

    def has_terms(self) -> bool:
        return True

    def terms(self, phrases: bool = False) -> Iterator[tuple[str, str]]:
        return iter([(name, self.stem) for name, _ in self.fields])

    def plain(self, reader: Any) -> qcore.Query:
        return query.Or([query.Term(name, self.stem, boost=weight) for name, weight in self.fields])


class PhraseIn(_Leaf):
    """Words next to each other in one of several fields.

    `words` are stems, or with `exact` forms. A field where the phrase stands scores what the stems of its words
    score there; with `stems` they are known beforehand, for forms that some segments lack.
    """

    def __init__(self, words: Sequence[str], fields: Weights, *, exact: bool, stems: Sequence[str] = ()) -> None:
        self.words = tuple(words)
        self.fields = fields
        self.exact = exact
        self.stems = tuple(stems) if exact else self.words
        if exact and len(self.stems) != len(self.words):
            raise ValueError(f"the exact phrase {' '.join(self.words)!r} needs the stem of each word")

    def key(self) -> tuple[Any, ...]:
        return (self.words, self.fields, self.exact)

    def plain(self, reader: Any) -> qcore.Query:
        suffix = "_exact" if self.exact else ""
        return query.Or([_phrase(name + suffix, self.words, weight) for name, weight in self.fields])


class PatternIn(_Leaf):
    """A form of a pattern, in any of several fields: `*` is any run of characters, `?` is one. Scores 1."""

    def __init__(self, pattern: str, fields: Sequence[str]) -> None:
        self.pattern = pattern
        self.fields = tuple(fields)

    def key(self) -> tuple[Any, ...]:
        return (self.pattern, self.fields)

    def plain(self, reader: Any) -> qcore.Query:
        wildcards = [query.Wildcard(f"{name}_exact", _escaped(self.pattern)) for name in self.fields]
        return query.ConstantScoreQuery(query.Or(wildcards), 1.0)


class SpelledLike(_Leaf):
    """A form with the same first character, at most `edits` changes away, in any of several fields. Scores 1."""

    def __init__(self, word: str, edits: int, fields: Sequence[str]) -> None:
        self.word = word
        self.edits = edits
        self.fields = tuple(fields)

    def key(self) -> tuple[Any, ...]:
        return (self.word, self.edits, self.fields)

    def plain(self, reader: Any) -> qcore.Query:
        terms = []
        for name in self.fields:
            for leaf, _ in reader.leaf_readers():
                terms += [query.Term(f"{name}_exact", form) for form in leaf._terms.spelled_like(name, self)]
        return query.ConstantScoreQuery(query.Or(terms), 1.0) if terms else query.NullQuery


class LabelWords(_Leaf):
    """Articles with a label of `facet` in whose forms these words stand next to each other. Scores 0.

    With `prefix` the last word may go on. Only the executor, which knows the facets, can find it.
    """

    def __init__(self, facet: str, words: Sequence[str], *, prefix: bool = False) -> None:
        self.facet = facet
        self.words = tuple(words)
        self.prefix = prefix

    def key(self) -> tuple[Any, ...]:
        return (self.facet, self.words, self.prefix)

    def plain(self, reader: Any) -> qcore.Query:
        raise NotImplementedError("the facets of an index are known to its Executor; search there")


class NumberRange(_Leaf):
    """Articles whose number in a `Number` field is from `low` to `high`, both included. Scores 0."""

    def __init__(self, fieldname: str, low: int | None, high: int | None) -> None:
        self.fieldname = fieldname
        self.low = low
        self.high = high

    def key(self) -> tuple[Any, ...]:
        return (self.fieldname, self.low, self.high)

    def estimate_size(self, reader: Any) -> int:
        size: int = reader.doc_count()
        return size

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        leaf = searcher.reader()
        column = leaf._perdoc.data.numbers(self.fieldname)
        if column is None:
            return matching.NullMatcher()
        start, stop = column.code_range(self.low, self.high)
        docs = np.flatnonzero((column.codes >= start) & (column.codes < stop)).tolist()
        if deleted := leaf.deleted_docs_set:
            docs = [doc for doc in docs if doc not in deleted]
        return matching.ListMatcher(docs, all_weights=1e-9) if docs else matching.NullMatcher()


def _phrase(name: str, words: tuple[str, ...], weight: float) -> qcore.Query:
    if len(words) == 1:
        return query.Term(name, words[0], boost=weight)
    return query.Phrase(name, list(words), boost=weight)


def _escaped(pattern: str) -> str:
    # Brackets stand for sets of characters in Whoosh's patterns and for themselves in ours.
    return pattern.replace("[", "[[]")
