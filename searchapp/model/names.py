"""How a name that stands in an article is shown across the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, Article, Mention

__all__ = ["AS_WRITTEN", "NameForms", "Relabelling", "shown_article", "shown_labels"]


@dataclass(frozen=True, slots=True, eq=False)
class Relabelling:
    """Takes a label as one article has it to the label that the archive shows.

    A name can move to another facet (a person was taken for a place), join another label, or be dropped.
    """

    version: str = ""
    """Changes whenever `changes` does."""
    changes: Mapping[tuple[str, str], tuple[str, str] | None] = field(default_factory=dict)
    """(facet, label) as written to (facet, label) as shown, or to None where it is not shown; others stay."""
    overrides: Mapping[str, Mapping[tuple[str, str], tuple[str, str] | None]] = field(default_factory=dict)
    """Id of an article to what is different in it alone: (facet, label) as `changes` shows it, to what it is there."""
    follows: str = ""
    """The version of an earlier one, from which this differs in what it shows of the labels in `renewed` alone.

    Whoever follows a growing archive need not look at all labels then. Empty where no such version is known.
    """
    renewed: frozenset[tuple[str, str]] = frozenset()
    """(facet, label) as written of those."""
    corrected: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """(facet, label) that somebody has put right, to what it is shown as since: where a bookmark of it leads.

    One whose label was given to something else afterwards is not among them.
    """
    given: frozenset[tuple[str, str]] = frozenset()
    """(facet, label) that corrections made of others; articles need not have them."""

    def resolve(self, facet: str, label: str) -> tuple[str, str] | None:
        """Facet and label under which the article counts; None when the name is blocked."""
        return self.changes.get((facet, label), (facet, label))

    def resolve_in(self, article_id: str, facet: str, label: str) -> tuple[str, str] | None:
        """The same within one article, which may have an override."""
        shown = self.resolve(facet, label)
        own = self.overrides.get(article_id)
        return own.get(shown, shown) if own and shown else shown


AS_WRITTEN = Relabelling()
"""Shows every label as its article has it."""


class NameForms(Protocol):
    """Which names of an archive have a form, as (facet, label); no article need have all that are given."""

    def alike(self, text: str) -> frozenset[tuple[str, str]]:
        """Those with a form that is the same but for case, accents, hyphens and signs."""

    def aliases(self, facet: str, text: str) -> frozenset[tuple[str, str]]:
        """Those of a facet that are known to be called so beyond the archive."""

    def begun(self, text: str, *, most: int) -> frozenset[tuple[str, str]]:
        """Those with a form that begins like `text`, as far as the first `most` forms tell."""


def shown_labels(
    article: Article, facet: str, names: Relabelling, held: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[str, ...]:
    """The labels under which `article` counts in `facet`, each once, in the order in which it holds them.

    `held` maps people, places and organisations to the article's labels, where not all that it names are meant.
    """
    if facet not in KIND_OF_FACET:
        return article.values(facet)
    kinds = dict.fromkeys((facet, *KIND_OF_FACET))
    labels = ((kind, label) for kind in kinds for label in (held[kind] if held else article.names(kind)))
    found = (names.resolve_in(article.id, kind, label) for kind, label in labels)
    return tuple(dict.fromkeys(shown[1] for shown in found if shown and shown[0] == facet))


def shown_article(article: Article, names: Relabelling) -> Article:
    """`article` with every name, assigned or recognised, under the label and kind that the archive shows."""
    if not names.changes and article.id not in names.overrides:
        return article
    title_mentions = tuple(_shown_mentions(article.id, article.title_mentions, names))
    mentions = tuple(_shown_mentions(article.id, article.mentions, names))
    if not article.assigned:
        return article.with_mentions(title_mentions, mentions)
    assigned: dict[str, list[str]] = {}
    for facet, labels in article.assigned.items():
        for label in labels:
            if shown := names.resolve_in(article.id, facet, label):
                assigned.setdefault(shown[0], []).append(shown[1])
    return replace(
        article,
        assigned={facet: tuple(labels) for facet, labels in assigned.items()},
        mentions=mentions,
        title_mentions=title_mentions,
    )


def _shown_mentions(article_id: str, mentions: tuple[Mention, ...], names: Relabelling) -> Iterator[Mention]:
    for mention in mentions:
        written = FACET_OF_KIND[mention.kind], mention.label
        shown = names.resolve_in(article_id, *written)
        if shown == written:
            yield mention
        elif shown:
            yield Mention(mention.start, mention.end, mention.text, KIND_OF_FACET[shown[0]], shown[1])
