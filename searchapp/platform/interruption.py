"""Ctrl-C: it must neither be lost, nor end in a traceback, nor reach a process that it is not for."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any, Self

__all__ = [
    "INTERRUPTED",
    "Interruption",
    "end_at_once",
    "ending_at_once",
    "never_interrupted",
    "own_group",
    "raising",
]

INTERRUPTED = 130
"""The exit code that a shell reports for a program that Ctrl-C ended."""

_STOPPED = b"\nstopped\n"


def end_at_once() -> None:
    """From now on Ctrl-C ends the process with one line, whatever it is at: for what leaves nothing half done.

    An exception, which Ctrl-C is otherwise, is lost where it comes in a callback, such as those of importing modules,
    and makes a long traceback where nothing is ready yet to say it in one line. Where Ctrl-C is ignored, or this is not
    the main thread, nothing changes.
    """
    _handle(_end)


@contextlib.contextmanager
def ending_at_once() -> Iterator[None]:
    """The same meanwhile."""
    with _handling(_end):
        yield


@contextlib.contextmanager
def raising() -> Iterator[None]:
    """Meanwhile Ctrl-C raises `KeyboardInterrupt`: for what has to put things in order before it ends."""
    with _handling(signal.default_int_handler):
        yield


def never_interrupted() -> None:
    """From now on Ctrl-C, which reaches all processes of a terminal, is left to the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextlib.contextmanager
def own_group() -> Iterator[dict[str, Any]]:
    """What a process must be started with, and meanwhile, so that no Ctrl-C reaches it before it can say anything.

    Gives arguments for `subprocess.Popen`.
    """
    if sys.platform == "win32":
        import subprocess

        yield {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        return
    # What this thread holds back, a process that it starts holds back too; this one hears of it right after.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield {}
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Interruption:
    """Ctrl-C as something to wait for. Nothing is raised, so that nothing can swallow it.

    A context manager, for the main thread. `fileno` is a socket that can be read once Ctrl-C has come: it is written to
    by the system's own handler, in whatever thread and whatever Python is at.
    """

    def __init__(self) -> None:
        # Whoever only starts a program needs no sockets.
        import socket

        self._receiver, self._sender = socket.socketpair()
        self._receiver.settimeout(0)
        self._sender.settimeout(0)
        self._came = False
        self._opened = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._opened.callback(self._receiver.close)
        self._opened.callback(self._sender.close)
        if threading.current_thread() is threading.main_thread():
            before = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
            self._opened.callback(signal.set_wakeup_fd, before)
            self._opened.enter_context(_handling(self._note))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def fileno(self) -> int:
        """A handle that can be read once Ctrl-C has come, for `select` and its like."""
        return self._receiver.fileno()

    def came(self) -> bool:
        """Whether Ctrl-C has come since this was entered."""
        with contextlib.suppress(OSError):
            self._came |= signal.SIGINT in self._receiver.recv(64)
        return self._came

    def leave_to_parent(self) -> None:
        """In a copy of the process: Ctrl-C is the other's business from now on."""
        never_interrupted()
        signal.set_wakeup_fd(-1)
        self._receiver.close()
        self._sender.close()

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._came = True


def _handle(handler: Any) -> Any:
    """The handler before; None where none can be had, or Ctrl-C is ignored, and nothing was changed."""
    before = signal.getsignal(signal.SIGINT)
    if before is None or before == signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        return None
    return signal.signal(signal.SIGINT, handler)


@contextlib.contextmanager
def _handling(handler: Any) -> Iterator[None]:
    before = _handle(handler)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    with contextlib.suppress(OSError):
        os.write(2, _STOPPED)
    os._exit(INTERRUPTED)
