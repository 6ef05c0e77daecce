"""The search page: hits, facets, what narrows them, and when the articles were published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bottle
from markupsafe import Markup

from searchapp.archive import State, result_of
from searchapp.insight.costs import costs
from searchapp.insight.examples import first_examples
from searchapp.insight.overview import ArchiveStats, overview_in, questions_of_overview
from searchapp.model.article import FACET_OF_KIND, Article
from searchapp.model.query import FACETS, SCOPES, SearchRequest
from searchapp.model.question import FacetWanted, HitsWanted, Question
from searchapp.model.result import Hit, SearchResult, Snippet, TimelineBar
from searchapp.web.feeds.exports import export_links
from searchapp.web.feeds.routes import feed_links
from searchapp.web.links import SearchLinks, article_path, entity_path, read_search, write_search
from searchapp.web.pages.charts import Chart, chart
from searchapp.web.pages.filters import chips, facet_views, language_of, pager, title_of
from searchapp.web.pages.nothing import cost_views, meant_view, offer_views
from searchapp.web.pages.wording import in_words
from searchapp.web.site import Site

__all__ = ["add_routes", "hit_views"]

SHOWN_VALUES = 8
"""Of each facet; the rest is one click away, and the page stays light."""
SIZES = (10, 25, 50, 100)
"""Hits of a page, of which the reader chooses."""
NAMES_PER_KIND = 2
"""Under each hit."""


@dataclass(frozen=True, slots=True)
class NameView:
    """A name under a hit."""

    label: str
    page: str
    only: str
    """The address that chooses it, empty for one that is chosen."""


@dataclass(frozen=True, slots=True)
class HitView:
    """One hit as the list shows it."""

    hit: Hit
    path: str
    title: Markup
    """With what matches marked; empty where it has none."""
    snippet: Markup
    language: str
    """Its tag where it is not that of the page."""
    names: tuple[tuple[str, tuple[NameView, ...]], ...]
    """Kind to the first names of that kind."""


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The matches over time."""

    chart: Chart
    links: tuple[str, ...]
    """Where each bar leads."""
    undated: int
    undated_link: str
    """Where the articles without a date are, which no bar counts."""
    hidden: tuple[tuple[str, str], ...]


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds the search page."""
    app.route("/", callback=lambda state: show(site, state, read_search(bottle.request.query_string)))


def show(site: Site, state: State, request: SearchRequest) -> bytes:
    """The search page for one request."""
    first_visit = not request.text.strip() and not request.has_filters
    stats: ArchiveStats | None = state.recall("overview") if first_visit else None
    # Under "any" a further value of a facet says what it adds.
    wanted = tuple(FacetWanted(name, SHOWN_VALUES, gains=True) for name in FACETS)
    answer, *about = state.ask(
        Question(request, hits=HitsWanted(), facets=wanted, timeline="auto"),
        *(questions_of_overview() if first_visit and stats is None else ()),
    )
    if about:
        stats = overview_in(state, tuple(about))
    result = result_of(answer)
    # Values are those that the archive shows, whatever form of their name the address gives.
    request = result.request
    links = SearchLinks(request)
    asked = request.text.strip()
    narrowed = chips(request, links, site)
    found, meant = costs(state, request) if not result.total else ([], None)
    return site.render(
        "search.html",
        request=request,
        search_text=request.text,
        result=result,
        first_visit=first_visit,
        stats=stats,
        tries=tries([hit.article for hit in result.hits]) if first_visit else (),
        reading=in_words(answer.query, site.strings) if asked else None,
        problems=[(problem.message, offer_views(problem.offers)) for problem in answer.problems],
        heading=title_of(request, narrowed, site, page=request.page),
        chips=narrowed,
        clear=SearchLinks(SearchRequest(text=request.text)).paging(1),
        facets=facet_views(request, result, links),
        timeline=timeline_view(site, result.timeline, result.undated, links, request),
        costs=cost_views(site, request, found),
        meant=meant_view(meant) if asked else None,
        beyond=links.paging(result.pages) if request.page > result.pages else "",
        hits=hit_views(site, result, links, state.marked_titles(answer.query, [hit.article for hit in result.hits])),
        pages=pager(request.page, result.pages, links.paging),
        first_hit=(request.page - 1) * request.page_size + 1,
        sorts=sort_links(request, links),
        sizes=[(size, "" if size == request.page_size else links.sizing(size)) for size in SIZES]
        if result.total > SIZES[0]
        else [],
        scopes=[(scope, "" if scope == request.scope else links.scoping(scope)) for scope in SCOPES],
        hidden=links.hidden("q"),
        feeds=feed_links(request),
        exports=export_links(request),
    )


def tries(articles: Sequence[Article]) -> list[tuple[str, str]]:
    """Searches to begin with, made of what these articles have, and their addresses."""
    return [(text, SearchLinks(SearchRequest(text=text), path="/").paging(1)) for text in first_examples(articles)]


def hit_views(site: Site, result: SearchResult, links: SearchLinks, titles: Sequence[Snippet]) -> list[HitView]:
    """The hits of the page asked for, with their marked titles."""
    request = result.request
    search = write_search(request, page=1) if request.text.strip() or request.has_filters else ""
    first = (request.page - 1) * request.page_size + 1
    views = []
    for number, (hit, title) in enumerate(zip(result.hits, titles, strict=True), start=first):
        names = []
        for kind, facet in FACET_OF_KIND.items():
            labels = hit.article.names(facet)[:NAMES_PER_KIND]
            chosen = request.selected(facet)
            shown = [
                NameView(label, entity_path(kind, label), "" if label in chosen else links.choosing(facet, label))
                for label in labels
            ]
            names += [(kind, tuple(shown))] if shown else []
        path = article_path(hit.article.id, search, hit=number if search else 0)
        title_html, snippet_html = (Markup(passage.to_html()) for passage in (title, hit.snippet))
        views.append(HitView(hit, path, title_html, snippet_html, language_of(hit.article, site), tuple(names)))
    return views


def timeline_view(
    site: Site, bars: Sequence[TimelineBar], undated: int, links: SearchLinks, request: SearchRequest | None = None
) -> TimelineView | None:
    """Articles over time within a request; None when none has a date."""
    drawn = chart(bars, site.strings)
    if drawn is None:
        return None
    spans = [bar.span.within(request.since, request.until) if request else bar.span for bar in drawn.bars]
    addresses = tuple(links.spanning(*span.ends) for span in spans)
    return TimelineView(drawn, addresses, undated, links.dating("none"), tuple(links.hidden("since", "until")))


def sort_links(request: SearchRequest, links: SearchLinks) -> list[tuple[str, str]]:
    """Orders of the hits and their addresses; the one in force has none."""
    sorts: Sequence[str] = ("relevance", "newest", "oldest")
    if not request.text.strip():
        # Nothing is more relevant than the rest when nothing was asked for: newest first is what it comes to.
        sorts = ("newest", "oldest")
    now = request.sort if request.sort in sorts else "newest"
    return [(sort, "" if sort == now else links.sorting(sort)) for sort in sorts]
