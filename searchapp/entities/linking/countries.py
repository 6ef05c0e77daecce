"""Whose a public body is that an article names without its country: in a report from Nairobi, Kenya's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from searchapp.entities.linking.groups import Group
from searchapp.entities.linking.public_bodies import public_body
from searchapp.entities.places.gazetteer import Place, country_code_of, country_name, country_of_demonym, readings
from searchapp.entities.recognising.base import Span
from searchapp.language.names import place_key

__all__ = ["join_public_bodies", "name_countries"]

_LOOKED_AT = 40
_MOST_MENTIONS = 50
"""Mentions of one body that are looked at."""
_SHARE = 0.6
"""Of the article's mentions of places, those of one country, for its bodies to be meant."""
_LEAST = 2
_OF_DATELINE, _ASSIGNED = 3, 2
"""What the place of the dateline and one that the file gives count as, in mentions."""
_BEFORE = re.compile(r"(?<!\w)(?:([A-Z][\w.]{1,20}) )?([A-Z][\w.]{1,20}?)(?:['’]s?)? \Z")
_BEHIND = re.compile(r" (?:of|in) (?:the )?([A-Z][\w.]{1,20}(?: [A-Z][\w.]{1,20})?)")


def join_public_bodies(organisations: Sequence[Group]) -> None:
    """Joins other words for one body: "Government of India" and "Indian Government", "Finance Ministry" and its like.

    One that is named without a country joins the one of that kind whose country the article says, where it is one.
    """
    bodies: dict[str, dict[str, list[Group]]] = {}
    for group in organisations:
        body = public_body(group.form.shown)
        if body is not None:
            bodies.setdefault(body.kind, {}).setdefault(body.country, []).append(group)
    for by_country in bodies.values():
        for same in by_country.values():
            for group in same[1:]:
                group.join(same[0])
        if len(by_country) == 2 and "" in by_country:
            bare = by_country.pop("")
            ((first, *_),) = by_country.values()
            bare[0].join(first)


def name_countries(
    text: str,
    spans: Sequence[Span],
    owners: Sequence[Group],
    places: Iterable[Group],
    meant: Mapping[int, Place],
    *,
    assigned: Sequence[str] = (),
    dateline: str = "",
) -> dict[int, str]:
    """For public bodies that are named without a country, by the identity of their group, the code of the country.

    What stands next to a mention decides ("Kenya's Parliament"), else the country that most of the article's places are
    in, if there is such a one.
    """
    wanted: dict[int, Group] = {}
    for group in dict.fromkeys(owners):
        root = group.root
        if root.kind == "organisation" and id(root) not in wanted and not root.among:
            body = public_body(root.spelling)
            if body is not None and not body.country and body.alone:
                wanted[id(root)] = root
    if not wanted:
        return {}
    said: dict[int, Counter[str]] = {}
    looked_at: Counter[int] = Counter()
    for span, owner in zip(spans, owners, strict=True):
        key = id(owner.root)
        if key in wanted and looked_at[key] < _MOST_MENTIONS:
            looked_at[key] += 1
            code = _beside(text, span)
            if code:
                said.setdefault(key, Counter())[code] += 1
    main = _country_of_article(places, meant, assigned, dateline)
    found: dict[int, str] = {}
    for key in wanted:
        own = said.get(key)
        code = min(own, key=lambda one: (-own[one], one)) if own else main
        if code:
            found[key] = code
    return found


def _beside(text: str, span: Span) -> str:
    """The code of the country that is named right before or behind a mention; empty for none."""
    match = _BEFORE.search(text, max(0, span.start - _LOOKED_AT), span.start)
    if match:
        for words in (f"{match[1]} {match[2]}", match[2]) if match[1] else (match[2],):
            code = _code(words)
            if code:
                return code
    match = _BEHIND.match(text, span.end, span.end + _LOOKED_AT)
    if match:
        words = match[1]
        return _code(words) or _code(words.split(" ")[0])
    return ""


def _code(name: str) -> str:
    key = place_key(name)
    people = country_of_demonym(key)
    return country_code_of(key) or (country_code_of(place_key(people)) if people else "")


def _country_of_article(
    places: Iterable[Group], meant: Mapping[int, Place], assigned: Sequence[str], dateline: str
) -> str:
    counts: Counter[str] = Counter()
    for group in places:
        counts[_country_of(meant.get(id(group)), group.form.place)] += group.count
    for name in assigned:
        counts[_country_of(None, place_key(name))] += _ASSIGNED
    if dateline:
        counts[_country_of(None, place_key(dateline.split(",")[0].split("(")[0]))] += _OF_DATELINE
    counts.pop("", None)
    if not counts:
        return ""
    best = min(counts, key=lambda code: (-counts[code], code))
    return best if counts[best] >= max(_LEAST, _SHARE * counts.total()) else ""


def _country_of(place: Place | None, key: str) -> str:
    if place is None:
        found = readings(key)
        place = found[0] if found else None
    if place is None or not place.country_code:
        return ""
    return place.country_code if _is_today(place.country_code) else ""


def _is_today(code: str) -> bool:
    try:
        return bool(country_name(code))
    except KeyError:
        return False
