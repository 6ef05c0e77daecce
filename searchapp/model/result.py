"""What a search gives back."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from searchapp.model.article import Article
from searchapp.model.brief import brief, counted
from searchapp.model.frozen import freeze
from searchapp.model.query import SearchRequest

__all__ = [
    "FacetGroup",
    "FacetResult",
    "FacetValue",
    "Gone",
    "Hit",
    "IndexReport",
    "Noted",
    "Offer",
    "Problem",
    "SearchResult",
    "Skipped",
    "Snippet",
    "TimelineBar",
]


_NUMBERS = re.compile(r"\d[\d,.]*|'[^']{0,200}'|\"[^\"]{0,200}\"")
"""What tells reasons of one kind apart: numbers, and what stands in quotation marks."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be meant by something that was asked for: a value of a facet, or another text."""

    facet: str = ""
    label: str = ""
    query: str = ""
    """The whole text, where no value is offered."""
    count: int = 0
    """Articles with it in the whole archive, or that the text finds."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        if self.facet:
            return {"facet": self.facet, "label": self.label, "count": self.count}
        return {"query": self.query, "count": self.count}


@dataclass(frozen=True, slots=True)
class Problem:
    """One way in which a query was read differently from how it was typed."""

    message: str
    """A plain sentence without a final dot, such as `the quote at "peace talks was never closed; read as ...`."""
    start: int = 0
    end: int = 0
    """The characters of the query that it is about."""
    offers: tuple[Offer, ...] = ()
    """What may be meant, the likeliest first."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        told: dict[str, Any] = {"message": self.message, "start": self.start, "end": self.end}
        return told | {"offers": [offer.to_dict() for offer in self.offers]} if self.offers else told


_START, _END = "\x02", "\x03"
"""Stand for marks that are not HTML yet."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of an article and where the query matched in it."""

    text: str
    """Plain text; passages that do not touch are joined by " … "."""
    ranges: tuple[tuple[int, int], ...] = ()
    """Matches as characters of `text`, end exclusive, in order, never overlapping."""

    def __repr__(self) -> str:
        return f"<Snippet {brief(self.text)}, {len(self.ranges)} marked>"

    def to_html(self) -> str:
        """The text with everything escaped and every match inside <mark>."""
        text = self.text
        if _START in text or _END in text:
            return self._marked(html.escape, "<mark>", "</mark>")
        # Escaping the whole at once takes a third of the time of escaping each piece.
        whole = html.escape(self._marked(str, _START, _END))
        return whole.replace(_START, "<mark>").replace(_END, "</mark>")

    def to_ansi(self) -> str:
        """The text with every match bold, for a terminal; control characters are taken out."""
        return self._marked(_printable, "\x1b[1m", "\x1b[0m")

    def _marked(self, escape: Any, before: str, after: str) -> str:
        parts: list[str] = []
        done = 0
        for start, end in self.ranges:
            parts += (escape(self.text[done:start]), before, escape(self.text[start:end]), after)
            done = end
        parts.append(escape(self.text[done:]))
        return "".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        return {"text": self.text, "ranges": [list(pair) for pair in self.ranges]}


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


@dataclass(frozen=True, slots=True)
class Hit:
    """One matching article."""

    article: Article
    score: float
    snippet: Snippet

    @property
    def page(self) -> int:
        """The page, from 1, of the document on which the first match of the snippet stands; 0 where it has no pages."""
        article = self.article
        if not article.pages:
            return 0
        text, body = self.snippet.text, article.body
        first = self.snippet.ranges[0][0] if self.snippet.ranges else 0
        begin = text.rfind(" … ", 0, first) + 3 if " … " in text[:first] else 2 * text.startswith("… ")
        passage = text[begin:].partition(" … ")[0].removesuffix(" …")
        # A snippet holds the text with its white space folded, so words are counted.
        folded = " ".join(body.split())
        place = folded.find(passage)
        if place < 0:
            return 0
        left = folded.count(" ", 0, place + max(0, first - begin))
        for page, (start, end) in enumerate(pairwise((*article.pages, len(body))), 1):
            # A page may begin within a word, which counts for the page before.
            left -= len(body[start:end].split()) - _is_within_word(body, start)
            if left < 0:
                return page
        return len(article.pages)

    def __repr__(self) -> str:
        title = brief(self.article.title) if self.article.title else "untitled"
        return f"<Hit {brief(self.article.id)}, {title}, score {self.score:.2f}>"

    def to_record(self) -> dict[str, Any]:
        """The hit as one row of a table: text, a number, a date and lists of names.

        Text that is not known is empty and never None, so that each column has one type.
        """
        article = self.article
        return {
            "id": article.id,
            "title": article.title,
            "published": article.published,
            "source": article.source,
            "url": article.url,
            "score": self.score,
            "snippet": self.snippet.text,
            "people": list(article.people),
            "places": list(article.places),
            "organisations": list(article.organisations),
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON: what a result list shows, without the body."""
        article = self.article
        return {
            "id": article.id,
            "title": article.title,
            "published": article.published.isoformat() if article.published else None,
            "published_source": article.published_source,
            "source": article.source,
            "url": article.url or None,
            "score": round(self.score, 4),
            "snippet": self.snippet.to_dict(),
            "people": list(article.people),
            "places": list(article.places),
            "organisations": list(article.organisations),
            **({"page": self.page} if article.pages else {}),
        }


def _is_within_word(text: str, place: int) -> bool:
    around = text[place - 1 : place + 1] if place else ""
    return len(around) == 2 and not any(map(str.isspace, around))


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and the number of hits that choosing it gives."""

    value: str
    """What a filter takes."""
    label: str
    """What a reader sees."""
    count: int
    """Articles, not mentions."""
    selected: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        return {"value": self.value, "label": self.label, "count": self.count, "selected": self.selected}


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """Values of a facet that belong together, such as the places of one country."""

    name: str
    """Empty for the values that belong to none."""
    values: tuple[FacetValue, ...]
    """The one that is called as the group is first; then by count, then by label."""
    count: int
    """Articles with any of the values, each counted once."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        return {"name": self.name, "count": self.count, "values": [value.to_dict() for value in self.values]}


@dataclass(frozen=True, slots=True)
class FacetResult:
    """The values of one facet among the matching articles."""

    name: str
    values: tuple[FacetValue, ...]
    """Count descending, then label; chosen values are always here, in their place by that order."""
    total_values: int
    """How many values there are, shown or not."""
    missing: int
    """Matching articles without any value."""
    matching: int = 0
    """Where values were looked for or paged: how many there are to page through."""
    letters: tuple[tuple[str, int], ...] = ()
    """Where values come by letter: each first letter, and how many values come before its first."""
    groups: tuple[FacetGroup, ...] = ()
    """Where values come by group, a page of the groups, which hold them."""
    total_groups: int = 0
    timelines: tuple[tuple[TimelineBar, ...], ...] = ()
    """Where it is asked for, the articles of each of `values` over time."""
    total_exact: bool = True
    """False where there are more values than `total_values` says: a cluster counts no more than so many."""

    @property
    def tells(self) -> bool:
        """Whether it says anything of what was found: one language for all of it does not."""
        return self.total_values > (self.name == "languages")

    def __repr__(self) -> str:
        shown = len(self.values)
        number = (
            f"{shown:,} of {counted(self.total_values, 'value')}"
            if shown < self.total_values
            else counted(shown, "value")
        )
        return f"<FacetResult {self.name}: {number}, {counted(self.missing, 'article')} without>"

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        return {
            "values": [value.to_dict() for value in self.values],
            "total_values": self.total_values,
            "missing": self.missing,
        }


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """How many matching articles were published in one month, or on one day."""

    start: dt.date
    """The day, or the first day of the month."""
    count: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        return {"start": self.start.isoformat(), "count": self.count}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to one request."""

    request: SearchRequest
    problems: tuple[Problem, ...]
    total: int
    """Matching articles, exact."""
    hits: tuple[Hit, ...]
    """The page asked for, best first; equal ones newest first, then by `Article.tie_key`."""
    facets: Mapping[str, FacetResult]
    timeline: tuple[TimelineBar, ...]
    """Only months or days with articles, in order. Days where `counted_by_day` says so."""
    took_ms: float

    def __post_init__(self) -> None:
        freeze(self, "facets")

    def __repr__(self) -> str:
        return f"<SearchResult {brief(self.request.text)} {self._outline}, {counted(len(self.facets), 'facet')}>"

    def _repr_html_(self) -> str:
        """A table of the hits, which notebooks show."""
        asked = f" for <b>{html.escape(self.request.text)}</b>" if self.request.text.strip() else ""
        rows = "".join(_html_row(hit) for hit in self.hits)
        heads = "".join(f"<th>{head}</th>" for head in ("Title", "Published", "Source", "Score", "Passage"))
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
        return f"<div><p>{self._outline}{asked}</p>{table}</div>"

    @property
    def _outline(self) -> str:
        pages = f", page {self.request.page:,} of {self.pages:,}" if self.pages > 1 or self.request.page > 1 else ""
        problems = f", {counted(len(self.problems), 'problem')}" if self.problems else ""
        return f"{counted(self.total, 'article')}{pages}{problems}"

    def __len__(self) -> int:
        """How many hits this page has; `total` says how many there are in all."""
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        """The hits of this page, best first."""
        return iter(self.hits)

    def __bool__(self) -> bool:
        """True, whether anything was found or not: an answer is there."""
        return True

    def to_records(self) -> list[dict[str, Any]]:
        """The hits of this page as rows of a table, which `pandas.DataFrame` and `polars.DataFrame` take as they are.

        Each has the keys id, title, published (a date or None), source, url, score, snippet (plain text), and people,
        places and organisations (lists of labels). polars looks at the first hundred rows to know the type of a column:
        where none of them has a date and a later one has, it needs `infer_schema_length=None`.
        """
        return [hit.to_record() for hit in self.hits]

    @property
    def undated(self) -> int:
        """Matching articles without a date, which `timeline` does not count; `date:none` finds them."""
        return self.total - sum(bar.count for bar in self.timeline)

    @property
    def pages(self) -> int:
        """How many pages the hits fill, at least 1."""
        return max(1, -(-self.total // self.request.page_size))

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON: exactly what `searchapp search --json` prints."""
        return {
            "query": self.request.text,
            "total": self.total,
            "page": self.request.page,
            "page_size": self.request.page_size,
            "took_ms": round(self.took_ms, 3),
            "problems": [problem.to_dict() for problem in self.problems],
            "hits": [hit.to_dict() for hit in self.hits],
            "facets": {name: facet.to_dict() for name, facet in self.facets.items()},
            "timeline": [bar.to_dict() for bar in self.timeline],
            "undated": self.undated,
        }


def _html_row(hit: Hit) -> str:
    article = hit.article
    published = article.published.isoformat() if article.published else ""
    cells = [html.escape(text) for text in (article.title or article.id, published, article.source)]
    cells += [f"{hit.score:.2f}", hit.snippet.to_html()]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or one article of a file, that could not be read."""

    path: str
    reason: str
    """All there is to say, place and advice too: "line 3: 4 cells where the header has 3; put ... in quotes"."""
    place: str = ""
    """Where in the file: "line 3", "message 2"; empty for the whole of it."""
    withdraws: str = ""
    """The id of the article that its publisher takes back by this; empty where it says nothing of an article."""
    version: str = ""
    """As in `Article`: later versions of that article are not meant."""

    @property
    def cause(self) -> str:
        """What is wrong, without the place and without what to do about it; the same for all of a kind."""
        return _NUMBERS.sub("…", self.reason.removeprefix(f"{self.place}: ").partition("; ")[0])

    @property
    def advice(self) -> str:
        """What to do about it; empty where there is nothing to do."""
        return self.reason.partition("; ")[2]

    def to_dict(self) -> dict[str, str]:
        """Plain values fit for JSON."""
        return {"path": self.path, "place": self.place, "reason": self.reason, "advice": self.advice}


@dataclass(frozen=True, slots=True)
class Noted:
    """Something of an article that could not be read; the article was read without it."""

    path: str
    reason: str
    """With the place: "line 3: the date 'spring' cannot be read"."""
    place: str = ""

    def to_dict(self) -> dict[str, str]:
        """Plain values fit for JSON."""
        return {"path": self.path, "place": self.place, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Gone:
    """An article whose file is no longer there, or no longer has it."""

    id: str
    path: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run of the indexer did, in articles."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: tuple[Skipped, ...] = ()
    gone: int = 0
    """Articles indexed earlier from these files or folders that are no longer there; kept unless pruned."""
    committed: int = 0
    """How many of those added and updated are in the index to stay, whatever becomes of the run; all at its end."""

    passed_over: int = 0
    """Files and folders that were not looked at: hidden ones, the likes of README, and those of an index."""
    removed_articles: tuple[Gone, ...] = ()
    """Those that were pruned."""
    noted: tuple[Noted, ...] = ()
    """What of articles could not be read, such as a date; the articles were."""
    undated: int = 0
    """Articles that were read, but without a date."""
    moved: int = 0
    """Articles that are known, but not from this file: it is another place of theirs, or one more."""

    def __repr__(self) -> str:
        counts = {"added": self.added, "updated": self.updated, "unchanged": self.unchanged, "removed": self.removed}
        counts |= {"moved": self.moved}
        counts |= {"skipped": len(self.skipped), "gone": self.gone}
        said = [f"{number:,} {what}" for what, number in counts.items() if number or what == "added"]
        return f"<IndexReport {', '.join(said)}>"

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "gone": self.gone,
            "committed": self.committed,
            "passed_over": self.passed_over,
            "removed_articles": [{"id": item.id, "path": item.path} for item in self.removed_articles],
            "skipped": [item.to_dict() for item in self.skipped],
            "noted": [item.to_dict() for item in self.noted],
            "undated": self.undated,
            "moved": self.moved,
        }
