"""How a text becomes words, as the caller of an index has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Analysis"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """How a text becomes words. Handed in by the caller; only its name is stored in the index."""

    name: str
    token: re.Pattern[str]
    """Finds the tokens of a text. No token may hold white space or control characters, nor depend on what lies
    behind them."""
    form: Callable[[str], str]
    """A token to the form that exact searches see; empty means that it is no word."""
    stem: Callable[[str], str]
    """A form to the stem that searches usually see."""

    def forms(self, text: str) -> list[str]:
        """The forms of a text in order; a word's position is its place in this list."""
        return [form for token in self.token.findall(text) if (form := self.form(token))]
