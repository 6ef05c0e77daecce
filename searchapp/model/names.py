"""How a name that stands in an article is shown across the archive."""

from __future__ import annotations

from typing import Protocol

from searchapp.model.article import KIND_OF_FACET, Article

__all__ = ["AS_WRITTEN", "Relabelling", "shown_labels"]


class Relabelling(Protocol):
    """Takes a label as one article has it to the label that the archive shows.

    A name can move to another facet (a person was taken for a place), join another label, or be dropped.
    """

    @property
    def version(self) -> str:
        """Changes whenever any answer of `resolve` may change."""

    def resolve(self, facet: str, label: str) -> tuple[str, str] | None:
        """Facet and label under which the article counts; None when the name is blocked."""


class _AsWritten:
    version = ""

    def resolve(self, facet: str, label: str) -> tuple[str, str] | None:
        return facet, label


AS_WRITTEN: Relabelling = _AsWritten()
"""Shows every label as its article has it."""


def shown_labels(article: Article, facet: str, names: Relabelling) -> tuple[str, ...]:
    """The labels under which `article` counts in `facet`, each once, in the order of `Article.values`."""
    if facet not in KIND_OF_FACET:
        return article.values(facet)
    found = (names.resolve(kind, label) for kind in (facet, *KIND_OF_FACET) for label in article.names(kind))
    return tuple(dict.fromkeys(shown[1] for shown in found if shown and shown[0] == facet))
