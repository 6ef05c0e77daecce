"""Known places: their usual English names, countries and coordinates, and which of several namesakes is meant.

The tables are made by `searchapp.training.place_tables`. Cities have 5,000 people or more; other names than the usual
one are known for countries, for cities of 100,000 and for what `place_names.tsv` lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from searchapp.language.names import place_key

__all__ = [
    "Place",
    "country_code_of",
    "country_keys",
    "country_name",
    "country_of",
    "country_of_code",
    "country_of_demonym",
    "is_country",
    "is_demonym",
    "neighbours",
    "place_of",
    "readings",
    "usual_name",
]

_RANKS = (0, 200_000, 50_000_000, 1_000_000_000)
"""What a place counts as, in people, for being: a mere city, a province, known by our own list, a country."""

_PEOPLES = frozenset(
    "arab berber bedouin bosniak catalan chechen druze flemish ottoman kurd kurdish latino hispanic maori nordic "
    "pashtun rohingya roma scandinavian serb sikh slav soviet tamil tatar tuareg uighur uyghur zulu asian african "
    "european "
    "jewish jew muslim christian catholic protestant orthodox hindu buddhist islamic".split()
)
"""Peoples and faiths of no one country; no place in news has these names."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map."""

    label: str
    """Its usual English name, longer where a better known place has the same one: "Paris", "Paris, Texas"."""
    kind: str
    """country, region or city."""
    country: str
    """Label of its country; empty where it spans several."""
    country_code: str
    """ISO 3166 code of the country, XK for Kosovo; empty where it spans several."""
    latitude: float | None
    """Degrees north. A country's are its capital's, a state's the average of where its people live."""
    longitude: float | None
    """Degrees east."""
    population: int | None
    """None where the gazetteer has no figure."""
    name: str = ""
    """The bare name: "Paris" for "Paris, Texas"."""
    division: str = ""
    """State or province, for cities of the United States and Canada."""
    weight: int = field(default=0, compare=False)
    """How likely the bare name means this place, measured in people."""


def place_of(label: str) -> Place | None:
    """The place that a label of the facet names; None when the gazetteers do not know it."""
    found = readings(place_key(label))
    if found:
        return found[0]
    name, _, holder = label.rpartition(", ")
    return next((place for place in readings(place_key(name)) if holder in (place.division, place.country)), None)


@lru_cache(maxsize=50_000)
def country_of(label: str) -> str:
    """The country that a place is in, or is; empty where the gazetteers know none."""
    place = place_of(label)
    return place.country or (place.label if place.kind == "country" else "") if place else ""


def is_country(name: str) -> bool:
    """Whether a name is a country's, one of today or of before."""
    found = readings(place_key(name))
    return bool(found) and found[0].kind == "country"


@lru_cache(maxsize=50_000)
def usual_name(name: str) -> str:
    """The usual English name of a country or region: "U.S." gives United States, "Karabakh" Nagorno-Karabakh.

    A city keeps the name it has in the article ("Kiev"), except that one in capitals gets its usual spelling. So does
    anything unknown.
    """
    key = place_key(name)
    found = readings(key)
    if found:
        first = found[0]
        if place_key(first.name) == key:
            return first.name if name.isupper() else name
        if first.kind != "city" or _abbreviates(key, place_key(first.name)):
            return first.label
    return _titled(name) if name.isupper() and len(name) > 5 else name


def _abbreviates(key: str, name: str) -> bool:
    """Whether a second name of a city is the first one shortened or lengthened: "nyc", "rio", "washington dc"."""
    return len(key) < 4 or name.startswith(key) or key.startswith(name) or name.endswith(" " + key)


def _titled(name: str) -> str:
    words = re.split(r"([ -])", name)
    return "".join(word.capitalize() if len(word) > 2 or not at else word.lower() for at, word in enumerate(words))


@lru_cache(maxsize=50_000)
def readings(key: str) -> tuple[Place, ...]:
    """The places that a `place_key` can mean, the likeliest first."""
    if not key:
        return ()
    found = [_countries()[_codes()[key]]] if key in _codes() else []
    found += map(_place, _lines_of(key))
    found.sort(key=lambda place: (-place.weight, place.label, place.country))
    if not found:
        return ()
    first = found[0]
    return (first, *(_told_apart(place, first, key) for place in found[1:]))


def _told_apart(place: Place, first: Place, key: str) -> Place:
    """`place` with a label that no better known namesake has, be it as another name: "Odessa" is Odesa too."""
    if place.label != first.label and (place.kind != "city" or place_key(place.label) != key):
        return place
    return Place(
        f"{place.name}, {place.division or place.country}", place.kind, place.country, place.country_code,
        place.latitude, place.longitude, place.population, place.name, place.division, place.weight,
    )  # fmt: skip


@cache
def country_keys() -> frozenset[str]:
    """The names of the countries of today as `place_key` has them, those longer than three letters."""
    return frozenset(key for key in _codes() if len(key) > 3)


def is_demonym(word: str) -> bool:
    """Whether a name, as `place_key` has it, means people of a country and no place: "azeri", "russians"."""
    if word.removesuffix("s") in _PEOPLES:
        return True
    if word not in _demonyms():
        return False
    found = readings(word)
    # A town called Thai, or one called Somali, is not what news mean by it.
    return not found or (found[0].kind == "city" and found[0].weight < _RANKS[2])


def country_of_demonym(word: str) -> str:
    """The label of the country whose people a word, as `place_key` has it, means; empty for other words."""
    code = _demonyms().get(word, "")
    return _countries()[code].label if code else ""


def country_code_of(key: str) -> str:
    """The code of the country of today that has this `place_key` among its names; empty for any other name."""
    return _codes().get(key, "")


def country_of_code(code: str) -> Place:
    """The country with a code. Raises `KeyError` where there is none."""
    return _countries()[code]


def country_name(code: str) -> str:
    """The usual English name of the country with a code. Raises `KeyError` where there is none."""
    return _countries()[code].label


@cache
def _demonyms() -> dict[str, str]:
    found: dict[str, str] = {}
    # "Dutch" are those of the Netherlands first, and of Aruba too.
    for fields in sorted(_country_table(), key=lambda fields: -int(fields[4])):
        for word in fields[7].split("|"):
            key = place_key(word)
            if key:
                found.setdefault(key, fields[0])
                found.setdefault(key + "s", fields[0])
    return found


def neighbours(country_code: str) -> tuple[str, ...]:
    """Codes of the countries that border on one."""
    return _neighbours().get(country_code, ())


@cache
def _neighbours() -> dict[str, tuple[str, ...]]:
    return {fields[0]: tuple(fields[5].split()) for fields in _country_table()}


@cache
def _countries() -> dict[str, Place]:
    """Country code to country."""
    return {
        code: Place(
            label, "country", label, code, _number(latitude), _number(longitude), int(population) or None, label, "",
            _RANKS[3],
        )
        for code, label, latitude, longitude, population, *_ in _country_table()
    }  # fmt: skip


@cache
def _codes() -> dict[str, str]:
    """Every name of a country, as `place_key` has it, to its code."""
    return {place_key(name): fields[0] for fields in _country_table() for name in fields[6].split("|")}


def _country_table() -> Iterator[list[str]]:
    text = files("searchapp.entities.places").joinpath("countries.tsv").read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines())


def _lines_of(key: str) -> Iterator[str]:
    """The lines of the table of places that begin with `key`.

    They are sorted, and searched by halves as they stand in the file: what asks for a few places parts no lines.
    """
    table, start = _table(), f"{key}\t".encode()
    low, high = 0, len(table)
    while low < high:
        line = max(low, table.rfind(b"\n", low, (low + high) // 2) + 1)
        end = _end_of_line(table, line)
        if table[line:end] < start:
            low = end + 1
        else:
            high = line
    while table.startswith(start, low):
        end = _end_of_line(table, low)
        yield table[low:end].decode("utf-8")
        low = end + 1


def _end_of_line(table: bytes, place: int) -> int:
    end = table.find(b"\n", place)
    return len(table) if end < 0 else end


@cache
def _table() -> bytes:
    return files("searchapp.entities.places").joinpath("places.tsv").read_bytes()


def _place(line: str) -> Place:
    _, name, kind, code, division, latitude, longitude, population, rank = line.split("\t")
    country = _countries()[code].label if code in _countries() else name if kind == "country" else ""
    people = int(population)
    weight = people + _RANKS[3 if kind == "country" else int(rank)]
    bare = name.removesuffix(" (U.S. state)")
    point = _number(latitude), _number(longitude)
    return Place(name, kind, country, code, *point, people or None, bare, division, weight)


def _number(text: str) -> float | None:
    return float(text) if text else None
