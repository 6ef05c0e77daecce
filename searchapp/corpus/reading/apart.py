"""Files that may be hard to read, read in a process that can be ended: it costs its file when it hangs or dies.

Readers stand on libraries in C that nothing interrupts, and that can take all memory or crash. Small files of our own
formats are read in this process: their readers are linear, and starting another would take longer than reading.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from queue import Empty, Queue, SimpleQueue
from typing import IO, Any

from searchapp.corpus.decoding.base import Source, Yielded
from searchapp.corpus.decoding.streams import BOXES, head_of, size_of
from searchapp.corpus.reading.file import Limits, plain, read_here, source_at, too_much_memory
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.carrying import packed, unpacked
from searchapp.model.result import Skipped
from searchapp.platform.machine import limit_memory, memory_held
from searchapp.platform.pythons import end, how_it_ended, received, send, serving, start

__all__ = ["Apart", "serve"]

SMALL_BYTES = 256 << 10
"""Files of up to so many bytes, decompressed, are read in this process."""
_BATCH = 64
_BATCH_CHARS = 128 << 10
_BATCH_S = 0.25
"""What a process has read goes out when it is so many articles, so much text, or so late."""
_BATCHES_AHEAD = 8
"""How far a process reads ahead of who takes its articles."""
_START_S = 60.0
"""How long a process may take to start; else files are read in this one."""
_GROWN_BYTES = 256 << 20
"""A process that keeps so much more memory than in the beginning is not used for another file."""
_END = ("end",)


class Apart:
    """Reads files one after another, those that may be hard in a process of its own, which starts with the first."""

    def __init__(self, limits: Limits, columns: Mapping[str, str]) -> None:
        self._limits = limits
        self._columns = columns
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: Queue[Any] = Queue(_BATCHES_AHEAD)
        self._asked = ""
        """The file that the process was asked for ahead of its turn."""

    def read(self, path: str, following: str = "") -> Iterator[tuple[str, Yielded]]:
        """The articles of the file at this absolute path, and what could not be read of it, each with the name of the
        format, which is empty where none was found; never raises. The process goes on with `following`, if that is hard
        too, while what it read is being taken; it has to be the next to be asked for.

        Of a file whose reader hangs or dies comes what it had given until then, as of a file that is cut, and a last
        `Skipped`.
        """
        try:
            source = source_at(path, self._limits, self._columns)
            hard = _may_be_hard(source)
        except UnreadableFile as error:
            yield "", Skipped(path, str(error))
            return
        except OSError as error:
            yield "", Skipped(path, plain(error))
            return
        if hard and (self._process or self._start()):
            yield from self._read_apart(path, following)
        else:
            yield from read_here(path, self._limits, self._columns)

    def close(self) -> None:
        """Ends the process, if there is one."""
        if self._process is None:
            return
        self._process.kill()
        self._asked = ""
        # The thread that reads from it may wait for room; it says None when it has come to the end.
        while self._answers.get() is not None:
            pass
        end(self._process)
        self._process = None

    def _start(self) -> bool:
        with contextlib.suppress(OSError):
            self._process = start(__name__)
        if self._process is None or self._process.stdout is None:
            return False
        threading.Thread(target=_receive, args=(self._process.stdout, self._answers), daemon=True).start()
        with contextlib.suppress(Empty):
            # It says when it has loaded what it needs, which counts for no file.
            if self._answers.get(timeout=_START_S) is not None:
                return True
            self._answers.put(None)
        self.close()
        return False

    def _ask(self, process: subprocess.Popen[bytes], path: str) -> None:
        assert process.stdin is not None
        limits = self._limits
        with contextlib.suppress(OSError):  # Of one that has died there is an end to receive.
            send(process.stdin, [path, limits.max_bytes, limits.memory_bytes, dict(self._columns)])

    def _is_hard(self, path: str) -> bool:
        with contextlib.suppress(UnreadableFile, OSError):
            return _may_be_hard(source_at(path, self._limits, self._columns))
        return False

    def _read_apart(self, path: str, following: str) -> Iterator[tuple[str, Yielded]]:
        process, limits = self._process, self._limits
        assert process is not None
        whole, name = False, ""
        try:
            if self._asked != path:
                self._ask(process, path)
            self._asked = following if following and self._is_hard(following) else ""
            if self._asked:
                self._ask(process, following)
            size, waited = 0, 0.0
            while True:
                begun = time.monotonic()
                try:
                    answer = self._answers.get(timeout=max(0.01, limits.seconds(size) - waited))
                except Empty:
                    seconds = f"{limits.seconds(size):,.0f} seconds"
                    advice = "raise SEARCHAPP_FILE_TIMEOUT_S to wait for it"
                    yield name, Skipped(path, f"takes longer than {seconds} to read; {advice}")
                    return
                waited += time.monotonic() - begun
                if answer is None:
                    self._answers.put(None)
                    yield name, Skipped(path, f"what reads it was ended by {how_it_ended(process)}")
                    return
                for values in answer:
                    if isinstance(values, int):
                        size = values
                    elif isinstance(values, str):
                        name = values
                    elif values[0] == _END[0]:
                        whole = values == _END
                        return
                    else:
                        yield name, unpacked(values)
        finally:
            if not whole:
                self.close()


def serve() -> None:
    """Reads the files whose paths come on standard input until it ends, and sends their articles to standard output."""
    requests, answers = serving()
    waiting: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    # Reading most formats begins with loading these, which then count for no file.
    from searchapp.corpus.reading import registry

    registry.formats()
    held = memory_held()
    with contextlib.suppress(BrokenPipeError):
        send(answers, [])
        while True:
            path, max_bytes, memory_bytes, columns = waiting.get()
            _answer(answers, path, Limits(max_bytes=max_bytes, memory_bytes=memory_bytes), columns)
            used = held and memory_held() - held > _GROWN_BYTES
            send(answers, [("end", "used up") if used else _END])


def _answer(answers: IO[bytes], path: str, limits: Limits, columns: Mapping[str, str]) -> None:
    """Sends the size of the file and what is read of it, in batches."""
    try:
        size = size_of(source_at(path, limits, columns), most=limits.max_bytes)
    except (UnreadableFile, OSError):
        size = 0
    send(answers, [size])
    limit_memory(limits.memory(size))
    try:
        for batch in _batches(read_here(path, limits, columns)):
            send(answers, batch)
    except MemoryError:  # While an article was made ready to be sent.
        limit_memory(limits.memory(size))
        send(answers, [packed(too_much_memory(path, limits))])


def _batches(found: Iterator[tuple[str, Yielded]]) -> Iterator[list[Any]]:
    """What is sent of these: the name of the format wherever it changes, the others packed."""
    batch: list[Any] = []
    chars, begun = 0, time.monotonic()
    known = ""
    for name, one in found:
        if name != known:
            batch.append(name)
            known = name
        batch.append(packed(one))
        chars += len(one.body) if isinstance(one, Article) else 0
        if len(batch) >= _BATCH or chars >= _BATCH_CHARS or time.monotonic() - begun > _BATCH_S:
            yield batch
            batch = []
            chars, begun = 0, time.monotonic()
    yield batch


def _may_be_hard(source: Source) -> bool:
    """Whether a file is large, of a format that is hard to read, or of one whose reader we do not know."""
    if size_of(source, most=SMALL_BYTES) > SMALL_BYTES or source.suffix in BOXES:
        return True
    from searchapp.corpus.reading import registry

    if source.suffix in registry.hard_endings() or head_of(source, 512).startswith(registry.HARD):
        return True
    if registry.formats() == registry.FORMATS:
        return False
    try:
        return registry.format_of(source) not in registry.FORMATS
    except UnreadableFile:
        return False


def _receive(pipe: IO[bytes], answers: Queue[Any]) -> None:
    """Puts what comes through `pipe` into `answers`, and None at its end."""
    try:
        while True:
            answers.put(received(pipe))
    except (OSError, EOFError, ValueError, TypeError):
        answers.put(None)


def _listen(requests: IO[bytes], waiting: SimpleQueue[Any]) -> None:
    """Puts what comes through `requests` into `waiting`; when its other end is gone, nobody needs this process."""
    try:
        while True:
            waiting.put(received(requests))
    except (OSError, EOFError, ValueError):
        os._exit(0)
