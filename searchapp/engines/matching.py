"""Which words of a text a query matches: patterns, spellings, and the ranges to mark."""

from __future__ import annotations

import re
from functools import lru_cache

from searchapp.language.words import stem
from searchapp.model import query as q

__all__ = ["edit_distance_within", "holds_words", "pattern_regex"]


def holds_words(query: q.Term | q.Phrase | q.Wildcard | q.Fuzzy, forms: list[str], stems: list[str]) -> bool:
    """Whether a title or a body has what `query` asks for; `forms` and `stems` are those of its words, in order."""
    match query:
        case q.Term(word):
            return stem(word) in stems
        case q.Wildcard(pattern):
            return any(map(pattern_regex(pattern).fullmatch, forms))
        case q.Fuzzy(word, edits):
            return any(edit_distance_within(word, other, edits) for other in set(forms))
        case q.Phrase(words, exact):
            wanted, held = (list(words), forms) if exact else ([stem(word) for word in words], stems)
            return any(held[i : i + len(wanted)] == wanted for i in range(len(held) - len(wanted) + 1))


@lru_cache(maxsize=256)
def pattern_regex(pattern: str) -> re.Pattern[str]:
    """A compiled form of a wildcard pattern: `*` is any run of characters, `?` is one."""
    first, *others = ("".join(map(_literally, part)) for part in re.split(r"\*++", pattern))
    if not others:
        return re.compile(first, re.DOTALL)
    # Where a part stands first is as good as where it stands later; the last one ends the word.
    inner = "".join(f"(?>.*?{part})" for part in others[:-1])
    return re.compile(f"{first}{inner}.*{others[-1]}", re.DOTALL)


def _literally(letter: str) -> str:
    return "." if letter == "?" else re.escape(letter)


def edit_distance_within(word: str, other: str, edits: int) -> bool:
    """Whether `other` is `word` with at most `edits` letters added, dropped, changed or swapped with a neighbour.

    Optimal string alignment distance (Boytsov 2011).
    """
    if abs(len(word) - len(other)) > edits:
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
