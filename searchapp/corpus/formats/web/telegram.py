"""Chats and channels as Telegram Desktop exports them into pages: each message an article."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import read_text
from searchapp.corpus.decoding.markup import paragraphs_of_tree
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Noted

__all__ = ["FORMAT"]

MAX_BYTES = 24 << 20
"""A page of an export has a thousand messages."""
_START = re.compile(rb"<title>\s{0,99}Exported Data\s{0,99}</title>")
_MESSAGE = "message"


def recognises(head: bytes) -> bool:
    """Whether `head` begins a page of such an export."""
    return bool(_START.search(head[:4_000])) and b'class="page_wrap' in head


def read(source: Source) -> Iterator[Yielded]:
    """The messages that have a text; notes about the chat and pictures alone are told in numbers."""
    markup = read_text(source.open(), max_bytes=MAX_BYTES)
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True)
    tree = lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    channel = next(
        (_line(element) for element in _by_class(tree, "page_header") for element in _by_class(element, "text")), ""
    )
    position = others = 0
    sender = ""
    for element in _by_class(tree, _MESSAGE):
        body = next(_by_class(element, "body"), None)
        texts = [] if body is None else list(_by_class(body, "text"))
        own = next((_line(name) for name in _by_class(element, "from_name") if not _is_forwarded(name)), "")
        # A message that follows one of the same person does not say again whose it is.
        sender = own or (sender if "joined" in _classes(element) else "")
        text = body_of(paragraph for part in texts for paragraph in paragraphs_of_tree(part))
        if "service" in _classes(element) or not text:
            others += 1
            continue
        stated = next((date.get("title") or "" for date in _by_class(element, "date")), "")
        published = parse_date(stated)
        number = (element.get("id") or "").removeprefix(_MESSAGE)
        signed = next((_line(part) for part in _by_class(element, "signature")), "")
        yield Article(
            id=source.article_id(position, own=f"telegram-{channel}-{number}" if channel and number else number),
            title="",
            body=text,
            byline=signed or (sender if sender != channel else ""),
            published=published[0] if published else None,
            published_time=published[1] if published else None,
            published_source="metadata" if published else "",
            source=channel,
            path=source.path,
            position=position,
        )
        position += 1
    if not position:
        raise UnreadableFile("no message with a text in it")
    if others:
        yield Noted(source.path, f"{others:,} messages without a text were passed over")


FORMAT = Format(
    name="Telegram export",
    suffixes=(".html",),
    recognises=recognises,
    read=read,
    group="web",
    about="messages of a channel",
)


def _classes(element: lxml.html.HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def _by_class(place: lxml.html.HtmlElement, name: str) -> Iterator[lxml.html.HtmlElement]:
    return (element for element in place.iter("div") if name in _classes(element))


def _line(element: lxml.html.HtmlElement) -> str:
    return clean_line(element.text_content())


def _is_forwarded(element: lxml.html.HtmlElement) -> bool:
    return any("forwarded" in _classes(holder) for holder in element.iterancestors("div"))
