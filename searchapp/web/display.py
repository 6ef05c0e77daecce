"""How one reader wants pages to look, as a cookie keeps it: colours, density of lists, and whether keys do anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from types import MappingProxyType

__all__ = ["CHOICES", "COOKIE", "Display", "read_display"]

COOKIE = "searchapp"
MAX_COOKIE_CHARS = 4_000

CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"theme": ("system", "light", "dark"), "list": ("roomy", "dense"), "keys": ("on", "off")}
)
"""What can be chosen, the usual first. No word stands for two things."""


@dataclass(frozen=True, slots=True)
class Display:
    """What a reader chose; the same for whoever chose nothing."""

    chosen: Mapping[str, str]
    """Every name of `CHOICES` to one of its words."""

    @classmethod
    def of(cls, words: Iterable[str]) -> Display:
        """With these words, whatever order they are in; what means nothing is passed over."""
        given = set(words)
        chosen = {name: next((w for w in known[1:] if w in given), known[0]) for name, known in CHOICES.items()}
        return cls(MappingProxyType(chosen))

    def choosing(self, **changes: str) -> Display:
        """With one more choice; what means nothing changes nothing."""
        known = {name: word for name, word in changes.items() if word in CHOICES.get(name, ())}
        return Display.of({**self.chosen, **known}.values())

    @property
    def kept(self) -> str:
        """As the cookie keeps it; empty where nothing was chosen."""
        return ".".join(word for name, word in self.chosen.items() if word != CHOICES[name][0])


def read_display(cookies: str) -> Display:
    """What a header of cookies says. It raises for none."""
    if not cookies or COOKIE not in cookies or len(cookies) > MAX_COOKIE_CHARS:
        return Display.of(())
    try:
        morsel = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return Display.of(())
    return Display.of(morsel.value.split(".") if morsel else ())
