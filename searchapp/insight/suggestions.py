"""What a few typed letters may stand for: people, places, organisations, titles, and words that go on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.engines.state import State
from searchapp.errors import SearchTimeout
from searchapp.language.words import forms
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET
from searchapp.model.facets import FACET_OF_WORD
from searchapp.model.query import And, Phrase, Query, SearchRequest, Wildcard
from searchapp.model.question import HEADS, Answer, FacetWanted, Question

__all__ = ["Suggestion", "suggestions"]

NAMES = 7
TITLES = 3
LOOKED_AT = 3 * NAMES
"""Names of each kind: those that begin with the text come first among names of as many articles."""
FORMS = 200
"""Other forms of names that begin with the text."""
LONGER = 2
"""Searches in which the last word goes on."""
READ_TITLES = 30
"""Titles in which words that go on are looked for."""
_FIELD = re.compile(r"(?:(.*)\s)?(\w+):\"?([^\":]*)", re.DOTALL)
"""What was typed before, a word for a facet, and the beginning of a value."""
MAX_CHARS = 100
"""Of the text that is looked at."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the archive has."""

    kind: str
    """person, place, organisation, title, or search: a text to search for."""
    label: str
    count: int
    """Articles; of a name that narrows a search, those of the search that have it."""
    article_id: str = ""
    """Of a title, the article that has it."""
    within: str = ""
    """The text that the name narrows; empty where the name alone is meant."""


def suggestions(state: State, text: str) -> list[Suggestion]:
    """What may be meant by a text, typed so far.

    Names with a word or a form that begins like it, most articles first. Where it has several words, searches in which
    the last of them goes on, and, where no name begins like all, names that begin like it among the articles of the
    others. Then titles with all its
    words. After a word such as `person:` only names of that kind.
    """
    text = text[:MAX_CHARS]
    field = _FIELD.fullmatch(text.strip())
    facet = FACET_OF_WORD.get(field[2].casefold(), "") if field else ""
    if field and facet in KIND_OF_FACET:
        return _names_within(state, (field[1] or "").strip(), field[3], (facet,))
    words = forms(text)
    if not words:
        return []
    typed = " ".join(words)
    called = [state.called(facet, text) for facet in FACET_OF_KIND.values()]
    begun = sorted(state.begun(text, most=FORMS).union(*called))
    wanted = [FacetWanted(facet, LOOKED_AT, find=typed, find_words=True) for facet in FACET_OF_KIND.values()]
    for facet in FACET_OF_KIND.values():
        # What is called so by another form than its label, such as WHO.
        wanted.append(FacetWanted(facet, labels=tuple(label for home, label in begun if home == facet)))
    titled: list[Query] = [Phrase((word,), field="title") for word in words[:-1]]
    titled.append(Wildcard(f"{words[-1]}*", field="title"))
    names = Question(facets=tuple(wanted))
    titles = Question(
        SearchRequest(page_size=READ_TITLES if len(words) > 1 else TITLES),
        And(tuple(titled)) if len(titled) > 1 else titled[0],
        hits=HEADS,
    )
    try:
        named, found = state.ask(names, titles)
    except SearchTimeout:
        # Names alone are worth having while the machine is busy.
        (named,) = state.ask(names)
        found = None
    known = _listed(named, typed)[:NAMES]
    listed = list(known)
    hits = found.hits if found else ()
    if len(words) > 1:
        before = text.strip()[: len(text.strip()) - len(text.split()[-1])].strip()
        listed += _longer(state, before, words[-1], [hit.article.title for hit in hits])
        if before and not known:
            listed += _names_within(state, before, words[-1], tuple(FACET_OF_KIND.values()))
    return [*listed, *(Suggestion("title", hit.article.title, 1, hit.article.id) for hit in hits[:TITLES])]


def _names_within(state: State, text: str, begun: str, facets: Sequence[str]) -> list[Suggestion]:
    """Names of these facets with a word that begins so, among the articles that `text` finds."""
    typed = " ".join(forms(begun))
    if not typed:
        return []
    known = sorted(state.begun(begun, most=FORMS))
    wanted = [FacetWanted(facet, LOOKED_AT, find=typed, find_words=True) for facet in facets]
    wanted += [FacetWanted(facet, labels=tuple(label for home, label in known if home == facet)) for facet in facets]
    try:
        (named,) = state.ask(Question(SearchRequest(text=text), facets=tuple(wanted)))
    except SearchTimeout:
        return []
    return [Suggestion(one.kind, one.label, one.count, within=text) for one in _listed(named, typed)[:NAMES]]


def _listed(named: Answer, typed: str) -> list[Suggestion]:
    """The names that an answer has, most articles first."""
    counts = {(facet.name, value.label): value.count for facet in named.facets for value in facet.values if value.count}
    listed = [Suggestion(KIND_OF_FACET[facet], label, count) for (facet, label), count in counts.items()]
    # "pu" is Putin before it is a Kuala Lumpur of as many articles.
    listed.sort(key=lambda one: (-one.count, not " ".join(forms(one.label)).startswith(typed), one.label))
    return listed


def _longer(state: State, before: str, begun: str, titles: Sequence[str]) -> list[Suggestion]:
    """Searches for `before` and a word that begins so, the commonest in these titles first."""
    found: Counter[str] = Counter()
    for title in titles:
        found.update({word for word in forms(title) if word.startswith(begun) and word != begun})
    texts = [f"{before} {word}" for word, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:LONGER]]
    if not texts:
        return []
    try:
        answers = state.ask(*(Question(SearchRequest(text=text)) for text in texts))
    except SearchTimeout:
        return []
    return [
        Suggestion("search", text, answer.total) for text, answer in zip(texts, answers, strict=True) if answer.total
    ]
