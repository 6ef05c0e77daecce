"""ninjs, the IPTC's News in JSON: 1.x with one property for each form, 2.x and 3.x with lists of forms.

Version 3 writes names of properties with capitals inside; they are read without regard to case. A file holds one
item, a list of them, an object with such a list, or one item a line.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import ijson

from searchapp.corpus.cleaning.datelines import parse_dateline
from searchapp.corpus.cleaning.prose import body_of, clean_line, paragraphs_of
from searchapp.corpus.decoding.base import Format, Source, Yielded, identifier
from searchapp.corpus.decoding.encoding import decode, text_stream
from searchapp.corpus.decoding.markup import line_of_markup
from searchapp.corpus.decoding.versions import version_of
from searchapp.corpus.formats.data.json_lists import Utf8Stream
from searchapp.corpus.formats.wire.items import Rendition, first_moment, richest_text
from searchapp.corpus.formats.wire.placing import place_in_text, place_written
from searchapp.corpus.formats.wire.withheld import is_withdrawn, left_out
from searchapp.errors import UnreadableFile
from searchapp.language.labels import merged_names, readable_label, topics_of
from searchapp.model.article import Article
from searchapp.model.result import Skipped

__all__ = ["FORMAT"]

MAX_ITEM_CHARS = 32 << 20
"""Characters of one item, or of an object that holds a list of them."""

_START = re.compile(r"\ufeff?\s*[\[{]")
_TELLING = re.compile(
    r'"(?:versioncreated|firstcreated|contentcreated|pubstatus|representationtype|body_\w+|description_\w+|bodies'
    r'|headlines|infosources?|altids|copyrightholder)"\s*:',
    re.IGNORECASE,
)
_SCHEMA = re.compile(r"ninjs", re.IGNORECASE)
_URI = re.compile(r'"(?:uri|guid)"\s*:')
_LISTS = ("items", "_items", "item", "results", "newsitems", "data")
_BY = re.compile(r"(?:by|von|par|por|di|av)\s+", re.IGNORECASE)

_TRUNCATED = "truncated: the JSON ends too early{where}; fetch it again"

_Item = Mapping[str, Any]


def recognises(head: bytes) -> bool:
    """Whether a file begins as JSON with properties that only ninjs has."""
    text = decode(head)
    if not _START.match(text):
        return False
    telling = {match[0].lower() for match in _TELLING.finditer(text)}
    return bool(telling and _SCHEMA.search(text)) or (len(telling) >= 2 and bool(_URI.search(text)))


def read(source: Source) -> Iterator[Yielded]:
    """Each item of the file that has a text; cancelled, embargoed and pictures-only ones as `Skipped`."""
    position = 0
    for item in _items(source):
        yield (
            _article(_folded(item), source, position)
            if isinstance(item, dict)
            else Skipped(source.path, f"item {position + 1} is no JSON object")
        )
        position += 1
    if not position:
        raise UnreadableFile("no item in it; check that it is a ninjs file")


def _items(source: Source) -> Iterator[Any]:
    with text_stream(source.open()) as stream:
        start = stream.read(1)
        while start and (start.isspace() or start == "\ufeff"):
            start = stream.read(1)
        if start != "[":
            yield from _items_of_object(start + stream.readline(MAX_ITEM_CHARS), stream)
            return
    with text_stream(source.open()) as stream:
        try:
            yield from ijson.items(Utf8Stream(stream), "item", use_float=True)
        except (ijson.JSONError, ValueError) as error:
            message = " ".join(str(error).split())[:120].lower()
            if "premature" in message or "incomplete" in message:
                raise UnreadableFile(_TRUNCATED.format(where="")) from error
            raise UnreadableFile(f"broken JSON: {message}") from error


def _items_of_object(first_line: str, stream: io.TextIOWrapper) -> Iterator[Any]:
    try:
        whole = json.loads(first_line)
    except (ValueError, RecursionError):
        whole = _parsed(first_line + stream.read(MAX_ITEM_CHARS))
    number = 1
    while line := stream.readline(MAX_ITEM_CHARS):
        number += 1
        if line.strip():
            if whole is not None:
                yield whole
                whole = None
            yield _parsed(line, where=f" in line {number:,}")
    if whole is None:
        return
    for name in _LISTS if isinstance(whole, dict) and not whole.keys() & {"headline", "headlines"} else ():
        if isinstance(whole.get(name), list):
            yield from whole[name]
            return
    yield whole


def _parsed(text: str, *, where: str = "") -> Any:
    if len(text) >= MAX_ITEM_CHARS:
        raise UnreadableFile(f"one JSON object of more than {MAX_ITEM_CHARS >> 20} MB; split it into a list of items")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            raise UnreadableFile(_TRUNCATED.format(where=where)) from error
        raise UnreadableFile(f"broken JSON{where or f' at line {error.lineno}'}: {error.msg}") from error
    except RecursionError as error:
        raise UnreadableFile(f"JSON nested too deeply{where}") from error


def _folded(item: dict[str, Any]) -> dict[str, Any]:
    """`item` with its own and its nearest parts' keys in lower case."""
    return {
        key.lower().lstrip("$"): [_lower(part) for part in value] if isinstance(value, list) else _lower(value)
        for key, value in item.items()
    }


def _lower(value: Any) -> Any:
    return {key.lower(): inner for key, inner in value.items()} if isinstance(value, dict) else value


def _article(item: _Item, source: Source, position: int) -> Yielded:
    title = _headline(item)
    text = richest_text(_renditions(item), title=title)
    title = title or (text.nitf.title.text if text.nitf else "")
    uri = _string(item.get("uri")) or _string(item.get("guid"))
    status = _string(item.get("pubstatus"))
    version = version_of(_string(item.get("versioncreated")), number=_string(item.get("version")))
    reason = left_out(
        status=status,
        embargoed=_string(item.get("embargoed")) or _string(item.get("embargo")),
        item_class=_string(item.get("type")),
        has_text=bool(text.body.text),
        today=dt.date.today(),
    )
    name = uri or f"item {position + 1}"
    if reason:
        withdrawn = identifier(uri) if is_withdrawn(status) else ""
        return Skipped(source.path, f"{name}: {reason}", name, withdrawn, version)
    body = text.body.text or _description(item)
    if not title and not body:
        return Skipped(source.path, f"{name}: neither headline nor text")
    published, time = first_moment(
        *(_string(item.get(key)) for key in ("contentcreated", "firstcreated", "firstpublished", "versioncreated"))
    )
    opening = parse_dateline(body[:200])
    nitf = text.nitf
    return Article(
        id=source.article_id(position, own=uri),
        title=title,
        body=body,
        byline=_byline(item) or (nitf.byline if nitf else ""),
        published=published,
        published_time=time,
        published_source="metadata" if published else "",
        dateline=place_written(_located(item)) or (nitf.dateline if nitf else "") or place_in_text(body),
        source=_publisher(item) or (opening.agency if opening else ""),
        url=next((u for u in (_string(item.get("link")), uri) if u.startswith(("http://", "https://"))), ""),
        section=next(iter(_names(item, "service", "services")), ""),
        topics=topics_of(
            name
            for key in ("subject", "subjects", "keyword", "keywords", "event", "events")
            for name in _names(item, key)
        ),
        language=_string(item.get("language")),
        assigned=merged_names(_assigned(item), nitf.names if nitf else {}),
        mentions=text.body.mentions,
        title_mentions=text.title_mentions(title),
        path=source.path,
        position=position,
        version=version,
    )


def _headline(item: _Item) -> str:
    headlines = sorted(_parts(item, "headlines"), key=lambda part: _string(part.get("role")).lower() != "main")
    texts = [_string(part.get("value")) for part in headlines]
    texts += [_string(item.get(name)) for name in ("headline", "title")]
    texts += [_string(item[key]) for key in sorted(item) if key.startswith("headline_")]
    return next((line for text in texts if (line := line_of_markup(text))), "")


def _renditions(item: _Item) -> Iterator[Rendition]:
    for part in _parts(item, "bodies"):
        kind = _string(part.get("contenttype")) or _string(part.get("mimetype"))
        yield Rendition(kind.lower(), _string(part.get("value")), _string(part.get("role")))
    for key, value in item.items():
        if key.startswith("body_") or key == "body":
            form = key.partition("_")[2]
            # The ending says what it is: body_text, body_xhtml, body_html5, body_nitf.
            yield Rendition("" if form in ("", "text") else f"text/{form}", _string(value), form)


def _description(item: _Item) -> str:
    texts = [_string(part.get("value")) for part in _parts(item, "descriptions")]
    texts += [_string(item[key]) for key in sorted(item) if key.startswith("description_")]
    first = next((text for text in texts if text.strip()), "")
    return body_of(line_of_markup(paragraph) for paragraph in paragraphs_of(first))


def _byline(item: _Item) -> str:
    text = clean_line(_string(item.get("by")) or _string(item.get("byline")))
    return _BY.sub("", text, count=1) if _BY.match(text) else text or ", ".join(_names(item, "authors"))


def _located(item: _Item) -> str:
    return clean_line(_string(item.get("located")) or next(iter(_names(item, "located")), ""))


def _publisher(item: _Item) -> str:
    sources = _names(item, "infosources", "infosource", "source")
    fallbacks = (_string(item.get(key)) for key in ("source", "provider", "copyrightholder"))
    return next((clean_line(name) for name in (*sources, *fallbacks) if name.strip()), "")


def _assigned(item: _Item) -> dict[str, tuple[str, ...]]:
    keys = {
        "people": ("person", "people", "persons"),
        "places": ("place", "places"),
        "organisations": ("organisation", "organisations", "organization", "organizations"),
    }
    return {
        facet: tuple(label for name in _names(item, *names) if (label := readable_label(clean_line(name), facet)))
        for facet, names in keys.items()
    }


def _names(item: _Item, *keys: str) -> list[str]:
    """The names of the things listed under `keys`, by their literal where they have no name."""
    found: list[str] = []
    for key in keys:
        for part in _parts(item, key):
            name = _string(part.get("name")) or _string(part.get("literal"))
            if name.strip() and not name.strip().isdecimal():
                found.append(clean_line(name))
    return found


def _parts(item: _Item, key: str) -> list[_Item]:
    value = item.get(key)
    listed = value if isinstance(value, list) else [value]
    return [part if isinstance(part, dict) else {"name": part, "value": part} for part in listed if part]


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


FORMAT = Format(
    name="ninjs",
    suffixes=(".json", ".ninjs"),
    recognises=recognises,
    read=read,
    versions=True,
    group="the trade's own",
)
