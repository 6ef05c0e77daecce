"""tantivy at its best: one thread, ids and labels as fast fields, its English stemmer, months as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Query

from .cases import FACETS, Case, Record, Reply

__all__ = ["TantivyRival"]

_HEAP, _SMALL_HEAP = 512_000_000, 50_000_000
_BOOSTS = {"title": 2.5, "body": 1.0}


class TantivyRival:
    """Three terms aggregations for the facets and a histogram by month, all in one pass over what matches.

    `with_timeline` false leaves the histogram out. Its `date_histogram` knows intervals of so many days only, and takes
    twice as long as a histogram over numbers of months, which is what is asked.
    """

    def __init__(self, folder: Path, *, with_timeline: bool = True) -> None:
        self._folder = folder
        self._with_timeline = with_timeline
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for field in _BOOSTS:
            builder.add_text_field(field, stored=True, tokenizer_name="en_stem")
        builder.add_integer_field("day", stored=True, indexed=True, fast=True)
        builder.add_integer_field("month", fast=True)
        for facet in FACETS:
            builder.add_text_field(facet, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
        self._schema = builder.build()
        self._writer: Any = None

    def add(self, records: Iterable[Record]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        writer = tantivy.Index(self._schema, str(self._folder)).writer(_HEAP, 1)
        for record in records:
            writer.add_document(self._document(record))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self._index = tantivy.Index.open(str(self._folder))
        self._reload()

    def add_one(self, record: Record) -> None:
        if self._writer is None:
            self._writer = self._index.writer(_SMALL_HEAP, 1)
        self._writer.add_document(self._document(record))
        self._writer.commit()
        self._reload()

    def _reload(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def _document(self, record: Record) -> Any:
        document = tantivy.Document()
        document.add_text("id", record.id)
        document.add_text("title", record.title)
        document.add_text("body", record.body)
        if record.published:
            document.add_integer("day", record.published.toordinal())
            document.add_integer("month", record.published.year * 12 + record.published.month)
        for facet in FACETS:
            for label in record.labels[facet]:
                document.add_text(facet, label)
        return document

    def _either(self, make: Any) -> Query:
        parts = [(Occur.Should, Query.boost_query(make(field), boost)) for field, boost in _BOOSTS.items()]
        return Query.boolean_query(parts)

    def _parsed(self, text: str, fields: list[str]) -> Query:
        return self._index.parse_query(text, fields, {"title": _BOOSTS["title"]}, conjunction_by_default=True)

    def _words(self, case: Case) -> Query:
        both = list(_BOOSTS)
        match case.kind:
            case "all":
                return self._parsed(" ".join(case.words), both)
            case "any":
                return self._parsed(" OR ".join(case.words), both)
            case "title":
                return self._parsed(case.words[0], ["title"])
            case "not":
                return self._parsed(f"{case.words[0]} -{case.words[1]}", both)
            case "phrase":
                return self._parsed(f'"{" ".join(case.words)}"', both)
            case "pattern":
                pattern = case.words[0].replace("*", ".*").replace("?", ".")
                return self._either(lambda field: Query.regex_query(self._schema, field, pattern))
            case "fuzzy":
                word, edits = case.words
                return self._either(lambda field: Query.fuzzy_term_query(self._schema, field, word, int(edits)))
        return Query.all_query()

    def _filtered(self, base: Query, case: Case, *, without: str = "") -> Query:
        parts = [(Occur.Must, base)]
        for facet, labels in case.filters.items():
            if facet != without:
                terms = [(Occur.Should, Query.term_query(self._schema, facet, label)) for label in labels]
                parts.append((Occur.Must, Query.boolean_query(terms)))
        for facet, labels in case.exclude.items():
            parts += [(Occur.MustNot, Query.term_query(self._schema, facet, label)) for label in labels]
        if case.since and case.until:
            days = (case.since.toordinal(), case.until.toordinal())
            parts.append((Occur.Must, Query.range_query(self._schema, "day", FieldType.Integer, *days)))
        return base if len(parts) == 1 else Query.boolean_query(parts)

    def best(self, text: str, limit: int) -> list[str]:
        """Ids of the best hits for a query in its own language, with its own settings throughout."""
        query = self._index.parse_query(text, list(_BOOSTS))
        return [self._searcher.doc(address)["id"][0] for _, address in self._searcher.search(query, limit).hits]

    def ask(self, case: Case, size: int = 10) -> Reply:
        base = self._words(case)
        query = self._filtered(base, case)
        options: dict[str, Any] = {"count": True, "offset": (case.page - 1) * size}
        if case.newest:
            options["order_by_field"] = "day"
        found: Any = self._searcher.search(query, size, **options)
        wanted: dict[str, Any] = {
            facet: {"terms": {"field": facet, "size": 20}} for facet in FACETS if facet not in case.filters
        }
        if self._with_timeline:
            wanted["month"] = {"histogram": {"field": "month", "interval": 1, "min_doc_count": 1}}
        counts = self._searcher.aggregate(query, wanted)
        for facet in case.filters:
            aside = self._filtered(base, case, without=facet)
            counts |= self._searcher.aggregate(aside, {facet: {"terms": {"field": facet, "size": 20}}})
        marker = tantivy.SnippetGenerator.create(self._searcher, base, self._schema, "body")
        ids, heads, snippets = [], [], []
        for _, address in found.hits:
            document = self._searcher.doc(address)
            ids.append(document["id"][0])
            heads.append((document["title"][0], document.get_first("day")))
            snippets.append(marker.snippet_from_doc(document).to_html())
        return Reply(
            total=found.count,
            ids=ids,
            heads=heads,
            facets={f: {b["key"]: b["doc_count"] for b in counts[f]["buckets"]} for f in FACETS},
            months=len(counts["month"]["buckets"]) if self._with_timeline else 0,
            snippets=snippets,
        )
