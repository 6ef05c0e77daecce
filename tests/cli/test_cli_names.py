"""Corrections of names and the check of an index, as they are typed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from searchapp.cli import main
from searchapp.cli.examples import ExampleCommand

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    program = folder / "bin" / "searchapp"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m searchapp "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    shell(f"searchapp index '{REPOSITORY / 'seeds'}'", folder, folder)
    return folder


@pytest.fixture
def desk(indexed: Path, tmp_path: Path) -> Path:
    shutil.copytree(indexed / "index", tmp_path / "index")
    return tmp_path


def shell(line: str, folder: Path, programs: Path, *, fails: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{programs / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == fails, done.stderr
    return done


def count_of(label: str, facet: str, desk: Path, programs: Path) -> int:
    listed = json.loads(shell(f"searchapp facets {facet} --json", desk, programs).stdout)
    return next((value["count"] for value in listed["values"] if value["label"] == label), 0)


def examples() -> list[str]:
    group = main.commands["names"]
    assert isinstance(group, click.Group)
    found = []
    for name, command in group.commands.items():
        assert isinstance(command, ExampleCommand), name
        if name != "undo":
            found.append(command.example)
    return found


@pytest.mark.parametrize("line", examples())
def test_an_example_of_the_help_runs(desk: Path, indexed: Path, line: str) -> None:
    shell(line, desk, indexed)


def test_a_correction_holds_at_once_and_can_be_listed_and_undone(desk: Path, indexed: Path) -> None:
    before = count_of("U.S. Senate", "organisations", desk, indexed)
    assert before
    done = shell('searchapp names merge "U.S. Senate" "U.S. Congress"', desk, indexed)
    assert "'U.S. Senate' is merged into 'U.S. Congress'" in done.stdout
    assert count_of("U.S. Senate", "organisations", desk, indexed) == 0
    assert "U.S. Senate" in shell("searchapp names list", desk, indexed).stdout
    assert 'label = "U.S. Senate"' in (desk / "index" / "ledger.toml").read_text(encoding="utf-8")
    assert "taken back" in shell("searchapp names undo", desk, indexed).stdout
    assert count_of("U.S. Senate", "organisations", desk, indexed) == before


def test_an_unknown_name_is_an_error_that_suggests_one(desk: Path, indexed: Path) -> None:
    done = shell('searchapp names block "U.S. Senat" --facet organisations', desk, indexed, fails=1)
    assert done.stderr.startswith("Error: the organisations have no 'U.S. Senat'; did you mean 'U.S. Senate'?")


def test_a_ledger_can_stand_elsewhere_and_serve_two_archives(desk: Path, indexed: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "shared.toml"
    shell(f"SEARCHAPP_LEDGER='{ledger}' searchapp names block Senate", desk, indexed)
    assert ledger.exists()
    assert not (desk / "index" / "ledger.toml").exists()


def test_a_sound_index_is_said_to_be(desk: Path, indexed: Path) -> None:
    assert "is sound" in shell("searchapp check", desk, indexed).stdout


def test_a_changed_byte_is_found(desk: Path, indexed: Path) -> None:
    segment = max((desk / "index").iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    done = shell("searchapp check", desk, indexed, fails=1)
    assert segment.name in done.stdout
    report = json.loads(shell("searchapp check --json", desk, indexed, fails=1).stdout)
    assert report["sound"] is False
