"""What the index holds of an article, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whoosh.fields import Schema

from searchapp.columnar import AnalysedText, Analysis, Facet, Number, Stored, UniqueId
from searchapp.engines.rules import text_of
from searchapp.errors import IndexDamaged
from searchapp.language.words import TOKEN, mended, stem, words_of
from searchapp.model.article import Article
from searchapp.model.entry import COLUMNS, Entry
from searchapp.model.held import HeldArticle, parts_of
from searchapp.model.names import AS_WRITTEN, Relabelling
from searchapp.model.query import TEXT_FIELDS

__all__ = ["ARTICLE", "ENGLISH", "ORDER", "batch_of", "index_schema", "stored_article"]

ARTICLE = ("head", "text", "mentions")
"""The stored fields that an article is made from."""

ENGLISH = Analysis("english-5", TOKEN, words_of, stem, mended)
"""Words as every engine sees them. The name stands in the index: change it when what a word is changes."""

ORDER = ("published", "tie")
"""Equal hits come by falling `published`, then by rising `tie`."""


def index_schema() -> Schema:
    """The fields of the index."""
    return Schema(
        id=UniqueId(),
        body=AnalysedText(ENGLISH),
        **{field: AnalysedText(ENGLISH) for field in TEXT_FIELDS},
        published=Number(),
        tie=Number(),
        day=Number(),
        fingerprint=Stored(),
        path=Facet(),
        head=Stored(),
        text=Stored(),
        mentions=Stored(),
        **{column: Facet() for column in COLUMNS},
    )


def batch_of(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    """The values of those fields for articles, one list a field."""
    articles = [entry.article for entry in entries]
    parts = [parts_of(article) for article in articles]
    batch: dict[str, list[Any]] = {
        "id": [article.id for article in articles],
        "body": [article.body for article in articles],
        **{field: [text_of(article, field) for article in articles] for field in TEXT_FIELDS},
        "published": [article.published_key for article in articles],
        "tie": [article.tie_key for article in articles],
        "day": [article.published.toordinal() if article.published else None for article in articles],
        "fingerprint": [entry.fingerprint for entry in entries],
        "path": [entry.keys for entry in entries],
        "head": [head for head, _, _ in parts],
        "text": [text for _, text, _ in parts],
        "mentions": [spans for _, _, spans in parts],
    }
    return batch | {column: [entry.columns[column] for entry in entries] for column in COLUMNS}


def stored_article(stored: Sequence[bytes | None], names: Relabelling = AS_WRITTEN) -> Article:
    """The article that `batch_of` was given, from its `ARTICLE` fields, with its names as `names` shows them."""
    head, text, spans = stored
    if head is None or text is None or spans is None:
        raise IndexDamaged("an article of the index lacks its text; build the index again from its articles")
    return HeldArticle.of(head, text, spans, names)
