"""Questions to answers: what each needs is asked in as few messages as can be, and put together when all is there."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from searchapp.engines import rules
from searchapp.engines.opensearch.counting import Apart, Tally
from searchapp.engines.opensearch.mapping import ARTICLE, HEAD, stored_article
from searchapp.engines.opensearch.names import ShownNames
from searchapp.engines.opensearch.queries import Translator, WeightedBy, days_between
from searchapp.engines.opensearch.selections import Rounds, Searching, Selection
from searchapp.engines.snippets import Markers
from searchapp.model import query as q
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.question import Answer, FacetWanted, Question
from searchapp.model.result import FacetResult, Hit, Snippet, TimelineBar

__all__ = ["Asking", "order_of"]

REACH = 10_000
"""Hits that one search can give; what is behind them is read on from where another one ended."""
_FEW_DAYS = 100
_MANY_DAYS = 50_000
_MOST_ROUNDS = 40


class Asking:
    """One call of `ask` over one state."""

    def __init__(
        self,
        searching: Searching,
        visible: Sequence[Mapping[str, Any]],
        names: ShownNames,
        *,
        factor: float,
        languages: Sequence[str],
        weights: WeightedBy,
        articles: Callable[[], int],
        labels_with: Callable[[q.Named], Sequence[str]],
        page_after: Callable[[Mapping[str, Any], int], list[Any] | None],
    ) -> None:
        """`articles` gives how many there are, `labels_with` the shown labels that a query of names means, and
        `page_after` the sort values of the hit before a place, for a body without a page."""
        self._rounds = Rounds(searching)
        self._visible = list(visible)
        self._names = names
        self._factor = factor
        self._languages = languages
        self._weights = weights
        self._articles = articles
        self._labels_with = labels_with
        self._page_after = page_after
        self._tallies: dict[tuple[Any, ...], Tally] = {}
        self._aparts: dict[tuple[int, str], Apart] = {}

    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        """An answer to each question, in order."""
        parts = [_Part(self, question) for question in questions]
        self._rounds.go()
        for _ in range(_MOST_ROUNDS):
            answers = [part.answer() for part in parts]
            if not self._rounds.go():
                return answers
        raise AssertionError("the counts of a facet did not settle")

    def chosen(self, question: Question, *, ignoring: str = "", besides: Sequence[str] = ()) -> Selection:
        """The articles that a question chooses, without the chosen values of a facet, and with none of some labels of
        it."""
        request = question.request
        query = self.translator(request.scope, scored=False).matching(question.query or q.Everything())
        refused = [self._names.chosen(ignoring, besides, request.scope)] if besides else []
        held = {"filter": [query, *self.filters(request, ignoring)], "must_not": refused}
        return self._rounds.selection({"bool": held})

    def ranked(self, question: Question) -> dict[str, Any]:
        """The query that gives a question's hits with their scores."""
        request = question.request
        query, preferred = self.translator(request.scope).scored(question.query or q.Everything())
        return {"bool": {"must": [query], "should": preferred, "filter": self.filters(request)}}

    def filters(self, request: SearchRequest, ignoring: str = "") -> list[Mapping[str, Any]]:
        """What an article has to pass besides the query."""
        found: list[Mapping[str, Any]] = list(self._visible)
        if request.since or request.until:
            days = [day.toordinal() if day else None for day in (request.since, request.until)]
            found.append(days_between(*days))
        for facet in FACETS:
            selected = request.selected(facet) if facet != ignoring else ()
            if selected and request.match_of(facet) == "all":
                found += [self._names.chosen(facet, [label], request.scope) for label in selected]
            elif selected:
                found.append(self._names.chosen(facet, selected, request.scope))
            if excluded := request.excluded(facet):
                found.append({"bool": {"must_not": [self._names.chosen(facet, excluded, request.scope)]}})
        return found

    def translator(self, scope: str, *, scored: bool = True) -> Translator:
        """Makes queries for a search of that scope."""

        def named(query: q.Named) -> dict[str, Any]:
            labels = query.labels or self._labels_with(query)
            return self._names.chosen(query.facet, labels, scope)

        weights = self._weights if scored else None
        return Translator(named, languages=self._languages, weights=weights, factor=self._factor)

    def tally(self, selection: Selection, facet: str, scope: str, *, listed: bool = True) -> Tally:
        """The counts of a facet among some articles."""
        key = (id(selection), facet, scope, listed)
        if key not in self._tallies:
            self._tallies[key] = Tally(
                selection, self._names, facet, scope, self.apart(selection, scope), listed=listed
            )
        return self._tallies[key]

    def apart(self, selection: Selection, scope: str) -> Apart:
        """The articles of a set in which names are shown otherwise."""
        key = (id(selection), scope)
        if key not in self._aparts:
            self._aparts[key] = Apart(selection, self._names, scope)
        return self._aparts[key]

    def everything(self) -> Selection:
        """All articles of the state."""
        return self._rounds.selection({"bool": {"filter": self._visible}})

    @property
    def articles(self) -> int:
        """How many there are."""
        return self._articles()

    @property
    def names(self) -> ShownNames:
        """How labels are shown."""
        return self._names

    def page(self, question: Question, body: dict[str, Any], take: Callable[[Mapping[str, Any]], None]) -> None:
        """Asks for a page of hits, however far back it is."""
        request = question.request
        start = (request.page - 1) * request.page_size
        ranked = self._rounds.selection(self.ranked(question))
        if start + request.page_size <= REACH:
            ranked.fetch(body | {"from": start, "size": request.page_size}, take)
            return
        after = self._page_after({"query": ranked.query, **body}, start)
        if after is not None:
            ranked.fetch(body | {"size": request.page_size, "search_after": after}, take)


class _Part:
    """What one question needs."""

    def __init__(self, asking: Asking, question: Question) -> None:
        self._asking = asking
        self._question = question
        self._total = 0
        self._hits: list[Mapping[str, Any]] = []
        self._shown: tuple[Hit, ...] | None = None
        self._days: dict[int, int] = {}
        self._months: dict[int, int] = {}
        self._selection = asking.chosen(question)
        self._selection.fetch({"size": 0, "track_total_hits": True}, self._take_total)
        if question.hits is not None:
            fields = ARTICLE if question.hits.fields or question.hits.snippets else HEAD
            body = {"_source": list(fields), "sort": order_of(question.request), "track_total_hits": False}
            asking.page(question, body | {"track_scores": True}, self._take_hits)
        if question.timeline:
            days = _MANY_DAYS if question.timeline == "day" else _FEW_DAYS
            self._count_days("day", days, self._days)
            self._count_days("month", _MANY_DAYS, self._months)
        self._facets = [_Facet(asking, question, wanted, self._selection) for wanted in question.facets]

    def answer(self) -> Answer:
        """The answer as far as it is known; what is lacking is asked for."""
        total = self._total
        facets = tuple(facet.result(total) for facet in self._facets)
        return Answer(self._question, total, self._shown_hits(), facets, self._timeline())

    def _take_total(self, answer: Mapping[str, Any]) -> None:
        self._total = answer["hits"]["total"]["value"]

    def _take_hits(self, answer: Mapping[str, Any]) -> None:
        self._hits = answer["hits"]["hits"]

    def _count_days(self, field: str, size: int, into: dict[int, int]) -> None:
        def take(found: Mapping[str, Any]) -> None:
            into.update({bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]})

        self._selection.count({"terms": {"field": field, "size": size, "order": {"_key": "asc"}}}, take)

    def _timeline(self) -> tuple[TimelineBar, ...]:
        how = self._question.timeline
        if how == "day" or (how == "auto" and len(self._days) < _FEW_DAYS):
            return rules.timeline(self._days, how)
        months = [(dt.date(month // 12, month % 12 + 1, 1), self._months[month]) for month in sorted(self._months)]
        return tuple(TimelineBar(start, count) for start, count in months) if how else ()

    def _shown_hits(self) -> tuple[Hit, ...]:
        if self._shown is None:
            names, wanted = self._asking.names.names, self._question.hits
            articles = [stored_article(hit["_source"], names) for hit in self._hits]
            snippets = [Snippet("")] * len(articles)
            if wanted is not None and wanted.snippets:
                bodies = [(article.body, rules.stemmed_in(article, "body")) for article in articles]
                snippets = Markers(self._question.query or q.Everything()).snippets(bodies) if bodies else []
            scores = [round(hit["_score"] / rules.SCORE_STEP) * rules.SCORE_STEP for hit in self._hits]
            self._shown = tuple(map(Hit, articles, scores, snippets))
        return self._shown


class _Facet:
    """One facet of one question."""

    def __init__(self, asking: Asking, question: Question, wanted: FacetWanted, own: Selection) -> None:
        request = question.request
        self._asking = asking
        self._request = request
        self._wanted = wanted
        self._selection = own
        if request.widens(wanted.name):
            # Leave out this facet's own filter, or choosing York would hide every other place.
            self._selection = asking.chosen(question, ignoring=wanted.name)
        self._tally = asking.tally(self._selection, wanted.name, request.scope)
        self._gains: Tally | None = None
        self._without = self._tally
        if over := rules.gains_over(request, wanted):
            without = asking.chosen(question, ignoring=wanted.name, besides=over)
            self._gains = self._without = asking.tally(without, wanted.name, request.scope)
        self._whole: Tally | None = None
        if wanted.order == "distinctive":
            self._whole = asking.tally(asking.everything(), wanted.name, request.scope, listed=False)
        self._days: dict[str, Counter[int]] | None = None

    def result(self, total: int) -> FacetResult:
        """The values as far as they are known; what is lacking is asked for."""
        wanted, tally, whole = self._wanted, self._tally, self._whole
        tally.settle()
        if self._gains is not None:
            self._gains.settle()
        counts, gains = tally.estimates, self._gains.estimates if self._gains is not None else None
        if wanted.order == "distinctive":
            tally.want(self._first(rules.WEIGHED))
        if wanted.labels is not None:
            counts = {label: tally.count(label) for label in wanted.labels}
        result = rules.facet_result(
            self._request,
            wanted,
            counts,
            gains=gains,
            total=len(tally.estimates),
            missing=tally.missing(),
            everywhere=whole.count if whole is not None else lambda _: 0,
            articles=(total, self._asking.articles if whole is not None else 0),
            group_count=self._without.of_any,
        )
        self._check(result)
        if not wanted.timeline or tally.waits:
            return replace(result, total_exact=tally.exact_total)
        if self._days is None:
            self._days = {}
            tally.days([value.label for value in result.values], self._days)
        days = [self._days.get(value.label, Counter()) for value in result.values]
        bars = tuple(rules.timeline(counted, wanted.timeline) for counted in days)
        return replace(result, total_exact=tally.exact_total, timelines=bars)

    def _check(self, result: FacetResult) -> None:
        """Asks for every count that is shown and is no more than an estimate."""
        chosen = set(self._request.selected(self._wanted.name))
        values = [*result.values, *(value for group in result.groups for value in group.values)]
        own = [value.label for value in values if self._gains is None or value.label in chosen]
        lacking = self._tally.want(own)
        if self._gains is not None:
            lacking = self._gains.want([value.label for value in values if value.label not in chosen]) or lacking
        if lacking and self._wanted.size is not None and self._wanted.labels is None:
            self._without.want_ahead(self._wanted.offset + self._wanted.size)

    def _first(self, most: int) -> list[str]:
        counts = self._tally.estimates
        return sorted(counts, key=lambda label: (-counts[label], label))[:most]


def order_of(request: SearchRequest) -> list[Any]:
    """The order of hits, in which no two are equal."""
    time = {"published": {"order": "asc" if request.sort == "oldest" else "desc", "missing": "_last"}}
    score: list[Any] = [{"_score": "desc"}] if request.sort == "relevance" else []
    return [*score, time, {"tie": "asc"}]
