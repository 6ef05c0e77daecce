"""Recognising in several processes gives what one process gives, whatever happens to them."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from searchapp.entities import annotate, workers
from searchapp.entities.workers import annotated_batches
from searchapp.errors import RecogniserError
from searchapp.model.article import Article, Mention

TEXT = (
    "Mayor Ada Lunde of Bergen met Oskar Lindqvist of the Nordic Council. Lunde thanked the council. \ud800 Ünal left."
)
ARTICLES = [
    Article(id="plain", title="Lunde speaks", body=TEXT),
    Article(id="assigned", body="Lunde said no.", assigned={"people": ["Ada Lunde"]}),
    Article(id="marked", body="Bergen won.", mentions=(Mention(0, 6, "Bergen", "organisation", "SK Bergen"),)),
    Article(id="empty", body=""),
]
BATCHES = [("first", ARTICLES), ("nothing", []), ("second", ARTICLES[:1]), ("third", ARTICLES[1:])]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every process that is started from here on."""
    processes: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, command: Sequence[str], **options: object) -> None:
            super().__init__(command, **options)  # type: ignore[call-overload]
            processes.append(self)

    monkeypatch.setattr(workers.subprocess, "Popen", Noted)
    return processes


def endless() -> Iterator[tuple[int, list[Article]]]:
    number = 0
    while True:
        yield number, [replace(article, id=f"{article.id}{number}") for article in ARTICLES]
        number += 1


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_however_many_processes_give_the_names_that_one_call_gives(processes: int) -> None:
    found = list(annotated_batches(BATCHES, processes=processes))
    assert [(given, list(articles)) for given, articles in found] == [
        (given, annotate(articles)) for given, articles in BATCHES
    ]


def test_articles_come_in_order_and_only_a_few_are_read_ahead() -> None:
    read = 0

    def counted() -> Iterator[tuple[int, list[Article]]]:
        nonlocal read
        for number, batch in endless():
            read = number
            yield number, batch

    found = annotated_batches(counted(), processes=2)
    for number in range(12):
        given, articles = next(found)
        assert given == number
        assert articles[0].id == f"plain{number}"
        assert read - number <= 2
    found.close()


def test_one_batch_starts_no_process(started: list[subprocess.Popen[bytes]]) -> None:
    assert len(list(annotated_batches(BATCHES[:2], processes=4))) == 2
    assert not started


def test_batches_without_articles_start_no_process_and_do_not_wait(started: list[subprocess.Popen[bytes]]) -> None:
    found = annotated_batches(((number, ()) for number in range(10**9)), processes=4)
    assert [next(found)[0] for _ in range(5)] == [0, 1, 2, 3, 4]
    assert not started


def test_processes_that_are_killed_lose_nothing(started: list[subprocess.Popen[bytes]]) -> None:
    found = annotated_batches(endless(), processes=3)
    expected = [article.mentions for article in annotate(ARTICLES)]
    for number in range(8):
        if number == 3:
            for process in started:
                process.kill()
        given, articles = next(found)
        assert (given, [article.mentions for article in articles]) == (number, expected)
    found.close()
    assert len(started) == 2


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing stops a process there and lets it be")
def test_a_process_that_stands_still_is_ended_and_loses_nothing(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_STILL_S", 1.0)
    stopped = []
    answered = workers._asked

    def asked(process: subprocess.Popen[bytes], articles: list[Article]) -> object:
        if not stopped:
            stopped.append(process)
            process.send_signal(signal.SIGSTOP)
        return answered(process, articles)

    monkeypatch.setattr(workers, "_asked", asked)
    found = [article for _, batch in annotated_batches(BATCHES, processes=2) for article in batch]
    assert found == [article for _, batch in annotated_batches(BATCHES) for article in batch]
    assert [process.poll() for process in stopped] == [-signal.SIGKILL]


def test_without_a_second_python_this_process_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    for executable in ("", "/nowhere/python"):
        monkeypatch.setattr(sys, "executable", executable)
        assert [given for given, _ in annotated_batches(BATCHES, processes=2)] == [given for given, _ in BATCHES]


def test_stopping_early_ends_every_process(started: list[subprocess.Popen[bytes]]) -> None:
    found = annotated_batches(endless(), processes=3)
    next(found)
    found.close()
    assert [process.poll() is None for process in started] == [False, False]


def test_an_error_of_the_caller_ends_every_process(started: list[subprocess.Popen[bytes]]) -> None:
    def failing() -> Iterator[tuple[int, list[Article]]]:
        yield 0, ARTICLES
        yield 1, ARTICLES
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(annotated_batches(failing(), processes=2))
    assert all(process.poll() is not None for process in started)


def test_a_recogniser_that_cannot_be_used_is_an_error_here() -> None:
    with pytest.raises(RecogniserError, match="'nobody'"):
        list(annotated_batches(BATCHES, recogniser="nobody", processes=2))
