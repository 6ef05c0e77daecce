"""`WhooshState`: one commit of the index, and the answers it gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from searchapp import compiled
from searchapp.columnar import (
    Executor,
    FacetAsked,
    FacetCounts,
    FacetFilter,
    Found,
    HitsAsked,
    SpelledLike,
    Steps,
    View,
)
from searchapp.columnar import Question as ColumnarQuestion
from searchapp.engines.base import EngineState
from searchapp.engines.rules import WEIGHED, distinctive, stemmed_in, timeline
from searchapp.engines.snippets import Markers
from searchapp.engines.whoosh.dates import STEPS, bars_of
from searchapp.engines.whoosh.facets import asked_of, facet_result
from searchapp.engines.whoosh.names import label_changes
from searchapp.engines.whoosh.schema import ARTICLE, field_in, stored_article
from searchapp.engines.whoosh.translate import asked, days_between, text_fields, translate
from searchapp.language.stemming import STEMMED
from searchapp.model.article import Article
from searchapp.model.entry import BY_TEXT, column_for
from searchapp.model.frozen import slots_of
from searchapp.model.names import AS_WRITTEN, Relabelling
from searchapp.model.query import FACETS, Everything, Query, SearchRequest, Term, atoms_of
from searchapp.model.question import Answer, FacetWanted, HitsWanted, Question
from searchapp.model.result import FacetResult, FacetValue, Hit, Snippet

__all__ = ["WhooshState"]

_MOST_FORMS = 1_000
"""A pattern with more forms is looked for in every word of a text."""

_NO_SNIPPET = Snippet("")
_HIT = slots_of(Hit)
_FINGERPRINT = frozenset({"fingerprint"})


class WhooshState:
    """A view of the index; see `searchapp.engines.base.EngineState`."""

    def __init__(self, executor: Executor, *, timeout_s: float) -> None:
        self._executor = executor
        self._view: View = executor.view
        self._timeout_s = timeout_s
        kinds = {name for segment in self._view.segments for name in segment.data.kinds}
        self._languages = tuple(
            [code for code in STEMMED if not kinds.isdisjoint({field_in("title", code), field_in("body", code)})]
        )
        """Those besides English in which articles are stemmed."""

    @property
    def generation(self) -> str:
        return self._view.mark

    def __len__(self) -> int:
        return self._view.live_count

    def get(self, article_id: str) -> Article | None:
        number = _numbers(self._view, [article_id]).get(article_id)
        return None if number is None else self._article(number)

    def fingerprints(self, ids: Iterable[str]) -> dict[str, str]:
        view = self._view
        numbers = _numbers(view, list(ids))
        return {i: view.stored_fields(number, _FINGERPRINT)["fingerprint"] for i, number in numbers.items()}

    def paths(self, prefix: str) -> Iterator[tuple[str, Sequence[str]]]:
        start = prefix.encode("utf-8", "surrogatepass")
        for segment in self._view.segments:
            paths, ids = segment.data.labels("path"), segment.data.ids("id")
            if paths is None or ids is None:
                continue
            for number in range(*paths.table.prefix_range(start)):
                path = paths.table[number].decode("utf-8", "surrogatepass")
                docs = segment.living(paths.postings.docs(number)).tolist()
                found = [ids[doc].decode("utf-8", "surrogatepass") for doc in docs]
                if found and not path.startswith(BY_TEXT):
                    yield path, found

    def found_by(self, key: str) -> Sequence[str]:
        wanted, found = key.encode("utf-8", "surrogatepass"), []
        for segment in self._view.segments:
            keys, ids = segment.data.labels("path"), segment.data.ids("id")
            number = keys.table.find(wanted) if keys is not None else -1
            if keys is not None and ids is not None and number >= 0:
                docs = segment.living(keys.postings.docs(number)).tolist()
                found += [ids[doc].decode("utf-8", "surrogatepass") for doc in docs]
        return found

    def labels(self, column: str) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for segment in self._view.segments:
            counts.update(segment.label_counts(column))
        return dict(counts)

    def labels_since(self, before: EngineState, column: str) -> dict[str, int] | None:
        return self._view.labels_since(before._view, column) if isinstance(before, WhooshState) else None

    def ask(self, questions: Sequence[Question], *, names: Relabelling = AS_WRITTEN) -> list[Answer]:
        alike: dict[Hashable, list[int]] = {}
        for number, question in enumerate(questions):
            alike.setdefault(_selection(question), []).append(number)
        answers: dict[int, Answer] = {}
        for numbers in alike.values():
            found = self._answers([questions[number] for number in numbers], names)
            answers |= zip(numbers, found, strict=True)
        return [answers[number] for number in range(len(questions))]

    def matches(self, question: Question, *, names: Relabelling = AS_WRITTEN) -> Iterator[Article]:
        every = HitsAsked(_sort(question.request), limit=len(self))
        for hit in self._executor.search(self._asked(question, names, hits=(every,))).hits[0]:
            yield self._article(hit.docnum, names)

    def shows(self, facet: str, label: str, *, names: Relabelling = AS_WRITTEN) -> bool:
        return self._executor.shows(facet, label, label_changes(names))

    def spellings(self, word: str) -> Mapping[str, int]:
        if len(self._executor.docs(translate(Term(word), {}, self._languages))):
            return {}
        fields = text_fields("", self._languages)
        near = (self._executor.spelled(SpelledLike(word, edits, fields)) for edits in (1, 2))
        return next(filter(None, near), {})

    def close(self) -> None:
        """Nothing to free: the view goes with its last reader."""

    def _answers(self, questions: Sequence[Question], names: Relabelling) -> list[Answer]:
        """The answers to questions about the same articles, from one evaluation."""
        pages: list[HitsAsked] = []
        page_of: dict[int, int] = {}
        facets: list[FacetAsked] = []
        facets_of: dict[int, slice] = {}
        for number, question in enumerate(questions):
            request = question.request
            if question.hits:
                page_of[number] = len(pages)
                pages.append(HitsAsked(_sort(request), (request.page - 1) * request.page_size, request.page_size))
            wanted = [asked_of(request.scope, one) for one in question.facets]
            facets_of[number] = slice(len(facets), len(facets) + len(wanted))
            facets += wanted
        timelines = {question.timeline for question in questions if question.timeline}
        # One timeline alone is counted as it is shown; several are added up from the days.
        how = timelines.pop() if len(timelines) == 1 else ""
        found = self._executor.search(
            self._asked(
                questions[0],
                names,
                hits=tuple(pages),
                facets=tuple(facets),
                timeline="day" if how or timelines else "",
                steps=STEPS.get(how),
            )
        )
        bars = bars_of(found.timeline) if how else ()
        days = {} if how else dict(found.timeline)
        answers = []
        for number, question in enumerate(questions):
            hits: tuple[Hit, ...] = ()
            if question.hits:
                hits = self._hits(question, question.hits, found.hits[page_of[number]], names)
            counted = zip(question.facets, found.facets[facets_of[number]], strict=True)
            results = tuple(
                facet_result(question.request, wanted, counts)
                if wanted.order != "distinctive"
                else self._distinctive(question.request, wanted, counts, found.total, names)
                for wanted, counts in counted
            )
            shown = bars if how and question.timeline else timeline(days, question.timeline)
            answers.append(Answer(question, found.total, hits, results, shown))
        return answers

    def _distinctive(
        self, request: SearchRequest, wanted: FacetWanted, counts: FacetCounts, together: int, names: Relabelling
    ) -> FacetResult:
        head = dict(counts.values[: min(WEIGHED, counts.matching)])
        those = FacetAsked(column_for(wanted.name, request.scope), labels=tuple(head))
        whole = self._executor.search(self._asked(Question(), names, facets=(those,))).facets[0]
        everywhere = dict(whole.values)
        ranked = distinctive(head, everywhere.__getitem__, together=together, archive=len(self))
        end = None if wanted.size is None else wanted.offset + wanted.size
        chosen = request.selected(wanted.name)
        values = [FacetValue(label, label, head[label], label in chosen) for label in ranked[wanted.offset : end]]
        return FacetResult(wanted.name, tuple(values), counts.total_values, counts.missing, len(ranked))

    def _hits(
        self, question: Question, wanted: HitsWanted, found: Sequence[Found], names: Relabelling
    ) -> tuple[Hit, ...]:
        stored = self._view.stored_bytes([hit.docnum for hit in found], ARTICLE)
        articles = [stored_article(fields, names) for fields in stored]
        shown = [_NO_SNIPPET] * len(articles)
        if wanted.snippets and articles:
            query = question.query or Everything()
            bodies = [(article.body, stemmed_in(article, "body") if self._languages else "") for article in articles]
            shown = Markers(query, self.surface_forms(query)).snippets(bodies)
        return compiled.steps.instances(Hit, _HIT, (articles, [hit.score for hit in found], shown))

    def surface_forms(self, query: Query) -> frozenset[str] | None:
        """Every form of a word by which an article can match `query`; None where there are too many."""
        found = self._executor.surface_forms(asked(query, "mentions", self._languages)[0], limit=_MOST_FORMS)
        return found if len(found) < _MOST_FORMS else None

    def _article(self, number: int, names: Relabelling = AS_WRITTEN) -> Article:
        return stored_article(self._view.stored_bytes([number], ARTICLE)[0], names)

    def _asked(
        self,
        question: Question,
        names: Relabelling,
        *,
        hits: tuple[HitsAsked, ...] = (),
        facets: tuple[FacetAsked, ...] = (),
        timeline: str = "",
        steps: Steps | None = None,
    ) -> ColumnarQuestion:
        """Which articles a question chooses, in terms of the index, and what is asked of them."""
        request = question.request
        tree, preferred = asked(question.query or Everything(), request.scope, self._languages)
        dated = request.since is not None or request.until is not None
        return ColumnarQuestion(
            query=tree,
            filters=()
            if not request.has_filters
            else tuple(
                FacetFilter(
                    column_for(facet, request.scope),
                    request.selected(facet),
                    every=request.match_of(facet) == "all",
                    excluded=request.excluded(facet),
                )
                for facet in FACETS
                if request.selected(facet) or request.excluded(facet)
            ),
            ranges=(days_between(request.since, request.until),) if dated else (),
            hits=hits,
            facets=facets,
            timeline=timeline,
            steps=steps,
            preferences=preferred,
            relabelling=label_changes(names),
            deadline_s=self._timeout_s,
            key=_selection(question),
        )


def _selection(question: Question) -> tuple[Hashable, ...]:
    """The same for questions about the same articles; made of what `atoms_of` is made of."""
    request = question.request
    return (
        *atoms_of(question.query or Everything()),
        request.chosen,
        tuple(request.exclude.items()),
        tuple(request.match.items()),
        request.scope,
        request.since,
        request.until,
    )


def _sort(request: SearchRequest) -> str:
    return "score" if request.sort == "relevance" else request.sort


def _numbers(view: View, ids: Sequence[str]) -> dict[str, int]:
    """Id to article number, for those of `ids` that are here."""
    keys = [article_id.encode("utf-8", "surrogatepass") for article_id in ids]
    found: dict[str, int] = {}
    for base, segment in zip(view.bases, view.segments, strict=True):
        column = segment.data.ids("id")
        for place, number in column.find(keys) if column is not None else ():
            if segment.live is None or segment.live[number]:
                found[ids[place]] = base + number
    return found
