"""The addresses that programs ask, from the document that describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from searchapp.manual.references.tables import code, table

__all__ = ["api_reference"]


def api_reference(document: Mapping[str, Any]) -> str:
    """Every address with its parameters and answers, then what the answers hold."""
    parts = ["## What may be asked", *_addresses(document), "## What answers hold"]
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        parts.append(f"### {name}")
        if told := schema.get("description"):
            parts.append(f"{told}.")
        parts.append(_properties(schema))
    return "\n\n".join(part for part in parts if part)


def _addresses(document: Mapping[str, Any]) -> Iterator[str]:
    shared = document.get("components", {}).get("parameters", {})
    many: dict[tuple[str, ...], str] = {}
    for path, ways in document.get("paths", {}).items():
        for method, operation in ways.items():
            yield f"### {method.upper()} {path}"
            yield f"{operation['summary']}."
            parameters = [_resolved(one, shared) for one in operation.get("parameters", ())]
            names = tuple(one["name"] for one in parameters)
            rows = [(code(one["name"]), one.get("description", ""), _values(one["schema"])) for one in parameters]
            # Most addresses narrow by the same ones: these are told once.
            if names in many:
                yield f"Parameters: those of {code(many[names])}."
            elif rows:
                many[names] = path
                yield table(("parameter", "meaning", "values"), rows)
            yield table(("answer", "with"), [_answer(status, one) for status, one in operation["responses"].items()])


def _resolved(parameter: Mapping[str, Any], shared: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = parameter.get("$ref", "")
    found: Mapping[str, Any] = shared[reference.rpartition("/")[2]] if reference else parameter
    return found


def _answer(status: str, response: Mapping[str, Any]) -> tuple[str, str]:
    if reference := response.get("$ref"):
        return status, reference.rpartition("/")[2]
    held = ", ".join(
        f"{code(kind)}{_of(content.get('schema', {}))}" for kind, content in response.get("content", {}).items()
    )
    return status, ": ".join(part for part in (response.get("description", ""), held) if part)


def _of(schema: Mapping[str, Any]) -> str:
    reference = schema.get("$ref", "")
    return f" with {reference.rpartition('/')[2]}" if reference else ""


def _properties(schema: Mapping[str, Any]) -> str:
    found = schema.get("properties")
    if not found:
        return _values(schema)
    rows = [(code(name), _values(one), one.get("description", "")) for name, one in found.items()]
    return table(("key", "value", "meaning"), rows)


def _values(schema: Mapping[str, Any]) -> str:
    """What a value may be, in words."""
    if reference := schema.get("$ref"):
        return str(reference).rpartition("/")[2]
    if "const" in schema:
        return code(str(schema["const"]))
    if "enum" in schema:
        said = ", ".join(code(str(one)) for one in schema["enum"])
    elif "anyOf" in schema or "oneOf" in schema:
        said = " or ".join(_values(one) for one in schema.get("anyOf", schema.get("oneOf", ())))
    else:
        kinds = schema.get("type", "any")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if "array" in kinds and (items := schema.get("items")):
            said = f"list of {_values(items)}"
        else:
            said = " or ".join(kinds)
        if "minimum" in schema and "maximum" in schema:
            said += f" from {schema['minimum']} to {schema['maximum']}"
        elif "minimum" in schema:
            said += f" from {schema['minimum']}"
        if examples := schema.get("examples"):
            said += f" such as {', '.join(code(str(one)) for one in examples)}"
    return f"{said}; {code(str(schema['default']))} by default" if "default" in schema else said
