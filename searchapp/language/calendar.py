"""Names of months and days of the week, in English and other languages; reading a date is for `searchapp.corpus`."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files

__all__ = ["MONTH", "MONTHS", "SHORT_MONTHS", "WEEKDAYS", "foreign_calendar", "unaccented"]

_MONTHS = (
    "january jan", "february feb febr", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sep sept", "october oct", "november nov", "december dec",
)  # fmt: skip

MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
"""Names of months and their usual short forms, in lower case without a dot, to 1 to 12."""

MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
"""What stands between the brackets of a pattern that finds one of them, ignoring case."""

SHORT_MONTHS = tuple(names.split()[:2][-1] for names in _MONTHS)
"""Three letters for each, in order."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""In the order of `datetime.date.weekday`."""


@cache
def foreign_calendar() -> tuple[dict[str, int], frozenset[str]]:
    """Names of months to 1 to 12, and names of days of the week, in all languages, as `unaccented`."""
    months = dict(MONTHS)
    weekdays = {form for day in WEEKDAYS for form in (day, day[:3], day[:4], day[:5])}
    text = (files("searchapp.language") / "calendar.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        number, _, names = line.partition("\t")
        forms = [unaccented(name) for name in names.split()] if number.isdecimal() else []
        if number == "0":
            weekdays.update(forms)
        else:
            months |= dict.fromkeys(forms, int(number) if forms else 0)
    return months, frozenset(weekdays)


def unaccented(word: str) -> str:
    """`word` in lower case without accents: "März" gives "marz"."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character)).replace("ı", "i")
