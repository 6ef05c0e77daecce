"""Parquet, in which collections for research are given out: each row an article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.streams import seekable
from searchapp.corpus.formats.data.records import articles_of
from searchapp.errors import UnreadableFile

__all__ = ["FORMAT"]

_ROWS = 64
_LONGEST_NAME = 64 << 20
"""Of what a file says of itself, in bytes."""


def recognises(head: bytes) -> bool:
    """Whether `head` begins such a file."""
    return head.startswith(b"PAR1")


def read(source: Source) -> Iterator[Yielded]:
    """The articles of all rows, a few at a time."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise UnreadableFile("a Parquet file; pip install 'searchapp[parquet]' to read it") from error
    with closing(seekable(source)) as stream:
        try:
            table = parquet.ParquetFile(
                stream, thrift_string_size_limit=_LONGEST_NAME, buffer_size=1 << 20, pre_buffer=False
            )
            names = [field.name for field in table.schema_arrow if not _is_vector(pyarrow, field.type)]
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise UnreadableFile(f"damaged Parquet file ({_said(error)}); fetch it again") from error
        yield from articles_of(source, _rows(pyarrow, table, names))


FORMAT = Format(
    name="Parquet",
    suffixes=(".parquet", ".pq"),
    recognises=recognises,
    read=read,
    group="tables and records",
    binary=None,
    hard=True,
    extra="parquet",
)


def _rows(pyarrow: Any, table: Any, names: list[str]) -> Iterator[tuple[str, Any]]:
    number = 0
    try:
        for batch in table.iter_batches(batch_size=_ROWS, columns=names, use_threads=False):
            for row in batch.to_pylist():
                number += 1
                yield f"row {number:,}", ({name: _value(value) for name, value in row.items()}, {})
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise UnreadableFile(
            f"damaged Parquet file ({_said(error)}) after {number:,} rows that could be read"
        ) from error


def _is_vector(pyarrow: Any, kind: Any) -> bool:
    """Whether a column holds lists of numbers, or bytes: what machines made of a text, or pictures."""
    types = pyarrow.types
    listed = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    inner = kind.value_type if listed else kind
    return bool(types.is_binary(inner) or types.is_large_binary(inner) or (listed and types.is_floating(inner)))


def _value(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, list):
        return [_value(part) for part in value]
    if isinstance(value, dict):
        return {str(name): _value(part) for name, part in value.items()}
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
