"""What the index holds of an article, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whoosh.fields import Schema

from searchapp.columnar import AnalysedText, Analysis, ColumnarWriter, Facet, Number, Stored, UniqueId
from searchapp.engines.rules import ANALYSIS, stemmed_in, text_of
from searchapp.errors import IndexDamaged
from searchapp.language.stemming import STEMMED, stem
from searchapp.language.words import TOKEN, mended, words_of
from searchapp.model.article import Article
from searchapp.model.entry import COLUMNS, Entry
from searchapp.model.held import HeldArticle, parts_of
from searchapp.model.names import AS_WRITTEN, Relabelling
from searchapp.model.query import TEXT_FIELDS

__all__ = ["ANALYSES", "ARTICLE", "ENGLISH", "ORDER", "add_entries", "field_in", "index_schema", "stored_article"]

ARTICLE = ("head", "text", "mentions")
"""The stored fields that an article is made from."""


def _analysis(language: str) -> Analysis:
    return Analysis(f"{language or 'english'}-{ANALYSIS}", TOKEN, words_of, lambda form: stem(form, language), mended)


ANALYSES = {language: _analysis(language) for language in ("", *STEMMED)}
"""Words as every engine sees them, by the language in which they are stemmed."""
ENGLISH = ANALYSES[""]

ORDER = ("published", "tie")
"""Equal hits come by falling `published`, then by rising `tie`."""


def index_schema() -> Schema:
    """The fields of a new index. Those of titles and bodies in other languages come with their first article."""
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


def field_in(field: str, language: str) -> str:
    """The field of the index with the titles or bodies that are stemmed in a language."""
    return f"{field}_{language}" if language else field


def add_entries(writer: ColumnarWriter, entries: Sequence[Entry]) -> None:
    """Stores articles in place of any with the same id."""
    batch = _batch_of(entries)
    for language in sorted({stemmed_in(entry.article, "body") for entry in entries} - {""}):
        own = [stemmed_in(entry.article, "body") == language for entry in entries]
        for field in ("title", "body"):
            name = field_in(field, language)
            if name not in writer.schema:
                writer.add_field(name, AnalysedText(ANALYSES[language]))
            texts = batch[field]
            batch[name] = [text if one else "" for text, one in zip(texts, own, strict=True)]
            batch[field] = ["" if one else text for text, one in zip(texts, own, strict=True)]
    writer.add_batch(batch)


def _batch_of(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    """The values of the fields for articles, one list a field, as if all were in English."""
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
