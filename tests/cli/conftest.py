from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from searchapp.cli import main

REPOSITORY = Path(__file__).parents[2]

ARTICLES: list[dict[str, Any]] = [
    {
        "id": "york-1",
        "title": "Ceasefire talks open in York",
        "body": "Ann Lee met Bo Chan in York on Friday. The ceasefire talks go on.",
        "published": "2023-09-22",
        "source": "The Gazette",
        "people": ["Ann Lee", "Bo Chan"],
        "places": ["York"],
        "topics": ["Peace"],
    },
    {
        "id": "york-2",
        "title": "York floods",
        "body": "The river Ouse rose again in York. Ann Lee visited.",
        "published": "2024-01-03",
        "source": "The Gazette",
        "people": ["Ann Lee"],
        "places": ["York"],
    },
    {
        "id": "lima-1",
        "title": "Lima hosts climate meeting",
        "body": "Bo Chan spoke in Lima.",
        "published": "2021-05-06",
        "source": "El Faro",
        "people": ["Bo Chan"],
        "places": ["Lima"],
        "organisations": ["United Nations"],
    },
    {"id": "plain", "title": "A quiet day", "body": "Nothing happened, and nobody was named."},
]

TALKS = """\
The Daily Post

Armenians and Azerbaijan hold first talks

YEREVAN, Sept 22, 2023 (Daily Post) - Nikol Pashinyan, the prime minister of Armenia, said on Friday that a ceasefire
was holding. Pashinyan spoke in Yerevan. The United Nations welcomed the talks.
"""

Run = Callable[..., Result]
Start = Callable[..., "subprocess.Popen[str]"]


def write_news(folder: Path, articles: Sequence[dict[str, Any]] = ARTICLES) -> Path:
    """The articles as JSON Lines and one as plain text; gives the folder that holds them."""
    (folder / "caucasus").mkdir(parents=True)
    lines = (json.dumps(article) for article in articles)
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "caucasus" / "2023-09-22-karabakh-talks.txt").write_text(TALKS, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the terminal that the tests run in reaches them."""
    for variable in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with `seeds` in it, and no index yet."""
    write_news(tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run() -> Run:
    """Runs a command in this process."""

    def run_command(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), prog_name="searchapp")

    return run_command


@pytest.fixture
def archive_desk(desk: Path, run: Run) -> Path:
    """The same folder with the articles in `index`, under the names that their files assign."""
    result = run("index", "seeds/articles.jsonl", "--no-recognise")
    assert result.exit_code == 0, result.output
    return desk


@pytest.fixture
def environment() -> dict[str, str]:
    """What a child process needs to run this checkout."""
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}


@pytest.fixture
def start(environment: dict[str, str]) -> Start:
    """Starts a command in a process of its own."""

    def start_command(*arguments: str, **options: Any) -> subprocess.Popen[str]:
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment, "text": True} | options
        return subprocess.Popen([sys.executable, "-m", "searchapp", *arguments], **options)

    return start_command
