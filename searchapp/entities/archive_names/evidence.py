"""What an archive's articles say about its names: how often each label stands, and which short forms mean it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from searchapp.language.names import words_of
from searchapp.model.article import FACET_OF_KIND

__all__ = ["Clusters", "Evidence", "Join", "Node", "read_evidence"]

Node = tuple[str, str]
"""Kind and label, as articles have them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts of articles; every mapping is sorted, so that nothing depends on the order of indexing."""

    counts: Mapping[Node, int]
    """Articles that have the label."""
    meant: Mapping[Node, Mapping[str, int]]
    """For labels that are also short forms elsewhere: the labels that they stand for, with numbers of articles."""

    words: Mapping[str, tuple[str, ...]]
    """The folded words of every label."""

    def labels(self, kind: str) -> list[str]:
        """The labels of that kind, sorted."""
        return [label for k, label in self.counts if k == kind]


def read_evidence(labels: Mapping[str, Mapping[str, int]]) -> Evidence:
    """The evidence in the columns of an archive: people, places, organisations and forms, each label to its count."""
    counts: dict[Node, int] = {}
    for kind, facet in FACET_OF_KIND.items():
        column = labels.get(facet, {})
        for label in sorted(column):
            counts[kind, label] = column[label]
    meant: dict[Node, dict[str, int]] = {}
    for line, count in labels.get("forms", {}).items():
        kind, _, rest = line.partition("\t")
        form, _, label = rest.partition("\t")
        if (kind, form) in counts and (kind, label) in counts:
            meant.setdefault((kind, form), {})[label] = count
    words = {label: words_of(label) for _, label in counts}
    return Evidence(counts, {node: dict(sorted(meant[node].items())) for node in sorted(meant)}, words)


@dataclass(frozen=True, slots=True)
class Join:
    """Why a label counts under another one."""

    into: Node
    reason: str
    """Reads on after "because it is": "an acronym that 12 articles write out"."""


@dataclass(slots=True)
class Clusters:
    """Labels that name one entity."""

    parents: dict[Node, Node] = field(default_factory=dict)
    joins: dict[Node, Join] = field(default_factory=dict)
    fixed: dict[Node, str] = field(default_factory=dict)
    """Labels whose cluster has a usual name, whatever the articles write, with that name."""

    def root(self, node: Node) -> Node:
        """The label that stands for the cluster, itself where it is alone."""
        parents = self.parents
        while (parent := parents.get(node)) is not None:
            above = parents.get(parent)
            if above is not None:
                parents[node] = above
            node = parent
        return node

    def join(self, node: Node, into: Node, reason: str) -> None:
        """Puts two labels, and all that are with them, into one cluster."""
        mine, theirs = self.root(node), self.root(into)
        if mine != theirs:
            self.parents[mine] = theirs
            # What is joined already tells why by the label that it was joined to.
            self.joins.setdefault(mine if node in self.joins else node, Join(into, reason))

    def members(self) -> dict[Node, list[Node]]:
        """The root of every cluster of two or more to its members, sorted."""
        found: dict[Node, list[Node]] = {}
        for node in self.parents:
            found.setdefault(self.root(node), []).append(node)
        return {root: sorted({root, *found[root]}) for root in sorted(found)}
