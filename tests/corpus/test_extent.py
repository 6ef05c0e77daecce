from __future__ import annotations

from pathlib import Path

from searchapp.corpus import walk
from searchapp.corpus.reading.extent import Extent


def shares(*paths: Path) -> list[float]:
    extent = Extent(paths)
    return [extent.share for _ in extent.following(walk(paths))] + [extent.share]


def test_the_share_follows_the_bytes_of_the_files(tmp_path: Path) -> None:
    for name, size in (("a.txt", 100), ("b.txt", 300), ("c.txt", 600)):
        (tmp_path / name).write_text(("word " * size)[: size - 1] + "\n", encoding="utf-8")
    first, second, third, last = shares(tmp_path)
    assert first <= 0.1 < second <= 0.4 < third < 1
    assert last == 1.0


def test_the_share_never_falls_and_is_one_at_the_end_only(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"body": "one and two"}\n' * 50, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01" * 5000)
    (tmp_path / "c.txt").touch()
    found = shares(tmp_path, tmp_path / "missing.txt")
    assert found == sorted(found)
    assert all(share < 1 for share in found[:-1])
    assert found[-1] == 1.0


def test_a_walk_over_nothing_is_finished(tmp_path: Path) -> None:
    assert shares(tmp_path) == [1.0]
