"""WordPress eXtended RSS, the export of a site: its published posts and pages, under the names of their authors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded, identifier
from searchapp.corpus.decoding.markup import line_of_markup, paragraphs_of_markup, with_paragraphs
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.decoding.xml import Element, iterate_xml, text_of
from searchapp.model.article import Article

__all__ = ["FORMAT"]

_NAMESPACE = re.compile(rb"https?://wordpress\.org/export/")
_KINDS = frozenset({"post", "page", "article", "news", ""})
_SHORTCODE = re.compile(r"\[/?[a-z][\w-]{0,40}(?:\s[^\[\]]{0,600})?/?\]")


def recognises(head: bytes) -> bool:
    """Whether `head` is of a feed that declares the names of the export."""
    return b"<rss" in head and bool(_NAMESPACE.search(head))


def read(source: Source) -> Iterator[Yielded]:
    """The published posts and pages of the site; drafts, pictures and menus are told as left out."""
    authors: dict[str, str] = {}
    site = language = ""
    notices = Notices(source.path)
    position = 0
    for number, element in enumerate(iterate_xml(source, "item", "author", "title", "language")):
        if element.tag == "author":
            parts = (_text(element, f"author_{part}_name") for part in ("first", "last"))
            name = _text(element, "author_display_name") or " ".join(part for part in parts if part)
            authors[_text(element, "author_login")] = name
        elif element.tag == "title":
            site = site or line_of_markup(text_of(element))
        elif element.tag == "language":
            language = language or clean_line(text_of(element))
        elif reason := _left_out(element):
            yield from notices.skip(_text(element, "title") or f"item {number}", reason)
        elif article := _article(source, position, element, authors, site, language):
            position += 1
            yield article
        else:
            yield from notices.skip(f"item {number}", "neither text nor title")
    yield from notices.rest()


def _left_out(item: Element) -> str:
    kind, status = _text(item, "post_type"), _text(item, "status")
    if kind not in _KINDS:
        return f"a WordPress {kind.replace('_', ' ')}, no post"
    if status not in ("publish", ""):
        return f"not published: its status is {status!r}"
    return "not public: a password protects it" if _text(item, "post_password") else ""


def _article(
    source: Source, position: int, item: Element, authors: dict[str, str], site: str, language: str
) -> Article | None:
    title = line_of_markup(_text(item, "title"))
    texts = [text_of(part) for part in item.iterfind("encoded")] + [
        text_of(part) for part in item.iterfind("description")
    ]
    body = next((found for text in texts if (found := _body(text))), "")
    if not title and not body:
        return None
    url = _text(item, "link")
    stated = (parse_date(_text(item, name)) for name in ("post_date", "pubDate", "post_date_gmt"))
    published = next((moment for moment in stated if moment), (None, None))
    tags = [(part.get("domain", ""), clean_line(text_of(part))) for part in item.iterfind("category")]
    return Article(
        id=source.article_id(position, own=identifier(url, _text(item, "guid"))),
        title=title,
        body=body,
        byline=_byline(item, authors),
        published=published[0],
        published_time=published[1],
        published_source="metadata" if published[0] else "",
        source=site,
        url=url if url.startswith(("http://", "https://")) else "",
        section=next((name for domain, name in tags if domain == "category" and name != "Uncategorized"), ""),
        topics=tuple(dict.fromkeys(name for domain, name in tags if domain in ("post_tag", "tag", "") and name)),
        language=language,
        path=source.path,
        position=position,
    )


def _byline(item: Element, authors: dict[str, str]) -> str:
    """Who wrote a post, each by the name that the site shows: where there are several they stand among the tags."""
    several = [part for part in item.iterfind("category") if part.get("domain") == "author"]
    logins = [clean_line(text_of(part)) for part in several] or [_text(item, "creator")]
    return ", ".join(dict.fromkeys(name for login in logins if (name := authors.get(login) or login)))


def _body(text: str) -> str:
    """The paragraphs of a post: blank lines part them, as they do where the site shows it."""
    without_notes = _without(_without(text, "<!--", "-->"), "[caption", "[/caption]")
    without_notes = _without(without_notes, "<figcaption", "</figcaption>")
    plain = _SHORTCODE.sub("", without_notes)
    return body_of(paragraphs_of_markup(with_paragraphs(plain))) if plain.strip() else ""


def _without(text: str, begin: str, end: str) -> str:
    """`text` without what stands from each `begin` to the next `end`, both included."""
    pieces, at = [], 0
    while (start := text.find(begin, at)) >= 0 and (stop := text.find(end, start)) >= 0:
        pieces.append(text[at:start])
        at = stop + len(end)
    return "".join((*pieces, text[at:]))


def _text(element: Element, name: str) -> str:
    return clean_line(text_of(element.find(name)))


FORMAT = Format(
    name="WordPress export",
    suffixes=(".xml", ".wxr"),
    recognises=recognises,
    read=read,
    group="web",
    about="published posts",
)
