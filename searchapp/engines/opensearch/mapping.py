"""What a cluster is told of an archive: the fields of an article, fixed, and an article as these fields.

Nothing is recognised by the cluster: text comes as tokens (`tokens`), and a field that is not named here is refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from searchapp.engines.opensearch.tokens import GAP, TOGETHER, Tokens, tokens_of
from searchapp.engines.rules import ANALYSIS, K1, TITLE_WEIGHT, B, stemmed_in, text_of
from searchapp.model.article import KIND_OF_FACET, Article
from searchapp.model.entry import COLUMNS, Entry, column_for
from searchapp.model.held import HeldArticle, parts_of
from searchapp.model.names import AS_WRITTEN, Relabelling
from searchapp.model.query import SCOPES, TEXT_FIELDS

__all__ = [
    "ARTICLE",
    "COUNTED",
    "FORMAT",
    "HEAD",
    "articles_index",
    "beside_index",
    "document_of",
    "entry_of_source",
    "field_of",
    "key_of",
    "stored_article",
    "text_from",
    "text_to",
]

FORMAT = 1
"""Counts up with every change of what stands here or in `tokens`."""
HEAD = ("head",)
ARTICLE = ("head", "text", "spans")
"""The fields that an article is made from."""
COUNTED = {column_for(facet, scope): f"n_{column_for(facet, scope)}" for scope in SCOPES for facet in KIND_OF_FACET}
"""Columns of names, to the field that says how many labels an article has in it."""
FAR = 1_000_000
"""Places between the title and the body: nothing is near across it."""

_ANALYSED = ("words", "stems", "exact", "forms", "joined")
_SURROGATE = re.compile("[\ud800-\udfff]")


def field_of(field: str, part: str) -> str:
    """The field with one part of `Tokens`: of title and body together, or of one of `TEXT_FIELDS`."""
    return f"{field or 'text'}_{part}"


def articles_index(*, shards: int, replicas: str) -> dict[str, Any]:
    """Settings and mapping of the index of articles; `replicas` is a range such as "0-1"."""
    properties: dict[str, Any] = {}
    for field in ("", *TEXT_FIELDS):
        placed = {"type": "text", "analyzer": "placed", "search_analyzer": "blanks", "norms": False}
        properties |= {
            field_of(field, "words"): {"type": "text", "analyzer": "blanks", "index_options": "freqs"},
            field_of(field, "stems"): placed | {"position_increment_gap": FAR},
            field_of(field, "exact"): placed | {"position_increment_gap": FAR},
            field_of(field, "forms"): {"type": "text", "analyzer": "blanks", "index_options": "docs", "norms": False},
            field_of(field, "joined"): {"type": "text", "analyzer": "blanks", "index_options": "docs", "norms": False},
        }
    properties |= {column: {"type": "keyword", "ignore_above": 8_000} for column in COLUMNS}
    properties |= {counted: {"type": "integer"} for counted in COUNTED.values()}
    properties |= {name: {"type": "long"} for name in ("born", "died", "published", "tie")}
    properties |= {name: {"type": "integer"} for name in ("day", "month")}
    properties |= {"key": {"type": "keyword"}, "keys": {"type": "keyword", "ignore_above": 32_000}}
    kept = {"type": "keyword", "index": False, "doc_values": False}
    properties |= dict.fromkeys(("id", "fingerprint", *ARTICLE), kept)
    analysed = [field_of(field, part) for field in ("", *TEXT_FIELDS) for part in _ANALYSED]
    return {
        "settings": {
            "index": {
                "number_of_shards": shards,
                "auto_expand_replicas": replicas,
                # What is written is seen when its run commits, which refreshes.
                "refresh_interval": "-1",
                "similarity": {"default": {"type": "BM25", "k1": K1, "b": B, "discount_overlaps": False}},
                "analysis": {
                    "filter": {
                        "gaps": {"type": "stop", "stopwords": [GAP]},
                        "together": {
                            "type": "pattern_capture",
                            "preserve_original": False,
                            "patterns": [f"([^{TOGETHER}]+)"],
                        },
                    },
                    "analyzer": {
                        "blanks": {"type": "custom", "tokenizer": "whitespace"},
                        "placed": {"type": "custom", "tokenizer": "whitespace", "filter": ["gaps", "together"]},
                    },
                },
            }
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"searchapp": FORMAT, "words": ANALYSIS},
            "_source": {"excludes": analysed},
            "properties": properties,
        },
    }


def beside_index(*, replicas: str) -> dict[str, Any]:
    """Settings and mapping of the index of what an archive keeps besides articles."""
    return {
        "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": replicas}},
        "mappings": {
            "dynamic": "strict",
            "_meta": {"searchapp": FORMAT, "words": ANALYSIS},
            "properties": {"data": {"type": "binary"}},
        },
    }


def key_of(article_id: str) -> str:
    """What an article is known by in the cluster: an id may be longer than OpenSearch allows, or hold any character."""
    return hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def text_to(text: str) -> str:
    """A text of any characters as one that JSON can carry; what begins alike does so still."""
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("latin-1")


def text_from(held: str) -> str:
    """What `text_to` was given."""
    return held if held.isascii() else held.encode("latin-1").decode("utf-8", "surrogatepass")


def document_of(entry: Entry, *, born: int, died: Sequence[int] = ()) -> dict[str, Any]:
    """The fields of an article that a run stores, and that other runs have taken out."""
    article = entry.article
    head, text, spans = parts_of(article)
    body = tokens_of(article.body, stemmed_in(article, "body"))
    others = [tokens_of(text_of(article, field), stemmed_in(article, field)) for field in TEXT_FIELDS]
    document: dict[str, Any] = {
        "key": key_of(article.id),
        "id": text_to(article.id),
        "keys": [text_to(key) for key in entry.keys],
        "born": born,
        "fingerprint": text_to(entry.fingerprint),
        # Half of a surrogate pair may stand in a path: within JSON it can be written otherwise.
        "head": _SURROGATE.sub(lambda half: f"\\u{ord(half.group()):04x}", head.decode("utf-8", "surrogatepass")),
        "text": text.decode("utf-8", "replace"),
        "spans": spans.decode("utf-8", "replace"),
        "tie": article.tie_key,
    }
    if died:
        document["died"] = list(died)
    if article.published is not None:
        document["published"] = article.published_key
        document["day"] = article.published.toordinal()
        document["month"] = article.published.year * 12 + article.published.month - 1
    for column in COLUMNS:
        if labels := entry.columns[column]:
            document[column] = list(labels)
            if column in COUNTED:
                document[COUNTED[column]] = len(labels)
    for field, found in zip(TEXT_FIELDS, others, strict=True):
        document |= _analysed(field, [found], [1])
    title = others[TEXT_FIELDS.index("title")]
    return document | _analysed("", [title, body], [TITLE_WEIGHT, 1])


def _analysed(field: str, held: Sequence[Tokens], times: Sequence[int]) -> dict[str, Any]:
    if not any(one.forms for one in held):
        return {}
    words = [word for one, count in zip(held, times, strict=True) for word in one.words * count]
    forms = dict.fromkeys(form for one in held for form in one.forms)
    joined = dict.fromkeys(form for one in held for form in one.joined)
    return {
        field_of(field, "words"): " ".join(words),
        field_of(field, "stems"): [" ".join(one.stems) for one in held],
        field_of(field, "exact"): [" ".join(one.exact) for one in held],
        field_of(field, "forms"): " ".join(forms),
        field_of(field, "joined"): " ".join(joined),
    }


def stored_article(source: Mapping[str, Any], names: Relabelling = AS_WRITTEN) -> Article:
    """The article of a document, with its names as `names` shows them; what was not asked for of it is empty."""
    head, text, spans = source["head"], source.get("text", ""), source.get("spans", "[[],[]]")
    return HeldArticle.of(head.encode("utf-8", "surrogatepass"), text.encode(), spans.encode(), names)


def entry_of_source(source: Mapping[str, Any]) -> Entry:
    """What a document was made of."""
    columns = {column: _labels(source.get(column, ())) for column in COLUMNS}
    return Entry(stored_article(source), text_from(source["fingerprint"]), columns)


def _labels(held: str | Iterable[str]) -> tuple[str, ...]:
    return (held,) if isinstance(held, str) else tuple(held)
