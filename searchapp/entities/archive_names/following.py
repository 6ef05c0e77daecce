"""The names of an archive, followed from commit to commit: each costs what it changes."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar, runtime_checkable

from searchapp.entities.archive_names.changes import changed_results
from searchapp.entities.archive_names.keeping.kept_names import KeptNames
from searchapp.entities.archive_names.keeping.rows import (
    LayeredRows,
    NoRows,
    RememberedRows,
    StoredFacts,
    counted_in,
    rows_of,
    shown_in,
    shown_row,
    shown_value,
    touched_by,
)
from searchapp.entities.archive_names.keeping.table import NamesDamaged
from searchapp.entities.archive_names.layers import Layers
from searchapp.entities.archive_names.names import EVIDENCE_COLUMNS, digest_of, shown_otherwise, version_of
from searchapp.entities.archive_names.rules.evaluation import Evaluation
from searchapp.entities.archive_names.rules.facts import GatheredFacts
from searchapp.entities.archive_names.rules.keys import Node
from searchapp.model.article import FACET_OF_KIND
from searchapp.model.names import Relabelling

__all__ = ["FollowedNames", "NameSource"]

Value = TypeVar("Value")
Differences = Mapping[str, Mapping[str, int]]
"""Column to label to how many more articles have it."""

_WHOLE_LEAST = 2_000
_WHOLE_SHARE = 16
"""More changed counts than this, and more than this part of the rows, and computing all of it anew is less work."""
_REMEMBERED_VERSIONS = 32
_REMEMBERED_CHANGES = 2_000


class NameSource(Protocol):
    """What an archive's names are computed from; every state of an engine is one."""

    @property
    def generation(self) -> str:
        """Changes with every commit."""

    def labels(self, column: str) -> Mapping[str, int]:
        """Labels of a column as the articles have them, with the number of articles of each."""


@runtime_checkable
class _ComparedSource(Protocol):
    """A source that can tell what has changed without counting everything."""

    def labels_since(self, before: object, column: str) -> Mapping[str, int] | None:
        """How many more articles have each label of a column than in an earlier state; None where it cannot tell."""


class _Names(NamedTuple):
    """The names as they are for one generation of the articles."""

    generation: str
    rows: LayeredRows
    changes: Layers[Node, Node | None]
    """As `Relabelling` has them."""
    digest: int
    recent: tuple[tuple[str, frozenset[Node]], ...] = ()
    """Versions that came before this one, the latest first, each with the labels that it showed otherwise than the
    version after it."""

    @property
    def version(self) -> str:
        return version_of(self.digest)

    def relabelling(self, told: Relabelling | None) -> Relabelling:
        """How labels are shown, and what of it is not as was `told` before."""
        renewed: frozenset[Node] = frozenset()
        for version, changed in self.recent:
            renewed |= changed
            if told is not None and version == told.version:
                return Relabelling(self.version, self.changes, follows=version, renewed=renewed)
        return Relabelling(self.version, self.changes)


class _Step(NamedTuple):
    """What leads from the names of one generation to those of the next."""

    rows: dict[str, str | None]
    """The facts that have changed, and what is shown otherwise."""
    shown: dict[Node, Node | None]
    digest: int


class FollowedNames:
    """How an archive shows its names, without corrections. May be used from several threads."""

    def __init__(self, kept: Path | None = None) -> None:
        """`kept` is where the names are kept for other processes; None for nowhere."""
        self._kept = KeptNames(kept) if kept is not None else None
        self._of_kept: _Names | None = None
        self._own: _Names | None = None
        self._source: NameSource | None = None
        self._told: Relabelling | None = None
        self._lock = threading.RLock()

    def relabelling(self, source: NameSource) -> Relabelling:
        """How the labels of these articles are shown."""
        with self._lock:
            names = self._at(source)
            if self._told is None or self._told.version != names.version:
                self._told = names.relabelling(self._told)
            return self._told

    def asked_facts(self, source: NameSource, ask: Callable[[StoredFacts], Value]) -> Value:
        """What `ask` gives when it is given what the articles say; no other thread changes anything meanwhile."""
        with self._lock:
            try:
                return ask(StoredFacts(self._at(source).rows))
            except NamesDamaged:
                self._forget()
                return ask(StoredFacts(self._followed(source).rows))

    def asked(self, source: NameSource, ask: Callable[[Evaluation], Value]) -> Value:
        """The same with what the rules come to."""
        return self.asked_facts(source, lambda facts: ask(Evaluation(facts)))

    def _at(self, source: NameSource) -> _Names:
        with self._lock:
            generation = source.generation
            if self._own is not None and self._own.generation == generation:
                return self._own
            if self._of_kept is None or self._of_kept.generation != generation:
                self._read_kept()
            found = self._of_kept
            if found is None or found.generation != generation:
                found = self._own = self._followed(source)
            else:
                self._own = None
            self._source = source
            return found

    def keep(self, source: NameSource, before: NameSource | None = None) -> None:
        """Computes the names of these articles, and keeps them for other processes.

        `before` is an earlier state, where one was at hand before the commit. Does nothing without a place to keep
        them in, and where it cannot be written: then each process follows on its own.
        """
        kept = self._kept
        if kept is None:
            return
        with self._lock, kept.locked() as locked:
            self._read_kept()
            if locked:
                kept.remove_others()
            base = self._of_kept
            if not locked or (base is not None and base.generation == source.generation):
                return
            self._own = None
            if base is not None and self._source is not None and self._source.generation == base.generation:
                before = self._source
            try:
                with contextlib.suppress(OSError):
                    self._keep(kept, base, source, before)
            except NamesDamaged:
                self._forget()
                with contextlib.suppress(OSError):
                    self._keep(kept, None, source, before)
            self._source = source

    def _keep(self, kept: KeptNames, base: _Names | None, source: NameSource, before: NameSource | None) -> None:
        step = _step(base, source, before) if base is not None else None
        if base is not None and step is not None:
            kept.add(step.rows, source.generation, step.digest)
            if kept.rows is not None:
                self._of_kept = _after(base, step, source.generation, kept.rows)
            return
        rows, shown = _whole(source)
        digest = _digest_of(shown)
        rows.sort()
        kept.write(rows, source.generation, digest)
        if kept.rows is not None:
            self._of_kept = _Names(source.generation, kept.rows, _changes(shown), digest)

    def _read_kept(self) -> None:
        kept = self._kept
        if kept is None:
            return
        try:
            for rows in kept.read():
                self._own = None
                if kept.rows is None:
                    continue
                if rows is None:
                    shown = dict(kept.shown())
                    self._of_kept = _Names(kept.generation, kept.rows, _changes(shown), kept.digest)
                elif self._of_kept is not None:
                    changed = dict(shown_in(key, value) for key, value in rows.items() if key.startswith("s"))
                    step = _Step({}, changed, kept.digest)
                    self._of_kept = _after(self._of_kept, step, kept.generation, kept.rows)
        except NamesDamaged:
            self._forget()

    def _forget(self) -> None:
        if self._kept is not None:
            self._kept.forget()
        self._of_kept = self._own = None

    def _followed(self, source: NameSource) -> _Names:
        """The names of these articles, in this process alone."""
        base = self._own or self._of_kept
        try:
            step = _step(base, source, self._source) if base is not None else None
        except NamesDamaged:
            self._forget()
            base = step = None
        if base is None or step is None:
            rows, shown = _whole(source)
            digest = _digest_of(shown)
            return _Names(source.generation, LayeredRows(NoRows(), dict(rows)), _changes(shown), digest)
        if base is self._own:
            base.rows.lay(step.rows)
            return _after(base, step, source.generation, base.rows)
        return _after(base, step, source.generation, LayeredRows(base.rows, step.rows))


def _step(base: _Names, source: NameSource, before: NameSource | None) -> _Step | None:
    """From the names of one generation to those of another; None where computing all of it is less work."""
    rows_before = RememberedRows(base.rows)
    facts = StoredFacts(rows_before)
    differences = _differences(base, source, before)
    changed = sum(map(len, differences.values()))
    if changed > _WHOLE_LEAST and changed * _WHOLE_SHARE > base.rows.about:
        return None
    try:
        touched = touched_by(facts, differences)
    except ValueError:
        # What is kept does not fit the articles, whatever it says.
        return None
    now = StoredFacts(LayeredRows(rows_before, touched.rows))
    shown = changed_results(Evaluation(facts), Evaluation(now), touched)
    rows = touched.rows
    digest = base.digest
    for node, to in shown.items():
        rows[shown_row(node)] = shown_value(to) if to is not None else None
        facet_node = (FACET_OF_KIND[node[0]], node[1])
        was = base.changes.get(facet_node)
        digest += digest_of([_in_facets(node, to)] if to is not None else [])
        digest -= digest_of([(facet_node, was)] if was is not None else [])
    return _Step(rows, shown, digest % (1 << 128))


def _differences(base: _Names, source: NameSource, before: NameSource | None) -> Differences:
    if before is not None and before.generation == base.generation and isinstance(source, _ComparedSource):
        found = {column: source.labels_since(before, column) for column in EVIDENCE_COLUMNS}
        if None not in found.values():
            return {column: differences for column, differences in found.items() if differences}
    counted = counted_in(base.rows)
    differences: dict[str, dict[str, int]] = {}
    for column in EVIDENCE_COLUMNS:
        labels, known = source.labels(column), counted.get(column, {})
        own = {label: count - known.get(label, 0) for label, count in labels.items() if count != known.get(label, 0)}
        own |= {label: -count for label, count in known.items() if label not in labels}
        differences[column] = own
    return differences


def _after(base: _Names, step: _Step, generation: str, rows: LayeredRows) -> _Names:
    changes = dict(_in_facets(node, to) for node, to in step.shown.items())
    if not changes:
        return _Names(generation, rows, base.changes, step.digest, base.recent)
    recent: tuple[tuple[str, frozenset[Node]], ...] = ()
    if len(changes) <= _REMEMBERED_CHANGES:
        recent = ((base.version, frozenset(changes)), *base.recent)[:_REMEMBERED_VERSIONS]
    return _Names(generation, rows, base.changes.with_changes(changes), step.digest, recent)


def _whole(source: NameSource) -> tuple[list[tuple[str, str]], dict[Node, Node]]:
    """All rows of an archive, and all labels that are shown otherwise than they are written."""
    with _collecting_no_garbage():
        facts = GatheredFacts({column: source.labels(column) for column in EVIDENCE_COLUMNS})
        shown = shown_otherwise(Evaluation(facts), facts)
        rows = list(rows_of(facts))
    rows.extend((shown_row(node), shown_value(to)) for node, to in shown.items())
    return rows, shown


@contextlib.contextmanager
def _collecting_no_garbage() -> Iterator[None]:
    """Spares half of the time where millions of values are made that all stay: else each is looked at many times."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _changes(shown: Mapping[Node, Node]) -> Layers[Node, Node | None]:
    return Layers(dict(_in_facets(node, to) for node, to in shown.items()))


def _digest_of(shown: Mapping[Node, Node]) -> int:
    return digest_of(_in_facets(node, to) for node, to in shown.items())


def _in_facets(node: Node, to: Node | None) -> tuple[Node, Node | None]:
    return (FACET_OF_KIND[node[0]], node[1]), (FACET_OF_KIND[to[0]], to[1]) if to is not None else None
