"""A file is replaced at once, whatever fails, and keeps its mode and its links."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from searchapp.files import system
from searchapp.files.replacing import replace, replacing, replacing_text
from tests.files.failing import Watched, watching

posix = pytest.mark.skipif(os.name != "posix", reason="modes and links are those of POSIX")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_content_is_there_and_nothing_beside_it(tmp_path: Path) -> None:
    replace(tmp_path / "a", b"one")
    replace(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"two"
    assert names_in(tmp_path) == ["a"]


def test_content_and_name_are_synced_in_the_order_that_a_power_cut_needs(tmp_path: Path) -> None:
    with watching() as watched:
        replace(tmp_path / "a", b"one")
    changing = [call for call in watched.calls if call in ("write", "sync", "rename", "sync_folder")]
    assert changing == ["write", "sync", "rename", "sync_folder"]


def test_what_may_be_lost_is_not_synced(tmp_path: Path) -> None:
    with watching() as watched:
        replace(tmp_path / "a", b"one", durable=False)
    assert not {"sync", "sync_folder"} & set(watched.calls)


@pytest.mark.parametrize("before", [b"old", None], ids=["replaced", "new"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EMFILE, errno.EACCES])
def test_whichever_call_fails_the_old_content_or_the_new_is_whole(
    tmp_path: Path, before: bytes | None, error: int
) -> None:
    path = tmp_path / "a"
    with watching() as watched:
        replace(path, b"new")
    for number in range(len(watched.calls)):
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_bytes(before)
        failure: OSError | None = None
        with watching(number, error):
            try:
                replace(path, b"new")
            except OSError as raised:
                failure = raised
        # Nobody knows the file beside, so no error speaks of it.
        assert failure is None or failure.filename in (None, str(path), str(tmp_path))
        content = path.read_bytes() if path.exists() else None
        assert content in (before, b"new")
        assert content == b"new" or failure
        assert names_in(tmp_path) in ([], ["a"])


def test_a_short_write_is_continued(tmp_path: Path) -> None:
    class Short(system.System):
        def write(self, handle: int, data: memoryview) -> int:
            return super().write(handle, data[:3])

    with system.using(Short()):
        replace(tmp_path / "a", b"0123456789")
    assert (tmp_path / "a").read_bytes() == b"0123456789"


def test_an_error_in_the_block_leaves_the_old_content(tmp_path: Path) -> None:
    replace(tmp_path / "a", b"old")
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "a") as stream:
        stream.write(b"%d" % (1 // 0))
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names_in(tmp_path) == ["a"]


def test_text_is_written_with_its_own_ends_of_lines(tmp_path: Path) -> None:
    with replacing_text(tmp_path / "a", errors="replace") as stream:
        stream.write("é\r\n\ud800\n")
    assert (tmp_path / "a").read_bytes() == "é\r\n?\n".encode()


@posix
def test_the_mode_of_the_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    for mode in (0o640, 0o604, 0o600):
        path.chmod(mode)
        replace(path, b"new")
        assert path.stat().st_mode & 0o777 == mode


@posix
def test_a_new_file_has_the_mode_that_any_new_file_has(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    replace(tmp_path / "a", b"new")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


@posix
@pytest.mark.parametrize("there", [True, False], ids=["to a file", "to nothing yet"])
def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path, there: bool) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "own").mkdir()
    target = tmp_path / "shared" / "ledger"
    if there:
        target.write_bytes(b"old")
    link = tmp_path / "own" / "ledger"
    link.symlink_to(Path("..") / "shared" / "ledger")
    replace(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert names_in(tmp_path / "own") == names_in(tmp_path / "shared") == ["ledger"]


def test_what_a_killed_process_left_goes_with_the_next_replacement(tmp_path: Path) -> None:
    path = tmp_path / "a"
    script = (
        "import os, sys; from pathlib import Path; from searchapp.files.replacing import replacing\n"
        "with replacing(Path(sys.argv[1])) as stream:\n"
        "    stream.write(b'half'); stream.flush(); os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)]).returncode == 9
    assert len(names_in(tmp_path)) == 1
    replace(path, b"whole")
    assert names_in(tmp_path) == ["a"]


def test_what_another_process_is_writing_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with replacing(path) as stream:
        stream.write(b"slow")
        replace(path, b"quick")
        assert path.read_bytes() == b"quick"
        assert len(names_in(tmp_path)) == 2
    assert path.read_bytes() == b"slow"
    assert names_in(tmp_path) == ["a"]


def test_threads_that_replace_one_file_take_nothing_from_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a"

    def work(mark: bytes) -> None:
        for _ in range(100):
            replace(path, mark * 5_000, durable=False)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, [b"a", b"b", b"c", b"d"]))
    assert path.read_bytes() in {mark * 5_000 for mark in (b"a", b"b", b"c", b"d")}
    assert names_in(tmp_path) == ["a"]


def test_a_file_that_was_taken_for_a_leftover_is_made_again(tmp_path: Path) -> None:
    class Taken(Watched):
        """The first lock is held by somebody who is about to remove the file."""

        def lock(self, handle: int) -> bool:
            return self.calls.count("lock") > 1 and super().lock(handle)

    with system.using(watched := Taken()):
        replace(tmp_path / "a", b"new")
    assert watched.calls[:4] == ["open", "lock", "close", "remove"]
    assert (tmp_path / "a").read_bytes() == b"new"
    assert names_in(tmp_path) == ["a"]


def test_files_that_only_look_alike_are_left_alone(tmp_path: Path) -> None:
    alike = [".a.new", ".a.0123.new", ".b.0123456789ab.new", "a.0123456789ab.new"]
    for name in alike:
        (tmp_path / name).write_bytes(b"")
    replace(tmp_path / "a", b"new")
    assert names_in(tmp_path) == sorted(["a", *alike])


def test_a_name_of_the_greatest_length_can_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / ("ə" * 127)
    replace(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_system_that_renames_no_open_file_is_asked_for_none(tmp_path: Path) -> None:
    class Closing(Watched):
        renames_open_files = False

    (tmp_path / ".a.0123456789ab.new").write_bytes(b"left")
    os.utime(tmp_path / ".a.0123456789ab.new", (0, 0))
    with system.using(watched := Closing()):
        replace(tmp_path / "a", b"new")
    assert watched.calls.index("close") < watched.calls.index("rename")
    assert watched.calls[-2:] == ["close", "remove"]
    assert names_in(tmp_path) == ["a"]


def test_a_file_system_without_locks_does_for_writing(tmp_path: Path) -> None:
    class Lockless(system.System):
        def lock(self, handle: int) -> bool:
            raise OSError(errno.ENOTSUP, "no locks here")

    (tmp_path / ".a.0123456789ab.new").write_bytes(b"somebody's")
    with system.using(Lockless()):
        replace(tmp_path / "a", b"new")
    assert names_in(tmp_path) == [".a.0123456789ab.new", "a"]
