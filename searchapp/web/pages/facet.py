"""All values of one facet within a search: searched by any part of the label, by count or by letter, in pages."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import bottle

from searchapp.errors import InvalidRequest
from searchapp.language.words import forms
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.result import FacetValue
from searchapp.web.countries import grouped
from searchapp.web.links import SearchLinks, facet_path, read_number, read_pairs, read_search
from searchapp.web.pages.filters import FacetRow, chips, gains_of, pager, row_of
from searchapp.web.site import Site

__all__ = ["add_routes", "holding"]

PAGE_VALUES = 90
"""Values of a page: they stand in up to three columns."""
ORDERS = ("count", "az")
BY_COUNTRY = "country"
"""A third order, for places."""
PAGE_COUNTRIES = 30
MAX_CHOSEN = 50
"""Places of one country that one click chooses: an address has its limits."""


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


@dataclass(frozen=True, slots=True)
class Letter:
    """A first letter and the page on which its values begin."""

    letter: str
    address: str


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds the page of each facet."""

    def facet(name: str) -> bytes:
        return show(site, name, bottle.request.query_string)

    app.route(f"/facet/<name:re:{'|'.join(FACETS)}>", callback=facet)


def show(site: Site, name: str, query_string: str) -> bytes:
    """The page of one facet. Raises `InvalidRequest`."""
    request = read_search(query_string)
    pairs = dict(read_pairs(query_string))
    wanted, order = pairs.get("find", ""), pairs.get("order", "count")
    orders = (*ORDERS, BY_COUNTRY) if name == "places" else ORDERS
    if order not in orders:
        raise InvalidRequest(f"order is {order[:40]!r}; use one of {', '.join(orders)}")
    result = site.archive.find(request.replace(page=1, page_size=1, facet_size=1))
    listed = site.archive.facet(name, request)
    gains = gains_of(site, request, name, limit=None)
    chosen = [value for value in listed.values if value.selected]
    rest = [value for value in listed.values if not value.selected]
    if gains:
        added = {value.value: value.count for value in gains.values}
        rest = [FacetValue(value.value, value.label, added.get(value.value, 0)) for value in rest]
        rest.sort(key=lambda value: (-value.count, value.label))
    found = ordered(holding(rest, wanted), order)
    countries = grouped(site, found) if order == BY_COUNTRY else []
    size = PAGE_COUNTRIES if countries else PAGE_VALUES
    pages = max(1, -(-len(countries or found) // size))
    at = min(read_number("at", query_string), pages)
    here_on_page = slice((at - 1) * size, at * size)
    search = SearchLinks(request, path="/")
    here = SearchLinks(request, path=facet_path(name))
    most = max((value.count for value in (*chosen, *found)), default=0)

    def address(page: int, order: str = order) -> str:
        return here.adding(find=wanted, order="" if order == ORDERS[0] else order, at="" if page == 1 else str(page))

    return site.render(
        "facet.html",
        facet=name,
        search_text=request.text,
        total=result.total,
        chips=chips(request, here, site),
        clear=SearchLinks(SearchRequest(text=request.text), path=facet_path(name)).paging(1),
        back=search.paging(1),
        chosen=[row_of(name, value, most, search, state="chosen") for value in chosen],
        rows=[]
        if countries
        else [row_of(name, value, most, search, gain=gains is not None) for value in found[here_on_page]],
        countries=[
            _country(site, request, *group, search, gain=gains is not None) for group in countries[here_on_page]
        ],
        matching=len(found),
        total_values=listed.total_values,
        missing=listed.missing,
        find=wanted,
        order=order,
        orders=[(other, "" if other == order else address(1, other)) for other in orders],
        letters=_letters(found, address) if order == "az" and pages > 1 else [],
        pages=pager(at, pages, address),
        hidden_here=here.hidden("page_size", "facet_size"),
        hidden=here.hidden("q"),
    )


def holding(values: Iterable[FacetValue], wanted: str) -> list[FacetValue]:
    """The values whose label has `wanted` anywhere in it, accents and case aside; all for an empty text."""
    text = " ".join(forms(wanted))
    if not text:
        return [] if wanted.strip() else list(values)
    return [value for value in values if text in " ".join(forms(value.label))]


def ordered(values: list[FacetValue], order: str) -> list[FacetValue]:
    """By count, most first, or by letter with accents aside."""
    if order != "az":
        return values
    return sorted(values, key=lambda value: (forms(value.label), value.label))


def _country(
    site: Site, request: SearchRequest, name: str, values: list[FacetValue], links: SearchLinks, *, gain: bool
) -> Country:
    most = max(value.count for value in values)
    rows = tuple(row_of("places", value, most, links, gain=gain, inside=value.label != name) for value in values)
    labels = tuple(value.value for value in values)
    alone = not name or len(labels) == 1
    if alone or len(labels) > MAX_CHOSEN or request.match_of("places") == "all":
        return Country(name, rows, 0, "")
    others = {**request.exclude, "places": (*request.excluded("places"), *request.places)}
    asked = request.replace(places=labels, exclude=others, page=1, page_size=1, facet_size=1)
    return Country(name, rows, site.archive.find(asked).total, links.choosing_all("places", labels))


def _letters(values: list[FacetValue], address: Callable[[int], str]) -> list[Letter]:
    seen: dict[str, int] = {}
    for number, value in enumerate(values):
        seen.setdefault(_first_letter(value.label), number // PAGE_VALUES + 1)
    return [Letter(letter, address(page)) for letter, page in seen.items() if letter]


def _first_letter(label: str) -> str:
    words = forms(label)
    letter = unicodedata.normalize("NFKD", words[0])[:1].upper() if words else ""
    return letter if letter.isalpha() else ""
