"""How a text becomes words, as the caller of an index has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Analysis"]

_EMPTY_LINE = re.compile(r"\n[\x00-\x20]*\n[\x00-\x20]*")


@dataclass(frozen=True, slots=True)
class Analysis:
    """How a text becomes words. Handed in by the caller; only its name is stored in the index.

    Words stand at places. A compound, whose form has hyphens between its parts, stands at that of its first part, which
    is the word before it, and takes as many places as it has parts. Every other word has a place of its own, and each
    empty line between two words is one more.
    """

    name: str
    token: re.Pattern[str]
    """Finds the tokens of a text. No token may hold white space or control characters in a text that is `mended`, nor
    depend on what lies behind them."""
    words: Callable[[str], Iterable[tuple[int, int, str]]]
    """Start, end and form of the words of a token, in order."""
    stem: Callable[[str], str]
    """A form to the stem that searches usually see; exact ones see the form."""
    mended: Callable[[str], str] = lambda text: text
    """A text to one with the same words at the same places, in which no word holds a line break."""

    @classmethod
    def of_tokens(
        cls, name: str, token: re.Pattern[str], form: Callable[[str], str], stem: Callable[[str], str]
    ) -> Analysis:
        """One in which every token is one word of that form, and none where its form is empty."""
        return cls(name, token, lambda found: [(0, len(found), own)] if (own := form(found)) else [], stem)

    def read(self, text: str) -> Iterator[tuple[int, int, str, int]]:
        """Start, end, form and place of the words of a text, in order."""
        place = -1
        last = len(text) - len(text.lstrip("".join(map(chr, range(33)))))
        for token in self.token.finditer(text):
            start = token.start()
            place += sum(1 for _ in _EMPTY_LINE.finditer(text, last, start))
            for low, high, form in self.words(token.group()):
                place += "-" not in form
                yield start + low, start + high, form, place
            last = token.end()

    def forms(self, text: str) -> list[str]:
        """The form of every word of a text but the compounds, in order."""
        return [form for _, _, form, _ in self.read(text) if "-" not in form]
