"""One committed state of an index, copied into another folder while it may be written to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from searchapp.columnar.format.contents import FILE_NAME, SEAL, Contents, remove_others
from searchapp.columnar.format.pages import SectionFile
from searchapp.columnar.format.segments import ColumnarSegment, read_dead
from searchapp.errors import IndexDamaged, IndexLocked, IndexNotFound
from searchapp.files.copying import copy, is_same_file, link_or_copy
from searchapp.files.folders import make_folder, sync_folder
from searchapp.files.locking import Lock
from searchapp.files.reading import read
from searchapp.files.replacing import replace
from searchapp.files.sealing import BrokenSeal, unsealed

__all__ = ["Copied", "copy_state"]

_RETRIES = 20


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied."""

    mark: str
    """Names the state."""
    articles: int
    copied: int
    """Files that were copied or linked."""
    kept: int
    """Files that were there already, and are whole."""
    copied_bytes: int


def copy_state(
    source: Path, target: Path, *, link: bool = False, timeout: float = 0.0, indexname: str = "MAIN"
) -> Copied:
    """Make the state that was committed last in `source` that of `target`; the folder is made where there is none.

    What is in `target` already and whole is not copied again. With `link`, files that never change get a second name
    instead, where the system allows it. Everything is read and checked in `target` before it takes the place of the
    state that was there, in one step. Raises `IndexNotFound`, `OtherVersion`, `IndexLocked` where somebody writes to
    `target` for longer than `timeout` seconds, `IndexDamaged` where `source` is not sound, and `OSError`.
    """
    if not (source / FILE_NAME).exists():
        raise IndexNotFound(f"no index at {str(source)!r}")
    make_folder(target)
    lock = Lock(target / f"{indexname}_WRITELOCK", timeout_s=timeout)
    if not lock.acquire():
        raise IndexLocked(f"the index at {str(target)!r} is being written to; wait for the other run to end")
    try:
        for _ in range(_RETRIES - 1):
            try:
                return _copied(source, target, link=link, indexname=indexname)
            except FileNotFoundError:
                continue  # A commit has taken away what belonged to the state before.
        return _copied(source, target, link=link, indexname=indexname)
    except FileNotFoundError as error:
        raise IndexDamaged(f"{str(source)!r} lacks a file ({error.filename}); run: searchapp repair") from error
    finally:
        lock.release()


def _copied(source: Path, target: Path, *, link: bool, indexname: str) -> Copied:
    data = read(source / FILE_NAME)
    try:
        contents = Contents.parse(unsealed(SEAL, data), source, indexname, deletions=False)
    except BrokenSeal as error:
        raise IndexDamaged(
            f"the table of contents of {str(source)!r} is damaged; run: searchapp repair --index {source}"
        ) from error
    copied = kept = size = articles = 0
    for segment in contents.segments:
        for name in filter(None, (segment.file_name, segment.dead_name)):
            if _is_sound(target, segment, name) and (link or not is_same_file(source / name, target / name)):
                kept += 1
                continue
            if link:
                link_or_copy(source / name, target / name)
            else:
                copy(source / name, target / name)
            if not _is_sound(target, segment, name):
                raise IndexDamaged(f"{name!r} in {str(source)!r} is damaged; run: searchapp repair --index {source}")
            copied += 1
            size += (target / name).stat().st_size
        dead = read_dead(target / segment.dead_name, segment.docs, segment.dead_crc) if segment.dead_name else None
        articles += segment.docs - (int(dead.sum()) if dead is not None else 0)
    sync_folder(target)
    replace(target / FILE_NAME, data)
    remove_others(target, indexname, contents.files())
    return Copied(contents.mark, articles, copied, kept, size)


def _is_sound(folder: Path, segment: ColumnarSegment, name: str) -> bool:
    try:
        if name == segment.dead_name:
            read_dead(folder / name, segment.docs, segment.dead_crc, exact=True)
            return True
        return not SectionFile(folder / name, size=segment.size, crc=segment.crc).damages()
    except (IndexDamaged, FileNotFoundError):
        return False
