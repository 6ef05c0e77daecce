"""tantivy, with one segment, one thread and its English stemmer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Query

from .cases import FACETS, Case, Record, Reply

__all__ = ["TantivyRival"]

WEIGHTS = (("title", 2.5), ("body", 1.0))


class TantivyRival:
    """Facets are fast text fields, counted by its aggregations."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for field, _ in WEIGHTS:
            builder.add_text_field(field, stored=True, tokenizer_name="en_stem")
        builder.add_integer_field("day", stored=True, indexed=True, fast=True)
        for facet in FACETS:
            builder.add_text_field(facet, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
        self._schema = builder.build()
        self._writer: Any = None

    def add(self, records: list[Record]) -> None:
        if self._writer is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, str(self._folder))
            self._writer = self._index.writer(512_000_000, 1)
        for record in records:
            doc = tantivy.Document()
            doc.add_text("id", record.id)
            doc.add_text("title", record.title)
            doc.add_text("body", record.body)
            if record.published:
                doc.add_integer("day", record.published.toordinal())
            for facet in FACETS:
                for label in record.labels[facet]:
                    doc.add_text(facet, label)
            self._writer.add_document(doc)

    def finish(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()

    def open(self) -> None:
        self._index = tantivy.Index.open(str(self._folder))
        self._index.reload()
        self._searcher = self._index.searcher()

    def _either(self, make: Any) -> Query:
        parts = [(Occur.Should, Query.boost_query(make(field), weight)) for field, weight in WEIGHTS]
        return Query.boolean_query(parts)

    def _parsed(self, text: str, fields: list[str]) -> Query:
        return self._index.parse_query(text, fields, {"title": 2.5}, conjunction_by_default=True)

    def _words(self, case: Case) -> Query:
        both = ["title", "body"]
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

    def ask(self, case: Case) -> Reply:
        base = self._words(case)
        query = self._filtered(base, case)
        options: dict[str, Any] = {"count": True, "offset": (case.page - 1) * 10}
        if case.newest:
            options["order_by_field"] = "day"
        found = self._searcher.search(query, 10, **options)
        wanted = {facet: {"terms": {"field": facet, "size": 20}} for facet in FACETS if facet not in case.filters}
        wanted["day"] = {"terms": {"field": "day", "size": 100_000}}
        counts = self._searcher.aggregate(query, wanted)
        for facet in case.filters:
            aside = self._filtered(base, case, without=facet)
            counts |= self._searcher.aggregate(aside, {facet: {"terms": {"field": facet, "size": 20}}})
        marker = tantivy.SnippetGenerator.create(self._searcher, base, self._schema, "body")
        snippets = []
        for _, address in found.hits:
            doc = self._searcher.doc(address)
            doc["title"]
            snippets.append(marker.snippet_from_doc(doc).to_html())
        return Reply(
            total=found.count,
            hits=len(found.hits),
            facets={f: {b["key"]: b["doc_count"] for b in counts[f]["buckets"]} for f in FACETS},
            bars=len(counts["day"]["buckets"]),
            snippets=snippets,
        )
