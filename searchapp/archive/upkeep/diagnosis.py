"""What is wrong with an archive, in plain words, with the command that mends it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from searchapp.archive.upkeep.examining import Finding, changed_by_hand, examine
from searchapp.archive.upkeep.places import Places
from searchapp.corpus.reading.unreadable import recall_unreadable
from searchapp.engines.whoosh import WRITE_LOCK, mark_of
from searchapp.entities.archive_names.keeping.checking import kept_generation
from searchapp.errors import ArchiveError, IndexDamaged, IndexNotFound, OtherVersion
from searchapp.files.folders import free_bytes
from searchapp.files.locking import Lock
from searchapp.files.replacing import leftovers

__all__ = ["Diagnosis", "diagnose"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found."""

    folder: str
    size_bytes: int
    """Of all files in the folder."""
    free_bytes: int
    """On the disk that it is on."""
    findings: tuple[Finding, ...]
    """What is wrong; nothing where the archive is sound."""
    notes: tuple[str, ...]
    """What is worth knowing, and no fault."""


def diagnose(places: Places) -> Diagnosis:
    """Looks at everything and changes nothing; raises nothing for what it finds."""
    size, free = _sizes(places.folder)
    try:
        findings = _findings(places)
    except OSError as error:
        reason = f"it cannot be read: {error.strerror or error}"
        findings = [Finding(str(error.filename or places.folder), reason, "see to its permissions, or to the disk")]
    if free < size and findings[:1] != [_NO_INDEX]:
        # A merge of everything needs the room once more.
        reason = f"{free / 1e6:,.0f} MB are free where the archive takes {size / 1e6:,.0f} MB"
        findings.append(Finding(".", reason, "a run may fail, and change nothing, when segments are joined: make room"))
    if places.folder.is_dir() and not os.access(places.folder, os.W_OK):
        findings.append(
            Finding(".", "you may not write in this folder", "searching works, adding and correcting do not")
        )
    return Diagnosis(str(places.folder), size, free, tuple(findings), tuple(_notes(places)))


_NO_INDEX = Finding("contents.json", "there is no index in this folder", "", "searchapp index FILES")


def _findings(places: Places) -> list[Finding]:
    try:
        return examine(places)
    except IndexNotFound:
        if any(places.folder.glob("MAIN_*.columns")):
            return [Finding("contents.json", "it is gone, and articles are there", "", "searchapp repair")]
        return [_NO_INDEX]
    except OtherVersion as error:
        command = "searchapp rebuild" if "searchapp rebuild" in str(error) else ""
        return [
            Finding("contents.json", str(error).partition(";")[0], "" if command else "update the program", command)
        ]
    except IndexDamaged as error:
        return [Finding("contents.json", str(error), "", "searchapp repair")]


def _notes(places: Places) -> list[str]:
    notes = [changed] if (changed := changed_by_hand(places)) else []
    unread = recall_unreadable(places.unreadable, index=places.identity() or "")
    if unread:
        notes.append(
            f"{len(unread):,} files or articles could not be read, such as {unread[0].path}: {unread[0].reason}"
        )
    if (passing := leftovers(places.folder)) or _is_writing(places.folder):
        what = (
            "somebody is writing to the archive now"
            if _is_writing(places.folder)
            else (f"{len(passing):,} half-written files of a run that was killed are left; the next one removes them")
        )
        notes.append(what)
    try:
        about = kept_generation(places.names)
        if about and about != mark_of(places.folder):
            notes.append("the names that are kept are of an earlier state; the next run brings them up to date")
    except ArchiveError:
        pass
    return notes


def _is_writing(folder: Path) -> bool:
    path = folder / WRITE_LOCK
    if not path.exists():
        return False
    try:
        lock = Lock(path)
        free = lock.acquire()
        lock.release()
    except OSError:
        return False
    return not free


def _sizes(folder: Path) -> tuple[int, int]:
    try:
        size = sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file())
        return size, free_bytes(folder)
    except OSError:
        return 0, 0
