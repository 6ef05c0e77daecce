"""Which of several namesakes an article means: Georgia the country or the state, Paris in France or in Texas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from searchapp.entities.linking.groups import Group
from searchapp.entities.places.gazetteer import Place, neighbours, readings
from searchapp.entities.recognising.base import Span

__all__ = ["meant_places"]

_CLOSE = 10
"""A place is not taken for one with so many times fewer people, unless its state stands behind a comma."""

_SEATS = frozenset({"Washington", "New York"})
"""Cities that stand in articles about any country: they say little about where the article is set."""


def meant_places(
    text: str, spans: Sequence[Span], owners: Sequence[Group], places: Sequence[Group]
) -> dict[int, Place]:
    """For each group of `places`, by its identity, the place meant, where that is not the likeliest one of its name.

    What follows after a comma decides ("Paris, Texas"). Else a namesake is meant when the article names its state or
    country, does not name the country of the likelier one, and the two are of comparable size.
    """
    meant: dict[int, Place] = {}
    _read_commas(text, spans, owners, meant)
    doubtful = [group for group in places if id(group) not in meant and _rivals(group.form.place)]
    if doubtful:
        company = _Company(meant.get(id(group)) or _first(group) for group in places)
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
        if span.start - before != 2 or text[before] != ",":
            continue
        city, holder = owners[position - 1], owners[position]
        if city.kind != "place" or holder.kind != "place":
            continue
        pair = _pair(city.form.place, holder.form.place)
        if pair is not None:
            for group, (place, likeliest) in zip((city, holder), pair, strict=True):
                if not likeliest:
                    meant.setdefault(id(group), place)


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
