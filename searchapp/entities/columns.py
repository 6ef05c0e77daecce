"""What an article counts under: its facets, the forms of its names, and those that it is about."""

from __future__ import annotations

from functools import lru_cache

from searchapp.entities.linking.forms import shown_form
from searchapp.entities.salience import about
from searchapp.model.article import KIND_OF_FACET, Article
from searchapp.model.entry import ABOUT_COLUMNS, DATING, FORMS, Entry
from searchapp.model.query import FACETS

__all__ = ["entry_of"]


def entry_of(article: Article, fingerprint: str) -> Entry:
    """The article with its labels in every column, fit to be stored."""
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
    columns[DATING] = ("estimated",) if article.published and article.published_source == "estimated" else ()
    subjects = about(article)
    for column, kind in ABOUT_COLUMNS.items():
        columns[column] = tuple([label for k, label in subjects if k == kind])
    return Entry(article, fingerprint, columns)


@lru_cache(maxsize=100_000)
def _form(text: str, kind: str, label: str) -> str:
    """Kind, form and label joined; empty where the form is the label itself."""
    form, label = shown_form(text, kind), " ".join(label.split())
    return "" if form == label or not label else f"{kind}\t{form}\t{label}"
