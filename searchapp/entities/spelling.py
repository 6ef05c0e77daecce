"""Spelling variants of names: what writing a name in another alphabet by ear leaves the same."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["skeleton", "skeletons"]

_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^m[ou]h?amm?[ae][dt]$", "muhamad"),
        (r"['-]", ""),
        (r"ou|oo", "u"),
        (r"ph", "f"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"ck|q|c(?=[aoulrtkn]|$)", "k"),
        (r"w", "v"),
        (r"tz", "ts"),
        (r"off$", "ov"),
        (r"eff$", "ev"),
        (r"(?<!^)[yj]", "i"),
        (r"(.)\1+", r"\1"),
        (r"(?<=sk)i[ie]*$", "i"),
    )
)


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """A folded word without what transliterations differ in: zelenskyy and zelenskiy both give zelenski.

    Different names can share a skeleton ("Philips", "Filips"), so it is evidence only together with other words.
    """
    if len(word) < 4 or not word.isalpha():
        return word
    for pattern, to in _STEPS:
        word = pattern.sub(to, word)
    return word


@lru_cache(maxsize=200_000)
def skeletons(words: tuple[str, ...]) -> tuple[str, ...]:
    """The skeleton of each word."""
    return tuple(map(skeleton, words))
