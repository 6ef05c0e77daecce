"""NITF, the News Industry Text Format of the IPTC: versions 3.x, with or without namespace and document type.

Files of the New York Times Annotated Corpus are NITF too: their `indexing_service` and `online_producer` classes are
names and topics given by hand, and their lead paragraph stands in the full text once more.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from searchapp.corpus.cleaning.datelines import parse_dateline, place_label
from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded, identifier
from searchapp.corpus.decoding.flow import KIND_OF_TAG, Flow, flow_of, with_full_names
from searchapp.corpus.decoding.versions import version_of
from searchapp.corpus.decoding.xml import LANG, Element, iterate_xml, text_of
from searchapp.corpus.formats.wire.placing import place_in_text, place_written
from searchapp.corpus.formats.wire.withheld import is_withdrawn, left_out
from searchapp.language.calendar import MONTH, WEEKDAYS
from searchapp.language.labels import merged_names, readable_label, topics_of, without_qualifier
from searchapp.model.article import FACET_OF_KIND, Article
from searchapp.model.result import Skipped

__all__ = ["FORMAT", "NitfText", "byline_of", "byline_of_text", "nitf_text", "place_of_dateline"]

_ROOT = re.compile(rb"<(?:[\w.-]+:)?nitf[\s>]|<!DOCTYPE\s+nitf\b", re.IGNORECASE)
_OTHER_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:newsItem|newsMessage|NewsML|html|rss|feed)[\s>]")
_BY = re.compile(r"(?:by|von|par|por|di)\s+", re.IGNORECASE)
_BETWEEN_PEOPLE = re.compile(r"((?<!\s)\s++and\s+|(?:(?<!\s)\s++)?[,;&]\s+)", re.IGNORECASE)
_DAY_OF_DATELINE = re.compile(
    rf"(?<![\s,(])[\s,(]*+\b(?:(?:{MONTH})\b\.?\s*\d{{1,2}}\b|\d{{1,2}}\.?\s+(?:{MONTH})\b|(?:{'|'.join(WEEKDAYS)})\b).*\Z",
    re.IGNORECASE | re.DOTALL,
)
_TOPIC_TYPES = frozenset({"", "descriptor", "general_descriptor", "subject", "keyword", "topic", "category"})
_WITHOUT = "no <nitf> element in it; check that it is an NITF file"


def recognises(head: bytes) -> bool:
    """Whether `nitf` is the outermost element, as far as the beginning of a file shows."""
    found = _ROOT.search(head)
    return bool(found) and not _OTHER_ROOT.search(head, 0, found.start() if found else 0)


def read(source: Source) -> Iterator[Yielded]:
    """The article of the file, or each of several that stand in one file under an element around them."""
    for position, root in enumerate(iterate_xml(source, "nitf", without=_WITHOUT)):
        yield _article(root, source, position)


@dataclass(frozen=True, slots=True)
class NitfText:
    """What the body of a NITF document says of itself; NewsML-G2 and ninjs carry such bodies too."""

    title: Flow
    body: Flow
    byline: str
    dateline: str
    names: dict[str, tuple[str, ...]]
    """Facet to the labels of the identified content, the headline and the text."""


def nitf_text(root: Element) -> NitfText:
    """Headline, text, byline and names of a `nitf` element."""
    hedline = root.find("body/body.head/hedline")
    lines = list(hedline.iter("hl1")) if hedline is not None else []
    title = _on_one_line(flow_of(lines or root.findall("head/title")))
    content = root.findall("body/body.content")
    doubled = [e for e in content if any(block.get("class") == "full_text" for block in e.iterfind("block"))]
    body = flow_of(_content(root, content, hedline, title.text), skip=partial(_is_double, doubled))
    own = _identified(root)
    known = {m.label for m in (*title.mentions, *body.mentions) if m.kind == "person"} | set(own.get("people", ()))
    title, body = with_full_names(title, known), with_full_names(body, known)
    return NitfText(
        title=title,
        body=body,
        byline=byline_of(root.findall("body/body.head/byline")),
        dateline=_dateline(root.find("body/body.head/dateline")),
        names=merged_names(own, title.assigned(), body.assigned()),
    )


def _article(root: Element, source: Source, position: int) -> Yielded:
    text = nitf_text(root)
    ids = _attributes(root, "head/docdata/doc-id")
    own = _own_id(ids, root)
    version = _version(root)
    docdata = _attributes(root, "head/docdata")
    reason = left_out(
        status=docdata.get("management-status", ""),
        embargoed=_attributes(root, "head/docdata/date.release").get("norm", ""),
        item_class="",
        has_text=True,
        today=dt.date.today(),
    )
    if reason:
        name = own or f"article {position + 1}"
        withdrawn = identifier(own) if is_withdrawn(docdata.get("management-status", "")) else ""
        return Skipped(source.path, f"{name}: {reason}", name, withdrawn, version)
    if not text.title.text and not text.body.text:
        return Skipped(source.path, f"article {position + 1} has neither headline nor text")
    published, time, published_source = _published(root)
    pubdata = _attributes(root, "head/pubdata")
    return Article(
        id=source.article_id(position, own=own),
        title=text.title.text,
        body=text.body.text,
        byline=text.byline,
        published=published,
        published_time=time,
        published_source=published_source,
        dateline=text.dateline or place_in_text(text.body.text),
        source=_publisher(root, pubdata, ids),
        url=pubdata.get("ex-ref", ""),
        section=_section(root, pubdata),
        topics=_topics(root),
        language=root.get(LANG) or root.get("baselang") or _attributes(root, "body").get(LANG, ""),
        assigned=text.names,
        mentions=text.body.mentions,
        title_mentions=text.title.mentions,
        path=source.path,
        position=position,
        version=version,
    )


def byline_of(elements: Iterable[Element]) -> str:
    """Who wrote it, without "By" and without jobs: the printed form where there are several."""
    listed = list(elements)
    printed = [e for e in listed if "normalized" not in e.get("class", "")] or listed[:1]
    names: list[str] = []
    for element in printed:
        text = flow_of([element], skip=lambda e: e.tag in ("byttl", "virtloc")).text
        name = _BY.sub("", clean_line(text), count=1).strip(" ,;") if _BY.match(text) else clean_line(text)
        if name:
            names.append(_in_usual_letters(name))
    return ", ".join(dict.fromkeys(names))


def byline_of_text(text: str) -> str:
    """Who wrote it, where a line says no more than that, without "By" and in usual letters."""
    line = clean_line(text)
    return _in_usual_letters(_BY.sub("", line, count=1).strip(" ,;"))


def _in_usual_letters(byline: str) -> str:
    """JOHN DOE as John Doe, each of several people by himself; what is not all in capitals as it is."""
    people = _BETWEEN_PEOPLE.split(byline)
    if not all(person.isupper() for person in people[::2]):
        return byline
    return "".join(readable_label(part, "people") if at % 2 == 0 else part.lower() for at, part in enumerate(people))


def place_of_dateline(text: str) -> str:
    """The place of a dateline that stands by itself: "MOSCOW, Monday (Reuters)" gives "Moscow"."""
    line = clean_line(text)
    whole = parse_dateline(line if line.endswith(("-", "–", "—")) else f"{line} - The")
    if whole and whole.place:
        line = whole.place
    line = _DAY_OF_DATELINE.sub("", line.partition("(")[0].rstrip())
    return place_label(clean_line(line).strip(" ,;:–—-"))


def _dateline(element: Element | None) -> str:
    if element is None:
        return ""
    location = element.find("location")
    text = flow_of([location]).text if location is not None else ""
    written = text or flow_of([element], skip=lambda e: e.tag == "story.date").text
    return place_of_dateline(place_written(written))


def _on_one_line(flow: Flow) -> Flow:
    """A headline of several lines as one, which keeps every offset: a paragraph's end becomes two characters."""
    return Flow(flow.text.replace("\n\n", ": "), flow.mentions) if "\n" in flow.text else flow


def _content(root: Element, content: list[Element], hedline: Element | None, title: str) -> list[Element]:
    """The elements that make up the body: the deck, the text, or the abstract where there is no text."""
    decks = [
        line
        for line in (hedline.iter("hl2") if hedline is not None else ())
        if "online" not in line.get("class", "") and clean_line(text_of(line)).casefold() != title.casefold()
    ]
    if not any(text_of(element).strip() for element in content):
        content = root.findall("body/body.head/abstract")
    return [*decks, *content]


def _is_double(doubled: list[Element], element: Element) -> bool:
    """Whether `element` is a lead paragraph in one of `doubled`, which hold the full text too."""
    return (
        element.tag == "block"
        and "lead_paragraph" in element.get("class", "")
        and any(element.getparent() is content for content in doubled)
    )


def _identified(root: Element) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for group in root.iterfind("head/docdata/identified-content"):
        for element in group:
            kind = KIND_OF_TAG.get(element.tag)
            if not kind:
                continue
            facet = FACET_OF_KIND[kind]
            for flow in _named(element, kind):
                label = readable_label(without_qualifier(flow), facet)
                if label:
                    names.setdefault(facet, []).append(label)
    return {facet: tuple(labels) for facet, labels in names.items()}


def _named(element: Element, kind: str) -> list[str]:
    flow = flow_of([element])
    if flow.mentions and all(mention.kind == kind for mention in flow.mentions):
        return [mention.label for mention in flow.mentions]
    # An element without text may still say in an attribute whom it means.
    return [flow.text or element.get("value", "")]


def _published(root: Element) -> tuple[dt.date | None, dt.time | None, str]:
    candidates = (
        ("metadata", _attributes(root, "head/docdata/date.issue").get("norm", "")),
        ("metadata", _attributes(root, "head/pubdata").get("date.publication", "")),
        ("metadata", _attributes(root, "head/docdata/date.release").get("norm", "")),
        ("dateline", _attributes(root, "body/body.head/dateline/story.date").get("norm", "")),
        ("dateline", clean_line(text_of(root.find("body/body.head/dateline/story.date")))),
        ("metadata", "-".join(_meta(root, f"publication_{part}") for part in ("year", "month", "day_of_month"))),
        ("metadata", root.get("change.date", "")),
    )
    for where, text in candidates:
        found = parse_date(text)
        if found:
            # A bare midnight is how a day alone is written.
            time = None if found[1] == dt.time(0) else found[1]
            return found[0], time, where
    return None, None, ""


def _own_id(ids: dict[str, str], root: Element) -> str:
    # A correction that says what it corrects is a version of that.
    corrected = _attributes(root, "head/docdata/correction")
    ids = corrected if corrected.get("id-string") else ids
    own = ids.get("id-string", "").strip()
    if own.isdecimal() and ids.get("regsrc"):
        return f"{ids['regsrc'].strip()}-{own}"
    return own or root.get("uno", "")


def _version(root: Element) -> str:
    key = _attributes(root, "head/docdata/du-key")
    numbers = [key.get(name, "") for name in ("generation", "version")]
    revisions = [step.get("norm", "") for step in root.iterfind("head/revision-history")]
    changed = "T".join(part for name in ("change.date", "change.time") if (part := root.get(name, "").strip()))
    return version_of(
        *reversed(revisions),
        changed,
        _attributes(root, "head/docdata/date.issue").get("norm", ""),
        number=".".join(number.strip() or "0" for number in numbers) if any(numbers) else "",
    )


def _publisher(root: Element, pubdata: dict[str, str], ids: dict[str, str]) -> str:
    names = (
        pubdata.get("name", ""),
        text_of(root.find("body/body.head/distributor")),
        _attributes(root, "head/docdata/doc.copyright").get("holder", ""),
        ids.get("regsrc", ""),
    )
    return next((name for text in names if (name := clean_line(text))), "")


def _section(root: Element, pubdata: dict[str, str]) -> str:
    online = _meta(root, "online_sections").split(";")[0].strip()
    section = online or _meta(root, "dsk") or pubdata.get("position.section", "")
    return clean_line(section)


def _topics(root: Element) -> tuple[str, ...]:
    found = [
        clean_line(flow_of([element]).text or element.get("value", ""))
        for element in root.iterfind("head/docdata/identified-content/classifier")
        if element.get("type", "").lower() in _TOPIC_TYPES
    ]
    for subject in root.iterfind("head/tobject/tobject.subject"):
        parts = (subject.get(f"tobject.subject.{part}", "") for part in ("detail", "matter", "type"))
        found.append(next((clean_line(part) for part in parts if part.strip()), ""))
    found += [clean_line(word.get("key", "")) for word in root.iterfind("head/docdata/key-list/keyword")]
    return topics_of(found)


def _meta(root: Element, name: str) -> str:
    return next((e.get("content", "").strip() for e in root.iterfind("head/meta") if e.get("name") == name), "")


def _attributes(root: Element, path: str) -> dict[str, str]:
    element = root.find(path)
    return {} if element is None else {str(name): str(value).strip() for name, value in element.attrib.items()}


FORMAT = Format(
    name="NITF",
    suffixes=(".nitf", ".xml"),
    recognises=recognises,
    read=read,
    versions=True,
    group="the trade's own",
)
