"""Pruning removes what is gone for certain, and nothing that could only not be read this time."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from searchapp import Archive, LargePrune, Settings


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"Headline {name}\n\nThe fog came in at noon over {name}.\n".encode()
        path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "in", "a.txt.gz", "b.txt", "sub/c.txt", "sub/d.txt", "e.txt")
    return tmp_path / "in"


@pytest.fixture
def archive(folder: Path) -> Archive:
    made = Archive.open(":memory:")
    assert made.add_files(folder, recognise=False).added == 5
    return made


def cut(folder: Path) -> None:
    whole = (folder / "a.txt.gz").read_bytes()
    (folder / "a.txt.gz").write_bytes(whole[:30])


def dangle(folder: Path) -> None:
    (folder / "b.txt").unlink()
    (folder / "b.txt").symlink_to(folder / "nothere")


def empty_file(folder: Path) -> None:
    (folder / "b.txt").write_bytes(b"")


def unmount(folder: Path) -> None:
    folder.rename(folder.with_name("away"))


def unmount_leaving_the_folder(folder: Path) -> None:
    unmount(folder)
    folder.mkdir()


def hide_a_name(folder: Path) -> None:
    # Read once because it was named outright, and passed over in its folder.
    write(folder, "README.txt")


@pytest.mark.parametrize(
    "spoil", [cut, dangle, empty_file, unmount, unmount_leaving_the_folder], ids=lambda one: one.__name__
)
@pytest.mark.parametrize("as_pattern", [True, False])
def test_what_could_not_be_read_this_time_stays(
    archive: Archive, folder: Path, spoil: Callable[[Path], None], as_pattern: bool
) -> None:
    spoil(folder)
    paths = str(folder / "**" / "*.*") if as_pattern else folder
    report = archive.add_files(paths, recognise=False, prune=True, allow_large_prune=True)
    assert (report.removed, report.gone, len(archive)) == (0, 0, 5)


def test_what_grew_over_the_size_limit_stays(archive: Archive, folder: Path) -> None:
    archive._settings = Settings(max_file_mb=1)
    (folder / "b.txt").write_text("word " * 300_000, encoding="utf-8")
    assert archive.add_files(folder, recognise=False, prune=True).removed == 0


def test_a_file_that_is_there_and_passed_over_keeps_its_article(archive: Archive, folder: Path) -> None:
    write(folder, "README.txt")
    assert archive.add_files(folder / "README.txt", recognise=False).added == 1
    report = archive.add_files(folder, recognise=False, prune=True)
    assert (report.removed, report.passed_over, len(archive)) == (0, 1, 6)


def test_what_is_gone_is_removed_and_listed(archive: Archive, folder: Path) -> None:
    (folder / "b.txt").unlink()
    shutil.rmtree(folder / "sub")
    report = archive.add_files(folder, recognise=False, prune=True)
    assert sorted(Path(item.path).name for item in report.removed_articles) == ["b.txt", "c.txt", "d.txt"]
    assert (report.removed, report.gone, len(archive)) == (3, 0, 2)
    assert len(report.to_dict()["removed_articles"]) == 3


def test_one_root_that_is_empty_does_not_keep_what_is_gone_from_another(archive: Archive, folder: Path) -> None:
    write(folder.with_name("other"), "x.txt", "y.txt")
    archive.add_files(folder, folder.with_name("other"), recognise=False)
    (folder / "b.txt").unlink()
    shutil.rmtree(folder.with_name("other"))
    folder.with_name("other").mkdir()
    report = archive.add_files(folder, folder.with_name("other"), recognise=False, prune=True)
    assert [Path(item.path).name for item in report.removed_articles] == ["b.txt"]


def test_a_large_part_of_the_archive_is_removed_only_when_that_is_said(tmp_path: Path) -> None:
    write(tmp_path / "in", *(f"{number}.txt" for number in range(60)))
    archive = Archive.open(":memory:")
    archive.add_files(tmp_path / "in", recognise=False)
    for number in range(11):
        (tmp_path / "in" / f"{number}.txt").unlink()
    write(tmp_path / "in", "new.txt")
    with pytest.raises(LargePrune, match="11 articles, more than 10%") as refused:
        archive.add_files(tmp_path / "in", recognise=False, prune=True)
    assert (refused.value.report.added, refused.value.report.gone, len(refused.value.ids)) == (1, 11, 11)
    assert len(archive) == 61
    report = archive.add_files(tmp_path / "in", recognise=False, prune=True, allow_large_prune=True)
    assert (report.removed, len(archive)) == (11, 50)


def test_ten_articles_and_a_share_that_the_settings_allow_go_without_saying(tmp_path: Path) -> None:
    write(tmp_path / "in", *(f"{number}.txt" for number in range(30)))
    for share, gone in ((0.1, 10), (0.5, 10), (0.9, 9)):
        archive = Archive.open(":memory:")
        archive._settings = Settings(prune_share=share)
        archive.add_files(tmp_path / "in", recognise=False)
        for path in sorted((tmp_path / "in").iterdir())[:gone]:
            path.unlink()
        write(tmp_path / "in", "stays.txt")
        assert archive.add_files(tmp_path / "in", recognise=False, prune=True).removed == gone
        write(tmp_path / "in", *(f"{number}.txt" for number in range(30)))


def test_a_folder_that_holds_its_own_index_is_read_without_it(folder: Path) -> None:
    with Archive.open(folder / "index", create=True) as archive:
        first = archive.add_files(folder, recognise=False)
        again = archive.add_files(folder, recognise=False, prune=True)
    assert (first.added, first.skipped, first.passed_over) == (5, (), 1)
    assert (again.unchanged, again.skipped, again.removed) == (5, (), 0)


@pytest.mark.parametrize("name", ["Authors", "Desktop", "Notice", "Changes", "Copying"])
def test_names_that_articles_may_have_are_read(tmp_path: Path, name: str) -> None:
    write(tmp_path / "in", f"{name}.txt", f"{name}/a.txt", f"{name.lower()}.2.txt")
    report = Archive.open(":memory:").add_files(tmp_path / "in", recognise=False)
    assert (report.added, report.passed_over) == (3, 0)


def test_nothing_is_passed_over_without_being_counted(tmp_path: Path) -> None:
    write(tmp_path / "in", "a.txt", ".b.txt", "README.md", ".git/c.txt", "sub/desktop.ini", "Thumbs.db", "readme/d.txt")
    for paths, added, passed_over in (
        (tmp_path / "in", 2, 5),
        (tmp_path / "in" / "*", 2, 3),
        (tmp_path / "in" / "README.md", 1, 0),
    ):
        report = Archive.open(":memory:").add_files(paths, recognise=False)
        assert (report.added, report.passed_over, report.skipped) == (added, passed_over, ())
