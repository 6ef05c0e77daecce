"""Connections of clients that are slow, or send and read nothing: each costs itself and nobody else.

waitress takes connections in one thread and answers in others. What it lacks is here: a deadline for sending a request
and for reading an answer, and room for newcomers when all places are taken.
"""

from __future__ import annotations

import select
import socket
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import bottle
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.wasyncore import dispatcher as Watched
from waitress.wasyncore import loop

from searchapp.platform.interruption import Interruption
from searchapp.platform.machine import open_files
from searchapp.web.feeds.exports import READER

__all__ = ["answer_on"]

THREADS = 20
"""Most wait, for their turn with a long page or for the reader of an export; the others are enough for all else."""
MAX_REQUEST_BYTES = 64_000
"""Of a request's head, and of the body that no page wants."""
SEND_REQUEST_S = 10.0
"""For a client to send a whole request in, from its first byte or from when it connects."""
NEXT_REQUEST_S = 30.0
"""A connection may lie idle for so long between two requests."""
READ_S = 30.0
"""A client that takes nothing of its answer for so long is given up."""
AHEAD_BYTES = 1 << 20
"""How much of an answer in pieces is made before its reader takes it."""
CONNECTIONS = 1_000
RESERVED_FILES = 96
"""For the files of the archive and what Python needs."""
STUCK_S = 60.0
"""Threads that finish nothing for so long while requests wait stand still."""


def answer_on(
    sockets: list[socket.socket], app: bottle.Bottle, interruption: Interruption | None, beat: Callable[[], None]
) -> None:
    """Answers requests until `interruption` comes; `beat` is called about every second while all is well."""
    adjustments = Adjustments(
        sockets=sockets,
        ident=None,
        max_request_header_size=MAX_REQUEST_BYTES,
        max_request_body_size=MAX_REQUEST_BYTES,
        outbuf_high_watermark=AHEAD_BYTES,
        # Who may stay is decided here, before a place is needed.
        connection_limit=2 * CONNECTIONS + 100,
        cleanup_interval=1,
        clear_untrusted_proxy_headers=True,
    )
    watched: dict[int, Any] = {}
    threads = _Threads()
    threads.set_thread_count(THREADS)
    places = max(16, min(CONNECTIONS, (open_files() - RESERVED_FILES) // 2))
    for listening in sockets:
        place = (listening.family, listening.type, listening.proto, listening.getsockname())
        server = _Server(
            app,
            watched,
            _sock=listening,
            dispatcher=threads,
            adj=adjustments,
            sockinfo=place,
            bind_socket=False,
        )
        server.places = places
    _Watch(watched, threads, interruption, beat)
    try:
        loop(timeout=1.0, map=watched, use_poll=hasattr(select, "poll"))
    except (_Stopped, KeyboardInterrupt):
        pass
    finally:
        for one in list(watched.values()):
            # A thread that waits for a reader hears that there is none any more.
            (one.handle_close if isinstance(one, _Channel) else one.close)()
        threads.shutdown()


class _Reader:
    """Whoever reads the answer to a request, as the code that makes the answer sees it."""

    def __init__(self, channel: _Channel) -> None:
        self._channel = channel

    def waited_for_s(self) -> float:
        """Seconds since the reader last took something, while more waits to be taken; 0 where nothing waits."""
        channel = self._channel
        return time.time() - channel.last_activity if channel.total_outbufs_len else 0.0

    def drop(self) -> None:
        """Ends the connection; the answer ends with it."""
        self._channel.will_close = True
        self._channel.server.pull_trigger()


class _Task(WSGITask):  # type: ignore[misc]
    def get_environment(self) -> dict[str, Any]:
        environment: dict[str, Any] = super().get_environment()
        environment[READER] = _Reader(self.channel)
        return environment


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection. `asked_since` is when the request that is being sent began."""

    task_class = _Task
    asked_since: float | None = None
    answered = False

    def received(self, data: bytes) -> bool:
        taken: bool = super().received(data)
        if self.requests:
            self.answered = True
        # What came last may have ended a request, and begun none.
        if self.request is None:
            self.asked_since = None
        elif self.asked_since is None:
            self.asked_since = time.time()
        return taken

    def writable(self) -> bool:
        # Whoever reads nothing can be sent nothing, and would never be asked whether to close.
        if self.will_close:
            self.handle_close()
            return False
        return bool(super().writable())

    @property
    def awaited(self) -> bool:
        """Whether nothing is done for this connection, but waiting for its client to send something."""
        return not self.requests and self.total_outbufs_len == 0

    @property
    def since(self) -> float:
        """When the wait for the client began."""
        if not self.awaited:
            return float(self.last_activity)
        begun = self.creation_time if not self.answered else self.last_activity
        return float(self.asked_since or begun)

    def overdue(self, now: float) -> bool:
        """Whether the client has been waited for long enough."""
        if self.total_outbufs_len:
            return now - float(self.last_activity) > READ_S
        if self.requests:
            return False
        sending = self.asked_since is not None or not self.answered
        return now - self.since > (SEND_REQUEST_S if sending else NEXT_REQUEST_S)


class _Server(TcpWSGIServer):  # type: ignore[misc]
    channel_class = _Channel
    places = CONNECTIONS
    """Connections that may be open at once."""

    def maintenance(self, now: float) -> None:
        for channel in list(self.active_channels.values()):
            if channel.overdue(now):
                channel.will_close = True

    def handle_accept(self) -> None:
        if len(self.active_channels) >= self.places:
            self._make_room()
        super().handle_accept()

    def _make_room(self) -> None:
        """Ends the connection that has kept the server waiting longest, of the client that has most that do."""
        now = time.time()
        kept = [channel for channel in self.active_channels.values() if not channel.will_close]
        waiting = [channel for channel in kept if channel.awaited]
        waiting = waiting or [channel for channel in kept if channel.total_outbufs_len]
        if not waiting:
            return
        held = Counter(str(channel.addr[0]) for channel in waiting)
        most = held.most_common(1)[0][1]
        chosen = max(
            (channel for channel in waiting if held[str(channel.addr[0])] == most),
            key=lambda channel: now - channel.since,
        )
        chosen.will_close = True


class _Threads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Threads that answer, and when the last of them got something done."""

    def __init__(self) -> None:
        super().__init__()
        self._moved = time.monotonic()

    def add_task(self, task: Any) -> None:
        if not self.queue:
            self._moved = time.monotonic()
        super().add_task(_Noted(task, self))

    def note(self) -> None:
        """A request was taken up or answered."""
        self._moved = time.monotonic()

    def stuck(self) -> bool:
        """Whether requests wait and none has been taken up for long."""
        return bool(self.queue) and time.monotonic() - self._moved > STUCK_S


class _Noted:
    def __init__(self, task: Any, threads: _Threads) -> None:
        self._task = task
        self._threads = threads

    def service(self) -> None:
        self._threads.note()
        self._task.service()

    def cancel(self) -> None:
        self._task.cancel()


class _Stopped(Exception):
    """Ends the loop."""


class _Watch(Watched):  # type: ignore[misc]
    """Asked each time that the loop comes around: beats, unless the threads stand still, and ends it after Ctrl-C."""

    def __init__(
        self,
        watched: dict[int, Any],
        threads: _Threads,
        interruption: Interruption | None,
        beat: Callable[[], None],
    ) -> None:
        super().__init__(map=watched)
        self._threads = threads
        self._interruption = interruption
        self._beat = beat
        self._last = 0.0
        # Without Ctrl-C to wait for there is nothing to be read, and no handle has this number.
        self._fileno = -1 if interruption is None else interruption.fileno()
        self.add_channel()

    def readable(self) -> bool:
        if self._interruption is not None and self._interruption.came():
            raise _Stopped
        now = time.monotonic()
        if now - self._last >= 0.5 and not self._threads.stuck():
            self._last = now
            self._beat()
        return self._interruption is not None

    def writable(self) -> bool:
        return False

    def handle_read_event(self) -> None:
        """What can be read is looked at the next time."""

    def close(self) -> None:
        self.del_channel()
