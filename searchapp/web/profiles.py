"""What an archive knows of one person, place or organisation, gathered from every article that names it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from searchapp.model.article import FACET_OF_KIND, Article
from searchapp.model.query import SearchRequest
from searchapp.model.result import FacetValue, TimelineBar
from searchapp.web.site import Site

__all__ = ["Profile", "profile_of"]

RELATED = 20
"""Other names of each facet, those with the most articles in common first."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One person, place or organisation."""

    kind: str
    label: str
    articles: int
    mentions: int
    undated: int
    first: dt.date | None
    last: dt.date | None
    forms: tuple[tuple[str, int], ...]
    """What the articles call it, and how often; the most frequent first."""
    timeline: tuple[TimelineBar, ...]
    related: Mapping[str, tuple[FacetValue, ...]]
    """Facet to what is named in the same articles, each with the number of these articles."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        return {
            "kind": self.kind,
            "label": self.label,
            "articles": self.articles,
            "mentions": self.mentions,
            "undated": self.undated,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "forms": [{"text": text, "count": count} for text, count in self.forms],
            "timeline": [bar.to_dict() for bar in self.timeline],
            "related": {
                facet: [{"label": value.label, "count": value.count} for value in values]
                for facet, values in self.related.items()
            },
        }


def profile_of(site: Site, kind: str, label: str) -> Profile | None:
    """What the archive knows of that name; None when no article has it. Remembered until the archive changes."""
    return site.holdings.remember(("profile", kind, label), lambda: _gathered(site, kind, label))


def _gathered(site: Site, kind: str, label: str) -> Profile | None:
    facet = FACET_OF_KIND[kind]
    # With "all" the counts of its own facet are those of its articles too, not of the whole archive.
    request = SearchRequest(match={facet: "all"}, sort="oldest", page_size=1, facet_size=RELATED + 1)
    request = request.replace(**{facet: (label,)})
    result = site.archive.find(request)
    if not result.total:
        return None
    newest = site.archive.find(request.replace(sort="newest", facet_size=1))
    forms: Counter[str] = Counter()
    for article in site.archive.matches(request):
        forms.update(_forms(site, article, kind, label))
    return Profile(
        kind=kind,
        label=label,
        articles=result.total,
        mentions=forms.total(),
        undated=result.total - sum(bar.count for bar in result.timeline),
        first=result.hits[0].article.published,
        last=newest.hits[0].article.published,
        forms=tuple(sorted(forms.items(), key=lambda item: (-item[1], item[0]))),
        timeline=result.timeline,
        related={
            name: tuple(v for v in found.values if (name, v.value) != (facet, label))[:RELATED]
            for name, found in result.facets.items()
        },
    )


def _forms(site: Site, article: Article, kind: str, label: str) -> list[str]:
    mentions = (*article.title_mentions, *article.mentions)
    return [m.text for m in mentions if site.archive.shown_as(m.kind, m.label) == (kind, label)]
