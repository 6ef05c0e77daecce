"""A name as it stands in a text, cleaned and folded: what two spellings are compared by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

__all__ = [
    "FORMS",
    "GENERIC_ORGANISATION_WORDS",
    "LEGAL_SUFFIXES",
    "PARTICLES",
    "Form",
    "fold_name",
    "form_of",
    "place_key",
    "shown_form",
    "spelled",
    "words_of",
]

PARTICLES = frozenset(
    "al el ul bin ibn bint abu de da di do dos das del della der den van von la le du ter ten y e".split()
)
"""Small words inside names of people that a short form may leave out."""

LEGAL_SUFFIXES = frozenset(
    "inc incorporated corp corporation co company ltd limited llc plc lp llp sa nv ag se ab asa oyj spa gmbh bv bhd "
    "sdn "
    "pty pte pvt kk cos kgaa sarl oao pjsc ojsc jsc".split()
)
"""Closing words of a company's full name that everyday use leaves out."""

GENERIC_ORGANISATION_WORDS = frozenset(
    "agency army assembly association authority bank board bureau cabinet centre center chamber church club college "
    "commission committee company congress corporation council court department directorate federation force forces "
    "foundation front fund government group guard guards house hospital institute institution league legislature "
    "ministry movement museum navy office organisation organization parliament party police press school senate "
    "service "
    "services society station team times tribunal trust union university".split()
)
"""Words that say what an organisation is, not which one."""

_TITLES = frozenset(
    "mr mrs ms miss mx dr sir president vice-president premier chancellor minister secretary secretary-general senator "
    "sen rep representative congressman congresswoman governor gov mayor justice gen lieutenant lt colonel col maj "
    "captain capt sergeant sgt admiral adm commander archbishop rev reverend professor prof chairman chairwoman "
    "spokesman spokeswoman ambassador coach prime foreign defence defense finance interior former ex-president hon "
    "commissioner director-general prosecutor attorney-general lawmaker presidential acting deputy".split()
)
"""Words in front of a person's name that are no part of it. "Sultan", "King" or "Pope" can be: they stay."""

_OFFICES = frozenset({"u.n", "un", "u.s", "us", "eu", "e.u", "uk", "u.k", "nato"})
"""What can stand before a title: "U.N. Secretary-General"."""

_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_MOST_FORMS = 100_000
"""Forms of one kind that are kept; Reuters-21578 has 20,000 of organisations."""
_LONGEST_KEPT = 200
_EDGES = "\"'“”‘’«»[]{}<>,;:!?*_•·-–— \t\n"
_WORD = re.compile(r"(?:[^\W_]\.){2,}|[^\W_]+(?:['’&][^\W_]+)*\+?|&")
_JOINS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'"})
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "ə": "a"}
)


@dataclass(slots=True, eq=False)
class Form:
    """One spelling of a name; every mention spelled so shares it, and what was found out about it once."""

    shown: str
    """As written, without possessive, quotes, a leading "the" and (people) titles."""
    words: tuple[str, ...]
    """Folded words; hyphens part words."""
    key: str
    """The words, spaced: equal for spellings that differ in case, accents and signs alone."""
    capitals: bool
    """Whether every letter is a capital, and there are two or more."""
    title: str
    """The folded title in front of a person's name, or nothing."""
    place: str
    """The words as `place_key` has them."""
    nameable: bool | None = None
    """Whether it can name something at all; None until somebody asked."""
    label: str = ""
    """What an entity is called that has this form alone; empty until somebody asked."""


def fold_name(text: str) -> str:
    """`text` in lower case, without accents, with straight apostrophes."""
    lower = text.lower()
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFKD", lower.translate(_JOINS))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_UNDECOMPOSED)


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a name: "Côte d'Ivoire" gives cote, d'ivoire; "U.S." gives us."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return tuple(text.lower().split())
    words = _WORD.findall(fold_name(text))
    return tuple([word.replace(".", "").replace("'", "") if len(word) > 1 else word for word in words])


def form_of(surface: str, kind: str) -> Form:
    """The form of a stretch of text that names something of this kind."""
    return FORMS[kind][surface]


class _Forms(dict[str, Form]):
    """Stretch of text to form, for one kind; a missing one is made."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __missing__(self, surface: str) -> Form:
        form = _read(surface, self.kind)
        if len(self) >= _MOST_FORMS:
            self.clear()
        if len(surface) <= _LONGEST_KEPT:
            self[surface] = form
        return form


class _FormsByKind(dict[str, _Forms]):
    def __missing__(self, kind: str) -> _Forms:
        return self.setdefault(kind, _Forms(kind))


FORMS: Mapping[str, Mapping[str, Form]] = _FormsByKind()
"""Kind to stretch of text to form: `form_of` without the call, for what runs once per mention."""


def _read(surface: str, kind: str) -> Form:
    shown, title = _shown(surface, kind)
    words = words_of(shown)
    if shown.isascii():
        capitals = shown.isupper() and sum(map(str.isalpha, shown)) > 1
    else:
        letters = [c for c in shown if c.isalpha()]
        capitals = len(letters) > 1 and all(c.isupper() for c in letters)
    return Form(shown, words, " ".join(words) or shown.lower(), capitals, title, _as_place(words))


def shown_form(surface: str, kind: str) -> str:
    """`Form.shown` alone, in a fraction of the time."""
    return _shown(surface, kind)[0]


def _shown(surface: str, kind: str) -> tuple[str, str]:
    """What is shown of a stretch of text, and the folded title in front of it."""
    parts = surface.split()
    shown = " ".join(parts)
    # Most names are plain words: they have no quotes, brackets or possessive to lose.
    if not (shown.isascii() and "".join(parts).isalnum()):
        shown = _without_signs(shown)
    if kind == "person":
        return _without_titles(shown) if " " in shown else (shown, "")
    if shown[:4] in ("the ", "The ", "THE ") and len(shown) > 4 and shown.lower() != "the hague":
        return shown[4:], ""
    return shown, ""


def _without_signs(shown: str) -> str:
    shown = shown.strip(_EDGES)
    if "(" in shown or ")" in shown:
        for one, other in ("()", ")("):
            if (one in shown) != (other in shown):
                shown = shown.strip(one + " ")
    return _POSSESSIVE.sub("", shown) or shown if "'" in shown or "’" in shown else shown


def _without_titles(shown: str) -> tuple[str, str]:
    words = shown.split(" ")
    at = 0
    while at < len(words) - 1:
        word = words[at].lower().rstrip(".")
        if word not in _TITLES and not (word in _OFFICES and words[at + 1].lower() in _TITLES):
            break
        at += 1
    return (" ".join(words[at:]), words[at - 1].lower().rstrip(".")) if at else (shown, "")


_ABBREVIATED = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "s": "south", "n": "north"}


@lru_cache(maxsize=50_000)
def place_key(name: str) -> str:
    """What the names of places are looked up by: folded words, "St." written out, without a leading "the"."""
    return _as_place(words_of(name))


def _as_place(words: tuple[str, ...]) -> str:
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
