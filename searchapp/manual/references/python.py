"""The Python interface, from its own descriptions."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator

import searchapp
from searchapp import errors
from searchapp.manual.references.descriptions import described, descriptions_in
from searchapp.manual.references.tables import code, table

__all__ = ["error_reference", "python_reference"]

_FIRST = ("Archive", "recognise", "Article", "SearchResult")
"""What people look for before anything else."""


def python_reference() -> str:
    """Every public name but the errors: how it is called, what it is, and what it has."""
    names = [name for name in searchapp.__all__ if name not in errors.__all__ and not name.startswith("_")]
    ordered = [*_FIRST, *(name for name in names if name not in _FIRST)]
    return "\n\n".join(_told(name, getattr(searchapp, name)) for name in ordered)


def error_reference() -> str:
    """The tree of errors, as its module draws it."""
    drawn = inspect.cleandoc(errors.__doc__ or "")
    head, _, rest = drawn.partition("\n\n")
    tree, _, after = rest.partition("\n\n")
    return f"{head}\n\n```text\n{inspect.cleandoc(tree)}\n```\n\n{after}"


def _told(name: str, thing: object) -> str:
    parts = [f"## {name}"]
    if not isinstance(thing, type):
        parts += [_call(name, thing), _prose(described(thing))]
        return "\n\n".join(part for part in parts if part)
    parts.append(_prose(described(thing)))
    if dataclasses.is_dataclass(thing):
        parts.append(_fields(thing))
    elif issubclass(thing, tuple):
        parts.append("")
    parts += [
        f"### {name}.{method}\n\n{_call(f'{name}.{method}', found)}\n\n{_prose(described(found))}"
        for method, found in _methods(thing)
    ]
    return "\n\n".join(part for part in parts if part)


def _fields(thing: type) -> str:
    told = descriptions_in(thing)
    rows = [
        (code(field.name), code(str(field.type)), " ".join(told.get(field.name, "").split()))
        for field in dataclasses.fields(thing)
        if not field.name.startswith("_")
    ]
    return table(("field", "type", "meaning"), rows)


def _methods(thing: type) -> Iterator[tuple[str, object]]:
    for name, found in vars(thing).items():
        function = getattr(thing, name)
        if not name.startswith("_") and (inspect.isfunction(function) or inspect.ismethod(function)):
            yield name, function
        elif isinstance(found, property) and not name.startswith("_"):
            yield name, found


def _call(name: str, thing: object) -> str:
    if isinstance(thing, property):
        return ""
    signature = inspect.signature(thing)  # type: ignore[arg-type]
    own = [
        one.replace(annotation=_Plain.of(one.annotation)) for one in signature.parameters.values() if one.name != "self"
    ]
    plain = signature.replace(parameters=own, return_annotation=_Plain.of(signature.return_annotation))
    return f"```py\n{name}{re.sub(r'<[^<>]*>', '...', str(plain))}\n```"


class _Plain(str):
    """A type as it stands in the source, which a signature else shows as a text in quotation marks."""

    __slots__ = ()

    @classmethod
    def of(cls, annotation: object) -> object:
        return cls(annotation) if isinstance(annotation, str) else annotation

    def __repr__(self) -> str:
        return str(self)


def _prose(text: str) -> str:
    # A description may draw or list something, by lines that stand further in: those are kept as they are.
    return text
