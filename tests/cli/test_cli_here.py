"""Commands that messages name can be typed where they are read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from searchapp.cli.here import as_called, with_index
from searchapp.platform.program import called


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with nothing on the path but its `bin`."""
    (tmp_path / "bin").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def started(monkeypatch: pytest.MonkeyPatch, path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    monkeypatch.setattr(sys, "argv", [str(path), "serve"])
    return called("searchapp")


def test_a_command_that_a_shell_finds_is_called_by_its_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch, home / "bin" / "searchapp") == "searchapp"


def test_one_that_it_does_not_find_is_called_by_where_it_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path(started(monkeypatch, home / ".venv" / "bin" / "searchapp")) == Path(".venv/bin/searchapp")


def test_what_was_fetched_for_one_run_is_fetched_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = home / ".cache"
    assert started(monkeypatch, cache / "uv" / "archive-v0" / "Xy" / "bin" / "searchapp") == "uvx searchapp"
    assert (
        started(monkeypatch, home / ".local" / "pipx" / ".cache" / "1a" / "bin" / "searchapp") == "pipx run searchapp"
    )


def test_a_module_is_run_by_the_python_that_runs_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch, home / "searchapp" / "__main__.py").endswith(" -m searchapp")
    # Another program that calls this one is no way to start it.
    assert started(monkeypatch, home / "pytest" / "__main__.py") == "searchapp"


def test_commands_in_messages_are_called_as_they_are_here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started(monkeypatch, home / "venv" / "searchapp")
    command = str(Path("venv/searchapp"))
    assert as_called("no index; create one with: searchapp index FILES") == (
        f"no index; create one with: {command} index FILES"
    )
    assert as_called("the searchapp index of 2023") == "the searchapp index of 2023"
    assert with_index("search WORDS", "index") == f"{command} search WORDS"
    assert "my news" in with_index("search WORDS", "my news")
