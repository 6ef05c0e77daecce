"""Labels of one kind that are joined for how they are written, whatever the articles mean by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from searchapp.entities.archive_names.rules.clusters import Cluster, Joining
from searchapp.entities.archive_names.rules.keys import BODIES, Node, keys_of, words_in
from searchapp.entities.linking.organisations import base_words
from searchapp.entities.linking.people import compatible
from searchapp.entities.linking.spelling import skeletons
from searchapp.language.names import spelled, words_of

__all__ = ["all_one_person", "joined_family"]


def joined_family(kind: str, counts: Mapping[str, int], *, one_person: bool = False) -> list[Cluster]:
    """The clusters of the labels of one family, or of those of one spelling of it.

    `one_person` tells that people of different spellings are one person's.
    """
    joining, labels = Joining(), sorted(counts)
    if kind == "place":
        _join_places(joining, labels)
    elif kind == "person":
        _join_people(joining, labels, one_person=one_person)
    elif keys_of((kind, labels[0])).family.startswith(BODIES):
        for label in labels[1:]:
            joining.join((kind, label), (kind, labels[0]), "the same body of the same country in other words")
    elif usual := keys_of((kind, labels[0])).usual:
        for label in labels[1:]:
            joining.join((kind, label), (kind, labels[0]), f"another name of {usual}")
    else:
        _join_organisations(joining, labels)
    return joining.clusters(kind, counts)


def _join_places(joining: Joining, labels: list[str]) -> None:
    known = keys_of(("place", labels[0])).family
    name = known[1:].split("|")[0]
    reason = f"another name of {name}" if known.startswith("@") else "the same but for case, accents and signs"
    for label in labels[1:]:
        joining.join(("place", label), ("place", labels[0]), reason)


def _join_people(joining: Joining, labels: list[str], *, one_person: bool) -> None:
    first: dict[str, Node] = {}
    for label in labels:
        node = ("person", label)
        other = first.setdefault(keys_of(node).spelling, node)
        if other != node:
            joining.join(node, other, "the same but for case, accents and signs")
    if one_person:
        fullest = first[min(first)]
        for node in first.values():
            joining.join(node, fullest, "a variant of a name that nobody else in the archive has")


def _join_organisations(joining: Joining, labels: list[str]) -> None:
    """Joins the labels of one base name.

    "Bell Inc" and "Bell Corp" can be two companies. So with a base of one word and several suffixes, each stays for
    itself, and the bare word too.
    """
    suffixes: dict[str, Node] = {}
    base: tuple[str, ...] = ()
    for label in labels:
        words = spelled(words_of(label))
        base = base_words(words)
        node = ("organisation", label)
        other = suffixes.setdefault(" ".join(words[len(base) :]), node)
        if other != node:
            joining.join(node, other, "the same but for spelling")
    if len(base) == 1 and sum(map(bool, suffixes)) > 1:
        return
    firsts = list(suffixes.values())
    for node in firsts[1:]:
        joining.join(node, firsts[0], "the same company, with its legal suffix or not")


def all_one_person(family: Iterable[tuple[str, str, int]]) -> bool:
    """Whether several people of one surname, as `Facts.family` gives them, can all be one person.

    Reads no further than to the first who cannot: of a thousand Smiths two or three are looked at.
    """
    first = ""
    sounds: tuple[str, ...] = ()
    several = False
    for spelling, _, _ in family:
        if not first:
            # The fullest name comes first.
            first, sounds = spelling, skeletons(words_in(spelling))
        elif spelling != first:
            several = True
            if not compatible(skeletons(words_in(spelling)), sounds):
                return False
    return several
