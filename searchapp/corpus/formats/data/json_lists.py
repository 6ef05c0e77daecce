"""The objects of a JSON file that look like articles, however deep they lie, without holding the file in memory."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import ijson

from searchapp.corpus.formats.data.fields import FIELDS, folded
from searchapp.errors import UnreadableFile

__all__ = ["WRAPPERS", "Utf8Stream", "likeness_of", "objects_in"]

WRAPPERS = frozenset({"fields", "_source", "attributes", "article", "data", "document", "doc", "properties"})
"""Keys whose object holds more fields of the same article."""

DEEPEST = 64
"""Objects and lists inside one another; articles nest a few, and without a limit a file of brackets would never end."""

_BODY_NAMES = frozenset(FIELDS["body"])
_TITLE_NAMES = frozenset(FIELDS["title"])
_WEAK_BODY_NAMES = frozenset(
    "description summary abstract lead leadparagraph standfirst excerpt snippet news noticia".split()
)
_MOST_ALIKE = 3
_ENOUGH_ITEMS = 100
_MOST_KEYS = 500
_MOST_TEXTS = 20
_LONGEST_TEXT = 300

_Path: TypeAlias = tuple[str | None, ...]
"""Keys from the top of the file to an object; None stands for any item of a list."""


COLUMNS: _Path = ("the columns of a table",)
"""In place of a path: the whole file is one table, column by column or in rows without names."""
MOST_CHARS_OF_TABLE = 64 << 20
_ANY_KEY = "*"

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|-?\bInfinity\b|\bNaN\b', re.DOTALL)
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_CUT = re.compile(r"(?:\\{1,10}|[-A-Za-z]{1,9})\Z")


class Utf8Stream:
    """A text stream as UTF-8 bytes, which is what the JSON parser takes; NaN and Infinity are null in it."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self._held = ""
        self._in_string = False

    def read(self, size: int = -1) -> bytes:
        """At least `size` bytes unless the stream ends, at most four times as many."""
        read = self._stream.read(size)
        text = self._held + read
        self._held = ""
        if read and (cut := _CUT.search(text, max(0, len(text) - 10))) and cut.start():
            # Neither a word nor what a backslash takes the meaning from is looked at by halves.
            text, self._held = text[: cut.start()], text[cut.start() :]
        if "NaN" in text or "Infinity" in text:
            text = self._without_numbers_that_are_none(text)
        elif (_ESCAPE.sub("", text) if "\\" in text else text).count('"') % 2:
            self._in_string = not self._in_string
        return text.encode("utf-8", "replace")

    def __enter__(self) -> Utf8Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def _without_numbers_that_are_none(self, text: str) -> str:
        whole = f'"{text}' if self._in_string else text
        mended = _TOKEN.sub(lambda match: match[0] if match[0][0] == '"' else "null", whole)
        if (_ESCAPE.sub("", text)).count('"') % 2:
            mended, self._in_string = (mended[1:], False) if self._in_string else (mended, True)
            return mended
        return mended[1:] if self._in_string else mended


def objects_in(
    open_stream: Callable[[], Utf8Stream], *, wanted: Sequence[str] = ()
) -> Iterator[tuple[dict[str, Any], Mapping[str, str]]]:
    """The objects of the list whose objects look most like articles, or the one object that does.

    Each comes with the texts that stand in the objects around it. An object looks like an article when it has a text or
    a title under one of their usual names, or a key among `wanted`. The values of an object whose keys only count are a
    list as well. Raises `UnreadableFile` when none does, and where the JSON is broken, after what came before.
    """
    chosen = _best_path(open_stream, frozenset(wanted))
    if chosen == COLUMNS:
        yield from ((row, {}) for row in _rows_of_table(open_stream))
        return
    count = 0
    with open_stream() as stream:
        try:
            for item in _objects_at(stream, chosen):
                count += 1
                yield item
        except (ijson.JSONError, ValueError) as error:
            raise UnreadableFile(f"{_broken(error)} after {count:,} objects that could be read") from error


@dataclass(slots=True)
class _Container:
    """An object or a list that is being read."""

    path: _Path
    is_list: bool
    parent: _Container | None = None
    key: str | None = None
    """The key whose value comes next."""
    keys: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    """Its own short texts by key."""
    inner: dict[str, frozenset[str]] = field(default_factory=dict)
    """Its keys that hold objects, with the keys of those."""
    lists: dict[str, int] = field(default_factory=dict)
    """Its keys that hold lists of single values, with how many there are."""
    items: int = 0
    """Of a list: how many single values it holds."""


def _events(stream: Utf8Stream) -> Iterator[tuple[str, Any, _Container, int]]:
    """Every event of the parser with the container that it opens, closes or stands in, and how deep that lies."""
    current: _Container | None = None
    depth = 0
    for event, value in ijson.basic_parse(stream, use_float=True, multiple_values=True):
        if event in ("start_map", "start_array"):
            if depth >= DEEPEST:
                raise UnreadableFile(f"JSON nested more than {DEEPEST} deep")
            path = (*current.path, current.key) if current else ()
            current = _Container(path, event == "start_array", current)
            depth += 1
            yield event, value, current, depth
        elif event in ("end_map", "end_array"):
            assert current is not None  # the parser closes only what it opened
            closed, current = current, current.parent
            yield event, value, closed, depth
            depth -= 1
        elif current:
            if event == "map_key":
                current.key = value
            elif event == "string" and not current.is_list and len(current.texts) < _MOST_TEXTS:
                if len(value) <= _LONGEST_TEXT and current.key:
                    current.texts[current.key] = value
            elif event == "number" and current.key in ("id", "_id"):
                current.texts[current.key] = str(value)
            yield event, value, current, depth


def _objects_at(stream: Utf8Stream, chosen: _Path) -> Iterator[tuple[dict[str, Any], Mapping[str, str]]]:
    builder: ijson.ObjectBuilder | None = None
    building_depth = 0
    for event, value, container, depth in _events(stream):
        if builder is None and event == "start_map" and _fits(container.path, chosen):
            builder, building_depth = ijson.ObjectBuilder(), depth
        if builder is not None:
            builder.event(event, value)
            if event == "end_map" and depth == building_depth:
                yield builder.value, _texts_around(container)
                builder = None


def _fits(path: _Path, chosen: _Path) -> bool:
    if chosen and chosen[-1] == _ANY_KEY:
        return len(path) == len(chosen) and path[:-1] == chosen[:-1] and path[-1] is not None
    return path == chosen


def _texts_around(container: _Container) -> Mapping[str, str]:
    """The texts of the objects that hold this one, the nearest first."""
    texts: dict[str, str] = {}
    holder = container.parent
    while holder is not None:
        for key, text in holder.texts.items():
            texts.setdefault(key, text)
        holder = holder.parent
    return texts


def _rows_of_table(open_stream: Callable[[], Utf8Stream]) -> Iterator[dict[str, Any]]:
    """The rows of what pandas calls the orients "columns" and "split"."""
    with open_stream() as stream:
        data = stream.read(MOST_CHARS_OF_TABLE)
        if stream.read(1):
            raise UnreadableFile(
                f"a table of more than {MOST_CHARS_OF_TABLE >> 20} MB in one piece; save it row by row, as JSON Lines"
            )
    try:
        table = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_broken(error)) from error
    if isinstance(table, list):
        yield from _rows_below_names(table)
        return
    lists = {name: cells for name, cells in table.items() if isinstance(cells, list)}
    if lists and not any(isinstance(cells, dict) for cells in table.values()) and "columns" not in table:
        for row in zip(*lists.values(), strict=False):
            yield dict(zip(lists, row, strict=True))
        return
    if isinstance(table.get("data"), list) and isinstance(table.get("columns"), list):
        names = [str(name) for name in table["columns"]]
        yield from (dict(zip(names, row, strict=False)) for row in table["data"] if isinstance(row, list))
        return
    columns = {name: cells for name, cells in table.items() if isinstance(cells, dict)}
    for key in dict.fromkeys(key for cells in columns.values() for key in cells):
        yield {name: cells.get(key) for name, cells in columns.items()}


def _rows_below_names(table: list[Any]) -> Iterator[dict[str, Any]]:
    """The rows of what pandas calls the orient "values", where the first of them names the columns."""
    rows = [row for row in table if isinstance(row, list)]
    names = [str(name) for name in rows[0]] if rows else []
    if not {folded(name) for name in names} & (_BODY_NAMES | _TITLE_NAMES):
        raise UnreadableFile("rows without the names of their columns; save it anew as a list of objects")
    yield from (dict(zip(names, row, strict=False)) for row in rows[1:])


def _best_path(open_stream: Callable[[], Utf8Stream], wanted: frozenset[str]) -> _Path:
    best: dict[_Path, int] = {}
    with open_stream() as stream:
        try:
            _scan(stream, wanted, best)
        except (ijson.JSONError, ValueError) as error:
            if not best:
                raise UnreadableFile(_broken(error)) from error
    if COLUMNS in best:
        return COLUMNS
    if not best:
        raise UnreadableFile("no object in this JSON has a text or a title; name them with --map body=KEY")
    # The most telling objects; of equal ones the outermost, for articles list their related articles inside.
    return max(best, key=lambda path: (best[path], -len(path), path[-1:] == (_ANY_KEY,)))


def _scan(stream: Utf8Stream, wanted: frozenset[str], best: dict[_Path, int]) -> None:
    """Put the paths of objects that look like articles into `best`, in order, with how much they do."""
    items = 0
    root_is_list = False
    for event, value, container, depth in _events(stream):
        if event in ("start_map", "start_array"):
            root_is_list = root_is_list or (depth == 1 and container.is_list)
        elif event == "map_key" and len(container.keys) < _MOST_KEYS:
            container.keys.add(value)
        elif container.is_list and event not in ("end_map", "end_array"):
            container.items += 1
        elif event == "end_array" and depth == 2 and container.parent and len(container.parent.lists) < _MOST_KEYS:
            if root_is_list:
                # Rows without names, below a row of names perhaps.
                best[COLUMNS] = _MOST_ALIKE
                return
            container.parent.lists[container.parent.key or ""] = container.items
        if event != "end_map":
            continue
        if depth == 1 and _is_table(container):
            best[COLUMNS] = _MOST_ALIKE
            return
        parent = container.parent
        if parent and not parent.is_list and parent.key in WRAPPERS:
            parent.keys |= container.keys
            continue
        likeness = likeness_of(container.keys, wanted)
        if likeness:
            best[container.path] = max(likeness, best.get(container.path, 0))
        if parent and not parent.is_list and parent.key and len(parent.inner) < _MOST_KEYS:
            parent.inner[parent.key] = frozenset(container.keys)
            if likeness and _is_list_by_keys(parent):
                best[(*parent.path, _ANY_KEY)] = likeness
        if root_is_list and depth == 2:
            items += 1
            if (items >= _ENOUGH_ITEMS and best) or best.get(container.path) == _MOST_ALIKE:
                return


def _is_table(root: _Container) -> bool:
    """Whether an object holds a table: its columns by name, each cell by the same keys, or rows beside the names."""
    if root.path:
        return False
    if {"columns", "data"} <= root.keys <= {"columns", "data", "index"}:
        return True
    telling = {key for key in root.keys if folded(key) in _BODY_NAMES | _TITLE_NAMES}
    if len(telling) > 1 and telling <= root.lists.keys():
        # Each column is a list of its cells; an article whose text is a list of paragraphs has one title.
        return len(set(root.lists.values())) == 1
    named = {folded(key) for key in root.inner}
    alike = set(root.inner.values())
    return (
        bool(named & (_BODY_NAMES | _TITLE_NAMES))
        and alike != {frozenset()}
        and (len(alike) == 1 and (len(root.inner) > 1 or all(key.isdecimal() for key in next(iter(alike)))))
    )


def _is_list_by_keys(parent: _Container) -> bool:
    """Whether the keys of an object only count or name its objects, which are all alike."""
    if len(parent.inner) < 2 or len(parent.inner) < len(parent.keys):
        return False
    counted = all(key.isdecimal() for key in parent.inner)
    return counted or (len(parent.inner) > 2 and len(set(parent.inner.values())) == 1)


def likeness_of(keys: Set[str], wanted: frozenset[str]) -> int:
    """How much an object with these keys looks like an article, from 0 to 3."""
    if wanted & keys:
        return _MOST_ALIKE
    names = {folded(key) for key in keys}
    if names & (_BODY_NAMES - _WEAK_BODY_NAMES):
        return _MOST_ALIKE if names & _TITLE_NAMES else 2
    return 1 if names & (_TITLE_NAMES | _WEAK_BODY_NAMES) else 0


def _broken(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"broken JSON: {(lines[0] if lines else type(error).__name__)[:120].lower()}"
