"""What a few typed letters may stand for: people, places, organisations, and titles."""

from __future__ import annotations

from dataclasses import dataclass

from searchapp.engines.state import State
from searchapp.errors import SearchTimeout
from searchapp.language.words import forms
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET
from searchapp.model.query import And, Phrase, Query, SearchRequest, Wildcard
from searchapp.model.question import HEADS, FacetWanted, Question

__all__ = ["Suggestion", "suggestions"]

NAMES = 7
TITLES = 3
LOOKED_AT = 3 * NAMES
"""Names of each kind: those that begin with the text come first among names of as many articles."""
FORMS = 200
"""Other forms of names that begin with the text."""
MAX_CHARS = 100
"""Of the text that is looked at."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the archive has."""

    kind: str
    """person, place, organisation or title."""
    label: str
    count: int
    """Articles."""
    article_id: str = ""
    """Of a title, the article that has it."""


def suggestions(state: State, text: str) -> list[Suggestion]:
    """Names with a word or a form that begins like `text`, most articles first, then titles with all its words."""
    words = forms(text[:MAX_CHARS])
    if not words:
        return []
    typed = " ".join(words)
    begun = sorted(state.begun(text[:MAX_CHARS], most=FORMS))
    wanted = [FacetWanted(facet, LOOKED_AT, find=typed, find_words=True) for facet in FACET_OF_KIND.values()]
    for facet in FACET_OF_KIND.values():
        # What is called so by another form than its label, such as WHO.
        wanted.append(FacetWanted(facet, labels=tuple(label for home, label in begun if home == facet)))
    titled: list[Query] = [Phrase((word,), field="title") for word in words[:-1]]
    titled.append(Wildcard(f"{words[-1]}*", field="title"))
    names = Question(facets=tuple(wanted))
    titles = Question(
        SearchRequest(page_size=TITLES),
        And(tuple(titled)) if len(titled) > 1 else titled[0],
        hits=HEADS,
    )
    try:
        named, found = state.ask(names, titles)
    except SearchTimeout:
        # Names alone are worth having while the machine is busy.
        (named,) = state.ask(names)
        found = None
    counts = {(facet.name, value.label): value.count for facet in named.facets for value in facet.values if value.count}
    listed = [Suggestion(KIND_OF_FACET[facet], label, count) for (facet, label), count in counts.items()]
    # "pu" is Putin before it is a Kuala Lumpur of as many articles.
    listed.sort(key=lambda one: (-one.count, not " ".join(forms(one.label)).startswith(typed), one.label))
    hits = found.hits if found else ()
    return [*listed[:NAMES], *(Suggestion("title", hit.article.title, 1, hit.article.id) for hit in hits)]
