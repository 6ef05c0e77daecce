"""What starting the program and importing the package load: only what is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import searchapp
from searchapp.cli import main

TELL = "; import sys; print(*sys.modules)"


def loaded(code: str) -> set[str]:
    """The modules that running `code` loads, besides those that Python loads by itself."""
    return _modules(f"{code}{TELL}") - _modules(f"pass{TELL}")


def _modules(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.split(".")[0] == "searchapp"}


def libraries(modules: set[str]) -> set[str]:
    return {name.split(".")[0] for name in modules} - sys.stdlib_module_names - {"searchapp"}


def test_importing_the_package_loads_nothing_else() -> None:
    modules = loaded("import searchapp")
    assert ours(modules) == {"searchapp"}
    assert not libraries(modules)
    assert not {"importlib.metadata", "typing", "dataclasses", "re"} & modules


@pytest.mark.parametrize("name", ["Article, Mention, SearchRequest, SearchResult", "SearchappError", "Settings"])
def test_values_and_errors_load_no_library(name: str) -> None:
    modules = loaded(f"from searchapp import {name}")
    assert {name.split(".")[1] for name in ours(modules) - {"searchapp"}} <= {"errors", "model", "platform", "settings"}
    assert not libraries(modules)


PROGRAM = {
    "searchapp",
    "searchapp.cli",
    "searchapp.cli.program",
    "searchapp.cli.streams",
    "searchapp.errors",
    "searchapp.platform",
    "searchapp.platform.interruption",
    "searchapp.version",
}
"""What every command loads."""


def test_telling_the_version_loads_no_command() -> None:
    modules = loaded("from searchapp.cli import main; main(['--version'], standalone_mode=False)")
    assert ours(modules) == PROGRAM
    assert libraries(modules) == {"click"}


def test_help_loads_no_command() -> None:
    modules = loaded("from searchapp.cli import main; main(['--help'], standalone_mode=False)")
    assert ours(modules) <= PROGRAM
    assert libraries(modules) == {"click"}


def test_searching_loads_neither_readers_of_files_nor_what_recognises_names() -> None:
    modules = loaded(
        "import searchapp.cli.commands.search, searchapp; searchapp.Archive.open(':memory:').search('peace')"
    )
    assert "searchapp.engines" in modules
    assert (
        not {"searchapp.corpus", "searchapp.entities.pipeline", "searchapp.entities.workers", "searchapp.web"} & modules
    )
    assert "searchapp.entities.recognising.tagger" not in modules
    assert not libraries(modules) & {
        "lxml",
        "feedparser",
        "trafilatura",
        "yaml",
        "pycountry",
        "bottle",
        "jinja2",
        "spacy",
    }


@pytest.mark.parametrize("name", list(main.commands))
def test_the_list_of_commands_says_what_the_command_says_of_itself(name: str) -> None:
    command = main.commands[name]
    assert command.name == name
    (listed,) = [
        line.split(None, 1)[1]
        for line in main.get_help(main.make_context("searchapp", ["x"])).partition("\nCommands:\n")[2].splitlines()
        if line.split()[0] == name
    ]
    assert listed == command.get_short_help_str(limit=100)


def test_every_public_name_is_found_where_checkers_of_types_are_told() -> None:
    tree = ast.parse(Path(searchapp.__file__).read_text(encoding="utf-8"))
    told = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("searchapp.")
        for alias in node.names
    }
    homes = {name: module for module, names in searchapp._HOMES.items() for name in names.split()}
    assert told == homes
    assert set(homes) == set(searchapp.__all__)


def test_importing_everything_gives_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from searchapp import *", names)
    assert set(searchapp.__all__) <= set(names)
    assert set(searchapp.__all__) <= set(dir(searchapp))
    with pytest.raises(ImportError, match="nothing"):
        exec("from searchapp import nothing", {})
