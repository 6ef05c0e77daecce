"""Databases of SQLite: the rows of the tables that look like articles.

A database may come from anybody, so nothing in it is run: no view, no virtual table, no generated column; and nothing
is written beside it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode, is_binary
from searchapp.corpus.formats.data.json_lists import likeness_of
from searchapp.corpus.formats.data.records import articles_of
from searchapp.errors import UnreadableFile
from searchapp.model.result import Noted

__all__ = ["FORMAT"]

_LONGEST_VALUE = 64 << 20
_MOST_TABLES = 2_000
_LEAST_LIKENESS = 2
"""Tables with titles and no texts are histories of browsers and lists of songs."""


def recognises(head: bytes) -> bool:
    """Whether `head` begins a database."""
    return head.startswith(b"SQLite format 3\0")


def read(source: Source) -> Iterator[Yielded]:
    """The rows of the tables that look most like articles, in the order of their numbers."""
    wanted = frozenset(source.columns.values())
    try:
        with contextlib.closing(_opened(source)) as database:
            tables = [(name, _columns(database, name)) for name in _tables(database)]
            alike = [(likeness_of(set(columns), wanted), name, columns) for name, columns in tables]
            best = max((likeness for likeness, _, _ in alike), default=0)
            if best < _LEAST_LIKENESS:
                names = ", ".join(repr(name) for name, _ in tables[:20]) or "none"
                raise UnreadableFile(
                    f"no table with articles among its tables ({names}); name one with --map body=COLUMN"
                )
            chosen = [(name, columns) for likeness, name, columns in alike if likeness == best]
            yield from articles_of(source, _rows(database, chosen))
    except sqlite3.Error as error:
        raise UnreadableFile(f"damaged database ({error}); make a sound copy with: sqlite3 FILE .recover") from error
    if source.is_plain:
        yield from _unwritten(source.path)


FORMAT = Format(
    name="SQLite",
    suffixes=(".db", ".sqlite", ".sqlite3", ".db3"),
    recognises=recognises,
    read=read,
    group="tables and records",
    about="tables with a title and a text",
    binary=None,
    hard=True,
)


def _opened(source: Source) -> sqlite3.Connection:
    if source.is_plain:
        # Without "immutable" it would make files beside the database, and wait for others.
        database = sqlite3.connect(f"{Path(source.path).as_uri()}?mode=ro&immutable=1", uri=True)
    else:
        database = sqlite3.connect(":memory:")
        with source.open() as stream:
            database.deserialize(stream.read())
    database.text_factory = bytes
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    for rule in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", "mmap_size = 0"):
        database.execute(f"PRAGMA {rule}")
    return database


def _tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name LIMIT ?",
        (_MOST_TABLES,),
    )
    return [decode(name) for (name,) in found]


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table that hold what was stored."""
    found = database.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", (table,))
    return [decode(name) for (name,) in found]


def _rows(database: sqlite3.Connection, chosen: list[tuple[str, list[str]]]) -> Iterator[tuple[str, Any]]:
    for table, columns in chosen:
        listed = ", ".join(_quoted(column) for column in columns)
        try:
            for number, row in enumerate(database.execute(f"SELECT {listed} FROM {_quoted(table)}"), 1):
                item = {column: _value(value) for column, value in zip(columns, row, strict=True)}
                yield f"{table}, row {number:,}", (item, {})
        except sqlite3.Error as error:
            raise UnreadableFile(f"table {table!r} is damaged ({error}) after the rows that could be read") from error


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _value(value: Any) -> Any:
    if not isinstance(value, bytes):
        return value
    return "" if is_binary(value[:1_000]) else decode(value)


def _unwritten(path: str) -> Iterator[Noted]:
    with contextlib.suppress(OSError):
        if os.path.getsize(f"{path}-wal"):
            yield Noted(path, "what was written last is in the file -wal beside it; end the program that uses it first")
