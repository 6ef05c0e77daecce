"""One frozen `Settings`, and what a terminal is asked for; nothing else reads the environment or `searchapp.toml`."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields
from pathlib import Path

from searchapp.errors import SettingsError
from searchapp.platform.folders import configuration_folder
from searchapp.platform.machine import cores

__all__ = ["FILE", "SECRETS", "Held", "Settings", "colour_refused", "held", "pure_asked", "started_as", "width_given"]

FILE = "searchapp.toml"
"""What a file of settings is called."""

SECRETS = ("opensearch_password", "opensearch_token")
"""Settings that nobody is shown."""

_OF_USER = "SEARCHAPP_CONFIG"
_PATHS = ("index", "ledger", "data", "opensearch_ca")
"""Settings that name files: in a file of settings they are looked for from its folder."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run of the program behaves; every field is also the variable SEARCHAPP_<FIELD>, and a line of a file."""

    index: str = "index"
    """Folder of the index, or the address of a server."""
    title: str = "News archive"
    """What the page calls the archive."""
    ledger: str = ""
    """File of the corrections of names; empty for `ledger.toml` in the folder of the index."""
    recogniser: str = ""
    """What recognises names; empty for what the package ships, or such as "spacy:en_core_web_sm"."""
    host: str = "127.0.0.1"
    """The address that the page listens on; any but a local one lets other machines read the archive."""
    port: int = 8080
    """The port that the page listens on."""
    cors: str = ""
    """Origins whose pages may read the API, feeds and exports, parted by blanks; "*" lets any."""
    data: str = ""
    """Folder in which `open` and `demo` keep their indexes; empty for the user's own, which depends on the system."""
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
    opensearch_user: str = ""
    """Who asks a cluster, where its address does not say so."""
    opensearch_password: str = dataclasses.field(default="", repr=False)
    """That user's password."""
    opensearch_token: str = dataclasses.field(default="", repr=False)
    """What is sent to a cluster as a bearer token, instead of user and password."""
    opensearch_ca: str = ""
    """File of the certificates by which that of a cluster is believed; empty for those that the system believes."""
    opensearch_shards: int = 0
    """Into how many parts a new archive on a cluster is cut; 0 for as many as the cluster has nodes for data."""
    processes: int = min(4, cores())
    """Processes that index together: one reads and writes, the others recognise names; 1 does it all by itself."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings that the environment asks for, defaults elsewhere; files are not looked at.

        Raises `SettingsError` naming the variable whose value is no number or not positive.
        """
        environment = os.environ if environment is None else environment
        return cls(**{name: value for name, (value, _) in _of_environment(environment).items()})  # type: ignore[arg-type]

    @classmethod
    def load(cls, index: str | Path = "") -> Settings:
        """The settings that hold for an archive; see `held`."""
        return held(index).settings


@dataclass(frozen=True, slots=True)
class Held:
    """The settings that hold, and why."""

    settings: Settings
    origins: Mapping[str, str]
    """Each setting to what set it: a variable, the path of a file, "option", or empty for the default."""
    files: tuple[Path, ...]
    """Where files of settings are looked for, the one that counts most first."""


def held(index: str | Path = "", environment: Mapping[str, str] | None = None) -> Held:
    """What holds for the archive at `index`, or for the usual one, and where each setting comes from.

    A variable counts more than the file `searchapp.toml` beside the index, in the folder that the index is in; that one
    more than the file of the same name in the user's configuration folder, or the one that SEARCHAPP_CONFIG names.
    Raises `SettingsError` naming the variable, or the file and its line, that cannot be used.
    """
    environment = os.environ if environment is None else environment
    named = environment.get(_OF_USER, "").strip()
    of_user = Path(os.path.expanduser(named)) if named else configuration_folder() / FILE
    found: dict[str, tuple[object, str]] = _of_file(of_user, needed=bool(named))
    variables = _of_environment(environment)
    if str(index):
        variables["index"] = (str(index), "option")
    found |= {"index": variables["index"]} if "index" in variables else {}
    beside = _beside(str(found["index"][0] if "index" in found else Settings().index))
    found |= _of_file(beside) if beside is not None else {}
    found |= variables
    values = {name: value for name, (value, _) in found.items()}
    origins = {field.name: found[field.name][1] if field.name in found else "" for field in fields(Settings)}
    files = (of_user,) if beside is None else (beside, of_user)
    return Held(Settings(**values), origins, files)  # type: ignore[arg-type]


def _beside(index: str) -> Path | None:
    """The file of settings of an index; None for one that is in no folder."""
    if "://" in index or index == ":memory:":
        return None
    return Path(os.path.expanduser(index)).parent / FILE


def _of_environment(environment: Mapping[str, str]) -> dict[str, tuple[object, str]]:
    found: dict[str, tuple[object, str]] = {}
    for field in fields(Settings):
        variable = f"SEARCHAPP_{field.name.upper()}"
        text = environment.get(variable, "").strip()
        if not text:
            continue
        value: object = text
        if field.type != "str":
            try:
                value = int(text) if field.type == "int" else float(text)
            except ValueError:
                such = field.default or 1
                raise SettingsError(f"{variable} is {text!r}; set it to a number such as {such}") from None
            if not value > 0:
                raise SettingsError(f"{variable} is {text!r}; set it to a number above 0")
        found[field.name] = (value, variable)
    return found


def _of_file(path: Path, *, needed: bool = False) -> dict[str, tuple[object, str]]:
    """What a file sets. One that is not there sets nothing, unless it is `needed`."""
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        # A path that no file can have is said by whoever opens the index.
        if needed:
            raise SettingsError(f"{_OF_USER} is {str(path)!r}, where no file is; name another, or unset it") from error
        return {}
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(f"the settings in {str(path)!r} cannot be read: {reason}; mend or remove it") from error
    # Most runs have no such file, and start without what reads one.
    import tomllib

    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise SettingsError(f"the settings in {str(path)!r} cannot be read: {error}; mend or remove it") from error
    return {name: (value, str(path)) for name, value in _checked(values, path)}


def _checked(values: Mapping[str, object], path: Path) -> Iterator[tuple[str, object]]:
    known: dict[str, Field[object]] = {field.name: field for field in fields(Settings)}
    for name, value in values.items():
        if name not in known:
            raise SettingsError(f"there is no setting {name!r}, which {str(path)!r} sets; {_nearest(name, known)}")
        field = known[name]
        wanted = f"{str(path)!r} sets {name} to {value!r}; set it to"
        if field.type == "str":
            if not isinstance(value, str):
                raise SettingsError(f"{wanted} a text in quotation marks")
            yield name, _from(path, value) if name in _PATHS else value
        elif isinstance(value, bool) or not isinstance(value, int if field.type == "int" else (int, float)):
            raise SettingsError(f"{wanted} a number such as {field.default or 1}")
        elif not value > 0:
            raise SettingsError(f"{wanted} a number above 0")
        else:
            yield name, value if field.type == "int" else float(value)


def _from(path: Path, value: str) -> str:
    """A path in a file of settings, as it is found from here."""
    if not value or "://" in value or value == ":memory:":
        return value
    return str(path.parent / os.path.expanduser(value))


def _nearest(name: str, known: Mapping[str, object]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.lower().replace("-", "_"), known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"


def colour_refused() -> bool:
    """Whether the environment asks for text without colours (https://no-color.org), or for a terminal without any."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def width_given() -> bool:
    """Whether the environment says how wide lines are, for what is no terminal too."""
    return os.environ.get("COLUMNS", "").isdecimal()


def pure_asked() -> bool:
    """Whether the environment asks for Python alone, without the compiled helper: SEARCHAPP_PURE is set and not 0."""
    return os.environ.get("SEARCHAPP_PURE", "").strip() not in ("", "0")


def started_as() -> str:
    """What ran this program, where that is to be run again and not the program: SEARCHAPP_STARTED_AS is "make demo"."""
    return os.environ.get("SEARCHAPP_STARTED_AS", "").strip()
