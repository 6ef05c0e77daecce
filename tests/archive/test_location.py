"""A location is a folder, ":memory:", or an address that some engine serves, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp import Archive, Article, IndexNotFound, Settings, UsageError
from searchapp.archive import location
from searchapp.archive.location import Opened
from searchapp.cli.program import main
from searchapp.engines.memory import MemoryEngine

ADDRESSES = ("elastic+http://ann:secret@localhost:9200/news", "http://x", "file:///tmp/index", "://", "a b://c")


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_no_engine_serves_is_refused_and_makes_no_folder(desk: Path, address: str) -> None:
    for create in (True, False):
        with pytest.raises(UsageError) as caught:
            Archive.open(address, create=create)
        assert "give the path of a folder, an address that begins with 'opensearch+http://'" in str(caught.value)
        assert "secret" not in str(caught.value)
    with pytest.raises(UsageError):
        Archive.check(address)
    assert not list(desk.iterdir())


@pytest.mark.parametrize("command", [["index", "x.txt"], ["search", "x"], ["facets", "people"], ["stats"], ["check"]])
def test_commands_refuse_such_an_address_as_misuse(desk: Path, command: list[str]) -> None:
    done = CliRunner().invoke(main, [*command, "--index", "elastic+http://localhost:9200/news"])
    assert done.exit_code == 2
    assert "Error: no engine serves 'elastic+http://'; give the path of a folder, an address" in done.stderr
    assert not list(desk.iterdir())


@pytest.mark.parametrize("path", ["index", "a:b", "deep/a://b", "c:", "./http:"])
def test_whatever_else_is_the_path_of_a_folder(desk: Path, path: str) -> None:
    with pytest.raises(IndexNotFound):
        Archive.open(path)
    with Archive.open(path, create=True) as archive:
        archive.add([Article(id="a", body="peace")])
    assert Path(path).is_dir()
    assert Archive.check(path) == []


def test_an_engine_that_serves_a_scheme_opens_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []

    def opener(address: str, create: bool, settings: Settings) -> Opened:
        asked.append((address, create))
        return Opened(MemoryEngine())

    monkeypatch.setattr(location, "SCHEMES", {"far": opener})
    with Archive.open("FAR://host/news", create=True) as archive:
        assert len(archive) == 0
    assert asked == [("FAR://host/news", True)]
    with pytest.raises(
        UsageError, match="give the path of a folder, an address that begins with 'far://' or ':memory:'"
    ):
        Archive.open("near://host")
    with pytest.raises(UsageError, match="has no files here"):
        Archive.check("far://host")
