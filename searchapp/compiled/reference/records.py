"""Stored records taken apart, and values made of columns."""

from __future__ import annotations

import struct
from typing import Any, TypeVar

__all__ = ["fields_of", "instances"]

Value = TypeVar("Value")

_HEADER = struct.Struct("<HBI")


def fields_of(block: bytes, start: int, stop: int, numbers: tuple[int, ...], /) -> tuple[bytes | None, ...]:
    found: dict[int, bytes] = {}
    if start < 0 or stop > len(block):
        raise IndexError("a record points outside of its block")
    while start < stop:
        if stop - start < _HEADER.size:
            raise IndexError("a field points outside of its record")
        number, kind, length = _HEADER.unpack_from(block, start)
        start += _HEADER.size
        if length > stop - start:
            raise IndexError("a field points outside of its record")
        if not kind:
            found[number] = block[start : start + length]
        start += length
    return tuple([found.get(number) for number in numbers])


def instances(kind: type[Value], slots: tuple[Any, ...], columns: tuple[list[Any], ...], /) -> tuple[Value, ...]:
    made = []
    for row in zip(*columns, strict=True):
        value: Value = object.__new__(kind)
        for slot, content in zip(slots, row, strict=True):
            slot.__set__(value, content)
        made.append(value)
    return tuple(made)
