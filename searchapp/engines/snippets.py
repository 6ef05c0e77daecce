"""The passages of an article that show why it matched, and every match in a text."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from searchapp import compiled
from searchapp.engines.matching import Held, edit_distance_within, fits_pattern, readings, spots_near
from searchapp.language.finding import WordFinder
from searchapp.language.sentences import BREAK
from searchapp.language.stemming import stem
from searchapp.language.words import TOKEN, apart, joined, words, words_of
from searchapp.model import query as q
from searchapp.model.result import Snippet

__all__ = ["Marker", "Markers"]

SNIPPET_CHARS = 240
"""About how long a snippet is."""
BETWEEN = " … "
MOST_SORTED = 64
"""Of more forms it is not told beforehand which are needed: that takes longer than it saves."""
LEAD_CHARS = 700
"""A passage that starts so near to the beginning and has every part of the query is good enough."""

LONGEST_KEPT = 64
"""Longer stretches of text seldom come again."""

_SPACES = re.compile(r"\s+")
# A word that is broken at the end of a line is not cut.
_CUT = re.compile(r"(?<![-\u00ad\u2010\u2011])\s+")
_INK = re.compile(r"\S")

_Test: TypeAlias = Callable[[str], bool]
"""Whether a form is that of a word of the query."""
_Word: TypeAlias = tuple[int, int, str]
"""Start, end and form of a word that may match."""
_Part: TypeAlias = q.Term | q.Phrase | q.Near | q.Wildcard | q.Fuzzy
_Match: TypeAlias = tuple[int, int, int]
"""Start, end, and which part of the query; matches are in order and never overlap."""


class _Passage(NamedTuple):
    start: int
    end: int
    matches: list[_Match]
    """Those that lie whole in it."""


class Markers:
    """Finds what one query matches in articles of whatever languages. Keep one for all the hits of a search."""

    def __init__(self, query: q.Query, forms: frozenset[str] | None = None) -> None:
        """`forms` as for `Marker`."""
        self._query = query
        self._known = forms
        self._markers: dict[str, Marker] = {}

    def of(self, language: str) -> Marker:
        """The marker for texts that are stemmed in a language."""
        found = self._markers.get(language)
        if found is None:
            found = self._markers[language] = Marker(self._query, self._known, language)
        return found

    def snippets(self, texts: Sequence[tuple[str, str]]) -> list[Snippet]:
        """The snippet of each text, which comes with the language in which it is stemmed."""
        if len({language for _, language in texts}) == 1:
            return self.of(texts[0][1]).snippets([text for text, _ in texts])
        return [self.of(language).snippet(text) for text, language in texts]


class Marker:
    """Finds what one query matches. Keep one for all the hits of a search: it remembers the words it has seen."""

    def __init__(self, query: q.Query, forms: frozenset[str] | None = None, language: str = "") -> None:
        """`forms` is every form that a match may have, where the engine knows them: others are not looked at.

        The texts are stemmed in `language`.
        """
        self._language = language
        nodes = list(_positive(query))
        self._near = [(number, node) for number, node in enumerate(nodes) if isinstance(node, q.Near)]
        # Every reading of a phrase is looked for, as one and the same part of the query.
        ways = [(number, way) for number, node in enumerate(nodes) for way in _ways(node)]
        self._part_of = [number for number, _ in ways]
        tests = [_tests(node, way, language) for number, way in ways for node in [nodes[number]]]
        shown = [number for number, node in enumerate(nodes) if not node.field]
        self._shown = len(shown)
        own = {place: test[0] for place, test in enumerate(tests)}
        self._first = _Passed({place: test for place, test in own.items() if self._part_of[place] in set(shown)})
        self._first_in_title = _Passed(own)
        self._others = [list(zip(test[1:], way[1:], strict=True)) for (_, way), test in zip(ways, tests, strict=True)]
        self._words_of: dict[str, list[_Word]] = {}
        self._known = forms
        self._forms: tuple[tuple[bytes, int], ...] | None = None
        if forms is not None and not any(self._others) and not self._near:
            first, part_of = self._first, self._part_of
            self._forms = tuple([(f.encode(), part_of[at[0]]) for f in forms if f.isascii() and (at := first[f])])
            self._inside = _Inside(self)

    @cached_property
    def _finder(self) -> WordFinder | None:
        forms = self._known
        if forms is not None and any(self._others) and len(forms) <= MOST_SORTED:
            # The other words of a phrase are read where its first one stands.
            forms = frozenset([form for form in forms if self._first_in_title[form]])
        return None if forms is None else WordFinder(forms)

    def ranges(self, text: str, *, title: bool = False) -> list[tuple[int, int]]:
        """Every match in `text` as characters, end exclusive, in order, never overlapping.

        With `title` also what the query looks for in titles only.
        """
        return [(start, end) for start, end, _ in self._matches(text, self._words(text), title=title)]

    def snippets(self, texts: Sequence[str]) -> list[Snippet]:
        """The snippet of each text."""
        if self._forms is None:
            return [self.snippet(text) for text in texts]
        found = compiled.steps.passages(tuple(texts), self._forms, self._inside, self._shown, LEAD_CHARS, SNIPPET_CHARS)
        return [Snippet(*shown) if shown else self.snippet(text) for shown, text in zip(found, texts, strict=True)]

    def matches_in(self, stretch: str) -> list[_Match]:
        """What a text without spaces matches, but for what is looked for in titles only."""
        return self._matches(stretch, self._words(stretch), title=False)

    def snippet(self, text: str) -> Snippet:
        """The best passages of `text` with every match in them; its beginning where nothing matches.

        The best passage has most different parts of the query, then most matches, then comes first; but where one in
        the lead of the article has all parts, later ones are not compared with it. A second passage adds parts that
        the first does not have.
        """
        cut = _CUT.search(text, LEAD_CHARS + SNIPPET_CHARS)
        words = self._words(text[: cut.start()] if cut else text)
        matches = self._matches(text, words, title=False)
        if cut:
            # What starts in the lead also ends before the cut.
            leading = bisect_left(matches, (LEAD_CHARS,))
            if leading and len({part for _, _, part in matches}) == self._shown:
                passage = _best_passage(text, matches, leading)
                if len({part for _, _, part in passage.matches}) == self._shown:
                    return _joined(text, [passage])
            start = cut.start()
            words += [(start + low, start + high, form) for low, high, form in self._words(text[start:])]
            matches = self._matches(text, words, title=False)
        return _joined(text, _best_passages(text, matches))

    def _matches(self, text: str, words: list[_Word], *, title: bool) -> list[_Match]:
        """Those that start with one of the `words`; at each the longest, then the one that the query names first."""
        firsts = self._first_in_title if title else self._first
        found: list[_Match] = self._near_in(text, title=title) if self._near else []
        after = 0
        for start, end, form in words:
            places = firsts[form]
            # A compound begins where its first part does; the longer of the two is marked.
            if not places or (start < after and not (found and found[-1][0] == start)):
                continue
            best = -1
            stop_at = after
            for place in places:
                others = self._others[place]
                stop = _end_of_phrase(text, end, others, alike=not self._language) if others else end
                if stop > stop_at:
                    best, stop_at = place, stop
            if best >= 0:
                if start < after:
                    del found[-1]
                after = stop_at
                found.append((start, after, self._part_of[best]))
        return _without_overlaps(found) if self._near else found

    def _near_in(self, text: str, *, title: bool) -> list[_Match]:
        """The words of the text that stand near each other as asked for."""
        found = list(words(text))
        held = Held.of(found, self._language)
        matches = []
        for number, node in self._near:
            if title or not node.field:
                spots = set().union(*(spots_near(way, node.within, held) for way in readings(node.words)))
                matches += [(found[spot].start, found[spot].end, number) for spot in spots]
        return matches

    def _words(self, text: str) -> list[_Word]:
        """Start, end and form of the words that may match, in order."""
        if self._finder is not None:
            return self._finder.find(text)
        if not self._others:
            return []
        known, firsts = self._words_of, self._first_in_title
        found = []
        for token in TOKEN.finditer(text):
            name = token.group()
            own = known.get(name)
            if own is None:
                own = known[name] = sorted([word for word in words_of(name) if firsts[word[2]]])
            start = token.start()
            found += [(start + low, start + high, form) for low, high, form in own]
        return found


class _Inside(dict[str, tuple[_Match, ...]]):
    """Stretches of text without a space to the matches in them."""

    def __init__(self, marker: Marker) -> None:
        super().__init__()
        self._marker = marker

    def __missing__(self, stretch: str) -> tuple[_Match, ...]:
        kept = tuple(self._marker.matches_in(stretch))
        if len(stretch) <= LONGEST_KEPT:
            self[stretch] = kept
        return kept


class _Passed(dict[str, tuple[int, ...]]):
    """Forms to the numbers of the tests that they pass."""

    def __init__(self, tests: dict[int, _Test]) -> None:
        super().__init__()
        self._tests = tests

    def __missing__(self, form: str) -> tuple[int, ...]:
        passed = self[form] = tuple([number for number, test in self._tests.items() if form and test(form)])
        return passed


def _positive(query: q.Query) -> Iterable[_Part]:
    """The parts of a query that title or body of a match show, left to right; nothing under a NOT."""
    if isinstance(query, q.And | q.Or):
        for child in query.children:
            yield from _positive(child)
    elif isinstance(query, q.Term | q.Phrase | q.Near | q.Wildcard | q.Fuzzy) and query.field in ("", "title"):
        yield query


def _ways(node: _Part) -> list[tuple[str, ...]]:
    """The words that follow each other, in each reading; those that are near each other are looked for elsewhere."""
    match node:
        case q.Phrase(words):
            return readings(words)
        case q.Near():
            return []
        case q.Wildcard(word) | q.Term(word) | q.Fuzzy(word):
            return [(word,)]


def _tests(node: _Part, words: Sequence[str], language: str) -> list[_Test]:
    """What tells the forms of each of the words, in order."""
    match node:
        case q.Wildcard(pattern):
            return [_fits(pattern)]
        case q.Fuzzy():
            return [_spelled(node)]
        case q.Phrase(_, True):
            return [_equal(word) for word in words]
        case _:
            return [_same_stem(word, language) for word in words]


def _equal(word: str) -> _Test:
    return lambda form: joined(form) == word


def _same_stem(word: str, language: str) -> _Test:
    wanted = stem(word, language)
    return lambda form: stem(form, language) == wanted


def _fits(pattern: str) -> _Test:
    return lambda form: fits_pattern(pattern, form)


def _spelled(node: q.Fuzzy) -> _Test:
    return lambda form: edit_distance_within(node.word, form, node.edits)


def _end_of_phrase(text: str, end: int, others: list[tuple[_Test, str]], *, alike: bool) -> int:
    """Where a phrase ends whose first word ends at `end`; -1 where one of its other words does not follow.

    `alike` says that what has the same stem begins with the same letter.
    """
    ends = [end]
    for test, word in others:
        following = []
        for end in ends:
            # Mostly the next word begins with another letter.
            initial = text[end + 1 : end + 2] if alike else ""
            if text[end : end + 1] == " " and initial.isascii() and initial.isalpha() and initial.lower() != word[0]:
                continue
            token = TOKEN.search(text, end)
            while token is not None and not (own := words_of(token.group())):
                token = TOKEN.search(text, token.end())
            if token is None or apart(text, end, token.start()):
                continue
            following += [token.start() + high for low, high, form in own if low == own[0][0] and test(form)]
        ends = following
        if not ends:
            return -1
    return max(ends)


def _without_overlaps(matches: list[_Match]) -> list[_Match]:
    """Of matches that overlap the one that begins first, then the longest."""
    found: list[_Match] = []
    for match in sorted(matches, key=lambda match: (match[0], -match[1], match[2])):
        if not found or match[0] >= found[-1][1]:
            found.append(match)
    return found


def _best_passages(text: str, matches: list[_Match]) -> list[_Passage]:
    """The passages with most different parts of the query, then most matches, then earliest; in text order."""
    if not matches:
        return [_Passage(*_trimmed(text, 0, _cut(text, 0, SNIPPET_CHARS)), [])]
    first = _best_passage(text, matches, len(matches))
    shown = {part for _, _, part in first.matches}
    if shown.issuperset([part for _, _, part in matches]):
        return [first]
    # The first passage keeps its length; a second one only adds what the first does not show.
    chars = SNIPPET_CHARS // 2
    best = _most_parts(matches, chars * 3 // 4, len(matches), besides=(first.start, first.end), shown=shown)
    if best < 0:
        return [first]
    before, after = sorted([first, _passage(text, matches, best, chars)])
    if before.end < after.start:
        return [before, after]
    end = max(before.end, after.end)
    return [_Passage(before.start, end, _within(matches, before.start, end))]


def _best_passage(text: str, matches: list[_Match], count: int) -> _Passage:
    """The best that starts with one of the first `count` matches."""
    reach = SNIPPET_CHARS * 3 // 4
    alike = len({part for _, _, part in matches}) == 1
    best = _most_matches(matches, reach, count) if alike else _most_parts(matches, reach, count)
    return _passage(text, matches, best, SNIPPET_CHARS)


def _most_matches(matches: list[_Match], reach: int, count: int) -> int:
    """Which of the first `count` matches is the first of most that end within `reach` characters of its start."""
    best = most = 0
    for place in range(count):
        limit = matches[place][0] + reach
        while place + most < len(matches) and matches[place + most][1] <= limit:
            best = place
            most += 1
    return best


def _most_parts(
    matches: list[_Match],
    reach: int,
    count: int,
    *,
    besides: tuple[int, int] | None = None,
    shown: Collection[int] = (),
) -> int:
    """Which of the first `count` matches is the first of most parts that end within `reach`, then of most matches.

    `besides` a passage: one that starts outside it and has a part that is not `shown` in it; -1 where none has.
    """
    # A part that is shown is held once from the start: so it never counts as coming in or going out.
    held = [0] * (1 + max([part for _, _, part in matches]))
    for part in shown:
        held[part] = 1
    begin, stop = besides or (0, 0)
    ends = [end for _, end, _ in matches]
    ends.append(sys.maxsize)
    best, most_parts, most = -1, 0, len(matches) if besides else -1
    last = parts = 0
    for place in range(count):
        start, _, own = matches[place]
        limit = start + reach
        if last < place:
            last = place
        while ends[last] <= limit:
            part = matches[last][2]
            if not held[part]:
                parts += 1
            held[part] += 1
            last += 1
        if parts >= most_parts and (parts > most_parts or last - place > most) and not begin <= start < stop:
            best, most_parts, most = place, parts, last - place
        if last > place:
            held[own] -= 1
            if not held[own]:
                parts -= 1
    return best


def _within(matches: list[_Match], start: int, end: int) -> list[_Match]:
    """The matches that lie whole between two places of the text."""
    first = last = bisect_left(matches, (start,))
    while last < len(matches) and matches[last][1] <= end:
        last += 1
    return matches[first:last]


def _passage(text: str, matches: list[_Match], place: int, chars: int) -> _Passage:
    """About `chars` characters around a match: from the start of its sentence where that is near."""
    match = matches[place][0]
    earliest = start = max(0, match - chars // 3)
    for boundary in BREAK.finditer(text, earliest, match):
        start = boundary.end()
    if start == earliest and earliest > 0:
        space = _SPACES.search(text, earliest, match)
        start = space.end() if space else match
    start, end = _trimmed(text, start, _cut(text, start, chars))
    return _Passage(start, end, _within(matches, start, end))


def _cut(text: str, start: int, chars: int) -> int:
    """Where a passage from `start` ends: at a space, unless there is none for long."""
    end = start + chars
    if end >= len(text):
        return len(text)
    earliest = start + chars * 2 // 3
    for at in range(end, earliest - 1, -1):
        if text[at].isspace():
            return at
    return end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _joined(text: str, passages: list[_Passage]) -> Snippet:
    """One line of text from the passages, white space made single, and the ranges of the matches in it."""
    pieces: list[str] = []
    ranges: list[tuple[int, int]] = []
    length = 0

    def put(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    for number, (start, end, inside) in enumerate(passages):
        if number or start > 0:
            put(BETWEEN if number else BETWEEN.lstrip())
        passage = text[start:end].replace("\n\n", " ")
        if _is_even(passage):
            # Usual text: between paragraphs an empty line, of which one character goes, and else single spaces.
            for begin, stop, _ in inside:
                ranges.append(
                    (
                        length + begin - start - text.count("\n\n", start, begin),
                        length + stop - start - text.count("\n\n", start, stop),
                    )
                )
            put(passage)
            continue
        at = start
        for begin, stop, _ in inside:
            put(_SPACES.sub(" ", text[at:begin]))
            marked = length
            put(_SPACES.sub(" ", text[begin:stop]))
            ranges.append((marked, length))
            at = stop
        put(_SPACES.sub(" ", text[at:end]))
    if _INK.search(text, passages[-1].end):
        put(BETWEEN.rstrip())
    return Snippet("".join(pieces), tuple(ranges))


def _is_even(text: str) -> bool:
    """Whether all white space is single spaces, as far as this can be told at once."""
    # Of all white space only the space is printable.
    return text.isprintable() and "  " not in text
