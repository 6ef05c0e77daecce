"""One holder at a time, and none after its process has ended."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from searchapp.files.locking import Lock
from tests.files.failing import watching


def test_a_held_lock_is_refused_and_a_released_one_given(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.acquire()
    assert first.held
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
    second.release()


def test_waiting_for_a_lock_ends_when_it_is_free(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    first.acquire()
    threading.Timer(0.1, first.release).start()
    assert second.acquire(timeout_s=30, poll_s=0.01)
    second.release()


def test_waiting_for_a_lock_ends_with_its_time(tmp_path: Path) -> None:
    started = time.monotonic()
    with Lock(tmp_path / "lock"), pytest.raises(TimeoutError, match="locked by another"):
        Lock(tmp_path / "lock", timeout_s=0.1).__enter__()
    assert 0.1 <= time.monotonic() - started < 10


def test_a_lock_does_not_wait_for_itself(tmp_path: Path) -> None:
    with Lock(tmp_path / "lock") as lock, pytest.raises(RuntimeError, match="already"):
        lock.acquire(timeout_s=60)


def test_a_killed_process_gives_its_lock_back(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from searchapp.files.locking import Lock\n"
        "print(Lock(Path(sys.argv[1])).acquire(), flush=True); lock = Lock(Path(sys.argv[2])); lock.acquire()\n"
        "print('held', flush=True); time.sleep(600)\n"
    )
    # The first lock of the script is dropped at once, and so given back.
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "dropped"), str(tmp_path / "lock")], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert [other.stdout.readline().strip() for _ in range(2)] == [b"True", b"held"]
        assert Lock(tmp_path / "dropped").acquire()
        assert not Lock(tmp_path / "lock").acquire()
        other.kill()
    with Lock(tmp_path / "lock", timeout_s=10):
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes fork on POSIX only")
def test_a_fork_that_ends_leaves_the_lock_to_its_parent(tmp_path: Path) -> None:
    with Lock(tmp_path / "lock") as lock:
        child = os.fork()
        if not child:
            lock.release()
            os._exit(0)
        os.waitpid(child, 0)
        assert not Lock(tmp_path / "lock").acquire()


@pytest.mark.skipif(os.name != "posix", reason="links are those of POSIX")
def test_the_lock_of_a_link_is_that_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "link").symlink_to("file")
    assert Lock.beside(tmp_path / "link").path == Lock.beside(tmp_path / "file").path
    assert Lock.beside(tmp_path / "file").path.parent == tmp_path


def test_a_lock_that_cannot_be_had_for_an_error_leaves_no_file_open(tmp_path: Path) -> None:
    with watching(fail_at=1) as watched, pytest.raises(OSError, match="made to fail"):
        Lock(tmp_path / "lock").acquire()
    assert watched.calls == ["open", "lock", "close"]
