from __future__ import annotations

import ast
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from click.testing import Result

import searchapp
from searchapp import Archive, Article
from searchapp.archive import State
from searchapp.cli import main

Run = Callable[..., Result]
Start = Callable[..., "subprocess.Popen[str]"]

UPKEEP = ["check", "doctor", "copy", "parity", "backup", "restore", "repair", "rebuild"]
SERVING = ["demo", "open", "serve"]
COMMANDS = [
    "demo",
    "open",
    "index",
    "search",
    "show",
    "facets",
    "entity",
    "read",
    "extract",
    "export",
    "names",
    "stats",
    *UPKEEP,
    "serve",
    "config",
    "help",
]


def test_these_are_the_commands() -> None:
    assert list(main.commands) == COMMANDS


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help_lists_every_command(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    _, _, listed = result.output.partition("\nCommands:\n")
    assert [line.split()[0] for line in listed.splitlines()] == COMMANDS
    # A sentence that does not fit is cut: say it in fewer words.
    assert "..." not in listed


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_ends_with_an_example_of_it(run: Run, name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    heading, _, example = result.stdout.partition("\nExample")
    assert heading
    lines = [line.strip() for line in example.splitlines()[1:]]
    assert lines
    assert all(line.startswith(f"searchapp {name}") for line in lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.opts


@pytest.mark.parametrize(
    "name", sorted(set(COMMANDS) - {"index", "read", "extract", "names", "help", "copy", "parity", *SERVING})
)
def test_whatever_reads_the_index_takes_the_same_option_for_it(run: Run, name: str) -> None:
    assert "--index DIR" in run(name, "--help").stdout


@pytest.mark.parametrize("name", ["search", "show", "facets", "entity", "extract", "stats", "config", *UPKEEP])
def test_whatever_reads_prints_json(run: Run, name: str) -> None:
    assert "--json" in run(name, "--help").stdout


def test_an_unknown_command_is_a_misuse(run: Run) -> None:
    assert run("frobnicate").exit_code == 2


def test_version_is_that_of_the_package(run: Run) -> None:
    try:
        expected = version("searchapp")
    except ImportError:
        expected = searchapp.__version__
    assert run("--version").stdout == f"searchapp {expected}\n"


def test_a_setting_without_sense_is_a_misuse(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHAPP_PORT", "many")
    result = run("serve")
    assert result.exit_code == 2
    assert result.stderr == "Error: SEARCHAPP_PORT is 'many'; set it to a number such as 8080\n"


def test_a_folder_that_cannot_be_an_index_is_one_line(desk: Path, run: Run) -> None:
    (desk / "file").write_text("x", encoding="utf-8")
    result = run("index", "seeds", "--index", "file")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "file" in line


def test_an_interruption_is_said_and_has_its_own_exit_code(
    archive_desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(State, "find", interrupted)
    result = run("search", "york")
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "\nstopped\n")


def test_a_fault_of_the_program_is_not_hidden(archive_desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(State, "find", broken)
    assert isinstance(run("search", "york").exception, ZeroDivisionError)


def test_only_serve_loads_the_web_stack(environment: dict[str, str]) -> None:
    code = "import sys, searchapp.cli; print(sorted({'bottle', 'jinja2', 'waitress'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ast.literal_eval(found.stdout) == []


def test_the_module_can_be_run_like_the_program(archive_desk: Path, start: Start) -> None:
    process = start("search", "york", "--ids", "--sort", "oldest")
    assert process.communicate(timeout=60) == ("york-1\nyork-2\n", "")
    assert process.returncode == 0


def test_a_reader_that_has_seen_enough_ends_the_program_quietly(desk: Path, start: Start) -> None:
    with Archive.open("index", create=True) as archive:
        archive.add([Article(id="long", body="Long text about zebras.\n" * 10_000)], recognise=False)
    for arguments in (("export", "zebras"), ("show", "long")):
        process = start(*arguments)
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == ""
        process.stderr.close()
        assert process.wait(60) in (0, 1)


def test_serve_prints_its_address_answers_and_stops_cleanly(archive_desk: Path, start: Start) -> None:
    process = start("serve", "--port", "0")
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(f"{address}/api/search?q=ceasefire", timeout=30) as answer:
            assert b'"york-1"' in answer.read()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, output, errors) == (0, "", "\nstopped\n")


def test_a_taken_port_is_named_with_another_to_try(archive_desk: Path, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: port {port} on '127.0.0.1' is taken; choose another with")
    # The one that it names is free, and the command is the one that was typed.
    again = re.search(r"with: searchapp serve --port (\d+)$", result.stderr)
    assert again
    with socket.create_server(("127.0.0.1", int(again[1]))):
        pass


@pytest.mark.parametrize("host", ["999.999.999.999", "-", "no such host"])
def test_a_host_that_is_none_is_a_misuse(archive_desk: Path, run: Run, host: str) -> None:
    result = run("serve", "--host", host)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: cannot listen on '{host}', port 8080: ")


def test_serve_without_an_index_says_how_to_make_one(desk: Path, run: Run) -> None:
    result = run("serve", "--port", "0")
    assert result.exit_code == 1
    assert "searchapp index" in result.stderr
