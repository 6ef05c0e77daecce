"""Bodies of answers made smaller for clients that say they can read them so."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator

__all__ = ["LEAST_BYTES", "accepts_gzip", "gzipped", "gzipped_pieces"]

LEAST_BYTES = 1_000
"""Less is one packet on the way in any case."""
LEVEL = 4
"""A search page is a fifth of its size after half a millisecond; higher levels take twice as long for a few percent."""
_GZIP_BITS = 31


def accepts_gzip(accepted: str) -> bool:
    """Whether a header Accept-Encoding allows gzip."""
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in ("gzip", "x-gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def gzipped(content: bytes, *, level: int = LEVEL) -> bytes:
    """`content` compressed; always the same for the same content."""
    return gzip.compress(content, compresslevel=level, mtime=0)


def gzipped_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What is sent piece by piece, each readable as soon as it has arrived."""
    packer = zlib.compressobj(LEVEL, wbits=_GZIP_BITS)
    for piece in pieces:
        packed = packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
        if packed:
            yield packed
    yield packer.flush()
