"""Adding, replacing, deleting, committing and merging: what is found afterwards is what was put in."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from whoosh import query as wq
from whoosh.writing import IndexingError

from searchapp.columnar import ColumnarIndex, FacetIndex, PatternIn, PhraseIn, TermIn, check
from searchapp.columnar.format import postings as postings_module
from searchapp.errors import IndexDamaged, IndexLocked, IndexNotFound, OtherVersion

from .conftest import FACETS, FIELDS, ORDER, SIMPLE, Archive, Doc, columns, schema
from .test_executor import random_docs


def same_as_expected(archive: Archive) -> None:
    """Everything the index says is what the oracle says."""
    oracle = archive.oracle()
    answer, ids = archive.ask(limit=10_000, facets=FACETS, facet_size=None)
    assert sorted(ids) == sorted(archive.docs)
    for facet in FACETS:
        assert dict(answer.facets[facet].values) == oracle.counts(archive.docs, facet)
    if not archive.docs:
        return
    for query in (
        TermIn("trad", FIELDS),
        TermIn("bank", FIELDS[1:]),
        PhraseIn(["oil", "gold"], FIELDS, exact=True, stems=["oil", "gold"]),
        PatternIn("trad?ng", ("title", "body")),
    ):
        expected = oracle.found(query)
        answer, ids = archive.ask(query, limit=10_000)
        assert ids == oracle.ranked(expected)
        assert [hit.score for hit in answer.hits[0]] == pytest.approx([expected[name] for name in ids])
    view = archive.index.view()
    for place, segment in enumerate(view.segments):
        for doc in segment.all_docs.tolist():
            stored = view.stored_fields(view.bases[place] + doc)
            wanted = archive.docs[stored["id"]]
            assert (stored["body"], stored["title"]) == (wanted.body, wanted.title)
            assert stored.get("extra") == wanted.extra
    assert check(archive.index.folder) == []


@pytest.mark.parametrize("commit", [{"merge": False}, {"merge": True}, {"optimize": True}])
def test_articles_replace_those_with_the_same_id(make_archive: Callable[..., Archive], commit: dict[str, bool]) -> None:
    archive = make_archive(random_docs(1, 40), per_segment=15)
    archive.add([Doc("a3", body="oil gold", extra={"a": [1, None, b"\0"]}), Doc("new", title="trading")], **commit)
    same_as_expected(archive)


def test_the_last_of_equal_ids_in_one_batch_stays(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc("1", body="first"), Doc("2", body="oil"), Doc("1", body="second oil gold")])
    same_as_expected(archive)
    assert archive.ask(TermIn("first", FIELDS))[0].total == 0


def test_a_deleted_article_leaves_no_trace_after_a_merge(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc("1", body="unique oils", people=("Solo",)), Doc("2", body="oil gold")])
    archive.delete("1", optimize=True)
    same_as_expected(archive)
    text = archive.index.view().segments[0].data.text("body")
    assert text is not None
    assert text.stems.words() == [b"gold", b"oil"]
    assert text.forms.words() == [b"gold", b"oil"]
    with archive.in_whoosh().reader() as reader:
        assert list(reader.lexicon("people")) == []


def test_deleting_everything_leaves_an_empty_index(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(random_docs(1, 9), per_segment=4)
    archive.delete(*list(archive.docs))
    same_as_expected(archive)
    assert archive.index.is_empty()
    archive.add(random_docs(2, 3))
    same_as_expected(archive)


def test_deleting_reaches_articles_that_are_not_committed_yet(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc("1", body="oil")])
    with archive.index.writer() as writer:
        writer.add_batch(columns([Doc("2", body="oil"), Doc("3", body="oil")]))
        assert writer.delete_ids(["1", "2", "nobody"]) == 2
        writer.add_batch(columns([Doc("2", body="oil gold")]))
    archive.docs = {"3": Doc("3", body="oil"), "2": Doc("2", body="oil gold")}
    same_as_expected(archive)


def test_merging_keeps_the_order_of_addition(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(random_docs(3, 50), per_segment=7)
    archive.delete("a4", "a20", merge=False)
    archive.index.optimize()
    view = archive.index.view()
    assert len(view.segments) == 1
    ids = [view.stored_fields(number)["id"] for number in range(view.live_count)]
    assert ids == [f"a{n}" for n in range(50) if n not in (4, 20)]


def test_few_segments_are_left_after_many_commits(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive()
    for doc in random_docs(5, 60):
        archive.add([doc])
    assert len(archive.index.contents().segments) <= 6
    same_as_expected(archive)


def test_a_small_memory_bound_gives_the_same_index(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings_module, "CHUNK_OCCURRENCES", 60)
    docs = random_docs(6, 150)
    archive = make_archive()
    with archive.index.writer(memory_mb=0) as writer:
        for start in range(0, len(docs), 20):
            writer.add_batch(columns(docs[start : start + 20]))
    archive.expect(docs)
    same_as_expected(archive)
    assert len(archive.index.contents().segments) == 1


def test_cancelling_changes_nothing(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(random_docs(1, 5))
    files = sorted(path.name for path in archive.index.folder.iterdir())
    writer = archive.index.writer()
    writer.add_batch(columns(random_docs(2, 9)))
    writer.delete_ids(["a0"])
    writer.cancel()
    same_as_expected(archive)
    assert sorted(path.name for path in archive.index.folder.iterdir()) == files


def test_an_error_inside_with_cancels(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(random_docs(1, 5))

    def fail() -> None:
        with archive.index.writer() as writer:
            writer.add_batch(columns([Doc("x", body="oil")]))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    same_as_expected(archive)


def test_a_batch_that_failed_halfway_cannot_be_committed(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(random_docs(1, 5))
    writer = archive.index.writer()
    with pytest.raises(AttributeError):
        writer.add_batch({"id": ["x", "y"], "body": ["oil", 7]})
    with pytest.raises(IndexingError, match="halfway"):
        writer.commit()
    same_as_expected(archive)
    archive.add([Doc("later", body="oil")])
    same_as_expected(archive)


def test_columns_of_different_length_are_refused(make_archive: Callable[..., Archive]) -> None:
    with make_archive().index.writer() as writer, pytest.raises(ValueError, match="each article needs one"):
        writer.add_batch({"id": ["x", "y"], "body": ["oil"]})


def test_a_second_writer_waits_and_then_fails(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive()
    first = archive.index.writer()
    started = time.monotonic()
    with pytest.raises(IndexLocked, match="being written to"):
        archive.index.writer(timeout=0.2)
    assert 0.2 <= time.monotonic() - started < 5
    first.cancel()
    archive.index.writer(timeout=0.2).cancel()


def test_an_index_follows_commits_made_through_another(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive([Doc("1", body="oil")])
    other = ColumnarIndex.open(archive.index.folder, analyses=[SIMPLE])
    before = other.generation()
    assert other.view().live_count == 1
    archive.add([Doc("2", body="oil")], merge=False)
    assert other.generation() == before + 1
    view = other.view()
    assert view.live_count == 2
    assert view.segments[0].data is archive.index.view().segments[0].data


def test_searching_goes_on_while_another_thread_writes(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(random_docs(1, 30))
    failures: list[BaseException] = []
    over = threading.Event()

    def search() -> None:
        other = ColumnarIndex.open(archive.index.folder, analyses=[SIMPLE])
        facets = FacetIndex({name: (name,) for name in FACETS}, forms=SIMPLE.forms)
        try:
            while not over.is_set():
                executor = other.executor(facets)
                found = executor.docs(wq.Every())
                assert len(found) == executor.view.live_count
                for number in found[:3].tolist():
                    executor.view.stored_fields(number)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=search)
    thread.start()
    for seed in range(12):
        archive.add(random_docs(seed, 10))
    over.set()
    thread.join()
    assert not failures


class IndexMachine(RuleBasedStateMachine):
    """Any sequence of changes leaves what a dictionary would hold."""

    folder: Path
    chance = random.Random(7)

    @initialize()
    def start(self) -> None:
        index = ColumnarIndex.create(self.folder, schema(), order=ORDER)
        self.archive = Archive(index, FacetIndex({name: (name,) for name in FACETS}, forms=SIMPLE.forms))

    @rule(seed=st.integers(0, 30), count=st.integers(1, 12), merge=st.booleans())
    def add(self, seed: int, count: int, merge: bool) -> None:
        self.archive.add(random_docs(seed, count), merge=merge)

    @rule(numbers=st.lists(st.integers(0, 12), max_size=5), merge=st.booleans())
    def delete(self, numbers: list[int], merge: bool) -> None:
        self.archive.delete(*(f"a{number}" for number in numbers), merge=merge)

    @rule()
    def optimise(self) -> None:
        self.archive.index.optimize()

    @rule()
    def reopen(self) -> None:
        index = ColumnarIndex.open(self.folder, analyses=[SIMPLE])
        self.archive = Archive(index, self.archive.facets, self.archive.docs)

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "archive"):
            same_as_expected(self.archive)


def test_any_sequence_of_changes_leaves_what_a_dictionary_would_hold(tmp_path: Path) -> None:
    IndexMachine.folder = tmp_path / "index"
    IndexMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=8, deadline=None)
    IndexMachine.TestCase("runTest").runTest()


def write_for_ever(folder: Path, first: int) -> None:
    """Commit after commit, each of which adds 27 articles in several runs, deletes two and counts itself."""
    index = ColumnarIndex.open(folder, analyses=[SIMPLE])
    for number in range(first, 10_000):
        with index.writer(memory_mb=0) as writer:
            for part in range(3):
                docs = [Doc(f"{number}-{part}-{doc.id}", doc.body, doc.title) for doc in random_docs(number, 9)]
                writer.add_batch(columns(docs))
            writer.delete_ids([f"{number}-0-a0", f"{number - 1}-1-a1"])
            writer.add_batch(columns([Doc("counter", body=str(number), extra=number)]))


def killed_while_writing(folder: Path, seconds: float, *, first: int = 0) -> None:
    """Write in another process and kill it after so long."""
    child = os.fork()
    if not child:
        try:
            write_for_ever(folder, first)
        finally:
            os._exit(1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def holds_a_committed_state(folder: Path) -> int:
    """The number of the last commit, all of which must be there and nothing more."""
    assert check(folder) == []
    view = ColumnarIndex.open(folder, analyses=[SIMPLE]).view()
    stored = [
        view.stored_fields(base + doc)
        for base, segment in zip(view.bases, view.segments, strict=True)
        for doc in segment.all_docs.tolist()
    ]
    if not stored:
        return -1
    (last,) = [values["extra"] for values in stored if values["id"] == "counter"]
    expected = {f"{n}-{part}-a{doc}" for n in range(last + 1) for part in range(3) for doc in range(9)}
    expected -= {f"{n}-0-a0" for n in range(last + 1)} | {f"{n}-1-a1" for n in range(last)}
    assert {values["id"] for values in stored} == expected | {"counter"}
    return int(last)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_killed_writer_leaves_exactly_a_committed_state(tmp_path: Path) -> None:
    for attempt in range(15):
        folder = tmp_path / str(attempt)
        ColumnarIndex.create(folder, schema(), order=ORDER)
        killed_while_writing(folder, random.Random(attempt).uniform(0.0, 0.25))
        holds_a_committed_state(folder)
        index = ColumnarIndex.open(folder, analyses=[SIMPLE])
        with index.writer() as writer:
            writer.add_batch(columns([Doc("after")]))
        names = {path.name for path in folder.iterdir()} - {"MAIN_WRITELOCK"}
        assert names == index.contents().files(), "leftovers of the killed writer"


def test_a_missing_index_and_a_missing_analysis_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound, match="no index at"):
        ColumnarIndex.open(tmp_path / "none")
    ColumnarIndex.create(tmp_path / "index", schema(), order=ORDER)
    with pytest.raises(OtherVersion, match=r"'simple'.*searchapp rebuild"):
        ColumnarIndex.open(tmp_path / "index")


def test_a_flipped_byte_anywhere_is_found_and_never_gives_a_wrong_answer(
    make_archive: Callable[..., Archive], tmp_path: Path
) -> None:
    archive = make_archive(random_docs(1, 60), per_segment=40)
    archive.delete("a5", merge=False)
    query = wq.Or([TermIn("trad", FIELDS), PatternIn("o*", ("title", "body"))])
    options: dict[str, Any] = {"limit": 100, "facets": FACETS, "timeline": "published"}
    truth = archive.ask(query, **options)
    archive.index.close()
    folder = archive.index.folder
    chance = np.random.default_rng(3)
    files = sorted(path for path in folder.iterdir() if path.name != "MAIN_WRITELOCK")
    assert {path.suffix for path in files} == {".json", ".columns", ".dead"}
    for path in files:
        content = path.read_bytes()
        spots = {0, len(content) - 1, *chance.integers(0, len(content), 25).tolist()}
        for spot in spots:
            damaged = bytearray(content)
            damaged[spot] ^= 1 << int(chance.integers(0, 8))
            copy = tmp_path / f"{path.name}-{spot}"
            shutil.copytree(folder, copy)
            (copy / path.name).write_bytes(damaged)
            assert [item.file for item in check(copy)] == [path.name]
            try:
                index = ColumnarIndex.open(copy, analyses=[SIMPLE])
                fresh = Archive(index, FacetIndex({name: (name,) for name in FACETS}, forms=SIMPLE.forms))
                answer = fresh.ask(query, **options)
            except IndexDamaged:
                continue
            assert answer == truth


def test_a_truncated_or_missing_file_is_reported(make_archive: Callable[..., Archive]) -> None:
    archive = make_archive(random_docs(1, 20))
    archive.index.close()
    folder = archive.index.folder
    (segment,) = folder.glob("*.columns")
    content = segment.read_bytes()
    for size in (0, 7, len(content) // 2, len(content) - 1):
        segment.write_bytes(content[:size])
        assert [item.file for item in check(folder)] == [segment.name]
    segment.unlink()
    assert [item.reason for item in check(folder)] == ["the file is missing"]
    (folder / "contents.json").write_bytes(b"")
    assert [item.file for item in check(folder)] == ["contents.json"]
    with pytest.raises(IndexDamaged):
        ColumnarIndex.open(folder, analyses=[SIMPLE])


def test_nothing_in_the_index_is_a_pickle(
    make_archive: Callable[..., Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    import pickle

    archive = make_archive(random_docs(1, 20), per_segment=7)
    archive.index.optimize()

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("something was unpickled")

    monkeypatch.setattr(pickle, "loads", refuse)
    monkeypatch.setattr(pickle, "load", refuse)
    monkeypatch.setattr("whoosh.formats.loads", refuse)
    same_as_expected(archive)
    with archive.in_whoosh().searcher() as searcher:
        assert len(searcher.search(wq.Phrase("body", ["oil", "gold"]), limit=None)) > 0
