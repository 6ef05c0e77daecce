"""Where given words stand in a text, without looking at all the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

from searchapp.language.words import TOKEN, pieces_of, words_of

__all__ = ["WordFinder"]

FEW_PIECES = 12
"""So many pieces of words are looked for one by one; for more, every stretch of the text is looked up."""
REMEMBERED = 20_000
LONGEST_REMEMBERED = 64

_STRETCH = re.compile(r"(?:\S|(?<=[-\u00ad\u2010\u2011])\n)+")
# Whatever a dash, quotation mark or ellipsis stands in, a piece of the form stands beside it. All of ASCII in one range
# keeps the search quick.
_HIDING = re.compile("[^\x00-\x7f\u2010-\u2027\u2039\u203a\xab\xbb]")
# Initials, in small letters: each letter of a form is followed by a full stop.
_INITIALS = re.compile(r"\.[a-z](?![a-z])")
MOST_INITIALS = 9

_Word: TypeAlias = tuple[int, int, str]
_Words: TypeAlias = tuple[_Word, ...]


class WordFinder:
    """Finds the words whose form is one of some. Keep one for all the texts of a search."""

    def __init__(
        self,
        forms: Collection[str],
        *,
        token: re.Pattern[str] = TOKEN,
        words: Callable[[str], list[_Word]] = words_of,
        pieces: Callable[[str], Collection[str]] = pieces_of,
    ) -> None:
        """`token` and `words` as the texts were indexed with, `pieces` those that a form is found by.

        The forms and pieces must be lower case, and the pieces hold no dash, quotation mark or ellipsis.
        """
        wanted = frozenset(form for form in forms if form)
        self._inside = _Inside(token, words, wanted)
        self._pieces = _pieces(frozenset(piece for form in wanted for piece in pieces(form)))
        self._dotted = any(1 < len(form) <= MOST_INITIALS and form.isalpha() and form.isascii() for form in wanted)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end (exclusive) and form of each word found, in order; a compound stands beside its parts."""
        inside = self._inside
        if not inside.wanted:
            return []
        lowered = text.lower()
        if not self._pieces or len(lowered) != len(text):
            return self._in_every_stretch(text)
        found = self._around_pieces(text, lowered)
        hidden = [] if text.isascii() else self._around(_HIDING.finditer(text), text)
        if self._dotted:
            hidden += self._around(_INITIALS.finditer(lowered), text)
        if len(self._pieces) == 1 and not hidden:
            return found
        # An accent hides a form from a plain search, and so do full stops.
        found += hidden
        # A stretch with several pieces was taken with each of them.
        found.sort()
        return list(dict.fromkeys(found))

    def _around_pieces(self, text: str, lowered: str) -> list[tuple[int, int, str]]:
        """What is in the stretches without a space that hold one of the pieces."""
        found = []
        inside = self._inside
        find = lowered.find
        for piece in self._pieces:
            place = find(piece)
            while place >= 0:
                start = place if lowered[place - 1] == " " else lowered.rfind(" ", 0, place) + 1
                end = find(" ", place)
                if end < 0:
                    end = len(text)
                for low, high, form in inside[text[start:end]]:
                    found.append((start + low, start + high, form))
                place = find(piece, end)
        return found

    def _around(self, hiding: Iterable[re.Match[str]], text: str) -> list[tuple[int, int, str]]:
        """What is in the stretches without a space that may hold a form spelled otherwise."""
        found = []
        end = -1
        for match in hiding:
            place = match.start()
            if place > end:
                start = text.rfind(" ", 0, place) + 1
                end = text.find(" ", place)
                if end < 0:
                    end = len(text)
                for low, high, form in self._inside[text[start:end]]:
                    found.append((start + low, start + high, form))
        return found

    def _in_every_stretch(self, text: str) -> list[tuple[int, int, str]]:
        stretches = text.split(" ")
        chosen = [place for place, inside in enumerate(map(self._inside.__getitem__, stretches)) if inside]
        ends = list(accumulate(map(len, stretches))) if chosen else []
        found = []
        for place in chosen:
            stretch = stretches[place]
            # Each stretch before this one was followed by one space.
            start = ends[place] - len(stretch) + place
            for low, high, form in self._inside[stretch]:
                found.append((start + low, start + high, form))
        return found


class _Inside(dict[str, _Words]):
    """Stretches to the tokens to find in them: start, end and form."""

    def __init__(self, token: re.Pattern[str], words: Callable[[str], list[_Word]], wanted: frozenset[str]) -> None:
        super().__init__()
        self.wanted = wanted
        self._token = token
        self._words = words
        self._long: tuple[str, _Words] = ("", ())

    def __missing__(self, stretch: str) -> _Words:
        if len(stretch) > LONGEST_REMEMBERED:
            # One is kept, as it is asked for again for each piece that is in it.
            if stretch != self._long[0]:
                self._long = stretch, self._in_long(stretch)
            return self._long[1]
        if len(self) >= REMEMBERED:
            self.clear()
        words = _words_in(self._token, self._words, stretch)
        found = self[stretch] = tuple([word for word in words if word[2] in self.wanted])
        return found

    def _in_long(self, stretch: str) -> _Words:
        """The same where a text has hardly any spaces: other white space, or a script without it."""
        found = []
        held: dict[str, list[_Word]] = {}
        for match in _STRETCH.finditer(stretch):
            first, last = match.span()
            if last - first <= LONGEST_REMEMBERED:
                found += [(first + low, first + high, form) for low, high, form in self[match.group()]]
                continue
            for token in self._token.finditer(stretch, first, last):
                name = token.group()
                own = held.get(name)
                if own is None:
                    if len(held) >= REMEMBERED:
                        held.clear()
                    own = held[name] = [word for word in self._words(name) if word[2] in self.wanted]
                start = token.start()
                found += [(start + low, start + high, form) for low, high, form in own]
        return tuple(sorted(found))


# Searches look for different words, but many of them for the same ones, with the same marks around them.
@lru_cache(maxsize=REMEMBERED)
def _words_in(pattern: re.Pattern[str], words: Callable[[str], list[_Word]], stretch: str) -> _Words:
    """Start, end and form of the words of a stretch of text, in order."""
    found: list[_Word] = []
    for token in pattern.finditer(stretch):
        start = token.start()
        found += [(start + low, start + high, form) for low, high, form in words(token.group())]
    return tuple(sorted(found))


def _pieces(forms: frozenset[str]) -> list[str]:
    """A few texts of which every form holds one; empty where a few are not enough."""
    ordered = sorted(forms)
    # Short pieces are in more other words, so they come last.
    for chars in (4, 3):
        beginnings = _beginnings(ordered, chars)
        if len(beginnings) <= FEW_PIECES:
            return [piece for piece in beginnings if not any(o != piece and o in piece for o in beginnings)]
        endings = _beginnings(sorted(form[::-1] for form in forms), chars)
        if len(endings) <= FEW_PIECES:
            return [piece[::-1] for piece in endings]
    return []


def _beginnings(ordered: list[str], chars: int) -> list[str]:
    """What the forms begin with: at least `chars` letters that neighbours share, or a whole form."""
    found = ordered[:1]
    for form in ordered[1:]:
        shared = found[-1]
        while not form.startswith(shared):
            shared = shared[:-1]
        if len(shared) >= chars or shared == found[-1]:
            found[-1] = shared
        else:
            found.append(form)
    return found
