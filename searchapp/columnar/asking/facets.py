"""Facets as a searcher sees them: stored labels, some of them renamed, moved or dropped, with exact counts."""

from __future__ import annotations

import bisect
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar.asking.docsets import Selection
from searchapp.columnar.asking.views import SegmentView
from searchapp.columnar.format.labels import LabelColumn, Slots
from searchapp.columnar.format.ragged import distinct, ends_of

__all__ = ["FacetIndex", "Grouping", "Relabelling", "SegmentFacet"]

Array = npt.NDArray[Any]
KEPT_GROUPINGS = 4


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


@dataclass(frozen=True, slots=True)
class Grouping:
    """Labels put together, such as places by their country."""

    name: Hashable
    """Tells it from others: two of the same name put every label into the same group."""
    group_of: Callable[[str], str] = field(compare=False, repr=False)
    """The group of a label, asked once for each; the empty text for labels that belong to none."""


@dataclass(frozen=True, slots=True)
class _Groups:
    names: list[str]
    numbers: dict[str, int]
    of_label: Array
    """For each number of a label the number of its group."""


class _Names:
    """All labels of one facet that were ever seen, each with a number that stays."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.numbers: dict[str, int] = {}
        self._ranks: Array = np.empty(0, np.int64)
        self._letter_ranks: Array = np.empty(0, np.int64)
        self._text = ""
        self._ends: list[int] = []
        self._groups: dict[Hashable, _Groups] = {}

    def number_all(self, names: Sequence[str]) -> Array:
        numbers, known = self.numbers, self.names
        out = np.empty(len(names), np.int64)
        for place, name in enumerate(names):
            number = numbers.get(name)
            if number is None:
                number = numbers[name] = len(known)
                known.append(name)
            out[place] = number
        return out

    def ranks(self) -> Array:
        """For each number the place of its label among all, sorted."""
        if len(self._ranks) != len(self.names):
            count = len(self.names)
            order = sorted(range(count), key=self.names.__getitem__)
            ranks = np.empty(count, np.int64)
            ranks[np.array(order, np.int64)] = np.arange(count)
            self._ranks = ranks
        return self._ranks

    def letter_ranks(self, forms: Callable[[str], Sequence[str]]) -> Array:
        """The same by the forms of the labels."""
        if len(self._letter_ranks) != len(self.names):
            self._learn_forms(forms)
            count = len(self.names)
            keys = [(self._line(number), self.names[number]) for number in range(count)]
            ranks = np.empty(count, np.int64)
            ranks[np.array(sorted(range(count), key=keys.__getitem__), np.int64)] = np.arange(count)
            self._letter_ranks = ranks
        return self._letter_ranks

    def initials(self, numbers: Sequence[int], forms: Callable[[str], Sequence[str]]) -> list[str]:
        """The first character of the forms of each label, empty where it has no forms."""
        self._learn_forms(forms)
        starts = [self._start(number) + 1 for number in numbers]
        return [self._text[start].strip() for start in starts]

    def groups(self, grouping: Grouping) -> _Groups:
        """All labels in their groups."""
        found = self._groups.pop(grouping.name, None) or _Groups([], {}, np.empty(0, np.int64))
        new = self.names[len(found.of_label) :]
        if new:
            numbers = np.empty(len(new), np.int64)
            for place, name in enumerate(new):
                group = grouping.group_of(name)
                number = found.numbers.get(group)
                if number is None:
                    number = found.numbers[group] = len(found.names)
                    found.names.append(group)
                numbers[place] = number
            found = _Groups(found.names, found.numbers, np.concatenate([found.of_label, numbers]))
        self._groups[grouping.name] = found
        while len(self._groups) > KEPT_GROUPINGS:
            del self._groups[next(iter(self._groups))]
        return found

    def holding(self, text: str, forms: Callable[[str], Sequence[str]]) -> Array:
        """Numbers of the labels whose forms, each after a space, have `text` in them."""
        self._learn_forms(forms)
        found = []
        place = self._text.find(text)
        while place >= 0:
            number = bisect.bisect_right(self._ends, place)
            found.append(number)
            place = self._text.find(text, self._ends[number])
        return np.array(found, np.int64)

    def _start(self, number: int) -> int:
        return self._ends[number - 1] if number else 0

    def _line(self, number: int) -> str:
        return self._text[self._start(number) : self._ends[number]]

    def _learn_forms(self, forms: Callable[[str], Sequence[str]]) -> None:
        """Append a line of forms for each label that has none yet."""
        new = [f" {' '.join(forms(name))} \n" for name in self.names[len(self._ends) :]]
        place = len(self._text)
        for line in new:
            place += len(line)
            self._ends.append(place)
        self._text += "".join(new)

    def with_words(self, words: Sequence[str], prefix: bool, forms: Callable[[str], Sequence[str]]) -> Array:
        """Numbers of the labels in whose forms the words stand next to each other."""
        return self.holding(f" {' '.join(words)}" + ("" if prefix else " "), forms)


class SegmentFacet:
    """One facet over one segment. Labels have numbers of their own here; `names` gives those over all segments."""

    def __init__(self, view: SegmentView, slots: Slots, names: Array, column: LabelColumn | None) -> None:
        self._view = view
        self.slots = slots
        self.names = names
        self._column = column
        self._places: dict[int, int] | None = None

    @cached_property
    def totals(self) -> Array:
        """Counts over all living articles, at last of those without a label."""
        return self.slots.counts(self._view.all_docs)

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
            return self._view.living(self._column.postings.docs(place))
        starts, holders = self._holders
        return self._view.living(holders[int(starts[place]) : int(starts[place + 1])])

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
        self._id_field = id_field
        self.sources = {facet: tuple(fields) for facet, fields in facets.items()}
        self._home = {name: facet for facet, fields in self.sources.items() for name in fields}
        self._forms = forms
        self._names = {facet: _Names() for facet in facets}
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
                    for old in [known for known in list(view.facets) if known[0] == facet]:
                        # A version is not asked for again once the next one is out.
                        del view.facets[old]
                    found = view.facets[key] = self._make(view, facet, relabelling)
        return found

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
            return self._names[facet].with_words(words, prefix, self._forms)

    def letter_ranks(self, facet: str) -> Array:
        """For each number the place of its label in the order of its forms, equal ones in the order of labels."""
        with self._lock:
            return self._names[facet].letter_ranks(self._forms)

    def holding(self, facet: str, text: str, numbers: Array, *, word_start: bool = False) -> Array:
        """Those of the labels whose forms, joined by spaces, have those of `text` in them; all for a blank text.

        With `word_start` only where a word begins.
        """
        wanted = " ".join(self._forms(text))
        if not wanted:
            return numbers[:0] if text.strip() else numbers
        with self._lock:
            found = self._names[facet].holding(f" {wanted}" if word_start else wanted, self._forms)
        kept: Array = numbers[np.isin(numbers, found)]
        return kept

    def initials(self, facet: str, numbers: Array) -> list[str]:
        """The first character of the forms of each label, empty where it has no forms."""
        with self._lock:
            return self._names[facet].initials(numbers.tolist(), self._forms)

    def groups(self, facet: str, grouping: Grouping) -> tuple[Sequence[str], Array]:
        """Names of groups, and for each number of a label the number of its group."""
        with self._lock:
            found = self._names[facet].groups(grouping)
        return found.names, found.of_label

    def _make(self, view: SegmentView, facet: str, relabelling: Relabelling) -> SegmentFacet:
        names = self._names[facet]
        parts: list[tuple[LabelColumn, Array]] = []
        changed = False
        for source in self._home:
            column = view.data.labels(source)
            if column is None:
                continue
            at_home = self._home[source] == facet
            shown = names.number_all(_text(column)) if at_home else np.full(len(column.table), -1, np.int64)
            for label, target in self._changes(relabelling).get(source, ()):
                place = column.table.find(label.encode("utf-8", "surrogatepass"))
                if place < 0 or (not at_home and (target is None or target[0] != facet)):
                    continue
                changed = True
                shown[place] = int(names.number_all([target[1]])[0]) if target and target[0] == facet else -1
            if at_home or (shown >= 0).any():
                parts.append((column, shown))
        own = self._overridden(view, facet, relabelling) if relabelling.overrides else {}
        if len(parts) == 1 and not changed and not own:
            column, shown = parts[0]
            return SegmentFacet(view, column.slots, shown, column)
        return self._joined(view, parts, own)

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

    def _changes(self, relabelling: Relabelling) -> Mapping[str, Sequence[tuple[str, tuple[str, str] | None]]]:
        """The changes by stored field."""
        if self._grouped is None or self._grouped[0] is not relabelling.changes:
            grouped: dict[str, list[tuple[str, tuple[str, str] | None]]] = {}
            for (source, label), target in relabelling.changes.items():
                grouped.setdefault(source, []).append((label, target))
            self._grouped = (relabelling.changes, grouped)
        return self._grouped[1]

    def _joined(
        self, view: SegmentView, parts: list[tuple[LabelColumn, Array]], own: Mapping[int, Array]
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
        return SegmentFacet(view, slots, present, None)


def _labels_of(view: SegmentView, source: str, doc: int) -> list[str]:
    """The labels that an article has in a stored field."""
    column = view.data.labels(source)
    if column is None:
        return []
    return [column.table[number].decode("utf-8", "surrogatepass") for number in column.slots.labels_of(doc)]


def _text(column: LabelColumn) -> list[str]:
    return [label.decode("utf-8", "surrogatepass") for label in column.table.words()]
