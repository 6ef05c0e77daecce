"""The page of a person, place or organisation: its forms, its articles over time, its company, and every sentence."""

from __future__ import annotations

from dataclasses import dataclass

import bottle
from markupsafe import Markup

from searchapp.archive import State
from searchapp.errors import ArticleNotFound
from searchapp.insight.concordance import READ_AT_ONCE, Line
from searchapp.insight.entity import Profile, profile
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, KINDS, composed
from searchapp.model.query import SearchRequest
from searchapp.web.links import SearchLinks, article_path, entity_path, read_number, read_pairs
from searchapp.web.pages.atlas import Spot, spot
from searchapp.web.pages.charts import LEAST_WHOLE, Chart, chart, starts
from searchapp.web.pages.filters import pager
from searchapp.web.pages.marking import with_ranges
from searchapp.web.pages.nothing import offer_views
from searchapp.web.site import Site

__all__ = ["add_routes"]

NEWEST = 5
PAGE_LINES = 20
_KEPT = ("form", "part", "page")
"""What an address of a name gives besides, which holds for its other forms too."""
COMPANY = 8
"""Names of each kind that it appears with."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A name that appears with this one."""

    label: str
    count: int
    """Articles with both."""
    path: str
    both: str
    """The search for those articles."""


@dataclass(frozen=True, slots=True)
class Company:
    """Names of one kind that appear with this one."""

    kind: str
    most: tuple[Companion, ...]
    distinctive: tuple[Companion, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which it is written."""

    text: str
    count: int
    address: str
    shown: bool


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the concordance with its article."""

    line: Line
    text: Markup
    path: str


@dataclass(frozen=True, slots=True)
class Read:
    """Which of its articles, from 1 and the newest first, forms and sentences come from."""

    first: int
    last: int


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds the page of each kind of name."""

    def by_path(state: State, kind: str, label: str) -> bytes | bottle.HTTPResponse:
        return show(site, state, kind, label)

    def by_parameter(state: State, kind: str) -> bytes | bottle.HTTPResponse:
        return show(site, state, kind, dict(read_pairs(bottle.request.query_string)).get("label", ""))

    app.route(f"/<kind:re:{'|'.join(KINDS)}>/<label:path>", callback=by_path)
    app.route(f"/<kind:re:{'|'.join(KINDS)}>", callback=by_parameter)


def show(site: Site, state: State, kind: str, label: str) -> bytes | bottle.HTTPResponse:
    """The page of one name; for another form of it the way there, for one of several the choice, for none the nearest.

    Raises `ArticleNotFound` where no article has it and nothing is like it.
    """
    query_string = bottle.request.query_string
    facet = FACET_OF_KIND[kind]
    called = state.called(facet, label)
    # Letters may come composed or not: that is one label.
    if called != ((facet, composed(label)),):
        return _otherwise(site, state, kind, label, called)
    chosen = dict(read_pairs(query_string)).get("form", "")
    found = profile(state, kind, label, most=COMPANY, newest=NEWEST, part=read_number("part", query_string))
    sentences = [line for line in found.reading.lines if not chosen or line.form == chosen]
    pages = max(1, -(-len(sentences) // PAGE_LINES))
    page = min(read_number("page", query_string), pages)
    here = SearchLinks(SearchRequest(), path=entity_path(kind, label).partition("?")[0])
    own = {} if "?" not in entity_path(kind, label) else {"label": label}
    request = SearchRequest(**{found.facet: (label,)})  # type: ignore[arg-type]
    links = SearchLinks(request, path="/")

    def address(page: int = 1, form: str = chosen, part: int = found.part) -> str:
        pairs = {"form": form, "part": _from_second(part), "page": _from_second(page)}
        return here.adding(**own, **pairs) + "#concordance"

    return site.render(
        "entity.html",
        kind=kind,
        facet=found.facet,
        label=label,
        heading=_heading(site, label, chosen, found.part, page),
        search_text="",
        total=found.articles,
        search=links.paging(1),
        first=found.first,
        last=found.last,
        newest=[(hit.article, article_path(hit.article.id)) for hit in found.newest],
        over_time=over_time(site, found, links),
        forms=[
            Form(text, count, address(form="" if text == chosen else text), text == chosen)
            for text, count in found.reading.forms.items()
        ],
        company=company(found),
        place=place_on_map(found),
        lines=[_view(line, kind) for line in sentences[(page - 1) * PAGE_LINES :][:PAGE_LINES]],
        sentences=len(sentences),
        chosen=chosen,
        pages=pager(page, pages, address),
        part=found.part,
        parts=[link for link in pager(found.part, found.parts, lambda part: address(part=part)) if not link.step],
        read_at_once=READ_AT_ONCE,
        read=Read((found.part - 1) * READ_AT_ONCE + 1, min(found.part * READ_AT_ONCE, found.articles)),
        least_whole=LEAST_WHOLE,
    )


@dataclass(frozen=True, slots=True)
class OverTime:
    """The share of the archive that names it, over time."""

    chart: Chart
    links: tuple[str, ...]


def over_time(site: Site, found: Profile, links: SearchLinks) -> OverTime | None:
    """None where none of its articles has a date."""
    drawn = chart(found.timeline, site.strings, of=starts(found.everywhere)) if found.timeline else None
    if drawn is None:
        return None
    return OverTime(drawn, tuple(links.spanning(*bar.span.ends) for bar in drawn.bars))


def _heading(site: Site, label: str, form: str, part: int, page: int) -> str:
    """What the page is called in a tab: the name, the form that is chosen, and which sentences it shows."""
    parts = [label, f"“{form}”" if form and form != label else ""]
    parts += [str(site.strings("entity.in_part", n=part))] if part > 1 else []
    parts += [str(site.strings("search.on_page", page=page))] if page > 1 else []
    return ", ".join(part for part in parts if part)


def _otherwise(
    site: Site, state: State, kind: str, label: str, called: tuple[tuple[str, str], ...]
) -> bottle.HTTPResponse:
    if len(called) == 1:
        home, shown = called[0]
        path = entity_path(KIND_OF_FACET[home], shown)
        pairs = "&".join(pair for pair in bottle.request.query_string.split("&") if pair.partition("=")[0] in _KEPT)
        joiner = "&" if "?" in path else "?"
        return bottle.HTTPResponse(status=302, headers={"Location": path + (joiner + pairs if pairs else "")})
    facet = FACET_OF_KIND[kind]
    offers = state.offers(called) if called else state.nearest(facet, label) if label.strip() else ()
    if not offers:
        raise ArticleNotFound(f"no {kind} is called {label!r}")
    content = site.render(
        "failure.html",
        search_text="",
        status=site.strings(f"entity.kinds.{kind}"),
        heading=label,
        text=site.strings("entity.several" if called else "entity.nearest"),
        offers=offer_views(offers),
    )
    response = bottle.HTTPResponse(content, status=300 if called else 404)
    response.set_header("Content-Type", "text/html; charset=UTF-8")
    return response


def company(found: Profile) -> list[Company]:
    """Who and what appears in the same articles, by number of articles and by how much more than elsewhere."""
    request = SearchRequest(**{found.facet: (found.label,)})  # type: ignore[arg-type]
    links = SearchLinks(request, path="/")
    both_of_one_kind = SearchLinks(request.replace(match={found.facet: "all"}), path="/")
    listed = []
    for kind, facet in FACET_OF_KIND.items():
        choosing = (both_of_one_kind if facet == found.facet else links).choosing
        most, distinctive = (
            tuple(
                Companion(value.label, value.count, entity_path(kind, value.value), choosing(facet, value.value))
                for value in values[facet]
            )
            for values in (found.related, found.distinctive)
        )
        if most:
            listed.append(Company(kind, most, distinctive))
    return listed


@dataclass(frozen=True, slots=True)
class MapView:
    """A place on the map."""

    spot: Spot
    country: str
    country_path: str


def place_on_map(found: Profile) -> MapView | None:
    """Where a place is, as far as the gazetteers know it."""
    place = found.place
    if place is None or place.latitude is None or place.longitude is None:
        return None
    country = place.country if place.country != found.label else ""
    path = entity_path("place", found.country) if found.country else ""
    return MapView(spot(place.latitude, place.longitude), country, path)


def _view(line: Line, kind: str) -> LineView:
    return LineView(line, with_ranges(line.text, line.ranges, kind=kind), article_path(line.article.id))


def _from_second(number: int) -> str:
    return "" if number == 1 else str(number)
