"""The files of a state are let go by its last reader, at once: no circle keeps them until someone looks for circles."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import pytest

from searchapp.archive import Archive
from searchapp.model.article import Article, Mention
from searchapp.web.app import make_app

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing says what is mapped")

BODY = "Zebra and zebra again, seen by John Smith in Armenia.\n\n" * 4
PAGES = ("/", "/?q=zebra", "/?q=zeb*", "/?q=zebro~", "/?q=%22seen+by%22", "/?q=zebra&person=John+Smith",
         "/?q=zebra+-oil&scope=about&place=Armenia&match.place=all", "/person/John+Smith", "/facet/people?q=zebra",
         "/api/search?q=zebra", "/api/suggest?q=joh", "/export.csv", "/article/z0", "/about", "/feed.atom")  # fmt: skip


@pytest.fixture
def uncollected() -> Iterator[None]:
    """What stands in a circle stays meanwhile."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def mapped(folder: Path) -> set[str]:
    """The segments that this process has mapped into memory, those that are deleted too."""
    with open("/proc/self/maps", encoding="utf-8") as lines:
        return {line.split("/", 1)[1].strip() for line in lines if f"{folder}/" in line and ".columns" in line}


def test_the_files_of_a_state_are_freed_when_its_last_reader_leaves_it(tmp_path: Path, uncollected: None) -> None:
    with Archive.open(tmp_path, create=True) as writing, Archive.open(tmp_path) as reading:
        app = make_app(reading)

        def open_page(address: str) -> None:
            path, _, query = address.partition("?")
            environ = {"PATH_INFO": path, "QUERY_STRING": query}
            setup_testing_defaults(environ)
            parts = app(environ, lambda *_: None)
            assert b"".join(parts)
            if hasattr(parts, "close"):
                parts.close()

        at = BODY.index("John Smith")
        for number in range(24):
            mention = Mention(at, at + 10, "John Smith", "person", "John Smith")
            writing.add([Article(id=f"z{number}", body=BODY, mentions=(mention,))], recognise=False)
            if number % 5 == 4:
                writing.delete(f"z{number - 1}")
            if number == 12:
                writing.correct("rename", "John Smith", "John A. Smith")
            for address in PAGES:
                open_page(address)
            assert not [name for name in mapped(tmp_path) if name.endswith("(deleted)")]
        held = reading.state()
        before = mapped(tmp_path)
        for number in range(12):
            writing.add([Article(id=f"y{number}", body=BODY)], recognise=False)
            open_page("/?q=zebra")
        # Who still reads an earlier state keeps what it is made of, and nothing else.
        assert {name.removesuffix(" (deleted)") for name in before} <= {
            name.removesuffix(" (deleted)") for name in mapped(tmp_path)
        }
        assert len(held.ask()) == 0
        held.close()
        del held
        open_page("/")
        assert not [name for name in mapped(tmp_path) if name.endswith("(deleted)")]
