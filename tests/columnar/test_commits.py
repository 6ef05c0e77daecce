"""A writer that commits on the way: what is committed stays, while segments are merged beside the writing."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from whoosh import query as wq

from searchapp.columnar import ColumnarIndex, FacetIndex, TermIn, check
from searchapp.columnar.writing import writer as writing
from searchapp.columnar.writing.joining import Ended, Joining

from .conftest import FACETS, FIELDS, SIMPLE, Archive, Doc, columns
from .test_executor import random_docs
from .test_index_life import same_as_expected


def numbered(start: int, count: int) -> list[Doc]:
    return [Doc(f"n{start + at}", doc.body, doc.title, doc.people) for at, doc in enumerate(random_docs(start, count))]


def names_on_disk(archive: Archive) -> set[str]:
    return {path.name for path in archive.index.folder.iterdir()} - {"MAIN_WRITELOCK"}


def test_what_is_committed_on_the_way_is_there_for_all_before_the_writer_ends(
    make_archive: Callable[..., Archive],
) -> None:
    archive = make_archive()
    with archive.index.writer() as writer:
        for start in range(0, 120, 20):
            docs = numbered(start, 20)
            writer.add_batch(columns(docs))
            writer.commit_so_far()
            archive.expect(docs)
            other = Archive(ColumnarIndex.open(archive.index.folder, analyses=[SIMPLE]), archive.facets, archive.docs)
            same_as_expected(other)
        writer.add_batch(columns([Doc("last", body="oil")]))
        assert archive.index.view().live_count == 120
    archive.expect([Doc("last", body="oil")])
    same_as_expected(archive)
    assert len(archive.index.contents().segments) <= 3
    assert names_on_disk(archive) == archive.index.contents().files()


def test_a_writer_that_fails_leaves_what_it_committed_on_the_way(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(numbered(0, 30))

    def fail() -> None:
        with archive.index.writer() as writer:
            for start in (30, 50):
                writer.add_batch(columns(numbered(start, 20)))
                writer.commit_so_far()
            writer.add_batch(columns([Doc("lost", body="oil")]))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    archive.expect([*numbered(30, 20), *numbered(50, 20)])
    same_as_expected(archive)
    assert names_on_disk(archive) == archive.index.contents().files()


def held_back(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Merges beside the writing wait, when all is written, until the event is set."""
    goes_on = threading.Event()
    merge = writing.merge_segments

    def slow(*arguments: Any, **options: Any) -> None:
        merge(*arguments, **options)
        if threading.current_thread() is not threading.main_thread():
            assert goes_on.wait(20)

    monkeypatch.setattr(writing, "merge_segments", slow)
    return goes_on


def test_articles_deleted_while_their_segments_are_merged_stay_deleted(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = held_back(monkeypatch)
    archive = make_archive(numbered(0, 12), per_segment=6)
    archive.delete("n1", merge=False)
    with archive.index.writer() as writer:
        writer.add_batch(columns(numbered(12, 6)))
        writer.commit_so_far()
        assert writer._thread is not None
        assert writer._thread.running
        writer.delete_ids(["n0", "n7", "n12", "n17"])
        writer.add_batch(columns([Doc("n8", body="gold again")]))
        writer.commit_so_far()
        archive.expect([*numbered(12, 6), Doc("n8", body="gold again")])
        for name in ("n0", "n7", "n12", "n17"):
            del archive.docs[name]
        same_as_expected(archive)
        goes_on.set()
        writer._thread.wait()
        writer.commit_so_far()
        same_as_expected(archive)
    same_as_expected(archive)
    assert [segment.docs for segment in archive.index.contents().segments] == [17, 1]
    assert names_on_disk(archive) == archive.index.contents().files()


def test_deleting_all_of_a_segment_while_it_is_merged_is_no_matter(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = held_back(monkeypatch)
    archive = make_archive(numbered(0, 12), per_segment=6)
    with archive.index.writer() as writer:
        writer.add_batch(columns(numbered(12, 6)))
        writer.commit_so_far()
        gone = [f"n{number}" for number in range(6, 18)]
        writer.delete_ids(gone)
        writer.commit_so_far()
        goes_on.set()
    archive.expect(numbered(12, 6))
    for name in gone:
        del archive.docs[name]
    same_as_expected(archive)


def test_a_merge_that_fails_beside_the_writing_is_done_at_the_end(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    merge = writing.merge_segments

    def failing(*arguments: Any, **options: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise OSError("no space")
        merge(*arguments, **options)

    monkeypatch.setattr(writing, "merge_segments", failing)
    archive = make_archive()
    with caplog.at_level(logging.WARNING), archive.index.writer() as writer:
        for start in range(0, 60, 20):
            writer.add_batch(columns(numbered(start, 20)))
            writer.commit_so_far()
            archive.expect(numbered(start, 20))
    assert "no space" in caplog.text
    same_as_expected(archive)
    assert len(archive.index.contents().segments) == 1


def test_cancelling_ends_a_merge_and_leaves_no_file_of_it(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def endless(self: Any, joining: Joining, check: Callable[[], None] = lambda: None) -> None:
        begun.set()
        while True:
            check()

    monkeypatch.setattr(writing.ColumnarWriter, "_join", endless)
    archive = make_archive(numbered(0, 12), per_segment=6)
    writer = archive.index.writer()
    writer.add_batch(columns(numbered(12, 6)))
    writer.commit_so_far()
    assert begun.wait(20)
    writer.cancel()
    archive.expect(numbered(12, 6))
    same_as_expected(archive)
    assert names_on_disk(archive) == archive.index.contents().files()


def test_a_merge_that_is_ended_halfway_removes_its_file(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(numbered(0, 40), per_segment=20)
    writer = archive.index.writer()
    joining = Joining(writer.segments, writer._new_segment())
    calls = iter(range(10_000))

    def check() -> None:
        if next(calls) > 12:
            raise Ended

    with pytest.raises(Ended):
        writer._join(joining, check)
    assert names_on_disk(archive) == archive.index.contents().files()
    writer.cancel()


def test_long_merges_come_after_what_is_new_is_committed(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SMALL_MERGE", 0)
    archive = make_archive(numbered(0, 60), per_segment=30)
    merge = writing.merge_segments
    there: list[int] = []

    def watched(*arguments: Any, **options: Any) -> None:
        there.append(ColumnarIndex.open(archive.index.folder, analyses=[SIMPLE]).view().live_count)
        merge(*arguments, **options)

    monkeypatch.setattr(writing, "merge_segments", watched)
    archive.add(numbered(60, 1))
    assert there == [61]
    same_as_expected(archive)


def test_any_course_of_commits_on_the_way_leaves_what_a_dictionary_would_hold(
    make_archive: Callable[..., Archive],
) -> None:
    for seed in range(6):
        chance = random.Random(seed)
        archive = make_archive(name=str(seed))
        with archive.index.writer(memory_mb=chance.choice([0, 512])) as writer:
            for _ in range(25):
                docs = numbered(chance.randrange(60), chance.randrange(1, 20))
                writer.add_batch(columns(docs))
                archive.expect(docs)
                gone = [f"n{chance.randrange(60)}" for _ in range(chance.randrange(5))]
                writer.delete_ids(gone)
                for name in gone:
                    archive.docs.pop(name, None)
                if chance.random() < 0.6:
                    writer.commit_so_far()
        same_as_expected(archive)
        assert check(archive.index.folder) == []


def test_a_commit_of_nothing_changes_nothing(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(numbered(0, 6))
    before = archive.index.generation()
    with archive.index.writer() as writer:
        assert writer.delete_ids(["nobody"]) == 0
        writer.commit_so_far()
    assert archive.index.generation() == before
    archive.delete("n1")
    assert archive.index.generation() == before + 1


def test_what_is_known_of_a_segment_lasts_when_articles_of_it_are_replaced_or_deleted(
    make_archive: Callable[..., Archive],
) -> None:
    chance = random.Random(11)
    archive = make_archive(numbered(0, 40))
    for number in range(12):
        query = wq.Or([TermIn("oil", FIELDS), TermIn("gold", FIELDS)])
        for options in ({"facets": FACETS}, {"timeline": "published", "sort": "oldest"}, {"sort": "newest"}):
            kept, kept_ids = archive.ask(query, **options)
            index = ColumnarIndex.open(archive.index.folder, analyses=[SIMPLE])
            anew = Archive(index, FacetIndex({name: (name,) for name in FACETS}, forms=SIMPLE.forms), archive.docs)
            answer, ids = anew.ask(query, **options)
            assert (kept_ids, kept.total, kept.facets, kept.timeline) == (
                ids,
                answer.total,
                answer.facets,
                answer.timeline,
            )
        before = archive.index.view().segments[0].facets["people", 0]
        archive.add([Doc(f"n{chance.randrange(40)}", "oil again", people=(f"New {number}",))], merge=False)
        archive.delete(f"n{chance.randrange(40)}", merge=False)
        assert archive.index.view().segments[0].facets["people", 0].slots is before.slots
    same_as_expected(archive)
