"""Whoosh behaves on this codec as on its own: the same cases, the same expectations, on both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from whoosh import analysis, columns, fields, formats, index, qparser, query, sorting
from whoosh.fields import Schema
from whoosh.query import spans
from whoosh.writing import SegmentWriter

from searchapp.columnar.schema.description import describe_schema as describe
from searchapp.columnar.schema.description import schema_from as made_from
from searchapp.columnar.whoosh import ColumnarCodec, create_index
from searchapp.columnar.whoosh.description import describe_field, field_from

Make = Callable[[Schema], Any]


def describe_schema(schema: Schema) -> dict[str, Any]:
    return describe(schema, describe_field)


def schema_from(description: dict[str, Any], analyses: dict[str, Any]) -> Schema:
    return made_from(description, analyses, field_from)


class _StockIndexWithOurCodec(index.FileIndex):  # type: ignore[misc]
    """Whoosh's own index and writer, and only the segments in columns."""

    def writer(self, procs: int = 1, **options: Any) -> SegmentWriter:
        return SegmentWriter(self, codec=ColumnarCodec(), **options)


@pytest.fixture(params=["stock", "columnar", "codec only"])
def make_index(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    def make(schema: Schema) -> Any:
        if request.param == "columnar":
            return create_index(tmp_path, schema)
        made = index.create_in(str(tmp_path), schema)
        return made if request.param == "stock" else _StockIndexWithOurCodec(made.storage)

    return make


NEWS = [
    {"id": "a", "title": "Talks on prices", "body": "oil prices rose as traders waited for the talks", "n": 5},
    {"id": "b", "title": "Prices fall", "body": "gold prices fell and oil fell with them", "n": 20},
    {"id": "c", "title": "Traders wait", "body": "the traders wait for news of gold", "n": 30},
    {"id": "d", "title": "Elections", "body": "no news about prices here", "n": -7},
]


def news_schema() -> Schema:
    return Schema(
        id=fields.ID(unique=True, stored=True),
        title=fields.TEXT(stored=True),
        body=fields.TEXT(analyzer=analysis.StemmingAnalyzer(), stored=True),
        n=fields.NUMERIC(int, sortable=True, stored=True),
    )


@pytest.fixture
def news(make_index: Make) -> Any:
    """Four articles in two segments."""
    made = make_index(news_schema())
    for start in (0, 2):
        writer = made.writer()
        for article in NEWS[start : start + 2]:
            writer.add_document(**article)
        writer.commit(merge=False)
    return made


def ids(made: Any, tree: query.Query, **options: Any) -> list[str]:
    with made.searcher() as searcher:
        return sorted(hit["id"] for hit in searcher.search(tree, limit=None, **options))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (query.Term("body", "price"), "abd"),
        (query.Term("body", "nothing"), ""),
        (query.And([query.Term("body", "oil"), query.Term("body", "gold")]), "b"),
        (query.Or([query.Term("body", "rose"), query.Term("body", "new")]), "acd"),
        (query.Not(query.Term("body", "oil")), "cd"),
        (query.AndNot(query.Term("body", "price"), query.Term("body", "oil")), "d"),
        (query.AndMaybe(query.Term("body", "oil"), query.Term("body", "gold")), "ab"),
        (query.Require(query.Term("body", "gold"), query.Term("body", "new")), "c"),
        (query.DisjunctionMax([query.Term("body", "rose"), query.Term("title", "fall")]), "ab"),
        (query.Phrase("body", ["oil", "price"]), "a"),
        (query.Phrase("body", ["oil", "gold"]), ""),
        (query.Phrase("body", ["price", "oil"], slop=4), "b"),
        (query.Prefix("title", "pr"), "ab"),
        (query.Wildcard("title", "*l*s"), "ad"),
        (query.Wildcard("title", "f?ll"), "b"),
        (query.Regex("title", "t.*s"), "ac"),
        (query.FuzzyTerm("title", "pricees", maxdist=1), "ab"),
        (query.FuzzyTerm("title", "elektion", maxdist=2), "d"),
        (query.TermRange("title", "e", "g"), "bd"),
        (query.Variations("title", "price"), "ab"),
        (query.Every(), "abcd"),
        (query.Every("title"), "abcd"),
        (query.NullQuery, ""),
        (query.ConstantScoreQuery(query.Term("body", "gold"), 2.0), "bc"),
        (query.NumericRange("n", 5, 20), "ab"),
        (query.NumericRange("n", None, 5, endexcl=True), "d"),
        (query.Term("n", 30), "c"),
        (spans.SpanNear(query.Term("body", "fell"), query.Term("body", "oil"), slop=2), "b"),
        (spans.SpanFirst(query.Term("body", "gold")), "b"),
        (spans.SpanOr([query.Term("body", "rose"), query.Term("body", "gold")]), "abc"),
        (spans.SpanNot(query.Term("body", "gold"), query.Term("body", "price")), "bc"),
    ],
    ids=repr,
)
def test_a_query_finds(news: Any, tree: query.Query, expected: str) -> None:
    assert ids(news, tree) == list(expected)
    news.optimize()
    assert ids(news, tree) == list(expected)


def test_what_the_parser_makes_finds(news: Any) -> None:
    parser = qparser.MultifieldParser(["title", "body"], news.schema)
    assert ids(news, parser.parse('"oil prices" OR waiting')) == ["a", "c"]
    assert ids(news, parser.parse("prices NOT oil")) == ["d"]
    assert ids(news, parser.parse("n:[10 TO 40]")) == ["b", "c"]
    assert ids(news, parser.parse("trad* AND news")) == ["c"]


def test_scores_follow_frequency_and_length(news: Any) -> None:
    with news.searcher() as searcher:
        hits = searcher.search(query.Term("body", "fell"))
        assert [(hit["id"], round(hit.score, 4)) for hit in hits] == [("b", 2.2382)]
        hits = searcher.search(query.Term("body", "price"), limit=2)
        assert len(hits) == 3
        assert {hit["id"] for hit in hits} == {"a", "d"}


def test_statistics_of_a_term(news: Any) -> None:
    with news.reader() as reader:
        assert reader.doc_count_all() == reader.doc_count() == 4
        assert (reader.doc_frequency("body", "price"), reader.frequency("body", "fell")) == (3, 2)
        assert reader.frequency("body", "nothing") == reader.doc_frequency("body", "nothing") == 0
        info = reader.term_info("body", "fell")
        assert (info.weight(), info.doc_frequency(), info.max_weight()) == (2, 1, 2)
        assert ("body", b"price") in reader
        assert ("body", b"nothing") not in reader
        assert list(reader.expand_prefix("title", "pr")) == [b"prices"]
        assert list(reader.lexicon("title")) == [b"elections", b"fall", b"prices", b"talks", b"traders", b"wait"]
        assert reader.most_frequent_terms("body", 2) == [(3.0, b"price"), (2.0, b"wait")]
        assert set(reader.indexed_field_names()) == {"body", "id", "n", "title"}
        assert reader.field_length("title") == 7
        assert [reader.doc_field_length(doc, "title") for doc in range(4)] == [2, 2, 2, 1]


def test_walking_over_postings(news: Any) -> None:
    news.optimize()
    with news.reader() as reader:
        postings = reader.postings("body", "price")
        assert list(postings.all_ids()) == [0, 1, 3]
        assert list(reader.postings("body", "fell").items_as("positions")) == [(1, [2, 4])]
        postings = reader.postings("body", "price")
        postings.skip_to(2)
        assert (postings.id(), postings.value_as("frequency"), postings.weight()) == (3, 1, 1.0)
        postings.next()
        assert not postings.is_active()


def test_a_deleted_article_is_gone(news: Any) -> None:
    writer = news.writer()
    assert writer.delete_by_term("id", "a") == 1
    writer.delete_by_query(query.Term("body", "gold"))
    writer.commit(merge=False)
    assert ids(news, query.Every()) == ["d"]
    assert (news.doc_count(), news.doc_count_all()) in {(1, 4), (1, 2)}
    with news.searcher() as searcher:
        assert [stored["id"] for stored in searcher.documents()] == ["d"]
        assert searcher.document(id="a") is None
    news.optimize()
    assert ids(news, query.Every()) == ["d"]
    assert news.doc_count_all() == 1


def test_an_update_replaces_by_unique_field(news: Any) -> None:
    with news.writer() as writer:
        writer.update_document(id="b", title="Changed", body="silver", n=1)
        writer.update_document(id="e", title="New", body="silver", n=2)
    assert ids(news, query.Term("body", "silver")) == ["b", "e"]
    assert ids(news, query.Term("body", "fell")) == []
    assert news.doc_count() == 5
    with news.searcher() as searcher:
        assert searcher.document(id="b")["title"] == "Changed"


def test_a_cancelled_writer_changes_nothing(news: Any) -> None:
    writer = news.writer()
    writer.add_document(id="x", body="silver")
    writer.cancel()
    assert ids(news, query.Every()) == list("abcd")
    with news.writer() as writer:
        writer.add_document(id="x", body="silver")
    assert ids(news, query.Term("body", "silver")) == ["x"]


def test_an_open_searcher_stays_and_a_refreshed_one_follows(news: Any) -> None:
    searcher = news.searcher()
    assert searcher.up_to_date()
    with news.writer() as writer:
        writer.add_document(id="x", body="silver")
    assert not searcher.up_to_date()
    assert not searcher.search(query.Term("body", "silver"))
    with searcher.refresh() as fresh:
        assert [hit["id"] for hit in fresh.search(query.Term("body", "silver"))] == ["x"]


def test_sorting_and_grouping_by_columns(make_index: Make) -> None:
    made = make_index(
        Schema(
            id=fields.ID(stored=True),
            price=fields.NUMERIC(float, sortable=True),
            tag=fields.KEYWORD(sortable=True),
            day=fields.DATETIME(sortable=True, stored=True),
            flag=fields.COLUMN(columns.BitColumn()),
        )
    )
    for part in (("x", 2.5, "red"), ("y", -1.0, "blue")), (("z", 7.25, "red"), ("w", None, None)):
        writer = made.writer()
        for name, price, tag in part:
            day = dt.datetime(2020, 1, ord(name) - 100)
            writer.add_document(id=name, price=price, tag=tag, day=day, flag=name == "y")
        writer.commit(merge=False)
    for _ in range(2):
        with made.searcher() as searcher:
            hits = searcher.search(query.Every(), sortedby="price", limit=None)
            assert [hit["id"] for hit in hits] == ["w", "y", "x", "z"]
            hits = searcher.search(query.Every(), sortedby="day", reverse=True, limit=None)
            assert [hit["id"] for hit in hits] == ["z", "y", "x", "w"]
            assert hits[0]["day"] == dt.datetime(2020, 1, 22)
            hits = searcher.search(query.Every(), groupedby="tag")
            assert {tag: len(docs) for tag, docs in hits.groups().items()} == {"red": 2, "blue": 1, "": 1}
            facet = sorting.RangeFacet("price", -10, 10, 5)
            hits = searcher.search(query.Every(), groupedby={"price": facet})
            assert sorted(len(docs) for key, docs in hits.groups("price").items() if key) == [1, 1, 1]
            flags = searcher.reader().column_reader("flag")
            assert sum(bool(flags[doc]) for doc in range(4)) == 1
        made.optimize()


def test_spelling_suggests_words_of_the_index(make_index: Make) -> None:
    made = make_index(
        Schema(id=fields.ID(stored=True), text=fields.TEXT(analyzer=analysis.StemmingAnalyzer(), spelling=True))
    )
    for words in ("rendering shading", "special rendered alpha", "shaded zebra"):
        writer = made.writer()
        writer.add_document(id=words[0], text=words)
        writer.commit(merge=False)
    for _ in range(2):
        with made.searcher() as searcher:
            assert searcher.corrector("text").suggest("renderd", limit=1) == ["rendered"]
            assert searcher.corrector("text").suggest("zebar", limit=1) == ["zebra"]
            parsed = qparser.QueryParser("text", made.schema).parse("specail")
            assert searcher.correct_query(parsed, "specail").string == "special"
            assert sorted(searcher.reader().terms_within("spell_text", "shadin", 2)) == ["shaded", "shading"]
        made.optimize()


def test_more_like_this_and_key_terms(make_index: Make) -> None:
    made = make_index(Schema(id=fields.ID(stored=True), text=fields.TEXT(stored=True, vector=formats.Frequency())))
    texts = {
        "a": "alfa bravo charlie bravo bravo",
        "b": "bravo charlie delta",
        "c": "echo foxtrot golf",
        "d": "bravo hotel",
    }
    for name, text in texts.items():
        writer = made.writer()
        writer.add_document(id=name, text=text)
        writer.commit(merge=False)
    for _ in range(2):
        with made.searcher() as searcher:
            number = searcher.document_number(id="a")
            assert searcher.has_vector(number, "text")
            assert dict(searcher.vector_as("frequency", number, "text")) == {"alfa": 1, "bravo": 3, "charlie": 1}
            assert {word for word, _ in searcher.key_terms([number], "text", numterms=3)} == {
                "alfa",
                "bravo",
                "charlie",
            }
            assert [hit["id"] for hit in searcher.more_like(number, "text")] == ["b", "d"]
            hit = searcher.search(query.Term("id", "a"))[0]
            assert [like["id"] for like in hit.more_like_this("text")] == ["b", "d"]
        made.optimize()


def test_highlights_mark_what_matched(news: Any) -> None:
    with news.searcher() as searcher:
        hits = searcher.search(query.Term("body", "trader"), terms=True)
        texts = {hit["id"]: hit.highlights("body") for hit in hits}
    assert '<b class="match term0">traders</b> wait for news' in texts["c"]
    assert set(texts) == {"a", "c"}


@pytest.mark.parametrize(
    "format_", [formats.Characters(), formats.PositionBoosts(), formats.CharacterBoosts(), formats.Frequency()]
)
def test_formats_keep_what_they_encode(make_index: Make, format_: formats.Format) -> None:
    chain = analysis.RegexTokenizer(r"\S+") | analysis.DelimitedAttributeFilter()
    made = make_index(Schema(text=fields.FieldType(format_, chain, scorable=True)))
    for text in ("alfa bravo^2.5 alfa", "charlie alfa"):
        writer = made.writer()
        writer.add_document(text=text)
        writer.commit(merge=False)
    for _ in range(2):
        with made.reader() as reader:
            assert reader.frequency("text", "bravo") == 2.5
            for kind, expected in {
                "positions": [(0, [0, 2]), (1, [1])],
                "characters": [(0, [(0, 0, 4), (2, 15, 19)]), (1, [(1, 8, 12)])],
                "position_boosts": [(0, [(0, 1.0), (2, 1.0)]), (1, [(1, 1.0)])],
            }.items():
                if format_.supports(kind):
                    found = [(doc, [_plain(item) for item in items]) for doc, items in _items(reader, kind)]
                    assert found == [(doc, [_plain(item) for item in items]) for doc, items in expected]
        made.optimize()


def _items(reader: Any, kind: str) -> list[tuple[int, Any]]:
    found = []
    for leaf, base in reader.leaf_readers():
        found += [(base + doc, items) for doc, items in leaf.postings("text", "alfa").items_as(kind)]
    return found


def _plain(item: Any) -> Any:
    return tuple(item) if isinstance(item, (list, tuple)) else item


def test_boosts_weigh_an_article(make_index: Make) -> None:
    made = make_index(Schema(id=fields.ID(stored=True), text=fields.TEXT))
    with made.writer() as writer:
        writer.add_document(id="plain", text="oil and gas")
        writer.add_document(id="boosted", text="oil and gas", _text_boost=3.0)
        writer.add_document(id="other", text="nothing")
    for _ in range(2):
        with made.searcher() as searcher:
            assert [hit["id"] for hit in searcher.search(query.Term("text", "oil"))] == ["boosted", "plain"]
        made.optimize()


def test_all_kinds_of_stored_values_come_back(make_index: Make) -> None:
    values = ["text", b"\0bytes", 7, 2.5, None, True, [1, ["a"]], {"k": 1}, dt.datetime(2020, 1, 2, 3, 4, 5)]
    made = make_index(Schema(id=fields.ID(stored=True), value=fields.STORED, shown=fields.TEXT(stored=True)))
    with made.writer() as writer:
        for number, value in enumerate(values):
            writer.add_document(id=str(number), value=value, shown="indexed", _stored_shown=f"shown {number}")
    made.optimize()
    with made.searcher() as searcher:
        for number, value in enumerate(values):
            stored = searcher.document(id=str(number))
            assert stored.get("value") == value
            assert stored["shown"] == f"shown {number}"


def test_fields_known_by_a_pattern(make_index: Make) -> None:
    schema = Schema(id=fields.ID(stored=True))
    schema.add("*_text", fields.TEXT(stored=True), glob=True)
    made = make_index(schema)
    for name in ("one_text", "two_text"):
        writer = made.writer()
        writer.add_document(**{"id": name, name: "shared words"})
        writer.commit(merge=False)
    for _ in range(2):
        assert ids(made, query.Term("one_text", "words")) == ["one_text"]
        assert ids(made, query.Or([query.Term("one_text", "words"), query.Term("two_text", "words")])) == [
            "one_text",
            "two_text",
        ]
        made.optimize()


def test_fields_can_be_added_and_removed(news: Any) -> None:
    news.add_field("topic", fields.KEYWORD(stored=True))
    news.remove_field("title")
    with news.writer() as writer:
        writer.add_document(id="x", topic="markets", body="silver")
    assert ids(news, query.Term("topic", "markets")) == ["x"]
    news.optimize()
    assert news.schema.names() == ["body", "id", "n", "topic"]
    with news.searcher() as searcher:
        assert "title" not in searcher.document(id="a")
        assert "title" not in set(searcher.reader().indexed_field_names())


def test_an_unknown_field_and_an_unfit_value_are_refused(make_index: Make) -> None:
    made = make_index(Schema(id=fields.ID(stored=True), n=fields.NUMERIC(int, bits=8)))
    writer = made.writer()
    with pytest.raises(fields.UnknownFieldError):
        writer.add_document(nowhere="x")
    with pytest.raises(ValueError, match=r".+"):
        writer.add_document(id="x", n=1000)
    writer.add_document(id="y", n=100)
    writer.commit()
    assert ids(made, query.Every()) == ["y"]


def test_a_second_writer_is_refused_and_the_lock_comes_back(make_index: Make) -> None:
    made = make_index(Schema(id=fields.ID(stored=True)))
    writer = made.writer()
    with pytest.raises(index.LockError):
        made.writer()
    writer.cancel()
    made.writer().commit()


def test_every_kind_of_field_has_a_plain_description() -> None:
    schema = Schema(
        a=fields.TEXT(spelling=True, vector=True, sortable=True, chars=True, analyzer=analysis.FancyAnalyzer()),
        b=fields.NUMERIC(float, sortable=True),
        c=fields.DATETIME,
        d=fields.BOOLEAN(stored=True),
        e=fields.KEYWORD(commas=True, lowercase=True),
        f=fields.NGRAMWORDS(),
        g=fields.TEXT(analyzer=analysis.LanguageAnalyzer("fr")),
        h=fields.ID(unique=True),
        i=fields.STORED,
    )
    twin = schema_from(describe_schema(schema), {})
    assert twin.names() == schema.names()
    assert describe_schema(twin) == describe_schema(schema)
    for name in "afg":
        text = "les chevaux rapides running wi-fi"
        assert list(twin[name].index(text)) == list(schema[name].index(text))


def test_a_description_names_nothing_but_parts_of_fields() -> None:
    from searchapp.errors import IndexDamaged

    for module, name in (("os", "system"), ("whoosh.index", "open_dir"), ("whoosh.fields", "sys")):
        content = {"$": "class", "module": module, "name": name}
        description = {"fields": {"x": {"kind": "whoosh", "object": content}}, "patterns": {}}
        with pytest.raises(IndexDamaged):
            schema_from(description, {})


class _Homemade(analysis.Analyzer):  # type: ignore[misc]
    pass


def test_a_field_that_cannot_be_described_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="_Homemade"):
        create_index(tmp_path, Schema(x=fields.TEXT(analyzer=_Homemade())))
