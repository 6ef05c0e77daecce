"""MHTML: a web page that a browser saved with all its parts in one file that looks like an e-mail."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from collections.abc import Iterator
from email.message import Message

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode
from searchapp.corpus.formats.web.captures import Capture
from searchapp.corpus.formats.web.html import MAX_BYTES, article_of_page
from searchapp.errors import UnreadableFile

__all__ = ["FORMAT"]

MAX_FILE_BYTES = 128 << 20
"""Pictures and all."""
_FROM_BROWSER = re.compile(rb"^(?:Snapshot-Content-Location:|From:\s{0,9}<?Saved by )", re.IGNORECASE | re.MULTILINE)
_RELATED = re.compile(rb"^Content-Type:\s{0,9}multipart/related\b", re.IGNORECASE | re.MULTILINE)
_OF_MAIL = re.compile(rb"^(?:Received|Message-ID|Delivered-To|Return-Path):", re.IGNORECASE | re.MULTILINE)


def recognises(head: bytes) -> bool:
    """Whether `head` begins with the header of a saved page, and not of a message with pictures in it."""
    header = re.split(rb"\r?\n\r?\n", head.lstrip(), maxsplit=1)[0]
    if not _RELATED.search(header):
        return False
    return bool(_FROM_BROWSER.search(header)) or (not _OF_MAIL.search(header) and b"MIME-Version" in header)


def read(source: Source) -> Iterator[Yielded]:
    """The one article of the page."""
    with source.open() as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableFile(f"a saved page of more than {MAX_FILE_BYTES >> 20} MB; save it without its pictures")
    try:
        message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
        page = next((part for part in message.walk() if part.get_content_type() in _PAGES), None)
    except RecursionError as error:
        raise UnreadableFile("parts nested too deeply") from error
    if page is None:
        raise UnreadableFile("no page in it; check that it was saved whole")
    payload = page.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if len(content) > MAX_BYTES:
        raise UnreadableFile(f"a page of more than {MAX_BYTES >> 20} MB")
    markup = decode(content, declared=str(page.get_content_charset("") or ""))
    capture = Capture(_address(message) or _address(page), _moment(message))
    yield article_of_page(source, markup, capture=capture)


_PAGES = ("text/html", "application/xhtml+xml")


def _address(part: Message) -> str:
    named = (str(part.get(name, "")).strip() for name in ("Snapshot-Content-Location", "Content-Location"))
    return next((text for text in named if text.startswith(("http://", "https://"))), "")


def _moment(message: Message) -> dt.datetime | None:
    """When the page was saved."""
    found = parse_date(clean_line(str(message.get("Date", ""))[:200]))
    return dt.datetime.combine(found[0], (found[1] or dt.time()).replace(tzinfo=None)) if found else None


FORMAT = Format(name="MHTML", suffixes=(".mhtml", ".mht"), recognises=recognises, read=read, group="web")
