"""What could not be read stays on record until it can."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.corpus.reading.unreadable import UnreadableFile, recall_unreadable
from searchapp.model.result import Skipped


def test_a_later_run_replaces_what_an_earlier_one_over_the_same_files_left(tmp_path: Path) -> None:
    file = tmp_path / "unreadable.json"
    here, there = tmp_path / "here", tmp_path / "there"
    both = [Skipped(str(here / "a.txt"), "empty"), Skipped(str(here / "b.txt"), "binary")]
    UnreadableFile(file).remember([here], both)
    UnreadableFile(file).remember([there], [Skipped(str(there / "c.txt"), "truncated")])
    assert [Path(item.path).name for item in recall_unreadable(file)] == ["a.txt", "b.txt", "c.txt"]
    UnreadableFile(file).remember([here], [Skipped(str(here / "b.txt"), "binary")])
    assert [Path(item.path).name for item in recall_unreadable(file)] == ["c.txt", "b.txt"]
    UnreadableFile(file).remember([here, there], [])
    assert recall_unreadable(file) == ()


def test_nothing_is_written_where_everything_could_be_read(tmp_path: Path) -> None:
    UnreadableFile(tmp_path / "unreadable.json").remember([tmp_path], [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'[{"path": "x"}]', b"\xff\x00", b"3"])
def test_a_damaged_record_is_no_record(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "unreadable.json"
    file.write_bytes(content)
    assert recall_unreadable(file) == ()
    UnreadableFile(file).remember([tmp_path], [Skipped(str(tmp_path / "a\udcff.txt"), "binary")])
    assert recall_unreadable(file)[0].reason == "binary"


def test_a_folder_that_cannot_be_written_to_is_no_failure(tmp_path: Path) -> None:
    UnreadableFile(tmp_path / "missing" / "unreadable.json").remember([tmp_path], [Skipped("a", "empty")])
