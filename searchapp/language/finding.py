"""Where given words stand in a text, without looking at all the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from itertools import accumulate

from searchapp.language.words import TOKEN, fold

__all__ = ["WordFinder"]

FEW_PIECES = 12
"""So many pieces of words are looked for one by one; for more, every stretch of the text is looked up."""
REMEMBERED = 20_000
LONGEST_REMEMBERED = 64

_STRETCH = re.compile(r"\S+")
# No dash, quotation mark or ellipsis is part of a word. All of ASCII in one range keeps the search quick.
_HIDING = re.compile("[^\x00-\x7f\u2010-\u2018\u201a-\u2027\u2039\u203a\xab\xbb]")
_HIDING_NO_APOSTROPHE = re.compile("[^\x00-\x7f\u2010-\u2027\u2039\u203a\xab\xbb]")

_Tokens = tuple[tuple[int, int, str], ...]


class WordFinder:
    """Finds the tokens whose form is one of some. Keep one for all the texts of a search."""

    def __init__(
        self, forms: Collection[str], *, token: re.Pattern[str] = TOKEN, form: Callable[[str], str] = fold
    ) -> None:
        """`token` and `form` as the texts were indexed with.

        The forms must be lower case, hold no dash, quotation mark or ellipsis, and a curly apostrophe only as a
        straight one; and no token may depend on the case of ASCII letters.
        """
        wanted = frozenset(form for form in forms if form)
        self._inside = _Inside(token, form, wanted)
        self._pieces = _pieces(wanted)
        self._hiding = _HIDING if any("'" in form for form in wanted) else _HIDING_NO_APOSTROPHE

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end (exclusive) and form of each token found, in order."""
        inside = self._inside
        if not inside.wanted:
            return []
        lowered = text.lower()
        if not self._pieces or len(lowered) != len(text):
            return self._in_every_stretch(text)
        if text.isascii():
            # Lower case has fewer different stretches to take apart.
            found = self._around_pieces(lowered, lowered)
            if len(self._pieces) == 1:
                return found
        else:
            # An accent, or a curly apostrophe, hides a form from a plain search.
            found = self._around_pieces(text, lowered) + self._around_hiding(text)
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

    def _around_hiding(self, text: str) -> list[tuple[int, int, str]]:
        """What is in the stretches without a space that may hold a form spelled otherwise."""
        found = []
        end = -1
        for match in self._hiding.finditer(text):
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


class _Inside(dict[str, _Tokens]):
    """Stretches to the tokens to find in them: start, end and form."""

    def __init__(self, token: re.Pattern[str], form: Callable[[str], str], wanted: frozenset[str]) -> None:
        super().__init__()
        self.wanted = wanted
        self._token = token
        self._form = form
        self._long: tuple[str, _Tokens] = ("", ())

    def __missing__(self, stretch: str) -> _Tokens:
        if len(stretch) > LONGEST_REMEMBERED:
            # One is kept, as it is asked for again for each piece that is in it.
            if stretch != self._long[0]:
                self._long = stretch, self._in_long(stretch)
            return self._long[1]
        if len(self) >= REMEMBERED:
            self.clear()
        tokens = _tokens(self._token, self._form, stretch)
        found = self[stretch] = tuple([token for token in tokens if token[2] in self.wanted])
        return found

    def _in_long(self, stretch: str) -> _Tokens:
        """The same where a text has hardly any spaces: other white space, or a script without it."""
        found = []
        forms: dict[str, str] = {}
        for match in _STRETCH.finditer(stretch):
            first, last = match.span()
            if last - first <= LONGEST_REMEMBERED:
                found += [(first + low, first + high, form) for low, high, form in self[match.group()]]
                continue
            for token in self._token.finditer(stretch, first, last):
                word = token.group()
                form = forms.get(word)
                if form is None:
                    if len(forms) >= REMEMBERED:
                        forms.clear()
                    form = forms[word] = self._form(word)
                if form in self.wanted:
                    found.append((*token.span(), form))
        return tuple(found)


# Searches look for different words, but many of them for the same ones, with the same marks around them.
@lru_cache(maxsize=REMEMBERED)
def _tokens(pattern: re.Pattern[str], form: Callable[[str], str], stretch: str) -> _Tokens:
    """Start, end and form of the tokens of a stretch of text."""
    return tuple([(*token.span(), form(token.group())) for token in pattern.finditer(stretch)])


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
