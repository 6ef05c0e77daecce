"""The label that a reader would choose for an entity, and the kind of name that it is."""

from __future__ import annotations

from collections.abc import Mapping

from searchapp.entities.archive_names.rules.keys import Node
from searchapp.entities.linking.bodies import known_body
from searchapp.entities.linking.organisations import is_acronym
from searchapp.entities.linking.public_bodies import of_country, public_body, without_country
from searchapp.entities.places.gazetteer import place_of
from searchapp.language.names import words_of

__all__ = ["best_label", "body_label", "moved_names"]

_MOVES = 10
"""A label counts under the kind that has so many times more articles with it; a third of that when it is well known."""
_COMMON = 0.5
"""A longer form is the label when it has at least this share of the articles of the most frequent one."""


def best_label(kind: str, counts: Mapping[str, int]) -> str:
    """The form that a reader would choose among the labels of one entity, which have these numbers of articles."""
    if len(counts) == 1:
        return next(iter(counts))
    if kind == "organisation":
        counts = {name: count for name, count in counts.items() if not is_acronym(name)} or counts
    if kind == "person":
        counts = {name: count for name, count in counts.items() if _given_names(name)} or counts
    if len(counts) == 1:
        return next(iter(counts))
    counts = {name: count for name, count in counts.items() if not name.isupper()} or counts
    top = max(counts.values())
    common = [name for name in counts if counts[name] >= top * _COMMON]
    if kind != "person":
        common = [name for name in common if counts[name] == top]
    return max(common, key=lambda name: (_given_names(name), counts[name], not name.isascii(), "'" in name, name))


def _given_names(name: str) -> int:
    """How many words of a name, the last apart, are more than initials."""
    return sum(len(word) > 1 for word in words_of(name)[:-1])


def body_label(counts: Mapping[str, int], *, several: bool) -> str:
    """What a public body is called; with its country where the archive has such bodies of several countries."""
    said = {label: count for label, count in counts.items() if without_country(label) == label and _country(label)}
    if said:
        return best_label("organisation", said)
    bare: dict[str, int] = {}
    for label, count in counts.items():
        name = without_country(label)
        bare[name] = bare.get(name, 0) + count
    name = best_label("organisation", bare)
    countries = filter(None, map(_country, sorted(counts)))
    return of_country(name, country) if several and (country := next(countries, "")) else name


def _country(label: str) -> str:
    body = public_body(label)
    return body.country if body else ""


def moved_names(totals: Mapping[Node, int]) -> dict[Node, Node]:
    """Names that count under another kind, to where, among those that are the same when folded."""
    if len({kind for kind, _ in totals}) < 2:
        return {}
    first = max(totals, key=lambda node: (totals[node], node))
    factor = _MOVES / 3 if _well_known(first) or " " in first[1] else _MOVES
    return {node: first for node in totals if node[0] != first[0] and totals[node] * factor <= totals[first]}


def _well_known(node: Node) -> bool:
    if node[0] == "place":
        place = place_of(node[1])
        return place is not None and place.kind == "country"
    return node[0] == "organisation" and known_body(node[1]) is not None
