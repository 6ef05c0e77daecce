"""From what has changed in the facts to what is shown otherwise: only what can be reached is worked out again.

Each stage of `Evaluation` reads the clusters of the stage before it, by keys. So the labels whose cluster may be
another than before are followed from stage to stage: those of the families that labels have come to or gone from, the
short forms that mean one of them or share a word with one, and those whose name is compared with theirs. Where a short
form is decided as before, its own cluster is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from searchapp.entities.archive_names.keeping.rows import Touched
from searchapp.entities.archive_names.rules.clusters import Cluster
from searchapp.entities.archive_names.rules.evaluation import Evaluation
from searchapp.entities.archive_names.rules.keys import BODIES, NO_COUNTRY, VARIANTS, Node, keys_of, prefixes
from searchapp.entities.archive_names.rules.kinds import names_read_by
from searchapp.language.names import words_of

__all__ = ["changed_results"]


def changed_results(before: Evaluation, now: Evaluation, touched: Touched) -> dict[Node, Node | None]:
    """Labels to what they are shown as now, where that has changed; None for those that are shown as they are written.

    Those that no article has any more are among the latter.
    """
    both = (before, now)
    written = _with_clusters(both, "written", touched.counted | _joined_by_spelling(both, touched.came))
    meant = _after_decisions(both, "meant", written, _forms_to_decide(both, written, touched, single=False))
    whole = _after_decisions(both, "whole", meant, _forms_to_decide(both, meant, touched, single=True))
    affected = whole | _moved_otherwise(both, whole, touched)
    found: dict[Node, Node | None] = {}
    for node in affected:
        was, shown = before.result(node) or node, now.result(node) or node
        if was != shown:
            found[node] = None if shown == node else shown
    return found


def _joined_by_spelling(both: tuple[Evaluation, Evaluation], came: Iterable[Node]) -> set[Node]:
    """Labels that may be joined otherwise for how they are written, now that some have come or gone."""
    found: set[Node] = set()
    for kind, family in {(node[0], keys_of(node).family) for node in came}:
        if kind != "person" or not family.startswith(VARIANTS) or any(one.one_person(family) for one in both):
            members = chain.from_iterable(one.facts.family(kind, family) for one in both)
            found.update((kind, label) for _, label, _ in members)
    for kind, label in came:
        keys = keys_of((kind, label))
        for one in both if keys.spelling else ():
            found.update((kind, other) for other, _ in one.facts.spelled(kind, keys.family, keys.spelling))
    return found


def _with_clusters(both: tuple[Evaluation, Evaluation], stage: str, nodes: Iterable[Node]) -> set[Node]:
    """The labels, and all that are or were with them in the clusters of a stage."""
    found = set(nodes)
    for node in list(found):
        for one in both:
            cluster: Cluster | None = getattr(one, stage)(node)
            if cluster is not None and len(cluster.counts) > 1:
                found.update((node[0], label) for label in cluster.counts)
    return found


def _forms_to_decide(
    both: tuple[Evaluation, Evaluation], nodes: set[Node], touched: Touched, *, single: bool
) -> set[Node]:
    """The short forms whose decision may be another: it reads clusters of `nodes`, or what is touched."""
    found = touched.forms | nodes
    for kind, label in nodes:
        if kind == "place":
            continue
        for one in both:
            found.update((kind, form) for form in one.facts.forms((kind, label)))
        keys = keys_of((kind, label))
        if kind == "organisation" and not single:
            for words in prefixes(keys.written):
                for one in both:
                    found.update((kind, form) for form in one.facts.written(words))
            if keys.family.startswith(BODIES):
                for one in both:
                    found.update((kind, form) for form, _ in one.facts.spelled(kind, keys.family, NO_COUNTRY))
        elif kind == "person" and single:
            for word in keys.bears:
                for one in both:
                    found.update((kind, form) for _, form, _ in one.facts.family(kind, f"={word}"))
    return {node for node in found if node[0] != "place" and keys_of(node).single == single}


def _after_decisions(
    both: tuple[Evaluation, Evaluation], stage: str, nodes: set[Node], forms: Iterable[Node]
) -> set[Node]:
    """The labels of the clusters that may be others once the decisions of a stage have been followed."""
    reached = set(nodes)
    for form in forms:
        roots = [decision.root if (decision := one.decision(form)) else None for one in both]
        if roots[0] != roots[1]:
            reached.add(form)
            reached.update(root for root in roots if root is not None)
    return _with_clusters(both, stage, reached)


def _moved_otherwise(both: tuple[Evaluation, Evaluation], nodes: Iterable[Node], touched: Touched) -> set[Node]:
    """Labels that count under another kind, or do no longer, because of what has become of others of their name."""
    keys = {label.casefold() for _, label in touched.forms}
    for node in nodes:
        own = keys_of(node)
        keys |= names_read_by(node, words_of(node[1]), own.bears)
        for one in both:
            cluster = one.whole(node)
            if cluster is not None:
                keys.add(one.shown(cluster)[1].casefold())
                keys.add(node[1].casefold())
    found: set[Node] = set()
    for key in keys:
        moved = [one.moved(key) for one in both]
        if moved[0] == moved[1]:
            continue
        for one in both:
            for shown, clusters in one.called(key).items():
                if moved[0].get(shown) != moved[1].get(shown):
                    found.update((cluster.root[0], label) for cluster in clusters for label in cluster.counts)
    return found
