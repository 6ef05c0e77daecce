"""Several processes that answer on the same sockets: one Python process keeps only one core busy."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

__all__ = ["MOST", "run_in", "useful_processes"]

MOST = 4
"""Processes that are worth their memory on the machines this is for."""
PAUSE_S = 1.0
"""Before a process that ended by itself is replaced."""


def useful_processes() -> int:
    """One for each core that this process may use; 1 where a running process cannot be safely copied."""
    if sys.platform != "linux":
        # Libraries of macOS break in a copy of a process, and Windows has none.
        return 1
    return max(1, min(MOST, len(os.sched_getaffinity(0))))


def run_in(processes: int, answer: Callable[[], None]) -> None:
    """Calls `answer` in that many copies of this process until this one is interrupted, with 1 in itself.

    A copy that ends is replaced. None outlives this process, however that ends. Call it from the main thread.
    """
    if processes == 1:
        answer()
        return
    sys.stdout.flush()
    sys.stderr.flush()
    # Nothing is ever written: its end tells the copies that this process is gone.
    alive, ours = os.pipe()
    running: set[int] = set()
    try:
        while True:
            # Python drops an interruption that comes while a process is being copied.
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
            while len(running) < processes:
                running.add(_start(answer, alive, ours))
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
            ended, _ = os.wait()
            running.discard(ended)
            time.sleep(PAUSE_S)
    finally:
        for process in running:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
        for process in running:
            with suppress(ChildProcessError):
                os.waitpid(process, 0)
        os.close(alive)
        os.close(ours)


def _start(answer: Callable[[], None], alive: int, ours: int) -> int:
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        os.close(ours)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        threading.Thread(target=_end_with, args=(alive,), daemon=True).start()
        answer()
        code = 0
    except KeyboardInterrupt:
        code = 0
    finally:
        # The files and exit handlers are those of the first process, which sees to them itself.
        os._exit(code)


def _end_with(alive: int) -> None:
    os.read(alive, 1)
    os._exit(0)
