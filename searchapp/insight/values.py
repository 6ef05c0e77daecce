"""The values of one facet within a search: looked for by any part of the label, by count or by letter, in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from searchapp.engines.state import State
from searchapp.errors import InvalidRequest
from searchapp.insight.countries import BY_COUNTRY
from searchapp.model.article import KIND_OF_FACET
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.question import Answer, FacetWanted, Question
from searchapp.model.result import FacetResult

__all__ = ["ORDERS", "ORDERS_OF_PLACES", "ValuesPage", "values_called", "values_page", "values_wanted"]

FORMS = 200
"""Other forms of names that begin with the text that is looked for."""
MAX_CHARS = 100
"""Of the text that other forms are looked for by."""
ORDERS = ("count", "az")
ORDERS_OF_PLACES = (*ORDERS, "country")


@dataclass(frozen=True, slots=True)
class ValuesPage:
    """A page of the values of a facet."""

    request: SearchRequest
    """The search, with values as the archive shows them."""
    total: int
    """Articles that match it."""
    facet: FacetResult
    """With the chosen values, and the values or the countries of this page."""
    page: int
    pages: int
    gains: bool
    """Whether the counts of values that are not chosen say what each adds to the choice."""


def values_page(
    state: State,
    name: str,
    request: SearchRequest,
    *,
    find: str = "",
    order: str = "count",
    page: int = 1,
    size: int | None = 90,
    gains: bool = False,
) -> ValuesPage:
    """A page of the values of a facet among the matches of `request`; behind the last page, the last.

    `find` is looked for in labels, and where the other forms of a name begin.
    `order` is count, az or, for places, country: then a page has `size` countries. With `gains` the chosen values come
    first and the others say what they add. Raises `InvalidRequest` for an impossible facet or order.
    """
    orders = ORDERS_OF_PLACES if name == "places" else ORDERS
    called = values_called(state, name, find)

    def asked(page: int) -> Answer:
        wanted = values_wanted(name, find=find, order=order, page=page, size=size, gains=gains, orders=orders)
        wanted = replace(wanted, also=called)
        (answer,) = state.ask(Question(request, facets=(wanted,)))
        return answer

    answer = asked(page)
    facet = answer.facets[0]
    listed = facet.total_groups if order == "country" else facet.matching
    pages = max(1, -(-listed // size)) if size else 1
    if page > pages:
        page = pages
        answer = asked(page)
    request = answer.question.request
    return ValuesPage(request, answer.total, answer.facets[0], page, pages, gains and request.widens(name))


def values_called(state: State, name: str, text: str) -> tuple[str, ...]:
    """Labels of a facet that a text may mean by other forms of their names."""
    if not text.strip() or name not in KIND_OF_FACET:
        return ()
    found = {*state.begun(text[:MAX_CHARS], most=FORMS), *state.called(name, text[:MAX_CHARS])}
    return tuple(sorted([label for facet, label in found if facet == name]))


def values_wanted(
    name: str,
    *,
    find: str,
    order: str,
    page: int,
    size: int | None,
    gains: bool = False,
    orders: Sequence[str] = ORDERS,
) -> FacetWanted:
    """What is wanted of a facet for one page of its values; `orders` are those that may be asked for.

    Raises `InvalidRequest` for an impossible facet or order.
    """
    if name not in FACETS:
        raise InvalidRequest(f"there is no facet {name!r}; use one of {', '.join(FACETS)}")
    if order not in orders:
        raise InvalidRequest(f"order is {order[:40]!r}; use one of {', '.join(orders)}")
    return FacetWanted(
        name,
        size,
        offset=(page - 1) * size if size else 0,
        find=find,
        order="label" if order == "az" else "count",
        gains=gains,
        grouping=BY_COUNTRY if order == "country" else None,
    )
