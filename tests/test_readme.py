"""README and manual are true: every command and block of Python in them is run, and what they show is what is printed.

After a change of behaviour, `python tests/test_readme.py` writes what the commands print now into them.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
MANUAL = sorted((REPOSITORY / "searchapp" / "manual").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# What is run elsewhere: a clean machine, or a test of its own below.
MOST_LINES = 14
"""A command whose output is not yet in the README gets so many lines of it, and then "…"."""
ELSEWHERE = {"git clone", "cd searchapp", "make demo", "make test", "pip install", "searchapp serve"}


@dataclass(frozen=True)
class Block:
    """A fenced block of the README."""

    kind: str
    text: str

    @property
    def commands(self) -> Iterator[tuple[str, str]]:
        """Each command of a console block with what is shown under it."""
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown


def blocks(path: Path) -> list[Block]:
    return [Block(*match.groups()) for match in BLOCK.finditer(path.read_text(encoding="utf-8"))]


def each_document() -> pytest.MarkDecorator:
    documents = [
        path for path in (README, *MANUAL) if any(block.kind in ("console", "python") for block in blocks(path))
    ]
    return pytest.mark.parametrize("path", documents, ids=lambda path: path.name)


def same_each_time(printed: str, folder: Path) -> str:
    """What was printed, without what differs from run to run: times, the folder, the mark of a path in an id."""
    printed = printed.replace(str(folder), "").replace(f"{folder.resolve()}", "")
    printed = re.sub(r"\d+(\.\d+)? ms", "0.0 ms", printed)
    printed = re.sub(r"-[0-9a-f]{10}\b", "-0123456789", printed)
    return "\n".join(line.rstrip() for line in printed.rstrip().splitlines())


def run(command: str, folder: Path) -> str:
    """Standard output of a command of the README, run in a folder that looks like the project's."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


def project(folder: Path) -> Path:
    shutil.copytree(REPOSITORY / "seeds", folder / "seeds")
    run("searchapp index seeds", folder)
    return folder


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = project(tmp_path_factory.mktemp("readme"))
    shutil.copytree(folder / "index", folder / "index as it was")
    return folder


@pytest.fixture
def folder(indexed: Path) -> Path:
    """A folder for one document, whose commands may change the index: it is put back, where its articles know it."""
    for path in set(indexed.iterdir()) - {indexed / "seeds", indexed / "index as it was"}:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(indexed / "index as it was", indexed / "index")
    return indexed


@each_document()
def test_every_command_prints_what_is_shown_and_every_block_of_python_runs(folder: Path, path: Path) -> None:
    begin(path, folder)
    for block in blocks(path):
        for command, shown in block.commands if block.kind == "console" else ():
            if any(command.startswith(name) for name in ELSEWHERE):
                continue
            printed = same_each_time(run(command, folder), folder)
            expected = same_each_time(shown, folder)
            if expected.endswith("…"):
                assert printed.startswith(expected[:-1].rstrip()), command
            else:
                assert printed == expected, command
    for number, script in enumerate(block.text for block in blocks(path) if block.kind == "python"):
        (folder / f"script{number}.py").write_text(script, encoding="utf-8")
        assert run(f"python script{number}.py", folder).strip()


def test_make_has_the_targets_that_the_readme_names() -> None:
    for target in re.findall(r"`?make (\w+)`?", README.read_text(encoding="utf-8")):
        subprocess.run(["make", "-n", target], cwd=REPOSITORY, check=True, capture_output=True, timeout=60)


def test_the_page_is_served_where_the_readme_says(folder: Path) -> None:
    server = subprocess.Popen(
        [Path(sys.executable).parent / "searchapp", "serve", "--port", "0"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stdout is not None
        address = ""
        deadline = time.monotonic() + 60
        while not address and time.monotonic() < deadline:
            found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
            address = found.group() if found else ""
        with urllib.request.urlopen(f"{address}/api/search?q=talks", timeout=30) as answer:
            assert json.load(answer)["total"] > 0
    finally:
        server.send_signal(2)
        assert server.wait(30) == 0
        server.stdout.close()


def begin(path: Path, folder: Path) -> None:
    """The folder as a reader of a document has it."""
    if path.stem == "tutorial":
        shutil.rmtree(folder / "index")


def updated(text: str, folder: Path) -> str:
    """The README with what its commands print now."""

    def renewed(match: re.Match[str]) -> str:
        block = Block(*match.groups())
        if block.kind != "console":
            return match.group()
        parts = []
        for command, shown in block.commands:
            parts.append(f"$ {command}\n")
            if any(command.startswith(name) for name in ELSEWHERE):
                parts.append(shown)
                continue
            printed = run(command, folder).rstrip().splitlines()
            lines = len(shown.rstrip().splitlines())
            if shown.rstrip().endswith("…") and "\n".join(printed).startswith(shown.rstrip()[:-1].rstrip()):
                printed = shown.rstrip().splitlines()
            elif shown.rstrip().endswith("…") and lines > 1:
                printed = [*printed[: lines - 1], "…"]
            elif len(printed) > MOST_LINES:
                printed = [*printed[:MOST_LINES], "…"]
            parts.append("".join(f"{line.rstrip()}\n" for line in printed))
        return f"```console\n{''.join(parts)}```"

    return BLOCK.sub(renewed, text)


if __name__ == "__main__":
    for written in (README, *MANUAL):
        with tempfile.TemporaryDirectory() as temporary:
            begin(written, project(Path(temporary)))
            written.write_text(updated(written.read_text(encoding="utf-8"), Path(temporary)), encoding="utf-8")
    print(f"wrote {shlex.quote(str(README))} and {len(MANUAL)} pages of the manual")
