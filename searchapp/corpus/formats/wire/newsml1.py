"""NewsML 1.0 to 1.2, which agencies sent before NewsML-G2: news items in an envelope, each with components."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.base import identifier as told_by
from searchapp.corpus.decoding.versions import version_of
from searchapp.corpus.decoding.xml import LANG, Element, iterate_xml, text_of
from searchapp.corpus.formats.wire.items import Rendition, first_moment, richest_text
from searchapp.corpus.formats.wire.nitf import byline_of, place_of_dateline
from searchapp.corpus.formats.wire.placing import place_in_text, place_written
from searchapp.corpus.formats.wire.withheld import is_withdrawn, left_out
from searchapp.language.labels import topics_of
from searchapp.model.article import Article
from searchapp.model.result import Skipped

__all__ = ["FORMAT"]

_REVISION = re.compile(r":\d{1,9}[NUA]?\Z")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?NewsML[\s>]|<NewsItem[\s>]")
_WITHOUT = "no <NewsItem> element in it; check that it is a NewsML file"


def recognises(head: bytes) -> bool:
    """Whether a file begins as NewsML 1."""
    return bool(_ROOT.search(head)) and b"iptc.org/std/nar/" not in head


def read(source: Source) -> Iterator[Yielded]:
    """Each news item of the file; cancelled and embargoed ones, and those of pictures only, as `Skipped`."""
    for position, item in enumerate(iterate_xml(source, "NewsItem", without=_WITHOUT)):
        yield _article(item, source, position)


def _article(item: Element, source: Source, position: int) -> Yielded:
    lines = next(item.iter("NewsLines"), None)
    title = _line(lines, "HeadLine") or _line(lines, "SlugLine")
    text = richest_text(_renditions(item), title=title)
    title = title or (text.nitf.title.text if text.nitf else "")
    identifier = item.find("Identification/NewsIdentifier")
    # What stands last in it is the revision, and the revisions are versions of one article.
    own = _REVISION.sub("", _line(identifier, "PublicIdentifier")) or _line(identifier, "NewsItemId")
    name = own or f"item {position + 1}"
    status = _formal_name(item, "NewsManagement/Status")
    version = version_of(
        _line(item, "NewsManagement/ThisRevisionCreated"), number=_line(identifier, "RevisionId").rstrip("NUA")
    )
    reason = left_out(
        status=status,
        embargoed=_line(item, "NewsManagement/StatusWillChange/DateAndTime"),
        item_class=next((kind.get("FormalName", "") for kind in item.iter("MediaType")), ""),
        has_text=bool(text.body.text),
        today=dt.date.today(),
    )
    if reason:
        withdrawn = told_by(own) if is_withdrawn(status) else ""
        return Skipped(source.path, f"{name}: {reason}", name, withdrawn, version)
    if not title and not text.body.text:
        return Skipped(source.path, f"{name}: neither headline nor text", name)
    published, time = first_moment(
        _line(item, "NewsManagement/FirstCreated"),
        _line(item, "NewsManagement/ThisRevisionCreated"),
        _line(identifier, "DateId"),
    )
    nitf = text.nitf
    return Article(
        id=source.article_id(position, own=own),
        title=title,
        body=text.body.text,
        byline=byline_of(lines.findall("ByLine") if lines is not None else ()) or (nitf.byline if nitf else ""),
        published=published,
        published_time=time,
        published_source="metadata" if published else "",
        dateline=place_of_dateline(place_written(_line(lines, "DateLine"))) or place_in_text(text.body.text),
        source=_provider(item, lines),
        section=next((part.get("FormalName", "") for part in item.iter("NewsService")), ""),
        topics=topics_of(_topics(item, lines)),
        language=item.get(LANG) or next((part.get("FormalName", "") for part in item.iter("Language")), ""),
        assigned=nitf.names if nitf else {},
        mentions=text.body.mentions,
        title_mentions=text.title_mentions(title),
        path=source.path,
        position=position,
        version=version,
    )


def _renditions(item: Element) -> Iterator[Rendition]:
    for content in item.iter("ContentItem"):
        for data in content.iterfind("DataContent"):
            kinds = (_formal_name(content, name).lower() for name in ("MimeType", "Format", "MediaType"))
            kind = next((kind for kind in kinds if kind), "")
            inner = list(data)
            if len(inner) == 1 and inner[0].tag in ("nitf", "html"):
                yield Rendition(kind, inner[0])
            elif inner:
                yield Rendition("html", data)
            else:
                yield Rendition("" if "html" not in kind else kind, text_of(data))


def _provider(item: Element, lines: Element | None) -> str:
    parties = (
        part.get("FormalName", "") for name in ("Provider", "Source") for part in item.iterfind(f".//{name}/Party")
    )
    named = (*parties, _line(lines, "CreditLine"), _line(item, "Identification/NewsIdentifier/ProviderId"))
    return next((clean_line(name) for name in named if name.strip()), "")


def _topics(item: Element, lines: Element | None) -> list[str]:
    found = [text_of(part) for part in (lines.iterfind("KeywordLine") if lines is not None else ())]
    return [word for text in found for word in re.split(r"[,;/]", text)]


def _formal_name(parent: Element, path: str) -> str:
    element = parent.find(path)
    return str(element.get("FormalName", "")) if element is not None else ""


def _line(parent: Element | None, path: str) -> str:
    return clean_line(text_of(parent.find(path))) if parent is not None else ""


FORMAT = Format(
    name="NewsML 1",
    suffixes=(".newsml", ".xml"),
    recognises=recognises,
    read=read,
    versions=True,
    group="the trade's own",
)
