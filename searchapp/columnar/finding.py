"""Where given words stand in a text, without looking at all the others."""

from __future__ import annotations

import re
from collections.abc import Collection

from searchapp.columnar.analysis import Analysis

__all__ = ["WordFinder"]

FEW_FORMS = 48
"""So many forms are looked for one by one; for more, every stretch of the text is looked up."""
REMEMBERED = 20_000

_STRETCH = re.compile(r"\S+")
_FOREIGN = re.compile(r"\S*[^\x00-\x7f]\S*")


class WordFinder:
    """Finds the tokens whose form is one of some. Keep one for all the texts of a search."""

    def __init__(self, analysis: Analysis, forms: Collection[str]) -> None:
        """`analysis` as the texts were indexed with; its forms must be lower case."""
        self._analysis = analysis
        self._wanted = frozenset(form for form in forms if form)
        self._seen: dict[str, tuple[tuple[int, int, str], ...]] = {}
        # A form that is within another form is found along with it.
        self._short = (
            [form for form in self._wanted if not any(other != form and other in form for other in self._wanted)]
            if len(self._wanted) <= FEW_FORMS
            else []
        )

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end (exclusive) and form of each token found, in order."""
        if not self._wanted:
            return []
        lowered = text.lower()
        if not self._short or len(lowered) != len(text):
            spans = [match.span() for match in _STRETCH.finditer(text)]
        else:
            spans = self._candidates(text, lowered)
        found = []
        seen = self._seen
        for start, end in spans:
            stretch = text[start:end]
            inside = seen.get(stretch)
            if inside is None:
                inside = self._look(stretch)
            for low, high, form in inside:
                found.append((start + low, start + high, form))
        return found

    def _candidates(self, text: str, lowered: str) -> list[tuple[int, int]]:
        """The stretches without white space that may hold one of the forms, in order."""
        spans: set[tuple[int, int]] = set()
        for form in self._short:
            place = lowered.find(form)
            while place >= 0:
                start = place
                while start and not text[start - 1].isspace():
                    start -= 1
                match = _STRETCH.match(text, start)
                end = match.end() if match else place + 1
                spans.add((start, end))
                place = lowered.find(form, end)
        if not text.isascii():
            # An accent, or a curly apostrophe, hides a form from a plain search.
            spans.update(match.span() for match in _FOREIGN.finditer(text))
        return sorted(spans)

    def _look(self, stretch: str) -> tuple[tuple[int, int, str], ...]:
        form_of = self._analysis.form
        found = []
        for token in self._analysis.token.finditer(stretch):
            form = form_of(token.group())
            if form in self._wanted:
                found.append((*token.span(), form))
        if len(self._seen) >= REMEMBERED:
            self._seen.clear()
        inside = self._seen[stretch] = tuple(found)
        return inside
