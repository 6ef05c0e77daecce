"""The columnar index by itself: what is left when nothing is done but searching."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from whoosh import query as wq
from whoosh.fields import Schema

from searchapp.columnar import (
    AnalysedText,
    Analysis,
    ColumnarIndex,
    Facet,
    FacetAsked,
    FacetFilter,
    FacetIndex,
    HitsAsked,
    Number,
    NumberRange,
    PatternIn,
    PhraseIn,
    Question,
    SpelledLike,
    TermIn,
    UniqueId,
    WordFinder,
)
from searchapp.language.words import TOKEN, fold, forms, stem

from .cases import FACETS, Case, Record, Reply

__all__ = ["ColumnarRival"]

ENGLISH = Analysis("english", TOKEN, fold, stem)
FIELDS = (("title", 2.5), ("body", 1.0))
NAMES = ("title", "body")


class ColumnarRival:
    """The same fields as the other engines hold."""

    name = "columnar"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: Any = None

    def add(self, records: list[Record]) -> None:
        if self._writer is None:
            text = {name: AnalysedText(ENGLISH, stored=True) for name in NAMES}
            numbers = {name: Number() for name in ("day", "published", "tie")}
            schema = Schema(id=UniqueId(), **text, **numbers, **{facet: Facet() for facet in FACETS})
            index = ColumnarIndex.create(self._folder, schema, order=("published", "tie"))
            self._writer = index.writer()
        self._writer.add_batch(
            {
                "id": [record.id for record in records],
                "title": [record.title for record in records],
                "body": [record.body for record in records],
                "day": [record.published and record.published.toordinal() for record in records],
                "published": [record.article.published_key for record in records],
                "tie": [record.article.tie_key for record in records],
                **{facet: [record.labels[facet] for record in records] for facet in FACETS},
            }
        )

    def finish(self) -> None:
        self._writer.commit()

    def open(self) -> None:
        self._index = ColumnarIndex.open(self._folder, analyses=[ENGLISH])
        self._facets = FacetIndex({facet: (facet,) for facet in FACETS}, forms=forms)
        self.executor = self._index.executor(self._facets)

    def forget(self) -> None:
        """Empty the cache of decoded postings."""
        self.executor.view.cache.clear()

    def query(self, case: Case) -> wq.Query:
        """The query of a case."""
        words = [fold(word) for word in case.words]
        match case.kind:
            case "all":
                return wq.And([TermIn(stem(word), FIELDS) for word in words])
            case "any":
                return wq.Or([TermIn(stem(word), FIELDS) for word in words])
            case "title":
                return TermIn(stem(words[0]), FIELDS[:1])
            case "not":
                return wq.And([TermIn(stem(words[0]), FIELDS), wq.Not(TermIn(stem(words[1]), FIELDS))])
            case "phrase":
                return PhraseIn(words, FIELDS, exact=True, stems=[stem(word) for word in words])
            case "pattern":
                return PatternIn(case.words[0], NAMES)
            case "fuzzy":
                return SpelledLike(case.words[0], int(case.words[1]), NAMES)
        return wq.Every()

    def question(self, case: Case) -> Question:
        """The question of a case."""
        facets = {*case.filters, *case.exclude}
        dated = case.since is not None
        bounds = NumberRange("day", case.since and case.since.toordinal(), case.until and case.until.toordinal())
        return Question(
            self.query(case),
            filters=tuple(
                FacetFilter(facet, case.filters.get(facet, ()), excluded=case.exclude.get(facet, ()))
                for facet in facets
            ),
            ranges=(bounds,) if dated else (),
            hits=(HitsAsked("newest" if case.newest else "score", offset=(case.page - 1) * 10),),
            facets=tuple(FacetAsked(facet) for facet in FACETS),
            timeline="day",
            deadline_s=None,
        )

    def ask(self, case: Case) -> Reply:
        question = self.question(case)
        answer = self.executor.search(question)
        finder = WordFinder(ENGLISH, self.executor.surface_forms(question.query))
        snippets = []
        for hit in answer.hits[0]:
            stored = self.executor.view.stored_fields(hit.docnum)
            snippets.append(_snippet(stored.get("body", ""), finder))
        return Reply(
            total=answer.total,
            hits=len(answer.hits[0]),
            facets={name: dict(found.values) for name, found in zip(FACETS, answer.facets, strict=True)},
            bars=len(answer.timeline),
            snippets=snippets,
        )


def _snippet(text: str, finder: WordFinder, length: int = 150) -> str:
    """The stretch of text with most of the words in it, marked up."""
    found = finder.find(text)
    best, most, first = 0, 0, 0
    for last, (_, end, _) in enumerate(found):
        while found[first][0] < end - length:
            first += 1
        if last - first + 1 > most:
            best, most = first, last - first + 1
    start = max(0, found[best][0] - 20) if found else 0
    parts, place = [], start
    for low, high, _ in found[best : best + most]:
        parts += [html.escape(text[place:low]), "<b>", html.escape(text[low:high]), "</b>"]
        place = high
    parts.append(html.escape(text[place : max(place, start + length)]))
    return "".join(parts)
