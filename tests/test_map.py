"""ARCHITECTURE.md says what is there: every room is on it, and whatever it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import searchapp

PACKAGE = Path(searchapp.__file__).parent
REPOSITORY = PACKAGE.parent
MAP = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
WALKS = re.findall(r"^## (How does an article get .+|How does a query get .+)\n((?:(?!## ).*\n)+)", MAP, re.M)

ROOMS = [f"{path.parent.relative_to(PACKAGE).as_posix()}/" for path in sorted(PACKAGE.glob("*/**/__init__.py"))]
NAMED = sorted(set(re.findall(r"`([\w.]+)`\s+\(`([\w/]+\.py)`\)", MAP)))
"""A name and the file in which the map says that it stands."""
PATHS = sorted(set(re.findall(r"`((?:[\w.]+/)+[\w.*-]*|\w+\.(?:py|md|toml))`", MAP)))

DOCUMENTS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")


def names_in(path: Path) -> set[str]:
    """What a file defines at its top, and `Class.member` for what its classes do."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            members = {inner.name for inner in node.body if isinstance(inner, ast.FunctionDef)}
            found |= {f"{node.name}.{member}" for member in members}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_row(room: str) -> None:
    assert re.search(rf"^\| `{re.escape(room)}` \|(?: [^|]+ \|){{3}}$", MAP, re.M)


def test_no_row_is_left_of_a_room_that_is_gone() -> None:
    rows = re.findall(r"^\| `(.+/)` \|(?: [^|]+ \|){3}$", MAP, re.M)
    assert sorted(rows) == sorted(ROOMS)


@pytest.mark.parametrize(("name", "path"), NAMED)
def test_what_the_map_names_stands_in_that_file(name: str, path: str) -> None:
    assert name in names_in(PACKAGE / path)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_of_the_map_exists(path: str) -> None:
    assert any(True for root in (PACKAGE, REPOSITORY) for _ in root.glob(path))


@pytest.mark.parametrize(("heading", "text"), WALKS, ids=["from file to index", "from address to page"])
def test_a_walk_names_a_file_of_its_room_at_every_step(heading: str, text: str) -> None:
    steps = re.split(r"^\d+\. ", text, flags=re.M)[1:]
    assert len(steps) >= 8
    assert all(re.search(r"`[\w.]+`\s+\(`[\w/]+\.py`\)", step) for step in steps), heading


def test_both_walks_are_there() -> None:
    assert len(WALKS) == 2


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    text = (REPOSITORY / document).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)
    assert [target for target in targets if not (REPOSITORY / target).exists()] == []


@pytest.mark.parametrize(
    "path",
    [REPOSITORY / name for name in DOCUMENTS] + sorted(PACKAGE.rglob("*.md")) + sorted(PACKAGE.rglob("__init__.py")),
    ids=lambda path: path.relative_to(REPOSITORY).as_posix(),
)
def test_modules_that_a_text_speaks_of_exist(path: Path) -> None:
    for dotted in re.findall(r"\bsearchapp((?:\.\w+)+)", path.read_text(encoding="utf-8")):
        parts = dotted.strip(".").split(".")
        # The last may be a name inside of a module, the first an attribute of the package.
        homes = [PACKAGE.joinpath(*parts[:count]) for count in (len(parts), len(parts) - 1)]
        known = any(home.is_dir() or home.with_suffix(".py").is_file() for home in homes)
        assert known, f"searchapp{dotted}"
