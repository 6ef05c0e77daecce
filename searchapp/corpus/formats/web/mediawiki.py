"""Exports of MediaWiki, as Wikinews and Wikipedia give them out: the newest text of each page of the main namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.decoding.versions import version_of
from searchapp.corpus.decoding.xml import Element, iterate_xml, text_of
from searchapp.corpus.formats.web.wikitext import read_wikitext
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Noted

__all__ = ["FORMAT"]

LONGEST_CHARS = 2 << 20
"""Of one page; none that people write is longer."""
_ROOT = re.compile(rb"<mediawiki[\s>]")
_LANGUAGE = re.compile(rb"<mediawiki\b[^>]{0,2000}?\bxml:lang=[\"']([\w-]{2,20})")
_FILES, _CATEGORIES = "6", "14"


def recognises(head: bytes) -> bool:
    """Whether `head` begins an export."""
    return bool(_ROOT.search(head[:2_000]))


@dataclass(slots=True)
class _Site:
    name: str = ""
    base: str = ""
    language: str = ""
    spaces: dict[str, str] = field(default_factory=dict)
    """What the namespaces are called, by their numbers."""


@dataclass(slots=True)
class _Page:
    title: str
    space: str = "0"
    redirects: bool = False
    text: str = ""
    changed: str = ""
    """When the newest of its texts was written."""


def read(source: Source) -> Iterator[Yielded]:
    """The pages of the main namespace that lead to no other, each as it is in its newest version."""
    site = _Site(language=_language(source))
    notices = Notices(source.path)
    position = others = redirects = 0
    fault: UnreadableFile | None = None
    pages = _pages(source, site)
    while True:
        try:
            page = next(pages, None)
        except UnreadableFile as error:
            fault, page = error, None
        if page is None:
            break
        if page.space != "0" or page.redirects:
            others += page.space != "0"
            redirects += page.space == "0"
        elif len(page.text) > LONGEST_CHARS:
            yield from notices.skip(page.title, f"a page of more than {LONGEST_CHARS >> 20} million letters")
        elif (article := _article(source, site, page, position)) is not None:
            position += 1
            yield article
        else:
            yield from notices.skip(page.title, "no text")
    yield from notices.rest()
    if others or redirects:
        passed = f"{others:,} pages that are no articles and {redirects:,} that only lead to another"
        if not position and fault is None:
            raise UnreadableFile(f"no article in it, but {passed}")
        yield Noted(source.path, f"{passed} were passed over")
    if fault is not None:
        raise fault


FORMAT = Format(
    name="MediaWiki",
    suffixes=(".xml",),
    recognises=recognises,
    read=read,
    group="web",
    about="exports of Wikinews and other wikis",
    extra="web-archives",
)


def _language(source: Source) -> str:
    with source.open() as stream:
        match = _LANGUAGE.search(stream.read(8_000))
    return match[1].decode("ascii", "replace") if match else ""


def _pages(source: Source, site: _Site) -> Iterator[_Page]:
    """Each page with its newest text, however many it has; what is told of the wiki goes to `site`."""
    page: _Page | None = None
    fault: UnreadableFile | None = None
    try:
        for element in iterate_xml(source, "siteinfo", "title", "ns", "redirect", "revision"):
            if element.tag == "siteinfo":
                _take_site(element, site)
            elif element.tag == "title":
                if page:
                    yield page
                page = _Page(clean_line(text_of(element)))
            elif page is None:
                continue
            elif element.tag == "ns":
                page.space = text_of(element).strip()
            elif element.tag == "redirect":
                page.redirects = True
            else:
                changed = text_of(element.find("timestamp")).strip()
                if changed >= page.changed:
                    page.text, page.changed = text_of(element.find("text")), changed
    except UnreadableFile as error:
        fault = error
    if page and page.text:
        yield page
    if fault is not None:
        raise fault


def _take_site(element: Element, site: _Site) -> None:
    site.name = clean_line(text_of(element.find("sitename")))
    site.base = text_of(element.find("base")).strip().rpartition("/")[0]
    site.spaces = {space.get("key") or "": clean_line(text_of(space)) for space in element.iter("namespace")}


def _article(source: Source, site: _Site, page: _Page, position: int) -> Article | None:
    spaces = [[name] if (name := site.spaces.get(key)) else [] for key in (_FILES, _CATEGORIES)]
    found = read_wikitext(page.text, files=spaces[0], categories=spaces[1])
    if not found.body:
        return None
    url = f"{site.base}/{quote(page.title.replace(' ', '_'), safe='/:,()!*')}" if site.base.startswith("http") else ""
    published, published_in = found.published, "metadata"
    if published is None:
        # It is as old as its last change at least.
        published, published_in = parse_date(page.changed), "estimated"
    return Article(
        id=source.article_id(position, own=url),
        title=page.title,
        body=found.body,
        published=published[0] if published else None,
        published_time=published[1] if published and published_in == "metadata" else None,
        published_source=published_in if published else "",
        source=site.name,
        url=url,
        topics=tuple(dict.fromkeys(found.categories)),
        language=site.language,
        version=version_of(page.changed),
        path=source.path,
        position=position,
    )
