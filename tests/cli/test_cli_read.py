"""What would be read, and what was left out: `read`, `index --dry-run` and the reports of a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_read_prints_the_articles_of_one_file(desk: Path, run: Run) -> None:
    (desk / "a.csv").write_text("title,date,text\nA,2023-09-22,One\nB,spring,Two\n,,\n", encoding="utf-8")
    result = run("read", "a.csv")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert [(item["title"], item["published"]) for item in told["articles"]] == [("A", "2023-09-22"), ("B", None)]
    assert [(item["place"], "spring" in item["reason"]) for item in told["noted"]] == [("line 3", True)]
    assert not (desk / "index").exists()


def test_read_maps_columns_and_fails_where_nothing_is_read(desk: Path, run: Run) -> None:
    (desk / "a.csv").write_text("kicker,copy\nA,One\n", encoding="utf-8")
    assert run("read", "a.csv").exit_code == 1
    told = json.loads(run("read", "a.csv", "--map", "body=copy").stdout)
    assert told["articles"][0]["body"] == "One"


def test_a_dry_run_says_what_would_be_read_as_what_and_stores_nothing(desk: Path, run: Run) -> None:
    folder = desk / "news"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"Story {number}\n\nDelegates met.\n\nThey parted.", encoding="utf-8")
    (folder / "table.csv").write_text("title,date\nA,2023-09-22\nB,2023-09-23\n", encoding="utf-8")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    result = run("index", "news", "--dry-run")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "plain text: 5 articles in 5 files"
    assert [line.split()[0] for line in lines[1:4]] == ["undated"] * 3
    assert lines[4] == "CSV or TSV: 2 articles in 1 file"
    assert lines[-1] == "7 articles would be read, 1 skipped, 5 without a date"
    assert "a PNG image" in result.stderr
    assert not (desk / "index").exists()


def test_a_run_sums_up_what_was_skipped_and_what_has_no_date(desk: Path, run: Run) -> None:
    folder = desk / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Story\n\nDelegates met.\n\nThey parted.", encoding="utf-8")
    for number in range(4):
        (folder / f"{number}.xyz").write_text("text", encoding="utf-8")
    result = run("index", "news", "--no-recognise")
    assert "read, but without a date: 1" in result.stderr
    assert "skipped 4: unknown type …; convert it to one of" in result.stderr
