"""Ctrl-C while the program loads ends it with one line, wherever it comes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from searchapp import Archive, Article

TYPED = """
import os, signal, sys, weakref

class Typed:
    def find_spec(self, name, path=None, target=None):
        if name == where:
            if how == "callback":
                # What is raised here is told and forgotten.
                gone = set()
                kept = weakref.ref(gone, lambda _: os.kill(os.getpid(), signal.SIGINT))
                del gone
            else:
                os.kill(os.getpid(), signal.SIGINT)

where, how = sys.argv[1:3]
sys.argv[:] = ["searchapp", *sys.argv[3:]]
sys.meta_path.insert(0, Typed())
from searchapp.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself Ctrl-C there")
@pytest.mark.parametrize("how", ["plain", "callback"])
@pytest.mark.parametrize(
    ("where", "command"),
    [
        ("click", "stats"),
        ("searchapp.cli.program", "stats"),
        ("searchapp.cli.commands.stats", "stats"),
        ("searchapp.web.app", "serve"),
        ("waitress", "serve"),
    ],
)
def test_one_line_and_no_traceback_while_modules_load(where: str, command: str, how: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([Article(id="a", body="snow")], recognise=False)
    done = subprocess.run(
        [sys.executable, "-c", TYPED, where, how, command, "--index", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\nstopped\n")
