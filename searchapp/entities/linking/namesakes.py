"""Which of several namesakes an article means: Georgia the country or the state, Paris in France or in Texas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from searchapp.entities.linking.groups import Group
from searchapp.entities.places.gazetteer import Place, country_of_code, neighbours, readings
from searchapp.entities.recognising.base import Span

__all__ = ["in_holder", "meant_places"]

_CLOSE = 10
"""A place is not taken for one with so many times fewer people, unless its state stands behind a comma."""

_LIVELY = 50_000
"""People of a city that a state or province of its name does not hide, where the article names the city's own."""
_LONGEST_GAP = 60
_WITHIN = re.compile(
    r",? (?:(?:is|was|are|were) )?(?:a|an|the) (?:[\w-]{1,20} ){1,6}(?:in|of|on) (?:the )?(?:[\w-]{1,20} )?"
    r"|,? in (?:the )?(?:(?:north|south|east|west|central|upper|lower)\w* )?"
)
"""What stands between a town and what it is in: ", a small town in northeast ", " is the capital of "."""
_SHARED = {"congo": ("CD", "CG"), "korea": ("KR", "KP")}
"""Names that two countries have, each called otherwise when it is told apart."""
_SEATS = frozenset({"Washington", "New York"})
"""Cities that stand in articles about any country: they say little about where the article is set."""


def meant_places(
    text: str, spans: Sequence[Span], owners: Sequence[Group], places: Sequence[Group]
) -> dict[int, Place]:
    """For each group of `places`, by its identity, the place meant, where that is not the likeliest one of its name.

    What follows after a comma, or says what the place is in, decides ("Paris, Texas", "Paris, a town in Texas"), and so
    does "state" behind a name. Else a namesake is meant when the article names its state or
    country, does not name the country of the likelier one, and the two are of comparable size.
    """
    meant: dict[int, Place] = {}
    _read_commas(text, spans, owners, meant)
    _read_states(text, spans, owners, meant)
    doubtful = [group for group in places if id(group) not in meant and _rivals(group.form.place)]
    shared = [group for group in places if group.form.place in _SHARED and id(group) not in meant]
    if doubtful or shared:
        company = _Company(meant.get(id(group)) or _first(group) for group in places)
        for group in shared:
            named = [code for code in _SHARED[group.form.place] if company.has(code, beside=group.form.shown)]
            if len(named) == 1:
                meant[id(group)] = country_of_code(named[0])
        for group in doubtful:
            place = _by_company(group, company)
            if place is not None:
                meant[id(group)] = place
    return meant


class _Company:
    """The places of an article: labels, and labels by country."""

    def __init__(self, places: Iterable[Place | None]) -> None:
        self.labels: set[str] = set()
        self.inside: dict[str, set[str]] = {}
        self.local: set[str] = set()
        for place in places:
            if place is not None:
                self.labels.add(place.label)
                self.inside.setdefault(place.country_code, set()).add(place.label)
                if place.kind != "country" and place.name not in _SEATS:
                    self.local.add(place.country_code)

    def has(self, country_code: str, *, beside: str) -> bool:
        """Whether a place of that country is named, other than the one with the label `beside`."""
        labels = self.inside.get(country_code, ())
        return len(labels) > (beside in labels)


def _first(group: Group) -> Place | None:
    found = readings(group.form.place)
    return found[0] if found else None


def _read_commas(text: str, spans: Sequence[Span], owners: Sequence[Group], meant: dict[int, Place]) -> None:
    end = spans[0].end
    for position in range(1, len(spans)):
        before, span = end, spans[position]
        end = span.end
        city, holder = owners[position - 1], owners[position]
        gap = span.start - before
        if gap < 2 or gap > _LONGEST_GAP or city.kind != "place" or holder.kind != "place" or city is holder:
            continue
        comma = gap == 2 and text[before] == ","
        if not comma and (len(readings(city.form.place)) < 2 or not _WITHIN.fullmatch(text, before, span.start)):
            continue
        pair = _pair(city.form.place, holder.form.place)
        if pair is not None:
            for group, (place, likeliest) in zip((city, holder), pair, strict=True):
                if not likeliest:
                    meant.setdefault(id(group), place)


def _read_states(text: str, spans: Sequence[Span], owners: Sequence[Group], meant: dict[int, Place]) -> None:
    states: Counter[int] = Counter()
    for span, owner in zip(spans, owners, strict=True):
        if owner.kind == "place" and text.startswith((" state", " State"), span.end) and id(owner) not in meant:
            states[id(owner)] += 1
            region = next((place for place in readings(owner.form.place)[1:] if place.kind == "region"), None)
            if region is not None and states[id(owner)] * 2 >= owner.count:
                meant[id(owner)] = region


def in_holder(city: str, holder: str) -> bool:
    """Whether a place that has the first name, as `place_key` has it, lies in a state or country of the second."""
    return _pair(city, holder) is not None


@lru_cache(maxsize=20_000)
def _pair(city_key: str, holder_key: str) -> tuple[tuple[Place, bool], tuple[Place, bool]] | None:
    """The places that "city, holder" means, each with whether it is the likeliest of its name."""
    cities, holders = readings(city_key), readings(holder_key)
    for holder in holders:
        for city in cities:
            inside = city.division == holder.name if holder.kind == "region" else city.country == holder.label
            if city.kind != "country" and city.country_code == holder.country_code and inside:
                return (city, city is cities[0]), (holder, holder is holders[0])
    return None


@lru_cache(maxsize=50_000)
def _rivals(key: str) -> tuple[Place, ...]:
    """Other places of that name which the company they are in can make the likelier ones."""
    found = readings(key)
    if len(found) < 2:
        return ()
    first = found[0]
    if first.kind == "country":
        return tuple(place for place in found[1:] if place.kind == "region" and place.label.endswith(")"))
    if first.kind == "region":
        return tuple(place for place in found[1:] if place.kind == "city" and (place.population or 0) >= _LIVELY)
    people = first.population or first.weight
    return tuple(p for p in found[1:] if p.kind == "city" and (p.population or 0) * _CLOSE >= people)


def _by_company(group: Group, company: _Company) -> Place | None:
    """The less likely place that a group means, by the other places of the article; None for the likeliest one."""
    key = group.form.place
    first = readings(key)[0]
    for rival in _rivals(key):
        if rival.kind == "region":
            around = (first.country_code, *neighbours(first.country_code))
            if rival.country_code in company.local and not any(company.has(c, beside=first.label) for c in around):
                return rival
            continue
        if rival.country_code != first.country_code and company.has(first.country_code, beside=first.label):
            return None
        if first.division in company.labels:
            return None
        holder = rival.division or rival.country
        if holder != first.label and holder in company.labels:
            return rival
    return None
