"""JSON Schemas of what programs are answered, for the OpenAPI document and the tests that hold answers against it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from searchapp.model.article import FACET_OF_KIND, KINDS
from searchapp.model.query import FACETS

__all__ = ["SCHEMAS"]

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_DAY = {"type": "string", "format": "date"}
_DATED_BY = {"enum": ["", "metadata", "dateline", "address", "text", "estimated"]}
_DAY_OR_NONE = {"type": ["string", "null"], "format": "date"}
_KIND = {"enum": list(KINDS)}


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _named(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(
    properties: Mapping[str, Any], description: str = "", *, sometimes: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """An object with exactly these properties, all of them there but for those that are `sometimes`."""
    schema: dict[str, Any] = {"description": description} if description else {}
    return schema | {
        "type": "object",
        "properties": {**properties, **sometimes},
        "required": list(properties),
        "additionalProperties": False,
    }


_NAMES = {facet: _list(_TEXT) for facet in FACET_OF_KIND.values()}
_VALUES = {"values": _list(_named("FacetValue")), "total_values": _COUNT, "missing": _COUNT}

SCHEMAS: Mapping[str, Any] = MappingProxyType(
    {
        "SearchResult": _object(
            {
                "query": _TEXT,
                "total": _COUNT,
                "page": {"type": "integer", "minimum": 1},
                "page_size": {"type": "integer", "minimum": 1},
                "took_ms": {"type": "number", "minimum": 0},
                "problems": _list(_named("Problem")),
                "hits": _list(_named("Hit")),
                "facets": _object({facet: _named("Facet") for facet in FACETS}),
                "timeline": _list(_named("TimelineBar")),
                "next": {"type": ["string", "null"], "description": "Address of the next page; null on the last"},
                "undated": {**_COUNT, "description": "Articles without a date, which the timeline leaves out"},
            }
        ),
        "Problem": _object(
            {"message": _TEXT, "start": _COUNT, "end": _COUNT},
            "A way in which the query was read differently from how it was typed, and the characters it is about",
            sometimes={"offers": _list(_named("Offer"))},
        ),
        "Offer": _object(
            {"count": _COUNT},
            "What may be meant: a value of a facet, or another query, and its articles",
            sometimes={"facet": {"enum": list(FACETS)}, "label": _TEXT, "query": _TEXT},
        ),
        "Hit": _object(
            {
                "id": _TEXT,
                "title": _TEXT,
                "published": _DAY_OR_NONE,
                "published_source": _DATED_BY,
                "source": _TEXT,
                "url": {"type": ["string", "null"]},
                "score": {"type": "number"},
                "snippet": _named("Snippet"),
                **_NAMES,
            },
            sometimes={"page": _COUNT},
        ),
        "Snippet": _object(
            {"text": _TEXT, "ranges": _list({"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2})},
            "Plain text, and the ranges of characters that match: first and one past the last",
        ),
        "Facet": _object(_VALUES, "`missing` counts articles without any value"),
        "FacetValue": _object(
            {"value": _TEXT, "label": _TEXT, "count": _COUNT, "selected": {"type": "boolean"}},
            "`count` is the number of articles, not of mentions",
        ),
        "FacetPage": _object(
            {
                "name": {"enum": list(FACETS)},
                **_VALUES,
                "matching": {**_COUNT, "description": "Values whose label holds `find`"},
                "page": {"type": "integer", "minimum": 1},
                "page_size": {"type": "integer", "minimum": 1},
            },
            sometimes={"countries": _list(_named("Country"))},
        ),
        "Country": _object(
            {"name": _TEXT, "count": _COUNT, "values": _list(_named("FacetValue"))},
            "A country with its places; `name` is empty for places of none, `count` the articles that name any of them",
        ),
        "TimelineBar": _object({"start": _DAY, "count": _COUNT}, "Articles of one day, or of the month it begins"),
        "Suggestions": _object({"query": _TEXT, "suggestions": _list(_named("Suggestion"))}),
        "Suggestion": _object(
            {"kind": {"enum": [*KINDS, "title", "search"]}, "label": _TEXT, "count": _COUNT, "path": _TEXT},
            "`path` is the page of the name or article on this server",
        ),
        "Mention": _object(
            {"start": _COUNT, "end": _COUNT, "text": _TEXT, "kind": _KIND, "label": _TEXT},
            "A place where a name stands, in characters; the end is exclusive",
        ),
        "Article": _object(
            {
                "id": _TEXT,
                "title": _TEXT,
                "body": _TEXT,
                "byline": _TEXT,
                "published": _DAY_OR_NONE,
                "published_time": {"type": ["string", "null"]},
                "published_offset": {"type": ["integer", "null"]},
                "published_source": _DATED_BY,
                "dateline": _TEXT,
                "source": _TEXT,
                "url": _TEXT,
                "section": _TEXT,
                "topics": _list(_TEXT),
                "language": _TEXT,
                "assigned": {"type": "object", "properties": _NAMES, "additionalProperties": False},
                "mentions": _list(_named("Mention")),
                "title_mentions": _list(_named("Mention")),
                "path": _TEXT,
                "position": _COUNT,
                "file_modified": {"type": ["string", "null"]},
                "version": _TEXT,
                "copies": _list(_TEXT),
                "pages": _list(_COUNT),
                **_NAMES,
            }
        ),
        "Entity": _object(
            {
                "kind": _KIND,
                "label": _TEXT,
                "articles": {"type": "integer", "minimum": 1},
                "undated": _COUNT,
                "first": _DAY_OR_NONE,
                "last": _DAY_OR_NONE,
                "forms": _list(_object({"text": _TEXT, "count": _COUNT})),
                "read": {**_COUNT, "description": "Articles that were read for the forms, the newest"},
                "timeline": _list(_named("TimelineBar")),
                "related": _object({facet: _list(_object({"label": _TEXT, "count": _COUNT})) for facet in FACETS}),
                "distinctive": _object(_NAMES),
            }
        ),
        "Failure": _object(
            {"error": _TEXT}, "What went wrong, and what may be meant", sometimes={"offers": _list(_named("Offer"))}
        ),
    }
)
"""Name to schema."""
