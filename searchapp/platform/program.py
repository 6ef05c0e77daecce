"""How this program was started, in words that start it again from the same shell, and what it starts for its user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["called", "open_browser", "quoted"]


def called(name: str) -> str:
    """What to type to run this program again: `name` where a shell finds it by that, else how it was started.

    A program that uvx or pipx fetched for one run is found by no shell afterwards, and is fetched by them again.
    """
    script = Path(sys.argv[0])
    if script.name == "__main__.py" and script.parent.name == name:
        python = "python" if _same(shutil.which("python"), sys.executable) else _short(sys.executable)
        return f"{python} -m {name}"
    if script.stem != name:
        # Something else runs the command, such as a test.
        return name
    parts = {part.lower() for part in script.absolute().parts}
    if "uv" in parts and any(part.startswith("archive-v") for part in parts):
        return f"uvx {name}"
    if "pipx" in parts and parts & {".cache", "cache"}:
        return f"pipx run {name}"
    return name if _same(shutil.which(name), str(script)) else _short(str(script))


def quoted(words: list[str]) -> str:
    """These words as one line for the shell of this system."""
    if sys.platform == "win32":
        return subprocess.list2cmdline(words)
    import shlex

    return shlex.join(words)


def open_browser(address: str) -> None:
    """Shows an address in the user's browser, where there is one; never waits, and says nothing."""
    # In a Python of its own: to some browsers the library waits, and what it starts must not hear this one's Ctrl-C.
    code = "import sys, webbrowser; webbrowser.open(sys.argv[1])"
    options: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    nothing = subprocess.DEVNULL
    try:
        started = subprocess.Popen(
            [sys.executable, "-c", code, address], stdin=nothing, stdout=nothing, stderr=nothing, **options
        )
    except OSError:
        return
    # It ends by itself, and nobody asks how.
    started.returncode = 0


def _same(found: str | None, path: str) -> bool:
    return bool(found) and os.path.abspath(str(found)) == os.path.abspath(path)


def _short(path: str) -> str:
    """A path from here, where it is not longer for it."""
    try:
        near = os.path.relpath(path)
    except ValueError:  # Another drive.
        return path
    return min(near, path, key=len)
