"""What NewsML-G2 and ninjs items have in common: both wrap a text, in one form or several, in the same metadata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

import lxml.etree
import lxml.html

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, paragraphs_of
from searchapp.corpus.decoding.flow import Flow, flow_of
from searchapp.corpus.decoding.markup import looks_like_markup
from searchapp.corpus.decoding.xml import Element, parse_xml, text_of
from searchapp.corpus.formats.wire.nitf import NitfText, nitf_text
from searchapp.errors import UnreadableFile
from searchapp.model.article import Mention

__all__ = ["ItemText", "Rendition", "first_moment", "richest_text"]

MAX_HTML_CHARS = 8 << 20
_LINES_OF_A_STORY = 2


@dataclass(frozen=True, slots=True)
class Rendition:
    """One form of the text of an item."""

    content_type: str
    """Its media type, in lower case; empty when the item does not say."""
    content: str | Element
    """Characters, or the element that holds the text."""
    role: str = ""


@dataclass(frozen=True, slots=True)
class ItemText:
    """The text of an item and what it says of itself."""

    body: Flow
    nitf: NitfText | None = None
    """Where the text is NITF: its headline, byline, dateline and names."""

    def title_mentions(self, title: str) -> tuple[Mention, ...]:
        """The names marked in the headline, where the item's `title` is that very headline."""
        return self.nitf.title.mentions if self.nitf and self.nitf.title.text == title else ()


def richest_text(renditions: Iterable[Rendition], *, title: str) -> ItemText:
    """The text of the form that says most: NITF for the names it marks, then XHTML and HTML, then plain text.

    Among equals the one with the role "main" wins, then the first. The title is not repeated at the beginning.
    """
    ranked = sorted(renditions, key=lambda r: (_rank(r), r.role.lower() != "main"))
    for rendition in ranked:
        found = _read(rendition)
        if found and found.body.text:
            headline = title or (found.nitf.title.text if found.nitf else "")
            return ItemText(_without_title(found.body, headline), found.nitf)
    return ItemText(Flow(""))


def first_moment(*texts: str) -> tuple[dt.date | None, dt.time | None]:
    """The day and time that the first readable of `texts` names."""
    for text in texts:
        found = parse_date(text)
        if found:
            return found
    return None, None


def _rank(rendition: Rendition) -> int:
    kind = rendition.content_type
    if "nitf" in kind or rendition.role.lower() == "nitf" or _tag(rendition.content) == "nitf":
        return 0
    if "xhtml" in kind or _tag(rendition.content) == "html":
        return 1
    if "html" in kind:
        return 2
    return 3 if kind in ("", "text/plain") else 4


def _tag(content: str | Element) -> str:
    return "" if isinstance(content, str) else str(content.tag)


def _read(rendition: Rendition) -> ItemText | None:
    content = rendition.content
    if not isinstance(content, str):
        return _read_element(content)
    if _rank(rendition) == 0:
        try:
            return _read_element(parse_xml(content))
        except UnreadableFile:
            # Another form of the same text may be sound.
            return None
    if "html" in rendition.content_type or looks_like_markup(content):
        return ItemText(_flow_of_html(content))
    return ItemText(Flow(body_of(paragraphs_of(content))))


def _read_element(element: Element) -> ItemText:
    if element.tag == "nitf":
        nitf = nitf_text(element)
        return ItemText(nitf.body, nitf)
    body = element.find("body")
    place = element if body is None else body
    if lines := _broken_paragraphs(place):
        return ItemText(Flow(body_of(lines)))
    # A header repeats the headline, the date and the subjects; where there is nothing else it is the text.
    without = flow_of([place], skip=lambda inner: bool(inner.tag == "header"))
    return ItemText(without if without.text else flow_of([place]))


def _broken_paragraphs(place: Element) -> list[str]:
    """The paragraphs of a text whose line ends part them, within one element; nothing where elements do."""
    filled = [inner for inner in place.iter("p", "pre") if text_of(inner).strip()]
    if not filled or any(len(inner) for inner in filled) or len(list(place.iter("table", "li"))):
        return []
    if max(text_of(inner).strip().count("\n") for inner in filled) < _LINES_OF_A_STORY:
        return []
    return [line for inner in filled for line in paragraphs_of(text_of(inner))]


def _flow_of_html(markup: str) -> Flow:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    data = markup[:MAX_HTML_CHARS].replace("\0", "").encode("utf-8", "replace")
    try:
        tree = lxml.html.document_fromstring(b"<div>" + data + b"</div>", parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return Flow(body_of(paragraphs_of(markup)))
    return flow_of([tree])


def _without_title(body: Flow, title: str) -> Flow:
    first, gap, rest = body.text.partition("\n\n")
    if not gap or not title or first.casefold() != title.casefold():
        return body
    shift = len(first) + len(gap)
    mentions = (
        replace(mention, start=mention.start - shift, end=mention.end - shift)
        for mention in body.mentions
        if mention.start >= shift
    )
    return Flow(rest, tuple(mentions))
