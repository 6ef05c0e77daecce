"""Which names of places in one article are forms of one place's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from searchapp.entities.linking.groups import Group
from searchapp.entities.places.gazetteer import Place, is_demonym, readings

__all__ = ["join_places"]

_COMPASS = frozenset(
    "new north south east west northern southern eastern western central upper lower inner outer greater great saint "
    "san santa los las la el le port fort mount lake cape".split()
)
_POLITY = re.compile(
    r"(?:kingdom|republic|state|city|town|province|island|isle|commonwealth|principality|free state) of"
)
_DIVISIONS = frozenset("province state region prefecture oblast municipality city town island islands republic".split())

_FEATURES = frozenset(
    "avenue bridge building castle corridor forest garden gardens hall house hotel island islands lake mountain "
    "mountains palace park peninsula plaza river square street strait temple tower".split()
)
"""Closing words of a landmark's name that later mentions leave out. An airport or a station bears the name of a place,
which is another one."""


def join_places(places: Sequence[Group], meant: Mapping[int, Place]) -> None:
    """Joins second names ("U.S.", "Türkiye"), polities ("Kingdom of Spain") and, of unknown places, last words."""
    by_place: dict[tuple[str, str], Group] = {}
    unknown: list[Group] = []
    for group in places:
        key = group.form.place
        found = readings(key)
        place = meant.get(id(group)) or (found[0] if found else None)
        if place is not None:
            identity = place.label, place.country_code
        elif is_demonym(key):
            continue
        else:
            unknown.append(group)
            continue
        group.join(by_place.setdefault(identity, group))
    if not unknown:
        return
    by_key = {group.form.place: group for group in places}
    unknown_ids = set(map(id, unknown))
    for group in unknown:
        whole = by_key.get(_without_people(group.words))
        if whole is not None:
            group.join(whole)
            continue
        for bare in _shorter(group.words):
            other = by_key.get(bare)
            if other is None or other is group:
                continue
            if id(other) in unknown_ids or bare == _polity_of(group.form.key):
                group.join(other)
                break
    ends: dict[str, list[Group]] = {}
    for group in unknown:
        for start in range(1, len(group.words)):
            if group.words[start - 1] not in _COMPASS:
                ends.setdefault(" ".join(group.words[start:]), []).append(group)
    for group in unknown:
        fits = list(dict.fromkeys(other.root for other in ends.get(group.form.key, ())))
        if len(fits) == 1 and group.into is None and fits[0].first < group.first:
            group.join(fits[0])


def _polity_of(key: str) -> str:
    """What is left of the name of a polity or province: "kingdom of spain" gives spain, "hubei province" hubei."""
    match = _POLITY.match(key)
    if match:
        return key[match.end() :].strip()
    bare, _, last = key.rpartition(" ")
    if last not in _DIVISIONS:
        return ""
    found = readings(bare)
    # "Kuwait City" is no other name of Kuwait, nor "Izmir Province" of the city Izmir.
    return "" if found and (found[0].kind == "city") != (last in ("city", "town")) else bare


def _shorter(words: tuple[str, ...]) -> list[str]:
    """Shorter names that a place of unknown name can have: "loopline bridge" is also "loopline"."""
    if len(words) < 2:
        return []
    polity = _polity_of(" ".join(words))
    return [bare for bare in (polity, " ".join(words[:-1]) if words[-1] in _FEATURES else "") if bare]


def _without_people(words: tuple[str, ...]) -> str:
    """The place whose people are named before it: "iraqi kurdistan" is "kurdistan", where the article has that too."""
    return " ".join(words[1:]) if len(words) > 1 and is_demonym(words[0]) else ""
