"""What a class says of itself and of what it has, read from its source."""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from collections.abc import Mapping

__all__ = ["described", "descriptions_in"]


def descriptions_in(kind: type) -> Mapping[str, str]:
    """The fields of a class to the text below each, those of the classes that it is made from too."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if not base.__module__.startswith("searchapp"):
            continue
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(base))).body
        body = getattr(tree, "body", [])
        for statement, below in itertools.pairwise(body):
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and _is_text(below):
                found[statement.target.id] = inspect.cleandoc(below.value.value)
    return found


def described(thing: object) -> str:
    """The description of a class or function, without what Python adds by itself."""
    text = thing.__doc__ or "" if isinstance(thing, type) else inspect.getdoc(thing) or ""
    text = inspect.cleandoc(text)
    own = isinstance(thing, type) and text.startswith(f"{thing.__name__}(")
    return "" if own else text


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
