"""The objects of a JSON file that look like articles, however deep they lie, without holding the file in memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import ijson

from searchapp.corpus.formats.fields import FIELDS, folded
from searchapp.errors import UnreadableFile

__all__ = ["WRAPPERS", "Utf8Stream", "objects_in"]

WRAPPERS = frozenset({"fields", "_source", "attributes", "article", "data", "document", "doc", "properties"})
"""Keys whose object holds more fields of the same article."""

DEEPEST = 64
"""Objects and lists inside one another; articles nest a few, and without a limit a file of brackets would never end."""

_BODY_NAMES = frozenset(FIELDS["body"])
_TITLE_NAMES = frozenset(FIELDS["title"])
_WEAK_BODY_NAMES = frozenset(
    ["description", "summary", "abstract", "lead", "leadparagraph", "standfirst", "excerpt", "snippet"]
)
_MOST_ALIKE = 3
_ENOUGH_ITEMS = 100
_MOST_KEYS = 500

_Path: TypeAlias = tuple[str | None, ...]
"""Keys from the top of the file to an object; None stands for any item of a list."""


class Utf8Stream:
    """A text stream as UTF-8 bytes, which is what the JSON parser takes."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """At least `size` bytes unless the stream ends, at most four times as many."""
        return self._stream.read(size).encode("utf-8", "replace")

    def __enter__(self) -> Utf8Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def objects_in(open_stream: Callable[[], Utf8Stream], *, wanted: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """The objects of the list whose objects look most like articles, or the one object that does.

    An object looks like an article when it has a text or a title under one of their usual names, or a key among
    `wanted`. Raises `UnreadableFile` when none does, and where the JSON is broken, after what came before.
    """
    chosen = _best_path(open_stream, frozenset(wanted))
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
    key: str | None = None
    """The key whose value comes next."""
    keys: set[str] = field(default_factory=set)


def _events(stream: Utf8Stream) -> Iterator[tuple[str, Any, _Container, int]]:
    """Every event of the parser with the container that it opens, closes or stands in, and how deep that lies."""
    open_containers: list[_Container] = []
    for event, value in ijson.basic_parse(stream, use_float=True):
        if event in ("start_map", "start_array"):
            if len(open_containers) >= DEEPEST:
                raise UnreadableFile(f"JSON nested more than {DEEPEST} deep")
            path: _Path = ()
            if open_containers:
                parent = open_containers[-1]
                path = (*parent.path, parent.key)
            open_containers.append(_Container(path, event == "start_array"))
            yield event, value, open_containers[-1], len(open_containers)
        elif event in ("end_map", "end_array"):
            yield event, value, open_containers.pop(), len(open_containers) + 1
        elif open_containers:
            current = open_containers[-1]
            if event == "map_key":
                current.key = value
            yield event, value, current, len(open_containers)


def _objects_at(stream: Utf8Stream, chosen: _Path) -> Iterator[dict[str, Any]]:
    builder: ijson.ObjectBuilder | None = None
    building_depth = 0
    for event, value, container, depth in _events(stream):
        if builder is None and event == "start_map" and container.path == chosen:
            builder, building_depth = ijson.ObjectBuilder(), depth
        if builder is not None:
            builder.event(event, value)
            if event == "end_map" and depth == building_depth:
                yield builder.value
                builder = None


def _best_path(open_stream: Callable[[], Utf8Stream], wanted: frozenset[str]) -> _Path:
    best: dict[_Path, int] = {}
    with open_stream() as stream:
        try:
            _scan(stream, wanted, best)
        except (ijson.JSONError, ValueError) as error:
            if not best:
                raise UnreadableFile(_broken(error)) from error
    if not best:
        raise UnreadableFile("no object in this JSON has a text or a title; name them with --map body=KEY")
    # The most telling objects; of equal ones the outermost, for articles list their related articles inside.
    return max(best, key=lambda path: (best[path], -len(path)))


def _scan(stream: Utf8Stream, wanted: frozenset[str], best: dict[_Path, int]) -> None:
    """Put the paths of objects that look like articles into `best`, in order, with how much they do."""
    parents: list[_Container] = []
    items = 0
    root_is_list = False
    for event, value, container, depth in _events(stream):
        if event in ("start_map", "start_array"):
            root_is_list = root_is_list or (depth == 1 and container.is_list)
            parents.append(container)
        elif event == "map_key" and len(container.keys) < _MOST_KEYS:
            container.keys.add(value)
        elif event in ("end_map", "end_array"):
            parents.pop()
        if event != "end_map":
            continue
        parent = parents[-1] if parents else None
        if parent and not parent.is_list and parent.key in WRAPPERS:
            parent.keys |= container.keys
            continue
        likeness = _likeness(container.keys, wanted)
        if likeness:
            best[container.path] = max(likeness, best.get(container.path, 0))
        if root_is_list and depth == 2:
            items += 1
            if (items >= _ENOUGH_ITEMS and best) or best.get(container.path) == _MOST_ALIKE:
                return


def _likeness(keys: set[str], wanted: frozenset[str]) -> int:
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
