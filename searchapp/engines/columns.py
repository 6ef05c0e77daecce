"""What an engine keeps of an article as columns of labels: the facets, and what names and `about` need beside them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from searchapp.entities.linking.forms import shown_form
from searchapp.entities.salience import about
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, Article
from searchapp.model.query import FACETS

__all__ = ["ABOUT_COLUMNS", "COLUMNS", "FORMS", "column_for", "columns_of"]

FORMS = "forms"
"""The column that joins kind, form and label by tabs, for each form that differs from its label."""
_KIND_OF_ABOUT = {f"about_{facet}": kind for kind, facet in FACET_OF_KIND.items()}
ABOUT_COLUMNS = tuple(_KIND_OF_ABOUT)
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
    counts: dict[tuple[str, str], int] = {}
    forms: set[str] = set()
    for mention in (*article.title_mentions, *article.mentions):
        key = mention.kind, mention.label
        counts[key] = counts.get(key, 0) + 1
        # A single word that is the label itself is what most mentions are.
        if mention.text != mention.label or not mention.text.isalpha():
            forms.add(_form(mention.text, *key))
    forms.discard("")
    ranked = sorted(counts, key=counts.__getitem__, reverse=True)
    assigned = article.assigned
    columns: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        kind = KIND_OF_FACET.get(facet)
        if kind is None:
            columns[facet] = article.values(facet)
            continue
        labels = [label for k, label in ranked if k == kind]
        columns[facet] = tuple(dict.fromkeys((*assigned[facet], *labels)) if facet in assigned else labels)
    columns[FORMS] = tuple(sorted(forms))
    subjects = about(article)
    for column, kind in _KIND_OF_ABOUT.items():
        columns[column] = tuple([label for k, label in subjects if k == kind])
    return columns


@lru_cache(maxsize=100_000)
def _form(text: str, kind: str, label: str) -> str:
    """Kind, form and label joined; empty where the form is the label itself."""
    form, label = shown_form(text, kind), " ".join(label.split())
    return "" if form == label or not label else f"{kind}\t{form}\t{label}"
