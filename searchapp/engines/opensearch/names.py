"""Names as an archive shows them, in terms of the labels that the articles have: filters, and who counts under what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from searchapp.engines.opensearch.mapping import key_of
from searchapp.model.article import KIND_OF_FACET
from searchapp.model.entry import column_for
from searchapp.model.names import Relabelling

__all__ = ["Node", "ShownNames", "shown_names"]

Node: TypeAlias = tuple[str, str]
"""Facet and label."""

NOTHING: dict[str, Any] = {"match_none": {}}


class ShownNames:
    """A `Relabelling` that can be asked the other way round."""

    def __init__(self, names: Relabelling) -> None:
        self.names = names
        self._written: defaultdict[Node, list[Node]] = defaultdict(list)
        self.left: dict[str, set[str]] = {facet: set() for facet in KIND_OF_FACET}
        """Facet to the labels of articles that do not count there."""
        sources: dict[str, set[str]] = {facet: {facet} for facet in KIND_OF_FACET}
        for (facet, label), shown in names.changes.items():
            if shown is None or shown[0] != facet:
                self.left[facet].add(label)
            if shown is not None:
                self._written[shown].append((facet, label))
                sources[shown[0]].add(facet)
        self.sources: Mapping[str, tuple[str, ...]] = {
            facet: tuple(other for other in KIND_OF_FACET if other in sources[facet]) for facet in KIND_OF_FACET
        }
        """Facet to those whose labels may count in it."""
        self.apart = {key_of(article): article for article in names.overrides}
        """The articles in which names are shown otherwise: key to id."""

    def sources_of(self, facet: str) -> tuple[str, ...]:
        """Facets of which labels of articles may count in this one."""
        return self.sources.get(facet, (facet,))

    def written(self, node: Node) -> list[Node]:
        """The labels of articles that are shown as that one."""
        found = list(self._written.get(node, ()))
        if node not in self.names.changes:
            found.append(node)
        return found

    def chosen(self, facet: str, labels: Sequence[str], scope: str) -> dict[str, Any]:
        """A filter that articles pass which count under any of these labels of a facet."""
        if facet not in KIND_OF_FACET:
            return {"terms": {facet: list(labels)}} if labels else NOTHING
        nodes = {(facet, label) for label in labels}
        usual = self._with_any(nodes, scope)
        if not self.apart:
            return usual
        ways: defaultdict[frozenset[Node], list[str]] = defaultdict(list)
        for key, article in self.apart.items():
            own = self.names.overrides[article]
            meant = {node for node in nodes if node not in own} | {node for node, to in own.items() if to in nodes}
            ways[frozenset(meant)].append(key)
        should = [{"bool": {"filter": [usual], "must_not": [self.in_apart]}}]
        for shown, keys in ways.items():
            if shown:
                should.append({"bool": {"filter": [{"terms": {"key": keys}}, self._with_any(shown, scope)]}})
        return {"bool": {"should": should, "minimum_should_match": 1}}

    @property
    def in_apart(self) -> dict[str, Any]:
        """A filter for the articles in which names are shown otherwise."""
        return {"terms": {"key": list(self.apart)}}

    def usual(self, facet: str, labels: Sequence[str], scope: str) -> dict[str, Any]:
        """The same as `chosen` for articles in which no name is shown otherwise."""
        if facet not in KIND_OF_FACET:
            return {"terms": {facet: list(labels)}} if labels else NOTHING
        return self._with_any({(facet, label) for label in labels}, scope)

    def shown_in(self, article: str, held: Mapping[str, Iterable[str]], facet: str) -> set[str]:
        """The labels of a facet under which an article counts whose labels are `held`, by facet."""
        if facet not in KIND_OF_FACET:
            return set(held[facet])
        # What is shown otherwise in an article may come from any facet.
        nodes = [(source, label) for source in KIND_OF_FACET for label in held[source]]
        found = (self.names.resolve_in(article, *node) for node in nodes)
        return {shown[1] for shown in found if shown is not None and shown[0] == facet}

    def _with_any(self, nodes: Iterable[Node], scope: str) -> dict[str, Any]:
        labels: defaultdict[str, list[str]] = defaultdict(list)
        for node in nodes:
            for home, label in self.written(node):
                labels[column_for(home, scope)].append(label)
        found = [{"terms": {column: sorted(held)}} for column, held in labels.items()]
        if len(found) == 1:
            return found[0]
        return {"bool": {"should": found, "minimum_should_match": 1}} if found else NOTHING


@lru_cache(maxsize=4)
def shown_names(names: Relabelling) -> ShownNames:
    """The names, looked through once."""
    return ShownNames(names)
