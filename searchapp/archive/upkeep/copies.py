"""Backups: an archive a second time, in a folder that is one itself, and back."""

from __future__ import annotations

import datetime as dt
import json
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from searchapp.archive.upkeep.places import LEDGER, Places
from searchapp.corpus.reading.unreadable import recall_unreadable, write_unreadable
from searchapp.engines.whoosh import Copied, WhooshEngine, copy_index, identity_of, is_index
from searchapp.entities.archive_names.following import FollowedNames
from searchapp.errors import ArchiveError, IndexNotFound, UsageError
from searchapp.files.folders import make_folder
from searchapp.files.reading import read
from searchapp.files.removing import remove
from searchapp.files.replacing import leftovers, remove_leftovers, replace
from searchapp.files.sealing import sealed, unsealed
from searchapp.settings import Settings

__all__ = ["MARKER", "Backup", "back_up", "restore"]

MARKER = "backup.json"
"""Says of which archive a folder is the backup, and when it was finished last."""
_SEAL = "backup"


@dataclass(frozen=True, slots=True)
class Backup:
    """What was copied; all of it was read again and is sound."""

    folder: str
    """Where to."""
    articles: int
    copied: int
    """Files of articles that were copied or linked."""
    kept: int
    """Those that were there already, and are whole."""
    copied_bytes: int
    corrections: int
    """Corrections of names that are in it."""
    notes: tuple[str, ...] = ()
    """What was not done, and why, in words."""


def back_up(places: Places, target: Path, settings: Settings, *, link: bool) -> Backup:
    """Makes `target` a backup of the archive; see `Archive.backup`."""
    if not is_index(places.folder):
        raise IndexNotFound(f"no index at {str(places.folder)!r}; create one first")
    _check_apart(places.folder, target)
    identity = identity_of(places.folder)
    own = {"index": identity, "source": os.path.realpath(places.folder)}
    _check_is_ours(target, own)
    make_folder(target)
    if not (target / MARKER).exists():
        # First, so that the next one goes on from what one that is stopped leaves.
        replace(target / MARKER, _marker(own))
    copied = copy_index(places.folder, target, link=link, timeout=settings.lock_timeout_s)
    there = Places(target, target / LEDGER)
    ledger = places.open_ledger(keeps=False)
    corrections = there.open_ledger().take_over(ledger.good_bytes())
    _copy_unreadable(places, there)
    finished = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    replace(target / MARKER, _marker(own | {"finished": finished}))
    remove_leftovers(target)
    return _backup(target, copied, corrections, ())


def restore(source: Path, places: Places, settings: Settings, *, replace_articles: bool) -> Backup:
    """Makes what `source` holds that of the archive; see `Archive.restore`."""
    if not is_index(source):
        raise IndexNotFound(f"no backup at {str(source)!r}; make one with: searchapp backup {source}")
    _check_apart(places.folder, source)
    if not replace_articles and (held := _holds(places.folder)):
        raise UsageError(
            f"{str(places.folder)!r} holds {held}, which the backup would replace; say --yes, or replace=True"
        )
    there = Places(source, source / LEDGER)
    corrections = there.open_ledger(keeps=False).good_bytes()
    # Those of a later state than the one that comes would look like another archive's to whoever is killed meanwhile.
    remove(places.names)
    copied = copy_index(source, places.folder, link=False, timeout=settings.lock_timeout_s)
    notes = []
    if places.has_own_ledger:
        number = places.open_ledger().take_over(corrections, keep_old=True)
    else:
        number = 0
        notes.append(f"the corrections stay those of {str(places.ledger)!r}; those of the backup are in {there.ledger}")
    _copy_unreadable(there, places)
    with (
        closing(WhooshEngine.open(places.folder, create=False, timeout_s=1)) as engine,
        closing(engine.state()) as state,
    ):
        FollowedNames(places.names).keep(state)
    remove_leftovers(places.folder)
    return _backup(places.folder, copied, number, tuple(notes))


def _backup(folder: Path, copied: Copied, corrections: int, notes: tuple[str, ...]) -> Backup:
    return Backup(str(folder), copied.articles, copied.copied, copied.kept, copied.copied_bytes, corrections, notes)


def _check_apart(folder: Path, other: Path) -> None:
    own, its = Path(os.path.realpath(folder)), Path(os.path.realpath(other))
    if own == its or own in its.parents or its in own.parents:
        raise UsageError(f"{str(other)!r} and the archive in {str(folder)!r} are not apart; choose another folder")


def _check_is_ours(target: Path, own: dict[str, str]) -> None:
    """Raises `UsageError` where the folder holds anything but an earlier backup of the same archive."""
    if target.exists() and not target.is_dir():
        raise UsageError(f"{str(target)!r} is no folder; choose another one")
    passing = {path.name for path in leftovers(target)} if target.is_dir() else set()
    there = {name for name in os.listdir(target) if name not in passing} if target.is_dir() else set()
    if not there:
        return
    try:
        marker = json.loads(unsealed(_SEAL, read(target / MARKER)))
    except FileNotFoundError:
        raise UsageError(f"{str(target)!r} holds something that is no backup; choose an empty folder") from None
    except (OSError, ValueError) as error:
        raise UsageError(
            f"what {str(target)!r} is a backup of cannot be read ({error}); choose another folder"
        ) from None
    if marker.get("index") != own["index"] or (not own["index"] and marker.get("source") != own["source"]):
        raise UsageError(f"{str(target)!r} is the backup of another archive; choose another folder")


def _marker(values: dict[str, str]) -> bytes:
    return sealed(_SEAL, json.dumps(values).encode("ascii"))


def _holds(folder: Path) -> str:
    """What is in the folder of an archive, in words; empty for nothing."""
    if not is_index(folder):
        return ""
    try:
        with (
            closing(WhooshEngine.open(folder, create=False, timeout_s=1)) as engine,
            closing(engine.state()) as state,
        ):
            return f"{len(state):,} articles" if len(state) else ""
    except ArchiveError:
        return "an index that cannot be opened"


def _copy_unreadable(source: Places, target: Places) -> None:
    items = recall_unreadable(source.unreadable, index=source.identity() or "")
    if items or target.unreadable.exists():
        write_unreadable(target.unreadable, items, index=target.identity() or "")
