"""The facets, and every word by which one is called: the one table of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "FACETS",
    "FACET_OF_KIND",
    "FACET_OF_WORD",
    "FACET_TABLE",
    "KINDS",
    "KIND_OF_FACET",
    "PARAMETER_OF_FACET",
    "WORD_OF_FACET",
    "Facet",
]


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet and what it is called in each place."""

    name: str
    """In Python and JSON."""
    one: str
    """One of its values: what addresses call it. For people, places and organisations the kind of name."""
    word: str
    """What options and written queries call it."""
    others: tuple[str, ...] = ()
    """What queries and addresses may call it besides."""
    names: bool = False
    """Whether its values are names that are recognised in texts."""

    @property
    def words(self) -> tuple[str, ...]:
        """Everything it may be called, each once."""
        return tuple(dict.fromkeys((self.word, self.one, self.name, *self.others)))


FACET_TABLE = (
    Facet("people", "person", "person", names=True),
    Facet("places", "place", "place", names=True),
    Facet("organisations", "organisation", "org", ("organization", "organizations"), names=True),
    Facet("topics", "topic", "topic"),
    Facet("sources", "source", "source"),
    Facet("languages", "language", "language", ("lang",)),
)

FACETS = tuple(facet.name for facet in FACET_TABLE)
"""Every facet, in the order in which they are shown."""

KINDS = tuple(facet.one for facet in FACET_TABLE if facet.names)
"""What a name can name."""

FACET_OF_KIND: Mapping[str, str] = MappingProxyType({facet.one: facet.name for facet in FACET_TABLE if facet.names})
KIND_OF_FACET: Mapping[str, str] = MappingProxyType({facet: kind for kind, facet in FACET_OF_KIND.items()})

FACET_OF_WORD: Mapping[str, str] = MappingProxyType({word: facet.name for facet in FACET_TABLE for word in facet.words})
"""Everything that a facet may be called, to its name."""

WORD_OF_FACET: Mapping[str, str] = MappingProxyType({facet.name: facet.word for facet in FACET_TABLE})
"""Facet to the word that options and queries use for it."""

PARAMETER_OF_FACET: Mapping[str, str] = MappingProxyType({facet.name: facet.one for facet in FACET_TABLE})
"""Facet to the parameter that chooses one of its values; `not-` before it excludes, `match-` says any or all."""
