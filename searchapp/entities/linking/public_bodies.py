"""Public bodies that every country has, such as a parliament or a finance ministry: which one, and whose it is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from searchapp.entities.places.gazetteer import country_code_of, country_name, country_of_demonym
from searchapp.language.names import place_words, spelled, words_of

__all__ = ["PublicBody", "of_country", "public_body", "without_country"]

_BODIES = frozenset(
    "parliament|senate|congress|house|house of representatives|lower house|upper house|national assembly|"
    "federal assembly|constituent assembly|legislative assembly|government|administration|cabinet|council of ministers|"
    "navy|army|air force|coast guard|armed forces|marine corps|national guard|supreme court|high court|"
    "constitutional court|federal court|court of appeal|appeals court|central bank|reserve bank|treasury|"
    "foreign office|home office|election commission|electoral commission|human rights commission|embassy|"
    "chamber of deputies|planning commission|national bank|customs service|secret service|weather service|"
    "national weather service|postal service|central statistical office|statistics office".split("|")
)
_ALONE = _BODIES - {"administration", "embassy", "national bank", "marine corps", "federal court"}
"""Those that are meant when nothing is said beside them."""
_DEPARTMENTS = frozenset(
    "agriculture|commerce|defence|education|energy|justice|labour|labor|trade|transport|transportation|treasury|"
    "interior|health|housing|housing and urban development|homeland security|veterans affairs|"
    "health and human services|foreign affairs|environment|finance".split("|")
)
_SAME = {
    "foreign affairs": "foreign", "labor": "labour", "the interior": "interior", "defence forces": "defence",
}  # fmt: skip
_LONG = {"house": "house of representatives"}
_LONGEST_TOPIC = 8
_BRACKET = re.compile(r" \(([^()]{2,60})\)\Z")


class PublicBody(NamedTuple):
    """What kind of body a name means, and of which country."""

    kind: str
    """The same for all its names: "finance ministry" for the Ministry of Finance too."""
    country: str
    """Code of the country that the name says; empty where it says none."""
    alone: bool
    """Whether the name without a country can mean the body of the country that an article is about."""


@lru_cache(maxsize=100_000)
def public_body(shown: str) -> PublicBody | None:
    """The body that a name means: "Indian Government", "Ministry of the Interior", "Parliament (Kenya)".

    None for every other name.
    """
    bracket = _BRACKET.search(shown)
    if bracket:
        code = country_code_of(place_words(words_of(bracket[1])))
        inner = public_body(shown[: bracket.start()])
        return _body(inner.kind, code) if code and inner and not inner.country else None
    words = spelled(words_of(shown))
    kind = _kind(words)
    if kind:
        return PublicBody(kind, "", kind in _ALONE or kind.endswith((" ministry", " department")))
    for size in (1, 2, 3):
        code = _of_people_or_country(words[:size])
        kind = _kind(words[size:]) if code else ""
        if kind:
            return _body(kind, code)
    for size in (1, 2, 3, 4):
        if len(words) > size + 1 and words[-size - 1] in ("of", "for"):
            code = country_code_of(place_words(words[-size:]))
            kind = _kind(words[: -size - 1]) if code else ""
        elif len(words) > size + 2 and words[-size - 2 : -size] == ("of", "the"):
            code = country_code_of(place_words(words[-size:]))
            kind = _kind(words[: -size - 2]) if code else ""
        else:
            continue
        if kind:
            return _body(kind, code)
    return None


def _body(kind: str, code: str) -> PublicBody:
    # "The House" is one of two in Washington, and the only one of that name elsewhere.
    return PublicBody(_LONG[kind] if code == "US" and kind in _LONG else kind, code, alone=True)


def of_country(shown: str, code: str) -> str:
    """The name of a body with its country: "Parliament (Kenya)"."""
    return f"{shown} ({country_name(code)})"


def without_country(label: str) -> str:
    """The label without a country in brackets behind it."""
    return _BRACKET.sub("", label)


def _of_people_or_country(words: tuple[str, ...]) -> str:
    key = place_words(words)
    return country_code_of(key) or country_code_of(place_words(words_of(country_of_demonym(key))))


def _kind(words: tuple[str, ...]) -> str:
    """The kind of body that words without a country mean; empty for none."""
    joined = " ".join(words)
    if joined in _BODIES:
        return joined
    if len(words) < 2 or len(words) > _LONGEST_TOPIC:
        return ""
    if words[-1] in ("ministry", "department"):
        head, topic = words[-1], " ".join(words[:-1])
    elif words[0] in ("ministry", "department") and words[1] in ("of", "for") and len(words) > 2:
        head, topic = words[0], " ".join(words[2:])
    else:
        return ""
    topic = _SAME.get(topic, topic.removeprefix("the "))
    topic = _SAME.get(topic, topic)
    if head == "department" and topic not in _DEPARTMENTS:
        return ""
    if topic in ("prime", "new", "old") or " of " in f" {topic} ":
        return ""
    return f"{topic} {head}"
