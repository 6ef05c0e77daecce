"""What an engine keeps of an article as columns of labels: the facets, and what names and `about` need beside them."""

from __future__ import annotations

from collections.abc import Mapping

from searchapp.entities.forms import form_of
from searchapp.entities.salience import ABOUT, salience
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, Article, Mention
from searchapp.model.query import FACETS

__all__ = ["ABOUT_COLUMNS", "COLUMNS", "FORMS", "column_for", "columns_of"]

FORMS = "forms"
"""The column that joins kind, form and label by tabs, for each form that differs from its label."""
ABOUT_COLUMNS = tuple(f"about_{facet}" for facet in FACET_OF_KIND.values())
"""The columns of those labels that an article is about: about_people, about_places, about_organisations."""
COLUMNS = (*FACETS, FORMS, *ABOUT_COLUMNS)
"""Every column, in a fixed order."""


def column_for(facet: str, scope: str) -> str:
    """The column that holds the labels of a facet for a search with this `SearchRequest.scope`."""
    return f"about_{facet}" if scope == "about" and facet in KIND_OF_FACET else facet


def columns_of(article: Article) -> Mapping[str, tuple[str, ...]]:
    """The labels of an article in each of `COLUMNS`, each once, as the article has them.

    Facets are in the order of `Article.values`, about columns from the most salient on, forms sorted.
    """
    columns = {facet: article.values(facet) for facet in FACETS}
    columns[FORMS] = tuple(sorted({form for m in (*article.title_mentions, *article.mentions) if (form := _form(m))}))
    scores = salience(article)
    ranked = sorted(scores, key=lambda key: (-scores[key], key))
    for kind, facet in FACET_OF_KIND.items():
        columns[f"about_{facet}"] = tuple(label for k, label in ranked if k == kind and scores[k, label] >= ABOUT)
    return columns


def _form(mention: Mention) -> str:
    """Kind, form and label joined; empty where the form is the label itself."""
    form, label = form_of(mention.text, mention.kind).shown, " ".join(mention.label.split())
    return "" if form == label or not label else f"{mention.kind}\t{form}\t{label}"
