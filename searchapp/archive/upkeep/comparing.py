"""Whether two archives give the same answers: the same questions asked of both, every difference told.

The questions are drawn from the articles of the first: their words, as they stand there, their names, days and sources.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searchapp.engines.state import State, result_of
from searchapp.language.words import forms
from searchapp.model.article import Article
from searchapp.model.query import Everything, SearchRequest
from searchapp.model.question import Question
from searchapp.model.result import Hit, SearchResult

__all__ = ["TOLERANCE", "Difference", "differences", "drawn"]

TOLERANCE = 0.001
"""By how much scores may differ that mean the same: a cluster's are of single precision."""
_MOST_READ = 20_000
"""Articles from which questions are drawn."""
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """What two archives answered differently."""

    request: SearchRequest
    what: str
    """total, ids, scores, timeline or a facet."""
    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.request!r}: {self.what}: {self.one} and {self.other}"


def differences(one: State, other: State, requests: Sequence[SearchRequest], tolerance: float) -> Iterator[Difference]:
    """Every difference between the answers to the same requests, as they come."""
    for request in requests:
        first, second = (result_of(state.ask(Question.of(request))[0]) for state in (one, other))
        yield from _between(request, first, second, tolerance)


def drawn(state: State, number: int, seed: int = 0) -> list[SearchRequest]:
    """So many requests, the same for the same articles, number and seed."""
    chance = random.Random(seed)
    every = state.stored.matches(Question(SearchRequest(sort="newest"), Everything()), names=state.names)
    articles = list(itertools.islice(every, _MOST_READ))
    if not articles:
        return [SearchRequest()]
    sample = chance.sample(articles, min(_SAMPLE, len(articles)))
    requests = [SearchRequest(), SearchRequest(sort="newest"), SearchRequest(page=3, sort="oldest")]
    while len(requests) < number:
        requests.append(_request(chance.choice(sample), chance))
    return requests[:number]


def _request(article: Article, chance: random.Random) -> SearchRequest:
    request = SearchRequest(_text(article, chance) if chance.random() < 0.85 else "", sort=_sort(chance))
    if chance.random() < 0.35:
        request = _with_names(request, article, chance)
    if chance.random() < 0.15 and article.published is not None:
        since = article.published.replace(day=1)
        request = request.replace(since=since, until=article.published if chance.random() < 0.5 else None)
    if chance.random() < 0.15:
        request = request.replace(scope="about")
    if chance.random() < 0.1:
        request = request.replace(page=chance.choice([2, 3, 7]))
    return request


def _sort(chance: random.Random) -> str:
    return chance.choice(["relevance", "relevance", "relevance", "newest", "oldest"])


def _with_names(request: SearchRequest, article: Article, chance: random.Random) -> SearchRequest:
    facets = ("people", "places", "organisations", "topics", "sources")
    facet = chance.choice(facets)
    labels = article.values(facet)
    if not labels:
        return request
    chosen = chance.sample(labels, min(len(labels), chance.choice([1, 1, 2])))
    if chance.random() < 0.2:
        return request.replace(exclude={facet: chosen[:1]})
    return request.replace(**{facet: tuple(chosen)}, match={facet: chance.choice(["any", "all"])})


def _text(article: Article, chance: random.Random) -> str:
    held = forms(article.body) or forms(article.title) or ["news"]
    at = chance.randrange(len(held))
    word, after = held[at], held[at + 1 : at + 3]
    other = chance.choice(held)
    title = forms(article.title) or held
    names = [name for facet in ("people", "places", "organisations") for name in article.values(facet)]
    ways = [
        word,
        f"{word} {other}",
        f"{word} {other} {chance.choice(held)}",
        f"{word} OR {other}",
        f"{word} -{other}",
        f"({word} OR {other}) {chance.choice(title)}",
        '"' + " ".join([word, *after]) + '"',
        '"' + " ".join([word, *after[:1]]) + '"',
        f'"{word} {other}"~{chance.choice([2, 5, 10])}',
        f"{word[:4]}*",
        f"{word[:2]}?{word[3:]}",
        f"{word}~",
        f"title:{chance.choice(title)}",
        'title:"' + " ".join(title[:2]) + '"',
        "date:any",
        "date:none",
    ]
    if names:
        name = chance.choice(names)
        ways += [f'"{name}"', name, f'place:"{name}"', f"person:{forms(name)[-1] if forms(name) else word}*"]
    if article.dateline:
        ways.append(f"dateline:{forms(article.dateline)[0]}" if forms(article.dateline) else word)
    return chance.choice(ways)


def _between(request: SearchRequest, one: SearchResult, other: SearchResult, tolerance: float) -> Iterator[Difference]:
    def differ(what: str, first: object, second: object) -> Iterator[Difference]:
        if first != second:
            yield Difference(request, what, *_apart(first, second))

    yield from differ("total", one.total, other.total)
    yield from differ("timeline", [bar.to_dict() for bar in one.timeline], [bar.to_dict() for bar in other.timeline])
    for name in one.facets.keys() | other.facets.keys():
        first, second = (result.facets[name].to_dict() for result in (one, other))
        if not (one.facets[name].total_exact and other.facets[name].total_exact):
            first, second = ({**told, "total_values": None} for told in (first, second))
        yield from differ(f"the facet {name}", first, second)
    if request.sort != "relevance":
        ids = [[hit.article.id for hit in result.hits] for result in (one, other)]
        yield from differ("ids", *ids)
    elif not _alike(one.hits, other.hits, tolerance):
        hits = [[(hit.article.id, round(hit.score, 4)) for hit in result.hits] for result in (one, other)]
        yield from differ("hits and scores", *hits)
    snippets = [{hit.article.id: (hit.snippet.text, hit.snippet.ranges) for hit in r.hits} for r in (one, other)]
    both = sorted(snippets[0].keys() & snippets[1].keys())
    yield from differ("snippets", *([held[name] for name in both] for held in snippets))


def _alike(one: Sequence[Hit], other: Sequence[Hit], tolerance: float) -> bool:
    """Whether two pages of hits by relevance differ in nothing but the order of hits that score as good as the same."""
    if len(one) != len(other):
        return False
    scores = {hit.article.id: hit.score for hit in other}
    together = [(hit.score, scores[hit.article.id]) for hit in one if hit.article.id in scores]
    in_place = [(first.score, second.score) for first, second in zip(one, other, strict=True)]
    return all(abs(first - second) <= tolerance for first, second in (*together, *in_place))


def _apart(one: object, other: object) -> tuple[str, str]:
    """Two texts, from where they differ on."""
    first, second = repr(one), repr(other)
    same = next(
        (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(map(len, (first, second)))
    )
    start = max(0, same - 60)
    return first[start : start + 240], second[start : start + 240]
