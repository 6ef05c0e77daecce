"""Where a file that somebody has open can be neither removed nor replaced, whoever wants to waits, or does so later."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from searchapp import Archive, Article, SearchRequest
from searchapp.files import replacing, system, waiting
from searchapp.files.reading import mapped, read
from searchapp.files.removing import remove, remove_unless_used
from searchapp.files.replacing import leftovers, remove_leftovers, replace
from tests.files.windows import Windows, is_windows_name


def test_a_file_that_somebody_reads_for_a_moment_is_replaced_removed_and_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with system.using(Windows(tmp_path, busy=3)) as windows:
        replace(path, b"new")
        assert read(path) == b"new"
        remove(path)
    assert (windows.denied["replace"], windows.denied["read"], path.exists()) == (3, 3, False)


def test_who_waits_for_a_reader_goes_on_as_soon_as_it_has_gone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with system.using(Windows(tmp_path)) as windows:
        content = mapped(path)
        writer = threading.Thread(target=replace, args=(path, b"new"))
        writer.start()
        while not windows.denied["replace"]:
            time.sleep(0.001)
        assert content[:] == b"old"
        content.close()
        writer.join()
    assert path.read_bytes() == b"new"


def test_a_file_that_stays_in_use_is_an_error_in_the_end_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "REPLACING_S", 0.02)
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with system.using(Windows(tmp_path)):
        content = mapped(path)
        with pytest.raises(PermissionError):
            replace(path, b"new")
        assert not remove_unless_used(path)
        assert os.listdir(tmp_path) == ["a"]
        content.close()
        assert remove_unless_used(path)


def test_what_is_denied_elsewhere_is_an_error_at_once() -> None:
    class Posix(system.System):
        renames_open_files = True

    calls = []

    def denied() -> None:
        calls.append(1)
        raise PermissionError(errno.EACCES, "no")

    with system.using(Posix()), pytest.raises(PermissionError):
        waiting.patiently(denied, longest_s=10.0)
    assert len(calls) == 1


def test_a_file_that_is_closed_and_about_to_be_renamed_is_no_leftover(tmp_path: Path) -> None:
    with system.using(Windows(tmp_path)):
        replace(tmp_path / "a", b"old")
        closed = tmp_path / ".a.0123456789ab.new"
        closed.write_bytes(b"half")
        remove_leftovers(tmp_path)
        assert leftovers(tmp_path) == [closed]
        os.utime(closed, (0, 0))
        remove_leftovers(tmp_path)
        assert leftovers(tmp_path) == []


def test_readers_that_look_again_and_again_hold_up_no_commit_and_see_whole_ones(tmp_path: Path) -> None:
    commits = 12
    faults: list[BaseException] = []
    over = threading.Event()

    def reads(folder: Path) -> None:
        seen = 0
        try:
            while not over.is_set():
                with Archive.open(folder) as archive, archive.state() as state:
                    found = len(list(state.matches(SearchRequest("fog"))))
                    assert len(state) == found >= seen
                    seen = found
        except BaseException as error:
            faults.append(error)

    with system.using(Windows(tmp_path)) as windows:
        with Archive.open(tmp_path / "index", create=True) as archive:
            readers = [threading.Thread(target=reads, args=(tmp_path / "index",)) for _ in range(2)]
            for reader in readers:
                reader.start()
            try:
                for number in range(commits):
                    archive.add([Article(id=str(number), body="Fog over the harbour.")], recognise=False)
            finally:
                over.set()
                for reader in readers:
                    reader.join()
            assert archive.search("fog").total == commits
        assert windows.denied["remove"]
    assert not faults


@pytest.mark.parametrize(
    "name", ["CON", "con.json", "nul", "COM1.txt", "lpt9", "a.", "a ", "a:b", "a\\b", "a?", "x" * 256]
)
def test_names_that_windows_takes_for_something_else_are_told(name: str) -> None:
    assert not is_windows_name(name)


@pytest.mark.parametrize("name", ["contents.json", ".ledger.toml.lock", "console", "MAIN_0a.1.dead", "com10", "nul_"])
def test_names_that_windows_takes_as_they_are_pass(name: str) -> None:
    assert is_windows_name(name)
