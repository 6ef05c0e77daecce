"""WARC and the older ARC, as web archives keep what crawlers fetched, and WET, the text that was taken out of it.

Each page that was there becomes an article under the address that was asked for. What a page was at several times are
versions of one article. Files for robots, pictures, what had moved and what was saved again unchanged are no pages:
they are counted.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import http.client
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.decoding.base import Format, Source, Yielded, identifier
from searchapp.corpus.decoding.encoding import decode, is_binary
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.decoding.streams import HEAD_BYTES
from searchapp.corpus.decoding.versions import version_of
from searchapp.corpus.formats.texts.text import article_of_text
from searchapp.corpus.formats.web.captures import Capture, original_address, same_page
from searchapp.corpus.formats.web.html import MAX_BYTES, article_of_page
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Noted

__all__ = ["FORMAT"]

_LONGEST_LINE = 64 << 10
_MOST_HEADERS = 200
_SPARE = 1 << 20
"""For the head of an answer, beside its page."""
_STEP_BYTES = 4 << 10
"""So little at a time, for it may become a thousand times as much."""
_PAGES = ("text/html", "application/xhtml+xml")
_NONE = "a web archive without any page"
_ABOUT = "about the file"
_NO_PAGES = {
    "": "of no kind",
    "warcinfo": _ABOUT,
    "request": "requests",
    "revisit": "saved before",
    "metadata": "about other records",
    "continuation": "parts of other records",
}
_TEXTS = "conversion"
_ROBOTS = re.compile(r"https?://[^/]{1,300}/(?:robots|ads|security|humans)\.txt(?:$|\?)", re.IGNORECASE)
_OLD_HEAD = re.compile(rb"(\S{1,5000}) \S{1,50} (\d{14}) (\S{1,100}) (\d{1,12})\s*\Z")


def recognises(head: bytes) -> bool:
    """Whether `head` begins a web archive."""
    return head.lstrip().startswith((b"WARC/0.", b"WARC/1.", b"filedesc://"))


def read(source: Source) -> Iterator[Yielded]:
    """The pages that were answered with success, in the order of the archive; what is no page is told in numbers.

    Raises `UnreadableFile` where the archive breaks off, after the pages before, and where it holds no page.
    """
    notices = Notices(source.path)
    position = pages = 0
    others: Counter[str] = Counter()
    with source.open() as stream:
        for headers, content in _records(stream):
            url = headers.get("warc-target-uri", "").strip("<> ")
            place = f"record {url[:200] or headers.get('warc-record-id', '?')}"
            try:
                article = _article(source, headers, content, url, position)
            except UnreadableFile as error:
                pages += 1
                yield from notices.skip(place, str(error))
                continue
            if isinstance(article, str):
                others[article] += article != _ABOUT
                continue
            pages += 1
            position += 1
            yield article
    yield from notices.rest()
    count = others.total()
    listed = ", ".join(f"{number:,} {kind}" for kind, number in others.most_common(5) if number)
    if not pages:
        raise UnreadableFile(
            f"a web archive without any page, of {count:,} other records ({listed})" if count else _NONE
        )
    if count:
        yield Noted(source.path, f"{count:,} records that are no pages were passed over ({listed})")


FORMAT = Format(
    name="WARC",
    suffixes=(".warc", ".wet", ".arc"),
    recognises=recognises,
    read=read,
    group="web",
    about="and WACZ, WET, ARC: the pages in them; the extra 'web-archives' unpacks Brotli",
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
        headers: dict[str, str] = {}
        if line.startswith(b"WARC/"):
            while (line := stream.readline(_LONGEST_LINE)).strip():
                name, _, value = line.decode("utf-8", "replace").partition(":")
                if len(headers) < _MOST_HEADERS:
                    headers[name.strip().lower()] = value.strip()
        elif old := _OLD_HEAD.match(line):
            headers = _headers_of_old(*(part.decode("utf-8", "replace") for part in old.groups()))
        else:
            raise UnreadableFile("damaged: a record does not begin where the one before ends; fetch it again")
        try:
            length = int(headers.get("content-length", ""))
        except ValueError as error:
            raise UnreadableFile("damaged: a record does not say how long it is; fetch it again") from error
        held = headers.get("warc-type", "").lower() not in _NO_PAGES and 0 <= length <= MAX_BYTES + _SPARE
        content = b""
        left = length
        while left > 0:
            block = stream.read(min(left, 1 << 20) if not held else left)
            if not block:
                raise UnreadableFile("truncated: the archive breaks off within a record; fetch it again")
            left -= len(block)
            content = content + block if held else b""
        yield headers, content


def _headers_of_old(url: str, moment: str, kind: str, length: str) -> dict[str, str]:
    """The head of a record of ARC in the words of WARC."""
    return {
        "warc-type": "warcinfo" if url.startswith("filedesc://") else "response",
        "warc-target-uri": url,
        "warc-date": f"{moment[:4]}-{moment[4:6]}-{moment[6:8]}T{moment[8:10]}:{moment[10:12]}:{moment[12:]}Z",
        "content-type": kind,
        "content-length": length,
    }


def _article(source: Source, headers: Mapping[str, str], content: bytes, url: str, position: int) -> Article | str:
    """The article of a record, or what it is that holds no page."""
    kind = headers.get("warc-type", "").lower()
    if kind in _NO_PAGES:
        return _NO_PAGES[kind]
    if not url.lower().startswith(("http://", "https://")):
        return "of other schemes"
    if _ROBOTS.match(url):
        return "files for robots"
    stamp = headers.get("warc-date", "")
    capture = original_address(url)
    if capture.moment is None:
        found = parse_date(stamp)
        capture = Capture(
            capture.url, dt.datetime.combine(found[0], (found[1] or dt.time()).replace(tzinfo=None)) if found else None
        )
    if kind == _TEXTS:
        article = _article_of_text(source, decode(content), capture, position)
    else:
        answer = _answer(content) if kind == "response" else (headers.get("content-type", ""), content)
        if isinstance(answer, str):
            return answer
        declared, page = answer
        stated = declared.lower().partition(";")[0].strip()
        if stated not in _PAGES:
            return f"of type {stated.partition('/')[0][:20]}" if stated else "without a type"
        if is_binary(page[:HEAD_BYTES]):
            # What cannot be decompressed comes as it is.
            raise UnreadableFile("no text: damaged, or compressed in a way that is not known")
        charset = declared.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
        article = article_of_page(source, decode(page, declared=charset), capture=capture, position=position)
    changes: dict[str, Any] = {"version": version_of(stamp)}
    if identifier(capture.url):
        # Pages say wrongly which they are: none may pass for a version of another.
        changes["id"] = article.url if same_page(article.url, capture.url) else capture.url
    return dataclasses.replace(article, **changes)


def _article_of_text(source: Source, text: str, capture: Capture, position: int) -> Article:
    """The article of what was taken out of a page as text."""
    latest = min(capture.moment, source.modified) if capture.moment else source.modified
    article = article_of_text(dataclasses.replace(source, modified=latest), text)
    changes: dict[str, Any] = {"url": capture.url, "position": position}
    if article.published is None and capture.moment:
        changes |= {"published": capture.moment.date(), "published_source": "estimated"}
    return dataclasses.replace(article, **changes)


class _Heard(io.BytesIO):
    """What `http.client` takes for a connection."""

    def makefile(self, *_: Any, **__: Any) -> _Heard:
        return self


def _answer(content: bytes) -> tuple[str, bytes] | str:
    """The kind and the page of an answer of a web server; else in a few words why there is none."""
    if not content:
        return "too large or empty"
    answer = http.client.HTTPResponse(_Heard(content))  # type: ignore[arg-type]
    try:
        answer.begin()
        if answer.status != http.client.OK:
            return f"with status {answer.status}"
        chunked = "chunked" in answer.headers.get("Transfer-Encoding", "").lower()
        try:
            body = answer.read(MAX_BYTES)
        except (http.client.HTTPException, ValueError):
            # Some archives take the chunks apart and leave the header that says there are any.
            body = content.partition(b"\r\n\r\n")[2] if chunked else b""
        packed = answer.headers.get("Content-Encoding", "").lower().strip()
        return answer.headers.get("Content-Type", ""), _unpacked(body, packed)
    except (http.client.HTTPException, ValueError, OSError):
        return "that are no answer of a server"


def _unpacked(body: bytes, packed: str) -> bytes:
    """`body` as the server had it before it was compressed, and as it is where it is not: many programs unpack it."""
    for bits in _BITS.get(packed, ()):
        try:
            return zlib.decompressobj(bits).decompress(body, MAX_BYTES)
        except zlib.error:
            continue
    return _unpacked_brotli(body) if packed == "br" else body


_BITS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}


def _unpacked_brotli(body: bytes) -> bytes:
    try:
        import brotli
    except ImportError as error:
        if not is_binary(body[:HEAD_BYTES]):
            return body
        raise UnreadableFile("compressed by Brotli; pip install 'searchapp[web-archives]' to read it") from error
    unpacker = brotli.Decompressor()
    pieces: list[bytes] = []
    length = 0
    try:
        for at in range(0, len(body), _STEP_BYTES):
            pieces.append(unpacker.process(body[at : at + _STEP_BYTES]))
            length += len(pieces[-1])
            if length > MAX_BYTES:
                break
    except brotli.error:
        return b"".join(pieces) or body
    return b"".join(pieces)
