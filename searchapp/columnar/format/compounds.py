"""What the form of a word says of the places that it takes."""

from __future__ import annotations

__all__ = ["COMPOUND", "is_written", "places_of"]

COMPOUND = "-"
"""Stands between the parts in the form of a compound, and in no other form."""


def places_of(form: bytes) -> int:
    """How many places a word takes: one, and for a compound one for each of its parts."""
    return 1 + form.count(b"-")


def is_written(form: bytes, word: bytes) -> bool:
    """Whether a form is a word, written together or as a compound."""
    return form == word or (b"-" in form and form.replace(b"-", b"") == word)
