"""The OpenAPI 3.1 document of the addresses that programs may ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from searchapp.insight.values import ORDERS_OF_PLACES
from searchapp.model.article import KINDS
from searchapp.model.query import DATED, FACETS, SCOPES, SORTS
from searchapp.web import links
from searchapp.web.api.schemas import SCHEMAS

__all__ = ["API_VERSION", "document"]

API_VERSION = "1.0"
"""Of the addresses and answers; a change that breaks a program that uses them changes the first number."""

_EXPORTS = {
    "csv": ("text/csv", "a table with one row for each article"),
    "jsonl": ("application/jsonl", "a JSON object on each line"),
    "bib": ("application/x-bibtex", "BibTeX entries"),
    "ris": ("application/x-research-info-systems", "RIS records"),
}


def document(title: str) -> dict[str, Any]:
    """The description of a site of that title, as plain values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": API_VERSION,
            "summary": "Search a news archive by words, names, topics, sources, languages and dates",
        },
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {"schemas": dict(SCHEMAS), "parameters": _parameters(), "responses": _failures()},
    }


def _paths() -> dict[str, Any]:
    search = [{"$ref": f"#/components/parameters/{name}"} for name in _parameters()]
    narrowing = [p for p in search if not p["$ref"].endswith(("/page", "/page_size", "/facet_size", "/sort"))]
    kind = _in_path("kind", "What the name names.", {"enum": list(KINDS)})
    paths = {
        "/api/search": _get(
            "search",
            "A page of matching articles with facets and timeline; every parameter narrows, none means everything",
            search,
            "SearchResult",
        ),
        "/api/facets/{name}": _get(
            "facetValues",
            "The values of one facet within a search",
            [
                _in_path("name", "The facet.", {"enum": list(FACETS)}),
                *narrowing,
                _in_query("find", "A part of the label; case and accents do not count.", {"type": "string"}),
                _in_query(
                    "order",
                    "By number of articles, by letter or, for places, by country.",
                    {"enum": list(ORDERS_OF_PLACES), "default": "count"},
                ),
                _in_query("at", "The page of values.", _whole(1, links.MAX_REACH)),
                {"$ref": "#/components/parameters/facet_size"},
            ],
            "FacetPage",
        ),
        "/api/suggest": _get(
            "suggest",
            "Names and titles that begin like a typed text",
            [_in_query("q", "What was typed so far.", {"type": "string"})],
            "Suggestions",
        ),
        "/api/article/{id}": _get(
            "article",
            "One article with everything known of it; `/api/article?id=` takes ids that no path can hold",
            [_in_path("id", "The article's id; its slashes may stay as they are.", {"type": "string"})],
            "Article",
            missing=True,
        ),
        "/api/entity/{kind}/{label}": _get(
            "entity",
            "What the archive knows of a person, place or organisation; `/api/entity/{kind}?label=` takes any label",
            [kind, _in_path("label", "Its label.", {"type": "string"})],
            "Entity",
            missing=True,
        ),
    }
    for form, (media_type, what) in _EXPORTS.items():
        paths[f"/export.{form}"] = _download(
            form, media_type, f"Every match of a search as {what}, without a limit", narrowing
        )
    paths["/feed.atom"] = _download("atom", "application/atom+xml", "The newest matches as an Atom feed", narrowing)
    paths["/feed.json"] = _download("jsonfeed", "application/feed+json", "The newest matches as a JSON Feed", narrowing)
    return paths


def _get(
    name: str, summary: str, parameters: list[dict[str, Any]], schema: str, *, missing: bool = False
) -> dict[str, Any]:
    answer = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"get": _operation(name, summary, parameters, answer, missing=missing)}


def _download(name: str, media_type: str, summary: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    return {"get": _operation(name, summary, parameters, {media_type: {}}, missing=False)}


def _operation(
    name: str, summary: str, parameters: list[dict[str, Any]], content: Mapping[str, Any], *, missing: bool
) -> dict[str, Any]:
    failures = {"400": "BadRequest", **({"404": "NotFound"} if missing else {}), "503": "Unavailable"}
    if name == "entity":
        failures["300"] = "Several"
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": "The answer", "content": content},
            "304": {"description": "Nothing changed since the answer with the ETag that If-None-Match gives"},
            **{status: {"$ref": f"#/components/responses/{response}"} for status, response in failures.items()},
        },
    }


def _parameters() -> dict[str, Any]:
    """The parameters of a search, by the name that the document refers to them by."""
    text = {"type": "string", "maxLength": links.MAX_QUERY_CHARS}
    found = {
        "q": _in_query(
            "q",
            "The query; empty matches everything. It may limit words to title:, byline:, section:, dateline: or url:.",
            text,
        )
    }
    label = {"type": "string", "maxLength": links.MAX_LABEL_CHARS}
    several = {"type": "array", "items": label, "maxItems": links.MAX_LABELS}
    for facet in FACETS:
        name = links.PARAMETER_OF_FACET[facet]
        found[name] = _in_query(name, f"Articles with this value among their {facet}; may be repeated.", several)
        found[f"not-{name}"] = _in_query(f"not-{name}", f"Articles without this value among their {facet}.", several)
        found[f"match-{name}"] = _in_query(
            f"match-{name}", "Whether any of the chosen values is enough.", {"enum": ["any", "all"], "default": "any"}
        )
    found["within"] = _in_query(
        "within", "Only articles that name this country or a place in it.", {"type": "string", "examples": ["Armenia"]}
    )
    found["scope"] = _in_query(
        "scope",
        "Which people, places and organisations of an article count, as filters and in facets: all that it mentions, "
        "or those that it is mainly about.",
        {"enum": list(SCOPES), "default": SCOPES[0]},
    )
    day = {
        "type": "string",
        "pattern": r"^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
        "examples": ["2023", "2023-09", "2023-09-22"],
    }
    found["since"] = _in_query("since", "The first day: year, month or day.", day)
    found["until"] = _in_query("until", "The last day; a year or month means its end.", day)
    found["dated"] = _in_query(
        "dated", "Only articles with any date, an estimated one, or none.", {"enum": list(DATED)}
    )
    found["sort"] = _in_query("sort", "The order of the hits.", {"enum": [*SORTS, "date"], "default": "relevance"})
    # As far as any size of page reaches.
    found["page"] = _in_query("page", "The page of hits.", _whole(1, links.MAX_REACH // links.MAX_PAGE_SIZE))
    found["page_size"] = _in_query("page_size", "Hits of a page.", _whole(10, links.MAX_PAGE_SIZE))
    sizes = {"anyOf": [_whole(20, links.MAX_FACET_SIZE), {"const": "all"}]}
    found["facet_size"] = _in_query("facet_size", "Values of each facet.", sizes)
    return found


def _failures() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}}
    texts = {
        "BadRequest": f"A parameter has an impossible value, or the address over {links.MAX_ADDRESS_CHARS} characters",
        "NotFound": "The archive has nothing of that name",
        "Several": "The name means several",
        "Unavailable": "The search took too long, or the archive cannot be read; try again after Retry-After seconds",
    }
    return {name: {"description": text, "content": content} for name, text in texts.items()}


def _in_query(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _in_path(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _whole(default: int, largest: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": largest, "default": default}
