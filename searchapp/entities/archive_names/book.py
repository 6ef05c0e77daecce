"""The names of one archive: computed from its columns, corrected by its ledger, explained on request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TypeAlias

from searchapp.entities.archive_names.following import FollowedNames, NameSource
from searchapp.entities.archive_names.forms import ArchiveForms, ReadSource, split_names
from searchapp.entities.archive_names.names import EVIDENCE_COLUMNS
from searchapp.entities.archive_names.rules.evaluation import Evaluation
from searchapp.entities.archive_names.rules.facts import form_line
from searchapp.entities.corrections.applying import History, check_correction, corrected, history_of
from searchapp.entities.corrections.keeping import Ledger, Reading
from searchapp.entities.corrections.ledger import Correction, parse_bytes
from searchapp.entities.corrections.sharing import SharedLedger
from searchapp.entities.linking.forms import form_of
from searchapp.errors import LedgerError
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, Article
from searchapp.model.names import Relabelling

__all__ = ["FormOfName", "NameBook", "NameSource"]

Node: TypeAlias = tuple[str, str]
_Written: TypeAlias = tuple[str, str, str]
"""Facet and label that articles give, and the form of it that stands there."""

_NO_CORRECTIONS = Reading((), "")
_EXAMPLES = 3
_EXAMPLE_CHARS = 60
"""On either side of the name."""


@dataclass(frozen=True, slots=True)
class FormOfName:
    """One way in which articles write a name."""

    text: str
    facet: str
    """Where the articles have it, which a correction may have changed."""
    label: str
    """The label that the article itself gives to it."""
    articles: int
    """Articles that have the form; for a label of its own, articles with that label."""
    reason: str
    """How it came to count under the name, in words."""
    examples: tuple[str, ...] = ()
    """Stretches of text that hold the form."""


class NameBook:
    """Labels as the archive shows them, computed again only when its articles or its ledger have changed."""

    def __init__(self, ledger: Ledger | SharedLedger | None = None, *, kept: Path | None = None) -> None:
        """`ledger` holds the corrections; None for an archive that cannot have any.

        `kept` is where names are kept, which spares the next process the computing; it is written by `keep`.
        """
        self._ledger = ledger
        self._followed = FollowedNames(kept)
        self._columns: dict[str, Mapping[str, int]] = {}
        self._columns_of: str | None = None
        self._relabelling: tuple[tuple[str, str], Relabelling] | None = None

    def relabelling(self, source: NameSource) -> Relabelling:
        """How the labels of these articles are shown. Raises `LedgerError` when the ledger cannot be applied."""
        reading = self._reading()
        natural = self._followed.relabelling(source)
        # Both from what was read here: another thread may read the ledger anew meanwhile.
        key = (natural.version, reading.version)
        known = self._relabelling
        if known is None or known[0] != key:
            known = (key, corrected(natural, reading.corrections))
            self._relabelling = known
        return known[1]

    def forms(self, source: ReadSource, names: Relabelling) -> ArchiveForms:
        """The forms of the names of these articles, which are shown as `names` says."""
        return ArchiveForms(self._followed, source, names)

    def keep(self, source: NameSource, before: NameSource | None = None) -> None:
        """Computes the names of these articles, and keeps them for other processes; see `FollowedNames.keep`."""
        self._followed.keep(source, before)

    def _read_columns(self, source: NameSource) -> Mapping[str, Mapping[str, int]]:
        generation = source.generation
        if self._columns_of != generation:
            self._columns = {column: source.labels(column) for column in EVIDENCE_COLUMNS}
            self._columns_of = generation
        return self._columns

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """The entries of the ledger, in order. Raises `LedgerError` naming the line that is wrong."""
        return self._reading().corrections

    @property
    def problem(self) -> str:
        """Why the ledger cannot be read, when the corrections that were read last hold instead; else empty."""
        return self._reading().problem

    @property
    def short_problem(self) -> str:
        """The same without the folder of the ledger, which is nothing for those who read a page."""
        if self._ledger is None:
            return ""
        return self.problem.replace(str(self._ledger.path), self._ledger.path.name)

    def _reading(self) -> Reading:
        return self._ledger.read() if self._ledger is not None else _NO_CORRECTIONS

    def shown(self, source: NameSource) -> dict[str, dict[str, int]]:
        """Facet to every label that it shows, with the sum of articles of the labels that count under it."""
        relabelling, counts = self.relabelling(source), {facet: dict[str, int]() for facet in KIND_OF_FACET}
        self._read_columns(source)
        for facet in KIND_OF_FACET:
            for label, articles in self._columns.get(facet, {}).items():
                node = relabelling.resolve(facet, label)
                if node is not None:
                    counts[node[0]][node[1]] = counts[node[0]].get(node[1], 0) + articles
        for own in relabelling.overrides.values():
            for target in own.values():
                if target is not None:
                    counts[target[0]].setdefault(target[1], 1)
        return counts

    def facets_of(self, source: NameSource, label: str) -> tuple[str, ...]:
        """The facets that show a label, or else those where an article has it.

        For a correction that does not say which it means.
        """
        shown = self.shown(source)
        found = tuple(facet for facet in KIND_OF_FACET if label in shown[facet])
        return found or tuple(facet for facet in KIND_OF_FACET if label in self._columns[facet])

    def nearest_facet(self, source: NameSource, label: str) -> str:
        """The facet that shows a label most like one that none of them shows."""
        folded = label.casefold()
        shown = self.shown(source)
        return max(shown, key=lambda facet: max((_likeness(folded, other) for other in shown[facet]), default=0.0))

    def add(self, source: NameSource, correction: Correction) -> None:
        """Writes a correction to the ledger; it holds at once.

        Raises `LedgerError` when it names a label that the archive does not show, or contradicts an earlier one.
        """
        if self._ledger is not None:
            check_correction(correction, self.shown(source), self._columns)
            self._ledger.add(correction)

    def undo(self) -> Correction | None:
        """Takes the last correction back and gives it. Raises `LedgerError` when there is none."""
        return self._ledger.undo() if self._ledger is not None else None

    def clear(self) -> int:
        """Takes back all corrections; gives how many there were. Raises `LedgerError` when that cannot be written."""
        return self._ledger.clear() if self._ledger is not None else 0

    def ledger(self) -> bytes:
        """The ledger as text; empty where there is none. Raises `LedgerError` where it cannot be read."""
        return self._ledger.good_bytes() if self._ledger is not None else b""

    def take_over(self, data: bytes, *, replacing: bool = False) -> int:
        """Puts the content of another ledger in place of this one; gives how many corrections hold then.

        Raises `LedgerError` where it cannot be read, or where this one has corrections that it has not and is not to be
        replaced.
        """
        own = self.corrections
        taken = parse_bytes(data, name="ledger.toml")
        told = [str(correction) for correction in taken]
        if not replacing and any(str(correction) not in told for correction in own):
            raise LedgerError(
                f"there are corrections here that the other archive has not, such as: {own[-1]}; "
                "keep them with: searchapp names export, then take them back with: searchapp names clear"
            )
        if self._ledger is None:
            if taken:
                raise LedgerError("this archive keeps no corrections; open one in a folder")
        elif data and data != self._ledger.good_bytes():
            self._ledger.take_over(data)
        return len(taken) if data else len(own)

    def why(self, source: ReadSource, facet: str, label: str, articles: Iterable[Article] = ()) -> list[FormOfName]:
        """Every form that counts under a shown label, and how each was joined; empty for one that is not shown.

        First the labels that articles give, then the short forms that stand for them, the most frequent first.

        `articles` are where examples are taken from; those that have the label among their names serve best.
        """
        relabelling, natural = self.relabelling(source), self._followed.relabelling(source)
        self._read_columns(source)
        shown = (facet, label)
        history = history_of(natural, self.corrections)
        apart, come, gone = self._apart(source, relabelling, shown)
        owned = {
            (own_facet, own): count - gone[own_facet, own, own]
            for own_facet in KIND_OF_FACET
            for own, count in self._columns.get(own_facet, {}).items()
            if relabelling.resolve(own_facet, own) == shown
        }
        reasons = self._followed.asked(
            source,
            lambda evaluation: {node: self._reason(node, label, history, evaluation) for node in owned},
        )
        found = [FormOfName(own, home, own, count, reasons[home, own]) for (home, own), count in owned.items()]
        for line, count in self._columns.get("forms", {}).items():
            (kind, form), own = form_line(line)
            home = FACET_OF_KIND[kind]
            if (home, own) in owned:
                reason = f"short for {own!r} in the same article"
                found.append(FormOfName(form, home, own, count - gone[home, own, form], reason))
        for (home, own, text), count in come.items():
            reason = "; ".join(_line(correction) for correction in apart[home, own, text])
            found.append(FormOfName(text, home, own, count, reason))
        written = {(KIND_OF_FACET[form.facet], form.label) for form in found}
        examples = _examples(articles, written)
        found = [form for form in found if form.articles > 0]
        found.sort(key=lambda form: (form.text != form.label, -form.articles, form.text, form.label))
        return [
            FormOfName(f.text, f.facet, f.label, f.articles, f.reason, tuple(examples.get((f.text, f.label), ())))
            for f in found
        ]

    def _apart(
        self, source: ReadSource, names: Relabelling, shown: Node
    ) -> tuple[dict[_Written, Sequence[Correction]], Counter[_Written], Counter[_Written]]:
        """What corrections set apart in single articles: why, and in how many it comes to a name and goes from it."""
        why: dict[_Written, Sequence[Correction]] = {}
        come: Counter[_Written] = Counter()
        gone: Counter[_Written] = Counter()
        history = history_of(self._followed.relabelling(source), self.corrections)
        for split in split_names(source, names):
            key = (*split.written, split.text)
            gone[key] += split.usual == shown
            if split.shown == shown:
                come[key] += 1
                why.setdefault(key, history.splits.get((split.article_id, split.usual), ()))
        return why, come, gone

    def _reason(self, own: Node, label: str, history: History, evaluation: Evaluation) -> str:
        reasons: list[str] = []
        node, seen = (KIND_OF_FACET[own[0]], own[1]), set[tuple[str, str]]()
        # The label itself may be joined to another form before it was chosen: what joins that one is no news.
        while (join := evaluation.joins(node).get(node)) is not None and node not in seen and node[1] != label:
            seen.add(node)
            reasons.append(f"{join.reason} ({join.into[1]!r})" if join.into[1] != label else join.reason)
            node = join.into
        reasons += map(_line, history.moves.get(own, ()))
        return "; ".join(reasons) or "the label itself"


def _line(correction: Correction) -> str:
    return f"line {correction.line} of the ledger: {correction}"


def _likeness(folded: str, other: str) -> float:
    return SequenceMatcher(None, folded, other.casefold()).quick_ratio()


def _examples(articles: Iterable[Article], written: set[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """Form and label to stretches of text that hold the form."""
    found: dict[tuple[str, str], list[str]] = {}
    for article in articles:
        for mention in article.mentions:
            if (mention.kind, mention.label) not in written:
                continue
            form = form_of(mention.text, mention.kind).shown
            examples = found.setdefault((form, mention.label), [])
            if len(examples) < _EXAMPLES:
                start = max(0, mention.start - _EXAMPLE_CHARS)
                text = article.body[start : mention.end + _EXAMPLE_CHARS]
                examples.append(" ".join(text.split()))
    return found
