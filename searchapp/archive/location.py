"""Where an archive is kept: what a location means, and which engine opens it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from searchapp.engines.base import Engine
from searchapp.engines.memory import MemoryEngine
from searchapp.engines.whoosh import Damage, WhooshEngine, check_index
from searchapp.errors import UsageError
from searchapp.settings import Settings

__all__ = ["MEMORY", "SCHEMES", "Opened", "check_location", "open_location"]

MEMORY = ":memory:"
"""The location of an archive that lives only in this process."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An engine, and what is kept beside it."""

    engine: Engine
    folder: Path | None = None
    """Where the archive keeps what is its own besides the articles; None for nowhere."""


Opener = Callable[[str, bool, Settings], Opened]
"""Takes the location, whether to make one where there is none, and the settings."""

SCHEMES: Mapping[str, Opener] = MappingProxyType({})
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
    folder = Path(location)
    return Opened(WhooshEngine.open(folder, create=create, timeout_s=settings.query_timeout_s), folder)


def check_location(location: str | Path) -> list[Damage]:
    """Everything in the folder `location` that is not as it was written; reads every byte of it.

    Raises `IndexNotFound` when there is none, and `UsageError` when it is an address.
    """
    if scheme := _scheme_of(location):
        raise UsageError(f"what is behind {scheme + '://'!r} cannot be checked from here; check the path of a folder")
    return check_index(Path(location))


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
