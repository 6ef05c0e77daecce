"""English names of months and days of the week; reading a date is for `searchapp.corpus`."""

from __future__ import annotations

__all__ = ["MONTH", "MONTHS", "SHORT_MONTHS", "WEEKDAYS"]

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
