"""How much an article is about each entity that it names: headline, lead, frequency and spread."""

from __future__ import annotations

from collections.abc import Mapping

from searchapp.model.article import KIND_OF_FACET, Article

__all__ = ["ABOUT", "about", "salience"]

ABOUT = 0.4
"""From this salience on an article is about an entity rather than only naming it."""

_HEADLINE, _LEAD, _FREQUENCY, _SPREAD = 0.35, 0.25, 0.25, 0.15
"""What each sign adds; they sum to 1."""
_LEAD_CHARS = 250, 800
"""A name in the first two sentences counts in full, one further down less and less, after the lead not at all."""
_PARTS = 5
"""The body in as many equal parts: an entity that most of them name is what holds the article together."""
_DATELINE_CHARS = 80
_LAST = float("inf")
_SINGLE_CHARS = (
    1 + _LEAD_CHARS[1] - ((ABOUT - _FREQUENCY / 2 - _SPREAD / _PARTS) / _LEAD * (_LEAD_CHARS[1] - _LEAD_CHARS[0]))
)
"""In an article with a title, a name that stands but once and further down than this falls short of `ABOUT`."""
_CHARS_PER_MENTION = 400
"""Named once in so many characters, or half as often as the most named entity, an entity is frequent."""


def salience(article: Article) -> Mapping[tuple[str, str], float]:
    """Kind and label of every entity of the article to a number in [0, 1]; the article is about those from `ABOUT` on.

    The headline weighs most, then an early place in the lead, mentions against the most mentioned entity of the same
    article, and how many fifths of the body hold one. Without a title the other signs count more. The place of the
    dateline says where the article was written, so that mention does not count. A name that the file itself assigns
    was chosen by an editor: it reaches `ABOUT` always.
    """
    return _scores(article, _LAST)


def about(article: Article) -> list[tuple[str, str]]:
    """Kind and label of every entity that the article is about, the most salient first."""
    if not article.mentions and not article.title_mentions:
        # What an editor chose is all there is, each as salient as the others.
        return sorted({(KIND_OF_FACET[facet], label) for facet, labels in article.assigned.items() for label in labels})
    scores = _scores(article, _SINGLE_CHARS if article.title else _LAST)
    return [key for _, key in sorted([(-score, key) for key, score in scores.items() if score >= ABOUT])]


def _scores(article: Article, single: float) -> dict[tuple[str, str], float]:
    """Scores of all entities but those that are named once, in the body, after the character `single`."""
    titled = {(mention.kind, mention.label) for mention in article.title_mentions}
    starts: dict[tuple[str, str], list[int]] = {key: [] for key in titled}
    for mention in article.mentions:
        key = mention.kind, mention.label
        positions = starts.get(key)
        if positions is None:
            positions = starts[key] = []
        if mention.end > _DATELINE_CHARS or not _is_dateline(article, mention.text):
            positions.append(mention.start)
    top = max(map(len, starts.values()), default=0)
    length, headed = len(article.body), bool(article.title)
    scores: dict[tuple[str, str], float] = {}
    for key, positions in starts.items():
        if len(positions) != 1 or positions[0] <= single or key in titled:
            scores[key] = _score(positions, top, length, titled=(key in titled) if headed else None)
    for facet, labels in article.assigned.items():
        for label in labels:
            key = (KIND_OF_FACET[facet], label)
            scores[key] = max(ABOUT, scores.get(key, 0.0))
    return scores


def _is_dateline(article: Article, name: str) -> bool:
    return bool(article.dateline) and name.casefold() in article.dateline.casefold()


def _score(starts: list[int], top: int, length: int, *, titled: bool | None) -> float:
    """`titled` is None for an article without a title."""
    body = 0.0
    if starts:
        full, end = _LEAD_CHARS
        if starts[0] < end:
            body += _LEAD * min(1.0, (end - starts[0]) / (end - full))
        frequent = max(2.0, min(top / 2, length / _CHARS_PER_MENTION))
        body += _FREQUENCY * min(1.0, len(starts) / frequent)
        if len(starts) == 1:
            body += _SPREAD / _PARTS
        else:
            parts = {min(_PARTS - 1, start * _PARTS // max(1, length)) for start in starts}
            body += _SPREAD * len(parts) / _PARTS
    if titled is None:
        return min(1.0, body / (_LEAD + _FREQUENCY + _SPREAD))
    return min(1.0, body + (_HEADLINE if titled else 0.0))
