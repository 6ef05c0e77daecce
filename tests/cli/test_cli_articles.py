from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from searchapp import Archive, Article

Run = Callable[..., Result]

TALKS = "seeds/caucasus/2023-09-22-karabakh-talks.txt"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_show_prints_an_article_with_its_names(archive_desk: Path, run: Run) -> None:
    text = run("show", "york-1").stdout
    assert text.startswith("Ceasefire talks open in York\n")
    assert "published      2023-09-22 (from its metadata)\n" in text
    assert "\nAnn Lee met Bo Chan in York on Friday. The ceasefire talks go on.\n" in text
    assert "people         Ann Lee, Bo Chan\nplaces         York\n" in text


def test_show_json_has_every_field_and_each_mention_in_its_place(desk: Path, run: Run) -> None:
    run("index", TALKS)
    (article_id,) = run("search", "--ids").stdout.split()
    printed = json.loads(run("show", article_id, "--json").stdout)
    assert printed["id"] == article_id
    assert "Armenia" in printed["places"]
    assert printed["mentions"]
    for mention in printed["mentions"]:
        assert printed["body"][mention["start"] : mention["end"]] == mention["text"]


def test_show_of_an_unknown_id_fails_with_the_next_step(archive_desk: Path, run: Run) -> None:
    result = run("show", "nope")
    assert result.exit_code == 1
    assert result.stderr == "Error: no article has the id 'nope'; find ids with: searchapp search WORDS --json\n"


def test_extract_json_has_mentions_and_names_with_their_forms(desk: Path, run: Run) -> None:
    printed = json.loads(run("extract", TALKS, "--json").stdout)
    assert list(printed)[:4] == ["mentions", "people", "places", "organisations"]
    people = {name["label"]: name for name in printed["people"]}
    assert people["Nikol Pashinyan"]["count"] == 2
    assert set(people["Nikol Pashinyan"]["forms"]) == {"Nikol Pashinyan", "Pashinyan"}
    assert {"Armenia", "Yerevan"} <= {name["label"] for name in printed["places"]}


def test_extract_offsets_count_characters_of_the_texts_it_prints(desk: Path, run: Run) -> None:
    printed = json.loads(run("extract", TALKS, "--json").stdout)
    texts = {article["id"]: article for article in printed["articles"]}
    assert printed["mentions"]
    for mention in printed["mentions"]:
        text = texts[mention["article"]][mention["field"]]
        assert text[mention["start"] : mention["end"]] == mention["text"]


def test_extract_says_why_a_text_in_another_language_has_no_names(desk: Path, run: Run) -> None:
    (desk / "pont.txt").write_text(
        "Le maire Paul Morel a dit que le pont sur la Loire est fermé et que les travaux durent."
    )
    result = run("extract", "pont.txt")
    assert "it is in French; names are recognised in English texts only" in result.stderr
    assert "people: none" in result.stdout


def test_extract_counts_are_mentions(desk: Path, run: Run) -> None:
    printed = json.loads(run("extract", TALKS, "--json").stdout)
    counted = sum(name["count"] for facet in ("people", "places", "organisations") for name in printed[facet])
    assert counted == len(printed["mentions"])


def test_extract_is_readable_and_touches_no_index(desk: Path, run: Run) -> None:
    text = run("extract", TALKS).stdout
    assert "  2  Nikol Pashinyan (Pashinyan)\n" in text
    assert not (desk / "index").exists()


def test_extract_keeps_the_order_of_the_articles_of_a_file(desk: Path, run: Run) -> None:
    printed = json.loads(run("extract", "seeds/articles.jsonl", "--json").stdout)
    assert [article["id"] for article in printed["articles"]] == ["york-1", "york-2", "lima-1", "plain"]


@pytest.mark.parametrize("content", [None, b"", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_extract_of_an_unreadable_file_fails_with_its_reason(desk: Path, run: Run, content: bytes | None) -> None:
    if content is not None:
        (desk / "bad.txt").write_bytes(content)
    result = run("extract", "bad.txt")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: 'bad.txt' cannot be read: ")


def test_export_streams_every_hit_in_order(archive_desk: Path, run: Run) -> None:
    lines = run("export", "--sort", "oldest").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["lima-1", "york-1", "york-2", "plain"]


def test_export_takes_query_and_filters(archive_desk: Path, run: Run) -> None:
    lines = run("export", "york", "--person", "Bo Chan").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["york-1"]


def test_export_csv_has_a_heading_and_lists_in_one_cell(archive_desk: Path, run: Run) -> None:
    (row,) = rows(run("export", "ceasefire", "--format", "csv").stdout)
    assert row["title"] == "Ceasefire talks open in York"
    assert row["published"] == "2023-09-22"
    assert row["people"] == "Ann Lee; Bo Chan"
    assert row["body"].startswith("Ann Lee met")


def test_export_of_nothing_is_an_empty_table(archive_desk: Path, run: Run) -> None:
    assert rows(run("export", "xylophone", "--format", "csv").stdout) == []
    assert run("export", "xylophone").stdout == ""


def test_export_chooses_the_format_by_the_ending_of_the_file(archive_desk: Path, run: Run) -> None:
    result = run("export", "--output", "out.csv")
    assert result.stdout == ""
    assert result.stderr == "Note: 4 articles written to 'out.csv'\n"
    assert len(rows((archive_desk / "out.csv").read_text(encoding="utf-8"))) == 4
    run("export", "--output", "out.jsonl")
    assert len((archive_desk / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_export_wrote_can_be_indexed_again(archive_desk: Path, run: Run, form: str) -> None:
    run("export", "--output", f"out.{form}")
    run("index", f"out.{form}", "--index", "copy", "--no-recognise")
    for facet in ("people", "places", "organisations", "topics", "sources", "languages"):
        assert run("facets", facet, "--index", "copy").stdout == run("facets", facet).stdout


def test_an_export_that_fails_leaves_no_half_file(
    archive_desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (archive_desk / "out.csv").write_text("kept", encoding="utf-8")

    def fail(*_: object) -> object:
        yield Article(id="a", body="b")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Archive, "matches", fail)
    result = run("export", "--output", "out.csv")
    assert (result.exit_code, result.stderr) == (1, "Error: 'out.csv': no space left on device\n")
    assert (archive_desk / "out.csv").read_text(encoding="utf-8") == "kept"
    assert not list(archive_desk.glob("*.part"))


def test_an_export_into_a_missing_folder_names_the_file(archive_desk: Path, run: Run) -> None:
    result = run("export", "--output", "missing/out.csv")
    assert (result.exit_code, result.stderr) == (1, "Error: 'missing/out.csv': no such file or directory\n")
