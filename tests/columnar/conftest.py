"""A small language and small articles, and a brute-force oracle that reads all of them for every question."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from whoosh import query as wq
from whoosh.fields import Schema

from searchapp.columnar import (
    AnalysedText,
    Analysis,
    ColumnarIndex,
    Facet,
    FacetAsked,
    FacetIndex,
    HitsAsked,
    LabelWords,
    Number,
    NumberRange,
    PatternIn,
    PhraseIn,
    Question,
    SpelledLike,
    Stored,
    TermIn,
    UniqueId,
)
from searchapp.columnar.whoosh import WhooshIndex, open_index
from searchapp.engines.rules import counted_length

FIELDS = (("title", 2), ("body", 1))
Weights: TypeAlias = tuple[tuple[str, int], ...]
FACETS = ("people", "places")
ORDER = ("published", "tie")


def stem(form: str) -> str:
    """A word without its ending: enough of a stemmer to tell stems from forms."""
    return re.sub(r"(?:ing|ed|s)$", "", form) or form


SIMPLE = Analysis.of_tokens("simple", re.compile(r"\w+(?:'\w+)*"), lambda token: token.lower().removesuffix("'s"), stem)


def schema() -> Schema:
    return Schema(
        id=UniqueId(),
        title=AnalysedText(SIMPLE, stored=True),
        body=AnalysedText(SIMPLE, stored=True),
        people=Facet(),
        places=Facet(),
        published=Number(),
        tie=Number(),
        extra=Stored(),
    )


@dataclass(frozen=True)
class Doc:
    """An article of the tests."""

    id: str
    body: str = ""
    title: str = ""
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    published: int | None = None
    tie: int = 0
    extra: Any = None


def columns(docs: Sequence[Doc]) -> dict[str, list[Any]]:
    names = ("id", "body", "title", "people", "places", "published", "tie", "extra")
    return {name: [getattr(doc, name) for doc in docs] for name in names}


@dataclass
class Archive:
    """An index together with what should be in it."""

    index: ColumnarIndex
    facets: FacetIndex
    docs: dict[str, Doc] = field(default_factory=dict, repr=False)
    _oracle: Oracle | None = field(default=None, repr=False)

    def add(self, docs: Iterable[Doc], **commit: Any) -> None:
        """Add the articles, and commit."""
        docs = list(docs)
        writer = self.index.writer()
        writer.add_batch(columns(docs))
        writer.commit(**commit)
        self.expect(docs)

    def expect(self, docs: Iterable[Doc]) -> None:
        """Count on these articles, a replaced one standing where the new one was added."""
        for doc in docs:
            self.docs.pop(doc.id, None)
            self.docs[doc.id] = doc

    def delete(self, *ids: str, **commit: Any) -> None:
        writer = self.index.writer()
        writer.delete_ids(ids)
        writer.commit(**commit)
        for name in ids:
            self.docs.pop(name, None)

    def ask(
        self,
        query: wq.Query | None = None,
        *,
        sort: str = "score",
        offset: int = 0,
        limit: int = 10,
        facets: Sequence[str | FacetAsked] = (),
        facet_size: int | None = 20,
        **options: Any,
    ) -> Any:
        """The answer, its facets by name, and the ids of its hits."""
        executor = self.index.executor(self.facets)
        asked = tuple(FacetAsked(facet, facet_size) if isinstance(facet, str) else facet for facet in facets)
        hits = (HitsAsked(sort, offset, limit),)
        answer = executor.search(Question(query=query or wq.Every(), hits=hits, facets=asked, **options))
        ids = [executor.view.stored_fields(hit.docnum)["id"] for hit in answer.hits[0]]
        by_name = {one.facet: counts for one, counts in zip(asked, answer.facets, strict=True)}
        return replace(answer, facets=by_name), ids  # type: ignore[arg-type]

    def in_whoosh(self) -> WhooshIndex:
        """The same folder as one of Whoosh's indexes."""
        return open_index(self.index.folder, analyses=[SIMPLE])

    def oracle(self) -> Oracle:
        docs = list(self.docs.values())
        if self._oracle is None or self._oracle.docs != docs:
            self._oracle = Oracle(docs)
        return self._oracle


@pytest.fixture
def make_archive(tmp_path: Path) -> Callable[..., Archive]:
    def make(docs: Iterable[Doc] = (), *, name: str = "index", per_segment: int = 0) -> Archive:
        index = ColumnarIndex.create(tmp_path / name, schema(), order=ORDER)
        archive = Archive(index, FacetIndex({name: (name,) for name in FACETS}, forms=SIMPLE.forms))
        docs = list(docs)
        step = per_segment or max(len(docs), 1)
        for start in range(0, len(docs), step):
            archive.add(docs[start : start + step], merge=False)
        return archive

    return make


def distance(word: str, other: str) -> int:
    """Optimal string alignment distance, by the book."""
    table = {(i, 0): i for i in range(len(word) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i, left in enumerate(word, 1):
        for j, right in enumerate(other, 1):
            best = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and word[i - 2] == right:
                best = min(best, table[i - 2, j - 2] + 1)
            table[i, j] = best
    return table[len(word), len(other)]


@dataclass
class Oracle:
    """Answers by looking at every article."""

    docs: list[Doc]

    def __post_init__(self) -> None:
        self._words: dict[tuple[str, str, bool], list[str]] = {}
        self._statistics: dict[Weights, tuple[Counter[str], int, float]] = {}

    def words(self, doc: Doc, name: str, *, exact: bool) -> list[str]:
        key = (doc.id, name, exact)
        if key not in self._words:
            forms = SIMPLE.forms(getattr(doc, name))
            self._words[key] = forms if exact else [stem(form) for form in forms]
        return self._words[key]

    def joined(self, doc: Doc, fields: Weights) -> list[str]:
        """The stems of several fields as one, each as often as its field weighs."""
        return [word for name, times in fields for word in self.words(doc, name, exact=False) * times]

    def statistics(self, fields: Weights) -> tuple[Counter[str], int, float]:
        """Articles with each word, those with any, and how many words these have on average."""
        if fields not in self._statistics:
            filled = [words for doc in self.docs if (words := self.joined(doc, fields))]
            holders = Counter(word for words in filled for word in set(words))
            self._statistics[fields] = (holders, len(filled), sum(map(len, filled)) / max(1, len(filled)))
        return self._statistics[fields]

    def found(self, query: wq.Query) -> dict[str, float]:
        """Ids of the matching articles, with their scores."""
        return {doc.id: score for doc in self.docs if (score := self.score(query, doc)) is not None}

    def score(self, query: wq.Query, doc: Doc) -> float | None:
        """What the article scores; None when it does not match."""
        match query:
            case wq.And() | wq.Or():
                scores = [self.score(child, doc) for child in query.subqueries]
                matched = [score for score in scores if score is not None]
                wanted = len(scores) if isinstance(query, wq.And) else 1
                return sum(matched) if len(matched) >= wanted else None
            case wq.Not():
                return 0.0 if self.score(query.query, doc) is None else None
            case wq.Every():
                return 0.0
            case wq.ConstantScoreQuery():
                return None if self.score(query.child, doc) is None else query.score
            case TermIn():
                return self.bm25f(query.stems[0], query.fields, doc)
            case PhraseIn():
                return self.phrase(query, doc)
            case PatternIn():
                rule = re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in query.pattern), re.DOTALL)
                return 1.0 if self.any_form(query.fields, doc, lambda form: bool(rule.fullmatch(form))) else None
            case SpelledLike():

                def near(form: str) -> bool:
                    return distance(query.word, form) <= query.edits

                itself = self.any_form(query.fields, doc, lambda form: form == query.word)
                return 1.0 + query.itself * itself if self.any_form(query.fields, doc, near) else None
            case NumberRange():
                value = getattr(doc, query.fieldname)
                low, high = query.low, query.high
                held = value is not None and (low is None or low <= value) and (high is None or value <= high)
                return 0.0 if held else None
            case LabelWords():
                wanted = f" {' '.join(query.words)}" + ("" if query.prefix else " ")
                labels = getattr(doc, query.facet)
                return 0.0 if any(wanted in f" {' '.join(SIMPLE.forms(label))} " for label in labels) else None
        raise AssertionError(query)

    def any_form(self, names: Sequence[str], doc: Doc, fits: Callable[[str], bool]) -> bool:
        return any(fits(form) for name in names for form in self.words(doc, name, exact=True))

    def phrase(self, query: PhraseIn, doc: Doc) -> float | None:
        size = len(query.words)
        for name, _ in query.fields:
            words = self.words(doc, name, exact=query.exact)
            if any(tuple(words[i : i + size]) == query.words for i in range(len(words) - size + 1)):
                return sum(self.bm25f(word, query.fields, doc) or 0.0 for word, *_ in query.stems)
        return None

    def bm25f(self, word: str, fields: Weights, doc: Doc) -> float | None:
        words = self.joined(doc, fields)
        tf = words.count(word)
        if not tf:
            return None
        holders, filled, average = self.statistics(fields)
        n = holders[word]
        idf = math.log(1 + (filled - n + 0.5) / (n + 0.5))
        length = counted_length(len(words))
        return round(2**14 * (idf * (tf / (tf + 1.5 * (1 - 0.75 + 0.75 * length / average))))) / 2**14

    def ranked(self, scores: Mapping[str, float], sort: str = "score") -> list[str]:
        """Ids in the order of hits."""
        known = {doc.id: doc for doc in self.docs}

        def key(name: str) -> tuple[Any, ...]:
            doc = known[name]
            date = doc.published
            turned = 0 if date is None else date if sort == "oldest" else -date
            return (-scores[name] if sort == "score" else 0, date is None, turned, doc.tie)

        return sorted(scores, key=key)

    def counts(self, ids: Iterable[str], facet: str) -> Counter[str]:
        """Articles with each label."""
        chosen = set(ids)
        return Counter(label for doc in self.docs if doc.id in chosen for label in dict.fromkeys(getattr(doc, facet)))
