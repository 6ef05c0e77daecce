"""All labels of one facet, each with a number that stays, and what has to be known of all of them together.

Labels come a few at a time, with every commit, so everything here is kept up and nothing made anew for a few.
"""

from __future__ import annotations

import bisect
from array import array
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Grouping", "LabelNames"]

Array = npt.NDArray[Any]
Forms: TypeAlias = Callable[[str], Sequence[str]]

KEPT_GROUPINGS = 4
ONE_BY_ONE = 8
"""A table is sorted anew when it has grown by more than this part of it."""


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


class _Order:
    """Numbers from 0 sorted by a key of each, kept up as more come."""

    def __init__(self, key: Callable[[int], Any]) -> None:
        self._key = key
        self._sorted = array("q")
        self.ranks: Array = np.empty(0, np.int64)
        """For each number its place among all, sorted."""

    def extend(self, count: int) -> Array:
        """The ranks of the numbers below `count`."""
        known = len(self._sorted)
        if (count - known) * ONE_BY_ONE > known:
            self._sorted = array("q", sorted(range(count), key=self._key))
            self.ranks = np.empty(count, np.int64)
            self.ranks[np.frombuffer(self._sorted, np.int64)] = np.arange(count)
        elif count > known:
            new = sorted(range(known, count), key=self._key)
            places = [bisect.bisect_left(self._sorted, self._key(number), key=self._key) for number in new]
            moved = self.ranks + np.searchsorted(places, self.ranks, side="right")
            self.ranks = np.concatenate([moved, np.empty(len(new), np.int64)])
            for before, (place, number) in enumerate(zip(places, new, strict=True)):
                self._sorted.insert(place + before, number)
                self.ranks[number] = place + before
        return self.ranks


@dataclass(frozen=True, slots=True)
class _Lines:
    """The forms of some consecutive labels, a line for each."""

    first: int
    """Number of the first label."""
    text: str
    ends: list[int]
    """Where each line ends."""

    def line(self, number: int) -> str:
        """The line of the label of this number."""
        place = number - self.first
        return self.text[self.ends[place - 1] if place else 0 : self.ends[place]]


class LabelNames:
    """All labels of one facet that were ever seen."""

    def __init__(self, forms: Forms) -> None:
        """`forms` gives the words of a label as they are looked for."""
        self.names: list[str] = []
        """The label of each number."""
        self.numbers: dict[str, int] = {}
        """The number of each label."""
        self._forms = forms
        self._order = _Order(self.names.__getitem__)
        self._letter_order = _Order(lambda number: (self._line(number), self.names[number]))
        self._lines: list[_Lines] = []
        self._groups: dict[Hashable, _Groups] = {}

    def number_all(self, names: Sequence[str]) -> Array:
        """The number of each label; new ones get the next."""
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
        return self._order.extend(len(self.names))

    def letter_ranks(self) -> Array:
        """The same by the forms of the labels."""
        self._learn_forms()
        return self._letter_order.extend(len(self.names))

    def initials(self, numbers: Sequence[int]) -> list[str]:
        """The first character of the forms of each label, empty where it has no forms."""
        self._learn_forms()
        return [self._line(number)[1:2].strip() for number in numbers]

    def groups(self, grouping: Grouping) -> tuple[Sequence[str], Array]:
        """Names of groups, and for each number of a label the number of its group."""
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
        return found.names, found.of_label

    def holding(self, text: str) -> Array:
        """Numbers of the labels whose forms, each after a space, have `text` in them, ascending."""
        self._learn_forms()
        found = []
        for lines in self._lines:
            place = lines.text.find(text)
            while place >= 0:
                number = bisect.bisect_right(lines.ends, place)
                found.append(lines.first + number)
                place = lines.text.find(text, lines.ends[number])
        return np.array(found, np.int64)

    def with_words(self, words: Sequence[str], *, prefix: bool) -> Array:
        """Numbers of the labels in whose forms the words stand next to each other."""
        return self.holding(f" {' '.join(words)}" + ("" if prefix else " "))

    def _line(self, number: int) -> str:
        place = bisect.bisect_right(self._lines, number, key=lambda lines: lines.first) - 1
        return self._lines[place].line(number)

    def _learn_forms(self) -> None:
        """Append a line of forms for each label that has none yet."""
        known = self._lines[-1].first + len(self._lines[-1].ends) if self._lines else 0
        new = [f" {' '.join(self._forms(name))} \n" for name in self.names[known:]]
        if not new:
            return
        ends: list[int] = np.cumsum([len(line) for line in new]).tolist()
        last = _Lines(known, "".join(new), ends)
        # Each text is at least twice as long as the next: few of them are looked through, and none is copied often.
        while self._lines and len(self._lines[-1].text) < 2 * len(last.text):
            before = self._lines.pop()
            shifted = [len(before.text) + end for end in last.ends]
            last = _Lines(before.first, before.text + last.text, before.ends + shifted)
        self._lines.append(last)
