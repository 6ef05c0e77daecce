"""Time cut into equal steps, and bar charts over it as numbers for an SVG."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchapp.model.result import TimelineBar
from searchapp.model.timeline import counted_by_day
from searchapp.web.catalogue import Catalogue

__all__ = ["LEAST_WHOLE", "Axis", "Bar", "Chart", "Span", "Tick", "chart", "starts"]

MAX_SLOTS = 60
"""More bars than this are too thin to hit; time is then cut into longer steps."""
HEIGHT = 64.0
"""Pixels of the highest bar."""
MIN_HEIGHT = 2.0
LEAST_TOP = 3
"""Articles that the full height stands for at least."""
LEAST_WHOLE = 10
"""A share of fewer articles says nothing: one of one is not everything."""
TICKS = 6
NUMBERED = 12
"""Bars that have their numbers above them; where there are more, a line says how much the full height is."""
CHAR_PX = 6.8
"""Width of a character of a label, on the safe side."""
APART_PX = 10.0
"""Between two labels."""
WIDE_PX, NARROW_PX = 470.0, 286.0
"""The narrowest chart beside the filters, and on a phone. Labels for which a phone has no room are left out there."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both ends included."""

    since: dt.date
    until: dt.date

    def within(self, since: dt.date | None, until: dt.date | None) -> Span:
        """The part of it within other days: a bar at the edge of a search counts only what the search finds."""
        return Span(max(self.since, since or self.since), min(self.until, until or self.until))

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends as addresses give them, whole months and years in short."""
        since, until = self.since.isoformat(), self.until.isoformat()
        if self.since.day == 1 and self.until.day == calendar.monthrange(self.until.year, self.until.month)[1]:
            short = 4 if (self.since.month, self.until.month) == (1, 12) else 7
            return since[:short], until[:short]
        return since, until


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of time in equal steps."""

    unit: str
    """day, month, quarter, year or years."""
    months: int
    """Length of a step; 0 for a day."""
    first: int
    slots: int

    @classmethod
    def of(cls, bars: Sequence[TimelineBar], *, max_slots: int = MAX_SLOTS) -> Axis:
        """The finest steps, at most `max_slots` of them, that reach from the first of `bars` to the last."""
        start, end = bars[0].start, bars[-1].start
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        years = 1
        while end.year // years - start.year // years >= max_slots:
            years += 1
        unit, length = "years" if years > 1 else "year", 12 * years
        for name, step in (("month", 1), ("quarter", 3)):
            if months <= (max_slots - 1) * step or months == step:
                unit, length = name, step
                break
        # Several bars, all on the first of a month, may be either; steps of months hold what they count in both cases.
        by_month = len(bars) > 1 and all(bar.start.day == 1 for bar in bars)
        if counted_by_day(start, end) and not by_month and (end - start).days < max_slots:
            unit, length = "day", 0
        first = _slot(start, length)
        return cls(unit, length, first, _slot(end, length) - first + 1)

    def counts(self, pairs: Iterable[tuple[dt.date, int]]) -> dict[int, int]:
        """Step to the sum of what falls into it, for days within the axis."""
        found: dict[int, int] = {}
        for day, count in pairs:
            slot = _slot(day, self.months) - self.first
            if 0 <= slot < self.slots:
                found[slot] = found.get(slot, 0) + count
        return found

    def span(self, slot: int) -> Span:
        """The days of a step."""
        number = self.first + slot
        if not self.months:
            day = dt.date.fromordinal(number)
            return Span(day, day)
        first = max(12, number * self.months)
        last = min(number * self.months + self.months - 1, 9999 * 12 + 11)
        end = calendar.monthrange(last // 12, last % 12 + 1)[1]
        return Span(dt.date(first // 12, first % 12 + 1, 1), dt.date(last // 12, last % 12 + 1, end))

    def name(self, slot: int, strings: Catalogue) -> str:
        """What a step is called: 22 Sep 2023, Sep 2023, Jul 2023 – Sep 2023, 2023."""
        span = self.span(slot)
        if self.unit == "day":
            return strings.short_day(span.since)
        if self.unit == "month":
            return strings.month(span.since)
        if self.unit == "quarter":
            return str(strings("dates.span", first=strings.month(span.since), last=strings.month(span.until)))
        if self.unit == "year":
            return str(span.since.year)
        return str(strings("dates.span", first=span.since.year, last=span.until.year))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; sizes are strings fit for SVG attributes, across the chart in steps of its axis."""

    span: Span
    name: str
    count: int
    of: int
    """What `count` is a part of, or 0."""
    x: str
    width: str
    y: str
    height: str
    middle: str
    """In percent of the chart."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under the chart."""

    x: str
    """In percent of the chart."""
    text: str
    anchor: str
    wide: bool
    """There is no room for it on a phone."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart over time without its axes."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    height: int
    slots: int
    unit: str
    span: Span
    top: str
    """What the full height stands for; empty where each bar has its number."""
    wide: bool
    """The numbers of the bars have no room on a phone."""


def chart(bars: Sequence[TimelineBar], strings: Catalogue, *, of: Mapping[dt.date, int] | None = None) -> Chart | None:
    """The chart of `bars`, which are days or months; None when there are none.

    With `of`, the same stretches counted for something larger, heights are shares of it, or of `LEAST_WHOLE`.
    """
    if not bars:
        return None
    axis = Axis.of(bars)
    counts = axis.counts((bar.start, bar.count) for bar in bars)
    wholes = axis.counts(of.items()) if of is not None else {}
    values = {i: count / max(LEAST_WHOLE, wholes.get(i, count)) if wholes else count for i, count in counts.items()}
    # A few single articles are no mountains.
    most = max(values.values()) if wholes else max(float(LEAST_TOP), *values.values())
    percent = 100 / axis.slots
    # A lone bar over the full width would look like a block, not like a bar.
    inner = min(percent - min(percent * 0.2, 0.25), 6.0) / percent
    drawn = []
    for i, count in counts.items():
        height = max(MIN_HEIGHT, HEIGHT * values[i] / most)
        drawn.append(
            Bar(
                span=axis.span(i),
                name=axis.name(i, strings),
                count=count,
                of=wholes.get(i, 0),
                x=_short(i + (1 - inner) / 2, 2),
                width=_short(inner, 2),
                y=_short(HEIGHT - height, 1),
                height=_short(height, 1),
                middle=_percent(percent * (i + 0.5)),
            )
        )
    whole = Span(axis.span(0).since, axis.span(axis.slots - 1).until)
    numbered = axis.slots <= NUMBERED
    full = "" if numbered else strings.share(most) if wholes else strings.number(round(most))
    longest = max(len(strings.number(bar.count)) for bar in drawn)
    return Chart(
        bars=tuple(drawn),
        ticks=_ticks(axis, strings),
        height=int(HEIGHT),
        slots=axis.slots,
        unit=axis.unit,
        span=whole,
        top=full,
        wide=longest * CHAR_PX > NARROW_PX / axis.slots,
    )


def starts(bars: Sequence[TimelineBar]) -> dict[dt.date, int]:
    """Start to count of each of `bars`."""
    return {bar.start: bar.count for bar in bars}


def _slot(day: dt.date, months: int) -> int:
    return (day.year * 12 + day.month - 1) // months if months else day.toordinal()


def _ticks(axis: Axis, strings: Catalogue) -> tuple[Tick, ...]:
    """About `TICKS` labels: the first step, then round places, the turns of the year where there are enough of them."""
    per_year = 12 // axis.months if 0 < axis.months <= 12 else 0
    if per_year and axis.slots > 2 * per_year:
        every = -(-axis.slots // (per_year * TICKS)) * per_year
        offset = -axis.first % per_year
        places = [(i, str(axis.span(i).since.year)) for i in range(offset, axis.slots, every)]
    else:
        every = -(-axis.slots // TICKS)
        places = [(i, axis.name(i, strings)) for i in range(0, axis.slots, every)]
    if not places or places[0][0] > 0:
        # A bar at the beginning would else stand far from any label.
        places.insert(0, (0, axis.name(0, strings)))
    kept = _with_room(places, axis.slots, WIDE_PX)
    narrow = _with_room(kept, axis.slots, NARROW_PX)
    return tuple(
        Tick(
            _percent(100 * (i + 0.5) / axis.slots), text, _anchor((i + 0.5) / axis.slots, text), (i, text) not in narrow
        )
        for i, text in kept
    )


def _with_room(places: Sequence[tuple[int, str]], slots: int, width_px: float) -> list[tuple[int, str]]:
    """The labels that touch no label before them in a chart of that width."""
    kept = []
    free_px = -APART_PX
    for slot, text in places:
        share = (slot + 0.5) / slots
        before = {"start": 0.0, "middle": 0.5, "end": 1.0}[_anchor(share, text)]
        first_px = share * width_px - before * len(text) * CHAR_PX
        if first_px >= free_px + APART_PX:
            kept.append((slot, text))
            free_px = first_px + len(text) * CHAR_PX
    return kept


def _anchor(share: float, text: str) -> str:
    """Which part of a label stands under its step: near an end of the chart its middle would let it stick out."""
    half = len(text) * CHAR_PX / 2 / NARROW_PX
    return "start" if share < half else "end" if share > 1 - half else "middle"


def _percent(value: float) -> str:
    return _short(value, 2) + "%"


def _short(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")
