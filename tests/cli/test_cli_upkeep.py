"""The commands that look at an archive as a whole, copy it and mend it: what they print, and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


def wound(folder: Path) -> Path:
    """Damages the largest segment beyond a bit."""
    segment = max(folder.glob("*.columns"), key=lambda path: path.stat().st_size)
    content = segment.read_bytes()
    segment.write_bytes(content[:200] + bytes(300) + content[500:])
    return segment


def test_a_sound_archive_needs_no_doctor(archive_desk: Path, run: Run) -> None:
    assert run("doctor").exit_code == 0
    told = json.loads(run("doctor", "--json").stdout)
    assert (told["sound"], told["findings"]) == (True, [])
    done = run("repair")
    assert (done.exit_code, done.stdout) == (0, "4 articles, 0 of them written anew\n")


def test_damage_is_told_with_its_remedy_which_helps(archive_desk: Path, run: Run) -> None:
    segment = wound(archive_desk / "index")
    checked = run("check")
    assert checked.exit_code == 1
    assert segment.name in checked.stdout
    assert checked.stderr.endswith("searchapp repair\n")
    doctor = run("doctor")
    assert doctor.exit_code == 1
    assert "searchapp repair --index ./index" in doctor.stdout or "searchapp repair --index index" in doctor.stdout
    repaired = json.loads(run("repair", "--json").stdout)
    assert repaired["articles"] + repaired["lost_articles"] == 4
    assert run("check").exit_code == 0


def test_lost_articles_are_named_and_give_exit_code_1(archive_desk: Path, run: Run) -> None:
    (segment,) = (archive_desk / "index").glob("*.columns")
    segment.write_bytes(b"")
    done = run("repair")
    assert done.exit_code == 1
    assert f"Warning: 4 articles of {segment.name} lost" in done.stderr
    assert "0 articles" in done.stdout


def test_a_backup_is_restored(archive_desk: Path, run: Run) -> None:
    assert run("names", "block", "Lima").exit_code == 0
    done = run("backup", "copy")
    assert (done.exit_code, done.stdout) == (
        0,
        "4 articles and 1 correction in 'copy' (1 file copied, 0 there already)\n",
    )
    assert json.loads(run("backup", "copy", "--json").stdout)["kept"] == 1
    assert json.loads(run("search", "york", "--index", "copy", "--json").stdout)["total"] == 2
    refused = run("restore", "copy")
    assert refused.exit_code == 2
    assert "say --yes" in refused.stderr
    assert run("restore", "copy", "--yes").exit_code == 0
    done = run("restore", "copy", "--index", "new", "--json")
    assert json.loads(done.stdout)["articles"] == 4
    assert run("search", "york", "--index", "new").exit_code == 0


@pytest.mark.parametrize("arguments", [("backup", "copy"), ("restore", "copy"), ("repair",), ("rebuild",), ("check",)])
def test_where_there_is_no_index_that_is_said(desk: Path, run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: no ")
    assert not (desk / "index").exists()
    assert run("doctor").exit_code == 1


def test_a_rebuild_tells_what_it_wrote(archive_desk: Path, run: Run) -> None:
    done = run("rebuild")
    assert done.exit_code == 0
    assert done.stdout.endswith("4 articles, 4 of them written anew\n")
    assert json.loads(run("search", "york", "--json").stdout)["total"] == 2


@pytest.mark.parametrize("command", [["backup", "x"], ["restore", "x"], ["repair"], ["rebuild"], ["doctor"], ["check"]])
def test_what_has_no_files_is_a_misuse(desk: Path, run: Run, command: list[str]) -> None:
    assert run(*command, "--index", "http://localhost/x").exit_code == 2
    assert run(*command, "--index", ":memory:").exit_code == 2
