"""Within one article: which names name the same entity, of what kind, and how it is called in full."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from searchapp.entities.linking.bodies import known_body
from searchapp.entities.linking.countries import join_public_bodies, name_countries
from searchapp.entities.linking.forms import Form, form_of
from searchapp.entities.linking.given_names import known_given_names
from searchapp.entities.linking.groups import IN_TITLE, Group, group_spans
from searchapp.entities.linking.namesakes import meant_places
from searchapp.entities.linking.organisations import base_words, is_acronym, join_organisations, owned_by
from searchapp.entities.linking.people import join_people
from searchapp.entities.linking.places import join_places
from searchapp.entities.linking.public_bodies import of_country, public_body
from searchapp.entities.places.gazetteer import Place, is_demonym, readings, usual_name
from searchapp.entities.recognising.base import Span
from searchapp.language.names import GENERIC_ORGANISATION_WORDS, LEGAL_SUFFIXES
from searchapp.model.article import KIND_OF_FACET

__all__ = ["link"]

_LONGEST_ALIAS_GAP = 60
_BRACKET = re.compile(r"(?:,? [a-z]+){0,2} ?[(\[](?:the )?[\"'“‘]?")
_WHEN = "formerly|originally|previously|initially|later|now|also|commonly|sometimes|often|simply"
_ALIAS = re.compile(
    r"[ ,;([\"“”'‘’–—-]*"
    rf"(?:(?:{_WHEN}|who|which|he|she|it|but|and|is|was|are|were|has been|had been|widely|better|best|more|popularly|"
    r"locally|usually|otherwise|once|then) )*"
    r"(?:known(?: \w+){0,5} (?:as|name)|nicknamed|a\.?k\.?a\.?|alias|née|nee|formerly|previously|abbreviated(?: as)?|"
    rf"(?:{_WHEN}|is|was|are|were|since) "
    r"(?:called|named|renamed|spelt|spelled|translated|designated|rebranded|referred to)(?: as)?|or simply|or just)"
    r",? (?:by (?:his|her|its|their)(?: \w+){1,3},? )?(?:simply )?(?:as )?(?:the )?[\"“‘'(]? ?"
    r"| is (?:a|an|the)(?: \w+){0,2} (?:name|nickname|abbreviation|acronym) (?:for|of) (?:the )?(?:(?:city|town) of )?"
    r"| ?[(\[] ?,?(?:or|also|now|then|formerly|later|originally|born) (?:the )?[\"“‘']?"
)
"""What stands between two names of one entity: ", also known as the ", " (formerly "."""

_GENERIC_PLACES = frozenset({"bank", "union", "times", "board"})
"""Words for what a body is that are towns too."""
_CLOSING = frozenset([")", "]", ",", ";", "”", '"', "’", "'"])


def link(
    text: str,
    spans: Sequence[Span],
    *,
    body_start: int = 0,
    assigned: Mapping[str, Sequence[str]] | None = None,
    forms: Sequence[Form] | None = None,
    dateline: str = "",
) -> list[tuple[str, str]]:
    """Kind and label of every span; spans with one kind and label name one entity. A label is empty where a word that
    says what a body is ("Commission") stands for none that the article names.

    `spans` are in reading order and never overlap; what stands before `body_start` is the title, where short forms
    come before full ones. `assigned` maps facets to names that the file itself gives: they can complete a short form.
    `forms` has the form of each span, where that is known already.
    """
    if not spans:
        return []
    if forms is None:
        forms = [form_of(text[span.start : span.end], span.kind) for span in spans]
    groups, owners = group_spans(text, spans, forms, body_start=body_start)
    if assigned:
        _add_assigned(groups, assigned)
    if len(owners) > 1:
        _join_aliases(text, spans, owners)
    _settle_short_firms(groups)
    people = [group for group in groups if group.kind == "person"]
    places = [group for group in groups if group.kind == "place"]
    organisations = [group for group in groups if group.kind == "organisation"]
    meant: dict[int, Place] = {}
    if len(people) > 1:
        join_people(people)
    if len(organisations) > 1:
        join_organisations(organisations, stands_alone=_stands_alone)
        join_public_bodies(organisations)
    if places:
        meant = meant_places(text, spans, owners, places)
        if len(places) > 1:
            join_places(places, meant)
    _label_roots(groups, meant)
    if organisations:
        given = (assigned or {}).get("places", ())
        countries = name_countries(text, spans, owners, places, meant, assigned=given, dateline=dateline)
        for group in organisations:
            if id(group) in countries:
                group.label = of_country(group.label, countries[id(group)])
            elif group.into is None and _says_nothing(group):
                group.label = ""
    if any(group.among for group in organisations):
        return _followed(owners)
    roots = [owner if owner.into is None else owner.root for owner in owners]
    return [(root.kind, root.label) for root in roots]


def _settle_short_firms(groups: Sequence[Group]) -> None:
    """Makes organisations of what was taken for people or places and is the first word of a company's name.

    "Moody" is Moody's Investors Service, and "the Bank" the Bank of Karelia, where nobody in the article is called so.
    """
    doubtful = [group for group in groups if group.kind != "organisation" and len(group.words) == 1]
    if not doubtful:
        return
    firms: dict[str, list[Group]] = {}
    for group in groups:
        if group.kind == "organisation" and len(group.words) > 1:
            firms.setdefault(group.words[0], []).append(group)
    if not firms:
        return
    borne = {word for group in groups if group.kind == "person" and len(group.words) > 1 for word in group.words}
    for group in doubtful:
        word = group.words[0]
        if word in borne or group.form.title or known_given_names(word):
            continue
        fits = [firm for firm in firms.get(word, ()) if _is_company(firm) or word in GENERIC_ORGANISATION_WORDS]
        fits += [firm for firm in firms.get(word + "s", ()) if owned_by(firm, word)]
        if fits and not (group.kind == "place" and readings(group.form.place) and word not in _GENERIC_PLACES):
            group.kind = "organisation"
            group.form = form_of(group.form.shown, "organisation")


def _is_company(group: Group) -> bool:
    return len(base_words(group.words)) < len(group.words)


def _says_nothing(group: Group) -> bool:
    """Whether a name is but a word for what a body is, and no body that a country has one of."""
    words = group.words
    return len(words) == 1 and words[0] in GENERIC_ORGANISATION_WORDS and public_body(group.form.shown) is None


def _add_assigned(groups: list[Group], assigned: Mapping[str, Sequence[str]]) -> None:
    known = {(group.form.key, group.kind) for group in groups}
    for facet, names in assigned.items():
        kind = KIND_OF_FACET[facet]
        for name in names:
            form = form_of(name, kind)
            if (form.key, kind) not in known:
                groups.append(Group(kind, form, form.words, 2 * IN_TITLE, spellings={form.shown: 1}))


def _join_aliases(text: str, spans: Sequence[Span], owners: Sequence[Group]) -> None:
    """Joins what the text itself says is one: "International Monetary Fund (IMF)", "Dagalo, known as Hemedti"."""
    end = spans[0].end
    for position in range(1, len(spans)):
        before, span = end, spans[position]
        end = span.end
        gap = span.start - before
        if gap < 2 or gap > _LONGEST_ALIAS_GAP:
            continue
        short, full = owners[position], owners[position - 1]
        if short is full or ("person" in (short.kind, full.kind) and short.kind != full.kind):
            continue
        if gap < 9 and short.kind == full.kind and text[before : span.start].strip(" (),") == "or":
            if _is_variant(short, full) or (is_acronym(short.form.shown) and len(full.words) > 2):
                short.join(full)
        elif gap > 4 and short.kind == full.kind and _ALIAS.fullmatch(text, before, span.start):
            short.join(full)
        elif gap < 25 and short.kind != "person" and _BRACKET.fullmatch(text, before, span.start):
            closed = text[end : end + 1] in _CLOSING
            if closed and _same_in_brackets(full, short):
                short.kind = full.kind
                short.join(full)


def _is_variant(one: Group, other: Group) -> bool:
    """Whether "one or other" can be two spellings of one name rather than two entities."""
    if one.kind == "place" and readings(one.form.place) and readings(other.form.place):
        return False
    return one.form.key[:3] == other.form.key[:3] and SequenceMatcher(None, one.form.key, other.form.key).ratio() >= 0.6


def _same_in_brackets(before: Group, inside: Group) -> bool:
    """Whether "before (inside)" is one name twice: an acronym and what it stands for, or two names of a landmark."""
    if before.kind == inside.kind == "place":
        return not readings(before.form.place) and not readings(inside.form.place)
    if inside.form.key in LEGAL_SUFFIXES:
        return False
    acronym = is_acronym(before.form.shown), is_acronym(inside.form.shown)
    several = len(before.words) > 1, len(inside.words) > 1
    return (acronym[1] and several[0]) or (acronym[0] and several[1] and before.kind == inside.kind)


def _stands_alone(group: Group) -> bool:
    """Whether a name is a known body or country, and so no short form of something longer."""
    form = group.form
    if known_body(form.shown) is not None or is_demonym(form.place):
        return True
    found = readings(form.place)
    return bool(found) and found[0].kind != "city"


def _label_roots(groups: Sequence[Group], meant: Mapping[int, Place]) -> None:
    members: dict[int, list[Group]] = {}
    for group in groups:
        if group.into is not None:
            members.setdefault(id(group.root), []).append(group)
    for group in groups:
        if group.into is not None:
            continue
        if len(group.spellings) == 1 and id(group) not in members and id(group) not in meant:
            # Nearly all are like this.
            form = group.form
            if not form.label:
                form.label = _usual_label(form.shown, group.kind)
            group.label = form.label
            continue
        forms = [group, *members.get(id(group), ())]
        places = [meant[id(form)] for form in forms if id(form) in meant]
        if places:
            group.label = places[0].label
        else:
            best = forms[0] if len(forms) == 1 else max(forms, key=_fullness)
            group.label = _usual_label(best.spelling, best.kind)


def _usual_label(spelling: str, kind: str) -> str:
    if kind == "place":
        return usual_name(spelling)
    if kind == "organisation":
        return known_body(spelling) or spelling
    return spelling


def _fullness(group: Group) -> tuple[bool, bool, int, int, int]:
    of_people = group.kind == "place" and len(group.words) > 1 and is_demonym(group.words[0])
    # "Armenian Karabakh" tells whose it is; what is called so alone, such as French Guiana, has no other form.
    return not of_people, not is_acronym(group.form.shown), len(group.words), group.count, -group.first


def _followed(owners: Sequence[Group]) -> list[tuple[str, str]]:
    """Kind and label of each mention, where some can be short for one of several names."""
    latest: dict[int, int] = {}
    found: list[tuple[str, str]] = []
    for position, owner in enumerate(owners):
        root = owner.root
        if root.among:
            root = _nearest(root.among, latest)
        latest[id(root)] = position
        found.append((root.kind, root.label))
    return found


def _nearest(among: Sequence[Group], latest: Mapping[int, int]) -> Group:
    """The one of `among` named last so far, or else the one that is named first in the article."""
    roots = [group.root for group in among]
    return max(roots, key=lambda group: (latest.get(id(group), -1), -group.first))
