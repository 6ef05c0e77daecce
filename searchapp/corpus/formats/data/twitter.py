"""What Twitter (X) gives people of themselves: each part of it is a list of JSON that a script puts into a page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import BinaryIO

from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.streams import head_of
from searchapp.corpus.formats.data.records import read_json
from searchapp.errors import UnreadableFile

__all__ = ["FORMAT"]

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}window\.YTD\.(\w{1,60})\.part\d{1,6}\s{0,9}=\s{0,9}(?=\[)")
_POSTS = frozenset({b"tweet", b"tweets", b"community_tweet", b"community_tweets", b"note_tweet"})


def recognises(head: bytes) -> bool:
    """Whether `head` begins any part of such an archive."""
    return bool(_START.match(head))


def read(source: Source) -> Iterator[Yielded]:
    """The posts of one part. Raises `UnreadableFile` for parts that were never published, such as messages."""
    match = _START.match(head_of(source, 1_000))
    if not match:
        raise UnreadableFile("no part of a Twitter archive")
    if match[1] not in _POSTS:
        raise UnreadableFile(f"the part {match[1].decode()!r} of a Twitter archive, which holds no published posts")
    start = match.end()

    def open_list() -> BinaryIO:
        stream = source.open()
        stream.read(start)
        return stream

    yield from read_json(dataclasses.replace(source, open=open_list, suffix=".json", is_plain=False))


FORMAT = Format(
    name="Twitter archive",
    suffixes=(".js",),
    recognises=recognises,
    read=read,
    group="tables and records",
)
