"""What an archive knows of one person, place or organisation: when, in what company, in which forms and sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from searchapp.engines.state import State
from searchapp.entities.places.gazetteer import Place, place_of
from searchapp.errors import ArticleNotFound, InvalidRequest
from searchapp.insight.concordance import READ_AT_ONCE, Reading, question_of_reading, reading_of
from searchapp.insight.overview import whole_timeline
from searchapp.language.names import name_key
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, KINDS
from searchapp.model.frozen import freeze
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.question import HEADS, FacetWanted, Question
from searchapp.model.result import FacetValue, Hit, TimelineBar
from searchapp.model.timeline import counted_by_day

__all__ = ["Profile", "names_called", "no_name_hint", "one_name", "profile", "several_hint"]


@dataclass(frozen=True, slots=True)
class Profile:
    """One person, place or organisation."""

    kind: str
    label: str
    articles: int
    undated: int
    first: dt.date | None
    last: dt.date | None
    newest: tuple[Hit, ...]
    """The newest articles that have it."""
    timeline: tuple[TimelineBar, ...]
    everywhere: tuple[TimelineBar, ...]
    """All articles of the archive over time, by day or by month as in `timeline`."""
    related: Mapping[str, tuple[FacetValue, ...]]
    """Facet to what is in the same articles, each with the number of these articles."""
    distinctive: Mapping[str, tuple[FacetValue, ...]]
    """People, places and organisations that are more frequent in these articles than elsewhere, the most telling first.

    See `FacetWanted.order`.
    """
    reading: Reading
    """Forms and sentences of the articles of one part, of which the newest articles are the first."""
    part: int
    parts: int
    place: Place | None = None
    """Where a place is, as far as the gazetteers know it."""
    country: str = ""
    """Of a place: the country it lies in, where that is another name that articles have."""

    def __post_init__(self) -> None:
        freeze(self, "related", "distinctive")

    @property
    def facet(self) -> str:
        """The facet that has it."""
        return FACET_OF_KIND[self.kind]

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON."""
        return {
            "kind": self.kind,
            "label": self.label,
            "articles": self.articles,
            "undated": self.undated,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "forms": [{"text": text, "count": count} for text, count in self.reading.forms.items()],
            "read": self.reading.articles,
            "timeline": [bar.to_dict() for bar in self.timeline],
            "related": {
                facet: [{"label": value.label, "count": value.count} for value in values]
                for facet, values in self.related.items()
            },
            "distinctive": {facet: [value.label for value in values] for facet, values in self.distinctive.items()},
        }


def profile(state: State, kind: str, label: str, *, most: int = 20, newest: int = 5, part: int = 1) -> Profile:
    """What the archive knows of that name; behind its last `part`, the last.

    `most` other names of each facet are given, and `newest` articles. Raises `ArticleNotFound` where no article has
    the name, `InvalidRequest` for an unknown kind.
    """
    if kind not in KINDS:
        raise InvalidRequest(f"there is no kind of name {kind!r}; use one of {', '.join(KINDS)}")
    if not label.strip():
        raise ArticleNotFound(f"no {kind} has an empty name")
    facet = FACET_OF_KIND[kind]
    # With "all" the counts of its own facet are those of its articles too, not of the whole archive.
    request = SearchRequest(**{facet: (label,)}, match={facet: "all"}, sort="newest")  # type: ignore[arg-type]
    # One more of each than is given: the name itself is none of its company.
    related = tuple(FacetWanted(name, most + 1) for name in FACETS)
    special = tuple(FacetWanted(name, most + 1, order="distinctive") for name in FACET_OF_KIND.values())
    place = place_of(label) if kind == "place" else None
    country = place.country if place and place.country != label else ""
    asked = {
        "main": Question(request.replace(page_size=newest), hits=HEADS, facets=(*related, *special), timeline="auto"),
        "oldest": Question(request.replace(page_size=1, sort="oldest"), hits=HEADS),
    }
    if country:
        # A country without an article of its own is no link.
        asked["country"] = Question(facets=(FacetWanted("places", labels=(country,)),))
    reading: Reading | None = state.recall(("reading", kind, label, part))
    if reading is None:
        asked["reading"] = question_of_reading(request, part)
    for how in ("day", "month"):
        if state.recall(("timeline", how)) is None:
            asked[how] = Question(timeline=how)
    found = dict(zip(asked, state.ask(*asked.values()), strict=True))
    main = found["main"]
    if not main.total:
        raise ArticleNotFound(f"no article names the {kind} {label!r}")
    for how in ("day", "month"):
        if how in found:
            state.keep(("timeline", how), found[how].timeline)
    parts = -(-main.total // READ_AT_ONCE)
    if part > parts:
        part = parts
        reading = state.recall(("reading", kind, label, part))
    if reading is None:
        answer = found["reading"]
        if answer.question.request.page != part:
            (answer,) = state.ask(question_of_reading(request, part))
        reading = reading_of(answer, kind, label, check=state.check)
        state.keep(("reading", kind, label, part), reading)
    others = [
        tuple(value for value in facet_found.values if (facet_found.name, value.value) != (facet, label))[:most]
        for facet_found in main.facets
    ]
    bars = main.timeline
    by_day = bool(bars) and counted_by_day(bars[0].start, bars[-1].start)
    return Profile(
        kind=kind,
        label=label,
        articles=main.total,
        undated=main.total - sum(bar.count for bar in bars),
        first=found["oldest"].hits[0].article.published,
        last=main.hits[0].article.published,
        newest=main.hits,
        timeline=bars,
        everywhere=whole_timeline(state, "day" if by_day else "month"),
        related=dict(zip(FACETS, others, strict=False)),
        distinctive=dict(zip(FACET_OF_KIND.values(), others[len(FACETS) :], strict=True)),
        reading=reading,
        part=part,
        parts=parts,
        place=place,
        country=country if country and found["country"].facets[0].values[0].count else "",
    )


def names_called(state: State, text: str, facet: str = "") -> tuple[tuple[str, str], ...]:
    """Facet and label of every person, place and organisation that is called so, in one facet or in any.

    Of several facets those with the very label count, else those with one that differs in case and accents alone.
    """
    facets = (facet,) if facet else tuple(KIND_OF_FACET)
    found = tuple(dict.fromkeys(node for name in facets for node in state.called(name, text)))
    key = name_key(text)
    exact = tuple(node for node in found if node[1] == text)
    return exact or tuple(node for node in found if name_key(node[1]) == key) or found


def one_name(state: State, text: str, facet: str = "") -> tuple[str, str]:
    """Kind and label of the one person, place or organisation that is called so, in one facet or in any.

    Raises `ArticleNotFound` where no article has it, and `InvalidRequest` where several are called so.
    """
    found = names_called(state, text, facet)
    if not found:
        hint = no_name_hint(state, text, facet)
        raise ArticleNotFound(f"no article names {text!r}; {hint}")
    if len(found) > 1:
        raise InvalidRequest(several_hint(text, found))
    return KIND_OF_FACET[found[0][0]], found[0][1]


def several_hint(text: str, found: Sequence[tuple[str, str]]) -> str:
    """What to do about a name that means several, given as facet and label."""
    if len({label for _, label in found}) == 1:
        return f"{text!r} is among the {' and the '.join(home for home, _ in found)}; say which with the facet"
    listed = ", ".join(f"{label!r} ({home})" for home, label in found)
    return f"{text!r} is the name of several: {listed}; say which"


def no_name_hint(state: State, text: str, facet: str = "") -> str:
    """What to do about a name that nothing is called by."""
    facets = (facet,) if facet else tuple(KIND_OF_FACET)
    offers = [offer for name in facets for offer in state.nearest(name, text)[:1]]
    best = max(offers, key=lambda offer: offer.count, default=None)
    return f"did you mean {best.label!r}?" if best else f"list names with: searchapp facets {facets[0]}"
