"""The seam between text and names: a passage goes in, spans come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Passage", "Recogniser", "Span"]

TITLE_BREAK = "\n\n"
"""Stands between title and body: a blank line, which no name crosses."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of one article, as a recogniser sees it."""

    title: str
    body: str

    @property
    def text(self) -> str:
        """Title, a blank line, body; the body alone where there is no title. Offsets count in this string."""
        return f"{self.title}{TITLE_BREAK}{self.body}" if self.title else self.body

    @property
    def body_start(self) -> int:
        """Where the body begins in `text`."""
        return len(self.title) + len(TITLE_BREAK) if self.title else 0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a passage's text that names something."""

    start: int
    """First character, counted in `Passage.text`."""
    end: int
    """One past the last character."""
    kind: str
    """person, place or organisation."""
    confidence: float
    """How sure the recogniser is, in [0, 1]."""


class Recogniser(Protocol):
    """Anything that finds names. One with a true `english_only` is given no article certainly in another language."""

    def spans(self, passages: Sequence[Passage]) -> list[list[Span]]:
        """For each passage its spans, in reading order, never overlapping."""
        ...
