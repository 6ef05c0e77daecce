"""Fields in plain form: what Whoosh would pickle.

An `AnalysedText` is known by the name of its analysis, which the caller hands in. Whoosh's own fields are described
as the objects they are made of; only classes and functions of Whoosh's fields, formats, columns and analysis are
ever made from a description, whatever it says.
"""

from __future__ import annotations

import importlib
import math
import re
import types
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from whoosh.fields import FieldType, Schema

from searchapp.columnar.format.analysis import Analysis
from searchapp.columnar.format.fields import EXACT_SUFFIX, AnalysedText, ExactForms, Facet, Number, Stored, UniqueId
from searchapp.columnar.format.plain import from_plain, to_plain
from searchapp.errors import IndexDamaged

__all__ = ["describe_schema", "schema_from"]

_SIMPLE = {"facet": Facet, "number": Number, "id": UniqueId, "stored": Stored}
_ROOMS = ("whoosh.fields", "whoosh.formats", "whoosh.columns", "whoosh.analysis", "whoosh.lang")
_TYPES = {kind.__name__: kind for kind in (int, float, str, bytes, bool, Decimal)}


def describe_schema(schema: Schema) -> dict[str, Any]:
    """The fields of a schema in terms of JSON. Raises `TypeError` for a field that cannot be stored."""
    parts = {part for name, subs in schema._subfields.items() for part in subs if part != name}
    described = {name: _describe(field) for name, field in schema.items() if name not in parts}
    patterns = {name: _describe(field) for name, (_, field) in schema._dyn_fields.items()}
    return {
        "fields": {name: content for name, content in described.items() if content is not None},
        "patterns": {name: content for name, content in patterns.items() if content is not None},
    }


def schema_from(description: Mapping[str, Any], analyses: Mapping[str, Analysis]) -> Schema:
    """The schema that `describe_schema` gave the description of."""
    schema = Schema()
    for name, content in description["fields"].items():
        field = _field(name, content, analyses)
        schema.add(name, field)
        if isinstance(field, AnalysedText):
            schema.add(name + EXACT_SUFFIX, ExactForms(field.analysis))
    for name, content in description["patterns"].items():
        schema.add(name, _field(name, content, analyses), glob=True)
    return schema


def _describe(field: FieldType) -> dict[str, Any] | None:
    kind = getattr(field, "kind", "")
    if kind == "forms":
        return None
    if kind == "text":
        return {"kind": kind, "analysis": field.analysis.name, "stored": field.stored}
    if kind in _SIMPLE:
        return {"kind": kind}
    return {"kind": "whoosh", "object": _taken_apart(field)}


def _field(name: str, content: Mapping[str, Any], analyses: Mapping[str, Analysis]) -> FieldType:
    kind = content["kind"]
    if kind == "text":
        analysis = analyses.get(content["analysis"])
        if analysis is None:
            raise IndexDamaged(
                f"the words of the field {name!r} were read by another version ({content['analysis']!r}); "
                "move the index away and index again, or hand that analysis to open()"
            )
        return AnalysedText(analysis, stored=content["stored"])
    if kind in _SIMPLE:
        return _SIMPLE[kind]()
    if kind == "whoosh":
        field = _put_together(content["object"])
        if isinstance(field, FieldType):
            return field
    raise IndexDamaged(f"the field {name!r} is of the unknown kind {kind!r}; build the index again")


def _taken_apart(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return {"$": "float", "value": repr(value)}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [_taken_apart(item) for item in value]
        if isinstance(value, (set, frozenset)):
            items.sort(key=repr)
        return {"$": "items", "type": type(value).__name__, "items": items}
    if isinstance(value, dict):
        return {"$": "map", "items": [[_taken_apart(key), _taken_apart(item)] for key, item in value.items()]}
    if isinstance(value, re.Pattern):
        return {"$": "pattern", "pattern": value.pattern, "flags": value.flags}
    if isinstance(value, type):
        if value.__name__ in _TYPES:
            return {"$": "type", "name": value.__name__}
        return {"$": "class", "module": _room(value), "name": value.__qualname__}
    if isinstance(value, types.FunctionType):
        return {"$": "class", "module": _room(value), "name": value.__qualname__}
    if type(value).__module__.startswith("whoosh."):
        state = value.__getstate__()
        return {
            "$": "object",
            "module": _room(type(value)),
            "name": type(value).__qualname__,
            "state": _taken_apart(state or {}),
        }
    return to_plain(value)


def _room(thing: Any) -> str:
    module = str(thing.__module__)
    if "." in thing.__qualname__ or not _allowed(module):
        raise TypeError(f"{thing.__qualname__} of {module} cannot be part of a field that is stored in this index")
    return module


def _allowed(module: str) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in _ROOMS)


def _put_together(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    kind = content["$"]
    if kind == "float":
        return float(content["value"])
    if kind == "items":
        items = [_put_together(item) for item in content["items"]]
        return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[content["type"]](items)
    if kind == "map":
        return {_put_together(key): _put_together(item) for key, item in content["items"]}
    if kind == "pattern":
        return re.compile(content["pattern"], content["flags"])
    if kind == "type":
        return _TYPES[content["name"]]
    if kind not in ("class", "object"):
        return from_plain(content)
    if not _allowed(content["module"]):
        raise IndexDamaged(f"the schema names {content['module']!r}, which no field is made of; build the index again")
    found = getattr(importlib.import_module(content["module"]), content["name"])
    if getattr(found, "__module__", None) != content["module"]:
        raise IndexDamaged(f"the schema names {content['name']!r}, which no field is made of; build the index again")
    if kind == "class":
        return found
    made = object.__new__(found)
    state = _put_together(content["state"])
    if hasattr(found, "__setstate__"):
        made.__setstate__(state)
    else:
        made.__dict__.update(state)
    return made
