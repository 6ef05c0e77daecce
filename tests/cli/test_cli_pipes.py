"""Exports, pipes and arguments as scripts use them."""

from __future__ import annotations

import json
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from searchapp import Archive

Run = Callable[..., Result]


def in_shell(environment: dict[str, str], words: tuple[str, ...], rest: str) -> subprocess.CompletedProcess[bytes]:
    command = f"{shlex.join([sys.executable, '-m', 'searchapp', *words])} {rest}"
    return subprocess.run(["bash", "-c", command], env=environment, capture_output=True, timeout=120)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    ("words", "rest"),
    [
        (("search", "york"), ">&-"),
        (("search", "york", "--json"), ">/dev/full"),
        (("export",), ">&-"),
        (("export", "--format", "csv"), ">/dev/full"),
        (("facets", "people"), ">&-"),
        (("--version",), ">/dev/full"),
        (("--help",), ">&-"),
        (("stats",), ">/dev/full"),
        (("export", "--output", "/dev/full"), ""),
    ],
    ids=str,
)
def test_a_closed_or_full_output_is_one_line_and_an_exit_code(
    archive_desk: Path, environment: dict[str, str], words: tuple[str, ...], rest: str
) -> None:
    done = in_shell(environment, words, rest)
    said = done.stderr.decode().splitlines()
    assert (done.returncode, len(said), said[0][:7]) == (1, 1, "Error: ")


@pytest.mark.parametrize("rest", ["| true", "2>&-", "2>/dev/full >/dev/null"])
def test_a_reader_who_has_enough_and_notes_that_nobody_can_read_are_no_failure(
    archive_desk: Path, environment: dict[str, str], rest: str
) -> None:
    if "full" in rest and not Path("/dev/full").exists():
        pytest.skip("needs a device that is always full")
    # The note about the quote is for standard error.
    done = in_shell(environment, ("search", "york" if "|" in rest else 'york "', "--json"), rest)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "words", [("export",), ("export", "--format", "csv"), ("search", "oil", "--json"), ("show", "l")]
)
def test_redirected_output_keeps_every_letter_whatever_the_locale(
    desk: Path, run: Run, environment: dict[str, str], words: tuple[str, ...]
) -> None:
    (desk / "l.jsonl").write_text(json.dumps({"id": "l", "title": "Łódź: čaj", "body": "Oil."}), encoding="utf-8")
    run("index", "l.jsonl", "--no-recognise")
    done = in_shell(environment | {"PYTHONIOENCODING": "cp1252", "LC_ALL": "C"}, words, "")
    assert "Łódź: čaj" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("name", ["out.zip7", "out.json", "out.csv.gz", "out.txt", "out.xlsx"])
def test_an_ending_that_is_no_format_is_an_error_that_names_the_formats(
    archive_desk: Path, run: Run, name: str
) -> None:
    done = run("export", "--output", name)
    assert (done.exit_code, (archive_desk / name).exists()) == (2, False)
    assert all(f".{ending}" in done.stderr for ending in ("csv", "jsonl", "bib", "ris"))
    assert run("export", "--output", name, "--format", "csv").exit_code == 0


@pytest.mark.parametrize(("name", "begins"), [("a.csv", "id,"), ("a.JSONL", "{"), ("a.ndjson", "{"), ("a", "{")])
def test_an_ending_says_what_is_written(archive_desk: Path, run: Run, name: str, begins: str) -> None:
    done = run("export", "--output", name)
    assert "4 articles" in done.stderr
    assert (archive_desk / name).read_text(encoding="utf-8").startswith(begins)


@pytest.mark.parametrize(("form", "ending", "begins"), [("bibtex", "bib", "@article"), ("ris", "ris", "TY  - NEWS")])
def test_citations_are_exported_too(archive_desk: Path, run: Run, form: str, ending: str, begins: str) -> None:
    run("export", "--output", f"out.{ending}")
    written = (archive_desk / f"out.{ending}").read_bytes().decode("utf-8")
    assert written.count(begins) == 4
    assert run("export", "--format", form).stdout_bytes.decode("utf-8") == written


def test_an_export_writes_through_a_link_and_keeps_the_mode_of_the_file(archive_desk: Path, run: Run) -> None:
    real = archive_desk / "real.csv"
    real.write_text("x", encoding="utf-8")
    real.chmod(0o600)
    (archive_desk / "out.csv").symlink_to("real.csv")
    assert run("export", "--output", "out.csv").exit_code == 0
    assert (archive_desk / "out.csv").is_symlink()
    assert (real.read_text(encoding="utf-8")[:3], stat.S_IMODE(real.stat().st_mode)) == ("id,", 0o600)


def test_what_is_exported_and_read_again_keeps_its_order_within_a_day(desk: Path, run: Run) -> None:
    lines = [
        json.dumps({"id": f"t-{hour}", "title": "T", "body": "Tide.", "published": f"2023-09-04T{hour:02}:00:00Z"})
        for hour in (14, 8, 20)
    ]
    (desk / "t.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run("index", "t.jsonl", "--no-recognise", "--index", "one")
    for name in ("o.jsonl", "o.csv"):
        run("export", "--index", "one", "--output", name)
        run("index", name, "--no-recognise", "--index", f"two-{name}")
        found = run("search", "--ids", "--sort", "newest", "--index", f"two-{name}").stdout.split()
        assert found == ["t-20", "t-14", "t-8"]


@pytest.mark.parametrize("variable", [True, False])
def test_the_home_folder_is_expanded(desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch, variable: bool) -> None:
    monkeypatch.setenv("HOME", str(desk / "home"))
    if variable:
        monkeypatch.setenv("SEARCHAPP_INDEX", "~/idx")
    given = () if variable else ("--index=~/idx",)
    assert run("index", "seeds/articles.jsonl", "--no-recognise", *given).exit_code == 0
    assert run("export", "--output", "~/out.csv", *given).exit_code == 0
    assert run("check", *given).exit_code == 0
    assert (desk / "home" / "idx").is_dir()
    assert (desk / "home" / "out.csv").is_file()
    assert not (desk / "~").exists()


@pytest.mark.parametrize(
    "words", [("nothere",), ("broken.json",), ("seeds", "--recogniser", "spacy:nothere"), ("none*",)]
)
def test_an_index_that_could_not_be_made_is_not_left_behind(desk: Path, run: Run, words: tuple[str, ...]) -> None:
    (desk / "broken.json").write_text("{", encoding="utf-8")
    assert run("index", *words).exit_code == 1
    assert not (desk / "index").exists()
    assert "no index" in run("search", "x").stderr


def test_what_stood_in_the_folder_of_such_an_index_stays(desk: Path, run: Run) -> None:
    (desk / "index").mkdir()
    (desk / "index" / "mine.txt").write_text("mine", encoding="utf-8")
    assert run("index", "nothere").exit_code == 1
    assert [path.name for path in (desk / "index").iterdir()] == ["mine.txt"]


def test_an_index_that_was_made_before_stays_when_nothing_could_be_read(archive_desk: Path, run: Run) -> None:
    assert run("index", "nothere").exit_code == 1
    assert "4 articles" in run("search", "").stdout or Archive.open("index").search("").total == 4


@pytest.mark.parametrize(
    "words",
    [("york", "-floods"), ("-floods", "york"), ("york", "-floods", "--sort", "newest"), ("--", "york", "-floods")],
)
def test_a_word_that_begins_with_a_dash_is_left_out(archive_desk: Path, run: Run, words: tuple[str, ...]) -> None:
    done = run("search", "--ids", *words)
    assert (done.exit_code, done.stdout.split()) == (0, ["york-1"])
    assert run("export", *words).stdout.count("\n") == 1


@pytest.mark.parametrize("words", [("-x",), ("--plcae", "York"), ("-n", "5")])
def test_what_looks_like_an_option_and_is_none_is_still_told(
    archive_desk: Path, run: Run, words: tuple[str, ...]
) -> None:
    done = run("search", "york", *words)
    assert (done.exit_code, "No such option" in done.stderr) == (2, True)


def test_the_value_of_an_option_may_begin_with_a_dash(archive_desk: Path, run: Run) -> None:
    assert run("search", "--person", "-Ann", "--ids").exit_code == 0
    assert run("search", "-h").stdout.startswith("Usage")
