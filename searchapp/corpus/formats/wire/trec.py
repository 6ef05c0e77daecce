"""Collections of news for research, as TREC and Gigaword have them: many `<DOC>` in a file, in SGML that is no XML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line, paragraphs_of
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.formats.wire.nitf import byline_of_text, place_of_dateline
from searchapp.corpus.formats.wire.placing import place_in_text, place_written
from searchapp.errors import UnreadableFile
from searchapp.language.labels import topics_of
from searchapp.model.article import Article

__all__ = ["FORMAT"]

READ_BYTES = 1 << 18
MAX_ARTICLE_BYTES = 8 << 20
_BEGIN = re.compile(rb"<DOC(?:\s[^<>]{0,400})?>", re.IGNORECASE)
_END = re.compile(rb"</DOC>", re.IGNORECASE)
_LOOK = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,400}(?:<\?xml[^>]{0,200}\?>\s{0,400})?(?:<[A-Za-z]{1,20}>\s{0,400})?<DOC(?:\s[^<>]{0,400})?>",
    re.IGNORECASE,
)
_ELEMENT = re.compile(
    r"<(?P<name>[A-Za-z][\w.-]{0,30})(?:\s[^<>]{0,400})?>(?P<inside>[^<]*+(?:<(?!/?(?P=name)\b)[^<]*+)*+)</(?P=name)\s?>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"\b(id|type|docid)\s?=\s?[\"']([^\"']{1,200})[\"']", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,400}>")
_PARAGRAPH = re.compile(r"</?(?:P|BR|TEXT)\b[^<>]{0,100}>", re.IGNORECASE)
_TITLES = ("headline", "hl", "title", "ti", "ttl", "hd", "h3", "head", "header")
_TEXTS = ("text", "lp", "leadpara", "body", "graphic", "contents")
_DATES = ("date_time", "datetime", "date", "date1", "pubdate", "dd", "pub_date", "docdate")
_IDS = ("docno", "docid", "doc_id", "id")
_SOURCES = ("source", "so", "publication", "pub", "newspaper", "doctype")
_DAY_IN_ID = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)")
_SHORT_DAY_IN_ID = re.compile(r"^(?P<paper>[A-Z]{2,4})-?(?P<a>\d{2})(?P<b>\d{2})(?P<c>\d{2})-")
_AGENCIES = {
    "AP": "AP", "APW": "AP", "AFP": "AFP", "NYT": "The New York Times", "XIN": "Xinhua", "XIE": "Xinhua", "CNA": "CNA",
    "LTW": "Los Angeles Times-Washington Post", "WPB": "Washington Post-Bloomberg", "WSJ": "The Wall Street Journal",
    "LA": "Los Angeles Times", "FT": "Financial Times", "SJMN": "San Jose Mercury News",
}  # fmt: skip


def recognises(head: bytes) -> bool:
    """Whether `head` begins with such an element."""
    return bool(_LOOK.match(head)) and b"<" in head[5:]


def read(source: Source) -> Iterator[Yielded]:
    """Each article of the file, one element in memory at a time."""
    notices = Notices(source.path)
    position = number = 0
    with source.open() as stream:
        for begin, element in _elements(stream):
            number += 1
            if element is None:
                yield from notices.skip(f"article {number}", "it never ends; fetch the file again")
            elif article := _article(begin, element, source, position):
                position += 1
                yield article
            else:
                yield from notices.skip(f"article {number}", "neither headline nor text")
    yield from notices.rest()
    if not number:
        raise UnreadableFile("no <DOC> element in it")


def _elements(stream: BinaryIO) -> Iterator[tuple[str, str | None]]:
    """The begin tag and the inside of each element; None for one that never ends."""
    pending = b""
    searched = 0
    while chunk := stream.read(READ_BYTES):
        pending += chunk
        done = 0
        while end := _END.search(pending, max(done, searched)):
            begin = _BEGIN.search(pending, done, end.start())
            if begin:
                yield begin[0].decode("latin-1"), decode(pending[begin.end() : end.start()])
            done = end.end()
        pending = pending[done:]
        searched = max(0, len(pending) - 8)
        if len(pending) > MAX_ARTICLE_BYTES:
            if _BEGIN.search(pending[:READ_BYTES]):
                yield "", None
            pending, searched = pending[-8:], 0
    if _BEGIN.search(pending):
        yield "", None


def _article(begin: str, element: str, source: Source, position: int) -> Article | None:
    parts: dict[str, list[str]] = {}
    for match in _ELEMENT.finditer(element):
        parts.setdefault(match["name"].lower(), []).append(match["inside"])
    attributes = {name.lower(): value for name, value in _ATTRIBUTE.findall(begin)}
    own = attributes.get("id") or attributes.get("docid") or _first(parts, _IDS)
    title = _first(parts, _TITLES)
    texts = [text for name in _TEXTS for text in parts.get(name, ())]
    body = body_of(line for text in texts for line in _paragraphs(text))
    if not title and not body:
        return None
    paper = re.match(r"[A-Z]{2,4}", own)
    stated = (parse_date(_whole_year(_first(parts, (name,)))) for name in _DATES)
    published = next((moment for moment in stated if moment), None) or parse_date(_day_in_id(own)) or (None, None)
    return Article(
        id=source.article_id(position, own=own),
        title=title,
        body=body,
        byline=byline_of_text(_first(parts, ("byline", "author", "by", "au"))),
        published=published[0],
        published_time=published[1],
        published_source="metadata" if published[0] else "",
        dateline=place_of_dateline(place_written(_first(parts, ("dateline", "dl")))) or place_in_text(body),
        source=_first(parts, _SOURCES[:-1]) or _AGENCIES.get(paper[0] if paper else "", ""),
        section=_first(parts, ("section", "se")),
        topics=topics_of(
            word for name in ("subject", "descript", "in") for text in parts.get(name, ()) for word in _words(text)
        ),
        path=source.path,
        position=position,
    )


def _whole_year(date: str) -> str:
    """A date of six digits, as the Financial Times has them, with its century."""
    return f"{'19' if int(date[:2]) > 40 else '20'}{date}" if len(date) == 6 and date.isdecimal() else date


def _words(text: str) -> list[str]:
    return [line for word in re.split(r"[;\n]|</?P>", text) if (line := clean_line(_plain(word)).strip(" ."))]


def _first(parts: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((line for name in names for text in parts.get(name, ()) if (line := clean_line(_plain(text)))), "")


def _paragraphs(text: str) -> list[str]:
    if _PARAGRAPH.search(text):
        return [clean_line(_plain(piece)) for piece in _PARAGRAPH.split(text)]
    return paragraphs_of(_plain(text))


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text))


def _day_in_id(own: str) -> str:
    """The day in an id such as `EXW_ENG_19950101.0001`, `AP880212-0001` or, in Los Angeles, `LA010189-0001`."""
    if match := _DAY_IN_ID.search(own):
        return f"{match['year']}-{match['month']}-{match['day']}"
    if match := _SHORT_DAY_IN_ID.match(own):
        first, second, third = match["a"], match["b"], match["c"]
        year, month, day = (third, first, second) if match["paper"] == "LA" else (first, second, third)
        return f"{'19' if int(year) > 40 else '20'}{year}-{month}-{day}"
    return ""


FORMAT = Format(
    name="TREC or Gigaword",
    suffixes=(".sgm", ".sgml", ".trec", ".xml"),
    recognises=recognises,
    read=read,
    group="the trade's own",
)
