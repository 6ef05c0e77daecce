"""What a person at a terminal sees: the program runs on a pseudo-terminal."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from searchapp import Archive, Article
from searchapp.cli import main

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
fcntl = pytest.importorskip("fcntl", reason="this system has no pseudo-terminals")
termios = pytest.importorskip("termios", reason="this system has no pseudo-terminals")

COLOUR = re.compile(r"\x1b\[[\d;]*m")


@dataclass
class Terminal:
    """A program on a pseudo-terminal of its own."""

    process: subprocess.Popen[bytes]
    master: int

    def pieces(self) -> Iterator[str]:
        """What the program writes, as it comes, until it ends."""
        while True:
            try:
                piece = os.read(self.master, 65536)
            except OSError:  # How Linux says that the other side is closed.
                piece = b""
            if not piece:
                os.close(self.master)
                self.process.wait(60)
                return
            yield piece.decode("utf-8", "replace").replace("\r\n", "\n")

    def all(self) -> str:
        return "".join(self.pieces())


def on_terminal(*arguments: str, environment: dict[str, str], columns: int = 80) -> Terminal:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "searchapp", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={"TERM": "xterm-256color", **environment},
        start_new_session=True,
    )
    os.close(slave)
    return Terminal(process, master)


def here_on_terminal(*arguments: str) -> str:
    """What a command of this process writes to a terminal: quicker than starting another one."""
    master, slave = pty.openpty()
    written: list[bytes] = []

    def read() -> None:
        with contextlib.suppress(OSError):
            while piece := os.read(master, 65536):
                written.append(piece)

    reader = threading.Thread(target=read)
    reader.start()
    with (
        open(slave, "w", encoding="utf-8") as stream,
        contextlib.redirect_stdout(stream),
        contextlib.redirect_stderr(stream),
    ):
        main(list(arguments), prog_name="searchapp", standalone_mode=False)
    reader.join(60)
    os.close(master)
    return b"".join(written).decode("utf-8", "replace").replace("\r\n", "\n")


def test_search_marks_matches_in_colour_and_fits_the_terminal(archive_desk: Path, environment: dict[str, str]) -> None:
    text = on_terminal("search", "ouse", environment=environment, columns=50).all()
    assert re.search(r"\x1b\[1;33mOuse\x1b\[0m", text)
    assert max(len(COLOUR.sub("", line)) for line in text.splitlines()) <= 50


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_nothing_but_text_reaches_a_terminal_that_wants_no_colour(
    desk: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b" in here_on_terminal("index", "seeds")
    assert "\x1b" in here_on_terminal("search", "ceasefire")
    monkeypatch.setenv(variable, value)
    assert "\x1b" not in here_on_terminal("index", "seeds")
    text = here_on_terminal("search", "ceasefire")
    assert "Ceasefire talks open in York" in text
    assert "\x1b" not in text


def test_only_colours_reach_the_terminal_whatever_an_article_holds(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    hostile = "\x1b]0;title\x07\x1b[2J\x9b2J\x08"
    with Archive.open("index", create=True) as archive:
        archive.add([Article(id="a", title=f"zebra{hostile}", body=f"zebra {hostile}")], recognise=False)
    for command in (("search", "zebra"), ("show", "a"), ("export",), ("search", "--json")):
        text = COLOUR.sub("", here_on_terminal(*command))
        assert not [c for c in text if c != "\n" and (c < " " or "\x7f" <= c <= "\x9f")], command


def test_indexing_shows_articles_their_rate_and_the_time_left(desk: Path, environment: dict[str, str]) -> None:
    (desk / "seeds" / "empty.txt").touch()
    environment = environment | {"SEARCHAPP_BATCH_ARTICLES": "1", "SEARCHAPP_PROCESSES": "1"}
    text = on_terminal("index", "seeds", environment=environment, columns=120).all()
    assert re.search(r"\d articles, \d+ a second, about \d+ s left", text)
    assert "100%" in text
    assert f"skipped {desk / 'seeds' / 'empty.txt'}: empty\n" in text
    assert text.rstrip().splitlines()[-1].endswith("5 added, 0 updated, 0 unchanged, 1 skipped; 5 articles in 'index'")


def test_interrupting_a_run_keeps_what_earlier_runs_indexed(archive_desk: Path, environment: dict[str, str]) -> None:
    more = (json.dumps({"id": f"more-{n}", "body": f"Zebra {n} was seen in York."}) for n in range(5000))
    (archive_desk / "more.jsonl").write_text("\n".join(more), encoding="utf-8")
    environment = environment | {"SEARCHAPP_BATCH_ARTICLES": "1"}
    terminal = on_terminal("index", "more.jsonl", environment=environment)
    text = ""
    for piece in terminal.pieces():
        if "a second" in piece and "a second" not in text:
            terminal.process.send_signal(signal.SIGINT)
        text += piece
    assert terminal.process.returncode == 130
    assert text.rstrip().endswith("stopped")
    assert "Traceback" not in text
    with Archive.open("index") as archive:
        assert len(archive) == 4
