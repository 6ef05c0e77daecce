"""`OpenSearchState`: one commit of an archive on a cluster, and the answers it gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from searchapp.engines.base import EngineState
from searchapp.engines.matching import edit_distance_within
from searchapp.engines.opensearch.asking import Asking, order_of
from searchapp.engines.opensearch.mapping import ARTICLE, field_of, key_of, stored_article, text_from, text_to
from searchapp.engines.opensearch.names import shown_names
from searchapp.engines.opensearch.tokens import stem_token, token
from searchapp.engines.opensearch.views import View
from searchapp.language.words import forms, words
from searchapp.model import query as q
from searchapp.model.article import KIND_OF_FACET, Article
from searchapp.model.entry import BY_TEXT
from searchapp.model.names import AS_WRITTEN, Relabelling
from searchapp.model.question import Answer, Question

__all__ = ["OpenSearchState"]

_IDS_TOGETHER = 1_000
_READ_TOGETHER = 50
_MOST_ROUNDS = 20


class OpenSearchState:
    """See `searchapp.engines.base.EngineState`."""

    def __init__(self, view: View) -> None:
        self._view = view.enter()
        self._is_open = True

    @property
    def generation(self) -> str:
        return self._view.generation

    def __len__(self) -> int:
        return self._view.count()

    def get(self, article_id: str) -> Article | None:
        query = self._narrowed({"term": {"key": key_of(article_id)}})
        (answer,) = self._view.search([{"query": query, "size": 1, "_source": list(ARTICLE)}])
        hits = answer["hits"]["hits"]
        return stored_article(hits[0]["_source"]) if hits else None

    def fingerprints(self, ids: Iterable[str]) -> dict[str, str]:
        keys = {key_of(article_id): article_id for article_id in ids}
        wanted, found = list(keys), dict[str, str]()
        if not self._view.commits.commit:
            return found
        for start in range(0, len(wanted), _IDS_TOGETHER):
            query = self._narrowed({"terms": {"key": wanted[start : start + _IDS_TOGETHER]}})
            for source in self._view.sources(query, ["key", "fingerprint"]):
                found[keys[source["key"]]] = text_from(source["fingerprint"])
        return found

    def paths(self, prefix: str) -> Iterator[tuple[str, Sequence[str]]]:
        # Every article is looked for where all paths are wanted: those that have none are few.
        query = self._narrowed({"prefix": {"keys": text_to(prefix)}} if prefix else {"exists": {"field": "keys"}})
        for source in self._view.sources(query, ["id", "keys"]):
            for key in map(text_from, source["keys"]):
                if key.startswith(prefix) and not key.startswith(BY_TEXT):
                    yield key, [text_from(source["id"])]

    def found_by(self, key: str) -> Sequence[str]:
        query = self._narrowed({"term": {"keys": text_to(key)}})
        return [text_from(source["id"]) for source in self._view.sources(query, ["id"])]

    def labels(self, column: str) -> dict[str, int]:
        found: dict[str, int] = self._view.kept(f"labels {column}", lambda: self._view.labels(column))
        return found

    def labels_since(self, before: EngineState, column: str) -> dict[str, int] | None:
        if not isinstance(before, OpenSearchState):
            return None
        one, other = before._view, self._view
        if one.commits.identity != other.commits.identity:
            return None
        older, newer = sorted((one, other), key=lambda view: view.commits.commit)
        if older.commits.commit == newer.commits.commit:
            return {}
        # What the older one shows must still be there in the newer one's point in time.
        newer.count()
        if older.commits.commit < newer.floor:
            return None
        there = {"bool": {"filter": newer.filters, "must_not": [{"bool": {"filter": older.filters}}]}}
        gone = {"bool": {"filter": older.filters, "must_not": [{"bool": {"filter": newer.filters}}]}}
        come, went = newer.labels(column, there), newer.labels(column, gone)
        sign = 1 if newer is other else -1
        return {label: sign * n for label in come | went if (n := come.get(label, 0) - went.get(label, 0))}

    def ask(self, questions: Sequence[Question], *, names: Relabelling = AS_WRITTEN) -> list[Answer]:
        return self._asking(names).answers(questions)

    def matches(self, question: Question, *, names: Relabelling = AS_WRITTEN) -> Iterator[Article]:
        query = self._asking(names).ranked(question)
        for source in self._view.sources(query, ARTICLE, sort=order_of(question.request)):
            yield stored_article(source, names)

    def shows(self, facet: str, label: str, *, names: Relabelling = AS_WRITTEN) -> bool:
        return self._view.has(shown_names(names).chosen(facet, [label], "mentions"))

    def spellings(self, word: str) -> Mapping[str, int]:
        stems = [stem_token(word, language) for language in ("", *self._view.commits.languages)]
        if self._view.has({"terms": {field_of("", "words"): stems}}):
            return {}
        for edits in (1, 2):
            if near := self._spelled_like(word, edits):
                return self._articles_with(near)
        return {}

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            if not self._view.leave() and self._view.is_old:
                self._view.free()

    def _spelled_like(self, word: str, edits: int) -> list[str]:
        """The words of titles and bodies so many edits away.

        A cluster finds the articles that have any, and does not say which: so some are read, then some with others.
        """
        found: dict[str, None] = {}
        field = field_of("", "forms")
        near = {"fuzzy": {field: {"value": token(word), "fuzziness": edits, "rewrite": "constant_score"}}}
        for _ in range(_MOST_ROUNDS):
            known = {"terms": {field: [token(form) for form in found]}}
            query = {"bool": {"filter": [near, *self._view.filters], "must_not": [known]}}
            body = {"query": query, "size": _READ_TOGETHER, "_source": list(ARTICLE)}
            (answer,) = self._view.search([body | {"track_total_hits": False}])
            fresh: dict[str, None] = {}
            for hit in answer["hits"]["hits"]:
                article = stored_article(hit["_source"])
                held = {one.form for text in (article.title, article.body) for one in words(text)}
                fresh |= {form: None for form in held if edit_distance_within(word, form, edits)}
            if not fresh.keys() - found.keys():
                break
            found |= fresh
        return list(found)

    def _articles_with(self, found: Sequence[str]) -> dict[str, int]:
        if not found:
            return {}
        filters = {str(at): {"term": {field_of("", "forms"): token(form)}} for at, form in enumerate(found)}
        body = {"query": self._narrowed(), "size": 0, "aggs": {"forms": {"filters": {"filters": filters}}}}
        (answer,) = self._view.search([body])
        buckets = answer["aggregations"]["forms"]["buckets"]
        return {form: buckets[str(at)]["doc_count"] for at, form in enumerate(found)}

    def _asking(self, names: Relabelling) -> Asking:
        return Asking(
            self._view.search,
            self._view.filters,
            shown_names(names),
            factor=self._view.factor,
            languages=self._view.commits.languages,
            weights=self._view.weights,
            articles=self._view.count,
            labels_with=lambda query: self._labels_with(query, names),
            page_after=self._view.sort_before,
        )

    def _labels_with(self, query: q.Named, names: Relabelling) -> list[str]:
        """Every label, as it is shown, that has the words of a query of names next to each other."""
        wanted = f" {' '.join(query.words)}" + ("" if query.prefix else " ")
        if query.facet not in KIND_OF_FACET:
            return [label for label in self.labels(query.facet) if wanted in _padded(label)]
        shown = {names.resolve(facet, label) for facet in KIND_OF_FACET for label in self.labels(facet)}
        shown |= {to for own in names.overrides.values() for to in own.values()}
        return [node[1] for node in shown if node and node[0] == query.facet and wanted in _padded(node[1])]

    def _narrowed(self, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"bool": {"filter": [*([query] if query is not None else []), *self._view.filters]}}


@lru_cache(maxsize=200_000)
def _padded(label: str) -> str:
    """The words of a label between blanks."""
    return f" {' '.join(forms(label))} "
