"""Corrections applied: the archive's own names, and on top of them what people have put right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from searchapp.entities.corrections.ledger import Correction
from searchapp.errors import LedgerError
from searchapp.language.names import words_of
from searchapp.model.names import Relabelling

__all__ = ["History", "check_correction", "corrected", "history_of"]

Node = tuple[str, str]
"""Facet and label."""


def corrected(names: Relabelling, corrections: Sequence[Correction]) -> Relabelling:
    """`names` with the corrections applied in order.

    A correction takes the label it names to be what the archive shows, or else an article's own label, and then goes
    for whatever that one is shown as: so it holds on when the archive grows and comes to prefer another form. One for
    a label that this archive does not have changes nothing.
    """
    if not corrections:
        return names
    state = _State(names)
    for correction in corrections:
        state.apply(correction)
    changes = {node: to for node, to in state.changes.items() if node != to}
    overrides = {article: own for article, own in state.overrides.items() if own}
    given = {to for node in state.moves if (to := state.changes[node]) is not None}
    given.update(to for own in overrides.values() for to in own.values() if to is not None)
    return Relabelling(
        _version(names.version, corrections),
        changes,
        overrides,
        corrected=state.bookmarks,
        given=frozenset(given),
    )


class History(NamedTuple):
    """Which corrections made what `corrected` shows."""

    moves: Mapping[Node, Sequence[Correction]]
    """Label of an article to those that moved it, in order."""
    splits: Mapping[tuple[str, Node], Sequence[Correction]]
    """Id of an article and what is overridden in it, to those that made it what it is there, in order."""


def history_of(names: Relabelling, corrections: Sequence[Correction]) -> History:
    """Why `corrected` shows what it does."""
    state = _State(names)
    for correction in corrections:
        state.apply(correction)
    return History(state.moves, state.splits)


def check_correction(
    correction: Correction, shown: Mapping[str, Mapping[str, int]], written: Mapping[str, Mapping[str, int]]
) -> None:
    """Raises `LedgerError` when a correction makes no sense in an archive.

    Its facets show the labels of `shown`, its articles have those of `written`.
    """
    labels, own = shown.get(correction.facet, {}), written.get(correction.facet, {})
    if correction.label not in labels and correction.label not in own:
        close = _closest(correction.label, labels)
        hint = f"did you mean {close!r}?" if close else f"list them with: searchapp facets {correction.facet}"
        raise LedgerError(f"the {correction.facet} have no {correction.label!r}; {hint}")
    if correction.action == "merge" and correction.target not in labels and correction.target not in own:
        close = _closest(correction.target, labels)
        hint = f"did you mean {close!r}?" if close else "to give it a new name, use rename"
        raise LedgerError(f"the {correction.facet} have no {correction.target!r} to merge into; {hint}")
    if correction.action == "rename" and correction.target in labels:
        raise LedgerError(f"there is a {correction.target!r} already; to make them one, use merge")


def _closest(label: str, labels: Mapping[str, int]) -> str:
    """The label most like one that does not exist, the more frequent one where two are alike; empty for none."""
    words = set(words_of(label))
    best, best_score = "", (0.6, 0)
    for other in sorted(labels):
        ratio = SequenceMatcher(None, label.casefold(), other.casefold()).quick_ratio()
        if words & set(words_of(other)):
            ratio += 0.3
        if (ratio, labels[other]) > best_score:
            best, best_score = other, (ratio, labels[other])
    return best


class _State:
    """What each label of an article is shown as, while corrections are applied one after the other."""

    def __init__(self, names: Relabelling) -> None:
        self.changes: dict[Node, Node | None] = dict(names.changes)
        self.overrides = {article: dict(own) for article, own in names.overrides.items()}
        self.bookmarks: dict[Node, Node] = {}
        """What each label that was corrected is shown as since, until it names something else."""
        self._followers: dict[Node, list[Node]] = {}
        self.moves: dict[Node, list[Correction]] = {}
        self.splits: dict[tuple[str, Node], list[Correction]] = {}
        self.written: dict[Node, list[Node]] = {}
        for node, to in names.changes.items():
            if to is not None:
                self.written.setdefault(to, []).append(node)

    def apply(self, correction: Correction) -> None:
        source = self._shown((correction.facet, correction.label))
        if source is None:
            return
        if correction.action == "split":
            target = (correction.facet, correction.target)
            for article in correction.articles:
                self.overrides.setdefault(article, {})[source] = target
                self.splits.setdefault((article, source), []).append(correction)
            self.bookmarks.pop(target, None)
        elif correction.action == "block":
            self._move(source, None, correction)
        elif correction.action == "retype":
            self._move(source, (correction.target, source[1]), correction)
        elif correction.action == "rename":
            self._move(source, (correction.facet, correction.target), correction)
        else:
            self._move(source, self._shown((correction.facet, correction.target)), correction)

    def _shown(self, node: Node) -> Node | None:
        """What a label that somebody wrote down is shown as now."""
        if self.written.get(node) or node not in self.changes:
            return node
        return self.changes[node]

    def _move(self, source: Node, target: Node | None, correction: Correction) -> None:
        if source == target:
            return
        nodes = self.written.pop(source, [])
        if source not in self.changes:
            # An article may have the shown label itself.
            nodes.append(source)
        for node in nodes:
            self.changes[node] = target
            self.moves.setdefault(node, []).append(correction)
        if target is not None:
            self.written.setdefault(target, []).extend(nodes)
        self._bookmark(source, target)
        for article, own in self.overrides.items():
            for before, after in list(own.items()):
                if after == source:
                    own[before] = after = target
                    self.splits.setdefault((article, before), []).append(correction)
                if before == source and target is not None:
                    own[target] = own.pop(before)
                    self.splits[article, target] = self.splits.pop((article, before), [])
                elif before == source:
                    own.pop(before)
                    self.splits.pop((article, before), None)

    def _bookmark(self, source: Node, target: Node | None) -> None:
        followed = [source, *(node for node in self._followers.pop(source, ()) if self.bookmarks.get(node) == source)]
        for node in followed:
            self.bookmarks.pop(node, None)
        if target is not None:
            self.bookmarks |= dict.fromkeys(followed, target)
            self._followers.setdefault(target, []).extend(followed)
            # The label names something again, which is what a bookmark of it means from now on.
            self.bookmarks.pop(target, None)


def _version(version: str, corrections: Sequence[Correction]) -> str:
    content = [(c.action, c.facet, c.label, c.target, c.articles) for c in corrections]
    text = json.dumps([version, content])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
