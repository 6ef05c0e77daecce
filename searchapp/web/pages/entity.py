"""The page of a person, place or organisation: its forms, its articles over time, its company, and every sentence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import bottle
from markupsafe import Markup

from searchapp.errors import ArticleNotFound
from searchapp.model.article import FACET_OF_KIND, KINDS, Article, Mention
from searchapp.model.query import SearchRequest
from searchapp.model.result import SearchResult
from searchapp.model.timeline import counted_by_day
from searchapp.web.concordance import Line, lines
from searchapp.web.links import SearchLinks, article_path, entity_path, read_number, read_pairs
from searchapp.web.pages.atlas import Spot, spot
from searchapp.web.pages.charts import Chart, chart, starts
from searchapp.web.pages.filters import pager
from searchapp.web.pages.marking import with_ranges
from searchapp.web.site import Site

__all__ = ["add_routes", "distinctive"]

READ_AT_ONCE = 500
"""Articles whose sentences are read for one page; the rest are further parts."""
PAGE_LINES = 20
COMPANY = 8
"""Names of each kind that it appears with."""
WEIGHED = 200
"""Names of each kind among which the most distinctive are looked for."""
MIN_TOGETHER = 2
"""Articles that two names share at least before that says something."""


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
class Reading:
    """What the sentences of some of the articles say."""

    forms: Mapping[str, int]
    """Form to the number of its mentions, most first."""
    lines: tuple[Line, ...]
    """By form, the most frequent first, then newest article first."""


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds the page of each kind of name."""

    def by_path(kind: str, label: str) -> bytes:
        return show(site, kind, label)

    def by_parameter(kind: str) -> bytes:
        return show(site, kind, dict(read_pairs(bottle.request.query_string)).get("label", ""))

    app.route(f"/<kind:re:{'|'.join(KINDS)}>/<label:path>", callback=by_path)
    app.route(f"/<kind:re:{'|'.join(KINDS)}>", callback=by_parameter)


def show(site: Site, kind: str, label: str) -> bytes:
    """The page of one name. Raises `ArticleNotFound` where no article has it."""
    facet = FACET_OF_KIND[kind]
    query_string = bottle.request.query_string
    chosen = dict(read_pairs(query_string)).get("form", "")
    if not label.strip():
        raise ArticleNotFound(f"no {kind} has an empty name")
    request = SearchRequest(**{facet: (label,)}, sort="newest")  # type: ignore[arg-type]
    # Under "all" the facet that the name is in counts what stands beside it, not every other name.
    newest = site.archive.find(request.replace(page_size=5, facet_size=WEIGHED, match={facet: "all"}))
    if not newest.total:
        raise ArticleNotFound(f"no article names the {kind} {label!r}")
    oldest = site.archive.find(request.replace(sort="oldest", page_size=1, facet_size=1))
    parts = -(-newest.total // READ_AT_ONCE)
    part = min(read_number("part", query_string), parts)
    reading = read(site, kind, label, part)
    found = [line for line in reading.lines if not chosen or line.form == chosen]
    pages = max(1, -(-len(found) // PAGE_LINES))
    page = min(read_number("page", query_string), pages)
    here = SearchLinks(SearchRequest(), path=entity_path(kind, label).partition("?")[0])
    own = {} if "?" not in entity_path(kind, label) else {"label": label}

    def address(page: int = 1, form: str = chosen, part: int = part) -> str:
        pairs = {"form": form, "part": _from_second(part), "page": _from_second(page)}
        return here.adding(**own, **pairs) + "#concordance"

    return site.render(
        "entity.html",
        kind=kind,
        facet=facet,
        label=label,
        search_text="",
        total=newest.total,
        search=SearchLinks(SearchRequest(**{facet: (label,)}), path="/").paging(1),  # type: ignore[arg-type]
        first=_dated(oldest),
        last=_dated(newest),
        newest=[(hit.article, article_path(hit.article.id)) for hit in newest.hits],
        over_time=over_time(site, newest),
        time_links=SearchLinks(request.replace(sort="relevance"), path="/"),
        forms=[
            Form(text, count, address(form="" if text == chosen else text), text == chosen)
            for text, count in reading.forms.items()
        ],
        company=company(site, kind, label, newest),
        place=place_on_map(site, label) if kind == "place" else None,
        lines=[_view(line, kind) for line in found[(page - 1) * PAGE_LINES :][:PAGE_LINES]],
        sentences=len(found),
        chosen=chosen,
        pages=pager(page, pages, address),
        part=part,
        parts=[(n, "" if n == part else address(part=n)) for n in range(1, parts + 1)] if parts > 1 else [],
        read_at_once=READ_AT_ONCE,
    )


def read(site: Site, kind: str, label: str, part: int) -> Reading:
    """Forms and sentences of the articles of one part, the newest articles being the first part."""

    def named(mention: Mention) -> bool:
        return (mention.kind, mention.label) == (kind, label)

    def compute() -> Reading:
        request = SearchRequest(**{FACET_OF_KIND[kind]: (label,)}, sort="newest", facet_size=1)  # type: ignore[arg-type]
        result = site.archive.find(request.replace(page=part, page_size=READ_AT_ONCE))
        articles = [hit.article for hit in result.hits]
        forms: Counter[str] = Counter()
        for article in articles:
            for mention in (*article.title_mentions, *article.mentions):
                if named(mention):
                    forms[" ".join(mention.text.split())] += 1
        ranked = dict(forms.most_common())
        order = {form: number for number, form in enumerate(ranked)}
        sentences = sorted(lines(articles, named), key=lambda line: order.get(line.form, len(order)))
        return Reading(ranked, tuple(sentences))

    return site.holdings.remember(("reading", kind, label, part), compute)


def over_time(site: Site, result: SearchResult) -> Chart | None:
    """What share of the archive's articles of each month, or day, names it."""
    if not result.timeline:
        return None
    first, last = result.timeline[0].start, result.timeline[-1].start
    whole = site.holdings.timeline
    if counted_by_day(first, last) and len(whole) > 1 and not counted_by_day(whole[0].start, whole[-1].start):
        # The archive is counted by month and these articles by day: count the archive by day as well.
        whole = site.archive.find(SearchRequest(since=first, until=last, page_size=1, facet_size=1)).timeline
    return chart(result.timeline, site.strings, of=starts(whole))


def company(site: Site, kind: str, label: str, result: SearchResult) -> list[Company]:
    """Who and what appears in the same articles, by number of articles and by how much more than elsewhere."""
    found = []
    for other_kind, facet in FACET_OF_KIND.items():
        among = result.facets[facet]
        counts = {v.value: v.count for v in among.values if (other_kind, v.value) != (kind, label)}
        if not counts:
            continue
        everywhere = site.holdings.counts(facet)
        ranked = sorted(counts, key=lambda value: (-counts[value], value))[:COMPANY]
        special = distinctive(counts, everywhere, together=result.total, archive=site.holdings.stats.articles)[:COMPANY]

        def companion(value: str, other_kind: str = other_kind, counts: dict[str, int] = counts) -> Companion:
            mine, theirs = FACET_OF_KIND[kind], FACET_OF_KIND[other_kind]
            chosen = {mine: (label,), theirs: (value,)} if mine != theirs else {mine: (label, value)}
            request = SearchRequest(**chosen, match={mine: "all"} if mine == theirs else {})
            both = SearchLinks(request, path="/").paging(1)
            return Companion(value, counts[value], entity_path(other_kind, value), both)

        found.append(Company(other_kind, tuple(map(companion, ranked)), tuple(map(companion, special))))
    return found


def distinctive(counts: Mapping[str, int], everywhere: Mapping[str, int], *, together: int, archive: int) -> list[str]:
    """The values more frequent among `together` articles than in the whole archive, the most telling first.

    Ranked by the log-likelihood ratio of Dunning (1993), which trusts a few shared articles less than many.
    """
    scores = {}
    for value, both in counts.items():
        whole = max(both, everywhere.get(value, both))
        expected = together * whole / max(1, archive)
        if both >= MIN_TOGETHER and both > expected:
            scores[value] = _log_likelihood(both, together, whole, max(archive, together, whole))
    return sorted(scores, key=lambda value: (-scores[value], value))


def _log_likelihood(both: int, one: int, other: int, archive: int) -> float:
    """Of the two-by-two table of articles with both names, with either alone, and with neither."""
    cells = (both, one - both, other - both, archive - one - other + both)
    rows, columns = (one, archive - one), (other, archive - other)
    expected = (r * c / archive for r in rows for c in columns)
    # The cells run row by row: with the first name and with the second, without the second, and so on.
    return 2 * sum(cell * math.log(cell / e) for cell, e in zip(cells, expected, strict=True) if cell > 0 and e > 0)


@dataclass(frozen=True, slots=True)
class MapView:
    """A place on the map."""

    spot: Spot
    country: str
    country_path: str


def place_on_map(site: Site, label: str) -> MapView | None:
    """Where a place is, as far as the gazetteers know it."""
    known = site.archive.place_of(label)
    if known is None or known.latitude is None or known.longitude is None:
        return None
    country = known.country if known.country != label else ""
    shown = country if country in site.holdings.counts("places") else ""
    return MapView(spot(known.latitude, known.longitude), country, entity_path("place", shown) if shown else "")


def _dated(result: SearchResult) -> Article | None:
    article = result.hits[0].article if result.hits else None
    return article if article and article.published else None


def _view(line: Line, kind: str) -> LineView:
    return LineView(line, with_ranges(line.text, line.ranges, kind=kind), article_path(line.article.id))


def _from_second(number: int) -> str:
    return "" if number == 1 else str(number)
