"""Whoosh with its own codec."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh import fields, index, query, sorting
from whoosh.analysis import StemmingAnalyzer

from .cases import FACETS, Case, Record, Reply

__all__ = ["WhooshRival"]

WEIGHTS = (("title", 2.5), ("body", 1.0))


class WhooshRival:
    """Facets are sortable keyword fields, grouped by its own facets."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, records: Iterable[Record]) -> None:
        stems = StemmingAnalyzer(stoplist=None, minsize=1)
        text = {name: fields.TEXT(analyzer=stems, stored=True) for name, _ in WEIGHTS}
        words = {facet: fields.KEYWORD(commas=True) for facet in FACETS}
        schema = fields.Schema(
            id=fields.ID(stored=True, unique=True), day=fields.NUMERIC(int, sortable=True), **text, **words
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        writer = index.create_in(str(self._folder), schema).writer(limitmb=512)
        for record in records:
            labels = {facet: ",".join(record.labels[facet]) or None for facet in FACETS}
            day = record.published.toordinal() if record.published else None
            writer.add_document(id=record.id, title=record.title, body=record.body, day=day, **labels)
        writer.commit()

    def open(self) -> None:
        self._searcher = index.open_dir(str(self._folder)).searcher()

    def _both(self, make: Any) -> query.Query:
        return query.Or([make(name, weight) for name, weight in WEIGHTS])

    def _term(self, word: str) -> query.Query:
        (stem,) = self._searcher.schema["body"].process_text(word, mode="query")
        return self._both(lambda name, weight: query.Term(name, stem, boost=weight))

    def _query(self, case: Case) -> query.Query:
        words = case.words
        match case.kind:
            case "all":
                return query.And([self._term(word) for word in words])
            case "any":
                return query.Or([self._term(word) for word in words])
            case "title":
                return query.Term("title", next(iter(self._searcher.schema["title"].process_text(words[0]))))
            case "not":
                return query.And([self._term(words[0]), query.Not(self._term(words[1]))])
            case "phrase":
                stems = [next(iter(self._searcher.schema["body"].process_text(word))) for word in words]
                return self._both(lambda name, weight: query.Phrase(name, stems, boost=weight))
            case "pattern":
                return self._both(lambda name, weight: query.Wildcard(name, words[0], boost=weight))
            case "fuzzy":
                return self._both(lambda name, weight: query.FuzzyTerm(name, words[0], weight, int(words[1])))
        return query.Every()

    def ask(self, case: Case, size: int = 10) -> Reply:
        main = self._query(case)
        chosen = {
            facet: query.Or([query.Term(facet, label) for label in labels]) for facet, labels in case.filters.items()
        }
        limits: list[query.Query] = []
        if case.since and case.until:
            limits.append(query.NumericRange("day", case.since.toordinal(), case.until.toordinal()))
        unwanted = [query.Term(facet, label) for facet, labels in case.exclude.items() for label in labels]
        options: dict[str, Any] = {"mask": query.Or(unwanted)} if unwanted else {}
        grouped = {facet: sorting.FieldFacet(facet, allow_overlap=True, maptype=sorting.Count) for facet in FACETS}
        grouped["day"] = sorting.FieldFacet("day", maptype=sorting.Count)
        hits = self._searcher.search(
            main,
            limit=case.page * size,
            filter=query.And([*limits, *chosen.values()]) if limits or chosen else None,
            groupedby=grouped,
            sortedby="day" if case.newest else None,
            reverse=case.newest,
            **options,
        )
        facets = {facet: dict(hits.groups(facet)) for facet in FACETS if facet not in chosen}
        for facet in chosen:
            others = [*limits, *(q for name, q in chosen.items() if name != facet)]
            aside = self._searcher.search(
                main,
                limit=1,
                filter=query.And(others) if others else None,
                groupedby={facet: grouped[facet]},
                **options,
            )
            facets[facet] = dict(aside.groups(facet))
        total = len(hits)
        page = hits[(case.page - 1) * size : case.page * size]
        heads = [(hit["title"], hit.get("day")) for hit in page]
        snippets = [hit.highlights("body") or hit.get("body", "")[:150] for hit in page]
        return Reply(total, [hit["id"] for hit in page], heads, facets, len(hits.groups("day")), snippets)
