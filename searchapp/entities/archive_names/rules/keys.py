"""What the rules read, as data: the keys under which a label is found by those that ask for others like it.

A rule asks for labels by these keys alone, so a change of some labels' counts tells what has to be computed again: what
is reached over the keys of those labels, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from searchapp.entities.linking.bodies import known_body
from searchapp.entities.linking.organisations import base_words
from searchapp.entities.linking.people import surname_words
from searchapp.entities.linking.public_bodies import public_body
from searchapp.entities.linking.spelling import skeletons
from searchapp.entities.places.gazetteer import place_of
from searchapp.language.names import PARTICLES, place_key, spelled, words_of

__all__ = ["BODIES", "NO_COUNTRY", "VARIANTS", "Keys", "Node", "keys_of", "prefixes", "words_in"]

Node = tuple[str, str]
"""Kind and label, as articles have them."""

VARIANTS = "~"
"""The families of people that begin with this are those of one surname, who are joined only when all of them fit."""
BODIES = "&"
"""The families of public bodies that many countries have begin with this; within one, the spelling is the country."""
_MOST_WORDS, _MOST_LETTERS = 99, 999
NO_COUNTRY = "-"
"""The spelling of a public body that a label names without its country."""
_SHORT: Mapping[tuple[str, ...], str] = {
    ("united", "states"): "us",
    ("united", "kingdom"): "uk",
    ("united", "nations"): "un",
}
_FULLNESS = 5
"""Digits before the words of a spelling."""


class Keys(NamedTuple):
    """Where one label is found. (An archive has a million of these; a tuple is made in a third of the time.)"""

    family: str
    """Labels of one kind can be joined for how they are written when this is the same."""
    spelling: str = ""
    """Within a family of people, what is the same for labels that differ in case, accents and signs alone. In the
    order of spellings the fullest name comes first: the one of most words, and among them that of most letters.
    Of public bodies the country."""
    usual: str = ""
    """What it is called whatever the articles write; empty where that is for them to say."""
    folded: tuple[str, ...] = ()
    """Names that are compared across the kinds, folded: its own and its usual one."""
    bears: tuple[str, ...] = ()
    """Words by which it can be meant without the others: given name and surname of people."""
    written: str = ""
    """The words of an organisation, which may begin the names of others."""
    single: bool = False
    """Whether it is a person's name of one word, of which the last of the rules decides whom it means."""


@lru_cache(maxsize=100_000)
def keys_of(node: Node) -> Keys:
    """The keys of a label."""
    kind, label = node
    if kind == "place":
        return _of_place(label)
    return _of_person(label) if kind == "person" else _of_organisation(label)


def _of_place(label: str) -> Keys:
    place = place_of(label)
    if place is None:
        return Keys("=" + " ".join(words_of(label)), folded=(label.casefold(),))
    # "Curacao" or "Curaçao" as most articles have it, but never "Türkiye" for Turkey.
    fixed = place.kind != "city" and place_key(label) != place_key(place.label)
    family = "@" + "|".join((place.label, place.country_code, place.division))
    return Keys(family, usual=place.label if fixed else "", folded=_folded(label, place.label if fixed else ""))


def _of_person(label: str) -> Keys:
    words = words_of(label)
    folded = (label.casefold(),)
    if not words:
        return Keys("!" + label, folded=folded)
    if len(words) == 1:
        return Keys("=" + words[0], folded=folded, single=True)
    surname = surname_words(words)[-1]
    bears = (words[0], surname) if words[0] != surname else (surname,)
    if len({word for word in words if word not in PARTICLES}) < 2:
        return Keys("=" + " ".join(words), folded=folded, bears=bears)
    joined = " ".join(words)
    fullness = f"{max(0, _MOST_WORDS - len(words)):02d}{max(0, _MOST_LETTERS - len(joined)):03d}"
    return Keys(VARIANTS + skeletons((surname,))[0], fullness + joined, folded=folded, bears=bears)


def _of_organisation(label: str) -> Keys:
    words = words_of(label)
    body = known_body(label)
    if body is not None:
        return Keys("@" + body, usual=body, folded=_folded(label, body), written=" ".join(words))
    folded, written = (label.casefold(),), " ".join(words)
    public = public_body(label)
    if public is not None:
        return Keys(BODIES + public.kind, public.country or NO_COUNTRY, folded=folded, written=written)
    return Keys("=" + " ".join(_with_short_country(base_words(spelled(words)))), folded=folded, written=written)


def _with_short_country(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words with what stands first in its short form: "United States Steel" as "US Steel"."""
    short = _SHORT.get(words[:2]) if len(words) > 2 else None
    return (short, *words[2:]) if short else words


def _folded(label: str, usual: str) -> tuple[str, ...]:
    own, other = label.casefold(), usual.casefold()
    return (own, other) if usual and own != other else (own,)


def words_in(spelling: str) -> tuple[str, ...]:
    """The words of a spelling of `Keys`."""
    return tuple(spelling[_FULLNESS:].split(" "))


def prefixes(written: str) -> list[str]:
    """The words that a written name begins with, from the first alone to all of them."""
    words = written.split(" ")
    return [" ".join(words[:count]) for count in range(1, len(words) + 1)] if written else []
