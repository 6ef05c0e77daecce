"""Labels that name one entity, and why each of them was joined to the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from searchapp.entities.archive_names.rules.keys import Node

__all__ = ["Cluster", "Join", "Joining"]


@dataclass(frozen=True, slots=True)
class Join:
    """Why a label counts under another one."""

    into: Node
    reason: str
    """Reads on after "because it is": "an acronym that 12 articles write out"."""


class Cluster(NamedTuple):
    """Labels that name one entity, as far as some of the rules tell."""

    root: Node
    """The one that stands for all."""
    counts: Mapping[str, int]
    """Every label with its number of articles."""
    total: int
    """The sum of the counts."""
    joins: Mapping[Node, Join]
    """Why each label but the root is in it."""

    @classmethod
    def alone(cls, node: Node, count: int) -> Cluster:
        """A label that nothing is joined to."""
        return cls(node, {node[1]: count}, count, {})


@dataclass(slots=True)
class Joining:
    """Clusters that are joined one after the other."""

    parents: dict[Node, Node] = field(default_factory=dict)
    joins: dict[Node, Join] = field(default_factory=dict)

    @classmethod
    def of(cls, clusters: Iterable[Cluster]) -> Joining:
        """Begins with clusters that there are."""
        made = cls()
        for cluster in clusters:
            kind = cluster.root[0]
            made.parents.update({(kind, label): cluster.root for label in cluster.counts if label != cluster.root[1]})
            made.joins.update(cluster.joins)
        return made

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

    def clusters(self, kind: str, counts: Mapping[str, int]) -> list[Cluster]:
        """The clusters of the labels of `counts`, which are of one kind."""
        members: dict[Node, dict[str, int]] = {}
        joins: dict[Node, dict[Node, Join]] = {}
        for label in sorted(counts):
            node = (kind, label)
            root = self.root(node)
            members.setdefault(root, {})[label] = counts[label]
            if node in self.joins:
                joins.setdefault(root, {})[node] = self.joins[node]
        return [Cluster(root, own, sum(own.values()), joins.get(root, {})) for root, own in members.items()]
