"""WARC, as web archives keep what crawlers fetched, and WET, the text that was taken out of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import http.client
import io
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.formats.texts.text import article_of_text
from searchapp.corpus.formats.web.html import MAX_BYTES, article_of_page
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article

__all__ = ["FORMAT"]

_LONGEST_LINE = 64 << 10
_MOST_HEADERS = 200
_SPARE = 1 << 20
"""For the head of an answer, beside its page."""
_PAGES = ("text/html", "application/xhtml+xml")
_HELD = frozenset("response resource conversion".split())


def recognises(head: bytes) -> bool:
    """Whether `head` begins a web archive."""
    return head.lstrip()[:7] in (b"WARC/0.", b"WARC/1.")


def read(source: Source) -> Iterator[Yielded]:
    """The pages that were answered with success, in the order of the archive; what is no page is passed over.

    Raises `UnreadableFile` where the archive breaks off, after the pages before, and where it holds no page.
    """
    notices = Notices(source.path)
    position = pages = 0
    with source.open() as stream:
        for headers, content in _records(stream):
            if headers.get("warc-type", "").lower() not in _HELD:
                continue
            place = (
                f"record {headers.get('warc-target-uri', '').strip('<> ')[:200] or headers.get('warc-record-id', '?')}"
            )
            try:
                article = _article(source, headers, content, position)
            except UnreadableFile as error:
                pages += 1
                yield from notices.skip(place, str(error))
                continue
            if article is not None:
                pages += 1
                position += 1
                yield article
    yield from notices.rest()
    if not pages:
        raise UnreadableFile("a web archive without any page")


FORMAT = Format(
    name="WARC",
    suffixes=(".warc", ".wet"),
    recognises=recognises,
    read=read,
    group="web",
    about="and WACZ and WET: the pages in them",
    takes_any=True,
    versions=True,
    binary=None,
    hard=True,
)


def _records(stream: BinaryIO) -> Iterator[tuple[Mapping[str, str], bytes]]:
    """The headers of each record, their names in small letters, and its content; empty for one that is no page."""
    while line := stream.readline(_LONGEST_LINE):
        if not line.strip():
            continue
        if not line.startswith(b"WARC/"):
            raise UnreadableFile("damaged: a record does not begin where the one before ends; fetch it again")
        headers: dict[str, str] = {}
        while (line := stream.readline(_LONGEST_LINE)).strip():
            name, _, value = line.decode("utf-8", "replace").partition(":")
            if len(headers) < _MOST_HEADERS:
                headers[name.strip().lower()] = value.strip()
        try:
            length = int(headers.get("content-length", ""))
        except ValueError as error:
            raise UnreadableFile("damaged: a record does not say how long it is; fetch it again") from error
        held = headers.get("warc-type", "").lower() in _HELD and 0 <= length <= MAX_BYTES + _SPARE
        content = b""
        left = length
        while left > 0:
            block = stream.read(min(left, 1 << 20) if not held else left)
            if not block:
                raise UnreadableFile("truncated: the archive breaks off within a record; fetch it again")
            left -= len(block)
            content = content + block if held else b""
        yield headers, content


def _article(source: Source, headers: Mapping[str, str], content: bytes, position: int) -> Article | None:
    """The article of a record; None where it holds no page."""
    kind = headers.get("warc-type", "").lower()
    url = headers.get("warc-target-uri", "").strip("<> ")
    stamp = headers.get("warc-date", "")
    found = parse_date(stamp)
    captured = dt.datetime.combine(found[0], found[1] or dt.time()) if found else None
    # No page was published after it was fetched.
    of_page = dataclasses.replace(source, modified=min(captured, source.modified) if captured else source.modified)
    if kind == "conversion":
        text = decode(content)
        if not text.strip():
            return None
        article = dataclasses.replace(article_of_text(of_page, text), id=source.article_id(position, own=url), url=url)
        article = dataclasses.replace(article, position=position)
    else:
        answer = _answer(content) if kind == "response" else (headers.get("content-type", ""), content)
        if answer is None:
            return None
        declared, page = answer
        if not declared.lower().startswith(_PAGES) or not page.strip():
            return None
        charset = declared.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
        article = article_of_page(of_page, decode(page, declared=charset), url=url, position=position)
    changes: dict[str, Any] = {"version": stamp}
    if article.published is None and captured is not None:
        changes |= {"published": captured.date(), "published_source": "estimated"}
    return dataclasses.replace(article, **changes)


class _Heard(io.BytesIO):
    """What `http.client` takes for a connection."""

    def makefile(self, *_: Any, **__: Any) -> _Heard:
        return self


def _answer(content: bytes) -> tuple[str, bytes] | None:
    """The kind and the page of an answer of a web server; None for one that is no success, or cannot be read."""
    if not content:
        return None
    answer = http.client.HTTPResponse(_Heard(content))  # type: ignore[arg-type]
    try:
        answer.begin()
        if answer.status != http.client.OK:
            return None
        chunked = "chunked" in answer.headers.get("Transfer-Encoding", "").lower()
        try:
            body = answer.read(MAX_BYTES)
        except (http.client.HTTPException, ValueError):
            # Some archives take the chunks apart and leave the header that says there are any.
            body = content.partition(b"\r\n\r\n")[2] if chunked else b""
        packed = answer.headers.get("Content-Encoding", "").lower().strip()
        return answer.headers.get("Content-Type", ""), _unpacked(body, packed)
    except (http.client.HTTPException, ValueError, OSError):
        return None


def _unpacked(body: bytes, packed: str) -> bytes:
    if packed not in ("gzip", "x-gzip", "deflate"):
        return body
    for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(bits).decompress(body, MAX_BYTES)
        except zlib.error:
            continue
    return body
