"""Feeds: RSS and Atom through feedparser, and JSON Feed."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line, paragraphs_of
from searchapp.corpus.decoding.base import Format, Source, Yielded, identifier
from searchapp.corpus.decoding.encoding import read_text
from searchapp.corpus.decoding.markup import line_of_markup, looks_like_markup, paragraphs_of_markup
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.decoding.versions import version_of
from searchapp.corpus.decoding.xml import without_prolog
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article

__all__ = ["FORMATS"]

MAX_BYTES = 64 << 20
"""A feed is read whole, and none is larger."""

_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?.*?\?>\s*+|<!--.*?-->\s*+|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?>\s*+)*+"
    rb"<(?:rss|feed|rdf:rdf|atom:feed)\b",
    re.IGNORECASE | re.DOTALL,
)
_MOST_JUNK = 8 << 10
"""Characters above the declaration that a feed begins with: programs print their warnings there."""
_JSON_FEED = re.compile(rb"\"version\"\s*:\s*\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version")
_ENTITY = re.compile(r"<!(?=(?:ENTITY|ELEMENT|ATTLIST)\b)", re.IGNORECASE)
_CHARACTER = re.compile(r"&#(?:x(?P<hex>[0-9a-f]+)|(?P<decimal>\d+));?", re.IGNORECASE)
_AUTHOR = re.compile(
    r"[^\s@]++@[^\s(]++\s*+\((?P<name>[^()]++)\)|(?P<plain>[^<>]++)<[^\s<>@]++@[^\s<>]++>|[^\s@]++@\S++"
)


def recognises_xml(head: bytes) -> bool:
    """Whether `head` begins an RSS or Atom feed."""
    text = head
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head.decode("utf-16", "replace").encode("utf-8")
    return bool(_ROOT.match(text[max(0, text.find(b"<?xml", 0, _MOST_JUNK)) :]))


def recognises_json(head: bytes) -> bool:
    """Whether `head` begins a JSON Feed: the version that it must state stands among its first keys."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and bool(_JSON_FEED.search(head))


def read_xml(source: Source) -> Iterator[Yielded]:
    """The articles of an RSS or Atom feed, in its order."""
    # Loading it takes as long as a whole search: only those wait who read a feed.
    import feedparser

    text = read_text(source.open(), max_bytes=MAX_BYTES)
    text = text[max(0, text.find("<?xml", 0, _MOST_JUNK)) :]
    # Its entities could grow without end, and no feed needs any of its own.
    text = _ENTITY.sub("&lt;!", without_prolog(text))
    text = _CHARACTER.sub(_possible_character, text)
    try:
        # As a stream: a plain string could be taken for an address to load from.
        feed = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), response_headers=_HEADERS)
    except Exception as error:  # The parser falls over broken markup in ways of its own.
        raise UnreadableFile(f"no feed that can be parsed ({_short(error)})") from error
    if not feed.entries:
        problem = feed.get("bozo_exception")
        raise UnreadableFile(f"no entry in this feed{f' ({_short(problem)})' if problem else ''}")
    notices = Notices(source.path)
    position = 0
    for number, entry in enumerate(feed.entries, 1):
        article = _from_entry(source, position, entry, feed.feed)
        if article is None:
            yield from notices.skip(f"entry {number:,}", "neither text nor title")
            continue
        position += 1
        yield article
    yield from notices.rest()
    # feedparser reads on after an error; what stands behind a cut is lost all the same.
    if not _ENDED.search(text[-400:]):
        raise UnreadableFile(f"truncated after {len(feed.entries):,} entries")


def read_json(source: Source) -> Iterator[Yielded]:
    """The articles of a JSON Feed, in its order."""
    try:
        feed = json.loads(read_text(source.open(), max_bytes=MAX_BYTES).lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"broken JSON: {_short(error)}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not items:
        raise UnreadableFile("no item in this JSON Feed")
    notices = Notices(source.path)
    position = 0
    for number, item in enumerate(items, 1):
        article = _from_item(source, position, item, feed) if isinstance(item, dict) else None
        if article is None:
            yield from notices.skip(f"item {number:,}", "neither text nor title")
            continue
        position += 1
        yield article
    yield from notices.rest()


FORMATS = (
    Format(
        name="RSS or Atom",
        suffixes=(".rss", ".atom", ".rdf", ".xml"),
        recognises=recognises_xml,
        read=read_xml,
        group="web",
    ),
    Format(name="JSON Feed", suffixes=(".json",), recognises=recognises_json, read=read_json, group="web"),
)

_HEADERS = {"content-type": "application/xml; charset=utf-8"}
_ENDED = re.compile(
    r"</(?:rss|feed|rdf:rdf|\w{1,40}:feed)\s*+>\s*+(?:<!--(?:[^-]|-(?!->)){0,400}+-->\s*+)*+\Z", re.IGNORECASE
)


def _from_entry(source: Source, position: int, entry: Any, feed: Any) -> Article | None:
    title = line_of_markup(_text(entry.get("title")))
    texts = [part.get("value") for part in entry.get("content", ())]
    body = next((found for text in (*texts, entry.get("summary")) if (found := _body(_text(text), title))), "")
    if not title and not body:
        return None
    url = clean_line(_text(entry.get("link")))
    day, time = _entry_date(entry)
    publisher = entry.get("source", {}).get("title") or entry.get("publisher") or feed.get("title")
    authors = [author.get("name") for author in entry.get("authors", ())] or [entry.get("author")]
    return Article(
        id=source.article_id(position, own=identifier(clean_line(_text(entry.get("id"))), url)),
        title=title,
        body=body,
        byline=", ".join(dict.fromkeys(name for author in authors if (name := _author(_text(author))))),
        published=day,
        published_time=time,
        published_source="metadata" if day else "",
        source=line_of_markup(_text(publisher)),
        url=url if url.startswith(("http://", "https://")) else "",
        topics=tuple(
            dict.fromkeys(
                name
                for tag in entry.get("tags", ())
                if (name := line_of_markup(_text(tag.get("label") or tag.get("term"))))
            )
        ),
        language=clean_line(_text(entry.get("language") or feed.get("language"))),
        path=source.path,
        position=position,
        version=_version(entry.get("id"), *(entry[name] for name in ("updated", "published") if name in entry)),
    )


def _entry_date(entry: Any) -> tuple[dt.date | None, dt.time | None]:
    stated = (parse_date(_text(entry.get(name))) for name in ("published", "created", "updated"))
    return next((moment for moment in stated if moment), (None, None))


def _from_item(source: Source, position: int, item: Mapping[str, Any], feed: Mapping[str, Any]) -> Article | None:
    title = line_of_markup(_text(item.get("title")))
    texts = (item.get("content_html"), item.get("content_text"), item.get("summary"))
    body = next((found for text in texts if (found := _body(_text(text), title))), "")
    if not title and not body:
        return None
    url = clean_line(_text(item.get("url")) or _text(item.get("external_url")))
    stated = (parse_date(_text(item.get(name))) for name in ("date_published", "date_modified"))
    day, time = next((moment for moment in stated if moment), (None, None))
    authors = item.get("authors") or item.get("author") or feed.get("authors") or feed.get("author") or ()
    listed = authors if isinstance(authors, list) else [authors]
    names = (clean_line(_text(author.get("name"))) for author in listed if isinstance(author, dict))
    tags = item.get("tags")
    return Article(
        id=source.article_id(position, own=identifier(clean_line(_text(item.get("id"))), url)),
        title=title,
        body=body,
        byline=", ".join(dict.fromkeys(name for name in names if name)),
        published=day,
        published_time=time,
        published_source="metadata" if day else "",
        source=line_of_markup(_text(feed.get("title"))),
        url=url,
        topics=tuple(line_of_markup(tag) for tag in tags if isinstance(tag, str) and tag.strip())
        if isinstance(tags, list)
        else (),
        language=clean_line(_text(item.get("language")) or _text(feed.get("language"))),
        path=source.path,
        position=position,
        version=_version(item.get("id"), item.get("date_modified"), item.get("date_published")),
    )


def _version(own: Any, *moments: Any) -> str:
    """Which version an entry is, where it has an id of its own that other versions can have too."""
    return version_of(*map(_text, moments)) if identifier(clean_line(_text(own))) else ""


def _body(text: str, title: str) -> str:
    paragraphs = paragraphs_of_markup(text) if looks_like_markup(text) else paragraphs_of(text)
    if paragraphs and paragraphs[0] == title:
        paragraphs = paragraphs[1:]
    return body_of(paragraphs)


def _author(text: str) -> str:
    """The name of an author whom RSS gives as "jane@example.org (Jane Doe)"."""
    match = _AUTHOR.fullmatch(line := line_of_markup(text))
    return (match["name"] or match["plain"] or "").strip() if match else line


def _possible_character(match: re.Match[str]) -> str:
    """A reference to a character as it is, if there is such a character; the parser stops at others."""
    number = match["hex"] or match["decimal"]
    code = int(number, 16 if match["hex"] else 10) if len(number) <= 8 else 0
    return match[0] if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else ""


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _short(problem: object) -> str:
    return " ".join(str(problem).split())[:120]
