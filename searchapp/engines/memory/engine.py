"""`MemoryEngine`: the plainest reading of what an engine does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from searchapp.engines import rules
from searchapp.engines.base import EngineState
from searchapp.engines.matching import edit_distance_within
from searchapp.engines.memory.evaluating import LabelsOf, Stored, holds, labels_counted, passes, score
from searchapp.engines.snippets import Markers
from searchapp.language.stemming import stem
from searchapp.model import query as q
from searchapp.model.article import Article
from searchapp.model.entry import Entry
from searchapp.model.names import AS_WRITTEN, Relabelling, shown_article
from searchapp.model.question import Answer, FacetWanted, Question
from searchapp.model.result import FacetResult, Hit, Snippet

__all__ = ["MemoryEngine"]


class MemoryEngine:
    """An engine that keeps everything in this process; see `searchapp.engines.base.Engine`."""

    def __init__(self) -> None:
        self._state = MemoryState({}, 0)

    @property
    def identity(self) -> str:
        return ":memory:"

    def state(self) -> MemoryState:
        return self._state

    @contextmanager
    def writer(self, *, timeout_s: float) -> Iterator[_MemoryWriter]:
        def commit() -> None:
            self._state = MemoryState(dict(writer.stored), self._state.commits + 1)

        writer = _MemoryWriter(dict(self._state.stored), commit)
        yield writer
        commit()

    def close(self) -> None:
        """Nothing to free."""


class MemoryState:
    """All articles after one commit; see `searchapp.engines.base.EngineState`."""

    def __init__(self, stored: dict[str, Stored], commits: int) -> None:
        self.stored = stored
        self.commits = commits

    @property
    def generation(self) -> str:
        return str(self.commits)

    def __len__(self) -> int:
        return len(self.stored)

    def get(self, article_id: str) -> Article | None:
        return self.stored[article_id].article if article_id in self.stored else None

    def fingerprints(self, ids: Iterable[str]) -> dict[str, str]:
        return {i: self.stored[i].entry.fingerprint for i in ids if i in self.stored}

    def paths(self, prefix: str) -> Iterator[tuple[str, Sequence[str]]]:
        paths = [(path, [i]) for i, one in self.stored.items() for path in one.article.paths]
        return iter([(path, ids) for path, ids in paths if path.startswith(prefix)])

    def found_by(self, key: str) -> Sequence[str]:
        return [i for i, one in self.stored.items() if key in one.entry.keys]

    def labels(self, column: str) -> dict[str, int]:
        return dict(Counter(label for one in self.stored.values() for label in one.entry.columns[column]))

    def labels_since(self, before: EngineState, column: str) -> dict[str, int]:
        now, was = self.labels(column), before.labels(column)
        return {label: n for label in now | was if (n := now.get(label, 0) - was.get(label, 0))}

    def shows(self, facet: str, label: str, *, names: Relabelling = AS_WRITTEN) -> bool:
        labels_of = labels_counted(q.SearchRequest(), names)
        return any(label in labels_of(one, facet) for one in self.stored.values())

    def spellings(self, word: str) -> Mapping[str, int]:
        fields = [field for one in self.stored.values() for field in one.fields]
        if any(stem(word, field.language) in field.stems for field in fields):
            return {}
        held = [{form for field in one.fields for form in field.forms} for one in self.stored.values()]
        counts = Counter(form for forms in held for form in forms)
        near = ({form: n for form, n in counts.items() if edit_distance_within(word, form, edits)} for edits in (1, 2))
        return next(filter(None, near), {})

    def ask(self, questions: Sequence[Question], *, names: Relabelling = AS_WRITTEN) -> list[Answer]:
        return [self._answer(question, names) for question in questions]

    def matches(self, question: Question, *, names: Relabelling = AS_WRITTEN) -> Iterator[Article]:
        return iter([shown_article(one.article, names) for one, _ in self._ranked(question, names)])

    def close(self) -> None:
        """Nothing to free."""

    def _answer(self, question: Question, names: Relabelling) -> Answer:
        request, labels_of = question.request, labels_counted(question.request, names)
        found = self._found(question, labels_of)
        page: list[tuple[Stored, float]] = []
        if question.hits:
            page = self._ranked(question, names)[(request.page - 1) * request.page_size :][: request.page_size]
        bodies = [(one.article.body, rules.stemmed_in(one.article, "body")) for one, _ in page]
        shown = [Snippet("")] * len(page)
        if question.hits and question.hits.snippets:
            shown = Markers(question.query or q.Everything()).snippets(bodies)
        days = Counter(one.article.published.toordinal() for one in found if one.article.published)
        return Answer(
            question,
            len(found),
            tuple(
                Hit(shown_article(one.article, names), score, snippet)
                for (one, score), snippet in zip(page, shown, strict=True)
            ),
            tuple(self._facet(question, wanted, len(found), labels_of) for wanted in question.facets),
            rules.timeline(days, question.timeline),
        )

    def _facet(self, question: Question, wanted: FacetWanted, together: int, labels_of: LabelsOf) -> FacetResult:
        request, name = question.request, wanted.name
        # Leave out this facet's own filter, or choosing York would hide every other place.
        ignoring = name if request.widens(name) else ""
        among = self._found(question, labels_of, ignoring)
        counts = Counter(label for one in among for label in labels_of(one, name))
        missing = sum(not labels_of(one, name) for one in among)
        gains = None
        if over := set(rules.gains_over(request, wanted)):
            among = [one for one in among if not over & set(labels_of(one, name))]
            gains = Counter(label for one in among for label in labels_of(one, name))
        result = rules.facet_result(
            request,
            wanted,
            counts,
            gains=gains,
            total=len(counts),
            missing=missing,
            everywhere=lambda label: sum(label in labels_of(one, name) for one in self.stored.values()),
            articles=(together, len(self)),
            group_count=lambda labels: sum(bool(set(labels) & set(labels_of(one, name))) for one in among),
        )
        if not wanted.timeline:
            return result
        held = [[one.article for one in among if value.label in labels_of(one, name)] for value in result.values]
        days = [Counter(a.published.toordinal() for a in articles if a.published) for articles in held]
        return replace(result, timelines=tuple(rules.timeline(counted, wanted.timeline) for counted in days))

    def _found(self, question: Question, labels_of: LabelsOf, ignoring: str = "") -> list[Stored]:
        query, request = question.query or q.Everything(), question.request
        stored = self.stored.values()
        return [one for one in stored if holds(query, one, labels_of) and passes(request, one, labels_of, ignoring)]

    def _ranked(self, question: Question, names: Relabelling) -> list[tuple[Stored, float]]:
        labels_of, query = labels_counted(question.request, names), question.query or q.Everything()
        found = self._found(question, labels_of)
        everything = list(self.stored.values())
        scores = {one.article.id: score(query, one, everything, labels_of) for one in found}
        found.sort(key=lambda one: rules.hit_order(question.request, one.article, scores[one.article.id]))
        return [(one, scores[one.article.id]) for one in found]


@dataclass
class _MemoryWriter:
    stored: dict[str, Stored]
    commit: Callable[[], None]

    def add(self, entries: Sequence[Entry]) -> None:
        self.stored |= {entry.article.id: Stored(entry) for entry in entries}

    def delete(self, ids: Iterable[str]) -> int:
        return sum(self.stored.pop(article_id, None) is not None for article_id in set(ids))
