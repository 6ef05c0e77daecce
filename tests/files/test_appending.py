"""Bytes are put behind a file by who knows how long it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.files.appending import append
from searchapp.files.system import System, using


class Slow(System):
    """Takes three bytes at a time."""

    def write(self, handle: int, data: memoryview) -> int:
        return super().write(handle, data[:3])


def test_bytes_stand_behind_those_that_were_there(tmp_path: Path) -> None:
    file = tmp_path / "journal"
    file.write_bytes(b"one ")
    with using(Slow()):
        append(file, b"and another", size=4)
    assert file.read_bytes() == b"one and another"


def test_a_file_that_somebody_has_changed_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "journal"
    file.write_bytes(b"one and half an")
    with pytest.raises(FileExistsError, match="15 bytes where 4 were expected"):
        append(file, b"and another", size=4)
    assert file.read_bytes() == b"one and half an"


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        append(tmp_path / "journal", b"one", size=0)
