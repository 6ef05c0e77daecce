"""Articles to index, as many as wanted, and searches made of their own words."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

from rivals import Case, Record

from searchapp.corpus import walk
from searchapp.model.article import Article

__all__ = ["Metered", "articles_of", "first_time_searches", "many_names", "records"]

_WORD = re.compile(r"(?<![^\W_])[a-z]{3,20}(?![^\W_])")
_OPERATORS = {"and", "not"}
_KEPT_ARTICLES = 40
"""So many articles are remembered for a word, from which its companions are drawn."""


def articles_of(folder: Path) -> list[Article]:
    """The articles of the files in a folder."""
    return [found for found in walk([folder]) if isinstance(found, Article)]


def records(articles: Sequence[Article], times: int) -> Iterator[Record]:
    """The articles, again and again with other ids."""
    for turn in range(times):
        for article in articles:
            yield Record.of(replace(article, id=f"{turn}-{article.id}") if turn else article)


class Metered:
    """Iterates over records and knows how long making them took, which is nobody's work of indexing."""

    def __init__(self, source: Iterable[Record]) -> None:
        self._source = iter(source)
        self.count = 0
        self.wall_s = self.processor_s = 0.0

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        begun, worked = perf_counter(), process_time()
        try:
            record = next(self._source)
            self.count += 1
        finally:
            self.wall_s += perf_counter() - begun
            self.processor_s += process_time() - worked
        return record


def first_time_searches(articles: Sequence[Article], count: int, *, seed: int, apart_from: set[str]) -> list[Case]:
    """So many different searches of one to three words, none of which is in `apart_from`, where they are put too.

    Words are drawn so that one that half the articles hold comes as often as one that a few hold: first how frequent
    it shall be, then which word. The words of a search stand together in at least one article.
    """
    words = [sorted(set(_WORD.findall(f"{a.title} {a.body}".lower())) - _OPERATORS) for a in articles]
    frequency = Counter(word for own in words for word in own)
    holders: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(words):
        for word in own:
            if len(holders[word]) < _KEPT_ARTICLES:
                holders[word].append(place)
    classes = _classes(sorted(frequency), frequency)
    chance = random.Random(seed)
    found: list[Case] = []
    while len(found) < count:
        chosen = [_drawn(classes, chance)]
        companions = _classes(words[chance.choice(holders[chosen[0]])], frequency)
        for _ in range(len(found) % 3):
            chosen.append(_drawn(companions, chance))
        case = Case.of_words(tuple(chosen))
        if len(set(chosen)) == len(chosen) and case.text not in apart_from:
            apart_from.add(case.text)
            found.append(case)
    return found


def _classes(words: Iterable[str], frequency: Counter[str]) -> list[list[str]]:
    """The words by how frequent they are, each class twice as frequent as the one before."""
    classes: dict[int, list[str]] = defaultdict(list)
    for word in words:
        classes[frequency[word].bit_length()].append(word)
    return [classes[key] for key in sorted(classes)]


def _drawn(classes: Sequence[Sequence[str]], chance: random.Random) -> str:
    return chance.choice(chance.choice(classes))


def many_names(source: Iterable[Record], *, seed: int) -> Iterator[Record]:
    """The records with made-up people: about nine different names for ten articles, few of them frequent."""
    chance = random.Random(seed)
    syllables = [a + b for a in "b d f g h k l m n p r s t v z br kr st".split() for b in "a e i o u an el or".split()]
    given = ["".join(chance.sample(syllables, 2)).title() for _ in range(2_000)]
    families = ["".join(chance.sample(syllables, 3)).title() for _ in range(60_000)]
    met: list[str] = []
    for record in source:
        names = []
        for _ in range(3):
            if not met or chance.random() < 0.3:
                met.append(f"{chance.choice(given)} {chance.choice(families)}")
                names.append(met[-1])
            else:
                # A name met before, the earlier ones far more often.
                names.append(met[int(len(met) * chance.random() ** 3)])
        assigned = {**record.article.assigned, "people": (*record.article.assigned.get("people", ()), *names)}
        yield Record.of(replace(record.article, assigned=assigned))
