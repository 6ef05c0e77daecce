"""Looks at everything that an answer can depend on: the index, and what is kept beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from searchapp.archive.upkeep.places import Places
from searchapp.corpus.reading.unreadable import unreadable_fault
from searchapp.engines.whoosh import WhooshEngine, check_index, mark_of
from searchapp.entities.archive_names.following import FollowedNames
from searchapp.entities.archive_names.keeping.checking import kept_generation, names_faults
from searchapp.errors import IndexDamaged, LedgerError

__all__ = ["REPAIR", "Finding", "changed_by_hand", "examine"]

REPAIR = "searchapp repair"
_RETRIES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about an archive that is not as it should be."""

    file: str
    """Name of the file."""
    reason: str
    """What is wrong with it."""
    meaning: str = ""
    """What that means for who uses the archive."""
    command: str = ""
    """What mends it, to be typed; empty where people have to do something else, which `meaning` says."""


def examine(places: Places) -> list[Finding]:
    """Everything of an archive that is not as it was written; reads every byte of it, and changes nothing.

    Raises `IndexNotFound` when there is none, and `OtherVersion`.
    """
    found = [
        Finding(item.file, item.reason, "articles in it may be missing from answers, or stop them", REPAIR)
        for item in check_index(places.folder)
    ]
    index_is_sound = not found
    found += _in_names(places, index_is_sound=index_is_sound)
    fault = unreadable_fault(places.unreadable, index=places.identity())
    if fault:
        meaning = "the page does not say which files could not be read until they are read again"
        found.append(Finding(places.unreadable.name, fault, meaning, REPAIR))
    return [*found, *_in_ledger(places)]


def _in_names(places: Places, *, index_is_sound: bool) -> list[Finding]:
    """No name is taken from a file with a fault: until it is mended, each process works the names out for itself."""
    meaning = "nothing wrong is shown, but each start works the names out anew"
    for _ in range(_RETRIES):
        generation = _mark(places.folder)
        found = [Finding(file, reason, meaning, REPAIR) for file, reason in names_faults(places.names, generation)]
        if not found and index_is_sound and not _names_follow(places):
            reason = "it is not what follows from the articles"
            found = [Finding(places.names.name, reason, "names are counted wrongly", REPAIR)]
        if not found or generation == _mark(places.folder):
            break
        # Somebody has committed meanwhile.
    return found


def _names_follow(places: Places) -> bool:
    """Whether what is kept of the names is what the articles give, where it is about their last state."""
    with (
        closing(WhooshEngine.open(places.folder, create=False, timeout_s=1)) as engine,
        closing(engine.state()) as state,
    ):
        if kept_generation(places.names) != state.generation:
            return True
        kept, anew = FollowedNames(places.names).relabelling(state), FollowedNames().relabelling(state)
        return kept.version == anew.version and dict(kept.changes) == dict(anew.changes)


def _in_ledger(places: Places) -> Iterator[Finding]:
    ledger = places.open_ledger(keeps=False)
    try:
        problem = ledger.read().problem
    except LedgerError as error:
        problem = str(error)
    if problem:
        yield Finding(places.ledger.name, problem, "correct that line of the ledger, or put the ledger back")
    if fault := ledger.kept_fault():
        meaning = "the corrections would be lost with the ledger"
        yield Finding(places.kept_ledger.name, fault, meaning, REPAIR)


def changed_by_hand(places: Places) -> str:
    """What the ledger has since it was read last that this program did not write, in words; else empty.

    Ledgers are there to be edited; but who has edited nothing should know.
    """
    try:
        changes = places.open_ledger(keeps=False).changes()
    except (LedgerError, IndexDamaged):
        return ""
    return f"{places.ledger.name} was changed by hand since it was read last: {changes}" if changes else ""


def _mark(folder: Path) -> str | None:
    try:
        return mark_of(folder)
    except IndexDamaged:
        return None
