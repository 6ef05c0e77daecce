"""Where a regular expression can read one text in many ways: what may take it more than linear time, as attacks.

An expression becomes an automaton of positions (Glushkov), and pumps are searched for in its products with itself, as
in Weideman et al., "Analyzing Matching Time Behavior of Backtracking Regular Expression Matchers" (CIAA 2016): a word
that leads from a state to itself in two ways makes it exponential, one that leads from p to p, from p to q and from q
to q makes it polynomial. A search may begin anywhere, so it has a state in front that reads everything.
"""

from __future__ import annotations

import re
import re._compiler as compiler
import re._constants as op
import re._parser as parser
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

__all__ = ["Attack", "attacks_on"]

_UNICODE = "éßİıſK—–’“”…\u00a0\u2028\u0085\u0301中🙂١Ωж\ufeff\ud800"
_MANY = 60
"""A repetition bounded higher than this is treated as one without a bound."""
_MOST_STATES = 3_000
_MOST_STEPS = 40_000
"""In the products of one automaton with itself, before what was found is all there is."""
_MOST_ATTACKS = 8
_MOST_ALIKE = 2
_MOST_WORDS = 4
_MOST_SUFFIXES = 7


@dataclass(frozen=True, slots=True)
class Attack:
    """A text that may cost too much: `prefix`, then `pump` many times, then each of `suffixes`."""

    prefix: str
    pump: str
    suffixes: tuple[str, ...]


@dataclass(slots=True)
class _Part:
    """Which positions a piece of the expression begins and ends with."""

    nullable: bool
    first: set[int] = field(default_factory=set)
    last: set[int] = field(default_factory=set)


class _Automaton:
    def __init__(self, pattern: re.Pattern[Any], *, search: bool, may_follow: bool) -> None:
        self.is_bytes = isinstance(pattern.pattern, bytes)
        self.keeps: dict[int, frozenset[str]] = {}
        self.looks = False
        self.steps_made = self.loops = 0
        self.reached: dict[tuple[int, bool], set[int]] = {}
        self.flags = pattern.flags
        self.sets: list[frozenset[str]] = []
        self.follow: list[set[int]] = []
        tree = parser.parse(pattern.pattern, pattern.flags)
        written = pattern.pattern.decode("latin-1") if self.is_bytes else pattern.pattern
        samples = {chr(code) for code in range(128)} | set(written)
        samples |= {chr(code) for code in range(128, 256)} if self.is_bytes else set(_UNICODE)
        self.samples = "".join(sorted(samples))
        self.start = self._position(frozenset())
        whole = self._part(tree)
        # A text that is read up to one of these matches, whatever follows.
        self.done = set() if self.looks or not may_follow else whole.last
        self._join({self.start}, whole.first)
        if search:
            anywhere = self._position(frozenset(self.samples))
            self._join({self.start, anywhere}, {anywhere})
            self._join({anywhere}, whole.first)
        self.letters = self._minterms()
        self.before: list[set[int]] = [set() for _ in self.sets]
        for state, followers in enumerate(self.follow):
            for follower in followers:
                self.before[follower].add(state)
        self.steps: dict[int, dict[str, list[int]]] = {}
        self.looping = self._loops()

    def _followers(self, state: int, letter: str) -> list[int]:
        if letter in self.keeps.get(state, ()):
            return [state]
        return [follower for follower in self.follow[state] if letter in self.sets[follower]]

    def _position(self, letters: frozenset[str]) -> int:
        self.sets.append(letters)
        self.follow.append(set())
        return len(self.sets) - 1

    def _join(self, before: set[int], after: set[int]) -> None:
        for position in before:
            self.follow[position] |= after

    def _part(self, items: Any) -> _Part:
        whole = _Part(nullable=True)
        for item in items:
            whole = self._in_sequence(whole, self._one(*item))
        return whole

    def _in_sequence(self, left: _Part, right: _Part) -> _Part:
        self._join(left.last, right.first)
        return _Part(
            left.nullable and right.nullable,
            left.first | (right.first if left.nullable else set()),
            right.last | (left.last if right.nullable else set()),
        )

    def _one(self, kind: Any, value: Any) -> _Part:
        if kind in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN):
            position = self._position(self._letters(kind, value))
            return _Part(nullable=False, first={position}, last={position})
        if kind is op.SUBPATTERN:
            return self._part(value[-1])
        if kind is op.ATOMIC_GROUP:
            return self._part(value)
        if kind is op.BRANCH:
            # Of a list of names a few stand for all.
            told = [branch for branch in value[1] if "REPEAT" in str(branch)]
            plain = [branch for branch in value[1] if "REPEAT" not in str(branch)]
            parts = [self._part(branch) for branch in (*told[: 3 * _MOST_ALIKE], *plain[:_MOST_ALIKE])]
            return _Part(
                any(part.nullable for part in parts),
                set().union(*(part.first for part in parts)),
                set().union(*(part.last for part in parts)),
            )
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            return self._repeated(kind, *value)
        if kind in (op.ASSERT, op.ASSERT_NOT):
            self.looks = True
            # What is looked at ahead costs its time too, and leads nowhere.
            inside = self._part(value[1]) if value[0] > 0 else _Part(nullable=True)
            return _Part(nullable=True, first=inside.first)
        if kind is op.GROUPREF_EXISTS:
            branches = [self._part(branch) for branch in value[1:] if branch is not None]
            first = set().union(*(branch.first for branch in branches))
            return _Part(nullable=True, first=first, last=set().union(*(branch.last for branch in branches)))
        if kind is op.GROUPREF:
            position = self._position(frozenset(self.samples))
            return _Part(nullable=True, first={position}, last={position})
        if kind is op.AT:
            self.looks = True
            return _Part(nullable=True)
        raise NotImplementedError(f"{kind} in a regular expression")

    def _repeated(self, kind: Any, least: int, most: Any, inside: Any) -> _Part:
        begun, loops = len(self.sets), self.loops
        part = self._part(inside)
        unbounded = most is op.MAXREPEAT or most > _MANY
        if most > 1 and self.loops > loops:
            # A second copy of what holds a loop, so that leaving that and coming back is told from staying in it.
            part = self._in_sequence(part, self._part(inside))
        if unbounded:
            self._join(part.last, part.first)
            self.loops += 1
            if kind is op.POSSESSIVE_REPEAT and len(self.sets) == begun + 1:
                self.keeps[begun] = self.sets[begun]
        part.nullable = part.nullable or least == 0
        return part

    def _letters(self, kind: Any, value: Any) -> frozenset[str]:
        return _letters_of(repr((kind, value)), _Node(kind, value), self.flags, self.samples, self.is_bytes)

    def _minterms(self) -> list[str]:
        """One letter of each kind that the positions tell apart, the readable first."""
        kinds: dict[tuple[int, ...], str] = {}
        for letter in sorted(self.samples, key=lambda one: (not one.isalnum(), not one.isprintable(), one)):
            kinds.setdefault(tuple(i for i, letters in enumerate(self.sets) if letter in letters), letter)
        return list(kinds.values())

    def _loops(self) -> list[int]:
        """The states that can be come back to: what is left when those without a follower or a predecessor go."""
        left = {state for state, letters in enumerate(self.sets) if letters}
        while gone := {s for s in left if not (self.follow[s] & left and self.before[s] & left)}:
            left -= gone
        return [state for state in sorted(left) if state in self._reachable(state, self.follow)]

    def _reachable(self, state: int, edges: list[set[int]]) -> set[int]:
        key = (state, edges is self.follow)
        if key not in self.reached:
            seen: set[int] = set()
            waiting = [state]
            while waiting:
                for other in edges[waiting.pop()]:
                    if other not in seen and self.sets[other]:
                        seen.add(other)
                        waiting.append(other)
            self.reached[key] = seen
        return self.reached[key]

    def _steps_from(self, state: int) -> dict[str, list[int]]:
        """By letter, the states that follow."""
        if state not in self.steps:
            found = {letter: self._followers(state, letter) for letter in self.letters}
            self.steps[state] = {letter: followers for letter, followers in found.items() if followers}
        return self.steps[state]

    def word_to(self, goal: int) -> str:
        """A shortest word that leads to a state."""
        words = {self.start: ""}
        waiting = deque([self.start])
        while waiting:
            state = waiting.popleft()
            if state == goal:
                break
            for letter, followers in self._steps_from(state).items():
                for follower in followers:
                    if follower not in words:
                        words[follower] = words[state] + letter
                        waiting.append(follower)
        return words.get(goal, "")

    def pumps(self) -> Iterator[tuple[int, str]]:
        """States and words that lead from one to itself in two ways, or from one loop to the same and another."""
        for p in self.looping:
            if p in self.done:
                continue
            for word in self._words((p, p), (p, p), lambda pair: pair[0] != pair[1], (p, p)):
                yield p, word
            for q in self.looping:
                if q != p and q not in self.done and q in self._reachable(p, self.follow):
                    for word in self._words((p, p, q), (p, q, q), None, (p, q, q)):
                        yield p, word

    def _words(
        self, start: tuple[int, ...], goal: tuple[int, ...], by_way: Any, ends: tuple[int, ...]
    ) -> Iterator[str]:
        """Shortest words that lead each of `start` to that of `goal`; through a tuple for which `by_way` is true."""
        allowed = [
            (self._reachable(begin, self.follow) & self._reachable(end, self.before)) | {end}
            for begin, end in zip(start, ends, strict=True)
        ]
        first = (start, by_way is None)
        words = {first: ""}
        found: set[str] = set()
        waiting = deque([first])
        while waiting and len(words) < _MOST_STATES and self.steps_made < _MOST_STEPS:
            states, done = waiting.popleft()
            if found and len(words[states, done]) >= len(min(found, key=len)):
                break
            common = set.intersection(*(set(self._steps_from(state)) for state in states))
            for letter in sorted(common):
                choices = [
                    [one for one in self._steps_from(state)[letter] if one in allowed[at]]
                    for at, state in enumerate(states)
                ]
                for followers in product(*choices):
                    self.steps_made += 1
                    following = (followers, done or by_way(followers))
                    if following == (goal, True):
                        found.add(words[states, done] + letter)
                    if following not in words:
                        words[following] = words[states, done] + letter
                        waiting.append(following)
        yield from sorted(found)[:_MOST_WORDS]


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    kind: Any
    value: Any

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Node)


@cache
def _letters_of(_: str, node: _Node, flags: int, samples: str, is_bytes: bool) -> frozenset[str]:
    state = parser.State()
    state.flags = flags
    state.str = ""
    pattern = compiler.compile(parser.SubPattern(state, [(node.kind, node.value)]), flags)
    match = pattern.fullmatch
    return frozenset(one for one in samples if match(one.encode("latin-1") if is_bytes else one))


def attacks_on(pattern: re.Pattern[Any], *, search: bool, may_follow: bool) -> list[Attack]:
    """What may cost `pattern` more than linear time, by a search or by a match from the start; some of many.

    `may_follow` says that something may stand behind what matches.
    """
    automaton = _Automaton(pattern, search=search, may_follow=may_follow)
    found: dict[tuple[str, str], Attack] = {}
    for state, word in automaton.pumps():
        key = (automaton.word_to(state), word)
        found[key] = Attack(*key, ("", *automaton.letters[:_MOST_SUFFIXES]))
        if len(found) == _MOST_ATTACKS:
            break
    return list(found.values())
