"""The mentions of one article, grouped by the words they consist of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from searchapp.entities.linking.forms import Form, form_of
from searchapp.entities.places.gazetteer import country_keys, readings
from searchapp.entities.recognising.base import Span

__all__ = ["IN_TITLE", "Group", "any_shared", "group_spans"]

_FORENAMES = frozenset({"chad", "georgia", "israel", "jordan", "ireland", "india", "kenya", "holland", "dominica"})
_DATELINE = re.compile(
    r", (?:[A-Z][\w .]{2,20}, )?(?:[A-Z][a-z]{2,8}\.? \d|\d{1,2} [A-Z][a-z])| ?\([A-Z]| ?[-–—]{1,2} "
)

IN_TITLE = 1_000_000_000
"""Added to the position of what stands in the title alone: a title names the article's subjects in short."""


@dataclass(slots=True, eq=False)
class Group:
    """All mentions of one article that have the same kind and the same folded words."""

    kind: str
    form: Form
    words: tuple[str, ...]
    """The form's."""
    first: int
    """Position among the spans of its first mention in the body; `IN_TITLE` more for one in the title alone, twice that
    for a name that only the file assigns."""
    count: int = 0
    weight: float = 0.0
    """Sum of the confidences of its mentions."""
    spellings: dict[str, int] = field(default_factory=dict)
    into: Group | None = None
    """The group that it is another form of."""
    among: Sequence[Group] = ()
    """Groups that it may be short for where there are several: decided mention by mention."""
    label: str = ""
    """What the entity is called, where the group stands for one; `searchapp.entities.linking.within` decides."""

    @property
    def root(self) -> Group:
        """The group that stands for the entity."""
        group = self
        while group.into is not None:
            group = group.into
        return group

    @property
    def spelling(self) -> str:
        """The most frequent way it is written; one that is not all in capitals where there is one."""
        if len(self.spellings) == 1:
            return next(iter(self.spellings))
        return max(self.spellings, key=lambda spelling: (not spelling.isupper(), self.spellings[spelling]))

    def join(self, other: Group) -> None:
        """Makes this group and `other` forms of one entity, `other`'s."""
        mine, theirs = self.root, other.root
        if mine is not theirs:
            mine.into = theirs


def any_shared(names: Iterable[AbstractSet[str]], seen: Iterable[str] = ()) -> bool:
    """Whether any two of the names have a word in common, or one has a word of `seen`; in most articles none have."""
    words = set(seen)
    for name in names:
        if not words.isdisjoint(name):
            return True
        words |= name
    return False


def group_spans(
    text: str, spans: Sequence[Span], forms: Sequence[Form], *, body_start: int = 0
) -> tuple[list[Group], list[Group]]:
    """The groups by first mention, and the group of each span; `forms` has the form of each span.

    Words that one article has under two kinds are nearly always one entity, so the kind with the greater sum of
    confidences takes all, unless the other is well attested too: "Washington" can be a man and a city.
    """
    groups: dict[tuple[str, str], Group] = {}
    owners: list[Group] = []
    countries = country_keys()
    for position, (span, form) in enumerate(zip(spans, forms, strict=True)):
        kind = span.kind
        if kind != "place" and (form.key in countries or form.capitals) and _names_place(form, kind, text, span):
            kind, form = "place", form_of(text[span.start : span.end], "place")
        identity = form.key, kind
        group = groups.get(identity)
        if group is None:
            first = position + IN_TITLE if span.start < body_start else position
            group = groups[identity] = Group(kind, form, form.words, first, 1, span.confidence, {form.shown: 1})
        else:
            if group.first >= IN_TITLE and span.start >= body_start:
                group.first = position
            group.count += 1
            group.weight += span.confidence
            group.spellings[form.shown] = group.spellings.get(form.shown, 0) + 1
        owners.append(group)
    if len(groups) == len({key for key, _ in groups}):
        return list(groups.values()), owners
    by_key: dict[str, list[Group]] = {}
    for (key, _), group in groups.items():
        by_key.setdefault(key, []).append(group)
    for rivals in by_key.values():
        if len(rivals) > 1:
            _settle(rivals)
    owners = [group.into or group for group in owners]
    return [group for group in groups.values() if group.into is None], owners


def _names_place(form: Form, kind: str, text: str, span: Span) -> bool:
    """Whether a name that was taken for a person or body is a country, or the city of a dateline in capitals."""
    if form.key in country_keys():
        return kind == "organisation" or form.key not in _FORENAMES
    if not form.capitals or len(form.shown) < 4 or (span.start and text[span.start - 1] != "\n"):
        return False
    return _DATELINE.match(text, span.end) is not None and bool(readings(form.place))


def _settle(rivals: list[Group]) -> None:
    winner = max(rivals, key=lambda group: (group.weight, -group.first))
    for group in rivals:
        if group is not winner and (group.count < 2 or group.weight < winner.weight / 2):
            group.into = winner
            winner.count += group.count
            winner.weight += group.weight
            winner.first = min(winner.first, group.first)
            for spelling, count in group.spellings.items():
                winner.spellings[spelling] = winner.spellings.get(spelling, 0) + count
