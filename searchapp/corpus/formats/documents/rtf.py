"""Rich text (RTF)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import read_text
from searchapp.corpus.decoding.richtext import text_of_rtf
from searchapp.corpus.formats.documents.reading import About, articles_of_document

__all__ = ["FORMAT"]

MAX_BYTES = 128 << 20
_BEGINS = re.compile(rb"\s{0,20}\{\\rtf")
_INFO = re.compile(r"\{\\(?P<name>title|author)\s(?P<text>[^{}]{1,400})\}")
_CREATED = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def recognises(head: bytes) -> bool:
    """Whether `head` begins rich text."""
    return bool(_BEGINS.match(head[:40]))


def read(source: Source) -> Iterator[Yielded]:
    """The one article of a document of rich text."""
    raw = read_text(source.open(), max_bytes=MAX_BYTES)
    head = raw[: 64 << 10]
    info = {found["name"]: clean_line(text_of_rtf(found["text"])) for found in _INFO.finditer(head)}
    created = _CREATED.search(head)
    about = About(
        title=info.get("title", ""),
        author=info.get("author", ""),
        created="{}-{:0>2}-{:0>2}".format(*created.groups()) if created else "",
    )
    yield from articles_of_document(source, text_of_rtf(raw).replace("\n", "\n\n"), about)


FORMAT = Format(
    name="rich text",
    suffixes=(".rtf",),
    recognises=recognises,
    read=read,
    group="documents",
    takes_any=True,
)
