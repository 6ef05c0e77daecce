"""Which segments become one: so that few are left, and an article is not written too often.

Two bounds follow from the rule, whatever the sizes of commits; `tests/columnar/test_policy.py` holds the code to them.

*Number.* Where nothing is left to merge each segment is at least `RATIO` times as large as the next, so that `n`
articles stand in at most 1 + log2(n) segments.

*Rewriting.* A merge makes the segment of each article that takes part at least 1 + 1/RATIO times as large, but for the
last of its segments when that was never merged before. So an article is written again at most 1 + log1.5(n) times; for
commits of equal size it is about half of log2 of their number. Rewriting for the sake of deleted articles comes on top:
a segment is rewritten when `MOSTLY_DEAD` of it are deleted, and being smaller may then be merged with its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["MOSTLY_DEAD", "RATIO", "run_to_merge", "start_of_run"]

RATIO = 2
"""A segment is at least so many times as large as the next."""
MOSTLY_DEAD = 0.4
"""A segment with more than this share of deleted articles is rewritten."""


def run_to_merge(sizes: Sequence[int], deleted: Sequence[int]) -> tuple[int, int] | None:
    """The neighbours that should become one segment next, as first place and one past the last; None when all is well.

    `sizes` are the articles of each segment, deleted ones too, in the order of segments; `deleted` how many those are.
    What is at the end, and usually small, comes first. A run may be a single segment, to be rewritten without its dead.
    """
    for stop in range(len(sizes), 0, -1):
        if deleted[stop - 1] > MOSTLY_DEAD * sizes[stop - 1]:
            return stop - 1, stop
        if stop > 1 and sizes[stop - 2] < RATIO * sizes[stop - 1]:
            return start_of_run(sizes[: stop - 2], sizes[stop - 2] + sizes[stop - 1]), stop
    return None


def start_of_run(sizes: Sequence[int], total: int) -> int:
    """Where a run begins that ends in `total` articles behind `sizes`: with what is too small to stand before it."""
    first = len(sizes)
    while first and sizes[first - 1] < RATIO * total:
        first -= 1
        total += sizes[first]
    return first
