"""Which words of a text a query matches: patterns, spellings, and the ranges to mark."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["edit_distance_within", "pattern_regex"]


@lru_cache(maxsize=256)
def pattern_regex(pattern: str) -> re.Pattern[str]:
    """A compiled form of a wildcard pattern: `*` is any run of characters, `?` is one."""
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", pattern))
    return re.compile("".join(parts), re.DOTALL)


def edit_distance_within(word: str, other: str, edits: int) -> bool:
    """Whether `other` is `word` with at most `edits` letters added, dropped, changed or swapped with a neighbour.

    The first letter must be the same. Optimal string alignment distance (Boytsov 2011).
    """
    if word[:1] != other[:1] or abs(len(word) - len(other)) > edits:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        before, last, row = row, before, [i]
        for j, candidate in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != candidate))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == candidate:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > edits:
            return False
    return row[-1] <= edits
