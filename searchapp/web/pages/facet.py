"""All values of one facet within a search: searched by any part of the label, by count or by letter, in pages."""

from __future__ import annotations

from dataclasses import dataclass

import bottle

from searchapp.archive import State
from searchapp.insight.values import ORDERS, ORDERS_OF_PLACES, values_page
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.result import FacetGroup
from searchapp.web.links import MAX_LABELS, SearchLinks, facet_path, read_number, read_pairs, read_search
from searchapp.web.pages.filters import FacetRow, chips, pager, row_of, title_of
from searchapp.web.site import Site

__all__ = ["add_routes"]

PAGE_VALUES = 90
"""Values of a page: they stand in up to three columns."""
PAGE_COUNTRIES = 30
PLACES_SHOWN = 6
"""Of each country among others; the rest is on a page of its own."""
MAX_CHOSEN = MAX_LABELS - 10
"""Places of one country that one click chooses: an address has its limits, and others may be chosen already."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its places.

    Its number counts each article once, whichever of its places the article names. It is therefore never less than
    the number of any of its places and never more than their sum, and choosing all of them gives it.
    """

    name: str
    """Empty for places in no country, or in one that is not known."""
    rows: tuple[FacetRow, ...]
    """The country itself first, where articles name it; then its places by count."""
    count: int
    """0 where it is that of the only row, or cannot be had by one click."""
    choose: str
    """Chooses all of them."""
    places: int
    """How many there are, those that are not shown too."""
    every: str
    """The page with all of them; empty where they are all here."""
    many: bool
    """There are too many of them for one choice."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A first letter and the page on which its values begin."""

    letter: str
    address: str


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds the page of each facet."""

    def facet(state: State, name: str) -> bytes:
        return show(site, state, name, bottle.request.query_string)

    app.route(f"/facet/<name:re:{'|'.join(FACETS)}>", callback=facet)


def show(site: Site, state: State, name: str, query_string: str) -> bytes:
    """The page of one facet. Raises `InvalidRequest`."""
    request = read_search(query_string)
    pairs = dict(read_pairs(query_string))
    wanted, order = pairs.get("find", ""), pairs.get("order", "count")
    by_country = order == "country"
    country = pairs.get("country", "") if by_country else ""
    found = values_page(
        state,
        name,
        request,
        find=wanted,
        order=order,
        page=1 if country else read_number("at", query_string),
        size=None if country else PAGE_COUNTRIES if by_country else PAGE_VALUES,
        gains=True,
    )
    facet, request = found.facet, found.request
    groups = [group for group in facet.groups if not country or group.name == country]
    page, pages = found.page, found.pages
    if country:
        pages = max(1, -(-sum(len(group.values) for group in groups) // PAGE_VALUES))
        page = min(read_number("at", query_string), pages)
    chosen = [value for value in facet.values if value.selected]
    listed = [value for value in facet.values if not value.selected]
    grouped = [value for group in groups for value in group.values]
    search = SearchLinks(request, path="/")
    here = SearchLinks(request, path=facet_path(name))
    narrowed = chips(request, here, site)
    most = max((value.count for value in (*chosen, *listed, *grouped)), default=0)

    def address(page: int, order: str = order) -> str:
        within = country if order == "country" else ""
        usual = "" if order == ORDERS[0] else order
        return here.adding(find=wanted, order=usual, country=within, at="" if page == 1 else str(page))

    def shown(group: FacetGroup) -> Country:
        first = (page - 1) * PAGE_VALUES if country else 0
        last = first + (PAGE_VALUES if country else PLACES_SHOWN)
        every = "" if country else here.adding(find=wanted, order=order, country=group.name)
        # Places that are chosen already or looked for by a part of their name are not all of a country's.
        whole = not wanted and not request.selected("places") and not request.within
        return _country(request, group, search, gain=found.gains, part=slice(first, last), every=every, whole=whole)

    return site.render(
        "facet.html",
        heading=_heading(site, name, title_of(request, narrowed, site, page=page), country or wanted),
        facet=name,
        gain=found.gains,
        search_text=request.text,
        total=found.total,
        chips=narrowed,
        clear=SearchLinks(SearchRequest(text=request.text), path=facet_path(name)).paging(1),
        back=search.paging(1),
        chosen=[row_of(name, value, most, search, state="chosen") for value in chosen],
        rows=[row_of(name, value, most, search, gain=found.gains) for value in listed],
        countries=[shown(group) for group in groups],
        country=country,
        matching=facet.matching,
        total_values=facet.total_values,
        missing=facet.missing,
        find=wanted,
        order=order,
        orders=[
            (other, "" if other == order and not country else address(1, other))
            for other in (ORDERS_OF_PLACES if name == "places" else ORDERS)
        ],
        letters=[Letter(letter, address(place // PAGE_VALUES + 1)) for letter, place in facet.letters]
        if found.pages > 1
        else [],
        pages=pager(page, pages, address),
        hidden_here=here.hidden("page_size", "facet_size"),
        hidden=here.hidden("q"),
    )


def _heading(site: Site, facet: str, search: str, wanted: str) -> str:
    """What the page is called in a tab: Places: “new”: talks, page 2."""
    parts = (site.strings(f"facets.{facet}.title").unescape(), f"“{wanted}”" if wanted else "", search)
    return ": ".join(part for part in parts if part)


def _country(
    request: SearchRequest,
    group: FacetGroup,
    links: SearchLinks,
    *,
    gain: bool,
    part: slice,
    every: str,
    whole: bool,
) -> Country:
    name, values = group.name, group.values
    most = max(value.count for value in values)
    shown = values[part]
    rows = tuple(row_of("places", value, most, links, gain=gain, inside=value.label != name) for value in shown)
    labels = tuple(value.value for value in values)
    every = every if len(shown) < len(values) and name else ""
    if name and len(labels) > 1 and whole:
        return Country(name, rows, group.count, links.within(name), len(values), every, many=False)
    many = bool(name) and len(labels) > MAX_CHOSEN
    alone = not name or len(labels) == 1
    if alone or many or request.match_of("places") == "all":
        return Country(name, rows, 0, "", len(values), every, many)
    return Country(name, rows, group.count, links.choosing_all("places", labels), len(values), every, many)
