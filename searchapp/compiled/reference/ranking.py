"""The best of the articles that match, without sorting all of them or looking at the words of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from searchapp.compiled.contract import Array, Nearness, Spots, taken

__all__ = ["added", "best", "best_by_sum"]

FEW = 4096
"""So many are sorted outright."""
MANY = 128
"""For so many it is quicker to work out what is added to a score than to find out for which it need not be."""
FAR = 1 << 62
NARROW = 64
"""A table of that many columns is made faster than rows of their own length."""
BLOCK = 32
"""Articles between two sums of frequencies."""
_STEPS = np.arange(BLOCK - 1)


def added(docs: Array, wanted: Nearness, /) -> Array:
    fields, pairs, form, near_score, within = wanted
    words = len(fields[0]) if fields else 0
    weights = np.array([form] * words + [phrase for _, _, phrase in pairs] + [near_score] * len(pairs))
    marks = np.zeros((words + 2 * len(pairs), len(docs)), bool)
    typed, phrases, near = marks[:words], marks[words : words + len(pairs)], marks[words + len(pairs) :]
    for field in fields:
        # What another field has told need not be looked for again.
        left = [number for number in range(len(pairs)) if not phrases[number].all()]
        paired = {place for number in left for place in pairs[number][:2]}
        spots = {
            place: _look(stem, docs, typed[place], spots=place in paired)
            for place, stem in enumerate(field)
            if stem is not None and (place in paired or not typed[place].all())
        }
        for number in left:
            first, second = spots.get(pairs[number][0]), spots.get(pairs[number][1])
            if first is not None and second is not None and len(first) and len(second):
                _look_together(first, second, within, phrases[number], near[number])
    found: Array = weights @ marks
    return found


def _look(stem: Spots, docs: Array, typed: Array, *, spots: bool) -> Array:
    """Marks in `typed` those of `docs` that hold the form; with `spots` gives where the stem stands in them.

    int64, ascending: for each occurrence the row in `docs` times 2**32, plus the position.
    """
    held, tf, positions, forms, form, sums = stem
    if form < 0:
        forms = None
    places = held.searchsorted(docs)
    rows: Array = (held.take(places, mode="clip") == docs).nonzero()[0]
    # Where no numbers are kept all occurrences have the first form.
    if forms is None and form == 0:
        typed[rows] = True
    if not len(rows) or not (spots or forms is not None):
        return rows[:0]
    chosen = places if len(rows) == len(docs) else places.take(rows)
    if tf is not None:
        counts = tf.take(chosen)
        chosen = _starts(chosen, tf, sums)
        if (most := int(counts.max())) > 1:
            row, step = (np.arange(most) < counts[:, None]).nonzero() if most < NARROW else _rows(counts)
            chosen = chosen.take(row) + step
            rows = rows.take(row)
    if forms is not None:
        typed[rows[taken(forms, chosen) == form]] = True
    if not spots:
        return rows[:0]
    assert positions is not None
    found: Array = (rows << 32) + taken(positions, chosen)
    return found


def _starts(places: Array, tf: Array, sums: Array | None) -> Array:
    """int64: at some places in a posting list, how many occurrences come before."""
    if sums is None:
        return np.cumsum(tf, dtype=np.int64).take(places) - tf.take(places)
    blocks = places // BLOCK
    before = np.zeros(len(places), np.int64)
    if len(sums):
        before = sums.take(blocks - 1, mode="clip").astype(np.int64)
        before[blocks == 0] = 0
    within = places - blocks * BLOCK
    others = tf.take(blocks[:, None] * BLOCK + _STEPS, mode="clip")
    others *= within[:, None] > _STEPS
    before += others.sum(axis=1, dtype=np.int64)
    return before


def _rows(counts: Array) -> tuple[Array, Array]:
    """For rows of so many: the row of each, and its place in the row."""
    rows = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts, dtype=np.int64) - counts
    return rows, np.arange(len(rows)) - starts[rows]


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


def best(
    docs: Array, scores: Array | None, ranks: Array, count: int, most: float, wanted: Nearness | None, /
) -> tuple[Array, Array]:
    if count <= 0:
        return docs[:0], np.zeros(0)
    if scores is None:
        chosen = docs[_by_rank(ranks.take(docs), count)]
        return chosen, np.zeros(len(chosen))
    more = (lambda few: added(few, wanted)) if most and wanted is not None else None
    return best_by_sum(docs, scores, ranks, count, most=most if more else 0.0, added=more or np.zeros_like)


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
    chosen = _by_score(scores, docs, ranks, count)
    return docs[chosen], scores[chosen].astype(np.float64)


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
        few = found[np.argpartition(own, len(own) - looked_at)[len(own) - looked_at :]]
        few.sort()
        sums = scores[few] + added(docs[few])
        border = np.partition(sums, len(sums) - count)[len(sums) - count]
        found = found[np.flatnonzero(own >= border - most)]
        looked_at *= 8
    return found


def _by_score(scores: Array, docs: Array, ranks: Array, count: int) -> Array:
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
            equal = equal[_by_rank(ranks[docs[equal]], count - len(above))]
            places = np.concatenate([above, equal])
    order = np.lexsort((ranks[docs[places]], -scores[places]))
    return places[order[:count]]


def _by_rank(ranks: Array, count: int) -> Array:
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
