"""The passages of an article that show why it matched, and every match in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from searchapp.analysis import TOKEN, fold, stem
from searchapp.columnar import WordFinder
from searchapp.engines.matching import edit_distance_within, pattern_regex
from searchapp.engines.whoosh.schema import ENGLISH
from searchapp.model import query as q
from searchapp.model.result import Snippet

__all__ = ["Marker"]

SNIPPET_CHARS = 240
"""About how long a snippet is."""
PASSAGES = 2
"""At most so many passages make a snippet."""
BETWEEN = " … "

_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+|\n+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Marker:
    """Finds what one query matches. Keep one for all the hits of a search: it remembers the words it has seen."""

    query: q.Query
    forms: frozenset[str] | None = None
    """Every form that a match may have, where the engine knows them: then other words are not looked at."""
    _finder: WordFinder | None = field(init=False, repr=False)
    _tests: tuple[Callable[[str], bool], ...] = field(init=False, repr=False)
    _phrases: tuple[tuple[int, ...], ...] = field(init=False, repr=False)
    _title_only: frozenset[int] = field(init=False, repr=False)
    _seen: dict[str, tuple[int, ...]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        tests: list[Callable[[str], bool]] = []
        phrases: list[tuple[int, ...]] = []
        title_only: set[int] = set()
        for node in _positive(self.query):
            first = len(tests)
            if isinstance(node, q.Phrase):
                tests += [_equal(word) if node.exact else _same_stem(word) for word in node.words]
                phrases.append(tuple(range(first, len(tests))))
            elif isinstance(node, q.Term):
                tests.append(_same_stem(node.word))
                phrases.append((first,))
            elif isinstance(node, q.Wildcard):
                tests.append(_fits(node.pattern))
                phrases.append((first,))
            else:
                tests.append(_spelled(node))
                phrases.append((first,))
            if node.title_only:
                title_only.add(len(phrases) - 1)
        object.__setattr__(self, "_tests", tuple(tests))
        object.__setattr__(self, "_finder", None if self.forms is None else WordFinder(ENGLISH, self.forms))
        object.__setattr__(self, "_phrases", tuple(phrases))
        object.__setattr__(self, "_title_only", frozenset(title_only))

    def ranges(self, text: str, *, title: bool = False) -> list[tuple[int, int]]:
        """Every match in `text` as characters, end exclusive, in order, never overlapping.

        With `title` also what the query looks for in titles only.
        """
        return [(start, end) for start, end, _ in self._matches(text, title=title)]

    def snippet(self, text: str) -> Snippet:
        """The best passages of `text` with every match in them; its beginning where nothing matches."""
        matches = self._matches(text, title=False)
        if not matches:
            start, end = _trimmed(text, 0, _cut(text, 0, SNIPPET_CHARS))
            return _joined(text, [(start, end)], [])
        windows = _best_windows(text, matches)
        return _joined(text, windows, [(start, end) for start, end, _ in matches])

    def _words(self, text: str) -> list[tuple[int, int, tuple[int, ...]]]:
        """Start and end of the words that may match, in order, and which of the tests each passes."""
        seen, tests = self._seen, self._tests
        words: list[tuple[int, int, tuple[int, ...]]] = []
        if self._finder is not None:
            for start, end, form in self._finder.find(text):
                passed = seen.get(form)
                if passed is None:
                    passed = seen[form] = _passed(tests, form)
                words.append((start, end, passed))
            return words
        for token in TOKEN.finditer(text):
            word = token.group()
            passed = seen.get(word)
            if passed is None:
                passed = seen[word] = _passed(tests, fold(word))
            if passed:
                words.append((token.start(), token.end(), passed))
        return words

    def _matches(self, text: str, *, title: bool) -> list[tuple[int, int, int]]:
        """Start, end and which part of the query, longest first where they overlap."""
        if not self._tests:
            return []
        at = self._words(text)
        found: list[tuple[int, int, int]] = []
        for number, phrase in enumerate(self._phrases):
            if number in self._title_only and not title:
                continue
            for i, (start, end, passed) in enumerate(at):
                if phrase[0] not in passed:
                    continue
                # The words that follow must do so directly; words that match nothing may not be in the list.
                last = i
                for part in phrase[1:]:
                    last += 1
                    if last >= len(at) or part not in at[last][2] or TOKEN.search(text, at[last - 1][1], at[last][0]):
                        break
                    end = at[last][1]
                else:
                    found.append((start, end, number))
        found.sort(key=lambda match: (match[0], -match[1]))
        kept: list[tuple[int, int, int]] = []
        for match in found:
            if not kept or match[0] >= kept[-1][1]:
                kept.append(match)
        return kept


def _passed(tests: tuple[Callable[[str], bool], ...], form: str) -> tuple[int, ...]:
    return tuple(i for i, test in enumerate(tests) if form and test(form))


def _positive(query: q.Query) -> Iterable[q.Term | q.Phrase | q.Wildcard | q.Fuzzy]:
    """The parts of a query that a matching article shows, left to right; nothing under a NOT."""
    if isinstance(query, q.And | q.Or):
        for child in query.children:
            yield from _positive(child)
    elif isinstance(query, q.Term | q.Phrase | q.Wildcard | q.Fuzzy):
        yield query


def _equal(word: str) -> Callable[[str], bool]:
    return lambda form: form == word


def _same_stem(word: str) -> Callable[[str], bool]:
    wanted = stem(word)
    return lambda form: stem(form) == wanted


def _fits(pattern: str) -> Callable[[str], bool]:
    regex = pattern_regex(pattern)
    return lambda form: regex.fullmatch(form) is not None


def _spelled(node: q.Fuzzy) -> Callable[[str], bool]:
    return lambda form: edit_distance_within(node.word, form, node.edits)


def _best_windows(text: str, matches: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """The passages with most different parts of the query, then most matches, then earliest; in text order."""
    chars = SNIPPET_CHARS
    windows: list[tuple[int, int]] = []
    covered: set[int] = set()
    every = {part for _, _, part in matches}
    for _ in range(PASSAGES):
        best: tuple[int, int, int] | None = None
        last = 0
        for i, (start, _, _) in enumerate(matches):
            if windows and any(begin <= start < stop for begin, stop in windows):
                continue
            last = max(last, i)
            while last < len(matches) and matches[last][1] <= start + chars * 3 // 4:
                last += 1
            inside = every if len(every) == 1 else {part for _, _, part in matches[i:last]}
            parts = inside - covered
            worth = (len(parts), last - i, -start)
            if (parts or not windows) and (best is None or worth > best):
                best = worth
        if best is None:
            break
        start, end = _window(text, -best[2], chars)
        windows.append((start, end))
        covered |= {part for begin, stop, part in matches if start <= begin and stop <= end}
        if len(covered) == len(every):
            break
        # The first passage keeps its length; a second one only adds what the first does not show.
        chars = SNIPPET_CHARS // 2
    merged: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, match: int, chars: int) -> tuple[int, int]:
    """About `chars` characters around a match: from the start of its sentence where that is near."""
    earliest = max(0, match - chars // 3)
    start = earliest
    for boundary in _SENTENCE_END.finditer(text, earliest, match):
        start = boundary.end()
    if start == earliest and earliest > 0:
        space = _SPACES.search(text, earliest, match)
        start = space.end() if space else match
    return _trimmed(text, start, _cut(text, start, chars))


def _cut(text: str, start: int, chars: int) -> int:
    """Where a passage from `start` ends: at a space, unless there is none for long."""
    end = start + chars
    if end >= len(text):
        return len(text)
    spaces = [space.start() for space in _SPACES.finditer(text, start + chars * 2 // 3, end + 1)]
    return spaces[-1] if spaces else end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _joined(text: str, windows: list[tuple[int, int]], matches: list[tuple[int, int]]) -> Snippet:
    """One line of text from the passages, white space made single, and the ranges of the matches in it."""
    parts: list[str] = []
    ranges: list[tuple[int, int]] = []
    length = 0

    def put(piece: str) -> None:
        nonlocal length
        parts.append(piece)
        length += len(piece)

    for number, (start, end) in enumerate(windows):
        if number or start > 0:
            put(BETWEEN if number else BETWEEN.lstrip())
        at = start
        for begin, stop in matches:
            if start <= begin and stop <= end:
                put(_SPACES.sub(" ", text[at:begin]))
                marked = length
                put(_SPACES.sub(" ", text[begin:stop]))
                ranges.append((marked, length))
                at = stop
        put(_SPACES.sub(" ", text[at:end]))
    if windows and windows[-1][1] < len(text.rstrip()):
        put(BETWEEN.rstrip())
    return Snippet("".join(parts), tuple(ranges))
