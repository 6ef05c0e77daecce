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


def newsml(version: int, title: str, *, hour: int = 10, status: str = "usable") -> str:
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:w:1" version="{version}"><itemMeta>'
        f"<versionCreated>2023-09-04T{hour:02}:00:00Z</versionCreated><firstCreated>2023-09-04T08:00:00Z</firstCreated>"
        f'<pubStatus qcode="stat:{status}"/></itemMeta><contentMeta><headline>{title}</headline></contentMeta>'
        f'<contentSet><inlineData contenttype="text/plain">{title} words.</inlineData></contentSet></newsItem>'
    )


def ninjs(version: int, title: str, *, hour: int = 10, status: str = "usable") -> str:
    item = {"uri": "urn:w:1", "version": str(version), "versioncreated": f"2023-09-04T{hour:02}:00:00Z"}
    item |= {"firstcreated": "2023-09-04T08:00:00Z", "pubstatus": status, "headline": title, "body_text": f"{title}."}
    return json.dumps(item)


def nitf(version: int, title: str, *, hour: int = 10, status: str = "usable") -> str:
    return (
        f'<nitf><head><docdata management-status="{status}"><doc-id id-string="w.1"/><du-key version="{version}"/>'
        f'<date.issue norm="20230904T080000Z"/></docdata></head><body><body.head><hedline><hl1>{title}</hl1></hedline>'
        f"</body.head><body.content><p>{title} words.</p></body.content></body></nitf>"
    )


def atom(version: int, title: str, *, hour: int = 10, status: str = "") -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>urn:w:1</id><title>{title}</title>'
        f"<published>2023-09-04T08:00:00Z</published><updated>2023-09-04T{hour:02}:00:00Z</updated>"
        f"<content>{title} words.</content></entry></feed>"
    )


WIRES = {"newsml": newsml, "ninjs": ninjs, "nitf": nitf, "atom": atom}


def titles(archive: Archive) -> list[str]:
    return [hit.article.title for hit in archive.search("").hits]


@pytest.mark.parametrize("form", WIRES)
@pytest.mark.parametrize("order", list(itertools.permutations("abc"))[::2])
@pytest.mark.parametrize("runs", [1, 3])
def test_the_newest_by_what_the_file_declares_counts(
    tmp_path: Path, form: str, order: tuple[str, ...], runs: int
) -> None:
    suffix = "json" if form == "ninjs" else "xml"
    for name, version in (("a", 2), ("b", 10), ("c", 9)):
        text = WIRES[form](version, f"Version {version}", hour=version)
        (tmp_path / f"{name}.{suffix}").write_text(text, encoding="utf-8")
    paths = [tmp_path / f"{name}.{suffix}" for name in order]
    archive = Archive.open(":memory:")
    for part in [paths] if runs == 1 else [[path] for path in paths]:
        archive.add_files(*part, recognise=False)
    assert titles(archive) == ["Version 10"]


@pytest.mark.parametrize("form", ["newsml", "ninjs", "nitf"])
@pytest.mark.parametrize("status", ["canceled", "withheld"])
@pytest.mark.parametrize("order", ["ak", "ka"])
@pytest.mark.parametrize("runs", [1, 2])
def test_what_a_publisher_withdraws_is_not_there_in_any_order(
    tmp_path: Path, form: str, status: str, order: str, runs: int
) -> None:
    suffix = "json" if form == "ninjs" else "xml"
    (tmp_path / f"a.{suffix}").write_text(WIRES[form](1, "Fog"), encoding="utf-8")
    (tmp_path / f"k.{suffix}").write_text(WIRES[form](2, "Kill", status=status, hour=11), encoding="utf-8")
    paths = [tmp_path / f"{name}.{suffix}" for name in order]
    with Archive.open(tmp_path / "index", create=True) as archive:
        for part in [paths] if runs == 1 else [[path] for path in paths]:
            archive.add_files(*part, recognise=False)
        assert titles(archive) == []
        (tmp_path / f"b.{suffix}").write_text(WIRES[form](3, "Fog after all", hour=12), encoding="utf-8")
        archive.add_files(tmp_path / f"b.{suffix}", recognise=False)
        assert titles(archive) == ["Fog after all"]


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
