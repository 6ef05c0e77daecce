"""The example at the end of each command's help does what it says, in a real shell."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from searchapp.cli import main
from searchapp.cli.examples import ExampleCommand

# Those of `names` change names that the sample articles have: test_cli_names runs them.
COMMANDS = [command for name, command in main.commands.items() if name != "names"]
EXAMPLES = [
    line for command in COMMANDS if isinstance(command, ExampleCommand) for line in command.example.splitlines()
]
SERVING = [line for line in EXAMPLES if line.split()[1] in ("serve", "open", "demo")]


def shell(line: str, folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    program = folder / "bin" / "searchapp"
    if not program.exists():
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m searchapp "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    environment = {**environment, "PATH": f"{program.parent}{os.pathsep}{environment['PATH']}"}
    return subprocess.Popen(
        ["/bin/sh", "-c", line if "|" in line else f"exec {line}"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def indexed_desk(desk: Path, run: Callable[..., Result], environment: dict[str, str]) -> Path:
    """The folder with the sample articles, and with what the first examples make of them."""
    assert run("index", "seeds").exit_code == 0
    environment["BROWSER"] = "true"
    environment["SEARCHAPP_DATA"] = str(desk / "data")
    assert run("backup", "backup").exit_code == 0
    return desk


@pytest.mark.parametrize("line", [line for line in EXAMPLES if line not in SERVING])
def test_an_example_of_the_help_runs(indexed_desk: Path, environment: dict[str, str], line: str) -> None:
    output, errors = shell(line, indexed_desk, environment).communicate(timeout=120)
    if "--output" in line:
        assert errors.startswith("Note: 2 articles written to ")
    else:
        assert "Error" not in errors
        assert output.strip()
        assert "No article" not in output


@pytest.mark.parametrize("line", SERVING)
def test_an_example_of_what_serves_runs_until_it_is_stopped(
    indexed_desk: Path, environment: dict[str, str], line: str
) -> None:
    process = shell(f"{line.removesuffix(' --port 8081')} --port 0", indexed_desk, environment)
    assert process.stdout is not None
    try:
        assert any("http://127.0.0.1:" in said for said in iter(process.stdout.readline, ""))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()


def test_every_command_has_an_example() -> None:
    assert all(isinstance(command, ExampleCommand) for command in COMMANDS)
    assert len(EXAMPLES) >= len(COMMANDS)
