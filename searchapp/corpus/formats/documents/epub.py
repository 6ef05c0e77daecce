"""EPUB: books, and the newspapers that e-readers are sent; each chapter an article."""

from __future__ import annotations

import dataclasses
import datetime as dt
import posixpath
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode
from searchapp.corpus.decoding.markup import paragraphs_of_markup
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.decoding.xml import Element, text_of
from searchapp.corpus.formats.documents.packages import Package, begins_zip, opened, part, xml_of
from searchapp.errors import UnreadableFile
from searchapp.language.credits import byline_in
from searchapp.language.fold import folded
from searchapp.model.article import Article

__all__ = ["FORMAT"]

_LEAST_CHARS = 200
"""Of text, without which a chapter is a cover, a title page or a list of contents."""
_AROUND = frozenset("cover toc contents copyright titlepage title-page colophon nav index".split())


def recognises(head: bytes) -> bool:
    """Whether `head` begins a book for e-readers."""
    return begins_zip(head) and b"application/epub+zip" in head[:200]


def read(source: Source) -> Iterator[Yielded]:
    """The chapters of a book in the order of reading, those without text of their own left out."""
    notices = Notices(source.path)
    with opened(source) as package:
        name = _name_of_package(package)
        root = xml_of(package, name)
        if root is None:
            raise UnreadableFile("no book: its list of contents is missing")
        folder = posixpath.dirname(name)
        book = _facts(root)
        titles = _titles(package, root, folder)
        position = 0
        for place, chapter in enumerate(_chapters(root, folder), 1):
            try:
                markup = decode(part(package, chapter))
            except UnreadableFile as error:
                yield from notices.skip(f"chapter {place}", str(error))
                continue
            article = _article(source, position, paragraphs_of_markup(markup), titles.get(chapter, ""), book)
            if article is not None:
                position += 1
                yield article
    yield from notices.rest()


FORMAT = Format(
    name="EPUB",
    suffixes=(".epub",),
    recognises=recognises,
    read=read,
    group="documents",
    about="each chapter an article",
    takes_any=True,
    binary=True,
    hard=True,
)


def _name_of_package(package: Package) -> str:
    container = xml_of(package, "META-INF/container.xml")
    found = container.find(".//rootfile") if container is not None else None
    if found is not None and found.get("full-path"):
        return str(found.get("full-path"))
    return next((name for name in package.namelist() if name.endswith(".opf")), "")


def _chapters(root: Element, folder: str) -> Iterator[str]:
    """The names of the parts with text, in the order of reading."""
    kinds = {item.get("id"): item for item in root.iter("item")}
    for reference in root.iter("itemref"):
        item = kinds.get(reference.get("idref"))
        if item is None or "html" not in (item.get("media-type") or "") or "nav" in (item.get("properties") or ""):
            continue
        name = _at(folder, item.get("href") or "")
        if posixpath.splitext(posixpath.basename(name))[0].lower() not in _AROUND:
            yield name


def _titles(package: Package, root: Element, folder: str) -> Mapping[str, str]:
    """What the list of contents calls each part."""
    titles: dict[str, str] = {}
    for item in root.iter("item"):
        name = _at(folder, item.get("href") or "")
        if item.get("media-type") == "application/x-dtbncx+xml" or "nav" in (item.get("properties") or "").split():
            try:
                contents = xml_of(package, name)
            except UnreadableFile:
                continue
            for point in contents.iter("navPoint", "a") if contents is not None else ():
                target = point.find("content").get("src") if point.find("content") is not None else point.get("href")
                label = clean_line(text_of(point.find("navLabel") if point.tag == "navPoint" else point))
                if target and label:
                    titles.setdefault(_at(posixpath.dirname(name), target.partition("#")[0]), label)
    return titles


def _at(folder: str, reference: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(reference)))


@dataclasses.dataclass(frozen=True, slots=True)
class _Book:
    title: str
    author: str
    published: dt.date | None
    language: str


def _facts(root: Element) -> _Book:
    def first(name: str) -> str:
        return next((text for found in root.iter(name) if (text := clean_line(text_of(found)))), "")

    found = parse_date(first("date"))
    authors = [text for found_author in root.iter("creator") if (text := clean_line(text_of(found_author)))]
    return _Book(first("title"), ", ".join(authors), found[0] if found else None, first("language"))


def _article(source: Source, position: int, lines: list[str], listed: str, book: _Book) -> Article | None:
    title = listed or (lines[0] if lines and len(lines[0]) < 200 else "")
    while lines and title and folded(lines[0]) in (folded(title), folded(book.title)):
        lines = lines[1:]
    byline = byline_in(lines[0]) if lines else ""
    body = body_of(lines[1:] if byline else lines)
    if len(body) < _LEAST_CHARS:
        return None
    latest = source.modified.date()
    published = book.published if book.published and book.published <= latest else None
    return Article(
        id=source.article_id(position),
        title=title or book.title,
        body=body,
        byline=byline or ("" if "calibre" in book.author.lower() else book.author),
        published=published,
        published_source="metadata" if published else "",
        source=book.title,
        language=book.language,
        path=source.path,
        position=position,
    )
