"""`State`: one commit of the articles and one of the names, asked together."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, TypeVar

from searchapp.engines.base import EngineState
from searchapp.engines.naming import Resolver
from searchapp.engines.remembering import Remembered
from searchapp.engines.respelling import respelled
from searchapp.engines.rules import stemmed_in
from searchapp.engines.snippets import Marker, Markers
from searchapp.errors import ArchiveClosed, ArticleNotFound
from searchapp.model.article import Article
from searchapp.model.names import NameForms, Relabelling, shown_article
from searchapp.model.query import And, Query, SearchRequest
from searchapp.model.question import Answer, Question
from searchapp.model.result import Offer, Problem, SearchResult, Snippet
from searchapp.parsing import as_typed, parse

__all__ = ["State"]

Value = TypeVar("Value")


class State:
    """An archive as it is at one moment, whatever is added or corrected later. A context manager.

    Everything that one page, command or export shows comes from one state. It may be used from several threads.
    """

    def __init__(
        self,
        engine: EngineState,
        names: Relabelling,
        *,
        forms: NameForms,
        remembered: Remembered,
        is_open: Callable[[], bool],
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`check` is called before each question, and by whatever works long on what was found; it may raise."""
        self._engine = engine
        self._forms = forms
        self._resolver = Resolver(engine, names, forms)
        self._remembered = remembered
        self._is_open = is_open
        self._users = 1
        self.check = check
        """To be called now and then by whatever works long on what was found: it raises where that has to end."""
        self.names = names
        """How it shows names."""
        self.generation = f"{engine.generation}-{names.version}".rstrip("-")
        """Names the state: two with the same generation give the same answers."""

    def __enter__(self) -> State:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def shared(self) -> State:
        """This state for one more user, who closes it too: it is freed when all have."""
        self._users += 1
        return self

    def close(self) -> None:
        """Frees what the state holds, once its last user has closed it."""
        self._users -= 1
        if self._users == 0:
            self._engine.close()

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self._asked())

    def __bool__(self) -> bool:
        return True

    def ask(self, *questions: Question) -> tuple[Answer, ...]:
        """An answer to each question, in order, to which names mean what `called` says. Raises `SearchTimeout`.

        Ask in one call what belongs together: what the questions share is worked out once.
        """
        self.check()
        asked: list[Question] = []
        told: list[tuple[SearchRequest, Query, list[Problem]]] = []
        for question in questions:
            query, found = (question.query, ()) if question.query else self.read_query(question.request.text)
            problems = [*(Problem(said, 0, 0) for said in question.request.said), *found]
            query = self._resolver.query(query, problems)
            meaning = self._resolver.request(question.request)
            whole = And((query, *meaning.also)) if meaning.also else query
            asked.append(replace(question, request=meaning.request, query=whole))
            told.append((meaning.shown, query, [*problems, *meaning.problems]))
        answers = self._asked().ask(asked, names=self.names)
        return tuple(
            replace(
                answer,
                question=replace(answer.question, request=request, query=query),
                problems=tuple({problem.message: problem for problem in problems}.values()),
            )
            for answer, (request, query, problems) in zip(answers, told, strict=True)
        )

    def called(self, facet: str, text: str) -> tuple[tuple[str, str], ...]:
        """Facet and label of every value that is called so, the most frequent first; empty for none.

        A value's own label means that value. Else, and on the first of these levels that has any: labels that are the
        same but for case, accents and signs, names of which the text is another form, and names that are called so
        beyond the archive. A label that was corrected, or counts in another facet now, is followed there.
        """
        self._asked()
        return self._resolver.called(facet, text)

    def nearest(self, facet: str, text: str) -> tuple[Offer, ...]:
        """What may be meant by a name that no value has, the likeliest first."""
        self._asked()
        return self._resolver.nearest(facet, text)

    def offers(self, values: Sequence[tuple[str, str]]) -> tuple[Offer, ...]:
        """Values, as facet and label, with their articles in the whole archive."""
        self._asked()
        return self._resolver.offers(values)

    def begun(self, text: str, *, most: int) -> frozenset[tuple[str, str]]:
        """Facet and label of names with a form that begins like `text`, as far as the first `most` forms tell.

        Some may stand in no article.
        """
        self._asked()
        return self._forms.begun(text, most=most)

    def respelled(self, query: Query) -> Query:
        """The query with each word that no article has as the archive spells it, and each unknown name as the nearest.

        The same where nothing is better.
        """
        return respelled(query, self._asked(), self._resolver)

    def search(
        self,
        text: str = "",
        *,
        people: str | Iterable[str] = (),
        places: str | Iterable[str] = (),
        organisations: str | Iterable[str] = (),
        topics: str | Iterable[str] = (),
        sources: str | Iterable[str] = (),
        languages: str | Iterable[str] = (),
        exclude: Mapping[str, str | Iterable[str]] | None = None,
        match: str | Mapping[str, str] = "any",
        within: str = "",
        scope: str = "mentions",
        since: dt.date | str | None = None,
        until: dt.date | str | None = None,
        dated: str = "",
        sort: str = "relevance",
        page: int = 1,
        page_size: int = 10,
        facet_size: int | None = 20,
    ) -> SearchResult:
        """Articles that match `text` and every filter; an empty text matches everything.

        A facet argument takes a label or several: within one facet any of them is enough (`match="any"`) or all are
        needed (`match="all"`), across facets each must hold. `exclude` maps facets to labels that no hit may have. With
        `scope="about"` people, places and organisations count only where the article is about them. `within` names a
        country: only articles that name it, or a place in it.
        Dates are days, or text such as "2023-09", which for `until` means the month's last day. `dated` is
        "none" for articles without a date, "estimated" or "any". A faulty query never
        raises: how it was read is in `SearchResult.problems`. Raises `InvalidRequest` for an impossible argument and
        `SearchTimeout` when the query takes too long.
        """
        request = SearchRequest(
            text=text,
            people=people,  # type: ignore[arg-type]
            places=places,  # type: ignore[arg-type]
            organisations=organisations,  # type: ignore[arg-type]
            topics=topics,  # type: ignore[arg-type]
            sources=sources,  # type: ignore[arg-type]
            languages=languages,  # type: ignore[arg-type]
            exclude=exclude or {},  # type: ignore[arg-type]
            match=match,  # type: ignore[arg-type]
            within=within,
            scope=scope,
            since=since,  # type: ignore[arg-type]
            until=until,  # type: ignore[arg-type]
            dated=dated,
            sort=sort,
            page=page,
            page_size=page_size,
            facet_size=facet_size,
        )
        return self.find(request)

    def find(self, request: SearchRequest) -> SearchResult:
        """The answer to a request made before; `search` makes one and calls this."""
        started = time.perf_counter()
        (answer,) = self.ask(Question.of(request))
        if not answer.total:
            answer = replace(answer, problems=(*answer.problems, *self.hints(request)))
        return result_of(answer, took_ms=(time.perf_counter() - started) * 1000)

    def hints(self, request: SearchRequest) -> tuple[Problem, ...]:
        """What to say where a request finds nothing: the same text in the spelling of the archive, if that does."""
        query, _ = self.read_query(request.text)
        better = self.respelled(query) if request.text.strip() else query
        if better == query:
            return ()
        text = as_typed(better)
        (answer,) = self.ask(Question(request.replace(text=text), better))
        if not answer.total:
            return ()
        count = f"{answer.total:,} article{'' if answer.total == 1 else 's'}"
        return (Problem(f"did you mean: {text} ({count})", offers=(Offer(query=text, count=answer.total),)),)

    def matches(self, request: SearchRequest) -> Iterator[Article]:
        """Every article that matches, in the order asked for; `page` does not count."""
        query = self._resolver.query(self.read_query(request.text)[0], [])
        meaning = self._resolver.request(request)
        whole = And((query, *meaning.also)) if meaning.also else query
        return self._asked().matches(Question(meaning.request, whole), names=self.names)

    def get(self, article_id: str) -> Article:
        """The article with that id. Raises `ArticleNotFound`."""
        article = self._asked().get(article_id)
        if article is None:
            raise ArticleNotFound(f"no article has the id {article_id!r}; find ids with: searchapp search WORDS --json")
        return shown_article(article, self.names)

    def spellings(self, word: str) -> Mapping[str, int]:
        """See `EngineState.spellings`."""
        return self._asked().spellings(word)

    def read_query(self, text: str) -> tuple[Query, tuple[Problem, ...]]:
        """How `text` is read, and in plain words every way in which it was read differently."""
        return parse(text)

    def marks(self, text: str, article: Article) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """What the query `text` matches in the title and in the body of `article`, as ranges of characters."""
        if not text.strip():
            return [], []
        marker = Marker(self.read_query(text)[0], None, stemmed_in(article, "body"))
        return marker.ranges(article.title, title=True), marker.ranges(article.body)

    def marked_titles(self, query: Query, articles: Sequence[Article]) -> list[Snippet]:
        """The titles of articles, with what a query matches in them."""
        markers = Markers(query)
        titles = [article.title for article in articles]
        marked = [
            markers.of(stemmed_in(article, "title")).ranges(title, title=True) if title else []
            for article, title in zip(articles, titles, strict=True)
        ]
        return [Snippet(title, tuple(ranges)) for title, ranges in zip(titles, marked, strict=True)]

    def remember(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """What `compute` gave for `key` in this state of the archive, whoever asked. It must not be None."""
        found: Value | None = self.recall(key)
        if found is None:
            # Two threads may do the same work once; none waits for another's.
            found = compute()
            self.keep(key, found)
        return found

    def recall(self, key: Hashable) -> Any:
        """What was kept under `key` in this state; None where nothing was."""
        return self._remembered.get(self.generation, key)

    def keep(self, key: Hashable, value: object) -> None:
        """Keeps a value for all who ask this state of the archive."""
        self._remembered.put(self.generation, key, value)

    @property
    def stored(self) -> EngineState:
        """The articles as they were stored, with the labels that each itself gives to its names."""
        return self._asked()

    def _asked(self) -> EngineState:
        if not self._is_open() or self._users <= 0:
            raise ArchiveClosed("the archive is closed; open it again with Archive.open")
        return self._engine


def result_of(answer: Answer, *, took_ms: float = 0.0) -> SearchResult:
    """An answer as a result, with the facets that were asked for."""
    return SearchResult(
        request=answer.question.request,
        problems=answer.problems,
        total=answer.total,
        hits=answer.hits,
        facets={facet.name: facet for facet in answer.facets},
        timeline=answer.timeline,
        took_ms=took_ms,
    )
