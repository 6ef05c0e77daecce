"""schema.org metadata of a web page: the JSON-LD object that describes its article."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from searchapp.corpus.decoding.markup import line_of_markup
from searchapp.model.article import FACET_OF_KIND

__all__ = ["article_object", "assigned_names", "lines_of", "objects_of"]

_ARTICLE_TYPES = frozenset(
    "newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle reviewnewsarticle"
    " asknewsarticle article liveblogposting blogposting report socialmediaposting".split()
)
_KIND_OF_TYPE: Mapping[str, str] = {
    "person": "person", "place": "place", "city": "place", "country": "place", "state": "place",
    "administrativearea": "place", "landform": "place", "continent": "place", "organization": "organisation",
    "corporation": "organisation", "governmentorganization": "organisation", "newsmediaorganization": "organisation",
    "ngo": "organisation", "sportsteam": "organisation", "sportsorganization": "organisation",
    "politicalparty": "organisation", "educationalorganization": "organisation", "collegeoruniversity": "organisation",
    "musicgroup": "organisation",
}  # fmt: skip
_LIST_TYPES = frozenset({"itemlist", "collectionpage", "listitem", "webpageelement", "breadcrumblist"})
_COMMENT = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$")
_RAW_LINE_BREAKS = re.compile(r"[\x00-\x1f]+")
_MOST_OBJECTS = 2000
_LONGEST_SCRIPT = 4 << 20


def objects_of(scripts: Iterable[str]) -> list[dict[str, Any]]:
    """All objects of these JSON-LD scripts, nested ones after those that hold them; broken scripts give none."""
    found: list[dict[str, Any]] = []
    for script in scripts:
        if len(script) > _LONGEST_SCRIPT:
            continue
        for text in (_COMMENT.sub("", script), _RAW_LINE_BREAKS.sub(" ", html.unescape(script))):
            try:
                parsed = json.loads(text)
            except (ValueError, RecursionError):
                continue
            found += _nested(parsed)
            break
    return found[:_MOST_OBJECTS]


def article_object(objects: Iterable[dict[str, Any]], *, like: Sequence[str] = ()) -> dict[str, Any]:
    """The object that describes the page's article, of an article type; else empty.

    It is the one with an address or a headline among `like`, which the page shows, then the one that is no item of a
    list, then the one with the most in it.
    """
    listed = list(objects)
    of_lists = {id(item) for holder in listed if _types(holder) & _LIST_TYPES for item in _nested(holder)}
    articles = [item for item in listed if _types(item) & _ARTICLE_TYPES]
    telling = ("headline", "datePublished", "author", "articleBody", "publisher", "mainEntityOfPage")
    shown = {_bare(sign) for sign in like}

    def worth(item: dict[str, Any]) -> tuple[bool, bool, int]:
        signs = [item.get("url"), item.get("@id"), *_identities(item.get("mainEntityOfPage")), item.get("headline")]
        same = any(isinstance(sign, str) and _bare(sign) in shown for sign in signs)
        return same, id(item) not in of_lists, sum(name in item for name in telling)

    return max(articles, key=worth, default={})


def _identities(value: Any) -> list[Any]:
    return [value.get("@id"), value.get("url")] if isinstance(value, Mapping) else [value]


def _bare(sign: str) -> str:
    """An address without scheme, fragment and last slash; anything else as one line in small letters."""
    line = line_of_markup(sign).casefold()
    return line.partition("#")[0].partition("://")[2].rstrip("/") if "://" in line else line


def lines_of(value: Any, known: Mapping[str, Mapping[str, Any]] | None = None) -> list[str]:
    """The texts of a schema.org value: a text, the name of an object, or those of each in a list.

    An object that is only a reference, `{"@id": ...}`, is looked up in `known`.
    """
    if isinstance(value, str):
        return [line] if (line := line_of_markup(value)) else []
    if isinstance(value, list):
        return [line for item in value[:200] if not isinstance(item, list) for line in lines_of(item, known)]
    if isinstance(value, Mapping):
        if "name" not in value and known and isinstance(value.get("@id"), str):
            value = known.get(value["@id"], value)
        name = value.get("name") or value.get("headline") or value.get("@value")
        return lines_of(name) if isinstance(name, str | list) else []
    return []


def assigned_names(article: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Facet to the people, places and organisations that the article is said to be about or to mention."""
    names: dict[str, list[str]] = {}
    for key in ("about", "mentions", "contentLocation", "spatialCoverage"):
        value = article.get(key)
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, Mapping):
                continue
            kinds = [_KIND_OF_TYPE[name] for name in _types(item) if name in _KIND_OF_TYPE]
            if kinds:
                names.setdefault(FACET_OF_KIND[kinds[0]], []).extend(lines_of(item)[:1])
    return {facet: tuple(listed) for facet, listed in names.items()}


def _nested(parsed: Any) -> Iterator[dict[str, Any]]:
    waiting = [parsed]
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        item = waiting.pop(0)
        if isinstance(item, dict):
            yield item
            waiting += [value for value in item.values() if isinstance(value, dict | list)]
        elif isinstance(item, list):
            waiting += [value for value in item[:500] if isinstance(value, dict | list)]


def _types(item: Mapping[str, Any]) -> set[str]:
    kind = item.get("@type")
    listed = kind if isinstance(kind, list) else [kind]
    return {name.rsplit("/", 1)[-1].lower() for name in listed if isinstance(name, str)}
