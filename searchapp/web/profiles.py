"""What an archive knows of one person, place or organisation, as plain values for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET
from searchapp.model.query import SearchRequest
from searchapp.model.result import FacetValue, TimelineBar
from searchapp.web.pages.entity import READ_AT_ONCE, distinctive, read
from searchapp.web.site import Site

__all__ = ["Profile", "profile_of"]

RELATED = 20
"""Other names of each facet, those with the most articles in common first."""
WEIGHED = 200
"""Other names of each kind among which the most distinctive are looked for."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One person, place or organisation."""

    kind: str
    label: str
    articles: int
    undated: int
    first: dt.date | None
    last: dt.date | None
    forms: Mapping[str, int]
    """What the articles that were read call it, and how often; the most frequent first."""
    read: int
    """Articles that were read for the forms, the newest."""
    timeline: tuple[TimelineBar, ...]
    related: Mapping[str, tuple[FacetValue, ...]]
    """Facet to what is in the same articles, each with the number of these articles."""
    distinctive: Mapping[str, tuple[str, ...]]
    """Facet to names that are more frequent in these articles than elsewhere, the most telling first."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        return {
            "kind": self.kind,
            "label": self.label,
            "articles": self.articles,
            "undated": self.undated,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "forms": [{"text": text, "count": count} for text, count in self.forms.items()],
            "read": self.read,
            "timeline": [bar.to_dict() for bar in self.timeline],
            "related": {
                facet: [{"label": value.label, "count": value.count} for value in values]
                for facet, values in self.related.items()
            },
            "distinctive": {facet: list(labels) for facet, labels in self.distinctive.items()},
        }


def profile_of(site: Site, kind: str, label: str) -> Profile | None:
    """What the archive knows of that name; None when no article has it."""
    facet = FACET_OF_KIND[kind]
    # With "all" the counts of its own facet are those of its articles too, not of the whole archive.
    request = SearchRequest(match={facet: "all"}, sort="oldest", page_size=1, facet_size=WEIGHED)
    request = request.replace(**{facet: (label,)})
    result = site.archive.find(request)
    if not result.total:
        return None
    newest = site.archive.find(request.replace(sort="newest", facet_size=1))
    others = {
        name: tuple(value for value in found.values if (name, value.value) != (facet, label))
        for name, found in result.facets.items()
    }
    return Profile(
        kind=kind,
        label=label,
        articles=result.total,
        undated=result.total - sum(bar.count for bar in result.timeline),
        first=result.hits[0].article.published,
        last=newest.hits[0].article.published,
        forms=read(site, kind, label, 1).forms,
        read=min(result.total, READ_AT_ONCE),
        timeline=result.timeline,
        related={name: values[:RELATED] for name, values in others.items()},
        distinctive={
            name: tuple(
                distinctive(
                    {value.value: value.count for value in others[name]},
                    site.holdings.counts(name),
                    together=result.total,
                    archive=site.holdings.stats.articles,
                )[:RELATED]
            )
            for name in KIND_OF_FACET
        },
    )
