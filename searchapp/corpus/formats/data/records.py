"""JSON of any shape that holds articles: one object, a list of objects at any depth, or one object a line."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import text_stream
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.decoding.streams import head_of
from searchapp.corpus.formats.data.fields import Chosen, Value, article_from, choose_columns, unread_date
from searchapp.corpus.formats.data.json_lists import WRAPPERS, Utf8Stream, likeness_of, objects_in
from searchapp.corpus.formats.data.shapes import Fault, usual_shape
from searchapp.errors import UnreadableFile

__all__ = ["FORMATS", "articles_of", "bytes_of"]

LONGEST_LINE = 32 << 20
"""Characters of one line of JSONL."""

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*(?:[{\]]|\[\s*[\"\d])|\{\s*[\"}])|\xff\xfe[\[{]\0|\xfe\xff\0[\[{]")
_LONG_LINE = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{[^\r\n]*\Z")
_SECOND_LINE = re.compile(rb"\}[ \t]*,?[\r\n]+[ \t]*\{[ \t]*\"")
_FIRST_LINE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(\{[^\r\n]*)")
_NAMES_OF_A_VALUE = (
    "name",
    "title",
    "label",
    "main",
    "original",
    "value",
    "text",
    "content",
    "rendered",
    "#text",
    "$oid",
    "$date",
    "$numberLong",
)
_FEW = 3
_DEEPEST = 4
_PARTS_OF_A_NAME = (("first_name", "firstname"), ("last_name", "lastname"))
_RECORDS_TO_JUDGE = 100

_Record = dict[str, Value]


def recognises_json(head: bytes) -> bool:
    """Whether `head` begins a JSON object or a list of objects."""
    return bool(_START.match(head))


def recognises_lines(head: bytes) -> bool:
    """Whether the first line of `head` is a JSON object and the next begins another."""
    first = _FIRST_LINE.match(head)
    return bool(first and first[1].rstrip(b" \t,").endswith(b"}") and _SECOND_LINE.search(head, first.end() - 9))


def read_json(source: Source) -> Iterator[Yielded]:
    """The articles of the list of objects that look most like articles, or the one article that the file is.

    Several documents one after another are read as a list of them.
    """
    if source.suffix in LINES.suffixes[:2] and _LONG_LINE.match(head_of(source)):
        yield from read_lines(source)
        return
    wanted = [column.split(".")[0] for column in source.columns.values()]
    found = objects_in(lambda: bytes_of(source), wanted=wanted)
    yield from articles_of(source, ((f"object {n:,}", record) for n, record in enumerate(found, 1)))


def read_lines(source: Source) -> Iterator[Yielded]:
    """The articles of a file with one JSON object a line; a broken line is skipped and the rest read."""
    with text_stream(source.open()) as stream:
        yield from articles_of(source, _lines(stream))


LINES = Format(
    "JSON Lines",
    (".jsonl", ".ndjson", ".json"),
    recognises=recognises_lines,
    read=read_lines,
    group="tables and records",
    takes_any=True,
)
FORMATS = (
    LINES,
    Format("JSON", (".json",), recognises=recognises_json, read=read_json, group="tables and records", takes_any=True),
)


def articles_of(source: Source, found: Iterator[tuple[str, Any]]) -> Iterator[Yielded]:
    """The articles of these pairs: where it stands, and a parsed object with the texts around it or what is wrong."""
    shaped = ((where, usual_shape(*item) if isinstance(item, tuple) else item) for where, item in found)
    flat = ((where, _flat(item) if isinstance(item, dict) else item) for where, item in shaped)
    first: list[tuple[str, Any]] = []
    broken: UnreadableFile | None = None
    try:
        first.extend(islice(flat, _RECORDS_TO_JUDGE))
    except UnreadableFile as error:
        broken = error
    keys = dict.fromkeys(key for _, item in first if isinstance(item, dict) for key in item)
    chosen: Chosen = choose_columns(keys, source.columns) if keys else {}
    notices = Notices(source.path)
    position = 0
    for where, item in chain(first, flat):
        if not isinstance(item, dict):
            yield from notices.skip(where, str(item) if isinstance(item, Fault) else "no JSON object")
            continue
        if not item.keys() <= keys.keys():
            keys |= dict.fromkeys(item)
            chosen = choose_columns([*keys, *source.columns.values()], source.columns)
        article = article_from(source, position, item, chosen)
        if article is None:
            yield from notices.skip(where, "neither text nor title")
            continue
        if article.published is None and (unread := unread_date(item, chosen)):
            yield from notices.note(where, f"the date {unread!r} cannot be read")
        position += 1
        yield article
    yield from notices.rest()
    if broken:
        raise broken


def bytes_of(source: Source) -> Utf8Stream:
    """The bytes of a JSON file as its parser takes them."""
    return Utf8Stream(text_stream(source.open()))


def _lines(stream: io.TextIOWrapper) -> Iterator[tuple[str, Any]]:
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        # In sequences of RFC 7464 a separator stands in front, in lists that were cut by the line a comma behind.
        line = line.strip("\ufeff\0\x1e \t\r\n").removesuffix(",")
        if not line:
            continue
        item: Any
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            item = Fault(f"broken JSON: {reason[:1].lower()}{reason[1:]}")
        if not isinstance(item, dict):
            yield f"line {number:,}", item
            continue
        for inner in _enveloped(item):
            yield f"line {number:,}", (inner, {})


def _enveloped(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The articles of an answer of an interface that tells nothing itself but holds a list of them; else the object."""
    if likeness_of(item.keys(), frozenset()):
        return [item]
    for listed in item.values():
        if isinstance(listed, list) and listed and all(isinstance(one, dict) for one in listed):
            inner: list[dict[str, Any]] = listed
            if any(likeness_of(one.keys(), frozenset()) > 1 for one in inner[:_FEW]):
                return inner
    return [item]


def _flat(item: dict[str, Any]) -> _Record:
    """The fields of one JSON object as text; what is nested under "source" is there as "source.name" too."""
    flat: _Record = {}
    inner: list[dict[str, Any]] = []
    for key, value in item.items():
        if isinstance(value, dict) and key in WRAPPERS:
            inner.append(value)
        _put(flat, key, value, 0)
    for wrapped in inner:
        for key, value in _flat(wrapped).items():
            flat.setdefault(key, value)
    return flat


def _put(flat: _Record, key: str, value: Any, depth: int) -> None:
    text = _texts(value)
    if text:
        flat[key] = text
    elif depth == 0:
        flat.setdefault(key, "")
    if isinstance(value, dict) and depth < _DEEPEST:
        for name, inside in value.items():
            _put(flat, f"{key}.{name}", inside, depth + 1)


def _texts(value: Any) -> Value:
    """The text of a JSON value: itself, that of its items, or of what an object calls its name."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value) if math.isfinite(value) else ""
    if isinstance(value, list):
        found = (_texts(item) if not isinstance(item, list) else "" for item in value)
        return [text for text in found if isinstance(text, str) and text]
    if isinstance(value, dict):
        parts = [value.get(name) or value.get(other) for name, other in _PARTS_OF_A_NAME]
        if all(isinstance(part, str) for part in parts):
            return " ".join(str(part) for part in parts)
        inside = (value.get(name) for name in _NAMES_OF_A_VALUE)
        # {"$date": {"$numberLong": "1552377600000"}} is how MongoDB writes a moment.
        texts = (_texts(part) if isinstance(part, dict) and len(part) == 1 else part for part in inside)
        return next((text for text in texts if isinstance(text, str) and text), "")
    return str(value)
