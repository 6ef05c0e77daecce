"""The names of an archive as people correct them: `archive.names.merge("Pashinyan", "Nikol Pashinyan")`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from searchapp.archive.location import folder_of
from searchapp.archive.upkeep.places import Places
from searchapp.engines.state import State
from searchapp.entities.archive_names.book import FormOfName, NameBook
from searchapp.entities.corrections.keeping import Ledger
from searchapp.entities.corrections.ledger import Correction
from searchapp.entities.corrections.sharing import SharedLedger
from searchapp.errors import LedgerError
from searchapp.insight.entity import names_called, no_name_hint, several_hint
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET
from searchapp.model.beside import Beside
from searchapp.model.query import SearchRequest
from searchapp.model.question import HEADS, Question

__all__ = ["Names", "ledger_of"]

WHY_ARTICLES = 50
"""Articles that examples of a name's forms are taken from."""


def ledger_of(
    named: str, places: Places | None, beside: Beside | None, *, index: Callable[[], str]
) -> Ledger | SharedLedger | None:
    """Where corrections are kept: in the file that is named, in a folder, or among documents; None for nowhere."""
    if places is not None:
        return Ledger(places.ledger, kept=places.kept_ledger, index=index)
    if named:
        return Ledger(folder_of(named))
    return SharedLedger(beside) if beside is not None else None


class Names:
    """Puts names right, at once and for every later run, and tells how they came about.

    `facet` (people, places or organisations) may be left out where one facet alone has the label. What is written to
    the ledger is given back. Raises `LedgerError` when a correction makes no sense in this archive.
    """

    def __init__(self, book: NameBook, state: Callable[[], State]) -> None:
        self._book = book
        self._state = state

    def merge(self, label: str, target: str, *, facet: str = "", note: str = "") -> Correction:
        """Counts `label` under `target` from now on."""
        return self.correct("merge", label, target, facet=facet, note=note)

    def rename(self, label: str, target: str, *, facet: str = "", note: str = "") -> Correction:
        """Shows `label` as `target`."""
        return self.correct("rename", label, target, facet=facet, note=note)

    def retype(self, label: str, target: str, *, facet: str = "", note: str = "") -> Correction:
        """Moves `label` to the facet `target`."""
        return self.correct("retype", label, target, facet=facet, note=note)

    def split(self, label: str, target: str, articles: Iterable[str], *, facet: str = "", note: str = "") -> Correction:
        """Shows `label` as `target` in the articles with these ids."""
        return self.correct("split", label, target, facet=facet, articles=articles, note=note)

    def block(self, label: str, *, facet: str = "", note: str = "") -> Correction:
        """Shows `label` nowhere: it is no name."""
        return self.correct("block", label, facet=facet, note=note)

    def correct(
        self,
        action: str,
        label: str,
        target: str = "",
        *,
        facet: str = "",
        articles: Iterable[str] = (),
        note: str = "",
    ) -> Correction:
        """The correction of that name; see the methods that are called like `action`."""
        with self._state() as state:
            facet = facet or self._facet_of(state, label, target if action == "merge" else "")
            correction = Correction(action, facet, label, target, tuple(articles), note)
            self._book.add(state.stored, correction)
        return correction

    def undo(self) -> Correction:
        """Takes the last correction back and gives it. Raises `LedgerError` when there is none."""
        undone = self._book.undo()
        if undone is None:
            raise LedgerError("this archive keeps no corrections; open one in a folder")
        return undone

    def clear(self) -> int:
        """Takes back all corrections, also where the ledger cannot be read; gives how many there were."""
        return self._book.clear()

    def ledger(self) -> bytes:
        """All corrections as the text of a ledger, UTF-8; empty where there never were any. Raises `LedgerError`."""
        return self._book.ledger()

    def take_over(self, ledger: bytes) -> int:
        """Puts the corrections of a ledger in place of all that there are; gives how many that are.

        Raises `LedgerError`, and changes nothing, where a line of it is no correction or contradicts another one.
        """
        return self._book.take_over(ledger, replacing=True)

    @property
    def problem(self) -> str:
        """Why the ledger cannot be read, and in which line, when the corrections read last hold; else empty."""
        return self._book.problem

    @property
    def short_problem(self) -> str:
        """The same for a page: without the folder that the ledger is in."""
        return self._book.short_problem

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """Every correction, in the order in which they apply. Raises `LedgerError`."""
        return self._book.corrections

    def why(self, label: str, *, facet: str = "") -> list[FormOfName]:
        """Every form that counts under a label, the most frequent first, how each was joined, and examples.

        The label may be any form of the name. Raises `LedgerError` when the archive shows no such name, or several.
        """
        with self._state() as state:
            facet, label = _only_one(state, facet, label)
            request = SearchRequest(page_size=WHY_ARTICLES).replace(**{facet: (label,)})
            (answer,) = state.ask(Question(request, hits=HEADS))
            # Examples of a form are looked for under the label that the article itself gives to it.
            written = (state.stored.get(hit.article.id) for hit in answer.hits)
            return self._book.why(state.stored, facet, label, [article for article in written if article])

    def shown_as(self, kind: str, label: str) -> tuple[str, str] | None:
        """Kind and label under which the archive shows a name that an article has; None for one it leaves out."""
        with self._state() as state:
            shown = state.names.resolve(FACET_OF_KIND[kind], label)
        return (KIND_OF_FACET[shown[0]], shown[1]) if shown else None

    def _facet_of(self, state: State, label: str, target: str) -> str:
        """The facet that a correction of a label is about; `target` is a label that is in the same one, or empty."""
        facets = self._book.facets_of(state.stored, label)
        beside = self._book.facets_of(state.stored, target) if target and len(facets) != 1 else ()
        facets = tuple(facet for facet in facets if facet in beside) or facets or beside[:1]
        if len(facets) > 1:
            raise LedgerError(f"{label!r} is among the {' and the '.join(facets)}; say which with the facet")
        # One that is nowhere is looked for where something is like it, which the error suggests.
        return facets[0] if facets else self._book.nearest_facet(state.stored, label)


def _only_one(state: State, facet: str, text: str) -> tuple[str, str]:
    """Facet and label of the one name that is called so, in one facet or in any. Raises `LedgerError`."""
    found = names_called(state, text, facet)
    if not found:
        raise LedgerError(f"the archive has no name {text!r}; {no_name_hint(state, text, facet)}")
    if len(found) > 1:
        raise LedgerError(several_hint(text, found))
    return found[0]
