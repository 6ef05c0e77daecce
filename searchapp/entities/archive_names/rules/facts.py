"""What an archive's articles say about its names: how often each label stands, and which short forms mean it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from searchapp.entities.archive_names.rules.keys import Keys, Node, keys_of
from searchapp.entities.linking.bodies import known_body
from searchapp.language.names import spelled, words_of
from searchapp.model.article import FACET_OF_KIND

__all__ = ["Facts", "GatheredFacts", "form_line"]


class Facts(Protocol):
    """Numbers of articles, found by the keys of `searchapp.entities.archive_names.rules.keys`.

    Labels come sorted, so that nothing depends on the order of indexing.
    """

    def count(self, node: Node) -> int:
        """Articles that have the label; 0 for one that is nowhere."""

    def keys(self, node: Node) -> Keys:
        """Where the label is found."""

    def family(self, kind: str, family: str) -> Iterable[tuple[str, str, int]]:
        """Spelling, label and count of every label of a family, in the order of spellings, then of labels."""

    def spelled(self, kind: str, family: str, spelling: str) -> Iterable[tuple[str, int]]:
        """Label and count of those of a family that have one spelling."""

    def uses(self, form: Node) -> int:
        """Articles in which a label is a short form, as the sum over what it stands for."""

    def targets(self, form: Node) -> Iterable[tuple[str, int]]:
        """The labels that it stands for there, with numbers of articles: first those of the most, or nearly."""

    def forms(self, node: Node) -> Sequence[str]:
        """The labels that are short forms of a label somewhere."""

    def folded(self, key: str) -> Sequence[Node]:
        """The labels that have `key` among their folded names."""

    def bearing(self, word: str) -> Iterable[str]:
        """The people of several words who bear a word."""

    def beginning(self, words: str) -> Iterable[str]:
        """The organisations that are written with these words, alone or with more behind them."""

    def written(self, words: str) -> Sequence[str]:
        """The organisations that are written with these words."""


def form_line(line: str) -> tuple[Node, str]:
    """A line of the column of forms: the form as a node, and the label that it stands for."""
    kind, _, rest = line.partition("\t")
    form, _, label = rest.partition("\t")
    return (kind, form), label


class GatheredFacts:
    """The facts of a whole archive, from its columns, in memory."""

    def __init__(self, labels: Mapping[str, Mapping[str, int]]) -> None:
        """`labels` has the columns people, places, organisations and forms, each label to its count."""
        self._counts: dict[Node, int] = {}
        self._keys: dict[Node, Keys] = {}
        self._families: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
        self._folded: dict[str, list[Node]] = {}
        self._bearing: dict[str, list[str]] = {}
        self._written: dict[str, list[str]] = {}
        for kind, facet in FACET_OF_KIND.items():
            column = labels.get(facet, {})
            for label in sorted(column):
                if column[label] > 0:
                    self._take((kind, label), column[label])
        self._alike: set[tuple[str, str, str]] = set()
        for (kind, family), members in self._families.items():
            if len(members) > 1:
                members.sort()
                spellings = [spelling for spelling, _, _ in members]
                same = {one for one, other in pairwise(spellings) if one == other}
                self._alike.update((kind, family, spelling) for spelling in same)
        self._starts = sorted(self._written)
        self._targets: dict[Node, list[tuple[str, int]]] = {}
        self._forms: dict[Node, list[str]] = {}
        forms = labels.get("forms", {})
        for line in sorted(forms):
            form, label = form_line(line)
            if forms[line] > 0 and form[1] != label:
                self._targets.setdefault(form, []).append((label, forms[line]))
                self._forms.setdefault((form[0], label), []).append(form[1])
        for targets in self._targets.values():
            targets.sort(key=lambda target: -target[1])

    def _take(self, node: Node, count: int) -> None:
        kind, label = node
        keys = keys_of(node)
        self._counts[node] = count
        self._keys[node] = keys
        self._families.setdefault((kind, keys.family), []).append((keys.spelling, label, count))
        for key in keys.folded:
            self._folded.setdefault(key, []).append(node)
        for word in keys.bears:
            self._bearing.setdefault(word, []).append(label)
        if keys.written:
            self._written.setdefault(keys.written, []).append(label)

    def nodes(self) -> Iterable[Node]:
        """All labels."""
        return self._counts

    def alone(self, node: Node, keys: Keys) -> bool:
        """Whether no other label has to do with this one, but for people of one surname who may be one."""
        return (
            node not in self._targets
            and node not in self._forms
            and (node[0], keys.family, keys.spelling) not in self._alike
            and all(len(self._folded[key]) == 1 for key in keys.folded)
            and (node[0] == "organisation" or not self._may_be_known(node))
        )

    def _may_be_known(self, node: Node) -> bool:
        """Whether a person or a place may be an organisation that others name in full."""
        words = words_of(node[1])
        return known_body(node[1]) is not None or any(
            next(self.beginning(" ".join(own)), None) is not None for own in {words, spelled(words)} if own
        )

    def meanings(self) -> Iterator[tuple[Node, str, int]]:
        """Short forms, each with a label that it stands for and the number of articles where it does."""
        return ((form, label, count) for form, targets in self._targets.items() for label, count in targets)

    def keys(self, node: Node) -> Keys:
        return self._keys.get(node) or keys_of(node)

    def count(self, node: Node) -> int:
        return self._counts.get(node, 0)

    def family(self, kind: str, family: str) -> Sequence[tuple[str, str, int]]:
        return self._families.get((kind, family), ())

    def spelled(self, kind: str, family: str, spelling: str) -> list[tuple[str, int]]:
        members = self._families.get((kind, family), [])
        place = bisect_left(members, (spelling, ""))
        found = []
        while place < len(members) and members[place][0] == spelling:
            found.append(members[place][1:])
            place += 1
        return found

    def uses(self, form: Node) -> int:
        return sum(count for _, count in self._targets.get(form, ()))

    def targets(self, form: Node) -> Sequence[tuple[str, int]]:
        return self._targets.get(form, ())

    def forms(self, node: Node) -> Sequence[str]:
        return self._forms.get(node, ())

    def folded(self, key: str) -> Sequence[Node]:
        return self._folded.get(key, ())

    def bearing(self, word: str) -> Sequence[str]:
        return self._bearing.get(word, ())

    def beginning(self, words: str) -> Iterator[str]:
        starts = self._starts
        yield from self._written.get(words, ())
        start = words + " "
        place = bisect_left(starts, start)
        while place < len(starts) and starts[place].startswith(start):
            yield from self._written[starts[place]]
            place += 1

    def written(self, words: str) -> Sequence[str]:
        return self._written.get(words, ())
