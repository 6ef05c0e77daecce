"""JSON for programs. Every answer is described by the document that `openapi` makes."""

from __future__ import annotations

from typing import Any

import bottle

from searchapp.archive.exporting import full_record
from searchapp.errors import InvalidRequest
from searchapp.model.article import KINDS
from searchapp.web.api.openapi import document
from searchapp.web.links import read_number, read_pairs, read_search
from searchapp.web.pages.facet import ORDERS, holding, ordered
from searchapp.web.profiles import profile_of
from searchapp.web.responses import json_response
from searchapp.web.site import Site
from searchapp.web.suggest import suggestions

__all__ = ["add_routes", "facet_values"]

_KINDS = "|".join(KINDS)


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds what programs may ask for."""

    def search() -> bottle.HTTPResponse:
        return json_response(site.archive.find(read_search(_query_string())).to_dict())

    def facet(name: str) -> bottle.HTTPResponse:
        return json_response(facet_values(site, name, _query_string()))

    def suggest() -> bottle.HTTPResponse:
        text = dict(read_pairs(_query_string())).get("q", "")
        return json_response({"query": text, "suggestions": [s.to_dict() for s in suggestions(site, text)]})

    def article(article_id: str = "") -> bottle.HTTPResponse:
        return json_response(full_record(site.archive.get(article_id or _required("id", _query_string()))))

    def entity(kind: str, label: str = "") -> bottle.HTTPResponse:
        found = profile_of(site, kind, label or _required("label", _query_string()))
        if found is None:
            raise bottle.HTTPError(404)
        return json_response(found.to_dict())

    app.route("/api/search", callback=search)
    app.route("/api/facets/<name>", callback=facet)
    app.route("/api/suggest", callback=suggest)
    app.route("/api/article", callback=article)
    app.route("/api/article/<article_id:path>", callback=article)
    app.route(f"/api/entity/<kind:re:{_KINDS}>", callback=entity)
    app.route(f"/api/entity/<kind:re:{_KINDS}>/<label:path>", callback=entity)
    app.route("/api/openapi.json", callback=lambda: json_response(document(site.title)))


def facet_values(site: Site, name: str, query_string: str) -> dict[str, Any]:
    """One page of the values of a facet within a search.

    Besides the parameters of a search the address may give `find`, a part of the label, `order`, count or az, `at`,
    the page, and `facet_size`, how many values it has. Raises `InvalidRequest`.
    """
    request = read_search(query_string)
    given = dict(read_pairs(query_string))
    order = given.get("order", ORDERS[0])
    if order not in ORDERS:
        raise InvalidRequest(f"order is {order[:40]!r}; use one of {', '.join(ORDERS)}")
    at = read_number("at", query_string)
    found = site.archive.facet(name, request)
    values = ordered(holding(found.values, given.get("find", "")), order)
    size = request.facet_size or max(1, len(values))
    shown = values[(at - 1) * size :][:size]
    return {
        "name": name,
        "values": [value.to_dict() for value in shown],
        "total_values": found.total_values,
        "missing": found.missing,
        "matching": len(values),
        "page": at,
        "page_size": size,
    }


def _query_string() -> str:
    return str(bottle.request.query_string)


def _required(name: str, query_string: str) -> str:
    value = dict(read_pairs(query_string)).get(name, "")
    if not value:
        raise InvalidRequest(f"the address gives no {name}; add {name}=...")
    return value
