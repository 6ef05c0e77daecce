"""The facts as rows of text, sorted: what is kept of an archive, so that a change reads and writes a few of them."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from searchapp.entities.archive_names.rules.facts import GatheredFacts, form_line
from searchapp.entities.archive_names.rules.keys import Keys, Node, keys_of
from searchapp.language.names import name_key
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET

__all__ = [
    "LayeredRows",
    "NoRows",
    "RememberedRows",
    "Rows",
    "StoredFacts",
    "Touched",
    "counted_in",
    "rows_of",
    "shown_in",
    "shown_row",
    "shown_value",
    "touched_by",
]

SEPARATOR = "\x1f"
_MANY = 1_000
_LARGEST = ord("z")
_LETTERS = {"person": "H", "place": "L", "organisation": "O"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_ESCAPE = "\x7f"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PACKED = re.compile("\x7f(.)", re.DOTALL)


class Rows(Protocol):
    """Keys with values, in the order of keys."""

    @property
    def about(self) -> int:
        """About how many there are."""

    def get(self, key: str) -> str | None:
        """The value of a key; None where there is none."""

    def scan(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Keys that begin with `prefix`, and their values, in order."""


class NoRows:
    """No rows."""

    about = 0

    def get(self, key: str) -> str | None:
        return None

    def scan(self, prefix: str) -> Iterator[tuple[str, str]]:
        return iter(())


class LayeredRows:
    """Rows with changes laid over them."""

    def __init__(self, below: Rows, changes: Mapping[str, str | None]) -> None:
        """`changes` has None for rows that are no more."""
        self._below = below
        self._changes = dict(changes)
        self._keys = sorted(changes)

    def lay(self, changes: Mapping[str, str | None]) -> None:
        """Lays more changes over them."""
        new = [key for key in changes if key not in self._changes]
        self._changes.update(changes)
        if len(new) > _MANY:
            self._keys = sorted(self._changes)
        else:
            for key in new:
                insort(self._keys, key)

    @property
    def about(self) -> int:
        """About how many rows there are."""
        return self._below.about + len(self._changes)

    def get(self, key: str) -> str | None:
        if key in self._changes:
            return self._changes[key]
        return self._below.get(key)

    def scan(self, prefix: str) -> Iterator[tuple[str, str]]:
        keys = self._keys
        place = bisect_left(keys, prefix)
        if place == len(keys) or not keys[place].startswith(prefix):
            return self._below.scan(prefix)
        return self._merged(prefix, place)

    def _merged(self, prefix: str, place: int) -> Iterator[tuple[str, str]]:
        keys = self._keys
        for key, value in self._below.scan(prefix):
            while place < len(keys) and keys[place] < key:
                yield from self._own(keys[place])
                place += 1
            if place < len(keys) and keys[place] == key:
                yield from self._own(key)
                place += 1
            else:
                yield key, value
        while place < len(keys) and keys[place].startswith(prefix):
            yield from self._own(keys[place])
            place += 1

    def _own(self, key: str) -> Iterator[tuple[str, str]]:
        value = self._changes[key]
        if value is not None:
            yield key, value


class RememberedRows:
    """Rows of which nothing is read twice, for as long as they do not change."""

    def __init__(self, below: Rows) -> None:
        self._below = below
        self.about = below.about
        self._values: dict[str, str | None] = {}
        self._scans: dict[str, tuple[list[tuple[str, str]], Iterator[tuple[str, str]]]] = {}

    def get(self, key: str) -> str | None:
        if key not in self._values:
            self._values[key] = self._below.get(key)
        return self._values[key]

    def scan(self, prefix: str) -> Iterator[tuple[str, str]]:
        read, rest = self._scans.setdefault(prefix, ([], self._below.scan(prefix)))
        return self._reread(read, rest)

    def _reread(self, read: list[tuple[str, str]], rest: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        place = 0
        while True:
            if place == len(read):
                pair = next(rest, None)
                if pair is None:
                    return
                read.append(pair)
            yield read[place]
            place += 1


class StoredFacts:
    """Facts that are read from rows when they are asked for; see `Facts` of `rules.facts`."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._forms: dict[Node, list[str]] = {}

    def count(self, node: Node) -> int:
        return int(self.rows.get(_count_key(node, keys_of(node))) or 0)

    def keys(self, node: Node) -> Keys:
        return keys_of(node)

    def family(self, kind: str, family: str) -> Iterator[tuple[str, str, int]]:
        for key, value in self.rows.scan(f"n{_LETTERS[kind]}{_packed(family)}{SEPARATOR}"):
            _, spelling, label = key.split(SEPARATOR)
            yield spelling, _unpacked(label), int(value)

    def spelled(self, kind: str, family: str, spelling: str) -> Iterator[tuple[str, int]]:
        prefix = f"n{_LETTERS[kind]}{_packed(family)}{SEPARATOR}{spelling}{SEPARATOR}"
        return ((_unpacked(key[len(prefix) :]), int(value)) for key, value in self.rows.scan(prefix))

    def uses(self, form: Node) -> int:
        return int(self.rows.get(_uses_key(form)) or 0)

    def targets(self, form: Node) -> Iterator[tuple[str, int]]:
        prefix = f"m{_packed_node(form)}{SEPARATOR}"
        return ((_unpacked(key[len(prefix) + 1 :]), int(value)) for key, value in self.rows.scan(prefix))

    def meaning(self, form: Node, label: str) -> int:
        """Articles in which a label stands for another one."""
        return int(self.rows.get(_form_key(form, label)) or 0)

    def forms(self, node: Node) -> Sequence[str]:
        found = self._forms.get(node)
        if found is None:
            found = self._forms[node] = self._ends(f"r{_packed_node(node)}{SEPARATOR}")
        return found

    def folded(self, key: str) -> list[Node]:
        return list(self._nodes(f"c{_packed(key)}{SEPARATOR}"))

    def alike(self, key: str) -> Iterator[Node]:
        """The labels and short forms that have this `name_key`, or a usual name that has it."""
        for table in "ckf":
            yield from self._nodes(f"{table}{_packed(key)}{SEPARATOR}")

    def begun(self, key: str, most: int) -> Iterator[Node]:
        """Such whose `name_key` begins with this one, the shortest first; up to `most` of each table."""
        for table in "ckf":
            yield from islice(self._nodes(f"{table}{_packed(key)}"), most)

    def bearing(self, word: str) -> Iterator[str]:
        prefix = f"b{word}{SEPARATOR}"
        return (_unpacked(key[len(prefix) :]) for key, _ in self.rows.scan(prefix))

    def beginning(self, words: str) -> Iterator[str]:
        for prefix in (f"w{words}{SEPARATOR}", f"w{words} "):
            for key, _ in self.rows.scan(prefix):
                yield _unpacked(key.split(SEPARATOR)[1])

    def written(self, words: str) -> list[str]:
        return self._ends(f"w{words}{SEPARATOR}")

    def _nodes(self, prefix: str) -> Iterator[Node]:
        return (_node_in(key.partition(SEPARATOR)[2]) for key, _ in self.rows.scan(prefix))

    def _ends(self, prefix: str) -> list[str]:
        return [_unpacked(key[len(prefix) :]) for key, _ in self.rows.scan(prefix)]


@dataclass(slots=True)
class Touched:
    """What some changes of counts touch."""

    rows: dict[str, str | None] = field(default_factory=dict)
    """The rows as they are now, None for those that are no more."""
    counted: set[Node] = field(default_factory=set)
    """Labels whose count has changed."""
    came: set[Node] = field(default_factory=set)
    """Those among them that were nowhere before, or are now."""
    forms: set[Node] = field(default_factory=set)
    """Labels whose meanings as a short form have changed."""


def touched_by(facts: StoredFacts, differences: Mapping[str, Mapping[str, int]]) -> Touched:
    """What it means for the rows that the labels of columns stand in more articles than before, or in fewer.

    Raises `ValueError` for differences that do not fit the facts.
    """
    touched = Touched()
    for facet, column in differences.items():
        kind = KIND_OF_FACET.get(facet)
        for label, difference in column.items():
            if kind is not None and difference:
                _count(facts, (kind, label), difference, touched)
            elif facet == "forms" and difference:
                _mean(facts, *form_line(label), difference, touched)
    return touched


def _count(facts: StoredFacts, node: Node, difference: int, touched: Touched) -> None:
    before = facts.count(node)
    now = before + difference
    if now < 0:
        raise ValueError(f"{node[1]!r} cannot stand in {now} articles")
    touched.counted.add(node)
    keys = keys_of(node)
    touched.rows[_count_key(node, keys)] = str(now) if now else None
    if not before or not now:
        touched.came.add(node)
        touched.rows.update(dict.fromkeys(_found_by(node, keys), "" if now else None))


def _mean(facts: StoredFacts, form: Node, label: str, difference: int, touched: Touched) -> None:
    if form[1] == label:
        return
    before = facts.meaning(form, label)
    now = before + difference
    if now < 0:
        raise ValueError(f"{form[1]!r} cannot stand for {label!r} in {now} articles")
    touched.forms.add(form)
    if before:
        touched.rows[_meaning_key(form, label, before)] = None
    if now:
        touched.rows[_meaning_key(form, label, now)] = str(now)
    touched.rows[_form_key(form, label)] = str(now) if now else None
    key = _uses_key(form)
    uses = int((touched.rows[key] if key in touched.rows else facts.rows.get(key)) or 0) + difference
    touched.rows[key] = str(uses) if uses else None
    touched.rows[_alike_key(form)] = "" if uses else None


def rows_of(facts: GatheredFacts) -> Iterator[tuple[str, str]]:
    """All rows of an archive, in no order."""
    for node in facts.nodes():
        keys = facts.keys(node)
        yield _count_key(node, keys), str(facts.count(node))
        for key in _found_by(node, keys):
            yield key, ""
    uses: dict[Node, int] = {}
    for form, label, count in facts.meanings():
        yield _meaning_key(form, label, count), str(count)
        yield _form_key(form, label), str(count)
        uses[form] = uses.get(form, 0) + count
    for form, count in uses.items():
        yield _uses_key(form), str(count)
        yield _alike_key(form), ""


def counted_in(rows: Rows) -> dict[str, dict[str, int]]:
    """The columns of labels with their counts that rows were made of."""
    found: dict[str, dict[str, int]] = {facet: {} for facet in FACET_OF_KIND.values()}
    for key, value in rows.scan("n"):
        found[FACET_OF_KIND[_KINDS[key[1]]]][_unpacked(key.rpartition(SEPARATOR)[2])] = int(value)
    forms = found["forms"] = {}
    for key, value in rows.scan("r"):
        label, _, form = key[2:].partition(SEPARATOR)
        forms[f"{_KINDS[key[1]]}\t{_unpacked(form)}\t{_unpacked(label)}"] = int(value)
    return found


def _count_key(node: Node, keys: Keys) -> str:
    return f"n{_LETTERS[node[0]]}{_packed(keys.family)}{SEPARATOR}{keys.spelling}{SEPARATOR}{_packed(node[1])}"


def _found_by(node: Node, keys: Keys) -> Iterable[str]:
    packed = _packed(node[1])
    for key in keys.folded:
        yield f"c{_packed(key)}{SEPARATOR}{_LETTERS[node[0]]}{packed}"
    for word in keys.bears:
        yield f"b{word}{SEPARATOR}{packed}"
    if keys.written:
        yield f"w{keys.written}{SEPARATOR}{packed}"
    # Most names are found by their words as they are found by themselves folded.
    for key in {name_key(name) for name in (node[1], keys.usual) if name}:
        if key not in keys.folded:
            yield f"k{_packed(key)}{SEPARATOR}{_LETTERS[node[0]]}{packed}"


def _meaning_key(form: Node, label: str, count: int) -> str:
    # The sign in front is lower for larger numbers, and the same for numbers alike, so that most changes move no row.
    return f"m{_packed_node(form)}{SEPARATOR}{chr(_LARGEST - count.bit_length())}{_packed(label)}"


def _uses_key(form: Node) -> str:
    return f"u{_packed_node(form)}"


def _alike_key(form: Node) -> str:
    return f"f{_packed(name_key(form[1]))}{SEPARATOR}{_packed_node(form)}"


def _form_key(form: Node, label: str) -> str:
    return f"r{_packed_node((form[0], label))}{SEPARATOR}{_packed(form[1])}"


def shown_row(node: Node) -> str:
    """The key of the row that tells what a label is shown as."""
    return f"s{_packed_node(node)}"


def shown_in(key: str, value: str | None) -> tuple[Node, Node | None]:
    """The label that such a row is about, and what it is shown as; None where nothing is told."""
    return _node_in(key[1:]), _node_in(value) if value else None


def _packed_node(node: Node) -> str:
    return f"{_LETTERS[node[0]]}{_packed(node[1])}"


def shown_value(shown: Node) -> str:
    """The value of that row."""
    return _packed_node(shown)


def _node_in(packed: str) -> Node:
    return _KINDS[packed[0]], _unpacked(packed[1:])


def _packed(text: str) -> str:
    """The text without the signs that part the fields of rows."""
    if text.isprintable():
        return text
    return _CONTROL.sub(lambda match: f"{_ESCAPE}{chr(ord(match[0]) + 0x40)}", text)


def _unpacked(text: str) -> str:
    if _ESCAPE not in text:
        return text
    return _PACKED.sub(lambda match: chr(ord(match[1]) - 0x40), text)
