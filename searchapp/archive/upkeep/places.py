"""What is kept in the folder of an index besides the articles: the names of these files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from searchapp.engines.whoosh import identity_of
from searchapp.entities.corrections.keeping import Ledger
from searchapp.errors import ArchiveError
from searchapp.settings import Settings

__all__ = ["KEPT_LEDGER", "LEDGER", "NAMES", "UNREADABLE", "Places"]

UNREADABLE = "unreadable.json"
"""What could not be read."""
LEDGER = "ledger.toml"
"""The corrections of names, unless the settings name another file."""
KEPT_LEDGER = "ledger.kept"
"""The corrections as they could be read last."""
NAMES = "names.json"
"""Which files hold the names of the archive as they were computed last."""


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one archive in a folder."""

    folder: Path
    ledger: Path
    """Of corrections; anywhere."""

    @classmethod
    def of(cls, folder: Path, settings: Settings) -> Places:
        """Those that an archive in `folder` has."""
        named = settings.ledger
        return cls(folder, Path(os.path.expanduser(named)) if named else folder / LEDGER)

    @property
    def kept_ledger(self) -> Path:
        return self.folder / KEPT_LEDGER

    @property
    def names(self) -> Path:
        return self.folder / NAMES

    @property
    def unreadable(self) -> Path:
        return self.folder / UNREADABLE

    @property
    def has_own_ledger(self) -> bool:
        """Whether the corrections are in the folder, and not in a file that other archives may share."""
        return self.ledger == self.folder / LEDGER

    def identity(self) -> str | None:
        """What names the index; None where nobody can tell."""
        try:
            return identity_of(self.folder)
        except ArchiveError:
            return None

    def open_ledger(self, *, keeps: bool = True) -> Ledger:
        """The corrections; see `Ledger`."""
        return Ledger(self.ledger, kept=self.kept_ledger, index=self.identity, keeps=keeps)
