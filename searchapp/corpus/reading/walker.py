"""Files, folders and patterns to articles, one at a time; what cannot be read is reported, never fatal."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain, pairwise
from typing import TypeAlias

from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.formats.data.fields import check_columns
from searchapp.corpus.reading.apart import Apart
from searchapp.corpus.reading.file import DEFAULT, Limits, plain
from searchapp.model.result import Skipped

__all__ = ["find_files", "read_file", "walk", "walk_kinds"]

PathLike: TypeAlias = str | os.PathLike[str]

_NOT_NEWS = frozenset("readme license licence changelog contributing makefile".split())
"""Names, up to the first dot, of files that stand beside articles in a folder without being any."""
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})
_INDEX_FILE, _INDEX_HEAD = "contents.json", b"searchapp-columnar "
"""By which the folder of an index is known, and how that file begins."""


def walk(
    paths: PathLike | Iterable[PathLike],
    *,
    max_bytes: int = DEFAULT.max_bytes,
    timeout_s: float = DEFAULT.timeout_s,
    memory_bytes: int = DEFAULT.memory_bytes,
    columns: Mapping[str, str] | None = None,
    passed_over: list[str] | None = None,
) -> Iterator[Yielded]:
    """The articles of these files, folders and patterns, in the order given, folders sorted by name.

    Whatever cannot be read comes as a `Skipped` with the reason: also a file of more than `max_bytes`, decompressed,
    one that keeps the run waiting for more than `timeout_s` and as long again for each 32 MB, and one that takes more
    memory than `memory_bytes` and eight times its size. In folders and patterns, what is hidden, files such as README
    and folders of an index are passed over; their paths go to `passed_over`. No file is read twice. `columns` maps
    fields of `Article` to the columns or keys that hold them. Raises nothing but `UsageError`, at once, for a field in
    `columns` that there is not.
    """
    kinds = walk_kinds(
        paths,
        max_bytes=max_bytes,
        timeout_s=timeout_s,
        memory_bytes=memory_bytes,
        columns=columns,
        passed_over=passed_over,
    )
    return (found for _, found in kinds)


def walk_kinds(
    paths: PathLike | Iterable[PathLike],
    *,
    max_bytes: int = DEFAULT.max_bytes,
    timeout_s: float = DEFAULT.timeout_s,
    memory_bytes: int = DEFAULT.memory_bytes,
    columns: Mapping[str, str] | None = None,
    passed_over: list[str] | None = None,
) -> Iterator[tuple[str, Yielded]]:
    """What `walk` yields, each with the name of the format that its file was read as; empty where none was found."""
    chosen = check_columns(columns or {})
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    limits = Limits(max_bytes, timeout_s, memory_bytes)
    return _walked(given, limits, chosen, [] if passed_over is None else passed_over)


def read_file(
    path: PathLike,
    *,
    max_bytes: int = DEFAULT.max_bytes,
    timeout_s: float = DEFAULT.timeout_s,
    memory_bytes: int = DEFAULT.memory_bytes,
    columns: Mapping[str, str] | None = None,
) -> Iterator[Yielded]:
    """The articles of one file, one at a time; a last `Skipped` where the rest or the whole cannot be read."""
    chosen = check_columns(columns or {})
    limits = Limits(max_bytes, timeout_s, memory_bytes)
    return _one(os.path.abspath(os.path.expanduser(os.fspath(path))), limits, chosen)


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
    paths: list[PathLike], limits: Limits, columns: Mapping[str, str], passed_over: list[str]
) -> Iterator[tuple[str, Yielded]]:
    with closing(Apart(limits, columns)) as apart:
        for found, following in pairwise(chain(find_files(paths, passed_over), ("",))):
            if isinstance(found, Skipped):
                yield "", found
            else:
                yield from apart.read(found, following if isinstance(following, str) else "")


def _one(path: str, limits: Limits, columns: Mapping[str, str]) -> Iterator[Yielded]:
    with closing(Apart(limits, columns)) as apart:
        for _, found in apart.read(path):
            yield found


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


def _below(path: str, folders: set[tuple[int, int]], passed_over: list[str]) -> Iterator[str | Skipped]:
    """The file at `path`, or all files in the folder there, following links but entering no folder twice."""
    # Folders may be nested deeper than calls can be.
    waiting = [path]
    while waiting:
        path = waiting.pop()
        if not os.path.isdir(path):
            yield path
            continue
        if _is_index(path):
            passed_over.append(path)
            continue
        try:
            found = os.stat(path)
            names = sorted(os.listdir(path))
        except OSError as error:
            yield Skipped(path, plain(error))
            continue
        if (found.st_dev, found.st_ino) in folders:
            continue
        folders.add((found.st_dev, found.st_ino))
        inside = [os.path.join(path, name) for name in names]
        passed = {one for one in inside if _is_passed_over(one)}
        passed_over += [one for one in inside if one in passed]
        waiting += [one for one in reversed(inside) if one not in passed]


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
