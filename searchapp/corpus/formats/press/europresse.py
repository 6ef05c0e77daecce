"""Europresse: a page of `<article>` elements, whose parts are told by their classes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.etree
import lxml.html

from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import read_text
from searchapp.corpus.decoding.markup import paragraphs_of_tree
from searchapp.corpus.formats.press.flat import MAX_BYTES
from searchapp.corpus.formats.press.heads import Found, articles_of, date_of
from searchapp.errors import UnreadableFile

__all__ = ["FORMAT"]

_LOOK = re.compile(
    rb"class=[\"'][^\"']{0,200}(?:DocPublicationName|titreArticle|publiC-lblNodoc|docOcurrContainer)", re.IGNORECASE
)
_PARTS = {
    "source": ("DocPublicationName", "publiC-lblNomPublic", "rdp__DocPublicationName"),
    "title": ("titreArticleVisu", "titreArticle", "rdp__articletitle"),
    "byline": ("docAuthors", "sm-margin-bottomNews", "rdp__author"),
    "published": ("DocHeader", "rdp__DocHeader"),
    "id": ("publiC-lblNodoc",),
}
_BODIES = ("docOcurrContainer", "DocText", "rdp__articlecontent")
_BETWEEN = re.compile(r"[,;•|]")


def recognises(head: bytes) -> bool:
    """Whether `head` is of a page with such classes."""
    return bool(_LOOK.search(head))


def read(source: Source) -> Iterator[Yielded]:
    """The articles of the page, in its order."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, no_network=True, huge_tree=True)
    markup = read_text(source.open(), max_bytes=MAX_BYTES).encode("utf-8", "replace")
    try:
        tree = lxml.html.document_fromstring(markup, parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UnreadableFile("no HTML that can be parsed") from error
    documents = ((f"article {number}", _found(element)) for number, element in enumerate(tree.iter("article"), 1))
    yield from articles_of(
        documents, source, lacking="neither title nor text", without="no <article> element in this export of Europresse"
    )


def _found(article: lxml.html.HtmlElement) -> Found:
    found = Found()
    for name, classes in _PARTS.items():
        elements = (element for wanted in classes for element in _of_class(article, wanted))
        found.texts[name] = next((line for element in elements if (line := clean_line(element.text_content()))), "")
    # The line of the head holds the section and the page as well.
    for part in (found.texts["published"], *_BETWEEN.split(found.texts["published"])):
        if moment := date_of(part.strip()):
            found.day, found.time = moment
            break
    body = next((element for wanted in _BODIES for element in _of_class(article, wanted)), None)
    found.paragraphs = paragraphs_of_tree(body) if body is not None else []
    return found


def _of_class(article: lxml.html.HtmlElement, wanted: str) -> Iterator[lxml.html.HtmlElement]:
    for element in article.iter():
        if isinstance(element.tag, str) and wanted in (element.get("class") or "").split():
            yield element


FORMAT = Format(
    name="Europresse", suffixes=(".html", ".htm"), recognises=recognises, read=read, group="press databases"
)
