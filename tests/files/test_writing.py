"""New files, folders and removing."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from searchapp.files import system
from searchapp.files.folders import make_folder
from searchapp.files.removing import remove, remove_unless_used
from searchapp.files.writing import NewFile, write_new
from tests.files.failing import watching


def test_a_finished_file_was_synced_before_it_was_closed(tmp_path: Path) -> None:
    with watching() as watched:
        file = NewFile(tmp_path / "a")
        file.write(b"one")
        file.write(memoryview(b"two"))
        file.finish()
    assert watched.calls == ["open", "write", "sync", "close"]
    assert (tmp_path / "a").read_bytes() == b"onetwo"


def test_an_abandoned_file_is_gone_even_when_the_disk_is_full(tmp_path: Path) -> None:
    file = NewFile(tmp_path / "a")
    file.write(b"held back")
    with watching(fail_at=0, error=errno.ENOSPC), pytest.raises(OSError, match="made to fail"):
        file.finish()
    file.abandon()
    assert not (tmp_path / "a").exists()


def test_a_file_that_cannot_be_written_leaves_nothing_and_is_named(tmp_path: Path) -> None:
    with watching() as watched:
        write_new(tmp_path / "a", b"content")
    for number in range(len(watched.calls)):
        (tmp_path / "a").unlink(missing_ok=True)
        with watching(number, errno.ENOSPC), pytest.raises(OSError, match="made to fail") as raised:
            write_new(tmp_path / "a", b"content")
        assert number == 0 or raised.value.filename == str(tmp_path / "a")
        assert not (tmp_path / "a").exists()


def test_an_exclusive_file_takes_no_name_that_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"there")
    with pytest.raises(FileExistsError):
        NewFile(tmp_path / "a", exclusive=True)


def test_each_folder_that_is_made_is_synced_into_the_one_above(tmp_path: Path) -> None:
    with watching() as watched:
        make_folder(tmp_path / "a" / "b")
        make_folder(tmp_path / "a" / "b")
    assert watched.calls == ["make_folder", "sync_folder"] * 2
    assert (tmp_path / "a" / "b").is_dir()


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "a")
    with pytest.raises(OSError, match="a"):
        make_folder(tmp_path / "a" / "b")


def test_removing_what_is_not_there_does_nothing(tmp_path: Path) -> None:
    remove(tmp_path / "a")
    assert remove_unless_used(tmp_path / "a")


def test_a_file_in_use_is_left_for_later(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with watching(fail_at=0, error=errno.EACCES):
        assert not remove_unless_used(tmp_path / "a")
    assert remove_unless_used(tmp_path / "a")


def test_the_system_is_asked_again_after_a_test(tmp_path: Path) -> None:
    before = system.operations
    with pytest.raises(ZeroDivisionError), watching():
        raise ZeroDivisionError
    assert system.operations is before
