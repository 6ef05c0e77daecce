"""What a name that somebody writes can mean: the forms of an archive's names, looked up one at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, Protocol

from searchapp.entities.archive_names.following import FollowedNames, NameSource
from searchapp.entities.archive_names.keeping.rows import StoredFacts
from searchapp.entities.archive_names.rules.keys import Node, keys_of
from searchapp.entities.linking.forms import shown_form
from searchapp.language.names import name_key
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, Article
from searchapp.model.names import Relabelling

__all__ = ["ArchiveForms", "ReadSource", "SplitName", "split_names"]


class ReadSource(NameSource, Protocol):
    """What forms are read from; every state of an engine is one."""

    def get(self, article_id: str) -> Article | None:
        """The article with that id, as it was stored."""


class SplitName(NamedTuple):
    """What one article calls a name that a correction set apart in it."""

    article_id: str
    text: str
    """A label of the article, or a short form of it."""
    written: Node
    """Facet and label that the article itself gives."""
    usual: Node
    """What the label is shown as in other articles."""
    shown: Node | None
    """What it is shown as in this one."""


def split_names(source: ReadSource, names: Relabelling) -> Iterator[SplitName]:
    """Every label and short form of the articles in which corrections set names apart."""
    for article_id, own in names.overrides.items():
        article = source.get(article_id)
        if article is None:
            continue
        texts: dict[Node, set[str]] = {}
        for facet in KIND_OF_FACET:
            texts |= {(facet, label): {label} for label in article.names(facet)}
        for mention in (*article.title_mentions, *article.mentions):
            form = shown_form(mention.text, mention.kind)
            texts[FACET_OF_KIND[mention.kind], mention.label].update([form] if form else [])
        for written, forms in texts.items():
            usual = names.resolve(*written)
            if usual is not None and usual in own:
                for text in sorted(forms):
                    yield SplitName(article_id, text, written, usual, own[usual])


class ArchiveForms:
    """The names of one state of an archive by their forms, as corrections show them; see `model.names.NameForms`."""

    def __init__(self, followed: FollowedNames, source: ReadSource, names: Relabelling) -> None:
        self._followed = followed
        self._source = source
        self._names = names

    def alike(self, text: str) -> frozenset[Node]:
        """Facet and label of each name with a form that is the same but for case, accents, hyphens and signs.

        No article need have them any more.
        """
        key = name_key(text)
        if not key:
            return frozenset()
        found = self._followed.asked_facts(self._source, lambda facts: self._shown_by(facts, facts.alike(key)))
        return frozenset(found) | self._apart.get(key, set())

    def aliases(self, facet: str, text: str) -> frozenset[Node]:
        """The same for names that are known beyond the archive: of places, well-known bodies and companies."""
        kind = KIND_OF_FACET[facet]
        if kind == "person":
            return frozenset()
        # An acronym is one in capitals, which nobody types.
        families = {keys_of((kind, written)).family for written in (text, text.upper())}
        if kind == "place":
            families = {family for family in families if family.startswith("@")}

        def labels(facts: StoredFacts) -> set[Node]:
            return self._shown_by(
                facts, ((kind, label) for family in families for _, label, _ in facts.family(kind, family))
            )

        return frozenset(self._followed.asked_facts(self._source, labels))

    def begun(self, text: str, *, most: int) -> frozenset[Node]:
        """The same for names with a form that begins like `text`, as far as the first `most` forms tell."""
        key = name_key(text)
        if not key:
            return frozenset()
        found = self._followed.asked_facts(self._source, lambda facts: self._shown_by(facts, facts.begun(key, most)))
        return frozenset(found.union(*(nodes for form, nodes in self._apart.items() if form.startswith(key))))

    def _shown_by(self, facts: StoredFacts, nodes: Iterable[Node]) -> set[Node]:
        """What labels, and labels that short forms stand for, are shown as."""
        found: set[Node | None] = set()
        for node in nodes:
            facet, text = FACET_OF_KIND[node[0]], node[1]
            for label, articles in ((text, facts.count(node)), *facts.targets(node)):
                # Where every article with it was set apart, it is nobody else's form any more.
                if articles > self._gone[facet, label, text]:
                    found.add(self._names.resolve(facet, label))
        return {node for node in found if node is not None}

    @cached_property
    def _gone(self) -> Counter[tuple[str, str, str]]:
        """In how many articles each label in each form is set apart."""
        return Counter((*split.written, split.text) for split in split_names(self._source, self._names))

    @cached_property
    def _apart(self) -> Mapping[str, set[Node]]:
        """What only corrections know: the labels that they gave, and the forms of those set apart, by their keys."""
        found: dict[str, set[Node]] = {}
        for node in self._names.given:
            found.setdefault(name_key(node[1]), set()).add(node)
        for split in split_names(self._source, self._names):
            if split.shown is not None:
                found.setdefault(name_key(split.text), set()).add(split.shown)
        return found
