"""Files, folders and patterns to articles, one at a time; what cannot be read is reported, never fatal."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.decoding.streams import source_of
from searchapp.corpus.formats.data.fields import check_columns
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Skipped

__all__ = ["DEFAULT_MAX_BYTES", "find_files", "read_file", "walk", "walk_kinds"]

DEFAULT_MAX_BYTES = 512 << 20
"""Files larger than this, decompressed, are skipped."""

PathLike: TypeAlias = str | os.PathLike[str]

_NOT_NEWS = frozenset("readme license licence changelog contributing makefile".split())
"""Names, up to the first dot, of files that stand beside articles in a folder without being any."""
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})
_INDEX_FILE, _INDEX_HEAD = "contents.json", b"searchapp-columnar "
"""By which the folder of an index is known, and how that file begins."""


def walk(
    paths: PathLike | Iterable[PathLike],
    *,
    max_bytes: int = DEFAULT_MAX_BYTES,
    columns: Mapping[str, str] | None = None,
    passed_over: list[str] | None = None,
) -> Iterator[Yielded]:
    """The articles of these files, folders and patterns, in the order given, folders sorted by name.

    Whatever cannot be read comes as a `Skipped` with the reason. In folders and patterns, what is hidden, files such as
    README and folders of an index are passed over; their paths go to `passed_over`. No file is read twice. `columns`
    maps fields of `Article` to the columns or keys that hold them. Raises nothing but `UsageError`, at once, for a
    field in `columns` that there is not.
    """
    kinds = walk_kinds(paths, max_bytes=max_bytes, columns=columns, passed_over=passed_over)
    return (found for _, found in kinds)


def walk_kinds(
    paths: PathLike | Iterable[PathLike],
    *,
    max_bytes: int = DEFAULT_MAX_BYTES,
    columns: Mapping[str, str] | None = None,
    passed_over: list[str] | None = None,
) -> Iterator[tuple[str, Yielded]]:
    """What `walk` yields, each with the name of the format that its file was read as; empty where none was found."""
    chosen = check_columns(columns or {})
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    return _walked(given, max_bytes, chosen, [] if passed_over is None else passed_over)


def read_file(
    path: PathLike,
    *,
    max_bytes: int = DEFAULT_MAX_BYTES,
    columns: Mapping[str, str] | None = None,
) -> Iterator[Yielded]:
    """The articles of one file, one at a time; a last `Skipped` where the rest or the whole cannot be read."""
    chosen = check_columns(columns or {})
    found = _read(os.path.abspath(os.path.expanduser(os.fspath(path))), max_bytes, chosen)
    return (one for _, one in found)


def find_files(paths: Iterable[PathLike], passed_over: list[str] | None = None) -> Iterator[str | Skipped]:
    """Absolute paths of the files that `walk` would read, in its order, each once; the others go to `passed_over`."""
    seen: set[str] = set()
    passed = [] if passed_over is None else passed_over
    for path in paths:
        for found in _files_at(os.path.expanduser(os.fspath(path)), passed):
            if isinstance(found, Skipped):
                yield found
                continue
            real = os.path.realpath(found)
            if real not in seen:
                seen.add(real)
                yield found


def _walked(
    paths: list[PathLike], max_bytes: int, columns: Mapping[str, str], passed_over: list[str]
) -> Iterator[tuple[str, Yielded]]:
    for found in find_files(paths, passed_over):
        if isinstance(found, Skipped):
            yield "", found
        else:
            yield from _read(found, max_bytes, columns)


def _files_at(path: str, passed_over: list[str]) -> Iterator[str | Skipped]:
    if "\0" in path:
        yield Skipped(path, "no such file or folder")
        return
    if os.path.lexists(path):
        yield from _below(os.path.abspath(path), set(), passed_over)
        return
    if not glob.has_magic(path):
        yield Skipped(os.path.abspath(path), "no such file or folder")
        return
    matches = sorted(glob.glob(path, recursive=True))
    if not matches:
        yield Skipped(path, "no file matches this pattern")
    for match in matches:
        if _is_passed_over(os.path.abspath(match)):
            passed_over.append(os.path.abspath(match))
        else:
            yield from _below(os.path.abspath(match), set(), passed_over)


def _below(path: str, folders: set[str], passed_over: list[str]) -> Iterator[str | Skipped]:
    """The file at `path`, or all files in the folder there, following links but entering no folder twice."""
    if not os.path.isdir(path):
        yield path
        return
    if _is_index(path):
        passed_over.append(path)
        return
    real = os.path.realpath(path)
    if real in folders:
        return
    folders.add(real)
    try:
        names = sorted(os.listdir(path))
    except OSError as error:
        yield Skipped(path, _plain(error))
        return
    for name in names:
        inside = os.path.join(path, name)
        if _is_passed_over(inside):
            passed_over.append(inside)
        else:
            yield from _below(inside, folders, passed_over)


def _is_passed_over(path: str) -> bool:
    """Whether something in a folder is hidden, is about the files and no article, or is an index."""
    name = os.path.basename(path)
    if name.startswith("."):
        return True
    if os.path.isdir(path):
        return _is_index(path)
    return name.split(".")[0].lower() in _NOT_NEWS or name.lower() in _OF_SYSTEMS


def _is_index(folder: str) -> bool:
    try:
        with open(os.path.join(folder, _INDEX_FILE), "rb") as stream:
            return stream.read(len(_INDEX_HEAD)) == _INDEX_HEAD
    except OSError:
        return False


def _read(path: str, max_bytes: int, columns: Mapping[str, str]) -> Iterator[tuple[str, Yielded]]:
    kind, name = "a file of articles", ""
    try:
        if os.path.islink(path) and not os.path.exists(path):
            raise UnreadableFile("a link to a file that is not there")
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile("a folder" if stat.S_ISDIR(status.st_mode) else "no regular file")
        if status.st_size == 0:
            raise UnreadableFile("empty")
        source = source_of(path, status, max_bytes=max_bytes, columns=columns)
        # The readers of all formats take long to load, and who only searches needs none of them.
        from searchapp.corpus.reading import registry
        from searchapp.corpus.reading.identity import told_apart

        form = registry.format_of(source)
        kind = name = form.name
        nothing = True
        # Items of some formats say that they are versions of one article; elsewhere an id that repeats is a mistake.
        items = form.read(source) if form.versions else told_apart(lambda: form.read(source), path)
        for found in items:
            nothing = False
            if isinstance(found, Article):
                # It was made for this walk and nobody has seen it yet; a copy would take as long as reading it.
                object.__setattr__(found, "file_modified", source.modified)
            yield name, found
        if nothing:
            raise UnreadableFile(f"no article in this {kind} file")
    except UnreadableFile as error:
        yield name, Skipped(path, str(error))
    except OSError as error:
        yield name, Skipped(path, _plain(error))
    except RecursionError:
        yield name, Skipped(path, f"nested too deeply to be read as {kind}")
    except Exception as error:  # A fault in one reader must not cost the user the run over all other files.
        yield (
            name,
            Skipped(path, f"cannot be read as {kind}: {type(error).__name__}: {' '.join(str(error).split())[:200]}"),
        )


def _plain(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
