"""Whoosh's own fields in plain form: what it would pickle, as the objects they are made of.

Only what stands in a table is ever made from a description: Whoosh's fields, formats, columns and parts of analysers,
and its stemmers. The table is made from the modules that are imported here, so that nothing that a file of an index
says is imported or called by its name.
"""

from __future__ import annotations

import math
import re
import types
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from whoosh import columns, fields, formats
from whoosh.analysis import acore, analyzers, filters, intraword, morph, ngrams, tokenizers
from whoosh.fields import FieldType
from whoosh.lang import lovins, phonetic, porter, porter2
from whoosh.lang.dmetaphone import double_metaphone

from searchapp.columnar.format.plain import from_plain, to_plain
from searchapp.errors import IndexDamaged

__all__ = ["describe_field", "field_from"]

_MODULES = (fields, formats, columns, acore, analyzers, filters, intraword, morph, ngrams, tokenizers)
_BASES = (fields.FieldType, formats.Format, columns.Column, acore.Composable)
_FUNCTIONS = (
    porter.stem,
    porter2.stem,
    lovins.stem,
    phonetic.soundex_en,
    phonetic.soundex_esp,
    phonetic.soundex_ar,
    double_metaphone,
)
_CLASSES: dict[tuple[str, str], type] = {
    (module.__name__, name): value
    for module in _MODULES
    for name, value in vars(module).items()
    if isinstance(value, type) and issubclass(value, _BASES) and value.__module__ == module.__name__
}
_PARTS: dict[tuple[str, str], Any] = _CLASSES | {
    (function.__module__, function.__name__): function for function in _FUNCTIONS
}
_TYPES = {kind.__name__: kind for kind in (int, float, str, bytes, bool, Decimal)}
_GROUPS = {kind.__name__: kind for kind in (list, tuple, set, frozenset)}


def describe_field(field: FieldType) -> dict[str, Any]:
    """A field of one of Whoosh's types in terms of JSON. Raises `TypeError` when it has parts that are not Whoosh's."""
    return {"kind": "whoosh", "object": _taken_apart(field)}


def field_from(content: Mapping[str, Any]) -> FieldType:
    """The field that `describe_field` gave the description of. Raises `IndexDamaged` for what it cannot have given."""
    try:
        field = _put_together(content["object"]) if content["kind"] == "whoosh" else None
    except (AttributeError, KeyError, TypeError, ValueError, re.error) as error:
        raise IndexDamaged(f"the schema has a field that cannot be made ({error}); build the index again") from error
    if not isinstance(field, FieldType):
        raise IndexDamaged(f"the schema has a field of the kind {content['kind']!r}; build the index again")
    return field


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
    if isinstance(value, type) and value.__name__ in _TYPES:
        return {"$": "type", "name": value.__name__}
    if isinstance(value, (type, types.FunctionType)):
        return {"$": "class"} | _named(value)
    if (type(value).__module__).startswith("whoosh."):
        return {"$": "object"} | _named(type(value)) | {"state": _taken_apart(value.__getstate__() or {})}
    return to_plain(value)


def _named(part: Any) -> dict[str, str]:
    module, name = str(part.__module__), str(part.__qualname__)
    if _PARTS.get((module, name)) is not part:
        raise TypeError(f"{name} of {module} cannot be part of a field that is stored in this index")
    return {"module": module, "name": name}


def _put_together(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    kind = content["$"]
    if kind == "float":
        return float(content["value"])
    if kind == "items":
        return _GROUPS[content["type"]]([_put_together(item) for item in content["items"]])
    if kind == "map":
        return {_put_together(key): _put_together(item) for key, item in content["items"]}
    if kind == "pattern":
        return re.compile(content["pattern"], content["flags"])
    if kind == "type":
        return _TYPES[content["name"]]
    if kind not in ("class", "object"):
        return from_plain(content)
    part = _PARTS.get((content["module"], content["name"]))
    if part is None or (kind == "object" and not isinstance(part, type)):
        raise IndexDamaged(
            f"the schema names {content['name']!r} of {content['module']!r}, which no field is made of; "
            "build the index again"
        )
    if kind == "class":
        return part
    made = object.__new__(part)
    state = _put_together(content["state"])
    if hasattr(part, "__setstate__"):
        made.__setstate__(state)
    else:
        made.__dict__.update(state)
    return made
