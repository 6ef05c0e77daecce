"""What the index holds of an article, field by field."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

from searchapp.analysis import forms, stem
from searchapp.model.article import Article
from searchapp.model.query import FACETS

__all__ = ["UNDATED", "fields_of", "index_schema", "stored_article"]

UNDATED = -1
"""Stands in the `published` field of an article without a date."""


def index_schema() -> Schema:
    """The fields of the index.

    Words are handed over as lists, so no analyser of the index's own is ever used: `title` and `body` hold stems,
    `title_forms` and `body_forms` the words as they stand, folded.
    """
    return Schema(
        id=ID(unique=True, stored=True),
        title=TEXT(phrase=True),
        body=TEXT(phrase=True),
        title_forms=TEXT(phrase=True),
        body_forms=TEXT(phrase=True),
        published=NUMERIC(int, bits=64, signed=True, sortable=True, default=UNDATED),
        tie=NUMERIC(int, bits=64, signed=True, sortable=True, default=0),
        fingerprint=STORED,
        path=STORED,
        article=STORED,
        **dict.fromkeys(FACETS, KEYWORD),
    )


def fields_of(article: Article, fingerprint: str) -> dict[str, Any]:
    """The values of those fields for one article."""
    title, body = forms(article.title), forms(article.body)
    stems = {form: stem(form) for form in {*title, *body}}
    content = json.dumps(article.to_dict(), ensure_ascii=False).encode("utf-8", "surrogatepass")
    key = article.published_key
    return {
        "id": article.id,
        "title": [stems[form] for form in title],
        "body": [stems[form] for form in body],
        "title_forms": title,
        "body_forms": body,
        "published": UNDATED if key is None else key,
        "tie": article.tie_key,
        "fingerprint": fingerprint,
        "path": article.path,
        "article": zlib.compress(content, 1),
        **{facet: list(article.values(facet)) for facet in FACETS},
    }


def stored_article(stored: Mapping[str, Any]) -> Article:
    """The article that `fields_of` was given, from the stored fields."""
    return Article.from_dict(json.loads(zlib.decompress(stored["article"]).decode("utf-8", "surrogatepass")))
