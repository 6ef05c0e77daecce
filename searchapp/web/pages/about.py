"""The page about the archive: what it holds from whom and when, what could not be read, and how the index is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bottle

from searchapp.archive import State
from searchapp.insight.overview import (
    ArchiveStats,
    SourceTimelines,
    overview,
    source_timelines,
    whole_timeline,
)
from searchapp.model.query import SearchRequest
from searchapp.model.result import TimelineBar
from searchapp.version import __version__
from searchapp.web.links import SearchLinks
from searchapp.web.pages.charts import Axis
from searchapp.web.pages.search import timeline_view
from searchapp.web.site import Site

__all__ = ["add_routes"]

COLUMNS = 24
"""Stretches of time in the table of sources."""
SOURCES = 40
"""Sources with a row of their own, most articles first."""
SHADES = 6
"""Of a cell, by its share of the fullest one; the stylesheet has a class for each."""
UNREADABLE = 200
"""Files that are listed."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Articles of one source in one stretch of time."""

    count: int
    shade: int
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """One source."""

    source: str
    count: int
    address: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Sources by time."""

    unit: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int
    """Sources without a row."""


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds the page about the archive."""
    app.route("/archive", callback=lambda state: show(site, state))


def show(site: Site, state: State) -> bytes:
    """What the archive holds."""
    request = SearchRequest(sort="newest")
    links = SearchLinks(request.replace(sort="relevance"), path="/")
    stats = overview(state)
    whole = whole_timeline(state)
    unreadable = site.archive.unreadable()
    return site.render(
        "about.html",
        search_text="",
        stats=stats,
        request=request,
        timeline=timeline_view(site, whole, stats.undated, links),
        table=sources_over_time(site, stats, whole, source_timelines(state, most=SOURCES)),
        sourceless=stats.articles - sum(stats.sources.values()),
        version=__version__,
        generation=state.generation,
        unreadable=unreadable[:UNREADABLE],
        unreadable_more=max(0, len(unreadable) - UNREADABLE),
    )


def sources_over_time(
    site: Site, stats: ArchiveStats, whole: Sequence[TimelineBar], found: SourceTimelines
) -> Table | None:
    """How many articles of each source were published when; None without any dated article of a known source."""
    if not whole or not found.timelines:
        return None
    axis = Axis.of(whole, max_slots=COLUMNS)
    counted = {source: axis.counts((bar.start, bar.count) for bar in bars) for source, bars in found.timelines.items()}
    most = max((count for counts in counted.values() for count in counts.values()), default=1)
    rows = []
    for source, counts in counted.items():
        links = SearchLinks(SearchRequest(sources=(source,)), path="/")
        cells = []
        for slot in range(axis.slots):
            count, span = counts.get(slot, 0), axis.span(slot)
            address = links.spanning(*span.ends) if count else ""
            cells.append(Cell(count, -(-count * SHADES // most), address))
        rows.append(Row(source, stats.sources[source], links.paging(1), tuple(cells)))
    names = tuple(axis.name(slot, site.strings) for slot in range(axis.slots))
    return Table(axis.unit, names, tuple(rows), found.left_out)
