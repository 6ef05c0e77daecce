"""The face: adding, updating, removing and finding, on every engine."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp import Archive, Article
from searchapp.engines.memory import MemoryEngine
from searchapp.entities.columns import entry_of
from searchapp.errors import (
    ArchiveClosed,
    ArticleNotFound,
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    InvalidRequest,
)
from searchapp.model.query import SearchRequest
from searchapp.settings import Settings

YORK = Article(id="york", title="Floods in York", body="York is under water.", published=dt.date(2023, 9, 22))
LEEDS = Article(id="leeds", title="Trains to Leeds", body="Trains stop in York.", assigned={"places": ("Leeds",)})


@pytest.fixture(params=[":memory:", "folder"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    where = ":memory:" if request.param == ":memory:" else tmp_path / "index"
    with Archive.open(where, create=True) as opened:
        yield opened


def test_facet_counts_articles_not_mentions(archive: Archive) -> None:
    archive.add([Article(id="a", body="York. York again. York once more.", assigned={"places": ("York",)})])
    (york,) = archive.search("york", places="York").facets["places"].values
    assert (york.label, york.count, york.selected) == ("York", 1, True)


def test_adding_the_same_again_adds_nothing(archive: Archive) -> None:
    assert archive.add([YORK, LEEDS]).added == 2
    again = archive.add([YORK, LEEDS])
    assert (again.added, again.updated, again.unchanged) == (0, 0, 2)
    assert len(archive) == 2


def test_a_changed_article_replaces_the_old_one(archive: Archive) -> None:
    archive.add([YORK, LEEDS])
    report = archive.add([replace(YORK, body="York is dry.")])
    assert (report.added, report.updated, len(archive)) == (0, 1, 2)
    assert archive.search("water").total == 0
    assert archive.get("york").body == "York is dry."


def test_one_id_twice_in_one_run_is_one_article_and_the_last_wins(archive: Archive) -> None:
    settings_of_one = Archive(archive._engine, settings=Settings(batch_articles=1))
    report = settings_of_one.add([YORK, replace(YORK, body="York is dry."), YORK])
    assert (report.added, len(archive)) == (1, 1)
    assert archive.get("york").body == "York is under water."
    assert archive.search("dry").total == 0


def test_recognising_names_or_not_makes_an_article_different(archive: Archive) -> None:
    archive.add([YORK], recognise=False)
    assert archive.get("york").places == ()
    assert archive.add([YORK]).updated == 1


def test_a_deleted_article_is_gone_everywhere(archive: Archive) -> None:
    archive.add([YORK, LEEDS])
    assert archive.delete(["york", "nowhere"]) == 1
    assert archive.search("water").total == 0
    assert len(archive) == 1
    with pytest.raises(ArticleNotFound, match="'york'"):
        archive.get("york")


def test_the_result_is_exactly_the_documented_json(archive: Archive) -> None:
    archive.add([YORK], recognise=False)
    values = archive.search("water", since="2023-09").to_dict()
    assert values.pop("took_ms") > 0
    (hit,) = values.pop("hits")
    assert hit.pop("score") > 0
    assert hit == {
        "id": "york",
        "title": "Floods in York",
        "published": "2023-09-22",
        "published_source": "",
        "source": "",
        "url": None,
        "snippet": {"text": "York is under water.", "ranges": [[14, 19]]},
        "people": [],
        "places": [],
        "organisations": [],
    }
    nothing = {"values": [], "total_values": 0, "missing": 1}
    assert values == {
        "query": "water",
        "total": 1,
        "page": 1,
        "page_size": 10,
        "problems": [],
        "facets": dict.fromkeys(("people", "places", "organisations", "topics", "sources", "languages"), nothing),
        "timeline": [{"start": "2023-09-22", "count": 1}],
        "undated": 0,
    }


def test_a_faulty_query_is_answered_with_a_problem(archive: Archive) -> None:
    archive.add([YORK])
    result = archive.search('"under water')
    assert result.total == 1
    assert "never closed" in result.problems[0].message


def test_a_since_after_until_is_swapped_and_said(archive: Archive) -> None:
    archive.add([YORK])
    result = archive.search(since="2024", until="2023-02")
    assert "swapped" in result.problems[0].message
    assert result.total == archive.search(since="2023-02", until="2024").total


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"page": 0}, "page is 0"),
        ({"page_size": 1001}, "from 1 to 1,000"),
        ({"sort": "colour"}, "relevance, newest, oldest"),
        ({"since": "soon"}, "write a date as"),
        ({"people": [""]}, "give a label"),
        ({"exclude": {"colours": ["red"]}}, "use one of people"),
        ({"match": "some"}, '"any" or "all"'),
    ],
)
def test_an_impossible_argument_says_what_to_do(archive: Archive, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        archive.search("york", **arguments)  # type: ignore[arg-type]


def test_matches_gives_every_hit_whatever_the_page(archive: Archive) -> None:
    archive.add(Article(id=f"a{number:03}", body="word") for number in range(250))
    request = archive.search("word", page_size=10).request
    assert sorted(article.id for article in archive.matches(request)) == [f"a{number:03}" for number in range(250)]


def test_stats_say_what_the_archive_holds(archive: Archive) -> None:
    archive.add([replace(YORK, source="AP"), LEEDS], recognise=False)
    stats = archive.stats()
    assert (stats.articles, stats.undated, stats.first, stats.last) == (2, 1, YORK.published, YORK.published)
    assert stats.sources == {"AP": 1}
    assert stats.values["places"] == 1


def test_stats_of_nothing_are_nothing(archive: Archive) -> None:
    stats = archive.stats()
    assert (stats.articles, stats.first, stats.last) == (0, None, None)


def test_a_folder_read_again_says_what_changed(archive: Archive, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name in ("one", "two", "three"):
        (news / f"{name}.txt").write_text(f"Headline {name}\n\nThe body of article {name} is here.\n", encoding="utf-8")
    assert archive.add_files(news).added == 3
    assert archive.add_files(news).unchanged == 3
    (news / "one.txt").write_text("Headline one\n\nAnother body entirely stands here.\n", encoding="utf-8")
    (news / "two.txt").unlink()
    report = archive.add_files(news)
    assert (report.added, report.updated, report.unchanged, report.removed, report.gone) == (0, 1, 1, 0, 1)
    assert len(archive) == 3
    assert archive.add_files(news, prune=True).removed == 1
    assert len(archive) == 2


def test_what_cannot_be_read_is_reported_and_the_rest_read(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Headline\n\nA body of some words.\n", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 40)
    report = archive.add_files(tmp_path / "good.txt", tmp_path / "empty.txt", tmp_path / "noise.txt", tmp_path / "no")
    assert report.added == 1
    assert sorted(Path(item.path).name for item in report.skipped) == ["empty.txt", "no", "noise.txt"]
    assert all(item.reason for item in report.skipped)


def test_surrogates_from_a_damaged_file_can_be_stored(archive: Archive) -> None:
    archive.add([Article(id="x\udcff", title="a\udc80b", body="water\ud800", assigned={"people": ("J\udcff",)})])
    (hit,) = archive.search("water").hits
    assert hit.article.title == "a\N{REPLACEMENT CHARACTER}b"


# The index in a folder


def test_a_missing_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound, match=r"create one with: searchapp index"):
        Archive.open(tmp_path / "nowhere")


def test_a_damaged_index_is_reported(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([YORK])
    for file in tmp_path.glob("*"):
        if file.is_file():
            file.write_bytes(b"not an index")
    with pytest.raises((IndexDamaged, IndexNotFound)), Archive.open(tmp_path) as archive:
        archive.search("york")


def test_an_index_that_lacks_a_file_is_damaged(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([YORK])
    max(tmp_path.iterdir(), key=lambda path: path.stat().st_size).unlink()
    with Archive.open(tmp_path) as archive, pytest.raises(IndexDamaged, match="lacks a file"):
        archive.search("york")


def test_an_open_archive_sees_what_another_process_commits(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as reader, Archive.open(tmp_path) as writer:
        assert reader.search().total == 0
        before = reader.generation
        writer.add([YORK])
        assert reader.search().total == 1
        assert reader.generation != before


def test_a_second_writer_waits_then_says_that_the_index_is_busy(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as first:
        second = Archive.open(tmp_path, settings=Settings(lock_timeout_s=0.2))
        with first._engine.writer(timeout_s=1), pytest.raises(IndexLocked, match="another process"):
            second.add([YORK])
        assert second.add([YORK]).added == 1
        second.close()


def test_readers_never_wait_for_a_writer(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([YORK])
        with archive._engine.writer(timeout_s=1) as writer:
            writer.add([entry_of(LEEDS, "f")])
            assert archive.search().total == 1
        assert archive.search().total == 2


def test_a_run_that_fails_changes_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[Article]:
        yield LEEDS
        raise RuntimeError("the disk is gone")

    with Archive.open(tmp_path, create=True) as archive:
        archive.add([YORK])
        with pytest.raises(RuntimeError):
            archive.add(broken())
        assert [hit.article.id for hit in archive.search().hits] == ["york"]
        assert archive.add([LEEDS]).added == 1


def _write_for_ever(folder: str) -> None:
    with Archive.open(folder) as archive:
        archive.add((Article(id=f"n{i}", body="endless words " * 4000) for i in range(10**9)), recognise=False)


def test_a_killed_run_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([YORK])
    child = multiprocessing.get_context("spawn").Process(target=_write_for_ever, args=(str(tmp_path),))
    child.start()
    files = len(list(tmp_path.iterdir()))
    deadline = time.monotonic() + 60
    while len(list(tmp_path.iterdir())) <= files and time.monotonic() < deadline:
        child.join(0.05)
    child.join(0.5)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    with Archive.open(tmp_path) as archive:
        assert [hit.article.id for hit in archive.search().hits] == ["york"]
        assert archive.add([LEEDS]).added == 1


def test_threads_search_one_archive_at_once(tmp_path: Path) -> None:
    totals: list[int] = []
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([YORK, LEEDS])

        def look() -> None:
            for _ in range(20):
                totals.append(archive.search("york").total)

        threads = [threading.Thread(target=look) for _ in range(8)]
        for thread in threads:
            thread.start()
        archive.add([replace(YORK, id="york-2")])
        for thread in threads:
            thread.join()
    assert len(totals) == 160
    assert set(totals) <= {2, 3}


def test_an_archive_can_be_closed_twice() -> None:
    archive = Archive(MemoryEngine())
    archive.close()
    archive.close()


def test_a_closed_archive_answers_no_call() -> None:
    archive = Archive(MemoryEngine())
    archive.add([YORK], recognise=False)
    state = archive.state()
    assert len(state) == 1
    archive.close()
    calls: list[Callable[[], object]] = [
        archive.search,
        archive.stats,
        archive.unreadable,
        archive.undo_correction,
        lambda: archive.corrections,
        lambda: archive.generation,
        lambda: len(archive),
        lambda: archive.get(YORK.id),
        lambda: archive.facet("people"),
        lambda: archive.add([LEEDS]),
        lambda: archive.add_files("nowhere"),
        lambda: archive.delete("x"),
        lambda: list(archive.matches(SearchRequest())),
        lambda: archive.entity("York"),
        lambda: archive.suggest("y"),
        lambda: archive.correct("block", "York"),
        lambda: archive.names.why("York"),
        state.search,
        lambda: len(state),
        lambda: state.get(YORK.id),
    ]
    for call in calls:
        with pytest.raises(ArchiveClosed, match="open it again"):
            call()


def test_a_state_stays_as_it_is(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([YORK])
        with archive.state() as state:
            archive.add([LEEDS])
            assert (len(state), state.search().total) == (1, 1)
            assert state.generation != archive.generation
        assert len(archive) == 2
        with pytest.raises(ArchiveClosed):
            state.search()


def test_an_export_is_of_one_state(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([YORK, LEEDS])
        articles = archive.matches(SearchRequest())
        first = next(articles)
        archive.delete([YORK.id, LEEDS.id])
        assert {first.id, *(article.id for article in articles)} == {YORK.id, LEEDS.id}


def test_an_entity_is_told_about_by_its_label() -> None:
    with Archive(MemoryEngine()) as archive:
        both = {"people": ["Ann Lee"], "places": ["Zorn"]}
        archive.add(
            [Article(id="1", body="x", assigned=both), Article(id="2", body="y", assigned={"people": ["Zorn"]})]
        )
        assert archive.entity("Ann Lee").related["places"][0].label == "Zorn"
        with pytest.raises(InvalidRequest, match="the people and the places"):
            archive.entity("Zorn")
        assert archive.entity("Zorn", facet="places").articles == 1
        with pytest.raises(ArticleNotFound, match="searchapp facets people"):
            archive.entity("Nobody")
        with pytest.raises(InvalidRequest, match="has no names"):
            archive.entity("Zorn", facet="topics")


def test_names_are_corrected_by_methods_of_their_own(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([Article(id=str(n), body="x", assigned={"people": [name]}) for n, name in enumerate("ABCDE")])
        names = archive.names
        names.merge("A", "B")
        names.rename("C", "Cee")
        names.block("D")
        names.retype("E", "places")
        names.split("B", "Bee", ["1"])
        assert [c.action for c in names.corrections] == ["merge", "rename", "block", "retype", "split"]
        assert {v.label for v in archive.facet("people").values} == {"B", "Bee", "Cee"}
        assert names.undo().action == "split"
        assert {form.label for form in names.why("B")} == {"A", "B"}
