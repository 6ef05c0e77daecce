"""Single bits that have flipped: where a CRC-32 tells which one it was, and with it what was written.

A changed bit changes the checksum in a way that depends on nothing but how many bytes come behind it, and for contents
of less than 512 MB never twice in the same way. So from the checksum that is and the one that should be it follows
which bit would explain both. Of contents that are damaged otherwise, one of 4,294,967,296 / (8 * bytes) is taken for
such a case, for a page about one in 16,000: `check` tells all of them, and `repair` has them written anew.
"""

from __future__ import annotations

import zlib

__all__ = ["flipped_bit", "mended"]


def _table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _table()
_BY_TOP = {value >> 24: place for place, value in enumerate(_TABLE)}
_OF_BIT = {_TABLE[1 << bit]: bit for bit in range(8)}


def flipped_bit(content: bytes | memoryview, crc: int) -> tuple[int, int] | None:
    """Byte and bit, 0 the lowest, which changed back give `content` the checksum `crc`; None where there is none."""
    difference = zlib.crc32(content) ^ crc
    for place in range(len(content) - 1, -1, -1):
        if difference in _OF_BIT:
            return place, _OF_BIT[difference]
        # What the difference would be if the content ended one byte earlier.
        before = _BY_TOP[difference >> 24]
        difference = ((difference ^ _TABLE[before]) << 8 & 0xFFFFFFFF) | before
    return None


def mended(content: bytes | memoryview, crc: int) -> bytes | None:
    """`content` as it was when its checksum was `crc`, if a single bit of it has changed since; else None."""
    found = flipped_bit(content, crc)
    if found is None:
        return None
    place, bit = found
    whole = bytearray(content)
    whole[place] ^= 1 << bit
    return bytes(whole) if zlib.crc32(whole) == crc else None
