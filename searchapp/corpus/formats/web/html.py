"""Web pages: one article a page, from what it says about itself and the text left when its furniture is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html

from searchapp.corpus.cleaning.prose import body_of, clean_line, paragraphs_of
from searchapp.corpus.cleaning.publication import Published
from searchapp.corpus.decoding.base import Format, Source, Yielded, identifier
from searchapp.corpus.decoding.encoding import read_text
from searchapp.corpus.decoding.linked_data import article_object, assigned_names, lines_of, objects_of
from searchapp.corpus.decoding.markup import line_of_markup, looks_like_markup, paragraphs_of_markup, paragraphs_of_tree
from searchapp.corpus.formats.web.captures import Capture, capture_noted, original_address
from searchapp.corpus.formats.web.page_facts import byline_of_page, published_on_page
from searchapp.errors import UnreadableFile
from searchapp.language.credits import byline_in
from searchapp.language.furniture import is_navigation
from searchapp.model.article import Article

__all__ = ["FORMAT", "article_of_page"]

MAX_BYTES = 24 << 20
"""No page of news is larger; a larger file would take long for nothing."""

_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "title")
_SOURCES = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "publisher", "copyright")
_SECTIONS = ("article:section", "og:article:section", "section", "parsely-section", "category", "dc.subject.section")
_TOPICS = ("article:tag", "og:article:tag", "news_keywords", "keywords", "parsely-tags", "dc.subject", "sailthru.tags")
_URLS = ("og:url", "twitter:url", "parsely-link")
_SITE_IN_TITLE = re.compile(r"(?<!\s)\s++[|–—·•»-]\s++([^|–—·•»]{2,60})$")
NOT_SAID = Capture()
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_ENOUGH_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Page:
    """A parsed page and what its head says."""

    tree: lxml.html.HtmlElement
    markup: str
    meta: Mapping[str, Sequence[str]]
    """Names and properties of <meta> in lower case to their contents, in order."""
    article: Mapping[str, Any]
    """The JSON-LD object of the article, or empty."""
    known: Mapping[str, Mapping[str, Any]]
    """JSON-LD objects by their @id."""


def recognises(head: bytes) -> bool:
    """Whether `head` begins an HTML page."""
    return bool(_START.match(head))


def read(source: Source) -> Iterator[Yielded]:
    """The one article of a page. Raises `UnreadableFile` when no text is left of it."""
    yield article_of_page(source, read_text(source.open(), max_bytes=MAX_BYTES))


FORMAT = Format(
    name="HTML",
    suffixes=(".html", ".htm", ".xhtml", ".shtml"),
    recognises=recognises,
    read=read,
    group="web",
    about="schema.org, OpenGraph; as browsers and SingleFile save them",
    takes_any=True,
)


def article_of_page(source: Source, markup: str, *, capture: Capture = NOT_SAID, position: int = 0) -> Article:
    """The article of the page `markup`; `capture` is where and when it was saved, for pages that do not say.

    No page is younger than its saving, and one that tells nothing of its date is about as old.
    Raises `UnreadableFile` when no text is left of it.
    """
    page = _page(markup)
    site = _site(page)
    title = _title(page, site)
    body = _body(page, title)
    if not body:
        raise UnreadableFile("no article text in this page")
    noted = capture_noted(markup)
    url = _url(page, capture.url or noted.url)
    saved = capture.moment or noted.moment
    latest = min(source.modified, saved) if saved else source.modified
    published = published_on_page(page.tree, page.meta, page.article, url=url, latest=latest.date())
    if published.day is None and saved:
        published = Published(saved.date(), None, "estimated")
    return Article(
        id=source.article_id(position, own=url),
        title=title,
        body=body,
        byline=byline_of_page(page.tree, page.meta, page.article, page.known, site=site),
        published=published.day,
        published_time=published.time,
        published_source=published.found_in,
        source=site,
        url=url,
        section=_first([*lines_of(page.article.get("articleSection")), *_meta(page, _SECTIONS)]),
        topics=_topics(page),
        language=_language(page),
        assigned=assigned_names(page.article),
        path=source.path,
        position=position,
    )


def _page(markup: str) -> _Page:
    markup = _XML_DECLARATION.sub("", markup).replace("\0", "")
    # Only what is given is parsed: this parser loads nothing and knows no entities but HTML's own.
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UnreadableFile("no HTML that can be parsed") from error
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if content := line_of_markup(element.get("content") or ""):
            meta.setdefault(name.strip().lower(), []).append(content)
    scripts = (
        element.text_content() for element in tree.iter("script") if "ld+json" in (element.get("type") or "").lower()
    )
    objects = objects_of(scripts)
    known = {item["@id"]: item for item in objects if isinstance(item.get("@id"), str) and "name" in item}
    return _Page(tree, markup, meta, article_object(objects, like=_signs(tree, meta)), known)


def _signs(tree: lxml.html.HtmlElement, meta: Mapping[str, Sequence[str]]) -> list[str]:
    """Addresses and headlines by which a page says which article it is."""
    links = [element.get("href") or "" for element in tree.iter("link") if element.get("rel") == "canonical"]
    titles = [line_of_markup(element.text_content()) for element in tree.iter("h1", "title")]
    named = [content for name in ("og:url", "og:title", "twitter:title") for content in meta.get(name, ())]
    return [sign for sign in (*links, *named, *titles) if sign]


def _meta(page: _Page, names: Sequence[str]) -> list[str]:
    """The contents of the first of these names that the page gives."""
    return next((list(page.meta[name]) for name in names if name in page.meta), [])


def _first(lines: Sequence[str]) -> str:
    return lines[0] if lines else ""


def _site(page: _Page) -> str:
    article = page.article
    named = [
        *lines_of(article.get("publisher"), page.known),
        *lines_of(article.get("sourceOrganization"), page.known),
        *_meta(page, _SOURCES),
    ]
    return _first([name for name in named if "://" not in name])


def _title(page: _Page, site: str) -> str:
    headings = [line_of_markup(element.text_content()) for element in page.tree.iter("h1")]
    heading = _first(headings) if len(headings) == 1 else ""
    title = _first([*lines_of(page.article.get("headline")), *_meta(page, _TITLES)]) or heading
    if heading and title != heading and _is_about_the_page(title, page) is False:
        # In encyclopaedias the headline of the metadata is a description, and the name is the title.
        title = heading
    if title:
        return _without_site(title, site)
    named = [line_of_markup(element.text or "") for element in page.tree.iter("title")]
    return _without_site(_first(named), site) or _first(headings)


def _is_about_the_page(title: str, page: _Page) -> bool:
    """Whether any word of `title` stands in the titles that a page shows."""
    words = set(re.findall(r"[^\W\d_]{4,}", title.casefold()))
    shown = [line_of_markup(element.text_content()) for element in page.tree.iter("h1", "title")]
    shown += _meta(page, ("og:title", "twitter:title"))
    return not words or any(word in line.casefold() for line in shown for word in words)


def _without_site(title: str, site: str) -> str:
    match = _SITE_IN_TITLE.search(title)
    return (
        title[: match.start()]
        if match and site and match[1].lower() in (site.lower(), site.lower() + ".com")
        else title
    )


def _body(page: _Page, title: str) -> str:
    paragraphs = _extracted(page)
    own = page.article.get("articleBody")
    if isinstance(own, str):
        stated = paragraphs_of_markup(own) if looks_like_markup(own) else paragraphs_of(own)
        found_chars, stated_chars = sum(map(len, paragraphs)), sum(map(len, stated))
        # Pages that build themselves by script hold their text only here; elsewhere it often lacks its paragraphs.
        whole = len(stated) > len(paragraphs) and found_chars <= stated_chars + len(stated)
        if whole or found_chars < _ENOUGH_SHARE * stated_chars:
            paragraphs = stated
    if not paragraphs:
        places = [*page.tree.iter("article"), *page.tree.iter("main"), *page.tree.iter("body")]
        paragraphs = next((found for place in places if (found := paragraphs_of_tree(place))), [])
    while paragraphs and (paragraphs[0] == title or byline_in(paragraphs[0]) or is_navigation(paragraphs[0])):
        paragraphs = paragraphs[1:]
    while paragraphs and is_navigation(paragraphs[-1]):
        paragraphs = paragraphs[:-1]
    return body_of(paragraphs)


def _extracted(page: _Page) -> list[str]:
    """The paragraphs of the article without menus, teasers and comments."""
    # Loading it takes as long as a whole search: only those wait who read a page.
    import trafilatura

    try:
        found = trafilatura.bare_extraction(
            page.markup,
            include_comments=False,
            include_tables=True,
            include_formatting=False,
            with_metadata=False,
        )
    except Exception:  # The extractor meets every kind of page there is; without it the plain text still is there.
        return []
    text = getattr(found, "text", None)
    return [line for part in (text or "").split("\n") if (line := clean_line(part))]


def _url(page: _Page, saved_from: str) -> str:
    """The address that the page says it has, else where it was saved from; a front page only for want of another."""
    links = [
        element.get("href") or ""
        for element in page.tree.iter("link")
        if (element.get("rel") or "").lower() == "canonical"
    ]
    page_of = page.article.get("mainEntityOfPage")
    own = page_of.get("@id") if isinstance(page_of, Mapping) else page_of
    named = [*links, *_meta(page, _URLS), *lines_of(page.article.get("url")), *lines_of(own)]
    stated = [
        original_address(url).url
        for text in (*named, saved_from)
        if (url := clean_line(text)).lower().startswith(("http://", "https://"))
    ]
    return identifier(*stated) or _first(stated)


def _topics(page: _Page) -> tuple[str, ...]:
    stated = lines_of(page.article.get("keywords")) or _meta(page, _TOPICS)
    parts = stated if len(stated) > 1 else re.split("[,;|]", _first(stated))
    return tuple(dict.fromkeys(topic for part in parts if (topic := part.strip())))


def _language(page: _Page) -> str:
    stated = [
        page.tree.get("lang") or page.tree.get("xml:lang") or "",
        *lines_of(page.article.get("inLanguage")),
        *_meta(page, ("og:locale", "content-language", "language", "dc.language")),
    ]
    return _first([text.replace("_", "-") for text in stated if _LANGUAGE.fullmatch(text)])
