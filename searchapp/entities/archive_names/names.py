"""Which labels of an archive name one entity, and the label that a reader would choose for it.

Every answer follows from the numbers of articles that have each label and each short form, and from nothing else: the
same files give the same labels in whatever order they were indexed. `Evaluation` answers for single labels, so that an
archive that grows is never computed anew; `canonical_names` does for all of them.

What joins labels, by kind:

- all: the same words but for case, accents, hyphens and signs.
- places: the gazetteers know both as names of one place. A country has its usual English name.
- organisations: spelling ("Organization"), a legal suffix ("Inc"), well-known bodies, an acronym that articles of this
  archive write out (at least nine times in ten as this name; twice or more when it has but three letters and the full
  name is rare), a first part of the name that at least three articles use for it and for nothing else. A public body of
  one country under its names ("Ministry of the Interior", "Interior Ministry", "Government of India"), which says its
  country where the archive has such bodies of several: "Parliament (Kenya)".
- people: initials, middle names and spelling variants ("Zelenskiy") when nobody else of that surname is in the
  archive, or when an article uses both for one person. A bare surname, in articles that never say more, joins a full
  name only if at least three articles use it as that person's short form, 95 of 100 such articles mean that person,
  and everybody else with the name has a tenth of the person's articles or less. So "Trump" becomes "Donald Trump" in a
  news archive, and "Kim" stays "Kim".

A label that nearly all articles have under another kind moves there. So does what was taken for a person or a place and
is the name of a company without its legal suffix, or how one begins, unless people bear it (`rules.kinds`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from searchapp.entities.archive_names.rules.clusters import Join
from searchapp.entities.archive_names.rules.evaluation import Evaluation
from searchapp.entities.archive_names.rules.facts import GatheredFacts
from searchapp.entities.archive_names.rules.keys import BODIES, Node
from searchapp.model.article import FACET_OF_KIND
from searchapp.model.names import Relabelling

__all__ = ["EVIDENCE_COLUMNS", "ArchiveNames", "canonical_names", "digest_of", "shown_otherwise", "version_of"]

EVIDENCE_COLUMNS = (*FACET_OF_KIND.values(), "forms")
"""The columns of an engine whose labels names are computed from."""


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
    facts = GatheredFacts(labels)
    evaluation = Evaluation(facts)
    joins: dict[Node, Join] = {}
    changes: dict[Node, Node | None] = {}
    for node, shown in shown_otherwise(evaluation, facts).items():
        changes[FACET_OF_KIND[node[0]], node[1]] = (FACET_OF_KIND[shown[0]], shown[1])
        if node not in joins:
            # Whatever else is joined is so with one that is shown as another.
            joins |= evaluation.joins(node)
    return ArchiveNames(Relabelling(version_of(digest_of(changes.items())), changes), joins)


def shown_otherwise(evaluation: Evaluation, facts: GatheredFacts) -> dict[Node, Node]:
    """Every label that is shown otherwise than it is written, and as what."""
    found = {}
    for node in facts.nodes():
        keys = facts.keys(node)
        told = keys.usual or keys.family.startswith(BODIES) or evaluation.has_variants(keys)
        if not told and facts.alone(node, keys):
            continue  # Most labels of an archive are such.
        shown = evaluation.result(node)
        if shown is not None and shown != node:
            found[node] = shown
    return found


def digest_of(changes: Iterable[tuple[Node, Node | None]]) -> int:
    """A number for a set of changes in any order: that of two sets without common ones is the sum of theirs."""
    return sum(_digest(node, shown) for node, shown in changes) % (1 << 128)


def _digest(node: Node, shown: Node | None) -> int:
    text = "\t".join((*node, *(shown or ())))
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), "big")


def version_of(digest: int) -> str:
    """The name of a set of changes with this digest; empty where nothing is changed."""
    return f"{digest:032x}"[:16] if digest else ""
