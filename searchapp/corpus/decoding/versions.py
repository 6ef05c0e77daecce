"""What a file says of the age of an article's versions, as text that sorts by it."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from searchapp.corpus.cleaning.dates import parse_date

__all__ = ["version_of"]

_NUMBER = re.compile(r"v?(\d{1,9})(?:[.-](\d{1,9}))?(?:[.-](\d{1,9}))?", re.IGNORECASE)


def version_of(*moments: str, number: str = "") -> str:
    """For `Article.version`: a number such as "3" or "2.1" counts before the first of `moments` that can be read.

    Moments are told in UTC, or as they are written where they name no zone. Empty where nothing can be read.
    """
    found = _NUMBER.fullmatch(number.strip())
    numbers = ".".join(part.zfill(9) for part in found.groups("0")) if found else ""
    moment = next((read for text in moments if (read := _moment(text.strip()))), "")
    return f"{numbers} {moment}" if numbers or moment else ""


def _moment(text: str) -> str:
    if not text:
        return ""
    for read in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            moment = moment.astimezone(dt.UTC) if moment.tzinfo is not None else moment
        except (ValueError, OverflowError):
            continue
        return moment.replace(tzinfo=None).isoformat(timespec="microseconds")
    found = parse_date(text)
    return (
        dt.datetime.combine(found[0], (found[1] or dt.time()).replace(tzinfo=None)).isoformat(timespec="microseconds")
        if found
        else ""
    )
