"""The best few of many, without sorting the many."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["best_by_rank", "best_by_score"]

Array = npt.NDArray[Any]

FEW = 4096
"""So many are sorted outright."""


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
