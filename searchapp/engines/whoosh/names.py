"""How names are shown, in terms of the index's columns of labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from searchapp.columnar import Relabelling as LabelChanges
from searchapp.model.entry import column_for
from searchapp.model.facets import KIND_OF_FACET
from searchapp.model.names import Relabelling
from searchapp.model.query import SCOPES

__all__ = ["label_changes"]

_Node: TypeAlias = tuple[str, str]
"""Facet or column, and label."""

_FACET_OF_COLUMN = {column_for(facet, scope): (facet, scope) for scope in SCOPES for facet in KIND_OF_FACET}


@lru_cache(maxsize=4)
def label_changes(names: Relabelling) -> LabelChanges:
    """What `names` changes, in the columns of labels and in those of labels that articles are about."""
    overrides: dict[str, dict[_Node, _Node | None]] = {article: {} for article in names.overrides}
    for scope in SCOPES:
        for article, own in names.overrides.items():
            overrides[article] |= _in_columns(own, scope)
    renewed = frozenset((column_for(facet, scope), label) for scope in SCOPES for facet, label in names.renewed)
    return LabelChanges(names.version, _ChangesOfColumns(names.changes), overrides, names.follows or None, renewed)


class _ChangesOfColumns(Mapping[_Node, _Node | None]):
    """Changes of facets as those of the columns of every scope; there are many, so none is copied."""

    def __init__(self, changes: Mapping[_Node, _Node | None]) -> None:
        self._changes = changes

    def __getitem__(self, node: _Node) -> _Node | None:
        facet, scope = _FACET_OF_COLUMN[node[0]]
        shown = self._changes[facet, node[1]]
        return (column_for(shown[0], scope), shown[1]) if shown else None

    def __iter__(self) -> Iterator[_Node]:
        return ((column_for(facet, scope), label) for scope in SCOPES for facet, label in self._changes)

    def __len__(self) -> int:
        return len(SCOPES) * len(self._changes)


def _in_columns(changes: Mapping[_Node, _Node | None], scope: str) -> dict[_Node, _Node | None]:
    return {
        (column_for(facet, scope), label): (column_for(shown[0], scope), shown[1]) if shown else None
        for (facet, label), shown in changes.items()
    }
