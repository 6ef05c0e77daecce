"""What programs that read a page learn of its article: JSON-LD for search engines, citation_* for citing it."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from searchapp.archive.citations import web_address
from searchapp.model.article import Article

__all__ = ["citation_meta", "json_ld"]

_TYPES = {"people": "Person", "places": "Place", "organisations": "Organization"}
MAX_NAMES = 50
"""Of each kind, in the JSON-LD."""

# What could end the script element, or begin a comment in it, is written as JSON allows: by its number.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def json_ld(article: Article) -> Markup:
    """The article as a schema.org NewsArticle, fit to stand inside a script element."""
    named = [
        {"@type": kind, "name": label} for facet, kind in _TYPES.items() for label in article.names(facet)[:MAX_NAMES]
    ]
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": _moment(article),
        "author": {"@type": "Person", "name": article.byline} if article.byline.strip() else None,
        "publisher": {"@type": "Organization", "name": article.source} if article.source.strip() else None,
        "dateline": article.dateline,
        "articleSection": article.section,
        "keywords": list(article.topics),
        "inLanguage": article.language,
        "pageStart": article.page_span[0],
        "pageEnd": article.page_span[1],
        "url": web_address(article.url),
        "mentions": named,
    }
    text = json.dumps({key: value for key, value in values.items() if value}, ensure_ascii=False)
    return Markup(text.translate(_ESCAPES))


def citation_meta(article: Article) -> list[tuple[str, str]]:
    """Names and contents of the meta elements that Zotero and other reference managers read.

    A title of a journal would make it an article of a journal; the kind of item and the publication are therefore said
    in Zotero's own terms and those of PRISM, which news agencies use.
    """
    pairs = [
        ("z:itemType", "newspaperArticle"),
        ("citation_title", article.title),
        ("citation_author", article.byline),
        ("citation_publication_date", _moment(article)[:10].replace("-", "/")),
        ("citation_firstpage", str(article.page_span[0] or "")),
        ("citation_lastpage", str(article.page_span[1] or "")),
        ("prism.publicationName", article.source),
        ("prism.section", article.section),
        ("DC.publisher", article.source),
        ("citation_language", article.language),
        ("citation_public_url", web_address(article.url)),
        *(("citation_keywords", topic) for topic in article.topics),
    ]
    return [(name, content.strip()) for name, content in pairs if content.strip()]


def _told(article: Article) -> bool:
    """Whether an article says when it was published. Programs take a day for certain: one that is estimated is none."""
    return article.published is not None and article.published_source != "estimated"


def _moment(article: Article) -> str:
    if article.published is None or not _told(article):
        return ""
    time = f"T{article.published_time.isoformat()}" if article.published_time else ""
    return article.published.isoformat() + time
