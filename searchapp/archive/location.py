"""Where an archive is kept: what a location means, and which engine opens it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from searchapp.engines.base import Engine
from searchapp.engines.memory import MemoryEngine
from searchapp.engines.whoosh import WhooshEngine, is_index
from searchapp.errors import UsageError
from searchapp.files.removing import remove, remove_folder
from searchapp.model.beside import Beside
from searchapp.settings import Settings

__all__ = [
    "MEMORY",
    "SCHEMES",
    "Opened",
    "checked_folder",
    "folder_of",
    "open_location",
    "shown_location",
    "taken_away_if_empty",
]

MEMORY = ":memory:"
"""The location of an archive that lives only in this process."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An engine, and what is kept beside it."""

    engine: Engine
    folder: Path | None = None
    """Where the archive keeps what is its own besides the articles; None for nowhere, or `beside`."""
    beside: Beside | None = None


Opener = Callable[[str, bool, Settings], Opened]
"""Takes the location, whether to make one where there is none, and the settings."""


def _on_cluster(location: str, create: bool, settings: Settings) -> Opened:
    try:
        # Whoever has an archive in a folder needs no client.
        from searchapp.engines.opensearch import OpenSearchEngine
        from searchapp.engines.opensearch.address import Address
    except ModuleNotFoundError as error:
        raise UsageError(
            "an archive on OpenSearch needs a client; install it with: pip install 'searchapp[opensearch]'"
        ) from error
    engine = OpenSearchEngine.open(
        Address.parse(location),
        create=create,
        timeout_s=settings.query_timeout_s,
        user=settings.opensearch_user,
        password=settings.opensearch_password,
        token=settings.opensearch_token,
        ca=settings.opensearch_ca,
        shards=settings.opensearch_shards,
    )
    return Opened(engine, beside=engine.documents)


SCHEMES: Mapping[str, Opener] = MappingProxyType({"opensearch+http": _on_cluster, "opensearch+https": _on_cluster})
"""What stands before "://" in a location, to what opens it. Everything else is the path of a folder."""


def open_location(location: str | Path, *, create: bool, settings: Settings) -> Opened:
    """The engine of the archive at `location`.

    Raises `IndexNotFound` where there is none and `create` is false, `IndexDamaged` where it cannot be read, and
    `UsageError` where the location is an address that no engine serves.
    """
    if str(location) == MEMORY:
        return Opened(MemoryEngine())
    if scheme := _scheme_of(location):
        return SCHEMES[scheme](str(location), create, settings)
    folder = folder_of(location)
    return Opened(WhooshEngine.open(folder, create=create, timeout_s=settings.query_timeout_s), folder)


def checked_folder(location: str | Path) -> Path:
    """The folder that an archive is in, for what reads and mends its files. Raises `UsageError` for an address."""
    if str(location) == MEMORY:
        raise UsageError(f"{MEMORY!r} lives in one process and has no files; give the path of a folder")
    if scheme := _scheme_of(location):
        raise UsageError(f"what is behind {scheme + '://'!r} has no files here; give the path of a folder")
    return folder_of(location)


@contextmanager
def taken_away_if_empty(location: str | Path) -> Iterator[None]:
    """Takes away again an index that is made in this block and holds nothing when the block raises."""
    folder = None if str(location) == MEMORY or _scheme_of(location) else folder_of(location)
    fresh = folder is not None and not is_index(folder)
    before = set(os.listdir(folder)) if folder is not None and folder.is_dir() else None
    around = folder is not None and folder.parent.is_dir()
    try:
        yield
    except BaseException:
        if fresh and folder is not None and is_index(folder) and _is_empty(folder):
            # Nobody else has put anything there: what is new is what the making of an index leaves.
            for name in set(os.listdir(folder)) - (before or set()):
                remove(folder / name)
            if before is None:
                remove_folder(folder)
                if not around and not os.listdir(folder.parent):
                    remove_folder(folder.parent)
        raise


def _is_empty(folder: Path) -> bool:
    with closing(WhooshEngine.open(folder, create=False, timeout_s=1)) as engine, closing(engine.state()) as state:
        return len(state) == 0


def shown_location(location: str | Path) -> str:
    """A location as it may be printed: without the user and the password of an address."""
    before, mark, rest = str(location).partition("://")
    if not mark or "/" in before or "\\" in before:
        return str(location)
    host, slash, name = rest.partition("/")
    return f"{before}{mark}{host.rpartition('@')[2]}{slash}{name}"


def folder_of(location: str | Path) -> Path:
    """The folder that a location names, `~` standing for the home folder as in a shell."""
    return Path(os.path.expanduser(location))


def _scheme_of(location: str | Path) -> str:
    """The scheme of an address that an engine serves, empty for the path of a folder. Raises `UsageError`."""
    before, mark, _ = str(location).partition("://")
    if not mark or "/" in before or "\\" in before:
        return ""
    if before.lower() not in SCHEMES:
        served = [f"an address that begins with {scheme + '://'!r}" for scheme in SCHEMES]
        # The address itself may hold a password.
        raise UsageError(
            f"no engine serves {before + '://'!r}; give {', '.join(('the path of a folder', *served))} or {MEMORY!r}"
        )
    return before.lower()
