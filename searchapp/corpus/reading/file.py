"""One file to articles, in this process."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from searchapp.corpus.decoding.base import Source, Yielded
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.decoding.streams import source_of
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Noted, Skipped

__all__ = ["DEFAULT", "SHARE_OF_SIZE", "Limits", "plain", "read_here", "source_at", "too_much_memory"]

SHARE_OF_SIZE = 8
"""A file may take so many times its size in memory, beside a fixed part."""
_SIZE_BY_TIME = 32 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; what costs more is skipped."""

    max_bytes: int = 512 << 20
    """Of the file, decompressed."""
    timeout_s: float = 60.0
    """How long it may keep the run waiting, and as long again for each 32 MB of it."""
    memory_bytes: int = 128 << 20
    """Of memory, and eight times the size of the file."""

    def seconds(self, size: int) -> float:
        """How long a file of so many bytes may keep the run waiting."""
        return self.timeout_s * (1 + size / _SIZE_BY_TIME)

    def memory(self, size: int) -> int:
        """How many bytes of memory reading a file of so many bytes may take."""
        return self.memory_bytes + SHARE_OF_SIZE * size


DEFAULT = Limits()


def read_here(path: str, limits: Limits, columns: Mapping[str, str]) -> Iterator[tuple[str, Yielded]]:
    """The articles of the file at this absolute path, one at a time, and what could not be read of it; never raises.

    Each comes with the name of the format. Only the bytes are limited: see `searchapp.corpus.reading.apart` for time
    and memory.
    """
    try:
        source = source_at(path, limits, columns)
    except UnreadableFile as error:
        yield "", Skipped(path, str(error))
    except OSError as error:
        yield "", Skipped(path, plain(error))
    else:
        yield from _read(source, limits)


def _read(source: Source, limits: Limits, deep: int = 0) -> Iterator[tuple[str, Yielded]]:
    """What is in one file, or in the files within it, of which `source` may itself be one."""
    path, kind, name = source.path, "a file of articles", ""
    try:
        # The readers of all formats take long to load, and who only searches needs none of them.
        from searchapp.corpus.reading import registry
        from searchapp.corpus.reading.identity import identified, told_apart

        form = registry.format_of(source)
        if form is None:
            kind = name = "box"
            yield from _read_box(source, limits, deep)
            return
        kind = name = form.name
        nothing = True
        # Items of some formats say that they are versions of one article; elsewhere an id that repeats is a mistake.
        items = identified(form.read(source)) if form.versions else told_apart(lambda: form.read(source), path)
        for found in items:
            nothing = False
            if isinstance(found, Article):
                # It was made for this walk and nobody has seen it yet; a copy would take as long as reading it.
                object.__setattr__(found, "file_modified", source.modified)
                if source.inside:
                    object.__setattr__(found, "path", source.place)
            yield name, found
        if nothing and not form.may_be_part:
            raise UnreadableFile(f"no article in this {kind} file")
    except UnreadableFile as error:
        yield name, Skipped(path, str(error))
    except OSError as error:
        yield name, Skipped(path, plain(error))
    except MemoryError:
        yield name, too_much_memory(path, limits)
    except RecursionError:
        yield name, Skipped(path, f"nested too deeply to be read as {kind}")
    except Exception as error:  # A fault in one reader must not cost the user the run over all other files.
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        yield name, Skipped(path, f"cannot be read as {kind}: {said}")


def _read_box(source: Source, limits: Limits, deep: int) -> Iterator[tuple[str, Yielded]]:
    """The articles of all files within a box; what is said of one of them names it."""
    from searchapp.corpus.reading.boxes import MOST_DEEP, members_of

    if deep >= MOST_DEEP:
        raise UnreadableFile(f"boxes within boxes, more than {MOST_DEEP} deep; unpack it first")
    notices = Notices(source.path)
    files = 0
    for member in members_of(source):
        files += 1
        if member.source is None:
            yield from (("", told) for told in notices.skip(member.name, member.reason))
            continue
        for name, found in _read(member.source, limits, deep + 1):
            if isinstance(found, Skipped) and not found.withdraws:
                yield from ((name, told) for told in notices.skip(member.name, found.reason))
            elif isinstance(found, Noted):
                yield from ((name, told) for told in notices.note(member.name, found.reason))
            else:
                yield name, found
    yield from (("", told) for told in notices.rest())
    if not files:
        raise UnreadableFile("no file in it")


def source_at(path: str, limits: Limits, columns: Mapping[str, str]) -> Source:
    """The file at `path` as readers take it. Raises `UnreadableFile` and `OSError` where there is none to be read."""
    if os.path.islink(path) and not os.path.exists(path):
        raise UnreadableFile("a link to a file that is not there")
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFile("a folder" if stat.S_ISDIR(status.st_mode) else "no regular file")
    if status.st_size == 0:
        raise UnreadableFile("empty")
    return source_of(path, status, max_bytes=limits.max_bytes, columns=columns)


def too_much_memory(path: str, limits: Limits) -> Skipped:
    """What is said of a file that takes more memory than it may."""
    size = f"{limits.memory_bytes >> 20:,} MB and {SHARE_OF_SIZE} times its size"
    return Skipped(path, f"takes more memory than {size} to read; raise SEARCHAPP_FILE_MEMORY_MB to read it")


def plain(error: OSError) -> str:
    """What the system says is wrong, in small letters."""
    return (error.strerror or str(error) or type(error).__name__).lower()
