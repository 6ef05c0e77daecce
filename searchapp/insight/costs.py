"""What to offer where a search finds nothing: what each part of it costs, and words spelled like those typed."""

from __future__ import annotations

from dataclasses import dataclass

from searchapp.engines.state import State
from searchapp.model import query as q
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.question import Question
from searchapp.parsing import as_typed

__all__ = ["Cost", "Meant", "costs"]

MAX_COSTS = 12
"""Each takes an evaluation."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the search would find without one of its parts."""

    part: str
    """What is left out: query, value, excluded, dates, dated, within, about, filters (all) or words (all the text)."""
    request: SearchRequest
    """The search without it."""
    total: int = 0
    query: q.Query | None = None
    """Of a part of the query."""
    facet: str = ""
    """Of a value that is chosen or excluded."""
    label: str = ""
    """That value, or what is to be known of the date."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The query with a word of the archive in place of one that it does not have."""

    request: SearchRequest
    total: int


def costs(state: State, request: SearchRequest) -> tuple[list[Cost], Meant | None]:
    """Every part without which there are hits, with the number of articles then, most first; and what may be meant.

    What may be meant is the query with each word that no article has as the archive spells it; None where that finds
    nothing.
    """
    query, _ = state.read_query(request.text)
    request = request.replace(page=1)
    ways = _ways(request, query)[:MAX_COSTS]
    respelled = state.respelled(query) if request.text.strip() else query
    asked = [Question(way.request, rest) for way, rest in ways]
    meant = request.replace(text=as_typed(respelled)) if respelled != query else None
    answers = state.ask(*asked, *([Question(meant, respelled)] if meant else []))
    found = [
        Cost(way.part, way.request, answer.total, way.query, way.facet, way.label)
        for (way, _), answer in zip(ways, answers, strict=False)
        if answer.total
    ]
    found.sort(key=lambda cost: -cost.total)
    return found, Meant(meant, answers[-1].total) if meant and answers[-1].total else None


def _ways(request: SearchRequest, query: q.Query) -> list[tuple[Cost, q.Query]]:
    """What can be left out, with the query that is left."""
    parts = (query.children if isinstance(query, q.And) else (query,)) if request.text.strip() else ()
    ways: list[tuple[Cost, q.Query]] = []
    for part in parts:
        others = tuple(other for other in parts if other is not part)
        rest = others[0] if len(others) == 1 else q.And(others) if others else q.Everything()
        ways.append((Cost("query", request.replace(text=as_typed(rest) if others else ""), query=part), rest))
    filters = _filters(request)
    ways += [(cost, query) for cost in filters]
    if len(filters) > 1 and parts:
        ways.append((Cost("filters", SearchRequest(text=request.text, sort=request.sort)), query))
    if filters and len(parts) > 1:
        ways.append((Cost("words", request.replace(text="")), q.Everything()))
    return [(way, rest) for way, rest in ways if way.request.text.strip() or way.request.has_filters]


def _filters(request: SearchRequest) -> list[Cost]:
    found = []
    for facet in FACETS:
        for label in request.selected(facet):
            left = tuple(other for other in request.selected(facet) if other != label)
            match = dict(request.match) if left else {f: rule for f, rule in request.match.items() if f != facet}
            found.append(Cost("value", request.replace(**{facet: left}, match=match), facet=facet, label=label))
    for facet in FACETS:
        for label in request.excluded(facet):
            kept = tuple(other for other in request.excluded(facet) if other != label)
            changed = request.replace(exclude={**request.exclude, facet: kept})
            found.append(Cost("excluded", changed, facet=facet, label=label))
    if request.since or request.until:
        found.append(Cost("dates", request.replace(since=None, until=None)))
    if request.within:
        found.append(Cost("within", request.replace(within=""), label=request.within))
    if request.dated:
        found.append(Cost("dated", request.replace(dated=""), label=request.dated))
    if request.scope != "mentions":
        found.append(Cost("about", request.replace(scope="mentions")))
    return found
