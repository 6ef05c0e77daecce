"""Runs over files: commits on the way, and which articles are gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from searchapp import Archive, Settings
from searchapp.archive.adding import add
from searchapp.engines.base import Engine
from searchapp.engines.memory import MemoryEngine
from searchapp.engines.whoosh import WhooshEngine
from searchapp.entities.archive_names.keeping.checking import kept_generation
from searchapp.model.article import Article
from searchapp.model.result import IndexReport

SMALL = Settings(batch_articles=10, commit_articles=20, processes=1)


def lines(path: Path, count: int, *, start: int = 0) -> Path:
    rows = (json.dumps({"id": f"n{number}", "body": f"article {number}"}) for number in range(start, start + count))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def stopped(archive: Archive, path: Path, *, after: int) -> None:
    """A run that somebody stops when it has read so many articles."""

    def stop(report: IndexReport, _share: float) -> None:
        if report.added + report.unchanged >= after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.add_files(path, recognise=False, progress=stop)


@pytest.mark.parametrize("location", [":memory:", "index"])
def test_a_run_that_is_stopped_keeps_what_it_committed_and_the_next_goes_on_from_there(
    tmp_path: Path, location: str
) -> None:
    path = lines(tmp_path / "news.jsonl", 75)
    where = location if location == ":memory:" else tmp_path / location
    with Archive.open(where, create=True, settings=SMALL) as archive:
        stopped(archive, path, after=50)
        assert len(archive) == 40
        report = archive.add_files(path, recognise=False)
        assert (report.unchanged, report.added, report.committed) == (40, 35, 35)
        assert len(archive) == 75


def test_the_report_says_how_much_is_committed(tmp_path: Path) -> None:
    found: list[tuple[int, int]] = []
    with Archive.open(tmp_path / "index", create=True, settings=SMALL) as archive:

        def note(report: IndexReport, _share: float) -> None:
            found.append((report.added, report.committed))
            assert len(archive) == report.committed

        report = archive.add_files(lines(tmp_path / "news.jsonl", 55), recognise=False, progress=note)
        assert found == [(10, 0), (20, 20), (30, 20), (40, 40), (50, 40), (55, 40)]
        assert report.to_dict()["committed"] == 55


def test_a_run_commits_when_so_much_time_has_passed(tmp_path: Path) -> None:
    settings = Settings(batch_articles=10, commit_every_s=1e-9, processes=1)
    counts: list[int] = []
    with Archive.open(tmp_path / "index", create=True, settings=settings) as archive:
        archive.add_files(
            lines(tmp_path / "news.jsonl", 30), recognise=False, progress=lambda report, _: counts.append(len(archive))
        )
    assert counts == [10, 20, 30]


@pytest.mark.parametrize(
    ("took_s", "commits_after"), [(1, [30, 60, 90]), (4, [30, 110]), (1000, [30])], ids=["quick", "slow", "very slow"]
)
def test_what_takes_long_to_commit_is_committed_less_often(
    took_s: float, commits_after: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("searchapp.archive.adding.time", SimpleNamespace(monotonic=lambda: now))
    settings = Settings(batch_articles=10, commit_every_s=30, processes=1)
    done: list[int] = []
    read = 0

    def articles() -> Iterator[Article]:
        nonlocal now, read
        for read in range(1, 111):
            # Ten articles are read in ten seconds.
            now += 1
            yield Article(f"n{read}", "x")

    def committed() -> None:
        nonlocal now
        now += took_s
        done.append(read)

    add(MemoryEngine(), articles(), settings, recognise=False, committed=committed)
    assert done == commits_after


def test_a_run_waits_no_longer_than_ten_times_as_long_to_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("searchapp.archive.adding.time", SimpleNamespace(monotonic=lambda: now))
    done: list[float] = []

    def articles() -> Iterator[Article]:
        nonlocal now
        for number in range(100):
            now += 1
            yield Article(f"n{number}", "x")

    def committed() -> None:
        nonlocal now
        done.append(now)
        now += 1000

    add(
        MemoryEngine(),
        articles(),
        Settings(batch_articles=1, commit_every_s=2, processes=1),
        recognise=False,
        committed=committed,
    )
    assert done == [2 + 1020 * number for number in range(5)]


def test_articles_that_a_script_adds_are_one_commit(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True, settings=SMALL) as archive:
        counts = [len(archive)]

        def articles() -> list[Article]:
            return [Article(f"n{number}", "x") for number in range(50)]

        def watched() -> object:
            for article in articles():
                counts.append(len(archive))
                yield article

        archive.add(watched(), recognise=False)  # type: ignore[arg-type]
        assert set(counts) == {0}
        assert len(archive) == 50


def test_names_are_kept_with_every_commit(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    rows = [{"id": f"n{number}", "body": "x", "people": ["Nikol Pashinyan"]} for number in range(45)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with Archive.open(tmp_path / "index", create=True, settings=SMALL) as archive:

        def look(report: IndexReport, _share: float) -> None:
            if report.committed:
                generation = kept_generation(tmp_path / "index" / "names.json")
                assert generation
                assert archive.generation.startswith(generation)

        archive.add_files(path, recognise=False, progress=look)


def test_pruning_comes_with_the_last_commit(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    lines(folder / "a.jsonl", 30)
    with Archive.open(tmp_path / "index", create=True, settings=SMALL) as archive:
        archive.add_files(folder, recognise=False)
        (folder / "a.jsonl").unlink()
        lines(folder / "b.jsonl", 45, start=100)
        counts: list[int] = []
        report = archive.add_files(
            folder,
            recognise=False,
            prune=True,
            allow_large_prune=True,
            progress=lambda report, _: counts.append(len(archive)),
        )
        assert counts == [30, 50, 50, 70, 70]
        assert (report.added, report.removed, len(archive)) == (45, 30, 45)


@pytest.mark.parametrize("kind", ["memory", "whoosh"])
def test_a_commit_on_the_way_is_seen_and_one_that_is_not_made_is_not(tmp_path: Path, kind: str) -> None:
    engine: Engine = (
        MemoryEngine() if kind == "memory" else WhooshEngine.open(tmp_path / "index", create=True, timeout_s=5)
    )
    commits: list[int] = []
    add(
        engine,
        [Article(f"n{number}", "x") for number in range(45)],
        SMALL,
        recognise=False,
        committed=lambda: commits.append(len(engine.state())),
    )
    assert commits == [20, 40]
    assert len(engine.state()) == 45
    engine.close()


def test_a_folder_or_glob_that_is_named_counts_what_is_gone_from_it_alone(tmp_path: Path) -> None:
    for folder in ("may", "may[1]", "june"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(f"Talks in {folder}\n\nThey met.")
        (tmp_path / folder / "b.md").write_text(f"# Votes in {folder}\n\nThey met.")
    with Archive.open(tmp_path / "index", create=True) as archive:
        archive.add_files(*(tmp_path / folder for folder in ("may", "may[1]", "june")), recognise=False)
        assert len(archive) == 6
        for folder in ("may", "may[1]", "june"):
            (tmp_path / folder / "b.md").unlink()
        assert archive.add_files(tmp_path / "may", recognise=False).gone == 1
        assert archive.add_files(tmp_path / "may[1]", recognise=False).gone == 1
        assert archive.add_files(tmp_path / "*" / "*.txt", recognise=False).gone == 0
        assert archive.add_files(tmp_path / "ma*" / "*", recognise=False, prune=True).removed == 2
        assert len(archive) == 4
