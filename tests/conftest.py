from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

REPOSITORY = Path(__file__).parents[1]

# A busy machine is no fault of the program: what is too slow has a test that says so.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def shared_data(name: str) -> Path:
    """A folder of real data that is not part of the project; skips the test where it is missing."""
    folder = Path(os.environ.get("SEARCHAPP_TEST_DATA", REPOSITORY.parent / "shared")) / name
    if not folder.is_dir():
        pytest.skip(f"needs the data folder {name}; set SEARCHAPP_TEST_DATA to the folder that holds it")
    return folder


@pytest.fixture(scope="session")
def reuters_folder() -> Path:
    """The 22 files of Reuters-21578."""
    return shared_data("corpora/reuters21578")


@pytest.fixture(scope="session")
def user_article() -> Path:
    """The article that a user gave as an example of what an archive holds."""
    return next(shared_data("seeds").glob("*.txt"))


@pytest.fixture(scope="session")
def opensearch() -> str:
    """Host and port of a real cluster, the tests of which are skipped where none is given."""
    node = os.environ.get("SEARCHAPP_TEST_OPENSEARCH", "")
    if not node:
        pytest.skip("needs an OpenSearch cluster: run make test-opensearch, or name one in SEARCHAPP_TEST_OPENSEARCH")
    return node.removeprefix("http://").rstrip("/")


@pytest.fixture
def archive_address(opensearch: str) -> Iterator[str]:
    """The address of an archive on the cluster that is not there yet, and is taken away afterwards."""
    address = f"opensearch+http://{opensearch}/test-{secrets.token_hex(6)}"
    yield address
    remove_archive(address)


@pytest.fixture(scope="session")
def shared_address(opensearch: str) -> Iterator[str]:
    """The address of one archive for many tests, each of which begins with an empty one: making one takes long."""
    address = f"opensearch+http://{opensearch}/test-{secrets.token_hex(6)}"
    yield address
    remove_archive(address)


@pytest.fixture(scope="session")
def opensearch_emptied(shared_address: str) -> Callable[..., Any]:
    """Gives an empty archive on the cluster: the same again without what it held, or `anew` one."""
    from searchapp.engines.opensearch import OpenSearchEngine
    from searchapp.engines.opensearch.address import Address

    address = Address.parse(shared_address)

    def opened(*, anew: bool = False) -> Any:
        engine = OpenSearchEngine.open(address, create=True, timeout_s=30)
        if anew:
            engine.remove()
        empty = {"query": {"match_all": {}}}
        for index in () if anew else (engine.articles, engine.beside):
            engine.cluster.ask("POST", f"/{index}/_refresh")
            engine.cluster.ask("POST", f"/{index}/_delete_by_query", empty, params={"refresh": "true"})
        engine.close()
        return OpenSearchEngine.open(address, create=True, timeout_s=30)

    return opened


def remove_archive(address: str) -> None:
    """Takes an archive away from its cluster, if it is there."""
    from searchapp.engines.opensearch import OpenSearchEngine
    from searchapp.engines.opensearch.address import Address
    from searchapp.errors import ArchiveError

    with contextlib.suppress(ArchiveError):
        engine = OpenSearchEngine.open(Address.parse(address), create=False, timeout_s=30)
        engine.remove()
        engine.close()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top of the project."""
    return REPOSITORY


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests reaches them, by a variable or a file."""
    for variable in list(os.environ):
        if variable.startswith("SEARCHAPP_") and not variable.startswith("SEARCHAPP_TEST_"):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("SEARCHAPP_CONFIG", os.devnull)
