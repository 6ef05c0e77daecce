"""Of several versions of one article the newest counts, whatever the order in which their files are read."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from searchapp import Archive, Article, Settings


def feed(title: str, hour: str = "", category: str = "Sea") -> str:
    day = f"<pubDate>Mon, 04 Sep 2023 {hour}:00:00 GMT</pubDate>" if hour else ""
    return (
        f'<rss version="2.0"><channel><title>F</title><item><title>{title}</title>{day}<category>{category}</category>'
        f'<guid isPermaLink="false">urn:x:1</guid><description>{title} came in at noon.</description></item>'
        "</channel></rss>"
    )


@pytest.mark.parametrize("batch", [1, 512])
@pytest.mark.parametrize("names", list(itertools.permutations(["a.xml", "b.xml", "c.xml"]))[::2])
def test_the_newest_version_counts_and_reading_again_changes_nothing(
    tmp_path: Path, names: tuple[str, ...], batch: int
) -> None:
    for name, hour in zip(names, ("10", "14", "12"), strict=True):
        (tmp_path / name).write_text(feed(f"Fog {hour}", hour), encoding="utf-8")
    archive = Archive.open(":memory:")
    archive._settings = Settings(batch_articles=batch, processes=1)
    archive.add_files(tmp_path, recognise=False)
    assert [hit.article.title for hit in archive.search("").hits] == ["Fog 14"]
    for paths in ([tmp_path], [tmp_path / name for name in names], [tmp_path / name for name in reversed(names)]):
        again = archive.add_files(*paths, recognise=False)
        assert (again.added, again.updated, again.unchanged) == (0, 0, 3)
    assert [hit.article.title for hit in archive.search("").hits] == ["Fog 14"]


def test_without_dates_the_same_version_counts_in_every_order(tmp_path: Path) -> None:
    for name, category in (("a.xml", "Sea"), ("b.xml", "Weather")):
        (tmp_path / name).write_text(feed("Fog", category=category), encoding="utf-8")
    kept = set()
    for order in (("a.xml", "b.xml"), ("b.xml", "a.xml")):
        archive = Archive.open(":memory:")
        archive.add_files(*(tmp_path / name for name in order), recognise=False)
        kept.add(archive.search("").hits[0].article.topics)
        again = archive.add_files(tmp_path, recognise=False)
        assert (again.added, again.updated) == (0, 0)
    assert len(kept) == 1


def test_a_new_text_under_a_known_path_is_an_update_even_where_it_is_dated_earlier(tmp_path: Path) -> None:
    archive = Archive.open(":memory:")
    for hour in ("14", "10"):
        (tmp_path / "a.xml").write_text(feed(f"Fog {hour}", hour), encoding="utf-8")
        archive.add_files(tmp_path, recognise=False)
        assert archive.search("").hits[0].article.title == f"Fog {hour}"


def test_an_article_whose_file_was_moved_and_changed_is_an_update(tmp_path: Path) -> None:
    archive = Archive.open(":memory:")
    for name, title in (("b.xml", "Fog"), ("a.xml", "Fog again"), ("c.xml", "No fog")):
        for old in tmp_path.glob("*.xml"):
            old.unlink()
        (tmp_path / name).write_text(feed(title), encoding="utf-8")
        archive.add_files(tmp_path, recognise=False)
        assert archive.search("").hits[0].article.title == title


def test_of_articles_that_a_script_gives_the_last_counts() -> None:
    archive = Archive.open(":memory:")
    report = archive.add([Article(id="a", body=text) for text in ("Fog.", "Rain.")], recognise=False)
    assert (report.added, archive.get("a").body) == (1, "Rain.")
    assert archive.add([Article(id="a", body="Fog.")], recognise=False).updated == 1


PLACEHOLDERS = ["N/A", "n/a", "-", "--", "0", "0.0", "None", "null", "nan", "NULL", "unknown", "http://", "…", "#"]


@pytest.mark.parametrize("field", ["id", "url", "guid"])
@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_a_placeholder_is_no_identity(tmp_path: Path, placeholder: str, field: str) -> None:
    rows = [{"title": f"T{number}", "body": f"Words {number}.", field: placeholder} for number in range(3)]
    (tmp_path / "a.json").write_text(json.dumps(rows), encoding="utf-8")
    archive = Archive.open(":memory:")
    assert archive.add_files(tmp_path, recognise=False).added == 3
    assert archive.add_files(tmp_path, recognise=False).unchanged == 3


def test_where_the_id_is_a_placeholder_the_address_tells_articles_apart(tmp_path: Path) -> None:
    row = {"title": "T", "body": "Words.", "id": "N/A", "url": "https://example.org/1"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    archive = Archive.open(":memory:")
    archive.add_files(tmp_path, recognise=False)
    assert archive.get("https://example.org/1").title == "T"
