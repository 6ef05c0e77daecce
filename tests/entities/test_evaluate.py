"""The evaluation: alignment, scores by kind, facet sets, merge quality, the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from searchapp.entities.recognising.base import Span
from searchapp.errors import UsageError
from searchapp.training import evaluate
from searchapp.training.evaluate import entity_scores, facet_scores, merge_scores, read_articles

TOKENS = (
    "-DOCSTART-\tO\n\nRuben\tB-PER\nVardanyan\tI-PER\nleft\tO\nArmenia\tB-LOC\n.\tO\n\n"
    "Vardanyan\tB-PER\nspoke\tO\n.\tO\n"
)
TEXT = "Ruben  Vardanyan left Armenia.\n\nVardanyan spoke.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.iob2").write_text(TOKENS, encoding="utf-8")
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "odd.iob2").write_text("Baku\tB-LOC\n", encoding="utf-8")
    (tmp_path / "odd.txt").write_text("Yerevan", encoding="utf-8")
    return tmp_path


def test_tokens_become_stretches_of_characters_and_misfits_are_named(folder: Path) -> None:
    (article,), misfits = read_articles(folder)
    assert [(TEXT[start:end], kind) for start, end, kind in article.spans] == [
        ("Ruben  Vardanyan", "person"),
        ("Armenia", "place"),
        ("Vardanyan", "person"),
    ]
    assert misfits == ["odd"]


def test_a_name_counts_only_with_both_ends_and_kind_right(folder: Path) -> None:
    articles, _ = read_articles(folder)
    start = TEXT.index("Armenia")
    found = [[Span(0, 5, "person", 1.0), Span(start, start + 7, "place", 1.0), Span(32, 41, "organisation", 1.0)]]
    scores = entity_scores(articles, found)
    assert (scores["person"].right, scores["person"].wrong, scores["person"].missed) == (0, 1, 2)
    assert scores["place"].f1 == 1
    assert scores["organisation"].precision == 0
    assert scores["all"].f1 == pytest.approx(1 / 3)


def test_facets_count_a_repeated_name_once(folder: Path) -> None:
    articles, _ = read_articles(folder)
    found = [[Span(start, end, kind, 1.0) for start, end, kind in articles[0].spans[1:]]]
    scores = facet_scores(articles, found)
    assert (scores["all"].right, scores["all"].missed) == (2, 1)


def test_merging_everything_has_full_recall_and_poor_precision() -> None:
    gold = [[(0, 1), (2, 3)], [(4, 5), (6, 7)]]
    one = merge_scores([(gold, dict.fromkeys([(0, 1), (2, 3), (4, 5), (6, 7)], "x"))])
    assert one["pairwise_recall"] == one["bcubed_recall"] == 1
    assert one["pairwise_precision"] == pytest.approx(1 / 3)
    assert one["bcubed_precision"] == pytest.approx(1 / 2)
    right = merge_scores([(gold, {(0, 1): "a", (2, 3): "a", (4, 5): "b", (6, 7): "b", (8, 9): "c"})])
    assert set(right.values()) == {1.0}


def test_the_command_prints_a_table_and_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate.main(["--data", str(folder)])
    table = capsys.readouterr().out
    assert "1 articles, 1 left out" in table
    assert "organisation" in table
    evaluate.main(["--data", str(folder), "--json"])
    values = json.loads(capsys.readouterr().out)
    assert values["left_out"] == ["odd"]
    assert values["entities"]["person"]["recall"] > 0.4


def test_grouped_names_score_the_joining(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Ruben Vardanyan left. Vardanyan met Jane Doe."
    entities = [
        {"kind": "PER", "mentions": [[0, 15], [22, 31]]},
        {"kind": "PER", "mentions": [[36, 44]]},
    ]
    (tmp_path / "some.jsonl").write_text(json.dumps({"text": text, "entities": entities}) + "\n", encoding="utf-8")
    evaluate.main(["--data", str(tmp_path), "--json"])
    assert set(json.loads(capsys.readouterr().out)["merging"].values()) == {1.0}
    evaluate.main(["--data", str(tmp_path)])
    assert "pairwise" in capsys.readouterr().out


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no annotated articles"):
        read_articles(tmp_path)
