"""One frozen `Settings`, and what a terminal is asked for; nothing else reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from searchapp.errors import SettingsError
from searchapp.platform.machine import cores

__all__ = ["Settings", "colour_refused", "pure_asked", "width_given"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run of the program behaves; every field is also the variable SEARCHAPP_<FIELD>."""

    index: str = "index"
    """Folder of the index, or the address of a server."""
    ledger: str = ""
    """File of the corrections of names; empty for `ledger.toml` in the folder of the index."""
    recogniser: str = ""
    """What recognises names; empty for what the package ships, or such as "spacy:en_core_web_sm"."""
    host: str = "127.0.0.1"
    port: int = 8080
    lock_timeout_s: float = 10.0
    """How long a second writer waits for the first."""
    query_timeout_s: float = 5.0
    """How long one query may take before it fails."""
    max_file_mb: int = 512
    """Files larger than this, uncompressed, are skipped."""
    file_timeout_s: float = 60.0
    """How long one file may keep a run waiting, and as long again for each 32 MB of it, before it is skipped."""
    file_memory_mb: int = 128
    """How much memory reading a file may take, beside eight times its size, before it is skipped."""
    commit_every_s: float = 30.0
    """A run over files commits what it has whenever so much time has passed, so that no more than that is lost with it.

    Where committing takes longer than a twentieth of that, it does so less often, at least every ten times so long.
    """
    commit_articles: int = 100_000
    """It also commits whenever it has so many new articles."""
    prune_share: float = 0.1
    """Which share of an archive, and more than ten articles, is removed only after asking."""
    batch_articles: int = 512
    """Articles recognised and handed to the engine at once."""
    processes: int = min(4, cores())
    """Processes that index together: one reads and writes, the others recognise names; 1 does it all by itself."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings that the environment asks for, defaults elsewhere.

        Raises `SettingsError` naming the variable whose value is no number or not positive.
        """
        environment = os.environ if environment is None else environment
        chosen: dict[str, object] = {}
        for field in fields(cls):
            variable = f"SEARCHAPP_{field.name.upper()}"
            text = environment.get(variable, "").strip()
            if not text:
                continue
            if field.type == "str":
                chosen[field.name] = text
                continue
            try:
                number = int(text) if field.type == "int" else float(text)
            except ValueError:
                raise SettingsError(f"{variable} is {text!r}; set it to a number such as {field.default}") from None
            if not number > 0:
                raise SettingsError(f"{variable} is {text!r}; set it to a number above 0")
            chosen[field.name] = number
        return cls(**chosen)  # type: ignore[arg-type]


def colour_refused() -> bool:
    """Whether the environment asks for text without colours (https://no-color.org), or for a terminal without any."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def width_given() -> bool:
    """Whether the environment says how wide lines are, for what is no terminal too."""
    return os.environ.get("COLUMNS", "").isdecimal()


def pure_asked() -> bool:
    """Whether the environment asks for Python alone, without the compiled helper: SEARCHAPP_PURE is set and not 0."""
    return os.environ.get("SEARCHAPP_PURE", "").strip() not in ("", "0")
