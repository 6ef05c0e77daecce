from __future__ import annotations

import os
from pathlib import Path

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
def repository() -> Path:
    """The top of the project."""
    return REPOSITORY


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests reaches them, by a variable or a file."""
    for variable in list(os.environ):
        if variable.startswith("SEARCHAPP_") and variable != "SEARCHAPP_TEST_DATA":
            monkeypatch.delenv(variable)
    monkeypatch.setenv("SEARCHAPP_CONFIG", os.devnull)
