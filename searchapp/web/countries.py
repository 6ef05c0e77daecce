"""Places under their countries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from searchapp.model.result import FacetValue
from searchapp.web.site import Site

__all__ = ["country_of", "grouped", "nested"]


def country_of(site: Site, label: str) -> str:
    """The country that a place is in, or is; empty where the gazetteers know none."""
    place = site.archive.place_of(label)
    return place.country or (place.label if place.kind == "country" else "") if place else ""


def nested(site: Site, values: Sequence[FacetValue]) -> list[tuple[FacetValue, bool]]:
    """The values with each place moved under its country where both are among them, and whether it was moved."""
    countries = [country_of(site, value.label) for value in values]
    heads = {country for value, country in zip(values, countries, strict=True) if value.label == country}
    under: dict[str, list[FacetValue]] = {}
    top: list[FacetValue] = []
    for value, country in zip(values, countries, strict=True):
        if country in heads and country != value.label:
            under.setdefault(country, []).append(value)
        else:
            top.append(value)
    listed: list[tuple[FacetValue, bool]] = []
    for value in top:
        listed.append((value, False))
        listed += [(inner, True) for inner in under.get(value.label, ())]
    return listed


def grouped(site: Site, values: Iterable[FacetValue]) -> list[tuple[str, list[FacetValue]]]:
    """Countries with their values: the country itself, then its places by count.

    The country with the most named value comes first, equal ones by name; places of no known country, under an empty
    name, come last.
    """
    groups: dict[str, list[FacetValue]] = {}
    for value in values:
        groups.setdefault(country_of(site, value.label), []).append(value)
    for country, group in groups.items():
        group.sort(key=lambda value: (value.label != country, -value.count, value.label))
    return sorted(groups.items(), key=lambda item: (not item[0], -max(value.count for value in item[1]), item[0]))
