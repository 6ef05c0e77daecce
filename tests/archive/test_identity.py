"""What is one article, by its id, its text and its place, in whatever order files are read, copied, moved and cut."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp import Archive, SearchRequest, Settings

SMALL = Settings(batch_articles=3, processes=1, prune_share=1.0)


@pytest.fixture(params=[":memory:", "index"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    where = request.param if request.param == ":memory:" else tmp_path / "index"
    with Archive.open(where, create=True, settings=SMALL) as made:
        yield made


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(f"Headline\n\n{text}\n", encoding="utf-8")
    return folder


def held(archive: Archive, root: Path) -> list[tuple[str, str, list[str]]]:
    """Title, text and paths below `root` of each article."""
    articles = archive.matches(SearchRequest())
    return sorted((a.title, a.body, [str(Path(path).relative_to(root)) for path in a.paths]) for a in articles)


def ids(archive: Archive) -> dict[str, str]:
    return {article.body: article.id for article in archive.matches(SearchRequest())}


def run(archive: Archive, *paths: Path, prune: bool = False) -> str:
    report = archive.add_files(*paths, recognise=False, prune=prune, allow_large_prune=True)
    names = ("added", "updated", "unchanged", "moved", "removed", "gone")
    return " ".join(f"{count} {name}" for name in names if (count := getattr(report, name)))


def test_a_folder_that_is_copied_doubles_nothing_and_its_articles_go_with_their_last_path(
    archive: Archive, tmp_path: Path
) -> None:
    news = write(tmp_path / "in" / "news", a="Fog.", b="Rain.")
    assert run(archive, tmp_path / "in") == "2 added"
    known = ids(archive)
    shutil.copytree(news, tmp_path / "in" / "copy")
    assert run(archive, tmp_path / "in") == "2 unchanged 2 moved"
    assert run(archive, tmp_path / "in") == "4 unchanged"
    assert ids(archive) == known
    assert held(archive, tmp_path / "in")[0] == ("Headline", "Fog.", ["copy/a.txt", "news/a.txt"])
    (news / "a.txt").unlink()
    assert run(archive, tmp_path / "in", prune=True) == "3 unchanged"
    assert held(archive, tmp_path / "in")[0] == ("Headline", "Fog.", ["copy/a.txt"])
    (tmp_path / "in" / "copy" / "a.txt").unlink()
    assert run(archive, tmp_path / "in", prune=True) == "2 unchanged 1 removed"
    assert list(ids(archive)) == ["Rain."]


def test_a_folder_that_is_moved_keeps_its_articles(archive: Archive, tmp_path: Path) -> None:
    write(tmp_path / "news", a="Fog.", b="Rain.")
    run(archive, tmp_path / "news")
    known = ids(archive)
    (tmp_path / "news").rename(tmp_path / "old")
    assert run(archive, tmp_path / "old") == "2 moved"
    assert ids(archive) == known
    assert held(archive, tmp_path) == [("Headline", "Fog.", ["old/a.txt"]), ("Headline", "Rain.", ["old/b.txt"])]
    assert run(archive, tmp_path / "old", prune=True) == "2 unchanged"


def test_a_new_text_at_a_known_place_is_a_new_text_of_its_article_wherever_it_goes_then(
    archive: Archive, tmp_path: Path
) -> None:
    news = write(tmp_path / "news", a="Fog.")
    run(archive, news)
    (known,) = ids(archive).values()
    write(news, a="Fog, thicker.")
    assert run(archive, news) == "1 updated"
    assert run(archive, news) == "1 unchanged"
    assert ids(archive) == {"Fog, thicker.": known}
    (news / "a.txt").rename(news / "z.txt")
    assert run(archive, news) == "1 moved"
    assert ids(archive) == {"Fog, thicker.": known}
    write(news, b="Fog.")
    assert run(archive, news) == "1 added 1 unchanged"
    assert run(archive, news) == "2 unchanged"
    assert ids(archive)["Fog, thicker."] == known


def test_a_new_text_beside_a_copy_that_is_as_it_was_is_an_article_of_its_own(archive: Archive, tmp_path: Path) -> None:
    news = write(tmp_path / "news", a="Fog.", b="Fog.")
    assert run(archive, news) == "1 added 1 moved"
    write(news, a="Rain.")
    assert run(archive, news) == "1 added 1 unchanged"
    assert held(archive, news) == [("Headline", "Fog.", ["b.txt"]), ("Headline", "Rain.", ["a.txt"])]


def test_the_same_text_gives_the_same_id_in_any_order_and_anywhere(tmp_path: Path) -> None:
    news = write(tmp_path / "news", a="Fog.", b="Rain.", c="Fog.")
    found = []
    for paths in (sorted(news.iterdir()), sorted(news.iterdir(), reverse=True)):
        archive = Archive.open(":memory:", settings=SMALL)
        run(archive, *paths)
        found.append((ids(archive), held(archive, news)))
    assert found[0] == found[1]
    elsewhere = Archive.open(":memory:", settings=SMALL)
    run(elsewhere, Path(shutil.copytree(news, tmp_path / "else" / "where")))
    assert ids(elsewhere) == found[0][0]


def table(path: Path, *texts: str, numbered: bool = False) -> Path:
    rows = [{"title": "Row", "body": text} | ({"id": str(at)} if numbered else {}) for at, text in enumerate(texts)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.mark.parametrize("numbered", [False, True])
def test_one_row_that_changes_is_one_update_and_a_copy_of_the_table_adds_nothing(
    archive: Archive, tmp_path: Path, numbered: bool
) -> None:
    path = table(tmp_path / "a.jsonl", *"ABCDE", numbered=numbered)
    run(archive, path)
    known = ids(archive)
    table(path, *"ABXDE", numbered=numbered)
    assert run(archive, path) == "1 updated 4 unchanged"
    assert ids(archive)["X"] == known["C"]
    shutil.copy(path, tmp_path / "b.jsonl")
    assert run(archive, path, tmp_path / "b.jsonl") == "5 unchanged 5 moved"
    assert len(archive) == 5


def test_a_row_in_front_moves_no_other_to_another_id(archive: Archive, tmp_path: Path) -> None:
    path = table(tmp_path / "a.jsonl", *"ABCDE")
    run(archive, path)
    known = ids(archive)
    table(path, *"NABCD")
    assert run(archive, path) == "1 added 4 unchanged 1 gone"
    assert {text: name for text, name in ids(archive).items() if text != "N"} == known


def feed(path: Path, *titles: str, guid: str = "urn:x:1") -> Path:
    items = "".join(
        f'<item><title>{title}</title><guid isPermaLink="false">{guid}</guid><description>{title}.</description></item>'
        for title in titles
    )
    path.write_text(f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>', encoding="utf-8")
    return path


@pytest.mark.parametrize("first", [("One",), ("One", "Two")])
@pytest.mark.parametrize("then", [("One",), ("One", "Two"), ("Two", "One"), ("Three", "One", "Two")])
def test_a_feed_with_one_guid_that_grows_or_shrinks_doubles_nothing(
    archive: Archive, tmp_path: Path, first: tuple[str, ...], then: tuple[str, ...]
) -> None:
    for titles in (first, then, then):
        feed(tmp_path / "a.xml", *titles)
        run(archive, tmp_path / "a.xml")
    assert sorted(article.title for article in archive.matches(SearchRequest())) == sorted({*first, *then})


def test_at_any_time_the_archive_holds_what_a_fresh_one_of_the_same_files_has(tmp_path: Path) -> None:
    for seed in range(12):
        chance = random.Random(seed)
        root = tmp_path / f"{seed}"
        (root / "in" / "x").mkdir(parents=True)
        engine = ":memory:" if seed % 4 else root / "index"
        with Archive.open(engine, create=True, settings=SMALL) as archive:
            for _ in range(5):
                for _ in range(chance.randrange(1, 5)):
                    _changed(chance, root / "in")
                files = [path for path in root.rglob("*") if path.is_file() and "in" in path.parts]
                chance.shuffle(files)
                run(archive, *chance.choice([[root / "in"], [*files, root / "in"]]), prune=True)
                fresh = Archive.open(":memory:", settings=SMALL)
                run(fresh, root / "in")
                assert held(archive, root / "in") == held(fresh, root / "in"), seed


def _changed(chance: random.Random, folder: Path) -> None:
    """Writes, edits, copies, moves or removes a file or folder at random."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    at = chance.choice([folder, folder / "x", folder / "y"])
    at.mkdir(exist_ok=True)
    new = at / f"{chance.choice('abcd')}.{chance.choice(['txt', 'jsonl', 'xml'])}"
    deed = chance.choice(["write", "write", "write", "copy", "move", "remove", "folder"])
    if deed == "write" or not files:
        words = chance.sample(["Fog", "Rain", "Snow", "Wind"], chance.randrange(1, 4))
        if new.suffix == ".txt":
            write(new.parent, **{new.stem: words[0]})
        elif new.suffix == ".jsonl":
            table(new, *words, numbered=chance.random() < 0.5)
        else:
            feed(new, *words, guid=f"urn:x:{new.stem}{at.name}")
    elif deed == "remove" and len(files) > 1:
        chance.choice(files).unlink()
    elif deed == "folder" and (folder / "x").exists():
        shutil.copytree(folder / "x", folder / f"z{chance.randrange(3)}", dirs_exist_ok=True)
    else:
        old = chance.choice(files)
        shutil.copy(old, target) if (target := new.with_suffix(old.suffix)) != old else None
        if deed == "move" and target != old:
            old.unlink()
