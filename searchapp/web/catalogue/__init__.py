"""Every string of the interface, by key, in the language of one file."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from string import Formatter
from typing import Any

from markupsafe import Markup, escape

__all__ = ["Catalogue", "catalogue"]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Escaped text, and the value that stands after it."""

    text: Markup
    name: str
    form: str


class Catalogue:
    """Looks up texts. A text with forms `one` and `other` is chosen by the value `n`."""

    def __init__(self, entries: Mapping[str, Any]) -> None:
        # Taken apart once: a page puts a hundred values into texts, and `str.format` would be most of its time.
        self._texts: dict[str, tuple[_Piece, ...]] = {}
        self._read("", entries)
        self.language: str = entries["language"]
        self._months: list[str] = entries["dates"]["months"]
        self._short_months: list[str] = entries["dates"]["short_months"]

    def _read(self, prefix: str, entries: Mapping[str, Any]) -> None:
        for key, value in entries.items():
            if isinstance(value, str):
                self._texts[prefix + key] = tuple(
                    _Piece(escape(text), name or "", form or "") for text, name, form, _ in Formatter().parse(value)
                )
            elif isinstance(value, Mapping):
                self._read(f"{prefix}{key}.", value)

    def __call__(self, key: str, **values: object) -> Markup:
        """The text of `key` with `values` put in, everything escaped. Raises `KeyError` for an unknown key."""
        pieces = self._texts.get(key)
        if pieces is None:
            pieces = self._texts[f"{key}.one" if values.get("n") == 1 else f"{key}.other"]
        parts: list[str] = []
        for piece in pieces:
            parts.append(piece.text)
            if piece.name:
                value = values[piece.name]
                parts.append(format(value, piece.form) if piece.form else escape(value))
        return Markup("").join(parts)

    def pattern(self, key: str) -> str:
        """The text of `key` with the names of its values still in braces, for a script to put them in."""
        pieces = self._texts[key]
        return unescape("".join(piece.text + (f"{{{piece.name}}}" if piece.name else "") for piece in pieces))

    def __contains__(self, key: str) -> bool:
        return key in self._texts or f"{key}.other" in self._texts

    @property
    def keys(self) -> list[str]:
        """Every key, the forms of a text each by itself."""
        return sorted(self._texts)

    def number(self, value: int) -> str:
        """A whole number as it is read: 12,542."""
        return f"{value:,}"

    def share(self, value: float) -> str:
        """A part of a whole as it is read: 12%, or 0.4% where it is small."""
        return str(
            self(
                "numbers.share",
                percent=f"{100 * value:.1f}".removesuffix(".0") if value < 0.1 else f"{100 * value:.0f}",
            )
        )

    def day(self, day: dt.date | None) -> str:
        """A day in full: 22 September 2023. Empty where there is none."""
        if day is None:
            return ""
        return str(self("dates.day", day=day.day, month=self._months[day.month - 1], year=day.year))

    def short_day(self, day: dt.date | None) -> str:
        """A day in short: 22 Sep 2023."""
        if day is None:
            return ""
        return str(self("dates.day", day=day.day, month=self._short_months[day.month - 1], year=day.year))

    def month(self, day: dt.date) -> str:
        """The month of a day: Sep 2023."""
        return str(self("dates.month", month=self._short_months[day.month - 1], year=day.year))


@cache
def catalogue(language: str = "en") -> Catalogue:
    """The strings of one language. Raises `FileNotFoundError` where there is no such file."""
    text = files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return Catalogue(tomllib.loads(text))
