"""What is whole of an archive is kept whatever happens to its files; copies are checked; older versions taken over."""

from __future__ import annotations

import json
import os
import random
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp import Archive, Article, IndexDamaged, IndexNotFound, OtherVersion, SearchRequest, Settings, UsageError
from searchapp.columnar import ColumnarIndex
from searchapp.columnar.format.mending import flipped_bit, mended
from searchapp.columnar.format.pages import SectionFile
from searchapp.engines.whoosh import salvaging
from searchapp.engines.whoosh.schema import ENGLISH
from searchapp.files.sealing import sealed, unsealed

WORDS = "oil gold trade bank harbour strike talks price court vote storm bridge school train museum".split()
FORMATS = Path(__file__).parents[1] / "columnar" / "formats"
COUNT = 120


def numbered(start: int, stop: int) -> list[Article]:
    chance = random.Random(start)
    return [
        Article(
            id=f"n{number}",
            title=f"Number {number}",
            body=" ".join(chance.choices(WORDS, k=150)) + f" token{number}",
            assigned={"people": (("Ann Ek", "ANN EK", "Bo Ny")[number % 3],)},
        )
        for number in range(start, stop)
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "index"
    with Archive.open(folder, create=True) as archive:
        archive.add(numbered(0, COUNT - 20), recognise=False)
        archive.add(numbered(COUNT - 20, COUNT + 2), recognise=False)
        archive.delete(["n3", f"n{COUNT}"])
        archive.correct("merge", "Bo Ny", "Ann Ek", facet="people")
    return folder


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "index")
    return tmp_path / "index"


def held(folder: Path) -> dict[str, Article]:
    """Every article, by id, as an export has them."""
    with Archive.open(folder) as archive:
        return {article.id: article for article in archive.matches(SearchRequest())}


def largest(folder: Path) -> Path:
    return max(folder.glob("*.columns"), key=lambda path: path.stat().st_size)


# A single bit


@pytest.mark.parametrize("length", [1, 2, 7, 4_096])
def test_the_bit_that_flipped_is_told_by_the_checksum(length: int) -> None:
    import zlib

    chance = random.Random(length)
    content = chance.randbytes(length)
    crc = zlib.crc32(content)
    for _ in range(20):
        place, bit = chance.randrange(length), chance.randrange(8)
        damaged = bytearray(content)
        damaged[place] ^= 1 << bit
        assert flipped_bit(damaged, crc) == (place, bit)
        assert mended(damaged, crc) == content
    assert length < 7 or mended(chance.randbytes(length), crc) is None


def test_one_flipped_bit_anywhere_in_a_segment_stops_neither_export_nor_search_nor_adding(
    index: Path, made: Path, tmp_path: Path
) -> None:
    truth = held(made)
    segment = largest(index)
    content = segment.read_bytes()
    (item,) = [item for item in ColumnarIndex.open(index, analyses=[ENGLISH]).contents().segments
               if item.file_name == segment.name]  # fmt: skip
    sections = SectionFile(segment, size=item.size, crc=item.crc)._sections.values()
    chance = random.Random(5)
    places = [
        0, len(content) - 1, len(content) - 5, len(content) - 20, len(content) - 40, len(content) - 300,
        *chance.sample([offset for offset, *_ in sections], 4), *(chance.randrange(len(content)) for _ in range(4)),
    ]  # fmt: skip
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 1 << chance.randrange(8)
        copy = tmp_path / f"at {place}"
        shutil.copytree(made, copy)
        (copy / segment.name).write_bytes(damaged)
        assert segment.name in {finding.file for finding in Archive.check(copy)}
        assert held(copy) == truth
        with Archive.open(copy) as archive:
            assert archive.search("token7").total == 1
            archive.add([*numbered(5, 6), *numbered(200, 260)], recognise=False)
            assert len(archive) == len(truth) + 60
        repaired = Archive.repair(copy)
        assert (repaired.lost, repaired.left, repaired.articles) == ((), (), len(truth) + 60)
        assert Archive.check(copy) == []
        shutil.rmtree(copy)


def test_a_flipped_bit_in_the_list_of_deletions_brings_nothing_back(index: Path, made: Path) -> None:
    for dead in index.glob("*.dead"):
        content = dead.read_bytes()
        dead.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    assert held(index) == held(made)
    assert len(Archive.check(index)) == 2
    assert Archive.repair(index).done
    assert held(index) == held(made)
    assert Archive.check(index) == []


# More than that


def wounds(content: bytes, chance: random.Random) -> Iterator[bytes]:
    """The content with stretches that are gone, as a bad sector or a copy that was cut leaves it."""
    for size in (40, 512, 4_096):
        for number in range(6):
            place = chance.randrange(len(content) - size)
            wound = bytes(size) if number % 2 else chance.randbytes(size)
            yield content[:place] + wound + content[place + size :]
    yield content[: len(content) // 2]
    yield content[:-100]
    yield content[:-9_000] + bytes(9_000)
    yield b""


def test_repair_keeps_every_article_that_can_be_read_and_names_the_others(index: Path, made: Path) -> None:
    truth = held(made)
    name = largest(made).name
    content = (made / name).read_bytes()
    kept = []
    for damaged in wounds(content, random.Random(2)):
        shutil.rmtree(index)
        shutil.copytree(made, index)
        (index / name).write_bytes(damaged)
        repaired = Archive.repair(index)
        now = held(index)
        back = now.keys() - truth.keys()
        # Where neither numbers nor ids of articles are left, one that was removed may be back, and that is said.
        assert not back or (back == {"n3"} and any("some may be back" in line for line in repaired.done))
        assert {name: article for name, article in now.items() if name not in back}.items() <= truth.items()
        assert repaired.articles == len(now)
        assert back or repaired.lost_articles == len(truth) - len(now)
        named = {one for lost in repaired.lost for one in lost.ids}
        assert not named or named == truth.keys() - now.keys()
        assert Archive.check(index) == []
        assert repaired.left == ()
        with Archive.open(index) as archive:
            assert archive.facet("people").values[0].count == len(now)
        kept.append(len(now))
    # A stretch that is gone costs what stood there, and a segment at most what it held.
    assert min(kept[:-4]) >= len(truth) - 18
    assert kept[-2] > len(truth) - 30
    assert min(kept) >= 21


@pytest.mark.parametrize("how", ["gone", "flipped", "emptied", "head"])
def test_articles_survive_their_table_of_contents(index: Path, made: Path, how: str) -> None:
    contents = index / "contents.json"
    data = contents.read_bytes()
    if how == "gone":
        contents.unlink()
    elif how == "flipped":
        contents.write_bytes(data[:400] + bytes([data[400] ^ 4]) + data[401:])
    elif how == "head":
        contents.write_bytes(data[:20] + b"zz" + data[22:])
    else:
        contents.write_bytes(b"")
    with pytest.raises((IndexDamaged, IndexNotFound)):
        Archive.open(index)
    assert Archive.doctor(index).findings[0].command == "searchapp repair"
    Archive.repair(index)
    assert held(index) == held(made)
    assert Archive.check(index) == []
    with Archive.open(index) as archive:
        assert [correction.label for correction in archive.corrections] == ["Bo Ny"]


def test_a_sound_archive_stays_as_it_is(index: Path) -> None:
    with Archive.open(index) as archive:
        assert len(archive.corrections) == 1
    before = {path.name: path.read_bytes() for path in index.iterdir()}
    repaired = Archive.repair(index)
    assert (repaired.done, repaired.lost, repaired.rewritten, repaired.articles) == ((), (), 0, COUNT)
    assert {path.name: path.read_bytes() for path in index.iterdir()} == before


def test_a_list_of_deletions_that_is_lost_is_told_and_brings_back_no_older_version(index: Path) -> None:
    with Archive.open(index) as archive:
        archive.add([Article(id="n5", body="a newer version")], recognise=False)
    for dead in index.glob("*.dead"):
        dead.unlink()
    repaired = Archive.repair(index)
    assert sum("some may be back" in line for line in repaired.done) == 2
    now = held(index)
    assert now["n5"].body == "a newer version"
    assert now.keys() >= held(index).keys() - {"n3", f"n{COUNT}"}
    assert Archive.check(index) == []


def test_what_is_kept_beside_the_articles_is_mended_too(index: Path) -> None:
    for name in ("names.json", "ledger.kept"):
        (index / name).write_bytes(b"damaged")
    (index / "unreadable.json").write_bytes(b"damaged")
    (index / ".ledger.toml.0123456789ab.new").write_bytes(b"half")
    assert {finding.file for finding in Archive.check(index)} == {"names.json", "ledger.kept", "unreadable.json"}
    assert len(Archive.repair(index).done) == 3
    assert Archive.check(index) == []
    assert not list(index.glob(".*.new"))
    (index / "ledger.toml").unlink()
    assert Archive.repair(index).done == ("1 corrections of names were put back into ledger.toml",)
    with Archive.open(index) as archive:
        assert len(archive.corrections) == 1


def test_a_ledger_that_people_have_to_correct_is_left_to_them(index: Path) -> None:
    (index / "ledger.toml").write_text("x = [", encoding="utf-8")
    repaired = Archive.repair(index)
    assert [finding.file for finding in repaired.left] == ["ledger.toml"]
    assert (index / "ledger.toml").read_text(encoding="utf-8") == "x = ["


def test_a_repair_that_fails_halfway_leaves_what_there_was(
    index: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = largest(index)
    content = segment.read_bytes()
    segment.write_bytes(content[:3_000] + bytes(900) + content[3_900:])
    before = {path.name: path.read_bytes() for path in index.glob("*.columns")}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(salvaging.Salvage, "add", fail)
    with pytest.raises(OSError, match="No space"):
        Archive.repair(index)
    assert {path.name: path.read_bytes() for path in index.glob("*.columns")} == before
    monkeypatch.undo()
    assert Archive.repair(index).articles + 12 > COUNT


# Another version


@pytest.mark.parametrize("number", [1, 2])
def test_an_index_of_each_format_there_was_is_taken_over_by_a_rebuild(tmp_path: Path, number: int) -> None:
    folder = tmp_path / "index"
    shutil.copytree(FORMATS / str(number), folder)
    rebuilt = Archive.rebuild(folder)
    assert (rebuilt.articles, rebuilt.rewritten, rebuilt.lost, rebuilt.left) == (3, 3, (), ())
    assert Archive.check(folder) == []
    with Archive.open(folder) as archive:
        york = archive.get("york-1")
        assert york.body.endswith("Lee said that talks go on — “né”.")
        assert (str(york.published), york.topics, york.path) == ("2023-09-22", ("Peace",), "/news/york.txt")
        assert {value.label for value in archive.facet("people").values} >= {"Ann Lee", "Bo Chan"}
        assert archive.search("talks person:lee").total == 1
        assert archive.search("climate").hits[0].article.id == "lima-1"
    # A damaged file of it costs what is damaged, like one of this version.
    shutil.rmtree(folder)
    shutil.copytree(FORMATS / str(number), folder)
    segment = largest(folder)
    content = segment.read_bytes()
    segment.write_bytes(content[:300] + bytes(60) + content[360:])
    assert Archive.rebuild(folder).articles >= 1


def test_an_older_format_is_to_be_rebuilt_and_a_newer_one_left_alone(index: Path, tmp_path: Path) -> None:
    shutil.copytree(FORMATS / "1", tmp_path / "old")
    for ask in (Archive.open, Archive.check, Archive.repair):
        with pytest.raises(OtherVersion, match="run: searchapp rebuild"):
            ask(tmp_path / "old")
    (finding,) = Archive.doctor(tmp_path / "old").findings
    assert finding.command == "searchapp rebuild"
    contents = index / "contents.json"
    values = json.loads(unsealed("columnar", contents.read_bytes()))
    contents.write_bytes(sealed("columnar", json.dumps(values | {"format": 99}).encode()))
    before = {path.name: path.read_bytes() for path in index.iterdir()}
    for ask in (Archive.open, Archive.check, Archive.repair, Archive.rebuild):
        with pytest.raises(OtherVersion, match="update the program"):
            ask(index)
    (finding,) = Archive.doctor(index).findings
    assert (finding.command, finding.meaning) == ("", "update the program")
    assert {path.name: path.read_bytes() for path in index.iterdir()} == before


def test_words_that_were_read_otherwise_are_taken_over_by_a_rebuild(index: Path, made: Path) -> None:
    contents = index / "contents.json"
    body = unsealed("columnar", contents.read_bytes()).replace(ENGLISH.name.encode(), b"english-1")
    contents.write_bytes(sealed("columnar", body))
    with pytest.raises(OtherVersion, match="searchapp rebuild"):
        Archive.open(index)
    assert Archive.rebuild(index).rewritten == COUNT
    assert held(index) == held(made)


def test_a_rebuild_keeps_what_articles_are_so_that_reading_their_files_again_changes_nothing(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("YORK, Sept 22, 2023 - Ann Ek of York said.\n\nMore of it.", encoding="utf-8")
    with Archive.open(tmp_path / "index", create=True) as archive:
        archive.add_files(news)
    Archive.rebuild(tmp_path / "index")
    with Archive.open(tmp_path / "index") as archive:
        report = archive.add_files(news)
        assert (report.unchanged, report.added, report.updated) == (1, 0, 0)


# Backups


def test_a_backup_holds_articles_and_corrections_and_is_restored(index: Path, made: Path, tmp_path: Path) -> None:
    with Archive.open(index) as archive:
        first = archive.backup(tmp_path / "backup")
        assert (first.articles, first.corrections, first.kept) == (COUNT, 1, 0)
        archive.add(numbered(300, 303), recognise=False)
        archive.correct("block", "ANN EK", facet="people") if "ANN EK" in str(archive.facet("people")) else None
    assert Archive.check(tmp_path / "backup") == []
    assert held(tmp_path / "backup") == held(made)
    restored = Archive.restore(tmp_path / "backup", tmp_path / "elsewhere")
    assert restored.articles == COUNT
    assert held(tmp_path / "elsewhere") == held(made)
    with Archive.open(tmp_path / "elsewhere") as archive:
        assert [correction.label for correction in archive.corrections] == ["Bo Ny"]
        archive.add(numbered(400, 401), recognise=False)
    with pytest.raises(UsageError, match="121 articles, which the backup would replace"):
        Archive.restore(tmp_path / "backup", tmp_path / "elsewhere")
    Archive.restore(tmp_path / "backup", tmp_path / "elsewhere", replace=True)
    assert held(tmp_path / "elsewhere") == held(made)
    assert Archive.check(tmp_path / "elsewhere") == []


def test_the_next_backup_copies_what_is_new_and_replaces_what_has_been_damaged(index: Path, tmp_path: Path) -> None:
    with Archive.open(index) as archive:
        archive.backup(tmp_path / "backup")
        again = archive.backup(tmp_path / "backup")
        assert again.copied == 0
        assert again.kept > 1
        archive.add(numbered(300, 303), recognise=False)
        assert archive.backup(tmp_path / "backup").copied <= 3
        segment = largest(tmp_path / "backup")
        content = segment.read_bytes()
        segment.write_bytes(content[:1_000] + b"rotten" + content[1_006:])
        assert archive.backup(tmp_path / "backup").copied == 1
        archive.names.undo()
        assert archive.backup(tmp_path / "backup").corrections == 0
    assert held(tmp_path / "backup") == held(index)
    assert {path.name for path in (tmp_path / "backup").glob("*.columns")} == {
        path.name for path in index.glob("*.columns")
    }


def test_a_linked_backup_takes_no_room_and_keeps_the_state_it_was_made_of(
    index: Path, made: Path, tmp_path: Path
) -> None:
    with Archive.open(index) as archive:
        archive.backup(tmp_path / "backup", link=True)
        assert all(path.stat().st_nlink == 2 for path in index.glob("*.columns"))
        archive.add(numbered(0, 60), recognise=False)
        archive.delete([f"n{number}" for number in range(60, 100)])
        assert held(tmp_path / "backup") == held(made)
        # A copy is one indeed, also where there were links before.
        archive.backup(tmp_path / "backup")
    assert all(path.stat().st_nlink == 1 for path in (tmp_path / "backup").glob("*.columns"))


def test_a_backup_made_while_others_write_is_one_committed_state(index: Path, tmp_path: Path) -> None:
    over = threading.Event()

    def write() -> None:
        with Archive.open(index) as other:
            number = 1_000
            while not over.is_set():
                other.add(numbered(number, number + 10), recognise=False)
                number += 10

    thread = threading.Thread(target=write)
    thread.start()
    try:
        with Archive.open(index) as archive:
            for attempt in range(6):
                done = archive.backup(tmp_path / "backup" / str(attempt % 2))
                assert Archive.check(done.folder) == []
                assert len(held(Path(done.folder))) == done.articles
                assert done.articles % 10 == 0
    finally:
        over.set()
        thread.join()


def test_a_backup_goes_into_no_folder_that_holds_anything_else(index: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    with Archive.open(tmp_path / "other", create=True) as other:
        other.add(numbered(0, 1), recognise=False)
        other.backup(tmp_path / "of another")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with Archive.open(index) as archive:
        for target in (tmp_path / "mine", tmp_path / "of another", tmp_path / "other", index, index / "in", tmp_path,
                       tmp_path / "file"):  # fmt: skip
            before = sorted(path.name for path in target.iterdir()) if target.is_dir() else []
            with pytest.raises(UsageError):
                archive.backup(target)
            assert before == (sorted(path.name for path in target.iterdir()) if target.is_dir() else [])
        with pytest.raises(UsageError):
            Archive.open(":memory:").backup(tmp_path / "b")


def test_neither_a_damaged_archive_nor_a_damaged_backup_replaces_a_sound_one(
    index: Path, made: Path, tmp_path: Path
) -> None:
    with Archive.open(index) as archive:
        archive.backup(tmp_path / "backup")
        archive.add(numbered(300, 390), recognise=False)
        segment = largest(index)
        content = segment.read_bytes()
        segment.write_bytes(content[:1_000] + b"rotten" + content[1_006:])
        with pytest.raises(IndexDamaged, match="searchapp repair"):
            archive.backup(tmp_path / "backup")
    assert held(tmp_path / "backup") == held(made)
    rotten = tmp_path / "backup" / largest(made).name
    rotten.write_bytes(rotten.read_bytes()[:-1] + b"?")
    (index / rotten.name).unlink(missing_ok=True)
    with pytest.raises(IndexDamaged):
        Archive.restore(tmp_path / "backup", index, replace=True)
    with pytest.raises(IndexDamaged):
        Archive.restore(tmp_path / "backup", tmp_path / "fresh")
    assert not (tmp_path / "fresh" / "contents.json").exists()
    assert Archive.check(index)
    with pytest.raises(IndexNotFound, match="no backup at"):
        Archive.restore(tmp_path / "nowhere", made)


def test_an_open_archive_follows_a_restore(index: Path, tmp_path: Path) -> None:
    with Archive.open(index) as archive:
        archive.backup(tmp_path / "backup")
        archive.add(numbered(300, 303), recognise=False)
        assert archive.search("token301").total == 1
        Archive.restore(tmp_path / "backup", index, replace=True)
        assert archive.search("token301").total == 0
        assert len(archive) == COUNT
        # Damage that a restore has undone is forgotten too.
        segment = largest(index)
        content = segment.read_bytes()
        segment.write_bytes(bytes(len(content)))
    Archive.restore(tmp_path / "backup", index, replace=True)
    with Archive.open(index) as archive:
        assert archive.search("token7").total == 1


def test_a_ledger_elsewhere_is_copied_and_never_replaced(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = tmp_path / "shared.toml"
    monkeypatch.setenv("SEARCHAPP_LEDGER", str(ledger))
    with Archive.open(index, settings=Settings.from_environment()) as archive:
        archive.correct("block", "Ann Ek", facet="people")
        archive.backup(tmp_path / "backup")
        archive.names.undo()
    before = ledger.read_bytes()
    restored = Archive.restore(tmp_path / "backup", index, replace=True)
    assert "stay those of" in restored.notes[0]
    assert ledger.read_bytes() == before
    assert b"Ann Ek" in (tmp_path / "backup" / "ledger.toml").read_bytes()


def test_a_restored_ledger_leaves_the_one_before_beside_it(index: Path, tmp_path: Path) -> None:
    with Archive.open(index) as archive:
        archive.backup(tmp_path / "backup")
        archive.correct("block", "Ann Ek", facet="people")
        later = (index / "ledger.toml").read_bytes()
        Archive.restore(tmp_path / "backup", index, replace=True)
        assert (index / "ledger.toml.old").read_bytes() == later
        assert [correction.action for correction in archive.corrections] == ["merge"]


# The doctor


def test_the_doctor_says_what_is_wrong_and_which_command_mends_it(index: Path, tmp_path: Path) -> None:
    assert Archive.doctor(index).findings == ()
    (index / "names.json").write_bytes(b"x")
    (index / "ledger.toml").write_text("x = [", encoding="utf-8")
    found = {finding.file: finding for finding in Archive.doctor(index).findings}
    assert found["names.json"].command == "searchapp repair"
    assert "line 1" in found["ledger.toml"].reason
    assert "correct that line" in found["ledger.toml"].meaning
    (nothing,) = Archive.doctor(tmp_path / "nowhere").findings
    assert nothing.command == "searchapp index FILES"
    with Archive.open(index) as archive, archive._engine.writer(timeout_s=1):
        assert any("writing" in note for note in Archive.doctor(index).notes)
    assert os.access(index, os.W_OK)
