"""The files, folders and patterns that a run was given, and which files they cover, there or gone."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable
from pathlib import Path

from searchapp.corpus.reading.walker import PathLike, find_files

__all__ = ["Roots", "within"]


class Roots:
    """What `paths` cover: each file, all that is below a folder, all that fits a pattern or is below that."""

    def __init__(self, paths: Iterable[PathLike]) -> None:
        given = self._given = [os.path.expanduser(os.fspath(path)) for path in paths]
        self._plain = [os.path.abspath(path) for path in given if not _is_pattern(path)]
        self._patterns = [_pattern_of(os.path.abspath(path)) for path in given if _is_pattern(path)]
        self.paths = [Path(os.path.abspath(path)) for path in given]
        """All of them, absolute."""

    def with_something(self) -> Roots:
        """Those of them that are there and hold a file: a disk that is not mounted leaves an empty folder, or none."""
        return Roots(path for path in self._given if any(isinstance(found, str) for found in find_files([path])))

    def __bool__(self) -> bool:
        return bool(self.paths)

    def cover(self, path: str) -> bool:
        """Whether the file at this absolute path is among what they stand for."""
        if not path:
            return False
        if any(within(path, root) for root in self._plain):
            return True
        return any(pattern.match(path) for pattern in self._patterns)


def within(path: str, folder: str) -> bool:
    """Whether a path is that of `folder`, or of something below it; both absolute."""
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def _is_pattern(path: str) -> bool:
    """Whether a path is a pattern: a file may have a name with such characters."""
    return glob.has_magic(path) and not os.path.lexists(path)


def _pattern_of(pattern: str) -> re.Pattern[str]:
    """What fits the paths that `glob` finds for a pattern, `**` standing for any folders, and whatever is below."""
    separator = re.escape(os.sep)
    name = f"[^{separator}]"
    parts: list[str] = []
    for part in pattern.split(os.sep):
        # Letters after `**/` decide about the folders that it stands for, so the part takes its separator with it.
        parts.append(rf"(?:{name}+{separator})*" if part == "**" else _part(part, name) + separator)
    text = "".join(parts)
    text = text if pattern.endswith("**") else text.removesuffix(separator)
    return re.compile(rf"{text}(?:$|{separator})" if not pattern.endswith("**") else text, re.DOTALL)


def _part(part: str, name: str) -> str:
    found, at = "", 0
    while at < len(part):
        character = part[at]
        end = part.find("]", at + 2) if character == "[" else -1
        if character == "*":
            found += f"{name}*" if not found.endswith(f"{name}*") else ""
        elif character == "?":
            found += name
        elif end > 0:
            chosen = part[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            found += f"[{'^' + chosen[1:] if chosen.startswith('!') else chosen.replace('^', chr(92) + '^', 1)}]"
            at = end
        else:
            found += re.escape(character)
        at += 1
    return found
