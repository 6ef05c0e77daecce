"""The names of an archive, written down so that the next process need not compute them."""

from __future__ import annotations

import json
from pathlib import Path

from searchapp.files.replacing import replace
from searchapp.model.article import KIND_OF_FACET
from searchapp.model.names import Relabelling

__all__ = ["read_kept", "write_kept"]

_FORMAT = 2
"""Changes when what `canonical_names` computes does, so that nobody goes on with what an older version kept."""


def read_kept(path: Path, generation: str) -> Relabelling | None:
    """What was kept for this generation of the articles; None where there is nothing sound."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if (content["format"], content["generation"]) != (_FORMAT, generation):
            return None
        changes: dict[tuple[str, str], tuple[str, str] | None] = {}
        for facet, label, shown_facet, shown in content["changes"]:
            if {facet, shown_facet} <= set(KIND_OF_FACET) and isinstance(label, str) and isinstance(shown, str):
                changes[facet, label] = (shown_facet, shown)
        return Relabelling(str(content["version"]), changes)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_kept(path: Path, generation: str, names: Relabelling) -> None:
    """Keeps `names` for this generation of the articles; whoever reads meanwhile sees the old file or the new one."""
    changes = [[*node, *shown] for node, shown in sorted(names.changes.items()) if shown]
    content = {"format": _FORMAT, "generation": generation, "version": names.version, "changes": changes}
    try:
        # What a power cut takes is computed again.
        replace(path, json.dumps(content, ensure_ascii=False).encode("utf-8"), durable=False)
    except OSError:
        # A folder that cannot be written to is still an archive that can be searched.
        return
