"""What is within a box is an article at a place of its own: it stays, moves and goes as a file in a folder does."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp import Archive, SearchRequest, Settings

SMALL = Settings(batch_articles=3, processes=1, prune_share=1.0)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:a,2023:1</id><title>Fog</title>'
    "<updated>2023-09-0{n}T00:00:00Z</updated><content>Version {n} of the fog.</content></entry></feed>"
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "index", create=True, settings=SMALL) as made:
        yield made


@pytest.fixture
def news(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "loose.txt").write_text("Headline\n\nA loose file.\n", encoding="utf-8")
    return tmp_path / "news"


def box(path: Path, **texts: str) -> Path:
    """A ZIP or TAR archive, as its ending says, of texts and feeds; names have a dot for two underscores."""
    files = {
        name.replace("__", "."): (text if text.startswith("<") else f"Headline\n\n{text}\n").encode()
        for name, text in texts.items()
    }
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as packed:
            for name, content in files.items():
                packed.writestr(name, content)
        return path
    with tarfile.open(path, "w:gz") as tape:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tape.addfile(entry, io.BytesIO(content))
    return path


def held(archive: Archive, news: Path) -> list[tuple[str, list[str]]]:
    articles = archive.matches(SearchRequest())
    return sorted((a.body, [os.path.relpath(path, news).replace(os.sep, "/") for path in a.paths]) for a in articles)


def run(archive: Archive, *paths: Path, prune: bool = False) -> str:
    report = archive.add_files(*paths, recognise=False, prune=prune, allow_large_prune=True)
    names = ("added", "updated", "unchanged", "moved", "removed", "gone")
    return " ".join(f"{count} {name}" for name in names if (count := getattr(report, name)))


BOXES = pytest.mark.parametrize("name", ["box.zip", "box.tar.gz"])


@BOXES
def test_what_has_not_changed_within_a_box_is_not_stored_again(archive: Archive, news: Path, name: str) -> None:
    box(news / name, a__txt="Fog.", b__txt="Rain.")
    assert run(archive, news) == "3 added"
    assert run(archive, news) == "3 unchanged"
    known = {article.body: article.id for article in archive.matches(SearchRequest())}
    box(news / name, new__txt="Hail.", a__txt="Fog.", b__txt="Snow.")
    assert run(archive, news) == "1 added 1 updated 2 unchanged"
    assert archive.get(known["Rain."]).body == "Snow."
    assert (f"{name}/b.txt" in dict(held(archive, news))["Snow."]) is True


@BOXES
def test_what_is_taken_out_of_a_box_is_gone_and_what_is_renamed_within_it_moves(
    archive: Archive, news: Path, name: str
) -> None:
    box(news / name, a__txt="Fog.", b__txt="Rain.")
    run(archive, news)
    box(news / name, c__txt="Rain.")
    assert run(archive, news, prune=True) == "1 unchanged 1 moved 1 removed"
    assert held(archive, news) == [("A loose file.", ["loose.txt"]), ("Rain.", [f"{name}/c.txt"])]
    (news / name).unlink()
    assert run(archive, news, prune=True) == "1 unchanged 1 removed"


@BOXES
def test_nothing_of_a_box_that_cannot_be_read_is_gone(archive: Archive, news: Path, name: str) -> None:
    path = box(news / name, a__txt="Fog.", b__txt="Rain.")
    run(archive, news)
    path.write_bytes(path.read_bytes()[:40])
    assert run(archive, news, prune=True) == "1 unchanged"
    assert len(archive) == 3


@BOXES
def test_a_copy_outside_a_box_is_one_more_place_of_the_article(archive: Archive, news: Path, name: str) -> None:
    box(news / name, loose__txt="A loose file.")
    run(archive, news)
    assert held(archive, news) == [("A loose file.", [f"{name}/loose.txt", "loose.txt"])]
    assert run(archive, news / "loose.txt") == "1 unchanged"
    assert held(archive, news) == [("A loose file.", [f"{name}/loose.txt", "loose.txt"])]
    (news / "loose.txt").unlink()
    assert run(archive, news, prune=True) == "1 unchanged"
    assert held(archive, news) == [("A loose file.", [f"{name}/loose.txt"])]


@BOXES
def test_a_newer_version_counts_for_as_long_as_its_box_has_it(archive: Archive, news: Path, name: str) -> None:
    old, new = ATOM.replace("{n}", "1"), ATOM.replace("{n}", "2")
    box(news / name, a__atom=new, b__atom=old)
    run(archive, news)
    assert run(archive, news) == "3 unchanged"
    assert dict(held(archive, news))["Version 2 of the fog."] == [f"{name}/a.atom"]
    box(news / name, b__atom=old)
    run(archive, news, prune=True)
    assert dict(held(archive, news))["Version 1 of the fog."] == [f"{name}/b.atom"]
