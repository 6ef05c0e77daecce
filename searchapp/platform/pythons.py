"""A second Python at the other end of a pipe: started, spoken with, and ended.

Not `multiprocessing`: so scripts need no `__main__` guard, and nothing of the caller's state is copied.
"""

from __future__ import annotations

import contextlib
import gc
import marshal
import signal
import struct
import subprocess
import sys
from typing import IO, Any

from searchapp.platform.interruption import never_interrupted, own_group

__all__ = ["end", "how_it_ended", "received", "send", "serving", "start"]

_LENGTH = struct.Struct("<Q")
_START = "import sys; sys.path[:] = sys.argv[{count}:]; from {module} import serve; serve(*sys.argv[1:{count}])"
_COLLECT_AFTER = 100_000
"""Objects made between two searches for unreachable ones: articles come and go by the thousand, in no cycles."""


def start(module: str, *arguments: str) -> subprocess.Popen[bytes] | None:
    """A process that calls `serve` of this module with these arguments, pipes at both its ends.

    None where no second Python can be started, as in a program that is frozen into one file. Raises `OSError`.
    """
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    code = _START.format(count=len(arguments) + 1, module=module)
    command = [sys.executable, "-c", code, *arguments, *sys.path]
    with own_group() as options:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)


def serving() -> tuple[IO[bytes], IO[bytes]]:
    """In such a process: where requests come from and answers go. Ctrl-C is left to the process that started it."""
    never_interrupted()
    gc.set_threshold(_COLLECT_AFTER)
    pipes = sys.stdin.buffer, sys.stdout.buffer
    # Nothing that a library prints may stand between two answers.
    sys.stdout = sys.stderr
    return pipes


def send(pipe: IO[bytes], content: list[Any]) -> None:
    """Plain values to the other end. Raises `OSError` where nobody is there."""
    # Both ends are one Python, so its own quick format serves; nothing of it is ever kept.
    packed = marshal.dumps(content)
    pipe.write(_LENGTH.pack(len(packed)))
    pipe.write(packed)
    pipe.flush()


def received(pipe: IO[bytes]) -> Any:
    """What the other end sent next. Raises `EOFError` or `OSError` where nothing comes any more."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError("its pipe is closed")
    (length,) = _LENGTH.unpack(head)
    packed = pipe.read(length)
    if len(packed) < length:
        raise EOFError("its answer is cut short")
    return marshal.loads(packed)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process, whatever it is at, and closes its pipes, from which nobody may be reading any more."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # What the killed process did not read any more is lost with it.
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()


def how_it_ended(process: subprocess.Popen[bytes]) -> str:
    """By what a process ended whose pipe is closed: "SIGSEGV", "exit code 3"."""
    try:
        code = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return "a closed pipe"
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
