"""Articles that are much like another."""

from __future__ import annotations

from dataclasses import replace

from searchapp.engines.state import State
from searchapp.language.words import forms
from searchapp.model.article import FACET_OF_KIND, Article
from searchapp.model.query import Or, Phrase, Query, SearchRequest, Term
from searchapp.model.question import Answer, HitsWanted, Question
from searchapp.model.result import Hit, Snippet

__all__ = ["alike", "question_of_similar", "similar"]

LEAD_CHARS = 120
"""Of an article without a title, what stands for one."""
NAMES = 3
"""Of each kind, names by which similar articles are found."""


def similar(state: State, article: Article, *, limit: int = 5) -> tuple[Hit, ...]:
    """Articles that share the words of its title and its main names, the most alike first."""
    (answer,) = state.ask(question_of_similar(article, limit=limit))
    return alike(answer, article, limit=limit)


def question_of_similar(article: Article, *, limit: int) -> Question:
    """What finds them, to be asked together with other questions; `alike` reads its answer."""
    words = forms(article.title) or forms(article.body[:LEAD_CHARS])
    asked: list[Query] = [Term(word) for word in dict.fromkeys(words)]
    for facet in FACET_OF_KIND.values():
        names = (tuple(forms(label)) for label in article.names(facet)[:NAMES])
        asked += [Phrase(name) for name in names if name]
    request = SearchRequest(page_size=limit + 1)
    return Question(request, Or(tuple(asked)), hits=HitsWanted(snippets=False))


def alike(answer: Answer, article: Article, *, limit: int) -> tuple[Hit, ...]:
    """The hits of such an answer but the article itself, with their titles for snippets."""
    hits = (replace(hit, snippet=Snippet(hit.article.title)) for hit in answer.hits)
    return tuple(hit for hit in hits if hit.article.id != article.id)[:limit]
