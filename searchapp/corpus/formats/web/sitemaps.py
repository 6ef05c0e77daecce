"""News sitemaps: what a site tells search engines of its newest articles, which is their titles and days."""

from __future__ import annotations

from collections.abc import Iterator

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.markup import line_of_markup
from searchapp.corpus.decoding.xml import Element, iterate_xml, text_of
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article

__all__ = ["FORMAT"]


def recognises(head: bytes) -> bool:
    """Whether `head` is of a sitemap."""
    return (b"<urlset" in head and b"sitemaps.org/schemas/sitemap" in head) or b"schemas/sitemap-news" in head


def read(source: Source) -> Iterator[Yielded]:
    """An article without text for each address that has a title. Raises `UnreadableFile` where none has."""
    position = 0
    for entry in iterate_xml(source, "url"):
        news = entry.find("news")
        title = line_of_markup(_text(news, "title"))
        if not title:
            continue
        url = _text(entry, "loc")
        published = parse_date(_text(news, "publication_date")) or (None, None)
        publication = news.find("publication") if news is not None else None
        yield Article(
            id=source.article_id(position, own=url),
            title=title,
            body="",
            published=published[0],
            published_time=published[1],
            published_source="metadata" if published[0] else "",
            source=_text(publication, "name"),
            language=_text(publication, "language"),
            url=url,
            topics=tuple(dict.fromkeys(word for part in _text(news, "keywords").split(",") if (word := part.strip()))),
            path=source.path,
            position=position,
        )
        position += 1
    if not position:
        raise UnreadableFile("a sitemap without titles: it points to articles without holding any")


def _text(element: Element | None, name: str) -> str:
    return clean_line(text_of(element.find(name))) if element is not None else ""


FORMAT = Format(name="news sitemap", suffixes=(".xml",), recognises=recognises, read=read, group="web")
