"""Which labels of an archive name one entity, and the label that a reader would choose for it.

Every answer follows from the numbers of articles that have each label and each short form, and from nothing else: the
same files give the same labels in whatever order they were indexed. When articles are added the whole is computed
anew from the engine's columns, no text is read again: 100,000 labels take about a second.

What joins labels, by kind:

- all: the same words but for case, accents, hyphens and signs.
- places: the gazetteers know both as names of one place. A country has its usual English name.
- organisations: spelling ("Organization"), a legal suffix ("Inc"), well-known bodies, an acronym that articles of this
  archive write out (at least nine times in ten as this name; twice or more when it has but three letters), a first part
  of the name that at least three articles use for it and for nothing else.
- people: initials, middle names and spelling variants ("Zelenskiy") when nobody else of that surname is in the
  archive, or when an article uses both for one person. A bare surname, in articles that never say more, joins a full
  name only if at least three articles use it as that person's short form, 95 of 100 such articles mean that person,
  and everybody else with the name has a tenth of the person's articles or less. So "Trump" becomes "Donald Trump" in a
  news archive, and "Kim" stays "Kim".

A label that nearly all articles have under another kind moves there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from searchapp.entities.archive_names.across import join_organisations, join_people, join_places
from searchapp.entities.archive_names.evidence import Clusters, Join, Node, read_evidence
from searchapp.entities.linking.bodies import known_body
from searchapp.entities.linking.organisations import is_acronym
from searchapp.entities.places.gazetteer import place_of
from searchapp.language.names import words_of
from searchapp.model.article import FACET_OF_KIND
from searchapp.model.names import Relabelling

__all__ = ["EVIDENCE_COLUMNS", "ArchiveNames", "canonical_names"]

EVIDENCE_COLUMNS = (*FACET_OF_KIND.values(), "forms")
"""The columns of an engine whose labels `canonical_names` takes."""

_MOVES = 10
"""A label counts under the kind that has so many times more articles with it; a third of that when it is well known."""
_COMMON = 0.5
"""A longer form is the label when it has at least this share of the articles of the most frequent one."""


@dataclass(frozen=True, slots=True)
class ArchiveNames:
    """The names of an archive, and how they came about."""

    relabelling: Relabelling
    joins: Mapping[Node, Join]
    """Kind and label as written to why it counts under another one."""


def canonical_names(labels: Mapping[str, Mapping[str, int]]) -> ArchiveNames:
    """The names of an archive whose columns hold these labels, each with its number of articles.

    `labels` has the columns of `EVIDENCE_COLUMNS`; a missing one is empty.
    """
    evidence = read_evidence(labels)
    clusters = Clusters()
    join_places(evidence, clusters)
    join_organisations(evidence, clusters)
    join_people(evidence, clusters)
    shown: dict[Node, Node] = {}
    totals = dict(evidence.counts)
    for root, members in clusters.members().items():
        kind = root[0]
        usual = next((clusters.fixed[node] for node in members if node in clusters.fixed), "")
        label = (kind, usual or _label(kind, {name: evidence.counts[kind, name] for _, name in members}))
        for node in members:
            shown[node] = label
        total = sum(totals.pop(node) for node in members)
        totals[label] = total
    for node, usual in clusters.fixed.items():
        if node not in shown and usual != node[1]:
            shown[node] = (node[0], usual)
            totals[node[0], usual] = totals.pop(node)
    joins = dict(clusters.joins)
    moved = _moved(totals)
    for node in evidence.counts:
        target = shown.get(node, node)
        if target in moved:
            shown[node] = moved[target]
            joins.setdefault(node, Join(moved[target], f"{_a(moved[target][0])} in nearly all articles"))
        elif target != node:
            joins.setdefault(node, Join(target, "written so in most articles"))
    changes: dict[tuple[str, str], tuple[str, str] | None] = {
        (FACET_OF_KIND[node[0]], node[1]): (FACET_OF_KIND[to[0]], to[1]) for node, to in shown.items() if node != to
    }
    return ArchiveNames(Relabelling(_version(changes), changes), joins)


def _label(kind: str, counts: Mapping[str, int]) -> str:
    """The form that a reader would choose among the labels of one entity, which have these numbers of articles."""
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


def _moved(totals: Mapping[Node, int]) -> dict[Node, Node]:
    """Labels that count under another kind, to where."""
    by_key: dict[str, list[Node]] = {}
    for node in totals:
        by_key.setdefault(node[1].casefold(), []).append(node)
    moved: dict[Node, Node] = {}
    for nodes in by_key.values():
        if len(nodes) < 2 or len({kind for kind, _ in nodes}) < 2:
            continue
        first = max(nodes, key=lambda node: (totals[node], node))
        factor = _MOVES / 3 if _well_known(first) or " " in first[1] else _MOVES
        for node in nodes:
            if node[0] != first[0] and totals[node] * factor <= totals[first]:
                moved[node] = first
    return moved


def _well_known(node: Node) -> bool:
    if node[0] == "place":
        place = place_of(node[1])
        return place is not None and place.kind == "country"
    return node[0] == "organisation" and known_body(node[1]) is not None


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _version(changes: Mapping[tuple[str, str], tuple[str, str] | None]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for node in sorted(changes):
        digest.update("\t".join((*node, *(changes[node] or ()), "\n")).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
