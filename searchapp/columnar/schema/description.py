"""Fields in plain form: what Whoosh would pickle.

An `AnalysedText` is known by the name of its analysis, which the caller hands in. Fields of other types than those of
`fields` are left to whoever knows them; the store itself knows none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from whoosh.fields import FieldType, Schema

from searchapp.columnar.schema.analysis import Analysis
from searchapp.columnar.schema.fields import EXACT_SUFFIX, AnalysedText, ExactForms, Facet, Number, Stored, UniqueId
from searchapp.errors import IndexDamaged, OtherVersion

__all__ = ["describe_schema", "is_foreign", "refuse_field", "schema_from"]

_SIMPLE = {"facet": Facet, "number": Number, "id": UniqueId, "stored": Stored}


def is_foreign(field: FieldType) -> bool:
    """Whether a field is of none of the store's own types."""
    return not hasattr(field, "kind")


def refuse_field(field: FieldType) -> dict[str, Any]:
    """Raises `TypeError`: the store has no column for such a field."""
    name = type(field).__name__
    raise TypeError(f"a field of the type {name} needs an index made with searchapp.columnar.whoosh.create_index")


def _refuse_description(content: Mapping[str, Any]) -> FieldType:
    if content["kind"] == "whoosh":
        raise IndexDamaged(
            "the index has a field of one of Whoosh's own types; open it with searchapp.columnar.whoosh.open_index"
        )
    raise IndexDamaged(f"the index has a field of the unknown kind {content['kind']!r}; build it again")


def describe_schema(schema: Schema, other: Callable[[FieldType], dict[str, Any]] = refuse_field) -> dict[str, Any]:
    """The fields of a schema in terms of JSON; `other` describes those of other types.

    Raises `TypeError` for a field that cannot be stored.
    """
    parts = {part for name, subs in schema._subfields.items() for part in subs if part != name}
    described = {name: _describe(field, other) for name, field in schema.items() if name not in parts}
    patterns = {name: _describe(field, other) for name, (_, field) in schema._dyn_fields.items()}
    return {
        "fields": {name: content for name, content in described.items() if content is not None},
        "patterns": {name: content for name, content in patterns.items() if content is not None},
    }


def schema_from(
    description: Mapping[str, Any],
    analyses: Mapping[str, Analysis],
    other: Callable[[Mapping[str, Any]], FieldType] = _refuse_description,
) -> Schema:
    """The schema that `describe_schema` gave the description of; `other` makes the fields of other types."""
    schema = Schema()
    for name, content in description["fields"].items():
        field = _field(name, content, analyses, other)
        schema.add(name, field)
        if isinstance(field, AnalysedText):
            schema.add(name + EXACT_SUFFIX, ExactForms(field.analysis))
    for name, content in description["patterns"].items():
        schema.add(name, _field(name, content, analyses, other), glob=True)
    return schema


def _describe(field: FieldType, other: Callable[[FieldType], dict[str, Any]]) -> dict[str, Any] | None:
    kind = getattr(field, "kind", "")
    if kind == "forms":
        return None
    if kind == "text":
        return {"kind": kind, "analysis": field.analysis.name, "stored": field.stored}
    return {"kind": kind} if kind in _SIMPLE else other(field)


def _field(
    name: str,
    content: Mapping[str, Any],
    analyses: Mapping[str, Analysis],
    other: Callable[[Mapping[str, Any]], FieldType],
) -> FieldType:
    kind = content["kind"]
    if kind == "text":
        analysis = analyses.get(content["analysis"])
        if analysis is None:
            raise OtherVersion(
                f"the words of the field {name!r} were read by another version ({content['analysis']!r}); "
                + ("update the program" if _is_newer(content["analysis"], analyses) else "run: searchapp rebuild")
            )
        return AnalysedText(analysis, stored=content["stored"])
    return _SIMPLE[kind]() if kind in _SIMPLE else other(content)


def _is_newer(name: str, analyses: Mapping[str, Analysis]) -> bool:
    """Whether an analysis, called like "english-3", has a higher number than the known one of that name."""
    stem, _, number = name.rpartition("-")
    known = [other.rpartition("-")[2] for other in analyses if other.rpartition("-")[0] == stem]
    return number.isdecimal() and any(other.isdecimal() and int(number) > int(other) for other in known)
