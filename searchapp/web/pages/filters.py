"""What narrows a search: the values of each facet with their counts, and the filters in force."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from searchapp.insight.countries import nested
from searchapp.model.article import Article
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.result import FacetResult, FacetValue, SearchResult
from searchapp.web.links import PARAMETER_OF_FACET, SearchLinks, facet_path, page_of
from searchapp.web.site import Site

__all__ = [
    "Chip",
    "FacetRow",
    "FacetView",
    "PageLink",
    "chips",
    "facet_view",
    "facet_views",
    "language_of",
    "pager",
    "row_of",
    "span_text",
    "title_of",
]

LEAST_FULL = 10
"""Articles that a full bar stands for at least: one of one is not everything."""
MAX_TITLE_CHARS = 120
"""Of the words of a search in the title of a page."""
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")
"""A language tag as BCP 47 writes it."""
BAR_STEPS = 20
"""Widths of the thin bars: the stylesheet has a class for each, as inline styles are forbidden."""


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One value of a facet and what can be done with it."""

    label: str
    count: int
    gain: bool
    """The count says how many articles choosing it adds to those that are shown."""
    width: int
    """Of the bar, in steps of `BAR_STEPS`."""
    state: str
    """chosen, excluded or empty."""
    choose: str
    exclude: str
    drop: str
    inside: bool
    """A place that stands under its country."""
    page: str
    """Where it has a page of its own, as people, places and organisations have."""


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet beside the hits."""

    name: str
    parameter: str
    rows: tuple[FacetRow, ...]
    total_values: int
    missing: int
    chosen: int
    gain: bool
    """The numbers of values that are not chosen say what each adds."""
    rule: str
    """any or all: how several chosen values combine."""
    other_rule: str
    """Address under which they combine the other way."""
    all_values: str
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force."""

    kind: str
    """A facet, date or about."""
    label: Markup
    drop: str
    excluded: bool = False
    page: str = ""
    """Where it has a page of its own."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of a list; without an address it is the one shown, without a number a gap."""

    number: int
    address: str
    step: str = ""
    """prev or next for the pages beside the one shown, which have a link of their own."""


def facet_views(request: SearchRequest, result: SearchResult, links: SearchLinks) -> list[FacetView]:
    """Every facet that tells anything or has a filter."""
    views = []
    for name in FACETS:
        facet = result.facets[name]
        filtered = bool(request.selected(name) or request.excluded(name))
        if filtered or facet.tells:
            views.append(facet_view(request, facet, links))
    return views


def facet_view(request: SearchRequest, facet: FacetResult, links: SearchLinks) -> FacetView:
    """One facet: chosen values first, then the rest by count, then the excluded ones; towns under their countries."""
    name = facet.name
    gain = request.widens(name)
    chosen = [value for value in facet.values if value.selected]
    listed = [value for value in facet.values if not value.selected]
    most = max((value.count for value in (*chosen, *listed)), default=0)
    rows = [row_of(name, value, most, links, state="chosen") for value in chosen]
    placed = nested(listed) if name == "places" else [(value, False) for value in listed]
    rows += [row_of(name, value, most, links, gain=gain, inside=inside) for value, inside in placed]
    excluded = (FacetValue(label, label, 0) for label in request.excluded(name))
    rows += [row_of(name, value, most, links, state="excluded") for value in excluded]
    here = SearchLinks(request, path=facet_path(name))
    return FacetView(
        name=name,
        parameter=PARAMETER_OF_FACET[name],
        rows=tuple(rows),
        total_values=facet.total_values,
        missing=facet.missing,
        chosen=len(chosen),
        gain=gain and len(listed) > 0,
        rule=request.match_of(name),
        other_rule=links.matching(name, "any" if request.match_of(name) == "all" else "all"),
        all_values=here.paging(1),
        hidden=tuple(here.hidden("page_size", "facet_size")),
    )


def row_of(
    facet: str,
    value: FacetValue,
    most: int,
    links: SearchLinks,
    *,
    state: str = "",
    gain: bool = False,
    inside: bool = False,
) -> FacetRow:
    """One value with the addresses that choose, exclude and drop it."""
    label, count = value.label, value.count
    return FacetRow(
        label=label,
        count=count,
        gain=gain,
        width=-(-count * BAR_STEPS // max(most, LEAST_FULL)),
        state=state,
        choose=links.choosing(facet, label),
        exclude=links.excluding(facet, label),
        drop=links.dropping(facet, label),
        inside=inside,
        page=page_of(facet, label),
    )


def chips(request: SearchRequest, links: SearchLinks, site: Site) -> list[Chip]:
    """Every filter in force, each with the address that drops it."""
    found = []
    for facet in FACETS:
        found += [_chip(facet, label, links) for label in request.selected(facet)]
    for facet in FACETS:
        found += [_chip(facet, label, links, excluded=True) for label in request.excluded(facet)]
    if request.within:
        within = site.strings("reading.within", words=request.within)
        found.append(Chip("places", within, links.within("")))
    if request.scope == "about":
        found.append(Chip("about", site.strings("scope.chip"), links.scoping("mentions")))
    if request.dated:
        found.append(Chip("date", site.strings(f"reading.dated.{request.dated}"), links.dating("")))
    if request.since or request.until:
        found.append(Chip("date", span_text(request.since, request.until, site), links.spanning("", "")))
    return found


def _chip(facet: str, label: str, links: SearchLinks, *, excluded: bool = False) -> Chip:
    return Chip(facet, Markup.escape(label), links.dropping(facet, label), excluded, page_of(facet, label))


def language_of(article: Article, site: Site) -> str:
    """The tag of an article's language where it is another than the page's, for browsers and what reads aloud."""
    tag = article.language
    return tag if _TAG.fullmatch(tag) and tag.partition("-")[0].lower() != site.strings.language else ""


def title_of(request: SearchRequest, chips: Sequence[Chip], site: Site, *, page: int = 1) -> str:
    """A search in the words of a tab or of the history: what was typed, every filter, the page; empty for none."""
    negated = site.strings("search.not").unescape()
    parts = [request.text.strip()]
    parts += [f"{negated} {chip.label.unescape()}" if chip.excluded else chip.label.unescape() for chip in chips]
    shown = ", ".join(part for part in parts if part)
    if len(shown) > MAX_TITLE_CHARS:
        shown = shown[: MAX_TITLE_CHARS - 1].rstrip(" ,") + "…"
    if page > 1:
        numbered = str(site.strings("search.on_page", page=page))
        shown = f"{shown}, {numbered}" if shown else numbered
    return shown


def span_text(since: dt.date | None, until: dt.date | None, site: Site) -> Markup:
    """The days of a search in words."""
    strings = site.strings
    if since and until:
        if since == until:
            return Markup.escape(strings.short_day(since))
        return strings("dates.span", first=strings.short_day(since), last=strings.short_day(until))
    if since:
        return strings("dates.since", day=strings.short_day(since))
    return strings("dates.until", day=strings.short_day(until))


def pager(page: int, pages: int, address: Callable[[int], str]) -> list[PageLink]:
    """Links to the first, the last and the pages around the one shown."""
    if pages <= 1:
        return []
    around = range(max(1, min(page, pages) - 2), min(pages, page + 2) + 1)
    numbers = sorted({1, pages, *around})
    found: list[PageLink] = []
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number - before == 2:
            found.append(PageLink(number - 1, address(number - 1)))
        elif number - before > 2:
            found.append(PageLink(0, ""))
        found.append(PageLink(number, "" if number == page else address(number)))
    if page > 1:
        found.insert(0, PageLink(page - 1, address(min(page - 1, pages)), "prev"))
    if page < pages:
        found.append(PageLink(page + 1, address(page + 1), "next"))
    return found
