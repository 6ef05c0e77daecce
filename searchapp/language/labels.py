"""Readable labels for the names that files assign: `usa` is United States, `james-baker` is James Baker."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from searchapp.language.fold import folded
from searchapp.language.names import JOINED_PARTICLES, PARTICLES, SMALL_WORDS

__all__ = [
    "country_label",
    "label_table",
    "merged_names",
    "natural_order",
    "readable_label",
    "topics_of",
    "without_qualifier",
]

_CODE = re.compile(r"[a-z0-9'’.À-ÖØ-öø-ÿ]+(?:[-_][a-z0-9'’.À-ÖØ-öø-ÿ]+)*")
_ROLE = re.compile(r"[(\[][^()\[\]]{1,40}[)\]]\s*+\Z")
_GENERATION = re.compile(r"(?:Jr|Sr|JR|SR|jr|sr)\.?|I{1,3}|I?V|VI{0,3}")
_DOTTED = re.compile(r"(?:[A-Za-z]\.){2,}")
# "Abu" is written large wherever it stands.
_LOWER_PARTICLES = PARTICLES - JOINED_PARTICLES - {"abu"}


def readable_label(name: str, facet: str) -> str:
    """The name as a newspaper prints it, for a name of `facet`: people, places or organisations.

    Codes ("west-germany", "worldbank", "USA", "FRA"), formal country names ("Iran, Islamic Republic of"),
    inverted people ("Clinton, Bill") and names all in capitals are put right. Anything else is readable already
    and stays as it is, spaces apart; so does every name of another facet.
    """
    name = " ".join(name.split())
    if not name:
        return ""
    return _readable(name, facet)


@lru_cache(maxsize=16_384)
def _readable(name: str, facet: str) -> str:
    if facet == "places":
        return _place(name)
    if facet == "people":
        return _person(name)
    if facet == "organisations":
        return _organisation(name)
    return name


def natural_order(name: str) -> str:
    """`name` with the given name first: "Clinton, Bill" gives "Bill Clinton", "King, M L Jr" gives "M L King Jr".

    A role in brackets at the end is left out, as in "Bush, George W (Pres)". Other names stay as they are.
    """
    bare = without_qualifier(name)
    parts = [part.strip() for part in bare.split(",")]
    if not 2 <= len(parts) <= 3 or not all(parts) or any(c.isdigit() for c in bare):
        return bare
    family, given = parts[0], parts[1].split()
    last = parts[2] if len(parts) == 3 else ""
    if last and not _GENERATION.fullmatch(last):
        return bare
    if all(_GENERATION.fullmatch(word) for word in given):
        return " ".join([family, *given])
    if not given[0][0].isupper() or len(given) > 4 or len(family.split()) > 4:
        return bare
    if len(_full_words(family.split())) > 1 and len(_full_words(given)) > 1:
        # "Barack Obama, Joe Biden" are two people, and nothing tells them from "Bresser Pereira, Luiz Carlos".
        return bare
    while len(given) > 1 and _GENERATION.fullmatch(given[-1]):
        last = last or given[-1]
        given.pop()
    return " ".join(word for word in (*given, family, last) if word)


def country_label(code: str) -> str:
    """The usual English name of the country with this ISO 3166 code of two or three letters; empty when unknown."""
    code = code.strip().upper()
    if len(code) not in (2, 3) or not code.isalpha():
        return ""
    countries = _iso_countries()
    country = countries.get(alpha_2=code) if len(code) == 2 else countries.get(alpha_3=code)
    return _usual_name(country) if country else ""


def without_qualifier(name: str) -> str:
    """`name` without what stands in brackets at its end: "Baghdad (Iraq)" gives "Baghdad"."""
    return _ROLE.sub("", name).strip() or name


def merged_names(*parts: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Facet to the labels of all `parts`, each once whatever its case, in the order in which they come."""
    merged: dict[str, dict[str, str]] = {}
    for part in parts:
        for facet, labels in part.items():
            for label in labels:
                merged.setdefault(facet, {}).setdefault(label.casefold(), label)
    return {facet: tuple(labels.values()) for facet, labels in merged.items()}


def topics_of(names: Iterable[str]) -> tuple[str, ...]:
    """`names` on one line, each once whatever its case, without bare codes such as 04000000."""
    topics = (" ".join(name.split()) for name in names)
    return merged_names({"topics": (topic for topic in topics if topic and not topic.isdecimal())}).get("topics", ())


@cache
def label_table(file_name: str) -> dict[str, dict[str, str]]:
    """Facet to code to label, from a table of this folder with the columns facet, code, label."""
    table: dict[str, dict[str, str]] = {}
    text = files("searchapp.language").joinpath(file_name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    for facet, code, label in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        table.setdefault(facet, {})[code] = label
    return table


def _person(name: str) -> str:
    if _CODE.fullmatch(name) and not _DOTTED.fullmatch(name):
        return _person_of_code(re.split(r"[-_]", name))
    name = natural_order(name)
    letters = [c for c in name if c.isalpha()]
    if len(letters) > 3 and " " in name and all(c.isupper() for c in letters):
        return " ".join(_cased(word) for word in name.split())
    return name


def _full_words(words: list[str]) -> list[str]:
    """`words` without particles, initials and marks of a generation."""
    return [
        word
        for word in words
        if word.lower() not in _LOWER_PARTICLES | JOINED_PARTICLES
        and len(word.rstrip(".")) > 1
        and not _GENERATION.fullmatch(word)
    ]


def _person_of_code(words: list[str]) -> str:
    written: list[str] = []
    for index, word in enumerate(words):
        if index and written[-1] in JOINED_PARTICLES:
            # The article stays joined to the name after it: al-Sayyari.
            written[-1] += "-" + _cased(word)
        elif 0 < index < len(words) - 1 and word in JOINED_PARTICLES | _LOWER_PARTICLES:
            written.append(word)
        elif len(word) == 1 and word.isalpha() and len(words) > 1:
            # Initials stand together: J.K. Rowling.
            if written and re.fullmatch(r"(?:[^\W\d_]\.)+", written[-1]):
                written[-1] += word.upper() + "."
            else:
                written.append(word.upper() + ".")
        elif word in {"jr", "sr"} and index:
            written.append(word.capitalize())
        elif index and re.fullmatch(r"i{2,3}|iv", word):
            written.append(word.upper())
        else:
            written.append(_cased(word))
    label = " ".join(written)
    return label[0].upper() + label[1:]


def _cased(word: str) -> str:
    """One word of a name with its capitals: O'Neill, McDonald, Leigh-Pemberton."""
    if word.lower() in {"jr", "sr", "jr.", "sr."}:
        return word.capitalize()
    if re.fullmatch(r"(?:I{2,3}|IV|(?:[A-Z]\.)+)", word):
        return word
    parts = [part[:1].upper() + part[1:].lower() for part in re.split(r"(?<=[-'’.])", word)]
    cased = "".join(parts)
    cased = re.sub(r"(['’])S\b", r"\1s", cased)
    return re.sub(r"^Mc([a-z])(?=[a-z]{2})", lambda m: "Mc" + m[1].upper(), cased)


def _place(name: str) -> str:
    key = _key(name)
    known = label_table("labels.tsv")["places"].get(key) or _countries().get(key)
    if known:
        return known
    if len(name) == 3 and name.isascii() and name.isupper():
        return country_label(name) or name
    if _CODE.fullmatch(name) and not _DOTTED.fullmatch(name):
        return _title_of_code(name)
    letters = [c for c in name if c.isalpha()]
    if len(letters) > 3 and (all(c.isupper() for c in letters) or name.islower()):
        return _titled(name.lower().split(" "))
    return name


def _organisation(name: str) -> str:
    if " " in name and name.isupper() and sum(c.isalpha() for c in name) > 8:
        return _titled([_organisation_word(word) for word in name.split()])
    if not _CODE.fullmatch(name) or _DOTTED.fullmatch(name):
        return name
    known = label_table("labels.tsv")["organisations"].get(_key(name))
    if known:
        return known
    if len(name) <= 3 or (len(name) <= 5 and not re.search(r"[aeiouyà-ÿ]", name)):
        # Too short for a word, or nobody can pronounce it: an abbreviation such as ibm or hsbc.
        return name.upper()
    return _title_of_code(name)


def _organisation_word(word: str) -> str:
    lower = word.lower()
    if lower in SMALL_WORDS:
        return lower
    return word if len(word) <= 3 or lower in label_table("labels.tsv")["organisations"] else _cased(word)


def _title_of_code(code: str) -> str:
    return _titled(re.split(r"[-_]", code))


def _titled(words: list[str]) -> str:
    return " ".join(
        word if (index and word in SMALL_WORDS) or not word.islower() else _cased(word)
        for index, word in enumerate(words)
    )


def _key(name: str) -> str:
    """`name` squeezed into a code: lower case, no accents, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", folded(name).replace("'", "").replace("’", "")).strip("-")


def _iso_countries() -> Any:
    # Loading it takes as long as everything else here, and few files name countries by a code.
    import pycountry

    return pycountry.countries


@cache
def _countries() -> dict[str, str]:
    """Squeezed country names of ISO 3166, formal ones too, to the usual English name."""
    names: dict[str, str] = {}
    for country in _iso_countries():
        usual = _usual_name(country)
        for name in (country.name, getattr(country, "official_name", ""), usual):
            if name:
                names.setdefault(_key(name), usual)
    return names


def _usual_name(country: object) -> str:
    name: str = getattr(country, "common_name", "") or country.name  # type: ignore[attr-defined]
    name = name.partition(" (")[0] if name.endswith(")") else name
    known = label_table("labels.tsv")["places"].get(_key(name))
    if known:
        return known
    if "," in name and " and " not in name:
        # "Palestine, State of" is Palestine; "Bonaire, Sint Eustatius and Saba" is a list.
        return name.split(",")[0]
    return name
