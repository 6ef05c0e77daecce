"""A reader that hangs, dies or takes all memory costs its file, and the run goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from searchapp.archive import Archive
from searchapp.corpus import walk
from searchapp.corpus.reading import apart, registry
from searchapp.model.article import Article
from searchapp.model.result import Skipped
from searchapp.settings import Settings

_FORMATS = """
import os, signal, time

from searchapp.corpus.decoding.base import Format
from searchapp.model.article import Article

def read(source):
    with source.open() as stream:
        orders = stream.read().decode().split()
    for position, order in enumerate(orders[1:]):
        if order == "hang":
            time.sleep(600)
        elif order == "spin":
            while True:
                pass
        elif order == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif order == "exit":
            os._exit(3)
        elif order == "eat":
            held = []
            while True:
                held.append(bytearray(1 << 20))
        else:
            yield Article(id=f"{order}", body=f"Words of {order}.", path=source.path, position=position)

FORMAT = Format("orders", (".orders",), lambda head: head.startswith(b"ORDERS"), read)
"""


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for files of a format that an installed package adds, whose reader does what they say."""
    package = tmp_path / "package"
    (package / "orders-1.dist-info").mkdir(parents=True)
    (package / "orders-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: orders\nVersion: 1\n")
    (package / "orders-1.dist-info" / "entry_points.txt").write_text("[searchapp.formats]\norders = orders:FORMAT\n")
    (package / "orders.py").write_text(_FORMATS)
    monkeypatch.syspath_prepend(str(package))
    folder = tmp_path / "folder"
    folder.mkdir()
    registry.formats.cache_clear()
    yield folder
    registry.formats.cache_clear()
    sys.modules.pop("orders", None)


def _in_order(folder: Path, *, timeout_s: float = 60) -> list[str]:
    found = walk(folder, timeout_s=timeout_s, memory_bytes=64 << 20)
    return [one.id if isinstance(one, Article) else f"{Path(one.path).name}: {one.reason}" for one in found]


@pytest.mark.parametrize("order", ["hang", "spin"])
def test_a_reader_that_hangs_costs_its_file_after_the_deadline(orders: Path, order: str) -> None:
    (orders / "a.orders").write_text("ORDERS first " + order)
    (orders / "b.orders").write_text("ORDERS second")
    skipped, second = _in_order(orders, timeout_s=1)
    assert second == "second"
    assert skipped.startswith("a.orders: takes longer than 1 seconds to read")


def test_a_reader_that_dies_costs_its_file_and_is_named_by_what_ended_it(orders: Path) -> None:
    (orders / "a.orders").write_text("ORDERS first crash")
    (orders / "b.orders").write_text("ORDERS exit second")
    (orders / "c.orders").write_text("ORDERS third")
    by_signal, by_exit, third = _in_order(orders)
    assert by_signal.startswith("a.orders: what reads it was ended by ")
    if sys.platform != "win32":
        assert by_signal.endswith("SIGSEGV")
    assert by_exit == "b.orders: what reads it was ended by exit code 3"
    assert third == "third"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what a process holds as its own")
def test_a_reader_that_takes_all_memory_costs_its_file(orders: Path) -> None:
    (orders / "a.orders").write_text("ORDERS first eat")
    (orders / "b.orders").write_text("ORDERS second")
    first, skipped, second = _in_order(orders)
    assert (first, second) == ("first", "second")
    assert skipped.startswith("a.orders: takes more memory than 64 MB and 8 times its size to read")


def test_a_run_over_a_hanging_file_stores_the_others_and_prunes_nothing_of_it(orders: Path) -> None:
    path = orders / "a.orders"
    path.write_text("ORDERS first last")
    with Archive.open(":memory:", settings=Settings(file_timeout_s=1)) as archive:
        archive.add_files(orders, recognise=False)
        path.write_text("ORDERS hang first")
        (orders / "b.orders").write_text("ORDERS second")
        report = archive.add_files(orders, recognise=False, prune=True)
        assert (report.added, report.removed) == (1, 0)
        assert [Path(skipped.path).name for skipped in report.skipped] == ["a.orders"]
        assert [archive.get(name).id for name in ("first", "last", "second")] == ["first", "last", "second"]


def test_large_files_are_read_apart_with_all_that_they_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        "".join(
            f'{{"id": "a-{n}", "title": "Talks \\ud83d {n}", "body": "In {n} words\\n\\nof the past", "date": '
            f'"2023-09-2{n % 9}T10:11:12", "tags": ["x", "y"], "people": ["Ann Lee"], "source": "AP"}}\n'
            for n in range(300)
        )
        + "broken\n"
    )
    here = list(walk(path))
    assert isinstance(here[0], Article)
    assert here[0].assigned
    assert here[0].published_time
    assert isinstance(here[-1], Skipped)
    monkeypatch.setattr(apart, "SMALL_BYTES", 1)
    assert list(walk(path)) == here


def test_whoever_takes_no_more_articles_ends_what_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"id": "a-{n}", "body": "{"word " * 100}"}}\n' for n in range(5_000)))
    started = []
    start = apart.start
    monkeypatch.setattr(apart, "start", lambda *arguments: started.append(start(*arguments)) or started[-1])
    found = iter(walk(path))
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert started[0].poll() is not None


def test_small_files_of_our_own_formats_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "start", None)
    (tmp_path / "a.txt").write_text("Title\n\nSome words of it.")
    (found,) = walk(tmp_path)
    assert isinstance(found, Article)


def test_the_next_file_is_read_while_one_is_taken_and_each_is_asked_for_once(
    orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        (orders / f"{name}.orders").write_text(f"ORDERS {name}1 {name}2")
    asked: list[str] = []
    send = apart.send

    def noted(pipe: IO[bytes], content: list[Any]) -> None:
        asked.append(Path(content[0]).stem)
        send(pipe, content)

    monkeypatch.setattr(apart, "send", noted)
    found = walk(orders)
    assert next(found).id == "a1"  # type: ignore[union-attr]
    assert asked == ["a", "b"]
    assert [one.id for one in found if isinstance(one, Article)] == ["a2", "b1", "b2", "c1", "c2"]
    assert asked == ["a", "b", "c"]
