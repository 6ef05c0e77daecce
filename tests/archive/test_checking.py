"""Whatever an answer can depend on is checked: nothing damaged, and nothing of another archive, is believed."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp import Archive, Article, IndexDamaged, OtherVersion, SearchappError
from searchapp.archive.upkeep.examining import Finding
from searchapp.files.sealing import sealed, unsealed

PEOPLE = [
    ("Ann Ek",) * 1, ("ANN EK",), ("Ann Ek",), ("Bo Ny",), ("BO NY", "Ann Ek"), ("Bo Ny",), ("Cy Po",), ("CY PO",),
]  # fmt: skip
Facets = dict[str, list[tuple[str, int]]]


def make(folder: Path, news: Path, *, first: int = 0) -> None:
    """An archive with names that are joined, names that follow a change, corrections, and a file it could not read."""
    news.mkdir(parents=True, exist_ok=True)
    (news / "broken.json").write_text("{", encoding="utf-8")
    articles = [
        Article(id=f"{first + number}", title=f"No {number}", body="Peace.", assigned={"people": people})
        for number, people in enumerate(PEOPLE)
    ]
    with Archive.open(folder, create=True) as archive:
        archive.add(articles[:5], recognise=False)
        archive.add(articles[5:], recognise=False)
        archive.add_files(news, recognise=False)
        archive.correct("merge", "Cy Po", "Bo Ny", facet="people")
        archive.correct("rename", "Ann Ek", "Anna Ek", facet="people", note="as she signs")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    make(folder / "index", folder / "news")
    return folder / "index"


@pytest.fixture
def index(sound: Path) -> Path:
    """The archive, in the same place for each test: what is kept of a ledger names its path."""
    before = {path.name: path.read_bytes() for path in sound.iterdir()}
    yield sound
    for path in sound.iterdir():
        path.unlink()
    for name, content in before.items():
        (sound / name).write_bytes(content)


def shown(folder: Path) -> Facets | None:
    """What the archive shows; None where it says that it is damaged."""
    try:
        with Archive.open(folder) as archive:
            return {"people": [(value.label, value.count) for value in archive.facet("people").values]}
    except SearchappError:
        return None


def damaged_forms(content: bytes, chance: random.Random, count: int = 28) -> Iterator[bytes]:
    """The content cut, emptied, filled with other bytes, and with single bits and stretches changed."""
    yield b""
    yield content[:-1]
    yield content[: len(content) // 2]
    yield bytes(len(content))
    yield content + b"\0"
    yield b"[" * 200_000
    for _ in range((count - 6) // 2):
        place = chance.randrange(len(content))
        yield content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
        place = chance.randrange(len(content))
        yield content[:place] + chance.randbytes(8) + content[place + 8 :]


def test_a_sound_archive_has_no_finding_and_looking_changes_nothing(index: Path) -> None:
    before = {path.name: path.read_bytes() for path in index.iterdir()}
    assert Archive.check(index) == []
    assert Archive.changed_by_hand(index) == ""
    assert {path.name: path.read_bytes() for path in index.iterdir()} == before
    assert shown(index) == {"people": [("Anna Ek", 4), ("Bo Ny", 5)][::-1]}


@pytest.mark.parametrize(
    "pattern", ["names.json", "names-*.table", "names-*.journal", "unreadable.json", "ledger.kept", "contents.json"]
)
def test_every_damage_beside_the_articles_is_found_and_gives_no_wrong_facet(index: Path, pattern: str) -> None:
    truth = shown(index)
    (path,) = index.glob(pattern)
    content = path.read_bytes()
    assert content
    for damaged in damaged_forms(content, random.Random(pattern)):
        path.write_bytes(damaged)
        found = Archive.check(index)
        if pattern == "names-*.journal" and content.startswith(damaged[: len(content)]) and not found:
            # Something behind the last record is what a killed run leaves of the next.
            assert len(damaged) > len(content)
        else:
            assert [item.file for item in found] == [path.name]
            assert all(item.command == "searchapp repair" for item in found)
        assert shown(index) == (None if pattern == "contents.json" else truth)
        (again,) = index.glob(pattern)
        again.write_bytes(content)


def test_every_change_of_the_ledger_is_found_told_or_changes_nothing(index: Path) -> None:
    truth = shown(index)
    ledger, kept = index / "ledger.toml", index / "ledger.kept"
    content, kept_content = ledger.read_bytes(), kept.read_bytes()
    for damaged in damaged_forms(content, random.Random(7), 60):
        ledger.write_bytes(damaged)
        found, changed = Archive.check(index), Archive.changed_by_hand(index)
        assert shown(index) == truth or changed or found
        assert not found or found[0].file == "ledger.toml"
        ledger.write_bytes(content)
        kept.write_bytes(kept_content)


def test_a_ledger_that_is_gone_with_its_copy_damaged_is_told(index: Path) -> None:
    (index / "ledger.toml").unlink()
    (index / "ledger.kept").write_bytes(b"damaged")
    assert [item.file for item in Archive.check(index)] == ["ledger.toml", "ledger.kept"]
    with Archive.open(index) as archive:
        assert "nobody can tell" in archive.names.problem
        archive.names.clear()
    assert Archive.check(index) == []


def test_what_is_kept_beside_another_index_is_not_believed(index: Path, tmp_path: Path) -> None:
    make(tmp_path / "other", tmp_path / "news", first=2)
    with Archive.open(tmp_path / "other") as other, Archive.open(index) as own:
        assert other.generation.partition("-")[0] == own.generation.partition("-")[0]
    truth = shown(index)
    for path in [*index.glob("names*"), index / "unreadable.json", index / "ledger.kept"]:
        path.unlink()
    for path in [*(tmp_path / "other").glob("names*"), tmp_path / "other" / "unreadable.json"]:
        shutil.copy(path, index)
    assert shown(index) == truth
    assert [(item.file, item.reason.partition(",")[0]) for item in Archive.check(index)] == [
        ("names.json", "it belongs to another index"),
        ("unreadable.json", "it belongs to another index"),
    ]
    with Archive.open(index) as archive:
        assert archive.unreadable() == ()


def test_a_copy_of_an_index_that_went_another_way_is_another_state(index: Path, tmp_path: Path) -> None:
    shutil.copytree(index, tmp_path / "copy")
    for folder, name in ((index, "Di Qu"), (tmp_path / "copy", "DI QU")):
        with Archive.open(folder) as archive:
            archive.add([Article(id="d", body="x", assigned={"people": (name,)})], recognise=False)
    for path in index.glob("names*"):
        path.unlink()
    for path in (tmp_path / "copy").glob("names*"):
        shutil.copy(path, index)
    people = shown(index)
    assert people
    assert ("Di Qu", 1) in people["people"]
    assert [item.file for item in Archive.check(index)] == ["names.json"]


def test_names_that_are_whole_but_not_what_follows_from_the_articles_are_found(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from searchapp.entities.archive_names import following

    whole = following._whole
    monkeypatch.setattr(following, "_whole", lambda source: (whole(source)[0], {}))
    for path in index.glob("names*"):
        path.unlink()
    with Archive.open(index) as archive:
        archive.add([Article(id="d", body="x")], recognise=False)
    monkeypatch.undo()
    (finding,) = Archive.check(index)
    assert (finding.file, finding.reason) == ("names.json", "it is not what follows from the articles")


def test_a_run_that_was_killed_before_it_kept_the_names_leaves_no_damage(index: Path) -> None:
    kept = {path: path.read_bytes() for path in index.glob("names*")}
    with Archive.open(index) as archive:
        archive.add([Article(id="d", body="x", assigned={"people": ("ANN EK",)})], recognise=False)
    for path, content in kept.items():
        path.write_bytes(content)
    assert Archive.check(index) == []


@pytest.mark.parametrize(("version", "advice"), [(1, "searchapp rebuild"), (99, "update the program")])
def test_an_index_of_another_version_is_never_called_damaged(index: Path, version: int, advice: str) -> None:
    contents = index / "contents.json"
    values = json.loads(unsealed("columnar", contents.read_bytes()))
    contents.write_bytes(sealed("columnar", json.dumps(values | {"format": version}).encode()))
    for ask in (Archive.open, Archive.check):
        with pytest.raises(OtherVersion, match=advice) as raised:
            ask(index)
        assert "damaged" not in str(raised.value)
        assert not isinstance(raised.value, IndexDamaged)


def test_a_finding_has_a_file_and_a_reason() -> None:
    assert Finding("contents.json", "it is gone").command == ""
