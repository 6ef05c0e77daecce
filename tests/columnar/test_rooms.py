"""The store is laid out in rooms that import each other in one direction, and runs without Whoosh's searcher."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import searchapp.columnar

ROOM = Path(searchapp.columnar.__file__).parent
MAY_IMPORT: dict[str, set[str]] = {
    "format": set(),
    "writing": {"format"},
    "asking": {"format"},
    "index": {"format", "writing", "asking"},
    "whoosh": {"format", "writing", "asking", "index"},
    "__init__": {"format", "writing", "asking", "index"},
}


def imports() -> dict[str, set[str]]:
    """Each module of the store, without the name of the package, with those of the store that it imports anywhere."""
    found: dict[str, set[str]] = {}
    for path in ROOM.rglob("*.py"):
        name = ".".join(path.relative_to(ROOM).with_suffix("").parts)
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        modules = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        prefix = "searchapp.columnar."
        found[name] = {module.removeprefix(prefix) for module in modules if module.startswith(prefix)}
    return found


def test_the_sub_rooms_import_only_those_that_may_stand_below_them() -> None:
    for name, modules in imports().items():
        room = name.split(".")[0]
        assert {module.split(".")[0] for module in modules} <= MAY_IMPORT[room] | {room}, name


def test_no_file_of_the_store_imports_in_a_circle() -> None:
    graph = imports()
    assert set(TopologicalSorter(graph).static_order()) >= set(graph)


def test_indexing_searching_and_serving_never_import_what_whooshs_searcher_needs(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from searchapp import Archive, Article
from searchapp.web.app import make_app

folder = Path(sys.argv[1])
(folder / "a.txt").write_text("Talks in Yerevan\\n\\nNikol Pashinyan spoke in Yerevan about the talks.")
with Archive.open(folder / "index", create=True) as archive:
    archive.add_files(folder / "a.txt")
    archive.add([Article(id="b", body="oil rose"), Article(id="c", body="gold fell")])
    archive.delete(["c"])
    for text in ('talks -gold', '"the talks" OR oi*', 'tlaks~1', 'person:pashinyan', 'date:2020..2024 OR (b AND c)'):
        result = archive.search(text, places=["Yerevan"], sort="newest")
    app = make_app(archive)
    for path in ("/", "/facet/places", "/entity/person/Nikol Pashinyan", "/api/search", "/feed.atom"):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "q=talks", "SERVER_NAME": "localhost",
                   "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, "HTTP_HOST": "localhost"}
        list(app(environ, lambda status, headers, exc_info=None: None))
from searchapp.columnar import check
assert check(folder / "index") == []
print([name for name in sys.modules if name.startswith("searchapp.columnar.whoosh") or name == "whoosh.searching"])
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
