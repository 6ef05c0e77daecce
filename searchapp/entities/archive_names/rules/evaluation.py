"""What the facts come to: for any label the cluster it is in, and what it is shown as.

Everything is worked out when it is asked for and then remembered, so that a few labels cost little however many the
archive has. The rules run in stages, each of which reads the clusters of the stage before it: what is written alike,
then forms of several words and of organisations, then single words for people, then labels, then kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, islice

from searchapp.entities.archive_names.rules.choosing import best_label, body_label, moved_names
from searchapp.entities.archive_names.rules.clusters import Cluster, Join, Joining
from searchapp.entities.archive_names.rules.decisions import Decision, organisation_meant, person_meant, surname_meant
from searchapp.entities.archive_names.rules.facts import Facts
from searchapp.entities.archive_names.rules.families import all_one_person, joined_family
from searchapp.entities.archive_names.rules.keys import BODIES, NO_COUNTRY, VARIANTS, Keys, Node
from searchapp.entities.archive_names.rules.kinds import kinds_by_full_names
from searchapp.language.names import words_of

__all__ = ["Evaluation"]


class Evaluation:
    """The answers for one state of the facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._written: dict[Node, Cluster] = {}
        self._one_person: dict[str, bool] = {}
        self._decisions: dict[Node, Decision | None] = {}
        self._meant: dict[Node, Cluster] = {}
        self._whole: dict[Node, Cluster] = {}
        self._shown: dict[Node, Node] = {}
        self._several: dict[str, bool] = {}
        self._moved: dict[str, Mapping[Node, Node]] = {}

    def result(self, node: Node) -> Node | None:
        """Kind and label that a label is shown as; None for one that no article has."""
        cluster = self.whole(node)
        if cluster is None:
            return None
        shown = self.shown(cluster)
        return self.moved(shown[1].casefold()).get(shown, shown)

    def joins(self, node: Node) -> dict[Node, Join]:
        """Why the labels that are one with this one count under another."""
        cluster = self.whole(node)
        if cluster is None:
            return {}
        joins = dict(cluster.joins)
        shown = self.shown(cluster)
        moved = self.moved(shown[1].casefold()).get(shown)
        for label in cluster.counts:
            member = (node[0], label)
            if moved is not None:
                known = moved[1].casefold() == shown[1].casefold()
                reason = f"{_a(moved[0])} in nearly all articles" if known else f"short for what is {_a(moved[0])}"
                joins.setdefault(member, Join(moved, reason))
            elif shown != member:
                joins.setdefault(member, Join(shown, "written so in most articles"))
        return joins

    # The stages, each with the clusters of the one before it

    def written(self, node: Node) -> Cluster | None:
        """The labels that are joined with this one for how they are written; None for one that no article has."""
        found = self._written.get(node)
        if found is None:
            for cluster in self._joined(node):
                for label in cluster.counts:
                    self._written[node[0], label] = cluster
            found = self._written.get(node)
        return found

    def _joined(self, node: Node) -> list[Cluster]:
        kind, keys, facts = node[0], self.facts.keys(node), self.facts
        if keys.spelling and not self.has_variants(keys):
            counts = dict(facts.spelled(kind, keys.family, keys.spelling))
        else:
            counts = {label: count for _, label, count in facts.family(kind, keys.family)}
        if len(counts) < 2:
            return [Cluster.alone((kind, label), count) for label, count in counts.items()]
        return joined_family(kind, counts, one_person=self.has_variants(keys))

    def has_variants(self, keys: Keys) -> bool:
        """Whether people with other spellings of the name can be this one."""
        return keys.family.startswith(VARIANTS) and self.one_person(keys.family)

    def one_person(self, family: str) -> bool:
        """Whether the people of a surname, in whatever spelling, can all be one person."""
        found = self._one_person.get(family)
        if found is None:
            found = self._one_person[family] = all_one_person(self.facts.family("person", family))
        return found

    def decision(self, form: Node) -> Decision | None:
        """Whose name a short form is, where that is beyond doubt."""
        if form not in self._decisions:
            self._decisions[form] = self._decide(form)
        return self._decisions[form]

    def _decide(self, form: Node) -> Decision | None:
        kind, label = form
        facts = self.facts
        if kind == "place" or not facts.uses(form) or not facts.count(form):
            return None
        if kind == "organisation":
            return organisation_meant(label, facts, self.written)
        if facts.keys(form).single:
            return surname_meant(label, facts, self.meant)
        return person_meant(label, facts, self.written) if words_of(label) else None

    def meant(self, node: Node) -> Cluster | None:
        """The same with what forms of several words and of organisations join."""
        return self._gathered(node, self.written, self._meant, single=False)

    def whole(self, node: Node) -> Cluster | None:
        """All labels that name one entity with this one, of its kind; None for one that no article has."""
        if node[0] == "person":
            return self._gathered(node, self.meant, self._whole, single=True)
        return self.written(node) if node[0] == "place" else self.meant(node)

    def _gathered(
        self, node: Node, before: Callable[[Node], Cluster | None], known: dict[Node, Cluster], *, single: bool
    ) -> Cluster | None:
        """The clusters of the stage before that this stage's decisions join with that of a label."""
        found = known.get(node)
        start = before(node) if found is None else None
        if start is None:
            return found
        kind, facts = node[0], self.facts
        if len(start.counts) == 1 and not facts.uses(node) and not facts.forms(node):
            known[node] = start
            return start
        parts = {start.root: start}
        edges: dict[str, Decision] = {}
        waiting = [start]
        while waiting:
            part = waiting.pop()
            for form, decision in self._decided(part, single=single):
                own, other = before((kind, form)), before(decision.root)
                if own is None or other is None or own.root == other.root:
                    continue
                edges[form] = decision
                for neighbour in (own, other):
                    if neighbour.root not in parts:
                        parts[neighbour.root] = neighbour
                        waiting.append(neighbour)
        cluster = start
        if edges:
            joining = Joining.of(parts.values())
            for form in sorted(edges):
                joining.join((kind, form), edges[form].root, edges[form].reason)
            counts = {label: count for part in parts.values() for label, count in part.counts.items()}
            (cluster,) = joining.clusters(kind, counts)
        for label in cluster.counts:
            known[kind, label] = cluster
        return cluster

    def _decided(self, cluster: Cluster, *, single: bool) -> list[tuple[str, Decision]]:
        """The decisions of this stage that join a cluster with another, by the forms that they are about."""
        kind = cluster.root[0]
        found = []
        forms = dict.fromkeys(cluster.counts)
        for label in cluster.counts:
            forms.update(dict.fromkeys(self.facts.forms((kind, label))))
        for form in forms:
            node = (kind, form)
            if kind == "person" and self.facts.keys(node).single != single:
                continue
            decision = self.decision(node)
            if decision is not None and (form in cluster.counts or decision.root == cluster.root):
                found.append((form, decision))
        return found

    # What clusters are called

    def shown(self, cluster: Cluster) -> Node:
        """Kind and label that a whole cluster is called by its own articles."""
        found = self._shown.get(cluster.root)
        if found is None:
            kind = cluster.root[0]
            keys = self.facts.keys(cluster.root)
            if keys.family.startswith(BODIES):
                found = (kind, body_label(cluster.counts, several=self.of_several_countries(keys.family)))
            else:
                usual = (self.facts.keys((kind, label)).usual for label in sorted(cluster.counts))
                found = (kind, next(filter(None, usual), "") or best_label(kind, cluster.counts))
            self._shown[cluster.root] = found
        return found

    def of_several_countries(self, family: str) -> bool:
        """Whether the archive has a public body of more than one country."""
        found = self._several.get(family)
        if found is None:
            countries = (country for country, *_ in self.facts.family("organisation", family))
            found = len(set(islice(_changing(countries), 3)) - {NO_COUNTRY}) > 1
            self._several[family] = found
        return found

    def moved(self, folded: str) -> Mapping[Node, Node]:
        """Names shown under one kind that nearly all articles have under another, to what they count under."""
        found = self._moved.get(folded)
        if found is None:
            found = self._moved[folded] = self._move(folded)
        return found

    def _move(self, folded: str) -> Mapping[Node, Node]:
        kinds = {kind for kind, _ in self.facts.folded(folded)}
        if not kinds or kinds == {"organisation"}:
            return {}
        named = self.called(folded)
        totals = {shown: sum(cluster.total for cluster in clusters) for shown, clusters in named.items()}
        moved = moved_names(totals)
        others = {node: total for node, total in totals.items() if node not in moved}
        return moved | kinds_by_full_names(folded, others, self.facts, self.whole, self.shown)

    def called(self, folded: str) -> dict[Node, list[Cluster]]:
        """The names shown that are the same when folded, each with its clusters."""
        named: dict[Node, list[Cluster]] = {}
        seen: set[Node] = set()
        for node in self.facts.folded(folded):
            cluster = self.whole(node)
            if cluster is not None and cluster.root not in seen:
                seen.add(cluster.root)
                shown = self.shown(cluster)
                if shown[1].casefold() == folded:
                    named.setdefault(shown, []).append(cluster)
        return named


def _changing(values: Iterable[str]) -> Iterator[str]:
    """Each value that is not the one before it."""
    return (value for value, _ in groupby(values))


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
