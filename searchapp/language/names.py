"""The words that names are made of: how a name is parted into words, and which of its words say little.

What two names are compared by. Whether two of them mean one person is for `searchapp.entities` to say.
"""

from __future__ import annotations

import re
from functools import lru_cache

from searchapp.language.fold import folded

__all__ = [
    "GENERATIONS",
    "GENERIC_ORGANISATION_WORDS",
    "JOINED_PARTICLES",
    "LEGAL_SUFFIXES",
    "OFFICES",
    "PARTICLES",
    "SHORT_TITLES",
    "SMALL_WORDS",
    "TITLES",
    "name_key",
    "place_key",
    "place_words",
    "spelled",
    "words_of",
]

PARTICLES = frozenset(
    "abu al bin bint da das de del della den der des di do dos du e el ibn la las le les los ten ter ul und van von y "
    "zu zum zur".split()
)
"""Small words inside names of people that a short form may leave out."""

JOINED_PARTICLES = frozenset({"al", "el", "ul"})
"""Those that are joined to the word after them: al-Sayyari."""

SMALL_WORDS = frozenset("and at by de del for in la of on the to und y".split())
"""What is written small inside the names of organisations and in headlines."""

LEGAL_SUFFIXES = frozenset(
    "inc incorporated corp corporation co company ltd limited llc plc lp llp sa nv ag se ab asa oyj spa gmbh bv bhd "
    "sdn pty pte pvt kk cos kgaa sarl oao pjsc ojsc jsc".split()
)
"""Closing words of a company's full name that everyday use leaves out."""

GENERIC_ORGANISATION_WORDS = frozenset(
    "agency army assembly association authority bank board bureau cabinet centre center chamber church club college "
    "commission committee company congress corporation council court department directorate federation force forces "
    "foundation front fund government group guard guards house hospital institute institution league legislature "
    "ministry movement museum navy office organisation organization parliament party police press school senate "
    "service services society station team times tribunal trust union university".split()
)
"""Words that say what an organisation is, not which one."""

GENERATIONS = frozenset({"jr", "sr", "junior", "senior", "ii", "iii", "iv"})
"""Closing words that tell father and son apart."""

SHORT_TITLES = frozenset("mr mrs ms miss dr prof sen rep gov gen col lt sgt rev sir".split())
"""How a person is addressed in short; the full stop apart."""

TITLES = SHORT_TITLES.union(
    "mx president vice-president premier chancellor minister secretary secretary-general senator representative "
    "congressman congresswoman governor mayor justice lieutenant colonel maj captain capt sergeant admiral adm "
    "commander archbishop reverend professor chairman chairwoman spokesman spokeswoman ambassador coach prime "
    "foreign defence defense finance interior former ex-president hon commissioner director-general prosecutor "
    "attorney-general lawmaker presidential acting deputy".split()
)
"""Words in front of a person's name that are no part of it. "Sultan", "King" or "Pope" can be: they stay."""

OFFICES = frozenset({"u.n", "un", "u.s", "us", "eu", "e.u", "uk", "u.k", "nato"})
"""What can stand before a title: "U.N. Secretary-General"."""

_WORD = re.compile(r"(?:[^\W_]\.){1,40}[^\W_](?:\.|(?![^\W_]))|[^\W_]+(?:['`&][^\W_]+)*\+?|&")


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a name: "Côte d'Ivoire" gives cote, d'ivoire; "U.S." gives us."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return tuple(text.lower().split())
    words = _WORD.findall(folded(text))
    return tuple([word.replace(".", "").replace("'", "").replace("`", "") if len(word) > 1 else word for word in words])


def name_key(text: str) -> str:
    """What is the same for names that differ in case, accents, hyphens and signs alone; empty for a blank text."""
    return " ".join(words_of(text)) or " ".join(folded(text).split())


_ABBREVIATED = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "s": "south", "n": "north"}


@lru_cache(maxsize=50_000)
def place_key(name: str) -> str:
    """What the names of places are looked up by: folded words, "St." written out, without a leading "the"."""
    return place_words(words_of(name))


def place_words(words: tuple[str, ...]) -> str:
    """`place_key` of a name that is parted into words already."""
    if len(words) < 2:
        return words[0] if words else ""
    if words[0] == "the":
        words = words[1:]
    return " ".join(words if _ABBREVIATED.keys().isdisjoint(words) else [_ABBREVIATED.get(w, w) for w in words])


_SPELLINGS = {
    "organization": "organisation", "organizations": "organisations", "center": "centre", "defense": "defence",
    "theater": "theatre", "program": "programme", "incorporated": "inc", "corporation": "corp",
    "company": "co", "companies": "cos", "limited": "ltd", "dept": "department", "assn": "association",
    "univ": "university", "intl": "international", "natl": "national", "govt": "government", "bros": "brothers",
    "&": "and",
}  # fmt: skip
_SPELLED = frozenset(_SPELLINGS)


def spelled(words: tuple[str, ...]) -> tuple[str, ...]:
    """The folded words of an organisation in one spelling: "center" as "centre", "corporation" as "corp"."""
    return words if _SPELLED.isdisjoint(words) else tuple(_SPELLINGS.get(word, word) for word in words)
