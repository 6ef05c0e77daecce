"""How values and numbers are said in short."""

from __future__ import annotations

__all__ = ["brief", "counted"]

BRIEF_CHARS = 60
"""Of one text within the line that a value prints."""


def brief(text: str, *, chars: int = BRIEF_CHARS) -> str:
    """`text` as Python would quote it, on one line, cut with "…" where it has more than `chars` characters."""
    return repr(text if len(text) <= chars else text[: chars - 1] + "…")


def counted(number: int, word: str, plural: str = "") -> str:
    """The number and the word: "1 article", "1,234 articles"."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"
