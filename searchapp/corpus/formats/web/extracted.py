"""What trafilatura writes of pages as XML, and TEI, in which editions of newspapers are kept too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded, identifier
from searchapp.corpus.decoding.flow import flow_of
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.decoding.xml import LANG, iterate_xml, text_of
from searchapp.model.article import Article

__all__ = ["FORMATS"]

_DOC = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}(?:<\?xml[^>]{0,200}>\s{0,99})?<doc\s")
_ATTRIBUTES = (b"sitename=", b"hostname=", b"fingerprint=")
_TEI = re.compile(rb"<(?:\w{1,20}:)?(?:TEI(?:\.2)?|teiCorpus)[\s>]")
_BETWEEN = re.compile("[;|]")


def recognises_doc(head: bytes) -> bool:
    """Whether `head` begins with a page as trafilatura writes it."""
    start = _DOC.match(head)
    tag = head[start.end() :].partition(b">")[0] if start else b""
    return any(name in tag for name in _ATTRIBUTES)


def recognises_tei(head: bytes) -> bool:
    """Whether the first element of `head` is one of TEI."""
    return bool(_TEI.search(head[:4_000]))


def read_docs(source: Source) -> Iterator[Yielded]:
    """The article of each page; comments left out."""
    notices = Notices(source.path)
    position = 0
    for number, element in enumerate(iterate_xml(source, "doc"), 1):
        body = flow_of(element.iterfind("main")).text
        title = clean_line(element.get("title") or "")
        if not body and not title:
            yield from notices.skip(f"page {number:,}", "neither text nor title")
            continue
        url = element.get("url") or element.get("source") or ""
        published = parse_date(element.get("date") or "")
        yield Article(
            id=source.article_id(position, own=identifier(url, element.get("id") or "")),
            title=title,
            body=body,
            byline=", ".join(_listed(element.get("author") or "")),
            published=published[0] if published else None,
            published_source="metadata" if published else "",
            source=clean_line(element.get("sitename") or element.get("hostname") or ""),
            url=url,
            section=next(iter(_listed(element.get("categories") or "")), ""),
            topics=tuple(_listed(element.get("tags") or "")),
            language=element.get("language") or "",
            path=source.path,
            position=position,
        )
        position += 1
    yield from notices.rest()


def read_tei(source: Source) -> Iterator[Yielded]:
    """Each text with its own header."""
    notices = Notices(source.path)
    position = 0
    for number, element in enumerate(iterate_xml(source, "TEI", "TEI.2", without="no text of TEI in it"), 1):
        header = element.find("teiHeader")
        header = element if header is None else header
        statement = header.find("fileDesc/titleStmt")
        statement = header if statement is None else statement
        body = flow_of(element.iterfind("text/body")).text
        titles = [*statement.iterfind("title[@type='main']"), *statement.iterfind("title")]
        title = next((line for one in titles if (line := clean_line(text_of(one)))), "")
        if not body and not title:
            yield from notices.skip(f"text {number:,}", "neither text nor title")
            continue
        url = next((link.get("target") or "" for link in header.iter("ptr") if link.get("target")), "")
        dates = [*header.iterfind("fileDesc/sourceDesc//date"), *header.iterfind("fileDesc/publicationStmt/date")]
        stated = (date.get("when") or text_of(date) for date in dates)
        published = next((found for text in stated if (found := parse_date(clean_line(text)))), None)
        publishers = (
            clean_line(text_of(one))
            for path in ("fileDesc/sourceDesc//publisher", "fileDesc/publicationStmt/publisher")
            for one in header.iterfind(path)
        )
        names = (clean_line(text_of(author)) for author in statement.iterfind("author"))
        terms = [(term.get("type") or "", term) for term in header.iterfind("profileDesc/textClass/keywords//term")]
        topics = [topic for kind, term in terms if kind != "categories" for topic in _listed(text_of(term))]
        sections = [topic for kind, term in terms if kind == "categories" for topic in _listed(text_of(term))]
        languages = [language.get("ident") or "" for language in header.iter("language")]
        yield Article(
            id=source.article_id(position, own=url),
            title=title,
            body=body,
            byline=", ".join(dict.fromkeys(name for text in names for name in _listed(text))),
            published=published[0] if published else None,
            published_source="metadata" if published else "",
            source=next((name for name in publishers if name), ""),
            url=url if url.startswith(("http://", "https://")) else "",
            section=next(iter(sections), ""),
            topics=tuple(dict.fromkeys(topics)),
            language=next((one for one in (*languages, element.get(LANG) or "") if one), ""),
            path=source.path,
            position=position,
        )
        position += 1
    yield from notices.rest()


FORMATS = (
    Format(name="trafilatura", suffixes=(".xml",), recognises=recognises_doc, read=read_docs, group="web"),
    Format(name="TEI", suffixes=(".xml", ".tei"), recognises=recognises_tei, read=read_tei, group="the trade's own"),
)


def _listed(text: str) -> list[str]:
    return [name for part in _BETWEEN.split(text) if (name := clean_line(part))]
