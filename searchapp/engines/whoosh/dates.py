"""Days put together as a timeline shows them, many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.columnar import Steps
from searchapp.model.result import TimelineBar
from searchapp.model.timeline import counted_by_day

__all__ = ["STEPS", "bars_of"]

Array = npt.NDArray[Any]

_EPOCH = dt.date(1970, 1, 1).toordinal()


def bars_of(counted: Iterable[tuple[int, int]]) -> tuple[TimelineBar, ...]:
    """A bar for each first day, by `date.toordinal`, and its number of articles."""
    day_of = dt.date.fromordinal
    return tuple([TimelineBar(day_of(start), count) for start, count in counted])


def _months(days: Array) -> Array:
    """The first day of the month of each day."""
    months = (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]")
    first: Array = months.astype("datetime64[D]").astype(np.int64) + _EPOCH
    return first


def _fitting(days: Array) -> Array:
    """Days where they span few of them, else their months."""
    first, last = (dt.date.fromordinal(int(day)) for day in (days[0], days[-1]))
    return days if counted_by_day(first, last) else _months(days)


STEPS: Mapping[str, Steps] = {"auto": Steps("auto", _fitting), "month": Steps("month", _months)}
"""`Question.timeline` to what its days become; days stay as they are."""
