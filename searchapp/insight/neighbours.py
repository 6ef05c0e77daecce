"""Where an article stands among the hits of a search."""

from __future__ import annotations

from dataclasses import dataclass

from searchapp.model.query import SearchRequest
from searchapp.model.question import HEADS, Answer, Question

__all__ = ["Neighbours", "neighbours_in", "questions_around"]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The place of an article among the hits of a search, and the ids of those beside it."""

    number: int
    """From 1."""
    total: int
    before: str
    """Empty where it is the first."""
    after: str
    """Empty where it is the last."""


def questions_around(request: SearchRequest, number: int) -> list[Question]:
    """What tells the hits before and after, to be asked together with other questions."""
    size = request.page_size
    pages = sorted({(other - 1) // size + 1 for other in (number - 1, number, number + 1) if other >= 1})
    return [Question(request.replace(page=page), hits=HEADS) for page in pages]


def neighbours_in(answers: tuple[Answer, ...], number: int, article_id: str) -> Neighbours | None:
    """What the answers to `questions_around` say; None where the article is not, or no longer, that hit."""
    near: dict[int, str] = {}
    for answer in answers:
        request = answer.question.request
        first = (request.page - 1) * request.page_size + 1
        near |= {place: hit.article.id for place, hit in enumerate(answer.hits, start=first)}
    if not answers or near.get(number) != article_id:
        return None
    return Neighbours(number, answers[0].total, near.get(number - 1, ""), near.get(number + 1, ""))
