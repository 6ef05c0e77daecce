"""What a script that knows Whoosh finds when it opens an index, and what its writer does."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from whoosh import fields, index, qparser, query, sorting, writing
from whoosh.codec.memory import MemoryCodec
from whoosh.fields import Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.multiproc import MpWriter
from whoosh.writing import BufferedWriter, SegmentWriter

import searchapp.columnar.whoosh
from searchapp import Archive
from searchapp.columnar import ColumnarIndex, NumberRange, TermIn, check
from searchapp.columnar.whoosh import WhooshIndex, create_index, open_index
from searchapp.engines.whoosh.schema import ARTICLE, ENGLISH, stored_article
from searchapp.entities.columns import entry_of
from searchapp.errors import IndexDamaged, IndexLocked
from searchapp.language.stemming import stem
from searchapp.model.article import Article

from .conftest import FIELDS, SIMPLE, Doc, schema

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real index, whose articles name people and places that were recognised."""
    folder = tmp_path_factory.mktemp("archive") / "index"
    with Archive.open(folder, create=True) as opened:
        opened.add_files(SEEDS / "caucasus", SEEDS / "elections")
        opened.add([Article(id="late", body="Late talks in Yerevan.", published=None)])
        opened.delete(["late"])
    return folder


def test_whoosh_searches_what_the_archive_indexed(archive: Path) -> None:
    with open_index(archive, analyses=[ENGLISH]).searcher() as searcher:
        parser = qparser.QueryParser("body", searcher.schema)
        found = {hit["id"] for hit in searcher.search(parser.parse("ceasefires OR talks"), limit=None)}
        everything = [whole(stored) for stored in searcher.documents()]
    wanted = {stem("ceasefires"), stem("talks")}
    expected = {article.id for article in everything if wanted & set(map(stem, words(article.body)))}
    assert found == expected
    assert 3 < len(found) < len(everything)


def test_the_lines_of_the_readme_run(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = Path(searchapp.columnar.whoosh.__file__).with_name("README.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    monkeypatch.chdir(archive.parent)
    exec(code, {})
    *hits, facets = capsys.readouterr().out.splitlines()
    assert all(re.match(r"\d+\.\d+ \S", line) for line in hits)
    assert hits
    assert "'Armenia': " in facets


def whole(stored: dict[str, Any]) -> Article:
    return stored_article([stored[name] for name in ARTICLE])


def words(text: str) -> list[str]:
    return list(ENGLISH.forms(text))


def test_whoosh_counts_recognised_names_as_facets(archive: Path) -> None:
    with open_index(archive, analyses=[ENGLISH]).searcher() as searcher:
        for facet in ("people", "places"):
            by_label = sorting.FieldFacet(facet, allow_overlap=True)
            hits = searcher.search(query.Every(), limit=None, groupedby=by_label)
            counts = {label: len(numbers) for label, numbers in hits.groups(facet).items() if label is not None}
            articles = [whole(hit.fields()) for hit in hits]
            assert counts == Counter(label for article in articles for label in entry_of(article, "").columns[facet])
            assert len(counts) > 10


def test_a_phrase_of_exact_words_and_a_range_of_days_work_in_whooshs_searcher(archive: Path) -> None:
    with open_index(archive, analyses=[ENGLISH]).searcher() as searcher:
        hits = searcher.search(query.Every(), limit=None, sortedby="day")
        days = [searcher.reader().column_reader("day")[hit.docnum] for hit in hits]
        assert days == sorted(days)
        chosen = searcher.search(NumberRange("day", days[1], days[-2]), limit=None)
        assert len(chosen) == sum(days[1] <= day <= days[-2] for day in days)
        text = words(whole(hits[0].fields()).body)
        phrase = query.Phrase("body_exact", text[:4])
        assert hits[0]["id"] in {hit["id"] for hit in searcher.search(phrase, limit=None)}


def test_whooshs_writer_adds_to_an_index_that_the_store_goes_on_reading(tmp_path: Path) -> None:
    store = ColumnarIndex.create(tmp_path, schema(), order=("published", "tie"))
    with open_index(tmp_path, analyses=[SIMPLE]).writer() as writer:
        assert isinstance(writer, SegmentWriter)
        writer.add_document(id="1", body="oil and gold", places=["York"], published=3, tie=1)
        writer.update_document(id="1", body="oil trading", places=["York", "Leeds"], published=4, tie=1)
    view = store.view()
    assert view.live_count == 1
    assert view.segments[0].label_counts("places") == {"York": 1, "Leeds": 1}
    assert check(tmp_path) == []


# What an index may say


def test_the_store_refuses_fields_of_whooshs_types(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"whoosh\.create_index"):
        ColumnarIndex.create(tmp_path / "a", Schema(text=fields.TEXT))
    create_index(tmp_path / "b", Schema(text=fields.TEXT))
    with pytest.raises(IndexDamaged, match=r"whoosh\.open_index"):
        ColumnarIndex.open(tmp_path / "b")
    store = ColumnarIndex.create(tmp_path / "c", schema())
    with store.writer() as writer, pytest.raises(TypeError, match="TEXT"):
        writer.add_field("text", fields.TEXT())
    assert "text" not in store.schema.names()


def test_the_store_cannot_evaluate_whooshs_special_queries_and_says_who_can(tmp_path: Path) -> None:
    store = ColumnarIndex.create(tmp_path, schema())
    with store.writer() as writer:
        writer.add_batch({"id": ["1"], "body": ["oil"]})
    from searchapp.columnar import FacetIndex, Question

    executor = store.executor(FacetIndex({}, forms=SIMPLE.forms))
    with pytest.raises(TypeError, match=r"searchapp\.columnar\.whoosh"):
        executor.search(Question(query.Prefix("body", "oi")))
    executor = open_index(tmp_path, analyses=[SIMPLE]).executor(FacetIndex({}, forms=SIMPLE.forms))
    assert executor.search(Question(query.Prefix("body", "oi"))).total == 1


@pytest.mark.parametrize(
    "content",
    [
        {"$": "class", "module": "antigravity", "name": "fly"},
        {"$": "object", "module": "whoosh.fields", "name": "TEXT", "state": {"$": "sleep"}},
        {"$": "object", "module": "whoosh.lang.porter", "name": "stem", "state": {}},
        {"$": "object", "module": "whoosh.fields", "name": "Schema", "state": {}},
        {"$": "class", "module": "whoosh.analysis.filters", "name": "LowercaseFilter"},
        {"module": "whoosh.fields"},
        7,
    ],
    ids=repr,
)
def test_what_the_file_says_is_neither_imported_nor_called(
    content: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import importlib

    from searchapp.columnar.format.contents import Contents

    description = {"fields": {"x": {"kind": "whoosh", "object": content}}, "patterns": {}}
    Contents(1, description, None, []).write(tmp_path)
    monkeypatch.setattr(importlib, "import_module", lambda name: pytest.fail(f"{name} was imported"))
    with pytest.raises(IndexDamaged, match="index again"):
        open_index(tmp_path)


# The writer


def texts(made: WhooshIndex) -> list[str]:
    with made.searcher() as searcher:
        return sorted(stored["text"] for stored in searcher.documents())


@pytest.fixture
def made(tmp_path: Path) -> WhooshIndex:
    """Two segments of two articles."""
    made = create_index(tmp_path, Schema(text=fields.TEXT(stored=True), n=fields.NUMERIC(int, sortable=True)))
    for pair in ("alfa", "bravo"), ("charlie", "delta"):
        with made.writer(merge=False) as writer:
            for text in pair:
                writer.add_document(text=text, n=len(text))
    return made


def test_a_writer_told_not_to_merge_leaves_the_segments_that_are_there(made: WhooshIndex) -> None:
    assert len(made.contents().segments) == 2
    with made.writer() as writer:
        writer.add_document(text="echo", n=1)
        writer.add_document(text="golf", n=1)
    assert len(made.contents().segments) == 1
    with made.writer() as writer:
        writer.merge = False
        for text in ("foxtrot", "hotel", "india", "juliet"):
            writer.add_document(text=text, n=1)
    assert len(made.contents().segments) == 2
    with made.writer(optimize=True) as writer:
        writer.delete_by_term("text", "alfa")
    assert texts(made) == ["bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet"]
    assert len(made.contents().segments) == 1


def test_the_policy_clear_keeps_only_what_was_added(made: WhooshIndex) -> None:
    writer = made.writer()
    writer.add_document(text="echo", n=1)
    writer.commit(mergetype=writing.CLEAR)
    assert texts(made) == ["echo"]
    with made.writer(mergetype=writing.CLEAR) as writer:
        writer.add_document(text="foxtrot", n=1)
    assert texts(made) == ["foxtrot"]
    made.writer().commit(mergetype=writing.CLEAR)
    assert made.is_empty()
    assert check(made.folder) == []


@pytest.mark.parametrize(
    ("policy", "segments"), [(writing.NO_MERGE, 3), (writing.OPTIMIZE, 1), (writing.MERGE_SMALL, 1)]
)
def test_whooshs_other_policies_keep_all_articles(made: WhooshIndex, policy: Any, segments: int) -> None:
    writer = made.writer()
    writer.add_document(text="echo", n=1)
    writer.add_document(text="foxtrot", n=1)
    writer.commit(mergetype=policy)
    assert texts(made) == ["alfa", "bravo", "charlie", "delta", "echo", "foxtrot"]
    assert len(made.contents().segments) == segments


def test_a_policy_of_ones_own_chooses_what_stays(made: WhooshIndex) -> None:
    def rewrite_the_first(writer: Any, segments: list[Any]) -> list[Any]:
        from whoosh.reading import SegmentReader

        with SegmentReader(writer.storage, writer.schema, segments[0]) as reader:
            writer.add_reader(reader)
        return segments[1:]

    names = [segment.segid for segment in made.contents().segments]
    writer = made.writer()
    writer.delete_by_term("text", "alfa")
    writer.commit(mergetype=rewrite_the_first)
    assert texts(made) == ["bravo", "charlie", "delta"]
    assert made.contents().segments[0].segid == names[1]
    assert made.doc_count_all() == 3


def test_no_article_past_the_end_is_deleted(made: WhooshIndex) -> None:
    writer = made.writer()
    writer.delete_document(3)
    assert [writer.is_deleted(number) for number in (0, 3, 4, 99)] == [False, True, False, False]
    with pytest.raises(writing.IndexingError, match="it has 4"):
        writer.delete_document(4)
    writer.commit(merge=False)
    with made.reader() as reader:
        assert [reader.is_deleted(number) for number in (2, 3, 4, 99)] == [False, True, False, False]
        assert sorted(reader.all_doc_ids()) == [0, 1, 2]
    assert texts(made) == ["alfa", "bravo", "charlie"]


def test_an_article_that_was_deleted_can_be_brought_back(made: WhooshIndex) -> None:
    writer = made.writer()
    writer.delete_document(0)
    writer.delete_document(0, delete=False)
    writer.commit()
    assert len(texts(made)) == 4


def test_deleting_by_query_reaches_articles_that_are_not_committed_yet(made: WhooshIndex) -> None:
    writer = made.writer()
    writer.add_document(text="alfa echo", n=1)
    assert writer.delete_by_query(query.Term("text", "alfa")) == 2
    writer.commit()
    assert texts(made) == ["bravo", "charlie", "delta"]


def test_a_value_that_a_field_cannot_take_leaves_the_writer_usable(made: WhooshIndex) -> None:
    with made.writer() as writer:
        with pytest.raises(TypeError):
            writer.add_document(text="echo", n=Decimal("3.2"))
        with pytest.raises(ValueError, match=r".+"):
            writer.add_document(text="echo", n="many")
        writer.add_document(text="foxtrot", n=3)
    assert texts(made) == ["alfa", "bravo", "charlie", "delta", "foxtrot"]


def test_an_option_that_is_not_offered_is_refused(made: WhooshIndex) -> None:
    with pytest.raises(TypeError, match="codec"):
        made.writer(codec=MemoryCodec())
    made.writer().cancel()


def test_a_writer_of_several_processes_is_one_of_a_single_process_and_says_so(made: WhooshIndex) -> None:
    with pytest.warns(UserWarning, match="single-process"):
        writer = made.writer(procs=2, multisegment=True)
    writer.add_document(text="echo", n=1)
    writer.commit()
    assert len(texts(made)) == 5


@pytest.mark.parametrize("kind", [SegmentWriter, MpWriter])
def test_whooshs_own_writers_are_refused_before_an_article_is_lost(made: WhooshIndex, kind: Any) -> None:
    with pytest.raises(TypeError, match=r"use index\.writer"):
        kind(made)
    assert [path.name for path in made.folder.iterdir() if ".toc" in path.name] == []


def test_a_second_writer_is_refused_with_an_error_that_both_sides_know(made: WhooshIndex) -> None:
    writer = made.writer()
    for error in (index.LockError, IndexLocked):
        with pytest.raises(error, match="wait for the other run"):
            made.writer()
    writer.cancel()


def test_articles_of_another_index_are_added_as_they_are(made: WhooshIndex, tmp_path: Path) -> None:
    stock = RamStorage().create_index(made.schema)
    with stock.writer() as writer:
        for text in ("echo foxtrot", "golf"):
            writer.add_document(text=text, n=len(text))
    with stock.writer() as writer:
        writer.delete_by_term("text", "golf")
        writer.merge = False
    columns = create_index(tmp_path / "other", made.schema)
    with columns.writer() as writer:
        writer.add_document(text="hotel", n=70)
    with made.writer() as writer, stock.reader() as one, columns.reader() as two:
        writer.add_reader(one)
        writer.add_reader(two)
    assert texts(made) == ["alfa", "bravo", "charlie", "delta", "echo foxtrot", "hotel"]
    with made.searcher() as searcher:
        assert [hit["text"] for hit in searcher.search(query.Phrase("text", ["echo", "foxtrot"]))] == ["echo foxtrot"]
        assert [hit["text"] for hit in searcher.search(query.NumericRange("n", 70, None))] == ["hotel"]
        ordered = searcher.search(query.Every(), sortedby="n", reverse=True, limit=2)
        assert [hit["text"] for hit in ordered] == ["hotel", "echo foxtrot"]
    assert check(made.folder) == []


def test_a_text_field_of_the_store_comes_only_from_another_index_of_columns(tmp_path: Path) -> None:
    made = create_index(tmp_path / "one", schema())
    other = create_index(tmp_path / "two", schema())
    with other.writer() as writer:
        writer.add_document(id="1", body="oil trading", places=["York"], published=3)
        writer.add_document(id="2", body="gold", places=["York"])
        writer.delete_ids(["2"])
    with made.writer() as writer, other.reader() as reader:
        writer.add_reader(reader)
    with made.searcher() as searcher:
        assert [hit["id"] for hit in searcher.search(TermIn("trad", FIELDS))] == ["1"]
    stock = RamStorage().create_index(Schema(body=fields.TEXT))
    with stock.writer() as adding:
        adding.add_document(body="gold")
    writer = made.writer()
    with stock.reader() as reader, pytest.raises(TypeError, match="written by"):
        writer.add_reader(reader)
    writer.cancel()
    assert check(made.folder) == []


def test_whooshs_buffered_writer_is_read_before_and_after_its_commit(made: WhooshIndex) -> None:
    with BufferedWriter(made, period=None, limit=1000) as buffered:
        buffered.add_document(text="echo", n=1)
        searcher = buffered.searcher()
        assert searcher.doc_count() == 5
        assert searcher.refresh().doc_count() == 5
        buffered.update_document(text="foxtrot", n=1)
    assert texts(made) == ["alfa", "bravo", "charlie", "delta", "echo", "foxtrot"]


def test_updates_by_a_unique_field_make_no_segment_each(tmp_path: Path) -> None:
    made = create_index(tmp_path, Schema(id=fields.ID(unique=True, stored=True), text=fields.TEXT(stored=True)))
    with made.writer() as writer:
        for number in range(30):
            writer.update_document(id=str(number), text="first")
        assert not list(tmp_path.glob("*.columns"))
        writer.update_document(id="7", text="second")
    with made.searcher() as searcher:
        assert searcher.doc_count() == 30
        assert searcher.document(id="7")["text"] == "second"


def test_the_index_tells_whoosh_its_state(made: WhooshIndex) -> None:
    assert made.latest_generation() == made.generation() == 2
    assert [segment.doc_count_all() for segment in made._segments()] == [2, 2]
    assert made.doc_count() == 4
    assert made.last_modified() > 0
    assert made.up_to_date()
    assert made.release


def test_a_deletion_by_stem_and_by_label_works_without_whooshs_searcher(tmp_path: Path) -> None:
    store = ColumnarIndex.create(tmp_path, schema())
    docs = [Doc("1", body="oil trading"), Doc("2", places=("York",)), Doc("3", body="gold"), Doc("4", body="trade")]
    with store.writer() as writer:
        writer.add_batch(
            {"id": [d.id for d in docs], "body": [d.body for d in docs], "places": [d.places for d in docs]}
        )
        assert writer.delete_by_term("body", "trad") == 1
        assert writer.delete_by_term("places", "York") == 1
        assert writer.delete_by_term("places", "Leeds") == writer.delete_by_term("published", "3") == 0
        assert writer.delete_by_term("id", "4") == 1
        writer.delete_document(2, delete=False)
        with pytest.raises(writing.IndexingError, match="no article of the number 9"):
            writer.delete_document(9)
    view = store.view()
    assert [view.stored_fields(number)["id"] for number in range(view.live_count)] == ["3"]
