"""Several processes that answer on the same sockets: one Python process keeps only one core busy."""

from __future__ import annotations

import logging
import os
import selectors
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from searchapp.errors import ServingError
from searchapp.platform.interruption import Interruption
from searchapp.platform.machine import can_copy, cores

__all__ = ["MOST", "Beat", "run_in", "useful_processes"]

MOST = 4
"""Processes that are worth their memory on the machines this is for."""
PAUSE_S = 1.0
"""Before a process that ended by itself is replaced. Twice as long each time that the one in its place fails too."""
LONGEST_PAUSE_S = 60.0
SOUND_AFTER_S = 10.0
"""A process that has answered for so long did not fail because of how it was started."""
STILL_S = 20.0
"""A process that has not been heard of for so long stands still: it is ended and replaced."""
TRIES = 5
"""So many starts that fail one after the other, with none that ever came up, are no accident."""
ENDING_S = 5.0
"""For a process to end in when it is asked to; then it is made to."""

Beat = Callable[[], None]
"""Says that the process is alive; to be called every second or so."""

_log = logging.getLogger("searchapp.web")


def useful_processes() -> int:
    """One for each core that this process may use; 1 where a running process cannot be safely copied."""
    return max(1, min(MOST, cores())) if can_copy() else 1


def run_in(processes: int, answer: Callable[[Beat], None], interruption: Interruption) -> None:
    """Calls `answer` in that many copies of this process until this one is interrupted; with 1 in itself.

    A copy that ends or stands still is replaced, at once the first time, then after longer and longer. None outlives
    this process, however that ends. Call it from the main thread. Raises `ServingError` where no copy ever comes up.
    """
    if processes == 1:
        answer(lambda: None)
        return
    _Supervisor(processes, answer, interruption).run()


@dataclass(slots=True)
class _Copy:
    """A place for a copy, and the copy that has it now."""

    process: int = 0
    """0 while there is none."""
    beats: int = -1
    """Where it is heard of."""
    started: float = 0.0
    heard: float = 0.0
    came_up: bool = False
    failures: int = 0
    """Starts in a row that failed."""
    start_at: float = 0.0
    """When the next one is started."""


class _Supervisor:
    """Looks after the copies. All times are those of `time.monotonic`."""

    def __init__(self, processes: int, answer: Callable[[Beat], None], interruption: Interruption) -> None:
        self._answer = answer
        self._interruption = interruption
        self._copies = [_Copy() for _ in range(processes)]
        self._any_came_up = False
        # Nothing is ever written: its end tells the copies that this process is gone.
        self._alive, self._ours = os.pipe()

    def run(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._interruption, selectors.EVENT_READ)
                while not self._interruption.came():
                    self._start_missing(selector)
                    self._listen(selector)
                    self._end_still(selector)
        finally:
            self._end_all()
            os.close(self._alive)
            os.close(self._ours)

    def _start_missing(self, selector: selectors.BaseSelector) -> None:
        for copy in self._copies:
            if not copy.process and time.monotonic() >= copy.start_at and not self._interruption.came():
                heard, beats = os.pipe()
                copy.process = self._start(beats, heard)
                os.close(beats)
                os.set_blocking(heard, False)
                copy.beats, copy.came_up = heard, False
                copy.started = copy.heard = time.monotonic()
                selector.register(heard, selectors.EVENT_READ, copy)

    def _listen(self, selector: selectors.BaseSelector) -> None:
        """Waits until something is heard of a copy, or something is due."""
        now = time.monotonic()
        due = [copy.heard + STILL_S if copy.process else copy.start_at for copy in self._copies]
        timeout = max(0.0, min(due) - now)
        events = selector.select(timeout)
        if time.monotonic() > now + timeout + 1.0:
            # This process itself stood still, as with Ctrl-Z or a machine put to sleep; so perhaps did all of them.
            for copy in self._copies:
                copy.heard = time.monotonic()
        for key, _ in events:
            if isinstance(key.data, _Copy):
                self._hear(key.data, selector)

    def _hear(self, copy: _Copy, selector: selectors.BaseSelector) -> None:
        try:
            heard = os.read(copy.beats, 4096)
        except BlockingIOError:
            return
        if heard:
            copy.heard = time.monotonic()
            copy.came_up = self._any_came_up = True
            if copy.heard - copy.started > SOUND_AFTER_S:
                copy.failures = 0
            return
        # Its end of the pipe is closed: it has ended, or is about to.
        _end(copy.process, signal.SIGKILL)
        self._replace(copy, selector, _how_it_ended(_waited(copy.process)))

    def _end_still(self, selector: selectors.BaseSelector) -> None:
        for copy in self._copies:
            if copy.process and time.monotonic() - copy.heard > STILL_S:
                _end(copy.process, signal.SIGKILL)
                _waited(copy.process)
                self._replace(copy, selector, f"was not heard of for {STILL_S:g} s")

    def _replace(self, copy: _Copy, selector: selectors.BaseSelector, why: str) -> None:
        selector.unregister(copy.beats)
        os.close(copy.beats)
        copy.process, copy.beats = 0, -1
        copy.failures += 1
        if not self._any_came_up and copy.failures >= TRIES:
            raise ServingError(f"no serving process comes up: the last one {why}; what it said stands above")
        pause = min(LONGEST_PAUSE_S, PAUSE_S * 2 ** (copy.failures - 1))
        copy.start_at = time.monotonic() + pause
        _log.warning("a serving process %s; another starts in %g s", why, pause)

    def _start(self, beats: int, heard: int) -> int:
        process = os.fork()
        if process:
            return process
        code = 1
        try:
            self._interruption.leave_to_parent()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.close(self._ours)
            os.close(heard)
            # The parent may be slow to read; what it has not read yet says enough.
            os.set_blocking(beats, False)
            threading.Thread(target=_end_with, args=(self._alive,), daemon=True).start()
            self._answer(lambda: _beat(beats))
            code = 0
        except BaseException as error:
            _log.error("a serving process failed: %s: %s", type(error).__name__, error)
        finally:
            # The files and exit handlers are those of the first process, which sees to them itself.
            os._exit(code)

    def _end_all(self) -> None:
        running = {copy.process for copy in self._copies if copy.process}
        for process in running:
            _end(process, signal.SIGTERM)
        until = time.monotonic() + ENDING_S
        while running:
            running = {process for process in running if not _has_ended(process)}
            if time.monotonic() > until:
                for process in running:
                    _end(process, signal.SIGKILL)
                    _waited(process)
                return
            if running:
                time.sleep(0.01)


def _beat(beats: int) -> None:
    with suppress(BlockingIOError, BrokenPipeError):
        os.write(beats, b".")


def _end(process: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, how)


def _waited(process: int) -> int:
    """How a process ended, as `os.waitpid` says."""
    with suppress(ChildProcessError):
        return os.waitpid(process, 0)[1]
    return 0


def _has_ended(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def _how_it_ended(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"


def _end_with(alive: int) -> None:
    os.read(alive, 1)
    os._exit(0)
