"""The store runs without what only Whoosh's own searcher needs; who imports whom is tested with the whole house."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


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
