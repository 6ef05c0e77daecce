"""Facets as a searcher sees them: stored labels, some of them renamed, moved or dropped, with exact counts."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.asking.docsets import Selection
from searchapp.columnar.asking.naming import Grouping, LabelNames
from searchapp.columnar.asking.views import Living, SegmentView
from searchapp.columnar.format.labels import LabelColumn, Slots
from searchapp.columnar.format.ragged import distinct, ends_of

__all__ = ["FacetIndex", "Relabelling", "SegmentFacet"]

Array = npt.NDArray[Any]

_serials = itertools.count()


@dataclass(frozen=True, slots=True)
class Relabelling:
    """What stored labels are shown as."""

    version: Hashable = 0
    """Different for different changes."""
    changes: Mapping[tuple[str, str], tuple[str, str] | None] = field(default_factory=lambda: MappingProxyType({}))
    """(stored field, stored label) to (facet, label) as shown, or to None where it is not shown at all."""
    overrides: Mapping[str, Mapping[tuple[str, str], tuple[str, str] | None]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """Id of an article to what is different in it: (facet, label) as `changes` shows it, to what it is there."""
    follows: Hashable = None
    """The version of another one, from which this differs in what it shows of the labels in `renewed` alone."""
    renewed: frozenset[tuple[str, str]] = frozenset()
    """(stored field, stored label) of those."""


class SegmentFacet:
    """One facet over one segment. Labels have numbers of their own here; `names` gives those over all segments."""

    def __init__(
        self,
        alive: Living,
        slots: Slots,
        names: Array,
        column: LabelColumn | None,
        shown: Mapping[str, Array] = MappingProxyType({}),
    ) -> None:
        """`column` has the labels where none is shown as another; `shown` is what those of each column are shown as."""
        self._alive = alive
        self.shown = shown
        self.changed = column is None
        self.slots = slots
        self.names = names
        self._column = column
        self._places: dict[int, int] | None = None

    def without(self, view: SegmentView, deleted: Array) -> SegmentFacet:
        """The same in a view in which these articles no longer live."""
        made = SegmentFacet(view.alive, self.slots, self.names, self._column, self.shown)
        made._places = self._places
        known = self.__dict__
        if "totals" in known:
            made.__dict__["totals"] = known["totals"] - self.slots.counts(deleted)
        if "_holders" in known:
            made.__dict__["_holders"] = known["_holders"]
        return made

    @cached_property
    def totals(self) -> Array:
        """Counts over all living articles, at last of those without a label."""
        if self._column is None or self._alive.mask is not None:
            return self.slots.counts(self._alive.all)
        # Where all live, each label's own list says how many articles have it.
        without = np.count_nonzero(self.slots.first == self.slots.labels)
        return np.append(self._column.postings.df, without).astype(np.int64)

    def counts(self, chosen: Selection) -> Array:
        """int64: articles of a selection with each label, and at last those with none."""
        if chosen.everything:
            return self.totals
        if not chosen.most:
            return self.slots.counts(chosen.docs, lambda: chosen.mask)
        # Counting those left out is less work.
        difference: Array = self.totals - self.slots.counts(chosen.rest.docs, lambda: chosen.rest.mask)
        return difference

    def group_counts(self, chosen: Selection, groups: Array, size: int) -> Array:
        """int64: articles of a selection with any label of each of `size` groups.

        `groups` has the group of each label by its number over all segments, -1 for labels that do not count.
        """
        own = np.append(groups[self.names], -1)
        slots = self.slots
        first = own[slots.first.take(chosen.docs)]
        counts = np.bincount(first[first >= 0], minlength=size)
        if len(slots.more_docs):
            hits = np.flatnonzero(chosen.mask.take(slots.more_docs))
            docs, more = slots.more_docs.take(hits).astype(np.int64), own[slots.more_labels.take(hits)]
            # An article with two labels of a group counts once; most further labels are of the group of the first.
            new = np.flatnonzero((more >= 0) & (more != own[slots.first.take(docs)]))
            counts += np.bincount(distinct(docs[new] * size + more[new]) % size, minlength=size)
        return counts

    def docs(self, name: int) -> Array:
        """Living articles with the label that has this number over all segments, ascending."""
        if self._places is None:
            self._places = {number: place for place, number in enumerate(self.names.tolist())}
        place = self._places.get(name)
        if place is None:
            return np.empty(0, np.int64)
        if self._column is not None:
            return self._alive.among(self._column.postings.docs(place))
        starts, holders = self._holders
        return self._alive.among(holders[int(starts[place]) : int(starts[place + 1])])

    @cached_property
    def _holders(self) -> tuple[Array, Array]:
        docs, numbers = self.slots.pairs()
        order = np.argsort(numbers, kind="stable")
        return ends_of(np.bincount(numbers, minlength=self.slots.labels)), docs[order]


class FacetIndex:
    """The facets of an index, whatever its state."""

    def __init__(
        self, facets: Mapping[str, Sequence[str]], forms: Callable[[str], Sequence[str]], *, id_field: str = "id"
    ) -> None:
        """`facets` maps each facet to the stored fields whose labels it shows unless they are changed.

        `id_field` holds the ids by which overrides name articles.
        """
        self.serial = next(_serials)
        """Tells it from every other one."""
        self._id_field = id_field
        self.sources = {facet: tuple(fields) for facet, fields in facets.items()}
        self._home = {name: facet for facet, fields in self.sources.items() for name in fields}
        self._forms = forms
        self._names = {facet: LabelNames(forms) for facet in facets}
        self._lock = threading.RLock()
        self._grouped: tuple[Any, Mapping[str, Sequence[tuple[str, tuple[str, str] | None]]]] | None = None

    def of(self, view: SegmentView, facet: str, relabelling: Relabelling) -> SegmentFacet:
        """A facet over a segment."""
        key = (facet, relabelling.version)
        found: SegmentFacet | None = view.facets.get(key)
        if found is None:
            with self._lock:
                found = view.facets.get(key)
                if found is None:
                    before: SegmentFacet | None = None
                    for old in [known for known in list(view.facets) if known[0] == facet]:
                        # A version is not asked for again once the next one is out.
                        last = view.facets.pop(old)
                        before = last if old[1] == relabelling.follows else None
                    if before is None or self._renewed(view, relabelling):
                        before = self._make(view, facet, relabelling, before)
                    found = view.facets[key] = before
        return found

    def _renewed(self, view: SegmentView, relabelling: Relabelling) -> bool:
        """Whether the segment has a label that was shown otherwise by the relabelling that this one follows."""
        if view.renewed is None or view.renewed[0] != relabelling.version:
            columns = {source: view.data.labels(source) for source in self._home}
            found = any(
                column.table.find(label.encode("utf-8", "surrogatepass")) >= 0
                for source, label in relabelling.renewed
                if (column := columns.get(source)) is not None
            )
            view.renewed = (relabelling.version, found)
        return view.renewed[1]

    def number(self, facet: str, label: str) -> int | None:
        """The number of a label over all segments; None when no article ever had it."""
        return self._names[facet].numbers.get(label)

    def labels(self, facet: str, numbers: Sequence[int]) -> list[str]:
        """The labels of these numbers."""
        names = self._names[facet].names
        return [names[number] for number in numbers]

    def size(self, facet: str) -> int:
        """How many numbers there are."""
        return len(self._names[facet].names)

    def ranks(self, facet: str) -> Array:
        """For each number the place of its label in the order of labels."""
        with self._lock:
            return self._names[facet].ranks()

    def with_words(self, facet: str, words: Sequence[str], *, prefix: bool) -> Array:
        """Numbers of the labels in whose forms the words stand next to each other."""
        with self._lock:
            return self._names[facet].with_words(words, prefix=prefix)

    def letter_ranks(self, facet: str) -> Array:
        """For each number the place of its label in the order of its forms, equal ones in the order of labels."""
        with self._lock:
            return self._names[facet].letter_ranks()

    def holding(
        self, facet: str, text: str, numbers: Array, *, word_start: bool = False, also: Sequence[str] = ()
    ) -> Array:
        """bool for each of the labels: whether its forms, joined by spaces, have those of `text` in them.

        All have a blank text. With `word_start` only where a word begins. Labels of `also` have it whatever it is.
        """
        wanted = " ".join(self._forms(text))
        if not text.strip():
            return np.ones(len(numbers), bool)
        with self._lock:
            names = self._names[facet]
            found = names.holding(f" {wanted}" if word_start else wanted) if wanted else np.empty(0, np.int64)
            others = [number for label in also if (number := names.numbers.get(label)) is not None]
        return np.isin(numbers, np.append(found, others))

    def initials(self, facet: str, numbers: Array) -> list[str]:
        """The first character of the forms of each label, empty where it has no forms."""
        with self._lock:
            return self._names[facet].initials(numbers.tolist())

    def groups(self, facet: str, grouping: Grouping) -> tuple[Sequence[str], Array]:
        """Names of groups, and for each number of a label the number of its group."""
        with self._lock:
            return self._names[facet].groups(grouping)

    def _make(
        self, view: SegmentView, facet: str, relabelling: Relabelling, before: SegmentFacet | None
    ) -> SegmentFacet:
        """A facet over a segment; `before` is that of the relabelling that is followed, where it is known."""
        names = self._names[facet]
        columns: dict[str, LabelColumn] = {}
        shown: dict[str, Array] = {}
        changed = before is not None and before.changed
        for source in self._home:
            column = view.data.labels(source)
            if column is None:
                continue
            columns[source] = column
            at_home = self._home[source] == facet
            known = before.shown.get(source) if before is not None else None
            if known is not None:
                shown[source] = known.copy()
            elif at_home:
                shown[source] = names.number_all(_text(column))
            for label, target in self._changes(relabelling, source, renewed=before is not None):
                here = target is not None and target[0] == facet
                place = column.table.find(label.encode("utf-8", "surrogatepass"))
                if place < 0 or not (here or source in shown):
                    continue
                numbers = shown.setdefault(source, np.full(len(column.table), -1, np.int64))
                number = int(names.number_all([target[1]])[0]) if target is not None and here else -1
                changed |= number != numbers[place]
                numbers[place] = number
        own = self._overridden(view, facet, relabelling) if relabelling.overrides else {}
        parts = [(columns[source], numbers) for source, numbers in shown.items()]
        if len(parts) == 1 and not changed and not own:
            column, numbers = parts[0]
            return SegmentFacet(view.alive, column.slots, numbers, column, shown)
        return self._joined(view, parts, own, shown)

    def _overridden(self, view: SegmentView, facet: str, relabelling: Relabelling) -> dict[int, Array]:
        """Articles of the segment that have overrides, to the numbers of the labels that each has in a facet."""
        ids = view.data.ids(self._id_field)
        articles = list(relabelling.overrides)
        keys = [article.encode("utf-8", "surrogatepass") for article in articles]
        found: dict[int, Array] = {}
        for place, doc in ids.find(keys) if ids is not None else ():
            own = relabelling.overrides[articles[place]]
            labels = []
            for source, home in self._home.items():
                for label in _labels_of(view, source, doc):
                    shown = relabelling.changes.get((source, label), (home, label))
                    target = own.get(shown, shown) if shown else None
                    if target and target[0] == facet:
                        labels.append(target[1])
            found[doc] = self._names[facet].number_all(list(dict.fromkeys(labels)))
        return found

    def _changes(
        self, relabelling: Relabelling, source: str, *, renewed: bool
    ) -> Sequence[tuple[str, tuple[str, str] | None]]:
        """The labels of a stored field that are shown as others, or those that are `renewed`, and as what."""
        if renewed:
            home = self._home[source]
            return [
                (label, relabelling.changes.get((source, label), (home, label)))
                for field_name, label in relabelling.renewed
                if field_name == source
            ]
        if self._grouped is None or self._grouped[0] is not relabelling.changes:
            grouped: dict[str, list[tuple[str, tuple[str, str] | None]]] = {}
            for (field_name, label), target in relabelling.changes.items():
                grouped.setdefault(field_name, []).append((label, target))
            self._grouped = (relabelling.changes, grouped)
        return self._grouped[1].get(source, ())

    def _joined(
        self,
        view: SegmentView,
        parts: list[tuple[LabelColumn, Array]],
        own: Mapping[int, Array],
        shown_of: Mapping[str, Array],
    ) -> SegmentFacet:
        shown_all = np.concatenate([np.empty(0, np.int64), *(shown for _, shown in parts), *own.values()])
        present = distinct(shown_all[shown_all >= 0])
        size = max(len(present), 1)
        keys = [np.empty(0, np.int64)]
        for column, shown in parts:
            docs, labels = column.slots.pairs()
            local = np.where(shown >= 0, np.searchsorted(present, shown), -1)[labels]
            kept = local >= 0
            if own:
                kept &= ~np.isin(docs, list(own))
            places = np.flatnonzero(kept)
            keys.append(docs[places] * size + local[places])
        keys += [doc * size + np.searchsorted(present, numbers) for doc, numbers in own.items()]
        # An article with two labels that are shown as one counts once.
        pairs = distinct(np.concatenate(keys))
        slots = Slots.of_pairs(pairs // size, pairs % size, view.docs, len(present))
        return SegmentFacet(view.alive, slots, present, None, shown_of)


def _labels_of(view: SegmentView, source: str, doc: int) -> list[str]:
    """The labels that an article has in a stored field."""
    column = view.data.labels(source)
    if column is None:
        return []
    return [column.table[number].decode("utf-8", "surrogatepass") for number in column.slots.labels_of(doc)]


def _text(column: LabelColumn) -> list[str]:
    return [label.decode("utf-8", "surrogatepass") for label in column.table.words()]
