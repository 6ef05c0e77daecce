"""What the trade's formats hold that is not to be published, or no text."""

from __future__ import annotations

import datetime as dt

from searchapp.corpus.cleaning.dates import parse_date

__all__ = ["is_withdrawn", "left_out"]

_WITHDRAWN = frozenset("canceled cancelled withheld killed kill withdrawn delete deleted".split())

NOT_TEXT = {"picture": "a picture", "graphic": "a graphic", "video": "a video", "audio": "a sound recording"}
"""Classes of items that carry no article of their own, only captions."""


def left_out(*, status: str, embargoed: str, item_class: str, has_text: bool, today: dt.date) -> str:
    """Why an item gives no article, in plain words; empty when it does."""
    status = _word(status)
    if status in _WITHDRAWN:
        return f"{'cancelled' if status.startswith('cancel') else status} by its publisher"
    until = parse_date(embargoed, ahead=True) if embargoed else None
    if until and until[0] > today:
        return f"under embargo until {until[0]}"
    kind = NOT_TEXT.get(item_class.rpartition(":")[2].rpartition("/")[2].lower())
    return f"{kind}, no text" if kind and not has_text else ""


def is_withdrawn(status: str) -> bool:
    """Whether a status of an item takes back what was sent before under its id."""
    return _word(status) in _WITHDRAWN


def _word(status: str) -> str:
    return status.rpartition(":")[2].rpartition("/")[2].strip().lower()
