"""Addresses: the one place where they are made from requests, and read back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, quote, quote_plus

from searchapp.errors import InvalidRequest
from searchapp.insight.suggestions import Suggestion
from searchapp.model.facets import FACET_OF_WORD, FACETS, KIND_OF_FACET, KINDS, PARAMETER_OF_FACET
from searchapp.model.query import SearchRequest

__all__ = [
    "MAX_LABELS",
    "PARAMETER_OF_FACET",
    "SearchLinks",
    "article_path",
    "entity_path",
    "facet_path",
    "page_of",
    "read_number",
    "read_pairs",
    "read_search",
    "suggestion_path",
    "write_search",
]

MAX_ADDRESS_CHARS = 16_000
MAX_QUERY_CHARS = 2_000
"""Every link of a page repeats the query."""
MAX_LABELS = 100
"""Values that one address may choose or exclude in one facet."""
MAX_LABEL_CHARS = 10_000
MAX_PAGE_SIZE = 100
MAX_FACET_SIZE = 10_000
MAX_REACH = 10_000_000
"""Hits before the page asked for."""

_DEFAULTS = SearchRequest()
_SINGLE = ("q", "since", "until", "sort", "page", "page_size", "facet_size", "match", "scope", "dated", "within")
_DOTS = re.compile(r"(^|/)(\.{0,2})(/|$)")


def read_pairs(query_string: str) -> list[tuple[str, str]]:
    """Names and values of an address in order, empty values left out.

    Bytes that are no UTF-8 become the replacement character. Raises `InvalidRequest` when the address is too long.
    """
    if len(query_string) > MAX_ADDRESS_CHARS:
        raise InvalidRequest(f"the address has {len(query_string):,} characters; use at most {MAX_ADDRESS_CHARS:,}")
    pairs = parse_qsl(query_string, keep_blank_values=False, encoding="utf-8", errors="replace")
    return [(name, value) for name, value in pairs if value.strip()]


def read_search(query_string: str) -> SearchRequest:
    """The request that an address asks for; parameters that mean nothing here are passed over.

    Raises `InvalidRequest` for a value that makes no sense.
    """
    chosen: dict[str, list[str]] = {}
    excluded: dict[str, list[str]] = {}
    match: dict[str, str] = {}
    single: dict[str, str] = {}
    for name, value in read_pairs(query_string):
        if name in _SINGLE:
            single[name] = value
        elif name in FACET_OF_WORD:
            chosen.setdefault(FACET_OF_WORD[name], []).append(value)
        elif name.startswith("not-") and name[4:] in FACET_OF_WORD:
            excluded.setdefault(FACET_OF_WORD[name[4:]], []).append(value)
        elif name.startswith("match-") and name[6:] in FACET_OF_WORD:
            match[FACET_OF_WORD[name[6:]]] = value
    for labels in (*chosen.values(), *excluded.values()):
        _check_labels(labels)
    _check_labels([single.get("within", "")])
    if len(single.get("q", "")) > MAX_QUERY_CHARS:
        raise InvalidRequest(f"the query has {len(single['q']):,} characters; use at most {MAX_QUERY_CHARS:,}")
    page_size = _whole("page_size", single.get("page_size", ""), _DEFAULTS.page_size, MAX_PAGE_SIZE)
    page = _whole("page", single.get("page", ""), 1, MAX_REACH // page_size)
    facet_size: int | None = None
    if single.get("facet_size") != "all":
        facet_size = _whole("facet_size", single.get("facet_size", ""), _DEFAULTS.facet_size or 20, MAX_FACET_SIZE)
    return SearchRequest(
        text=single.get("q", ""),
        people=tuple(chosen.get("people", ())),
        places=tuple(chosen.get("places", ())),
        organisations=tuple(chosen.get("organisations", ())),
        topics=tuple(chosen.get("topics", ())),
        sources=tuple(chosen.get("sources", ())),
        languages=tuple(chosen.get("languages", ())),
        exclude={facet: tuple(labels) for facet, labels in excluded.items()},
        match={**(dict.fromkeys(FACETS, single["match"]) if "match" in single else {}), **match},
        within=single.get("within", ""),
        scope=single.get("scope", _DEFAULTS.scope),
        since=single.get("since"),  # type: ignore[arg-type]
        until=single.get("until"),  # type: ignore[arg-type]
        dated=single.get("dated", _DEFAULTS.dated),
        sort=single.get("sort", _DEFAULTS.sort),
        page=page,
        page_size=page_size,
        facet_size=facet_size,
    )


def read_number(name: str, query_string: str, *, default: int = 1, largest: int = MAX_REACH) -> int:
    """The whole number from 1 that an address gives under `name`. Raises `InvalidRequest`."""
    text = dict(read_pairs(query_string)).get(name, "")
    return _whole(name, text, default, largest)


def write_search(request: SearchRequest, **changes: object) -> str:
    """The query string of a request, without "?", defaults left out; `read_search` gives the request back."""
    return SearchLinks(request.replace(**changes) if changes else request).here


class SearchLinks:
    """The addresses one step away from a request: each is a query string with "?", on the first page again."""

    def __init__(self, request: SearchRequest, *, path: str = "") -> None:
        self.path = path
        self._pairs: list[tuple[str, str]] = []
        for name, value in _pairs_of(request):
            self._pairs.append((name, f"{name}={_quoted(value)}"))
        self._kept = [pair for pair in self._pairs if pair[0] != "page"]

    @property
    def here(self) -> str:
        """This very request as a query string, without "?"."""
        return "&".join(text for _, text in self._pairs)

    def choosing(self, facet: str, label: str) -> str:
        """With one more value, no longer excluded."""
        name = PARAMETER_OF_FACET[facet]
        quoted = _quoted(label)
        return self._address(self._without(f"not-{name}={quoted}", f"{name}={quoted}"), f"{name}={quoted}")

    def choosing_all(self, facet: str, labels: Iterable[str]) -> str:
        """With all these values, no longer excluded."""
        name = PARAMETER_OF_FACET[facet]
        added = [f"{name}={_quoted(label)}" for label in labels]
        return self._address(self._without(*added, *(f"not-{text}" for text in added)), *added)

    def excluding(self, facet: str, label: str) -> str:
        """With one more value excluded, no longer chosen."""
        name = PARAMETER_OF_FACET[facet]
        quoted = _quoted(label)
        kept = self._without(f"{name}={quoted}", f"not-{name}={quoted}")
        return self._address(self._ruled(name, kept), f"not-{name}={quoted}")

    def dropping(self, facet: str, label: str) -> str:
        """With this value neither chosen nor excluded."""
        name = PARAMETER_OF_FACET[facet]
        quoted = _quoted(label)
        return self._address(self._ruled(name, self._without(f"{name}={quoted}", f"not-{name}={quoted}")))

    def matching(self, facet: str, rule: str) -> str:
        """With the values of `facet` combined by "any" or "all"."""
        return self._with(f"match-{PARAMETER_OF_FACET[facet]}", "" if rule == "any" else rule)

    def spanning(self, since: str, until: str) -> str:
        """With these dates in place of any others."""
        kept = [text for name, text in self._kept if name not in ("since", "until")]
        return self._address(kept, *(f"{n}={_quoted(v)}" for n, v in (("since", since), ("until", until)) if v))

    def dating(self, dated: str) -> str:
        """Only articles of whose date this is known, one of `DATED`; empty for all."""
        return self._with("dated", dated)

    def within(self, country: str) -> str:
        """Only articles that name a place in this country; empty for all."""
        return self._with("within", country)

    def scoping(self, scope: str) -> str:
        """With people, places and organisations counted where articles mention them, or are about them."""
        return self._with("scope", "" if scope == _DEFAULTS.scope else scope)

    def sorting(self, sort: str) -> str:
        """In this order."""
        return self._with("sort", "" if sort == _DEFAULTS.sort else sort)

    def sizing(self, size: int) -> str:
        """With so many hits on a page."""
        return self._with("page_size", "" if size == _DEFAULTS.page_size else str(size))

    def paging(self, page: int) -> str:
        """On that page."""
        kept = [text for _, text in self._kept]
        return self._address(kept, *([f"page={page}"] if page > 1 else []))

    def adding(self, **pairs: str) -> str:
        """With parameters of the page's own; empty ones are left out."""
        return self._address([text for _, text in self._kept], *(f"{n}={_quoted(v)}" for n, v in pairs.items() if v))

    def hidden(self, *left_out: str) -> list[tuple[str, str]]:
        """Names and values for the hidden fields of a form that adds the parameters in `left_out` itself."""
        pairs = parse_qsl("&".join(text for name, text in self._kept if name not in left_out), keep_blank_values=True)
        return [(name, value) for name, value in pairs if value]

    def _with(self, name: str, value: str) -> str:
        kept = [text for other, text in self._kept if other != name]
        return self._address(kept, *([f"{name}={_quoted(value)}"] if value else []))

    def _without(self, *texts: str) -> list[str]:
        return [text for _, text in self._kept if text not in texts]

    def _ruled(self, name: str, kept: list[str]) -> list[str]:
        """Without the rule for combining the values of a facet of which none is left."""
        if any(text.startswith(f"{name}=") for text in kept):
            return kept
        return [text for text in kept if not text.startswith(f"match-{name}=")]

    def _address(self, kept: Iterable[str], *added: str) -> str:
        pairs = "&".join((*kept, *added))
        return f"{self.path}?{pairs}" if pairs else self.path or "?"


def article_path(article_id: str, search: str = "", *, hit: int = 0) -> str:
    """Where an article is shown, as hit number `hit` of a search when `search`, its query string, is given."""
    place = f"/article/{_path_part(article_id)}"
    pairs = [] if _fits_a_path(article_id) else [f"id={_quoted(article_id)}"]
    pairs += [search] if search else []
    pairs += [f"hit={hit}"] if hit else []
    place = place if _fits_a_path(article_id) else "/article"
    return f"{place}?{'&'.join(pairs)}" if pairs else place


def entity_path(kind: str, label: str) -> str:
    """Where a person, place or organisation has its page."""
    if kind not in KINDS:
        raise ValueError(f"no kind of name: {kind!r}")
    return f"/{kind}/{_path_part(label)}" if _fits_a_path(label) else f"/{kind}?label={_quoted(label)}"


def page_of(facet: str, label: str) -> str:
    """Where a value of a facet has its page; empty for values of facets that have none."""
    return entity_path(KIND_OF_FACET[facet], label) if facet in KIND_OF_FACET else ""


def suggestion_path(one: Suggestion) -> str:
    """Where what is suggested is shown."""
    if one.article_id:
        return article_path(one.article_id)
    if one.kind == "search":
        return SearchLinks(SearchRequest(text=one.label), path="/").paging(1)
    if one.within:
        return SearchLinks(SearchRequest(text=one.within), path="/").choosing(FACET_OF_WORD[one.kind], one.label)
    return entity_path(one.kind, one.label)


def facet_path(facet: str) -> str:
    """Where all values of a facet are listed."""
    return f"/facet/{facet}"


def _pairs_of(request: SearchRequest) -> Iterable[tuple[str, str]]:
    if request.text.strip():
        yield "q", request.text
    for facet in FACETS:
        for label in request.selected(facet):
            yield PARAMETER_OF_FACET[facet], label
    for facet in FACETS:
        for label in request.excluded(facet):
            yield f"not-{PARAMETER_OF_FACET[facet]}", label
    for facet in request.match:
        yield f"match-{PARAMETER_OF_FACET[facet]}", request.match[facet]
    if request.within:
        yield "within", request.within
    if request.scope != _DEFAULTS.scope:
        yield "scope", request.scope
    for name, day in (("since", request.since), ("until", request.until)):
        if day:
            yield name, day.isoformat()
    if request.dated:
        yield "dated", request.dated
    if request.sort != _DEFAULTS.sort:
        yield "sort", request.sort
    for name in ("page", "page_size", "facet_size"):
        value = getattr(request, name)
        if value != getattr(_DEFAULTS, name):
            yield name, "all" if value is None else str(value)


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return quote_plus(text, safe=":,/", errors="replace")


def _path_part(text: str) -> str:
    # Browsers and proxies resolve "..", "." and empty parts of a path; behind %2F they leave them alone.
    return quote(text, safe="" if _DOTS.search(text) else "/:,@", errors="replace")


def _fits_a_path(text: str) -> bool:
    return text not in ("", ".", "..") and text.isprintable()


def _check_labels(labels: list[str]) -> None:
    if len(labels) > MAX_LABELS:
        raise InvalidRequest(f"the address gives {len(labels):,} values of one facet; give at most {MAX_LABELS}")
    for label in labels:
        if len(label) > MAX_LABEL_CHARS:
            shown = label[:40] + "…"
            raise InvalidRequest(f"the value {shown!r} is longer than {MAX_LABEL_CHARS} characters; shorten it")


def _whole(name: str, text: str, default: int, largest: int) -> int:
    text = text.strip()
    if not text:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
    if not 1 <= number <= largest:
        shown = text if len(text) <= 40 else text[:39] + "…"
        raise InvalidRequest(f"{name} is {shown!r}; use a whole number from 1 to {largest:,}")
    return number
