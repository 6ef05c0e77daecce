"""Reuters Corpus Volume 1 and its like: one `newsitem` a file, its codes without names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.xml import LANG, Element, iterate_xml, text_of
from searchapp.corpus.formats.wire.nitf import byline_of, place_of_dateline
from searchapp.corpus.formats.wire.placing import place_in_text, place_written
from searchapp.model.article import Article

__all__ = ["FORMAT"]

_ROOT = re.compile(rb"<newsitem\s[^>]{0,400}\bitemid=")
_DAY = re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b")
_WITHOUT = "no <newsitem> element in it; check that it is a file of the Reuters Corpus"


def recognises(head: bytes) -> bool:
    """Whether a file holds such an item."""
    return bool(_ROOT.search(head))


def read(source: Source) -> Iterator[Yielded]:
    """The article of the file, or each of several under an element around them."""
    for position, item in enumerate(iterate_xml(source, "newsitem", without=_WITHOUT)):
        yield _article(item, source, position)


def _article(item: Element, source: Source, position: int) -> Article:
    body = body_of(text_of(paragraph) for paragraph in item.iterfind("text/p"))
    stated = {part.get("element", ""): part.get("value", "") for part in item.iterfind("metadata/dc")}
    published = parse_date(item.get("date", "")) or parse_date(stated.get("dc.date.published", "")) or (None, None)
    number = item.get("itemid", "").strip()
    dateline = place_of_dateline(place_written(_DAY.split(text_of(item.find("dateline")), maxsplit=1)[0]))
    return Article(
        id=f"rcv1-{number}" if number else source.article_id(position),
        title=clean_line(text_of(item.find("headline"))) or clean_line(text_of(item.find("title"))),
        body=body or clean_line(text_of(item.find("text"))),
        byline=byline_of(item.findall("byline")),
        published=published[0],
        published_time=published[1],
        published_source="metadata" if published[0] else "",
        dateline=dateline or place_in_text(body),
        source=stated.get("dc.publisher", "").removesuffix(" Holdings Plc") or "Reuters",
        language=item.get(LANG) or "",
        path=source.path,
        position=position,
    )


FORMAT = Format(name="Reuters Corpus", suffixes=(".xml",), recognises=recognises, read=read, group="the trade's own")
