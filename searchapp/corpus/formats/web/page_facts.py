"""When a page was published and who wrote it, by what it states and by where in it that stands.

The day of an embedded post, of a comment, of a teaser or of the clock on top of the page is not the article's, so
those parts are taken out before anything is searched for.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import lxml.html

from searchapp.corpus.cleaning.dates import find_dates, parse_date
from searchapp.corpus.cleaning.layout import date_in_line
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.cleaning.publication import UNDATED, Published, date_in_address
from searchapp.corpus.decoding.linked_data import lines_of
from searchapp.corpus.formats.web.captures import is_note
from searchapp.language.credits import byline_in

__all__ = ["byline_of_page", "names_joined", "published_on_page"]

_SURE_DATES = (
    "article:published_time", "article:published", "og:article:published_time", "datepublished", "pubdate",
    "publishdate", "publish-date", "publish_date", "date.issued", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "parsely-pub-date", "sailthru.date", "article.published", "cxenseparse:recs:publishtime", "citation_date",
    "citation_publication_date", "og:published_time", "publication_date", "originalpublicationdate", "published_at",
    "bt:pubdate", "date_published", "pub_date", "article_date_original", "rnews:datepublished",
)  # fmt: skip
_LIKELY_DATES = ("date", "dc.date", "dcterms.date", "dc.date.created", "pdate", "ptime", "created", "release_date")
_BYLINES = (
    "author", "byl", "article:author_name", "article:author", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "byline", "citation_author", "og:article:author", "twitter:creator:name", "rnews:author",
    "dc.contributor",
)  # fmt: skip
_OUT_OF_PLACE = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|disqus|replies|respond|related|recirc\w*|recommend\w*|teasers?|sidebar|widgets?|promo"
    r"|newsletter|most-?(?:read|popular)|trending|latest|clock|weather|breaking|ticker|instagram-media|twitter-tweet"
    r"|twitter-video|fb-(?:post|video)|tiktok-embed|embed(?:ded)?|advert\w*|cookie\w*|breadcrumbs?|copyright)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OTHER_PARTS = frozenset({"aside", "nav", "footer", "blockquote", "iframe", "template", "noscript"})
_MOST_AUTHORS = 20
_LONGEST_BYLINE = 300
_NO_NAME = re.compile(r"https?://|www\.|facebook\.com|^@|[{}<>]|^\d+$")
_NOBODY = frozenset(
    "admin administrator author staff editor unknown anonymous none null guest webmaster redaktion".split()
)
_BETWEEN_AUTHORS = re.compile(r"[;|]")


def published_on_page(
    tree: lxml.html.HtmlElement,
    meta: Mapping[str, Sequence[str]],
    article: Mapping[str, Any],
    *,
    url: str,
    latest: dt.date,
) -> Published:
    """When the page was published: as its metadata says, its address, a marked or printed date; undated else.

    Nothing is later than `latest`. Metadata gives the day as the world's clock has it; where the address names the day
    before or after, that is the day it was there.
    """
    of_address = date_in_address(url)
    sure = [*lines_of(article.get("datePublished"))]
    sure += [content for name in _SURE_DATES for content in meta.get(name, ())]
    if stated := _first_date(sure):
        return _as_it_was_there(stated, of_address)
    place = _without_other_parts(tree)
    marked = [element.get("datetime") or element.get("content") or element.text_content() for element in _marked(place)]
    if stated := _first_date(marked):
        return _as_it_was_there(stated, of_address)
    if of_address.day:
        return of_address
    likely = [
        *lines_of(article.get("dateCreated")),
        *(content for name in _LIKELY_DATES for content in meta.get(name, ())),
    ]
    likely += [element.get("datetime") or "" for element in place.iter("time")]
    if stated := _first_date(likely):
        return Published(*stated, found_in="metadata")
    return _printed(place) or _searched(place, url, latest) or _modified(meta, article)


def byline_of_page(
    tree: lxml.html.HtmlElement,
    meta: Mapping[str, Sequence[str]],
    article: Mapping[str, Any],
    known: Mapping[str, Mapping[str, Any]],
    *,
    site: str,
) -> str:
    """Who wrote the page, several parted by commas; empty where only the site itself or nobody is named."""
    stated = names_joined(lines_of(article.get("author"), known), site=site)
    if stated:
        return stated
    for name in _BYLINES:
        if found := names_joined(meta.get(name, ()), site=site):
            return found
    return _searched_author(tree, site)


def names_joined(names: Iterable[str], *, site: str = "") -> str:
    """Each of these people once, parted by commas; what is no name is left out."""
    found: dict[str, None] = {}
    for text in names:
        for name in _BETWEEN_AUTHORS.split(text[:_LONGEST_BYLINE]):
            line = clean_line(name)
            line = re.sub(
                r"^(?:by|von|par|por|di|av)[:\s]\s*(?=[A-ZÀ-Þ])", "", byline_in(line) or line, flags=re.IGNORECASE
            )
            if line and not _NO_NAME.search(line) and line.casefold() not in (site.casefold(), *_NOBODY):
                found[line] = None
    return ", ".join(list(found)[:_MOST_AUTHORS])


def _first_date(texts: Iterable[str]) -> tuple[dt.date, dt.time | None] | None:
    for text in texts:
        if found := parse_date(clean_line(text)):
            # A bare midnight is how a day alone is written.
            return found[0], None if found[1] == dt.time(0) else found[1]
    return None


def _as_it_was_there(stated: tuple[dt.date, dt.time | None], of_address: Published) -> Published:
    if of_address.day and abs((stated[0] - of_address.day).days) == 1:
        return of_address
    return Published(*stated, found_in="metadata")


def _without_other_parts(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """A copy of the page without what is no part of its article."""
    place = copy.deepcopy(tree)
    for element in list(place.iter()):
        if (
            isinstance(element, lxml.html.HtmlComment)
            and is_note(element.text or "")
            and element.getparent() is not None
        ):
            element.drop_tree()
        if not isinstance(element.tag, str) or element.tag in ("html", "body", "main", "head"):
            continue
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in _OTHER_PARTS or _OUT_OF_PLACE.search(named[:500]) or _is_card(element):
            parent = element.getparent()
            if parent is not None:
                element.drop_tree()
    return place


def _is_card(element: lxml.html.HtmlElement) -> bool:
    """Whether this is one of several articles that a page lists, and not the one that it is."""
    return element.tag == "article" and any(True for _ in element.iterancestors("article", "li"))


def _marked(place: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    for element in place.iter():
        if not isinstance(element.tag, str) or element.tag == "meta":
            continue
        if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
            yield element
    for element in place.iter("time"):
        classes = f" {element.get('class') or ''} ".lower()
        if "published" in classes or "pubdate" in classes or "entry-date" in classes:
            yield element


def _printed(place: lxml.html.HtmlElement) -> Published | None:
    """The date of a line that is nothing else, near the headline: "Published: 12 March 2019"."""
    heading = next(iter(place.iter("h1")), None)
    if heading is None:
        return None
    for number, element in enumerate(heading.xpath("following::*")):
        if number > 60:
            break
        if not isinstance(element.tag, str) or len(element) > 4:
            continue
        line = clean_line(element.text_content()[:200])
        if 8 <= len(line) <= 120 and (found := date_in_line(line)):
            return Published(*found, found_in="text")
    return None


def _searched(place: lxml.html.HtmlElement, url: str, latest: dt.date) -> Published | None:
    """What htmldate makes of the page, unless it is a year without a day."""
    import htmldate

    try:
        found = htmldate.find_date(
            place, extensive_search=True, original_date=True, url=url or None, max_date=latest.isoformat()
        )
    except Exception:  # It meets every kind of page there is; a page that it stumbles over is undated.
        return None
    day = parse_date(found or "")
    if day is None:
        return None
    if (day[0].month, day[0].day) == (1, 1):
        # This is how it writes a year, as that of a copyright, of which it knows no more.
        text = clean_line(place.text_content()[:200_000])
        if not any(other == day[0] for _, _, other in find_dates(text)) and day[0].isoformat() not in text:
            return None
    return Published(day[0], None, "text")


def _modified(meta: Mapping[str, Sequence[str]], article: Mapping[str, Any]) -> Published:
    changed = _first_date([*lines_of(article.get("dateModified")), *meta.get("article:modified_time", ())])
    return Published(*changed, found_in="metadata") if changed else UNDATED


def _searched_author(tree: lxml.html.HtmlElement, site: str) -> str:
    """Whom trafilatura takes for the author of the page, by the places where pages name theirs."""
    from trafilatura.metadata import extract_author

    try:
        found = extract_author(_without_other_parts(tree)) or ""
    except Exception:  # It meets every kind of page there is; a page that it stumbles over has no byline.
        return ""
    return names_joined([found], site=site) if len(found) <= _LONGEST_BYLINE else ""
