"""An article as an engine stores it: with the labels it counts under, which what recognises names has worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, Article
from searchapp.model.query import FACETS

__all__ = ["ABOUT_COLUMNS", "BY_TEXT", "COLUMNS", "DATING", "FORMS", "Entry", "column_for"]

BY_TEXT = "\0"
"""What a key of `Entry.keys` begins with that is no path."""
FORMS = "forms"
"""The column that joins kind, form and label by tabs, for each form that differs from its label."""
ABOUT_COLUMNS: Mapping[str, str] = {f"about_{facet}": kind for kind, facet in FACET_OF_KIND.items()}
"""The columns of those labels that an article is about, each with its kind."""
DATING = "dating"
"""The column that says "estimated" where the day of publication is."""
COLUMNS = (*FACETS, FORMS, DATING, *ABOUT_COLUMNS)
"""Every column of labels, in a fixed order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a writer is handed of one article."""

    article: Article
    fingerprint: str
    """Tells whether the article in the index is this one."""
    columns: Mapping[str, tuple[str, ...]]
    """The labels of the article in each of `COLUMNS`, each once, as the article has them.

    Facets are in the order of `Article.values`, about columns from the most salient on, forms sorted.
    """

    @property
    def keys(self) -> tuple[str, ...]:
        """What the article is found by besides its id: its paths, and what the fingerprint has behind a last blank.

        That is the mark of a text, where neither the file gives an id nor the id follows from the text.
        """
        _, _, mark = self.fingerprint.partition(" ")[2].partition(" ")
        return (*self.article.paths, f"{BY_TEXT}{mark}") if mark else self.article.paths


def column_for(facet: str, scope: str) -> str:
    """The column that holds the labels of a facet for a search with this `SearchRequest.scope`."""
    return f"about_{facet}" if scope == "about" and facet in KIND_OF_FACET else facet
