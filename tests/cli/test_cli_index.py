from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from searchapp import Archive
from searchapp.model.result import IndexReport

Run = Callable[..., Result]


def count(folder: Path) -> int:
    with Archive.open(folder / "index") as archive:
        return len(archive)


def test_the_last_line_is_the_summary(desk: Path, run: Run) -> None:
    result = run("index", "seeds")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "5 added, 0 updated, 0 unchanged, 0 skipped; 5 articles in 'index'"


def test_the_summary_is_the_result_and_all_else_goes_to_stderr(desk: Path, run: Run) -> None:
    (desk / "seeds" / "empty.txt").touch()
    result = run("index", "seeds")
    assert result.stdout.count("\n") == 1
    assert "empty.txt" in result.stderr


def test_indexing_again_adds_nothing(desk: Path, run: Run) -> None:
    run("index", "seeds")
    assert run("index", "seeds").stdout.startswith("0 added, 0 updated, 5 unchanged, 0 skipped; 5 articles")


def test_a_skipped_file_is_a_warning_with_path_and_reason(desk: Path, run: Run) -> None:
    (desk / "seeds" / "noise.bin").write_bytes(bytes(range(256)) * 40)
    result = run("index", "seeds")
    assert result.exit_code == 0
    warning, note = result.stderr.splitlines()
    assert note == "Note: read, but without a date: 1"
    assert warning.startswith(f"Warning: skipped {desk / 'seeds' / 'noise.bin'}: binary")
    assert "1 skipped" in result.stdout


def test_a_missing_path_beside_a_good_one_is_a_warning(desk: Path, run: Run) -> None:
    result = run("index", "seeds", "nowhere")
    assert result.exit_code == 0
    assert "nowhere: no such file or folder" in result.stderr


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 999])
def test_a_run_that_could_read_nothing_fails(desk: Path, run: Run, content: bytes) -> None:
    (desk / "only.txt").write_bytes(content)
    result = run("index", "only.txt")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1] == "Error: no article could be read from 'only.txt'; check the paths"


def test_an_empty_folder_fails(desk: Path, run: Run) -> None:
    (desk / "void").mkdir()
    assert run("index", "void").exit_code == 1


def test_strict_makes_a_skipped_file_a_failure(desk: Path, run: Run) -> None:
    (desk / "seeds" / "empty.txt").touch()
    result = run("index", "seeds", "--strict")
    assert result.exit_code == 1
    assert "Error: 1 file skipped under --strict; the others are indexed" in result.stderr
    assert count(desk) == 5


def test_strict_without_a_skipped_file_succeeds(desk: Path, run: Run) -> None:
    assert run("index", "seeds", "--strict").exit_code == 0


def test_articles_that_are_gone_are_kept_and_named(desk: Path, run: Run) -> None:
    run("index", "seeds")
    next((desk / "seeds" / "caucasus").iterdir()).unlink()
    result = run("index", "seeds")
    assert "Note: 1 article indexed earlier is no longer in these files and kept" in result.stderr
    assert "--prune" in result.stderr
    assert count(desk) == 5


def test_prune_removes_articles_that_are_gone(desk: Path, run: Run) -> None:
    run("index", "seeds")
    next((desk / "seeds" / "caucasus").iterdir()).unlink()
    result = run("index", "seeds", "--prune")
    assert "1 removed" in result.stdout
    assert "Warning" not in result.stderr
    assert count(desk) == 4


def test_map_names_the_column_of_a_field(desk: Path, run: Run) -> None:
    (desk / "odd.csv").write_text("Schlagzeile,Inhalt\nHello Lima,The text of it\n", encoding="utf-8")
    result = run("index", "odd.csv", "--map", "title=Schlagzeile", "--map", "body=Inhalt")
    assert result.exit_code == 0, result.output
    assert json.loads(run("search", "--json").stdout)["hits"][0]["title"] == "Hello Lima"


@pytest.mark.parametrize("pair", ["title", "title=", "=Headline", "colour=Red"])
def test_a_map_that_cannot_be_read_is_a_misuse(desk: Path, run: Run, pair: str) -> None:
    result = run("index", "seeds", "--map", pair)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_without_recognition_only_assigned_names_count(desk: Path, run: Run) -> None:
    run("index", "seeds", "--no-recognise")
    places = json.loads(run("facets", "places", "--json").stdout)["values"]
    assert [(value["label"], value["count"]) for value in places] == [("York", 2), ("Lima", 1)]


def test_with_recognition_names_of_the_text_count_too(desk: Path, run: Run) -> None:
    run("index", "seeds")
    values = json.loads(run("facets", "places", "--json").stdout)["values"]
    assert "Armenia" in {value["label"] for value in values}


def test_no_path_is_a_misuse(desk: Path, run: Run) -> None:
    assert run("index").exit_code == 2


def test_the_index_folder_comes_from_the_environment(desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHAPP_INDEX", str(desk / "elsewhere"))
    run("index", "seeds")
    assert (desk / "elsewhere").is_dir()
    assert not (desk / "index").exists()


def test_the_option_wins_over_the_environment(desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHAPP_INDEX", str(desk / "elsewhere"))
    run("index", "seeds", "--index", "mine")
    assert (desk / "mine").is_dir()
    assert not (desk / "elsewhere").exists()


def test_a_file_name_cannot_steer_the_terminal(desk: Path, run: Run) -> None:
    (desk / "seeds" / "a\x1b[2Jb\nc.txt").touch()
    result = run("index", "seeds")
    assert "\x1b" not in result.stderr
    assert sum(line.startswith("Warning") for line in result.stderr.splitlines()) == 1
    assert len(result.stderr.splitlines()) == 2


def test_another_recogniser_is_used_when_it_is_named(desk: Path, run: Run) -> None:
    spacy = pytest.importorskip("spacy", reason="needs spaCy; pip install 'searchapp[spacy]'")
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Brandt"}])
    pipeline.to_disk(desk / "pipeline")
    (desk / "town.txt").write_text("The harbour\n\nBrandt spoke in London on Monday.\n", encoding="utf-8")
    assert run("index", "town.txt", "--recogniser", f"spacy:{desk / 'pipeline'}").exit_code == 0
    with Archive.open(desk / "index") as archive:
        assert [value.label for value in archive.facet("people").values] == ["Brandt"]
        assert archive.facet("places").values == ()
    assert run("index", "town.txt").stdout.startswith("0 added, 1 updated")
    with Archive.open(desk / "index") as archive:
        assert [value.label for value in archive.facet("places").values] == ["London"]


def test_an_unknown_recogniser_is_an_error_that_names_the_choices(desk: Path, run: Run) -> None:
    result = run("index", "seeds", "--recogniser", "magic")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("Error: there is no recogniser 'magic'; use tagger or spacy:")


@pytest.mark.parametrize(
    ("committed", "said"),
    [
        (0, "nothing of this run is in the index yet; start it again with: searchapp index seeds"),
        (1, "1 article of this run is in the index; it goes on from there with: searchapp index seeds"),
        (12_000, "12,000 articles of this run are in the index; it goes on from there with: searchapp index seeds"),
    ],
)
def test_a_run_stopped_by_hand_says_what_was_kept(
    desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch, committed: int, said: str
) -> None:
    def stopped(_archive: Archive, *_: object, progress: Callable[..., None], **__: object) -> None:
        progress(IndexReport(added=committed + 7, committed=committed), 0.5)
        raise KeyboardInterrupt

    monkeypatch.setattr(Archive, "add_files", stopped)
    result = run("index", "seeds")
    assert result.exit_code == 130
    assert f"Note: {said}\n" in result.stderr
    assert result.stderr.endswith("\nstopped\n")


def test_pruning_a_large_part_needs_to_be_said_where_nobody_can_be_asked(desk: Path, run: Run) -> None:
    for number in range(30):
        (desk / "seeds" / f"{number}.txt").write_text(f"Fog {number}\n\nIt came at {number}.\n", encoding="utf-8")
    run("index", "seeds", "--no-recognise")
    for number in range(12):
        (desk / "seeds" / f"{number}.txt").unlink()
    refused = run("index", "seeds", "--no-recognise", "--prune")
    assert (refused.exit_code, "--yes" in refused.stderr) == (2, True)
    done = run("index", "seeds", "--no-recognise", "--prune", "--yes")
    assert (done.exit_code, "12 removed" in done.stdout) == (0, True)
    assert done.stdout.count("\nremoved ") + done.stdout.startswith("removed ") == 12


def test_a_folder_with_its_own_index_is_indexed_without_a_warning(desk: Path, run: Run) -> None:
    run("index", "seeds", "--no-recognise")
    done = run("index", ".", "--no-recognise")
    assert (done.exit_code, "Warning" in done.stderr) == (0, False)
    assert "0 skipped, 1 passed over" in done.stdout
