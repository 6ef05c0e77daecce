"""JSON for programs. Every answer is described by the document that `openapi` makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import bottle

from searchapp.archive import State
from searchapp.archive.exporting import full_record
from searchapp.errors import InvalidRequest
from searchapp.insight.entity import profile
from searchapp.insight.suggestions import Suggestion, suggestions
from searchapp.insight.values import ORDERS, ORDERS_OF_PLACES, values_called, values_wanted
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, KINDS
from searchapp.model.question import Question
from searchapp.web.api.openapi import document
from searchapp.web.links import SearchLinks, read_number, read_pairs, read_search, suggestion_path
from searchapp.web.responses import json_response, shown_path
from searchapp.web.site import Site

__all__ = ["add_routes", "facet_values"]

_KINDS = "|".join(KINDS)


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds what programs may ask for."""

    def search(state: State) -> bottle.HTTPResponse:
        request = read_search(_query_string())
        result = state.find(request)
        # With the parameters as they were given: what is read of them may be called otherwise tomorrow.
        more = "/api/search" + SearchLinks(request).paging(request.page + 1) if request.page < result.pages else None
        return json_response(result.to_dict() | {"next": more})

    def facet(state: State, name: str) -> bottle.HTTPResponse:
        return json_response(facet_values(state, name, _query_string()))

    def suggest(state: State) -> bottle.HTTPResponse:
        text = dict(read_pairs(_query_string())).get("q", "")
        return json_response({"query": text, "suggestions": [_suggested(one) for one in suggestions(state, text)]})

    def article(state: State, article_id: str = "") -> bottle.HTTPResponse:
        record = full_record(state.get(article_id or _required("id", _query_string())))
        shown = {"path": shown_path(record["path"]), "copies": [shown_path(path) for path in record["copies"]]}
        return json_response(record | shown)

    def entity(state: State, kind: str, label: str = "") -> bottle.HTTPResponse:
        label = label or _required("label", _query_string())
        facet = FACET_OF_KIND[kind]
        called = state.called(facet, label)
        if len(called) == 1:
            home, shown = called[0]
            return json_response(profile(state, KIND_OF_FACET[home], shown).to_dict())
        offers = state.offers(called) if called else state.nearest(facet, label)
        several = f"{label!r} is the name of {len(called)} {facet}"
        error = several if called else f"the {facet} have no {label!r}"
        response = json_response({"error": error, "offers": [offer.to_dict() for offer in offers]})
        response.status = 300 if called else 404
        return response

    app.route("/api/search", callback=search)
    app.route("/api/facets/<name>", callback=facet)
    app.route("/api/suggest", callback=suggest)
    app.route("/api/article", callback=article)
    app.route("/api/article/<article_id:path>", callback=article)
    app.route(f"/api/entity/<kind:re:{_KINDS}>", callback=entity)
    app.route(f"/api/entity/<kind:re:{_KINDS}>/<label:path>", callback=entity)
    app.route("/api/openapi.json", callback=lambda state: json_response(document(site.title)))


def facet_values(state: State, name: str, query_string: str) -> dict[str, Any]:
    """One page of the values of a facet within a search.

    Besides the parameters of a search the address may give `find`, a part of the label or the beginning of another
    form of the name, `order`, count, az or, for places, country, `at`, the page, and `facet_size`, how many values it
    has, or countries, chosen ones besides. Raises `InvalidRequest`.
    """
    request = read_search(query_string)
    given = dict(read_pairs(query_string))
    at = read_number("at", query_string)
    size = request.facet_size
    order = given.get("order", ORDERS[0])
    find = given.get("find", "")
    orders = ORDERS_OF_PLACES if name == "places" else ORDERS
    wanted = values_wanted(name, find=find, order=order, page=at, size=size, orders=orders)
    wanted = replace(wanted, also=values_called(state, name, find))
    (answer,) = state.ask(Question(request, facets=(wanted,)))
    found = answer.facets[0]
    return {
        "name": name,
        "values": [value.to_dict() for value in found.values],
        "total_values": found.total_values,
        "missing": found.missing,
        "matching": found.total_groups if order == "country" else found.matching,
        "page": at,
        "page_size": size or max(1, found.total_groups if order == "country" else found.matching),
        **({"countries": [group.to_dict() for group in found.groups]} if order == "country" else {}),
    }


def _suggested(one: Suggestion) -> dict[str, Any]:
    return {"kind": one.kind, "label": one.label, "count": one.count, "path": suggestion_path(one)}


def _query_string() -> str:
    return str(bottle.request.query_string)


def _required(name: str, query_string: str) -> str:
    value = dict(read_pairs(query_string)).get(name, "")
    if not value:
        raise InvalidRequest(f"the address gives no {name}; add {name}=...")
    return value
