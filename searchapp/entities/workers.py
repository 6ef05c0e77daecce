"""Recognising beside reading and indexing: batches of articles annotated in processes of their own."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any, Generic, TypeVar

from searchapp.entities import annotate
from searchapp.errors import SearchappError
from searchapp.model.article import Article
from searchapp.model.carrying import flat, mentions_of, packed, unpacked
from searchapp.platform.pythons import end, received, send, serving, start

__all__ = ["annotated_batches", "serve"]

Given = TypeVar("Given")

_ALIVE: list[Any] = [None]
"""What a process says that has no answer yet."""
_BEAT_S = 2.0
"""How often a process says that it is alive while it works."""
_STILL_S = 30.0
"""One that has said nothing for so long stands still: it is ended, and its batch annotated here."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting(Generic[Given]):
    given: Given
    articles: Sequence[Article]
    answer: Future[list[Article]] | None = None
    """What another process will say."""
    done: Sequence[Article] | None = None
    """What this one has annotated."""


def annotated_batches(
    batches: Iterable[tuple[Given, Sequence[Article]]], *, recogniser: str = "", processes: int = 1
) -> Generator[tuple[Given, Sequence[Article]]]:
    """Each batch with the names recognised in its articles, in the same order; what stands beside it is passed on.

    With `processes` above 1 all but one of them recognise while the caller goes on reading and indexing, and where it
    would have to wait for them, it helps. They start with the second batch that has articles, so that few articles
    cost no start. A few batches are read ahead. A process that cannot be started or ends early loses nothing: its batch
    is annotated here. Closing the generator ends the processes.
    """
    waiting: deque[_Waiting[Given]] = deque()
    ahead = processes if processes > 1 else 0
    workers: _Workers | None = None

    def next_done() -> tuple[Given, Sequence[Article]]:
        first = waiting[0]
        if first.articles and first.answer is None and first.done is None:
            first.done = annotate(first.articles, recogniser=recogniser)
        while first.answer is not None and not first.answer.done():
            # The last that nobody has begun: the others are taken in order.
            idle = next((batch for batch in reversed(waiting) if batch.answer and batch.answer.cancel()), None)
            if idle is None:
                break
            idle.answer, idle.done = None, annotate(idle.articles, recogniser=recogniser)
        waiting.popleft()
        return first.given, first.answer.result() if first.answer is not None else first.done or []

    with ExitStack() as stack:
        for given, articles in batches:
            waiting.append(_Waiting(given, articles))
            if workers is None and ahead and sum(bool(batch.articles) for batch in waiting) > 1:
                workers = stack.enter_context(_Workers(processes - 1, recogniser))
            if workers is not None:
                for batch in waiting:
                    if batch.articles and batch.answer is None and batch.done is None:
                        batch.answer = workers.submit(batch.articles)
            while waiting and (len(waiting) > ahead or not waiting[0].articles):
                yield next_done()
        while waiting:
            yield next_done()


class _Workers:
    """Processes that annotate, each served by a thread that waits for its answer."""

    def __init__(self, count: int, recogniser: str) -> None:
        self._count = count
        self._recogniser = recogniser
        self._processes: list[subprocess.Popen[bytes]] = []
        self._idle: SimpleQueue[subprocess.Popen[bytes] | None] = SimpleQueue()
        self._threads = ThreadPoolExecutor(count)
        self._closed = False

    def __enter__(self) -> _Workers:
        for _ in range(self._count):
            process = _started(self._recogniser)
            if process is not None:
                self._processes.append(process)
            self._idle.put(process)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Whatever they still work on, nobody waits for it any more.
        self._closed = True
        for process in self._processes:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            end(process)

    def submit(self, articles: Sequence[Article]) -> Future[list[Article]]:
        """The articles with their names, when they are ready."""
        return self._threads.submit(self._annotate, articles)

    def _annotate(self, articles: Sequence[Article]) -> list[Article]:
        process = self._idle.get()
        try:
            if process is not None:
                answer = _asked(process, articles)
                return [_with_names(article, names) for article, names in zip(articles, answer, strict=True)]
        except (OSError, EOFError, ValueError) as error:
            if self._closed:
                raise
            _log.warning("a process that recognises names has ended (%s); going on in this one", error)
            process = None
        finally:
            self._idle.put(process)
        return annotate(articles, recogniser=self._recogniser)


def _started(recogniser: str) -> subprocess.Popen[bytes] | None:
    """A process that serves; None where no second Python can be started."""
    try:
        return start(__name__, recogniser)
    except OSError as error:
        _log.warning("cannot start %s to recognise names (%s); going on in this process", sys.executable, error)
        return None


def _asked(process: subprocess.Popen[bytes], articles: Sequence[Article]) -> Any:
    if process.stdin is None or process.stdout is None:
        raise EOFError("no pipe")
    # The pipe of a process that stands still fills up, so that not even sending may wait for ever.
    with _ending(process):
        send(process.stdin, [packed(article) for article in articles])
    while True:
        with _ending(process):
            answer = received(process.stdout)
        if answer != _ALIVE:
            return answer


@contextmanager
def _ending(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ends the process when what is done meanwhile takes too long; reading from it then finds the end of its pipe."""
    timer = threading.Timer(_STILL_S, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def serve(recogniser: str = "") -> None:
    """Annotates what comes on standard input until it ends, and answers on standard output."""
    requests, answers = serving()
    answering = threading.Lock()
    working = threading.Event()
    threading.Thread(target=_beat, args=(answers, answering, working), daemon=True).start()
    while True:
        try:
            batch = received(requests)
            working.set()
            articles = [one for values in batch if isinstance(one := unpacked(values), Article)]
            names = annotate(articles, recogniser=recogniser)
            found = [(flat(article.title_mentions), flat(article.mentions)) for article in names]
            with answering:
                # Nothing may follow an answer that nobody waits for.
                working.clear()
                send(answers, found)
        except (EOFError, BrokenPipeError):
            return
        except SearchappError:
            # A recogniser that cannot be used: the other side will try it too, and tell its user.
            return


def _beat(answers: IO[bytes], answering: threading.Lock, working: threading.Event) -> None:
    """Says every now and then while it works that this process is alive."""
    while working.wait():
        time.sleep(_BEAT_S)
        try:
            with answering:
                if working.is_set():
                    send(answers, _ALIVE)
        except (OSError, ValueError):
            return


def _with_names(article: Article, names: tuple[Any, Any]) -> Article:
    title, body = names
    return article.with_mentions(mentions_of(title), mentions_of(body))
