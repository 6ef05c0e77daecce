"""NewsML-G2 of the IPTC: one news item, or a message with any number of them.

Vocabularies that a file points to are never fetched: what a code means is taken from the names that stand beside it,
from the file's own assertions, and for countries from ISO 3166.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded, identifier
from searchapp.corpus.decoding.versions import version_of
from searchapp.corpus.decoding.xml import LANG, Element, iterate_xml, text_of
from searchapp.corpus.formats.wire.items import ItemText, Rendition, first_moment, richest_text
from searchapp.corpus.formats.wire.nitf import byline_of, place_of_dateline
from searchapp.corpus.formats.wire.placing import place_in_text, place_written
from searchapp.corpus.formats.wire.withheld import is_withdrawn, left_out
from searchapp.language.labels import country_label, merged_names, readable_label, topics_of
from searchapp.model.article import Article
from searchapp.model.result import Skipped

__all__ = ["FORMAT"]

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(newsItem|newsMessage|packageItem|conceptItem|knowledgeItem|planningItem)[\s>]")
_NAMESPACE = b"iptc.org/std/nar/"
_FACET_OF_NATURE = {
    "person": "people",
    "organisation": "organisations",
    "organization": "organisations",
    "geoarea": "places",
    "poi": "places",
}
_FACET_OF_SCHEME = (
    (re.compile(r"iso3166|country|cntry|city|geo|place|location|region", re.IGNORECASE), "places"),
    (re.compile(r"pers|people", re.IGNORECASE), "people"),
    (re.compile(r"org|company|comp$|isin|ticker", re.IGNORECASE), "organisations"),
)
_WORDY = re.compile(r"[^\W\d_][\w .'’&-]*", re.UNICODE)
_WITHOUT = "no <newsItem> element in it: packages and concepts point to articles without holding any"


def recognises(head: bytes) -> bool:
    """Whether a file begins with an item or message of NewsML-G2."""
    return _NAMESPACE in head and bool(_ROOT.search(head))


def read(source: Source) -> Iterator[Yielded]:
    """Each news item of the file; cancelled, embargoed and pictures-only ones as `Skipped`."""
    for position, item in enumerate(iterate_xml(source, "newsItem", without=_WITHOUT)):
        yield _article(item, source, position)


def _article(item: Element, source: Source, position: int) -> Yielded:
    meta, about = item.find("itemMeta"), item.find("contentMeta")
    language = item.get(LANG) or _attribute(about, "language", "tag")
    title = _text(about, "headline") or _text(meta, "title")
    text = richest_text(_renditions(item), title=title)
    title = title or (text.nitf.title.text if text.nitf else "")
    status = _attribute(meta, "pubStatus", "qcode", "uri")
    version = version_of(_text(meta, "versionCreated"), number=item.get("version", "1"))
    reason = left_out(
        status=status,
        embargoed=_text(meta, "embargoed"),
        item_class=_attribute(meta, "itemClass", "qcode", "uri"),
        has_text=bool(text.body.text),
        today=dt.date.today(),
    )
    name = item.get("guid") or f"item {position + 1}"
    if reason:
        withdrawn = identifier(item.get("guid", "")) if is_withdrawn(status) else ""
        return Skipped(source.path, f"{name}: {reason}", name, withdrawn, version)
    body = text.body.text or _descriptions(about)
    if not title and not body:
        return Skipped(source.path, f"{name}: neither headline nor text")
    named, topics = _subjects(item, about, language)
    published, time = first_moment(
        _text(about, "contentCreated"), _text(meta, "firstCreated"), _text(meta, "versionCreated")
    )
    return Article(
        id=source.article_id(position, own=item.get("guid", "")),
        title=title,
        body=body,
        byline=_byline(about, text, language),
        published=published,
        published_time=time,
        published_source="metadata" if published else "",
        dateline=_dateline(about, text, language),
        source=_publisher(item, meta, about, language),
        url=_url(item, meta),
        section=_named(meta, "service", language),
        topics=topics,
        language=language,
        assigned=merged_names(named, text.nitf.names if text.nitf else {}),
        mentions=text.body.mentions,
        title_mentions=text.title_mentions(title),
        path=source.path,
        position=position,
        version=version,
    )


def _renditions(item: Element) -> Iterator[Rendition]:
    for content in item.iterfind("contentSet/*"):
        kind = content.get("contenttype", "").lower()
        if content.tag == "inlineXML":
            for inner in content:
                yield Rendition(kind, inner)
        elif content.tag == "inlineData" and content.get("encoding", "") in ("", "none"):
            yield Rendition(kind, text_of(content))


def _subjects(
    item: Element, about: Element | None, language: str
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Names by facet, and topics."""
    assertions = {key: entry for entry in item.iterfind("assert") for key in _keys(entry)}
    named: dict[str, list[str]] = {}
    topics: list[str] = []
    for subject in about.iterfind("subject") if about is not None else ():
        assertion = next((assertions[key] for key in _keys(subject) if key in assertions), None)
        facet = _facet(subject, assertion)
        label = _best_name(subject, language) or (_best_name(assertion, language) if assertion is not None else "")
        label = label or _label_of_code(subject, facet)
        if facet and label:
            named.setdefault(facet, []).append(readable_label(label, facet))
        elif label and not facet:
            topics.append(label)
    topics += [text_of(word) for word in about.iterfind("keyword")] if about is not None else []
    return {facet: tuple(labels) for facet, labels in named.items()}, topics_of(topics)


def _keys(element: Element) -> list[str]:
    return [value for name in ("qcode", "uri", "literal") if (value := element.get(name, ""))]


def _facet(subject: Element, assertion: Element | None) -> str:
    natures = [subject.get("type", ""), subject.get("typeuri", "")]
    for element in (subject, assertion):
        for kind in element.iterfind("type") if element is not None else ():
            natures += _keys(kind)
    for nature in natures:
        last = re.split(r"[:/#]", nature)[-1].lower()
        if last in _FACET_OF_NATURE:
            return _FACET_OF_NATURE[last]
    if any(natures):
        return ""
    scheme, colon, _ = subject.get("qcode", "").partition(":")
    return next((facet for pattern, facet in _FACET_OF_SCHEME if colon and pattern.search(scheme)), "")


def _best_name(element: Element, language: str) -> str:
    """The name in the item's language, else in English, else the first."""
    names = [(name.get(LANG, ""), clean_line(text_of(name))) for name in element.iterfind("name")]
    names = [(lang, name) for lang, name in names if name]
    for wanted in (language, "en"):
        for lang, name in names:
            if wanted and lang.split("-")[0].lower() == wanted.split("-")[0].lower():
                return name
    return names[0][1] if names else ""


def _label_of_code(subject: Element, facet: str) -> str:
    """What a code says by itself: a country's, or one that is a word such as `city:Tskhinvali`."""
    scheme, colon, code = subject.get("qcode", "").partition(":")
    if colon and "iso3166" in scheme.lower():
        return country_label(code)
    literal = clean_line(subject.get("literal", ""))
    if literal and _WORDY.fullmatch(literal):
        return literal
    return code if facet and colon and len(code) > 3 and _WORDY.fullmatch(code) and not code.isupper() else ""


def _byline(about: Element | None, text: ItemText, language: str) -> str:
    if about is not None and (found := byline_of(about.findall("by"))):
        return found
    return (text.nitf.byline if text.nitf else "") or _named(about, "creator", language)


def _dateline(about: Element | None, text: ItemText, language: str) -> str:
    written = place_of_dateline(place_written(_text(about, "dateline")))
    located = place_written(_named(about, "located", language))
    return written or (text.nitf.dateline if text.nitf else "") or located or place_in_text(text.body.text)


def _publisher(item: Element, meta: Element | None, about: Element | None, language: str) -> str:
    candidates = (
        _named(about, "infoSource", language),
        _text(about, "creditline"),
        _named(meta, "provider", language),
        _named(item.find("rightsInfo"), "copyrightHolder", language),
        _word_of_code(meta, "provider"),
    )
    return next((name for name in candidates if name), "")


def _word_of_code(parent: Element | None, tag: str) -> str:
    """The code of a provider as a name: `nprov:AFP` is AFP, `nprov:REUTERS` is Reuters."""
    code = _attribute(parent, tag, "literal", "qcode").rpartition(":")[2]
    return code.capitalize() if code.isupper() and len(code) > 5 else code


def _named(parent: Element | None, tag: str, language: str) -> str:
    for element in parent.iterfind(tag) if parent is not None else ():
        name = _best_name(element, language) or clean_line(element.get("literal", ""))
        if name:
            return name
    return ""


def _descriptions(about: Element | None) -> str:
    texts = (clean_line(text_of(part)) for part in (about.iterfind("description") if about is not None else ()))
    return "\n\n".join(dict.fromkeys(text for text in texts if text))


def _url(item: Element, meta: Element | None) -> str:
    links = [link.get("href", "") for link in _linked(item, meta)]
    guid = item.get("guid", "")
    return next((link for link in (*links, guid) if link.startswith(("http://", "https://"))), "")


def _linked(item: Element, meta: Element | None) -> Iterable[Element]:
    for link in meta.iterfind("link") if meta is not None else ():
        if link.get("rel", "").rpartition(":")[2].lower() in ("canonical", "permalink", "alternate", "seealsoweb"):
            yield link


def _text(parent: Element | None, tag: str) -> str:
    return clean_line(text_of(parent.find(tag))) if parent is not None else ""


def _attribute(parent: Element | None, tag: str, *names: str) -> str:
    element = parent.find(tag) if parent is not None else None
    return next((value for name in names if (value := element.get(name, ""))), "") if element is not None else ""


FORMAT = Format(
    name="NewsML-G2",
    suffixes=(".newsml", ".xml"),
    recognises=recognises,
    read=read,
    versions=True,
    group="the trade's own",
)
