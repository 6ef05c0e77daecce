"""What a few typed letters may stand for: people, places, organisations, and titles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from searchapp.errors import SearchTimeout
from searchapp.language.words import forms
from searchapp.model.article import FACET_OF_KIND
from searchapp.model.query import SearchRequest
from searchapp.web.links import article_path, entity_path
from searchapp.web.site import Site

__all__ = ["Suggestion", "suggestions"]

NAMES = 7
TITLES = 3
MAX_CHARS = 100
"""Of the text that is looked at."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the archive has, with what the reader gets by choosing it."""

    kind: str
    """person, place, organisation or title."""
    label: str
    count: int
    """Articles."""
    path: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        return {"kind": self.kind, "label": self.label, "count": self.count, "path": self.path}


@dataclass(frozen=True, slots=True)
class _Name:
    folded: str
    """A space, then the words of the label with case and accents gone."""
    kind: str
    label: str
    count: int


def suggestions(site: Site, text: str) -> list[Suggestion]:
    """Names with a word that begins like `text`, most articles first, then titles with all its words."""
    words = forms(text[:MAX_CHARS])
    if not words:
        return []
    return [*_names(site, " ".join(words)), *_titles(site, words)]


def _names(site: Site, typed: str) -> list[Suggestion]:
    known = site.holdings.remember("names", lambda: _all_names(site))
    start = f" {typed}"
    found = [name for name in known if start in name.folded]
    # "pu" is Putin before it is a Kuala Lumpur of as many articles: labels that begin so come first among equals.
    found.sort(key=lambda name: (-name.count, not name.folded.startswith(start), name.label))
    return [Suggestion(n.kind, n.label, n.count, entity_path(n.kind, n.label)) for n in found[:NAMES]]


def _all_names(site: Site) -> list[_Name]:
    return [
        _Name(" " + " ".join(forms(value.label)), kind, value.label, value.count)
        for kind, facet in FACET_OF_KIND.items()
        for value in site.holdings.values(facet)
    ]


def _titles(site: Site, words: list[str]) -> list[Suggestion]:
    asked = " ".join([*(f'title:"{word}"' for word in words[:-1]), f"title:{words[-1]}*"])
    try:
        result = site.archive.find(SearchRequest(text=asked, page_size=TITLES, facet_size=1))
    except SearchTimeout:
        # Names alone are worth having while the machine is busy.
        return []
    return [Suggestion("title", h.article.title, 1, article_path(h.article.id)) for h in result.hits]
