"""Query classes for what Whoosh has no class for.

All are Whoosh's queries too: its own searcher takes them where its reader says what they are in Whoosh's classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whoosh.query import qcore

__all__ = [
    "LabelIn",
    "LabelWords",
    "NearIn",
    "NumberRange",
    "PatternIn",
    "PhraseIn",
    "SpelledLike",
    "TermIn",
    "Weights",
]

Weights = tuple[tuple[str, int], ...]
"""Fields to search in, and how many times a word of each counts."""
Stem = str | Sequence[str]
"""The stem of a word: one for all fields, or one for each where they do not stem alike."""


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

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        # A reader of several segments is one of Whoosh's, those of single ones are ours.
        leaf, _ = searcher.reader().leaf_readers()[0]
        return leaf.matcher_of(self, searcher, context)

    def estimate_size(self, reader: Any) -> int:
        # It only helps to look at rare words first.
        size: int = reader.doc_count()
        return size


class TermIn(_Leaf):
    """A word in any of several fields, which score as one field that has the words of each as often as it weighs."""

    def __init__(self, stem: Stem, fields: Weights) -> None:
        self.stems = _each(stem, fields)
        """The stem that is looked for in each of the fields."""
        self.fields = fields

    def key(self) -> tuple[Any, ...]:
        return (self.stems, self.fields)

    def has_terms(self) -> bool:
        return True

    def terms(self, phrases: bool = False) -> Iterator[tuple[str, str]]:
        return iter([(name, stem) for (name, _), stem in zip(self.fields, self.stems, strict=True)])


class PhraseIn(_Leaf):
    """Words next to each other in one of several fields.

    `words` are stems, or with `exact` forms, each also as a compound: "takeover" is "take-over" too. It scores what the
    stems of its words score; with `exact`, or where fields stem otherwise, they are given as `stems`.
    """

    def __init__(self, words: Sequence[str], fields: Weights, *, exact: bool, stems: Sequence[Stem] = ()) -> None:
        self.words = tuple(words)
        self.fields = fields
        self.exact = exact
        self.stems = tuple([_each(stem, fields) for stem in (stems if exact or stems else words)])
        """Of each word the stem that is looked for in each of the fields."""
        if len(self.stems) != len(self.words):
            raise ValueError(f"the phrase {' '.join(self.words)!r} needs the stem of each word")

    def key(self) -> tuple[Any, ...]:
        return (self.words, self.fields, self.exact, self.stems)


class NearIn(_Leaf):
    """Forms near each other in one of several fields, in any order, each also as a compound.

    From the end of the one that ends first to the start of the one that starts last are at most `within` places. A
    word that is given twice must stand there twice. It scores what the stems of its words score.
    """

    def __init__(self, words: Sequence[str], fields: Weights, *, within: int, stems: Sequence[Stem]) -> None:
        self.words = tuple(words)
        self.fields = fields
        self.within = within
        self.stems = tuple([_each(stem, fields) for stem in stems])
        """Of each word the stem that is looked for in each of the fields."""
        if len(self.stems) != len(self.words):
            raise ValueError(f"the words {' '.join(self.words)!r} need the stem of each")

    def key(self) -> tuple[Any, ...]:
        return (self.words, self.fields, self.within)


def _each(stem: Stem, fields: Weights) -> tuple[str, ...]:
    """The stem for each of the fields."""
    if isinstance(stem, str):
        return (stem,) * len(fields)
    if len(stem) != len(fields):
        raise ValueError(f"{len(fields)} fields need a stem each, not {list(stem)!r}")
    return tuple(stem)


class PatternIn(_Leaf):
    """A form of a pattern, in any of several fields: `*` is any run of characters, `?` is one. Scores 1."""

    def __init__(self, pattern: str, fields: Sequence[str]) -> None:
        self.pattern = pattern
        self.fields = tuple(fields)

    def key(self) -> tuple[Any, ...]:
        return (self.pattern, self.fields)


class SpelledLike(_Leaf):
    """A form at most `edits` changes away, in any of several fields.

    Scores 1, and where `word` itself stands `itself` more.
    """

    def __init__(self, word: str, edits: int, fields: Sequence[str], *, itself: float = 0.0) -> None:
        self.word = word
        self.edits = edits
        self.fields = tuple(fields)
        self.itself = itself

    def key(self) -> tuple[Any, ...]:
        return (self.word, self.edits, self.fields, self.itself)


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


class LabelIn(_Leaf):
    """Articles with any of these labels of `facet`. Scores 0; only the executor can find it too."""

    def __init__(self, facet: str, labels: Sequence[str]) -> None:
        self.facet = facet
        self.labels = tuple(labels)

    def key(self) -> tuple[Any, ...]:
        return (self.facet, self.labels)


class NumberRange(_Leaf):
    """Articles whose number in a `Number` field is from `low` to `high`, both included. Scores 0."""

    def __init__(self, fieldname: str, low: int | None, high: int | None) -> None:
        self.fieldname = fieldname
        self.low = low
        self.high = high

    def key(self) -> tuple[Any, ...]:
        return (self.fieldname, self.low, self.high)
