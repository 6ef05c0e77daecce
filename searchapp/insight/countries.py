"""Places under their countries."""

from __future__ import annotations

from collections.abc import Sequence

from searchapp.entities.places.gazetteer import country_of
from searchapp.model.question import Grouping
from searchapp.model.result import FacetValue

__all__ = ["BY_COUNTRY", "nested"]

BY_COUNTRY = Grouping("country", country_of)


def nested(values: Sequence[FacetValue]) -> list[tuple[FacetValue, bool]]:
    """The values with each place moved under its country where both are among them, and whether it was moved."""
    countries = [country_of(value.label) for value in values]
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
