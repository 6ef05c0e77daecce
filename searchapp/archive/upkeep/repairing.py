"""Making sound again what is damaged, and taking over what another version of the program wrote."""

from __future__ import annotations

import itertools
from contextlib import closing
from dataclasses import dataclass, replace

from searchapp.archive.adding import with_language
from searchapp.archive.identity import brief
from searchapp.archive.upkeep.examining import Finding, examine
from searchapp.archive.upkeep.places import Places
from searchapp.corpus.reading.unreadable import recall_unreadable, write_unreadable
from searchapp.engines.whoosh import WhooshEngine
from searchapp.engines.whoosh.salvaging import Lost, salvaging
from searchapp.entities.archive_names.following import FollowedNames
from searchapp.entities.columns import entry_of
from searchapp.errors import IndexNotFound, LedgerError
from searchapp.files.removing import remove
from searchapp.files.replacing import remove_leftovers
from searchapp.settings import Settings

__all__ = ["Repair", "rebuild", "repair"]


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done to an archive."""

    articles: int
    """How many it holds now."""
    rewritten: int = 0
    """How many of them were written anew."""
    lost: tuple[Lost, ...] = ()
    """Those that could not be read any more, by file."""
    done: tuple[str, ...] = ()
    """What was mended, in words; nothing where nothing had to be."""
    left: tuple[Finding, ...] = ()
    """What is still wrong: people have to see to it."""

    @property
    def lost_articles(self) -> int:
        """How many articles are lost at least."""
        return sum(one.count for one in self.lost)


def repair(places: Places, settings: Settings) -> Repair:
    """Saves every article that is whole, and makes anew what follows from the articles; see `Archive.repair`."""
    try:
        found = examine(places)
    except IndexNotFound:
        # Segments may be there without their table of contents; else this says so again.
        found = [Finding("contents.json", "it is gone")]
    beside = {places.unreadable.name, places.ledger.name, places.kept_ledger.name}
    names_stem = places.names.stem
    in_index = [item for item in found if item.file not in beside and not item.file.startswith(names_stem)]
    done = Repair(0)
    if in_index:
        done = _written_anew(places, settings, everything=False)
    words = list(done.done)
    if any(item.file.startswith(names_stem) for item in found):
        words.append("the names were worked out anew from the articles")
    words += _mended_beside(places, found)
    return _finished(places, replace(done, done=tuple(words)))


def rebuild(places: Places, settings: Settings) -> Repair:
    """Writes the whole index anew from the articles that it holds; see `Archive.rebuild`."""
    done = _written_anew(places, settings, everything=True)
    words = [*done.done, *_mended_beside(places, examine(places))]
    return _finished(places, replace(done, done=tuple(words)))


def _written_anew(places: Places, settings: Settings, *, everything: bool) -> Repair:
    count = 0
    with salvaging(places.folder, everything=everything, timeout_s=settings.lock_timeout_s) as salvage:
        articles = salvage.articles()
        while batch := list(itertools.islice(articles, settings.batch_articles)):
            salvage.add([entry_of(with_language(article), _fingerprint(stored)) for article, stored in batch])
            count += len(batch)
    words = [f"{file} was written anew" for file in salvage.files]
    if salvage.contents_are_lost:
        words.append("the table of contents was made anew from the files that are there")
    words += [f"which articles of {file} had been removed is lost: some may be back" for file in salvage.may_be_back]
    return Repair(0, count, tuple(salvage.lost), tuple(words))


def _fingerprint(stored: str) -> str:
    """As the index has it now: up to its second format it had the whole of what is made brief since."""
    return brief(stored) if len(stored) > len(brief("")) and " " not in stored else stored


def _mended_beside(places: Places, found: list[Finding]) -> list[str]:
    """Mends what is kept beside the index; what was done, in words."""
    words = []
    faulty = {item.file for item in found}
    if any(name.startswith(places.names.stem) for name in faulty):
        remove(places.names)
    if places.unreadable.name in faulty:
        kept = recall_unreadable(places.unreadable, index=places.identity() or "")
        write_unreadable(places.unreadable, kept, index=places.identity() or "")
        words.append("the list of files that could not be read begins anew: index them again to fill it")
    if places.kept_ledger.name in faulty:
        remove(places.kept_ledger)
        words.append("the copy of the corrections was made anew")
    try:
        back = places.open_ledger().put_back()
        if back:
            words.append(f"{back:,} corrections of names were put back into {places.ledger.name}")
        places.open_ledger().read()
    except LedgerError:
        pass  # People have to correct it: it is among what is left.
    return words


def _finished(places: Places, done: Repair) -> Repair:
    with (
        closing(WhooshEngine.open(places.folder, create=False, timeout_s=1)) as engine,
        closing(engine.state()) as state,
    ):
        FollowedNames(places.names).keep(state)
        articles = len(state)
    remove_leftovers(places.folder)
    return replace(done, articles=articles, left=tuple(examine(places)))
