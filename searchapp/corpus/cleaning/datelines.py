"""Datelines: the place, day and agency that open a wire-service article."""

from __future__ import annotations

import re
from dataclasses import dataclass

from searchapp.corpus.cleaning.prose import clean_line
from searchapp.language.agencies import agencies_in_line, is_agency
from searchapp.language.calendar import MONTH, MONTHS

__all__ = ["Dateline", "parse_dateline", "place_label"]

_MONTH = rf"(?:{MONTH})"
_SHAPE = re.compile(
    rf"""
    \s*+
    (?P<place>[^\W\d_][^()\n—–:;"“”|?!]{{1,70}}?)??
    (?:(?:(?<!\S)|[,.]?\s{{1,9}})
       (?:(?P<month>{_MONTH})\b\.?\s{{0,9}}(?P<day>\d{{1,2}})|(?P<day2>\d{{1,2}})\s{{1,9}}(?P<month2>{_MONTH})\b\.?)
       (?:,?\s{{1,9}}(?P<year>\d{{4}}))?)?
    (?:
        (?P<credit>[.,]?\s{{0,9}}(?:\((?P<agency>[^()\n]{{2,60}})\)|/(?P<slashed>[A-Z][\w -]{{1,30}})/)[.:]?)
        \s{{0,9}}(?P<dash>-{{2,}}+|[—–―-])?
      | \s{{0,9}}(?P<plain_dash>-{{2,}}+|[—–―]|-(?=\s)|:(?=\s))
    )\s*+
    (?:(?P<day3>\d{{1,2}})\s{{1,9}}(?P<month3>{_MONTH})\s{{1,9}}(?P<year3>\d{{4}})\s{{0,9}}[:—–-]\s++)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    "of de la le el al del des du da do dos das di am an der den on upon the and y e und les sur in au aux".split()
)
_NO_PLACE = frozenset(
    "analysis exclusive update updated opinion breaking explainer factbox timeline review watch video live interview"
    " comment commentary editorial note correction corrected advisory sponsored news report reports wrap feature photos"
    " photo gallery podcast newsletter column letter letters obituary profile insight focus special brief briefs alert"
    " today summary sports business politics world markets file refile rpt recasts table poll preview recap"
    " transcript".split()
)
_NO_START = frozenset("in at on the a an and of for with by from to".split())
_FULL_STOP = re.compile(r"(?<![A-Z])(?<!\bSt)\.$")
_ABBREVIATED = re.compile(r"(?:[A-Z]\.)+|US|USA|UK|UAE|UN|EU|DC")
_SEVERAL = re.compile(r"(/|(?<!\s)\s++(?:and|AND)\s+)")
_STATE_CODE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a dateline says; an empty text or None where it does not say."""

    place: str
    """In usual letters: "Yerevan, Armenia"."""
    month: int | None
    day: int | None
    year: int | None
    agency: str
    end: int
    """Where the article's own words begin."""


def parse_dateline(text: str) -> Dateline | None:
    """The dateline that `text` opens with, such as `KYIV, Feb 26 (Reuters) -` or `WASHINGTON (AP) —`; None without.

    A place alone must be in capitals, or be followed by a dash and a capital letter.
    """
    match = _SHAPE.match(text)
    if not match:
        return None
    dash = match["dash"] or match["plain_dash"] or ""
    place = _FULL_STOP.sub("", clean_line(match["place"] or "").rstrip(", "))
    agency = clean_line(match["agency"] or match["slashed"] or "")
    month = match["month"] or match["month2"] or match["month3"]
    # After a place and a day, brackets hold the agency, whoever it is.
    signed = bool(month) and len(agency.split()) <= 4 and agency[:1].isupper()
    known = bool(agency) and (signed or is_agency(agency))
    if not dash and not (match["slashed"] and known):
        return None
    if not place and not (known or (month and agency)):
        return None
    if place and not _is_place(place, dated=bool(month), agency=known, after=text[match.end() :], dash=dash):
        return None
    if agency and not known and not month and not _capitals(place):
        return None
    day, year = match["day"] or match["day2"] or match["day3"], match["year"] or match["year3"]
    return Dateline(
        place=place_label(place),
        month=MONTHS[month.lower()] if month else None,
        day=int(day) if day else None,
        year=int(year) if year else None,
        agency=agency if known else "",
        end=match.end(),
    )


def place_label(place: str) -> str:
    """A dateline's place in usual letters: "NEW YORK" gives "New York", "YEREVAN, Armenia" "Yerevan, Armenia"."""
    city, *regions = re.split(r",\s*", place.strip())
    kept = (region if _STATE_CODE.fullmatch(region) else _label(region) for region in regions)
    return ", ".join(
        ("".join(name if _SEVERAL.fullmatch(name) else _label(name) for name in _SEVERAL.split(city)), *kept)
    )


def _label(name: str) -> str:
    words = name.split()
    if not words or not _capitals(name) or _ABBREVIATED.fullmatch(name):
        return " ".join(words)
    return " ".join(
        word.lower()
        if index and word.lower() in _SMALL_WORDS
        else word
        if _ABBREVIATED.fullmatch(word)
        else _capitalised(word, inside=index > 0)
        for index, word in enumerate(words)
    )


def _capitalised(word: str, *, inside: bool) -> str:
    # "N'DJAMENA" is N'Djamena, "PORT-AU-PRINCE" Port-au-Prince, "SHARM EL-SHEIKH" Sharm el-Sheikh.
    parts = re.split("(['’-])", word.lower())
    small = (part in _SMALL_WORDS and (inside or index > 0) for index, part in enumerate(parts))
    return "".join(part if keeps else part.capitalize() for part, keeps in zip(parts, small, strict=True))


def _is_place(place: str, *, dated: bool, agency: bool, after: str, dash: str) -> bool:
    words = re.split(r"[\s,/]+", place)
    if len(words) > 7 or any(word.lower().strip(".") in _NO_PLACE for word in words[:2]):
        return False
    for word in words:
        if not word[:1].isupper() and word.lower() not in _SMALL_WORDS and not word.startswith(("'", "’", "al-")):
            return False
    if not words[0][:1].isupper() or words[0].lower() in _NO_START or agencies_in_line(place):
        return False
    city = re.split(r"[,/]", place)[0]
    if _capitals(city):
        # "IMF — ..." is no place; towns of three letters come with a day or an agency.
        return dated or agency or (len(city) > 3 and len(city.split()) <= (2 if dash == ":" else 3))
    if dated or agency:
        return dash != ":" or dated
    # "Pretoria – A man ...": no name of a person or thing is cut off from its sentence like this.
    return dash not in ("", ":") and len(words) <= 4 and (after[:1].isupper() or after[:1] in '“"‘')


def _capitals(text: str) -> bool:
    return text.isupper() and sum(character.isalpha() for character in text) > 1
