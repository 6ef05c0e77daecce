"""Time in equal steps, and bars over it."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searchapp.engines.rules import timeline
from searchapp.model.result import TimelineBar
from searchapp.web.catalogue import catalogue
from searchapp.web.pages.charts import HEIGHT, MAX_SLOTS, Axis, chart, starts

DAYS = st.dictionaries(st.integers(1, dt.date.max.toordinal()), st.integers(1, 10_000), min_size=1, max_size=40)


def bars(*days: tuple[str, int]) -> tuple[TimelineBar, ...]:
    return tuple(TimelineBar(dt.date.fromisoformat(day), count) for day, count in days)


@given(DAYS)
@example({1: 1, 63: 1})
def test_bars_cover_every_article_and_never_overlap(days: dict[int, int]) -> None:
    drawn = chart(timeline(days, "auto"), catalogue())
    assert drawn is not None
    assert sum(bar.count for bar in drawn.bars) == sum(days.values())
    assert len(drawn.bars) <= MAX_SLOTS
    spans = [bar.span for bar in drawn.bars]
    assert all(a.until < b.since for a, b in pairwise(spans))
    for ordinal in days:
        day = dt.date.fromordinal(ordinal)
        assert sum(span.since <= day <= span.until for span in spans) == 1
    edges = [(float(bar.x), float(bar.x) + float(bar.width)) for bar in drawn.bars]
    assert all(left >= 0 and right <= drawn.slots for left, right in edges)
    assert all(right <= left for (_, right), (left, _) in pairwise(edges))
    assert all(0 < float(bar.height) <= HEIGHT for bar in drawn.bars)


@given(DAYS, st.integers(4, 60))
def test_an_axis_keeps_within_its_steps(days: dict[int, int], most: int) -> None:
    drawn = timeline(days, "auto")
    axis = Axis.of(drawn, max_slots=most)
    assert 1 <= axis.slots <= most
    assert sum(axis.counts((bar.start, bar.count) for bar in drawn).values()) == sum(days.values())
    assert all(axis.name(slot, catalogue()) for slot in (0, axis.slots - 1))


@pytest.mark.parametrize(
    ("first", "last", "unit"),
    [("2023-09-01", "2023-09-30", "day"), ("2022-01-01", "2023-09-01", "month"),
     ("2010-01-01", "2020-01-01", "quarter"),
     ("1970-01-01", "2020-01-01", "year"), ("1700-01-01", "2020-01-01", "years")],
)  # fmt: skip
def test_longer_stretches_of_time_are_cut_into_longer_steps(first: str, last: str, unit: str) -> None:
    drawn = chart(bars((first, 1), (last, 2)), catalogue())
    assert drawn is not None
    assert drawn.unit == unit


def test_a_share_is_of_what_the_archive_has_in_the_same_time() -> None:
    whole = bars(("2023-01-01", 100), ("2023-04-01", 4))
    drawn = chart(bars(("2023-01-01", 10), ("2023-04-01", 4)), catalogue(), of=starts(whole))
    assert drawn is not None
    busy, quiet = drawn.bars
    assert (busy.of, quiet.of) == (100, 4)
    # Four of four are shown as four of ten: so few say nothing.
    assert float(quiet.height) == HEIGHT
    assert float(busy.height) == pytest.approx(HEIGHT / 4, abs=0.1)


def test_without_dates_there_is_no_chart() -> None:
    assert chart((), catalogue()) is None
