"""What to offer where a search finds nothing: what each word and filter costs, and words spelled like those typed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from searchapp.language.words import fold
from searchapp.model import query as q
from searchapp.model.query import SearchRequest
from searchapp.web.links import SearchLinks, read_search
from searchapp.web.pages.filters import chips
from searchapp.web.pages.wording import as_typed, in_words, parts
from searchapp.web.site import Site

__all__ = ["Cost", "Meant", "costs", "meant"]

MAX_COSTS = 12
"""Each takes a search."""
MIN_WORD_CHARS = 4
"""Shorter words are like too many others."""
LOOKED_AT = 20
"""Articles whose spelling is looked at."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the search would find without one of its parts."""

    label: Markup
    total: int
    address: str


@dataclass(frozen=True, slots=True)
class Meant:
    """The query with a word of the archive in place of one that it does not have."""

    text: str
    total: int
    address: str


def costs(site: Site, request: SearchRequest, query: q.Query) -> list[Cost]:
    """Every word and filter without which there are hits, with the number of articles then, most first."""
    links = SearchLinks(request)
    asked = parts(query) if request.text.strip() else ()
    ways: list[tuple[Markup, str]] = []
    for part in asked:
        rest = tuple(other for other in asked if other is not part)
        text = as_typed(rest[0] if len(rest) == 1 else q.And(rest)) if rest else ""
        ways.append((in_words(part, site.strings), links.asking(text)))
    filters = chips(request, links, site)
    ways += [(chip.label, chip.drop) for chip in filters]
    if len(filters) > 1 and asked:
        ways.append((site.strings("nothing.filters"), SearchLinks(SearchRequest(text=request.text)).paging(1)))
    if len(filters) > 0 and len(asked) > 1:
        bare = request.replace(text="", page=1)
        ways.append((site.strings("nothing.words"), SearchLinks(bare).paging(1)))
    found = [Cost(label, _total(site, address), address) for label, address in ways[:MAX_COSTS] if address != "?"]
    return sorted((cost for cost in found if cost.total), key=lambda cost: -cost.total)


def meant(site: Site, request: SearchRequest, query: q.Query) -> Meant | None:
    """The query with each word that no article has spelled as the archive spells it; None where that finds nothing."""
    changed = _respelled(site, query)
    if changed == query:
        return None
    text = as_typed(changed)
    address = SearchLinks(request).asking(text)
    total = _total(site, address)
    return Meant(text, total, address) if total else None


def _respelled(site: Site, query: q.Query) -> q.Query:
    if isinstance(query, q.And):
        return q.And(tuple(_respelled(site, child) for child in query.children))
    if isinstance(query, q.Or):
        return q.Or(tuple(_respelled(site, child) for child in query.children))
    if isinstance(query, q.Term):
        return q.Term(_spelling(site, query.word), query.title_only)
    if isinstance(query, q.Phrase):
        return q.Phrase(tuple(_spelling(site, word) for word in query.words), query.exact, query.title_only)
    return query


def _spelling(site: Site, word: str) -> str:
    """The word itself where the archive has it or none like it, else the one of its words that is most like it."""
    if len(word) < MIN_WORD_CHARS or word.isdigit():
        return word
    if site.archive.find(SearchRequest(text=word, page_size=1, facet_size=1)).total:
        return word
    for edits in (1, 2):
        pattern = f"{word}~{edits}"
        like = site.archive.find(SearchRequest(text=pattern, page_size=LOOKED_AT, facet_size=1))
        forms: Counter[str] = Counter()
        for hit in like.hits:
            title, body = site.archive.marks(pattern, hit.article)
            forms.update({fold(hit.article.title[start:end]) for start, end in title})
            forms.update({fold(hit.article.body[start:end]) for start, end in body})
        if forms:
            return max(forms, key=lambda form: (forms[form], form))
    return word


def _total(site: Site, address: str) -> int:
    request = read_search(address.removeprefix("?"))
    return site.archive.find(request.replace(page=1, page_size=1, facet_size=1)).total
