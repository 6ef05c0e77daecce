"""Small files that say what they are and carry their checksum: none that is damaged or of another kind is believed."""

from __future__ import annotations

import zlib

__all__ = ["BrokenSeal", "sealed", "unsealed"]


class BrokenSeal(ValueError):
    """The content is not what was sealed."""


def sealed(kind: str, content: bytes) -> bytes:
    """`content` behind a line with its kind, a word in ASCII, and its CRC-32 in hexadecimal digits."""
    return _head(kind, content) + b"\n" + content


def unsealed(kind: str, data: bytes) -> bytes:
    """What was sealed as this kind. Raises `BrokenSeal`, with the reason as its text."""
    head, _, content = data.partition(b"\n")
    if head == _head(kind, content):
        return content
    raise BrokenSeal("it is empty" if not data else "it is not what was written")


def _head(kind: str, content: bytes) -> bytes:
    return b"searchapp-%s %08x" % (kind.encode("ascii"), zlib.crc32(content))
