"""Which of the articles that match come first: the best few of many, without sorting the many.

Words that stand together and words as they were typed add fixed numbers to a score. That changes no match
and no count, and it is worked out only for articles that it can bring among the first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.asking.views import Clock, SegmentView
from searchapp.columnar.format.ragged import ranges, row_of
from searchapp.columnar.format.texts import TextColumn

__all__ = ["Nearness", "Preferences", "TypedWord", "WordPair", "best_by_rank", "best_by_score", "best_by_sum"]

Array = npt.NDArray[Any]

FEW = 4096
"""So many are sorted outright."""
MANY = 128
"""For so many it is quicker to work out what is added to a score than to find out for which it need not be."""
FAR = 1 << 62
NARROW = 64
"""A table of that many columns is made faster than rows of their own length."""


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word of a query."""

    form: str
    stem: str
    fields: tuple[str, ...]
    """Where it is looked for, best first where it stands most often."""


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
    """Works out for articles of one segment what preferences add to their scores."""

    def __init__(self, segment: SegmentView, preferences: Preferences, clock: Clock) -> None:
        self.segment = segment
        self.most = preferences.most
        """What no article can have more of."""
        self._wanted = preferences
        self._clock = clock
        self._fields = tuple(dict.fromkeys(name for word in preferences.words for name in word.fields))
        words, pairs = preferences.words, preferences.pairs
        self._weights = np.array(
            [preferences.form] * len(words) + [pair.phrase for pair in pairs] + [preferences.near] * len(pairs)
        )
        self._known: dict[tuple[int, str], _Occurrences | None] = {}

    def of(self, docs: Array) -> Array:
        """float64: what is added for each of these articles, which come ascending."""
        wanted, words, pairs = self._wanted, len(self._wanted.words), len(self._wanted.pairs)
        if not self.most:
            return np.zeros(len(docs))
        marks = np.zeros((words + 2 * pairs, len(docs)), bool)
        typed, phrases, near = marks[:words], marks[words : words + pairs], marks[words + pairs :]
        for field in self._fields:
            # What another field has told need not be looked for again.
            left = [number for number in range(pairs) if not phrases[number].all()]
            paired = {place for number in left for place in (wanted.pairs[number].first, wanted.pairs[number].second)}
            spots = {
                place: found.look(docs, typed[place], spots=place in paired)
                for place, word in enumerate(wanted.words)
                if field in word.fields
                and (place in paired or not typed[place].all())
                and (found := self._occurrences(place, field)) is not None
            }
            for number in left:
                pair = wanted.pairs[number]
                first, second = spots.get(pair.first), spots.get(pair.second)
                if first is not None and second is not None and len(first) and len(second):
                    _look_together(first, second, wanted.within, phrases[number], near[number])
        added: Array = self._weights @ marks
        return added

    def _occurrences(self, place: int, field: str) -> _Occurrences | None:
        key = (place, field)
        self._clock.check()
        if key not in self._known:
            word, text = self._wanted.words[place], self.segment.data.text(field)
            stem = word.stem.encode("utf-8", "surrogatepass")
            number = -1 if text is None else text.stems.find(stem)
            found = None
            if text is not None and number >= 0:
                form = word.form.encode("utf-8", "surrogatepass")
                found = _Occurrences(text, number, form, *self.segment.postings(field, number))
            self._known[key] = found
        return self._known[key]


class _Occurrences:
    """Where one stem stands in one field of a segment, and where it does so in one form."""

    def __init__(self, text: TextColumn, stem: int, form: bytes, docs: Array, tf: Array | None) -> None:
        self._docs = docs
        self._tf = tf
        self._text = text
        self._stem = stem
        forms = text.forms_of(stem)
        self._form = forms.index(form) if form in forms else -1
        self._forms = text.postings.forms(stem) if self._form >= 0 else None
        # Where no numbers are kept all occurrences have the first form.
        self._only_form = self._form == 0 and self._forms is None

    @cached_property
    def _positions(self) -> Array:
        return self._text.postings.positions(self._stem)

    def look(self, docs: Array, typed: Array, *, spots: bool) -> Array:
        """Marks in `typed` those of `docs` that hold the form; with `spots` gives where the stem stands in them.

        int64, ascending: for each occurrence the row in `docs` times 2**32, plus the position.
        """
        places = self._docs.searchsorted(docs)
        rows: Array = (self._docs.take(places, mode="clip") == docs).nonzero()[0]
        if self._only_form:
            typed[rows] = True
        if not len(rows) or not (spots or self._forms is not None):
            return rows[:0]
        chosen = places if len(rows) == len(docs) else places.take(rows)
        if self._tf is not None:
            counts = self._tf.take(chosen)
            chosen = self._text.postings.starts(self._stem, chosen, self._tf)
            if (most := int(counts.max())) > 1:
                row, step = (np.arange(most) < counts[:, None]).nonzero() if most < NARROW else _steps(counts)
                chosen = chosen.take(row) + step
                rows = rows.take(row)
        if self._forms is not None:
            typed[rows[self._forms.take(chosen) == self._form]] = True
        if not spots:
            return rows[:0]
        found: Array = (rows << 32) + self._positions.take(chosen)
        return found


def _steps(counts: Array) -> tuple[Array, Array]:
    """For rows of so many: the row of each, and its place in the row."""
    return row_of(counts), ranges(np.zeros(len(counts), np.int64), counts)


def _look_together(first: Array, second: Array, within: int, phrases: Array, near: Array) -> None:
    """Marks the rows where a spot of `second` follows one of `first` at once, and where two are near."""
    turned = len(second) < len(first)
    few, many = (second, first) if turned else (first, second)
    padded = np.concatenate(([-FAR], many, [FAR]))
    after = padded.take(padded.searchsorted(few, "right")) - few
    before = few - padded.take(padded.searchsorted(few) - 1)
    rows = few >> 32
    phrases[rows[(before if turned else after) == 1]] = True
    near[rows[np.minimum(after, before) <= within]] = True


def best_by_score(scores: Array, docs: Array, ranks: Array, count: int) -> Array:
    """Places of the `count` highest scores, equal ones by the lower rank of the article, in that order."""
    places = np.arange(len(scores))
    if len(scores) > FEW and len(scores) > count:
        places = np.flatnonzero(scores >= _lower_bound(scores, count))
        if len(places) > FEW and len(places) > count:
            # Many are equal at the border: take all above it, and of the equal ones those of the lowest rank.
            chosen = scores[places]
            border = np.partition(chosen, len(chosen) - count)[len(chosen) - count]
            above = places[chosen > border]
            equal = places[chosen == border]
            equal = equal[best_by_rank(ranks[docs[equal]], count - len(above))]
            places = np.concatenate([above, equal])
    order = np.lexsort((ranks[docs[places]], -scores[places]))
    return places[order[:count]]


def best_by_sum(
    docs: Array, scores: Array, ranks: Array, count: int, *, most: float, added: Callable[[Array], Array]
) -> tuple[Array, Array]:
    """The `count` articles with the highest sums of their score and what is added to it, and these sums, in order.

    `added` works out what is added for some articles, at most `most`, which takes long: it is asked of few. Equal
    sums come by the lower rank of the article.
    """
    if most:
        places = _candidates(docs, scores, count, most, added)
        docs, scores = docs[places], scores[places] + added(docs[places])
    best = best_by_score(scores, docs, ranks, count)
    return docs[best], scores[best]


def _candidates(docs: Array, scores: Array, count: int, most: float, added: Callable[[Array], Array]) -> Array:
    """Places of articles among which are those of the `count` highest sums."""
    if len(scores) <= max(MANY, count):
        return np.arange(len(scores))
    border = _lower_bound(scores, count)
    found = np.flatnonzero(scores >= border - most)
    looked_at = max(MANY, 2 * count)
    while len(found) > 2 * looked_at:
        # What is added to the best of them tells which others cannot come before those.
        own = scores[found]
        best = found[np.argpartition(own, len(own) - looked_at)[len(own) - looked_at :]]
        best.sort()
        sums = scores[best] + added(docs[best])
        border = np.partition(sums, len(sums) - count)[len(sums) - count]
        found = found[np.flatnonzero(own >= border - most)]
        looked_at *= 8
    return found


def best_by_rank(ranks: Array, count: int) -> Array:
    """Places of the `count` lowest ranks, in that order; all ranks are different."""
    places = np.arange(len(ranks))
    if len(ranks) > FEW and len(ranks) > count:
        # The sign of unsigned ranks cannot be turned.
        turned = -ranks.astype(np.int64)
        places = np.flatnonzero(turned >= _lower_bound(turned, count))
    order = np.argsort(ranks[places], kind="stable")
    return places[order[:count]]


def _lower_bound(values: Array, count: int) -> Any:
    """A value that at least `count` of `values` reach, and not many more.

    Deal the values onto piles, several times as many as are asked for; as many piles as are asked for reach the
    bound that their highest values give.
    """
    height = max(2, min(1024, len(values) // (4 * count)))
    piles = len(values) // height
    if piles <= count:
        return np.partition(values, len(values) - count)[len(values) - count]
    tops = values[: height * piles].reshape(height, piles).max(axis=0)
    return np.partition(tops, piles - count)[piles - count]
