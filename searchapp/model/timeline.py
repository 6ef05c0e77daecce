"""Whether articles are counted by day or by month."""

from __future__ import annotations

import datetime as dt

__all__ = ["DAYS_AT_MOST", "counted_by_day"]

DAYS_AT_MOST = 62
"""Articles that span more days than this are counted by month: two months are as many bars as can be told apart."""


def counted_by_day(first: dt.date, last: dt.date) -> bool:
    """Whether a timeline from `first` to `last`, both included, has a bar for each day rather than each month."""
    return (last - first).days < DAYS_AT_MOST
