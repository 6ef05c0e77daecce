"""Which names of people in one article are forms of one person's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from searchapp.entities.linking.given_names import known_given_names
from searchapp.entities.linking.groups import Group, any_shared
from searchapp.entities.linking.spelling import skeletons
from searchapp.language.names import GENERATIONS, PARTICLES

__all__ = ["MANY", "compatible", "join_people", "surname_words"]

MANY = 50
"""Names that share a word and are compared with each other; more of them in one article are a list of names."""

Words = tuple[str, ...]


def join_people(groups: Sequence[Group]) -> None:
    """Joins short forms to full ones. The longest name stands for the person.

    "Pashinyan", "N. Pashinyan" and "Nikol V. Pashinyan" are forms of "Nikol Pashinyan"; "Hillary Clinton" is none of
    "Bill Clinton". A short form that fits several people means the one named first: whom an article introduces first
    keeps the bare surname, the others are told apart.
    """
    if not any_shared(_telling_words(group.words) for group in groups):
        return
    holders: dict[str, list[Group]] = {}
    for group in sorted(groups, key=lambda g: (-len(g.words), g.first)):
        words = group.words
        if not words:
            continue
        fits = _fitting(words, holders, lambda known: known.words)
        if not fits:
            fits = _fitting(skeletons(words), holders, lambda known: skeletons(known.words))
        if fits:
            group.join(min(fits, key=lambda g: g.first))
        if len(words) > 1:
            for word in _telling_words(words):
                holders.setdefault(word, []).append(group)


@lru_cache(maxsize=100_000)
def _telling_words(words: Words) -> frozenset[str]:
    """The different words and their skeletons, without "de" and its like."""
    return frozenset((*words, *skeletons(words))) - PARTICLES


def _fitting(words: Words, holders: dict[str, list[Group]], words_of: Callable[[Group], Words]) -> list[Group]:
    """The people whose name `words` may be a form of, by the surest reading that gives any."""
    if len(words) == 1:
        word = words[0]
        known = holders.get(word, [])[:MANY]
        if not known:
            return []
        if len(known) == 1:
            return [known[0].root] if word in words_of(known[0]) else []
        readings = (
            [group for group in known if surname_words(words_of(group))[-1] == word],
            [group for group in known if words_of(group)[0] == word],
            [group for group in known if word in words_of(group)],
        )
        found = next((reading for reading in readings if reading), [])
    else:
        known = holders.get(surname_words(words)[-1], [])
        found = [group for group in known[:MANY] if compatible(words, words_of(group))]
    return list(dict.fromkeys(group.root for group in found))


def surname_words(words: Words) -> Words:
    """`words` without "Jr." and the like at the end."""
    end = len(words)
    while end > 1 and words[end - 1] in GENERATIONS:
        end -= 1
    return words[:end]


@lru_cache(maxsize=100_000)
def compatible(short: Words, full: Words) -> bool:
    """Whether two names of two or more words can be one person's, `full` having no fewer words."""
    if (short[-1] in GENERATIONS or full[-1] in GENERATIONS) and short[-1] != full[-1]:
        # An article that has both "Ferdinand Marcos Jr." and "Ferdinand Marcos" means father and son.
        return False
    short, full = surname_words(short), surname_words(full)
    if short == full or _inside(short, full):
        return True
    if short[-1] != full[-1] or len(short) < 2 or len(full) < 2:
        return False
    return _same_given(short[:-1], full[:-1])


def _inside(short: Words, full: Words) -> bool:
    size = len(short)
    return any(full[at : at + size] == short for at in range(len(full) - size + 1))


def _same_given(short: Words, full: Words) -> bool:
    """Whether the given names of `short` begin those of `full`, each whole or as an initial.

    Only later ones may be left out: "George W." is not "George H. W.".
    """
    return len(short) <= len(full) and all(map(_same_word, short, full))


def _same_word(one: str, other: str) -> bool:
    if one == other or ((len(one) == 1 or len(other) == 1) and one[0] == other[0]):
        return True
    return not known_given_names(one).isdisjoint(known_given_names(other))
