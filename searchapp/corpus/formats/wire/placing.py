"""The place of a dateline, where what stands for it is one, and the dateline that a text itself opens with."""

from __future__ import annotations

import re

from searchapp.corpus.cleaning.datelines import parse_dateline
from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import identifier

__all__ = ["place_in_text", "place_written"]

_HEAD_PARAGRAPHS = 6
_NO_DATA = re.compile(
    r"(?:no|not)[ _-]?(?:data|place|location|known|set|specified|available)[ _-]?(?:available)?", re.IGNORECASE
)
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4,}|[\d:. -]{1,40}$")


def place_written(text: str) -> str:
    """`text` where it can be a place; empty for a time and for what is written where there is nothing to say."""
    line = clean_line(text)
    nothing = not identifier(line) or _NO_DATA.fullmatch(line) or _CLOCK.match(line) or parse_date(line)
    return "" if nothing else line


def place_in_text(body: str) -> str:
    """The place of the dateline that one of the first paragraphs of `body` opens with."""
    found = (parse_dateline(paragraph[:200]) for paragraph in body.split("\n\n", _HEAD_PARAGRAPHS)[:_HEAD_PARAGRAPHS])
    return next((dateline.place for dateline in found if dateline and dateline.place), "")
