"""An index whatever its state: what of it is sound stays, the rest is given out record by record to be written anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh.fields import Schema

from searchapp.columnar.checking import check_segment
from searchapp.columnar.format.contents import FILE_NAME, FORMAT, SEAL, Contents
from searchapp.columnar.format.mending import mended
from searchapp.columnar.format.segments import ColumnarSegment
from searchapp.columnar.salvaging.formats import FORMATS, Described, sound_dead
from searchapp.columnar.salvaging.records_1 import SalvagedFile
from searchapp.columnar.schema.description import describe_schema
from searchapp.columnar.writing.writer import ColumnarWriter
from searchapp.errors import ArchiveError, IndexNotFound, OtherVersion
from searchapp.files.reading import read
from searchapp.files.sealing import BrokenSeal, unsealed

__all__ = ["Salvaged", "SalvagedIndex"]


class Salvaged:
    """One segment that is written anew."""

    def __init__(self, described: Described, file: SalvagedFile | None, dead: frozenset[int] | None) -> None:
        self.file = described.file
        self.docs = described.docs if described.docs is not None else (file.docs if file is not None else None)
        """How many articles it held, deleted ones too; None where nobody can tell."""
        self.dead = dead
        """The numbers of those that are deleted; None where that is lost, so that deleted ones may come back."""
        self._file = file

    def records(self) -> Iterator[tuple[int | None, dict[str, Any]]]:
        """The stored values of each article that is whole and not known to be deleted, and its number, where known."""
        if self._file is not None:
            for doc, values in self._file.records():
                if doc is None or doc not in (self.dead or ()):
                    yield doc, values

    def ids(self, field: str) -> dict[int, str] | None:
        """Number to id of all articles that are not known to be deleted; None where they cannot be read."""
        ids = self._file.ids(field) if self._file is not None else None
        return None if ids is None else {doc: one for doc, one in enumerate(ids) if doc not in (self.dead or ())}

    def deleted_ids(self, field: str) -> set[str] | None:
        """The ids that only deleted articles have; None where they cannot be told."""
        if not self.dead:
            return set() if self.dead is not None else None
        ids = self._file.ids(field) if self._file is not None else None
        if ids is None:
            return None
        return {ids[doc] for doc in self.dead} - {one for doc, one in enumerate(ids) if doc not in self.dead}


class SalvagedIndex:
    """What a `ColumnarWriter` has to know of an index that is written anew in part or as a whole."""

    def __init__(
        self,
        folder: Path,
        schema: Schema,
        *,
        order: tuple[str, str] | None,
        everything: bool = False,
        indexname: str = "MAIN",
    ) -> None:
        """`schema` and `order` are those that the index gets; with `everything` no segment stays as it is."""
        self.folder = folder
        self.indexname = indexname
        self._schema = schema
        self._order = order
        self._everything = everything
        self.salvaged: list[Salvaged] = []
        """What is to be written anew, the oldest first, once there is a writer."""
        self.sound: list[ColumnarSegment] = []
        """What stays."""
        self.contents_are_lost = False
        """Whether nothing says any more which segments there are, so that all in the folder are taken."""

    def writer(self, *, timeout: float) -> ColumnarWriter:
        """The only writer of the index, which sees what is sound of it.

        Raises `IndexNotFound`, `IndexLocked`, and `OtherVersion` for a newer format, or an older one without
        `everything`, and `OSError` where a file that is there cannot be read.
        """
        if not (self.folder / FILE_NAME).exists() and not self._found():
            raise IndexNotFound(f"no index at {str(self.folder)!r}; create one first")
        return ColumnarWriter(self, timeout=timeout)

    def contents(self) -> Contents:
        """The state without what is written anew."""
        values = self._values()
        generation, identity, described, number = 0, "", self._found(), FORMAT
        self.contents_are_lost = values is None
        if values is not None:
            number = values["format"]
            if number not in FORMATS or (number < FORMAT and not self._everything):
                Contents.parse(json.dumps(values).encode("utf-8", "surrogatepass"), self.folder, self.indexname)
                raise OtherVersion(f"the index at {str(self.folder)!r} has the unknown format {number}")
            generation, identity = int(values["generation"]), str(values.get("identity", ""))
            described = list(FORMATS[number].segments(values, self.indexname))
        stored = FORMATS[number].stored(values or {"schema": self.describe(self._schema)})
        self.sound, self.salvaged = [], []
        keeping = values is not None and not self._everything
        known = {segment.file_name: segment for segment in self._segments(values)} if keeping and values else {}
        for item in described:
            segment = known.get(item.file)
            if segment is not None and not check_segment(self.folder, segment, self._order):
                self.sound.append(segment)
            else:
                self.salvaged.append(self._salvaged(item, number, stored))
        identity = identity or Contents.new_identity()
        return Contents(generation, self.describe(self._schema), self._order, self.sound, identity)

    def schema_of(self, contents: Contents) -> Schema:
        """The fields of the index as it will be."""
        return self._schema

    def describe(self, schema: Schema) -> dict[str, Any]:
        """Fields in terms of JSON."""
        return describe_schema(schema)

    def _values(self) -> dict[str, Any] | None:
        """What the table of contents says, a flipped bit put right; None where it is lost."""
        try:
            data = read(self.folder / FILE_NAME)
        except (FileNotFoundError, NotADirectoryError):
            data = b""
        try:
            body = unsealed(SEAL, data)
        except BrokenSeal:
            head, _, content = data.partition(b"\n")
            crc = re.search(rb"[0-9a-f]{8}$", head)
            whole = mended(content, int(crc[0], 16)) if crc else None
            # Where its own checksum is what was damaged, it can be read, and all that it names is sound.
            body = content if whole is None else whole
        try:
            values = json.loads(body)
            return values if isinstance(values["format"], int) and isinstance(values["segments"], list) else None
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def _segments(self, values: dict[str, Any]) -> Sequence[ColumnarSegment]:
        """The segments of the present format that can stay, with their deletions."""
        found = []
        for item in values["segments"]:
            try:
                found.append(ColumnarSegment.from_description(self.indexname, item, self.folder, exact=True))
            except (ArchiveError, OSError, ValueError, KeyError, TypeError, AttributeError):
                continue
        return found

    def _found(self) -> list[Described]:
        """The segments whose files are there, the oldest first."""
        pattern = re.compile(rf"{re.escape(self.indexname)}_([0-9a-z]+)\.(?:columns|(\d+)\.dead)")
        files: dict[str, tuple[float, str]] = {}
        dead: dict[str, tuple[int, str]] = {}
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            match = pattern.fullmatch(path.name)
            if match and match[2]:
                dead[match[1]] = max(dead.get(match[1], (-1, "")), (int(match[2]), path.name))
            elif match:
                files[match[1]] = (path.stat().st_mtime, path.name)
        return [
            Described(name, dead=dead.get(key, (0, ""))[1])
            for key, (_, name) in sorted(files.items(), key=lambda f: f[1])
        ]

    def _salvaged(self, item: Described, number: int, stored: Sequence[str]) -> Salvaged:
        form = FORMATS[number]
        try:
            file = form.file(self.folder, item, stored)
        except FileNotFoundError:
            # What cannot be read for now is not lost: any other error ends it, and all stays as it was.
            return Salvaged(item, None, None)
        docs = item.docs if item.docs is not None else file.docs
        if not item.dead:
            return Salvaged(item, file, frozenset())
        try:
            content = read(self.folder / item.dead)
        except FileNotFoundError:
            return Salvaged(item, file, None)
        if not sound_dead(content, docs, item.dead_crc):
            whole = mended(content, item.dead_crc) if item.dead_crc is not None else None
            if whole is None or not sound_dead(whole, docs, item.dead_crc):
                return Salvaged(item, file, None)
            content = whole
        return Salvaged(item, file, frozenset(form.dead(content, docs if docs is not None else 8 * len(content))))
