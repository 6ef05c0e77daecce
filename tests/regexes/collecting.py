"""Every regular expression of the package, and how each is used."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import searchapp

__all__ = ["Used", "expressions", "made_at_run_time"]

_FUNCTIONS = frozenset("compile match search fullmatch sub subn split findall finditer".split())
_WITHOUT_FILES = ("searchapp.training",)
"""The workshop reads what its own makers give it."""


@dataclass(frozen=True, slots=True)
class Used:
    """One expression, where it stands, and the methods that are called on it; all where that does not show."""

    where: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def expressions() -> list[Used]:
    """All that stand in modules, by themselves or in what these hold, and all that are written where they are used."""
    found: dict[tuple[str, Any, int], Used] = {}
    called = _methods_called()
    for module in _modules():
        for name, value in vars(module).items():
            for pattern in _patterns_in(value):
                methods = called.get((module.__name__, name), frozenset()) if pattern is value else frozenset()
                _put(found, Used(f"{module.__name__}.{name}", pattern, methods or _FUNCTIONS - {"compile"}))
        for call in _calls(module):
            pattern = _evaluated(call, module)
            if pattern is not None and call.func.attr != "compile":
                _put(found, Used(f"{module.__name__}:{call.lineno}", pattern, frozenset({call.func.attr})))
    return list(found.values())


def made_at_run_time() -> set[str]:
    """Modules with expressions whose text is known only when they are used, beyond those that stand in the module."""
    return {
        f"{module.__name__}: {ast.unparse(call.args[0])}"
        for module in _modules()
        for call in _calls(module)
        if _evaluated(call, module) is None
    }


def _put(found: dict[tuple[str, Any, int], Used], one: Used) -> None:
    key = ("", one.pattern.pattern, one.pattern.flags)
    before = found.get(key)
    found[key] = one if before is None else Used(before.where, before.pattern, before.methods | one.methods)


@cache
def _modules() -> list[ModuleType]:
    return list(_loaded())


def _loaded() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(searchapp.__path__, "searchapp."):
        if not info.name.startswith(_WITHOUT_FILES) and not info.name.endswith("__main__"):
            module = importlib.import_module(info.name)
            # The compiled helper has no expression.
            if str(module.__file__).endswith(".py"):
                yield module


def _patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4:
        if isinstance(value, dict):
            inside = [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple | set | frozenset):
            inside = list(value)
        else:
            inside = [getattr(value, name, None) for name in getattr(type(value), "__dataclass_fields__", ())]
        for one in inside:
            yield from _patterns_in(one, depth + 1)


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


def _calls(module: ModuleType) -> Iterator[Any]:
    for node in ast.walk(_tree(module)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _FUNCTIONS
        ):
            yield node


@cache
def _names_of_functions(module: ModuleType) -> dict[ast.AST, frozenset[str]]:
    """Of each node within a function, the names that belong to the function; they hide those of the module."""
    found: dict[ast.AST, frozenset[str]] = {}
    for function in ast.walk(_tree(module)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside = list(ast.walk(function))
            own = {node.arg for node in inside if isinstance(node, ast.arg)}
            own |= {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
            own |= {node.name for node in inside if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name}
            for node in inside:
                found[node] = found.get(node, frozenset()) | own
    return found


def _evaluated(call: ast.Call, module: ModuleType) -> re.Pattern[Any] | None:
    flags = next((word.value for word in call.keywords if word.arg == "flags"), None)
    if flags is None and call.func.attr == "compile" and len(call.args) > 1:  # type: ignore[attr-defined]
        flags = call.args[1]
    # A package has each of its modules as an attribute once any test has imported it.
    hidden = _names_of_functions(module).get(call, frozenset())
    known = {name: value for name, value in vars(module).items() if name not in hidden}
    try:
        text = eval(ast.unparse(call.args[0]), known)
        return re.compile(text, eval(ast.unparse(flags), known) if flags is not None else 0)
    except NameError:
        return None


def _methods_called() -> dict[tuple[str, str], frozenset[str]]:
    """Of names of modules, the methods that any module calls on them; nothing for one that is also passed on."""
    found: dict[tuple[str, str], set[str]] = {}
    unclear: set[tuple[str, str]] = set()
    for module in _modules():
        tree = _tree(module)
        home = {name: (module.__name__, name) for name in vars(module)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                home |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
        called = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in home:
                called.add(node.value)
                if node.attr in _FUNCTIONS:
                    found.setdefault(home[node.value.id], set()).add(node.attr)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in home and node not in called:
                unclear.add(home[node.id])
    return {key: frozenset(methods) for key, methods in found.items() if key not in unclear}
