"""What an engine does: it stores entries, and its states answer questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from searchapp.model.article import Article
from searchapp.model.entry import Entry
from searchapp.model.names import AS_WRITTEN, Relabelling
from searchapp.model.question import Answer, Question

__all__ = ["Engine", "EngineState", "Writer"]


class Writer(Protocol):
    """Changes to an index; nobody sees them before they are committed, all at once."""

    def commit(self) -> None:
        """Commits what was changed so far, and goes on: whatever becomes of the rest, this stays."""

    def add(self, entries: Sequence[Entry]) -> None:
        """Stores articles in place of any with the same id."""

    def delete(self, ids: Iterable[str]) -> int:
        """Removes the articles with these ids; gives how many there were."""


class EngineState(Protocol):
    """All articles as one commit left them, whatever is committed later."""

    @property
    def generation(self) -> str:
        """Names the commit, and no other one of any index."""

    def __len__(self) -> int:
        """How many articles there are."""

    def get(self, article_id: str) -> Article | None:
        """The article with that id, as it was stored."""

    def fingerprints(self, ids: Iterable[str]) -> dict[str, str]:
        """Id to stored fingerprint, for those of `ids` that are here."""

    def paths(self, prefix: str) -> Iterator[tuple[str, Sequence[str]]]:
        """Each path of an article that starts with `prefix`, with ids of articles; it may come several times.

        Articles without a path are left out. What it costs grows with what it gives, not with the archive.
        """

    def found_by(self, key: str) -> Sequence[str]:
        """Ids of the articles that have that path, or one of the other `Entry.keys`."""

    def labels(self, column: str) -> dict[str, int]:
        """Labels of a column of `searchapp.model.entry` as the articles have them, and how many articles do."""

    def labels_since(self, before: EngineState, column: str) -> Mapping[str, int] | None:
        """How many more articles have each label of a column than in another state of the engine, closed or not.

        Labels of as many are left out. None where that cannot be told.
        """

    def ask(self, questions: Sequence[Question], *, names: Relabelling = AS_WRITTEN) -> list[Answer]:
        """An answer to each question, in order; what they have in common is worked out once.

        The questions come with their queries and with labels that `names` shows; articles come back as it shows them.
        Raises `SearchTimeout`.
        """

    def matches(self, question: Question, *, names: Relabelling = AS_WRITTEN) -> Iterator[Article]:
        """Every article that the question chooses, as `names` shows it, in the request's order, whatever its page."""

    def shows(self, facet: str, label: str, *, names: Relabelling = AS_WRITTEN) -> bool:
        """Whether an article counts under that label of a facet. Every filter asks it: it must cost next to nothing."""

    def spellings(self, word: str) -> Mapping[str, int]:
        """Words of titles and bodies that may be meant by one that no article has, each with its number of articles.

        They are one edit away in the sense of `Fuzzy`, or two where none is. Empty for a word that an article has.
        """

    def close(self) -> None:
        """Frees what the state holds; closing again does nothing."""


class Engine(Protocol):
    """Stores articles. Asking never waits for a writer."""

    @property
    def identity(self) -> str:
        """Names the index from its making on: what is kept beside another one is not believed."""

    def state(self) -> EngineState:
        """The articles as the last commit left them, by whichever process."""

    def writer(self, *, timeout_s: float) -> AbstractContextManager[Writer]:
        """Commits when the block ends, and changes nothing more when it raises.

        Raises `IndexLocked` when another writer does not finish within `timeout_s`.
        """

    def close(self) -> None:
        """Frees what is held; closing again does nothing."""
