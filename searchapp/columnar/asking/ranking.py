"""Which of the articles that match come first: the best few of many, without sorting the many.

Words that stand together and words as they were typed add fixed numbers to a score. That changes no match
and no count, and it is worked out only for articles that it can bring among the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp import compiled
from searchapp.columnar.asking.views import Clock, SegmentView

__all__ = ["Nearness", "Preferences", "TypedWord", "WordPair"]

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word of a query."""

    form: str
    stems: tuple[tuple[str, str], ...]
    """Each field where it is looked for, with its stem there; best first where it stands most often."""


@dataclass(frozen=True, slots=True)
class WordPair:
    """Two words that were typed next to each other, with the same fields."""

    first: int
    second: int
    """Places in the words of the preferences."""
    phrase: float
    """What it adds that their stems stand next to each other, in this order, in one field."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What adds to the scores of articles that match. The numbers are multiples of `scoring.STEP`, none negative."""

    words: tuple[TypedWord, ...] = ()
    pairs: tuple[WordPair, ...] = ()
    form: float = 0.0
    """For each word whose form stands in the article."""
    near: float = 0.0
    """For each pair whose stems stand so near in one field, in any order; phrases are near too."""
    within: int = 0
    """How many places apart is near."""

    @property
    def most(self) -> float:
        """What no article can have more of."""
        return len(self.words) * self.form + sum(pair.phrase + self.near for pair in self.pairs)


class Nearness:
    """What preferences add to the scores of articles of one segment."""

    def __init__(self, segment: SegmentView, preferences: Preferences, clock: Clock) -> None:
        self.segment = segment
        self.most = preferences.most
        """What no article can have more of."""
        self._wanted = preferences
        self._clock = clock

    def of(self, docs: Array) -> Array:
        """float64: what is added for each of these articles, which come ascending."""
        return compiled.steps.added(docs, self._spots) if self.most else np.zeros(len(docs))

    def best(self, docs: Array, scores: Array, ranks: Array, count: int) -> tuple[Array, Array]:
        """The `count` articles with the highest sums of score and what is added to it, equal ones by rank; the sums."""
        self._clock.check()
        return compiled.steps.best(docs, scores, ranks, count, self.most, self._spots if self.most else None)

    @cached_property
    def _spots(self) -> compiled.Nearness:
        wanted = self._wanted
        names = dict.fromkeys([name for word in wanted.words for name, _ in word.stems])
        paired = {place for pair in wanted.pairs for place in (pair.first, pair.second)}
        words = [(word, place in paired) for place, word in enumerate(wanted.words)]
        return (
            tuple([tuple([self._stem(word, name, paired=paired) for word, paired in words]) for name in names]),
            tuple([(pair.first, pair.second, pair.phrase) for pair in wanted.pairs]),
            wanted.form,
            wanted.near,
            wanted.within,
        )

    def _stem(self, word: TypedWord, field: str, *, paired: bool) -> compiled.Spots | None:
        stem = dict(word.stems).get(field)
        text = None if stem is None else self.segment.data.text(field)
        number = -1 if text is None or stem is None else text.stems.find(stem.encode("utf-8", "surrogatepass"))
        if text is None or number < 0:
            return None
        self._clock.check()
        form = text.number_among_forms(number, word.form.encode("utf-8", "surrogatepass"))
        docs, tf = self.segment.postings(field, number)
        own = text.postings
        forms = own.packed_forms(number) if form >= 0 else None
        # Positions are much to read, and of a word alone nobody asks them.
        positions = own.packed_positions(number) if paired else None
        return docs, tf, positions, forms, form, own.sums(number)
