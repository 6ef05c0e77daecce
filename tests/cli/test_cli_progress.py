from __future__ import annotations

import itertools

import pytest

from searchapp.cli import progress
from searchapp.model.result import IndexReport, Skipped


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "1 s"), (0.2, "1 s"), (59.4, "59 s"), (61, "1 min"), (3599, "1 h"), (3660, "1 h 1 min"), (7200, "2 h")],
)
def test_a_duration_is_in_the_units_that_matter(seconds: float, shown: str) -> None:
    assert progress.duration(seconds) == shown


def test_without_a_terminal_there_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = itertools.count(step=2.0)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.shown_progress() as callback:
        for done in range(1, 7):
            callback(IndexReport(added=done * 100), done / 8)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "300 articles, 50 a second, about 10 s left",
        "600 articles, 50 a second, about 4 s left",
    ]


def test_progress_says_what_is_committed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = itertools.count(step=5.0)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.shown_progress() as callback:
        callback(IndexReport(added=15_000, committed=12_000), 0.5)
    assert capsys.readouterr().err == "15,000 articles, 3,000 a second, 12,000 committed, about 5 s left\n"


def test_each_skipped_file_is_warned_of_once(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = Skipped("/a", "empty"), Skipped("/b", "binary")
    with progress.shown_progress() as callback:
        callback(IndexReport(skipped=(first,)), 0.3)
        callback(IndexReport(skipped=(first,)), 0.6)
        callback(IndexReport(skipped=(first, second)), 1.0)
    assert capsys.readouterr().err == "Warning: skipped /a: empty\nWarning: skipped /b: binary\n"
