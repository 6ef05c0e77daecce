"""How names are shown, in terms of the index's columns of labels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from searchapp.columnar import Relabelling as LabelChanges
from searchapp.model.entry import column_for
from searchapp.model.names import Relabelling
from searchapp.model.query import SCOPES

__all__ = ["label_changes"]

_Node: TypeAlias = tuple[str, str]
"""Facet or column, and label."""


@lru_cache(maxsize=4)
def label_changes(names: Relabelling) -> LabelChanges:
    """What `names` changes, in the columns of labels and in those of labels that articles are about."""
    changes: dict[_Node, _Node | None] = {}
    overrides: dict[str, dict[_Node, _Node | None]] = {article: {} for article in names.overrides}
    for scope in SCOPES:
        changes |= _in_columns(names.changes, scope)
        for article, own in names.overrides.items():
            overrides[article] |= _in_columns(own, scope)
    return LabelChanges(names.version, changes, overrides)


def _in_columns(changes: Mapping[_Node, _Node | None], scope: str) -> dict[_Node, _Node | None]:
    return {
        (column_for(facet, scope), label): (column_for(shown[0], scope), shown[1]) if shown else None
        for (facet, label), shown in changes.items()
    }
