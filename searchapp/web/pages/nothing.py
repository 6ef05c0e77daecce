"""What to offer where a search finds nothing, with the words and addresses of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from searchapp.insight.costs import Cost, Meant
from searchapp.model.article import KIND_OF_FACET
from searchapp.model.query import SearchRequest
from searchapp.model.result import Offer
from searchapp.web.links import SearchLinks, entity_path, page_of
from searchapp.web.pages.filters import span_text
from searchapp.web.pages.wording import in_words
from searchapp.web.site import Site

__all__ = ["CostView", "MeantView", "OfferView", "cost_views", "meant_view", "offer_views"]


@dataclass(frozen=True, slots=True)
class CostView:
    """What the search would find without one of its parts."""

    label: Markup
    total: int
    address: str
    page: str
    """Of a name, where it has its page."""
    name: str


@dataclass(frozen=True, slots=True)
class MeantView:
    """The query with a word of the archive in place of one that it does not have."""

    text: str
    total: int
    address: str


@dataclass(frozen=True, slots=True)
class OfferView:
    """A value that may be meant, with the articles that its address gives."""

    label: str
    count: int
    address: str
    facet: str


def offer_views(offers: Iterable[Offer]) -> list[OfferView]:
    """Each value offered, with its page, or the search for it where values have none."""
    views = []
    for offer in offers:
        kind = KIND_OF_FACET.get(offer.facet)
        searching = SearchLinks(SearchRequest(), path="/").choosing(offer.facet, offer.label)
        address = entity_path(kind, offer.label) if kind else searching
        views.append(OfferView(offer.label, offer.count, address, offer.facet))
    return views


def cost_views(site: Site, request: SearchRequest, costs: Iterable[Cost]) -> list[CostView]:
    """Each part of a search that keeps it from finding anything."""
    return [
        CostView(
            _label(site, request, cost),
            cost.total,
            _address(cost.request),
            page_of(cost.facet, cost.label),
            cost.label,
        )
        for cost in costs
    ]


def meant_view(meant: Meant | None) -> MeantView | None:
    """The search that may be meant."""
    return MeantView(meant.request.text, meant.total, _address(meant.request)) if meant else None


def _label(site: Site, request: SearchRequest, cost: Cost) -> Markup:
    if cost.query is not None:
        return in_words(cost.query, site.strings)
    if cost.part == "dates":
        return span_text(request.since, request.until, site)
    if cost.part == "within":
        return site.strings("reading.within", words=cost.label)
    if cost.part == "dated":
        return site.strings(f"reading.dated.{cost.label}")
    if cost.part == "about":
        return site.strings("scope.chip")
    if cost.part == "filters":
        return site.strings("nothing.filters")
    if cost.part == "words":
        return site.strings("nothing.words")
    return Markup.escape(cost.label)


def _address(request: SearchRequest) -> str:
    return SearchLinks(request).paging(1)
