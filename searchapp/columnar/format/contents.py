"""The table of contents: which segments make up the index. One small file, checked, replaced in one step."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.columnar.format.segments import ColumnarSegment
from searchapp.errors import IndexDamaged, IndexNotFound, OtherVersion
from searchapp.files.reading import read
from searchapp.files.removing import remove_unless_used
from searchapp.files.replacing import replace
from searchapp.files.sealing import BrokenSeal, sealed, unsealed

__all__ = ["FILE_NAME", "FORMAT", "SEAL", "Contents", "remove_others"]

log = logging.getLogger(__name__)

FILE_NAME = "contents.json"
FORMAT = 3
"""Goes up by one when an older program could not read what is written; `searchapp.columnar.salvaging` then gets a way
to read the stored records of the format before."""
SEAL = "columnar"


@dataclass(slots=True)
class Contents:
    """One committed state of an index."""

    generation: int
    """Goes up by one with every commit."""
    schema: dict[str, Any]
    """The fields, as `schema_description.describe` gives them."""
    order: tuple[str, str] | None
    """`Number` fields that order articles: by the first falling, then by the second rising."""
    segments: list[ColumnarSegment]
    """In the order in which their articles were added."""
    identity: str = ""
    """Names the index from its making on, whatever is committed; empty in one that was made without."""
    mark: str = ""
    """Names this state and no other, of any index, once it is read or written."""

    @staticmethod
    def new_identity() -> str:
        """One that no other index has."""
        return secrets.token_hex(8)

    @classmethod
    def read(cls, folder: Path, indexname: str, *, deletions: bool = True) -> Contents:
        """The committed state; without `deletions` the files that list them are not looked at.

        Raises `IndexNotFound` when there is none, `OtherVersion` when another program has to read it, `IndexDamaged`
        when it is not what was written, and `FileNotFoundError` when a newer state has replaced it meanwhile.
        """
        path = folder / FILE_NAME
        try:
            body = unsealed(SEAL, read(path))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise IndexNotFound(f"no index at {str(folder)!r}; create one first") from error
        except BrokenSeal as error:
            raise IndexDamaged(f"the table of contents {str(path)!r} is damaged; run: searchapp repair") from error
        return cls.parse(body, folder, indexname, deletions=deletions)

    @classmethod
    def parse(cls, body: bytes, folder: Path, indexname: str, *, deletions: bool = True) -> Contents:
        """What `body`, the sealed content of the file, says; see `read`."""
        values: dict[str, Any] = json.loads(body)
        if values["format"] != FORMAT:
            older = values["format"] < FORMAT
            raise OtherVersion(
                f"the index at {str(folder)!r} has format {values['format']}, and this program writes {FORMAT}; "
                + ("run: searchapp rebuild" if older else "update the program")
            )
        return cls(
            generation=values["generation"],
            schema=values["schema"],
            order=tuple(values["order"]) if values["order"] else None,
            segments=[
                ColumnarSegment.from_description(indexname, item, folder if deletions else None)
                for item in values["segments"]
            ],
            identity=values.get("identity", ""),
            mark=cls._mark(values["generation"], body),
        )

    @staticmethod
    def _mark(generation: int, body: bytes) -> str:
        return f"{generation}-{hashlib.blake2b(body, digest_size=6).hexdigest()}"

    def write(self, folder: Path) -> None:
        """Make this the committed state."""
        body = json.dumps(
            {
                "format": FORMAT,
                "identity": self.identity,
                "generation": self.generation,
                "schema": self.schema,
                "order": self.order,
                "segments": [segment.describe() for segment in self.segments],
            },
            ensure_ascii=False,
            indent=1,
        ).encode("utf-8", "surrogatepass")
        replace(folder / FILE_NAME, sealed(SEAL, body))
        self.mark = self._mark(self.generation, body)

    def files(self) -> set[str]:
        """Names of the files that belong to this state."""
        names = {FILE_NAME}
        for segment in self.segments:
            names.add(segment.file_name)
            if segment.dead_name:
                names.add(segment.dead_name)
        return names


def remove_others(folder: Path, indexname: str, keep: Set[str]) -> None:
    """Remove the files of segments that are not among those to keep; one in use stays until the next time."""
    pattern = re.compile(rf"{re.escape(indexname)}_[0-9a-z]+(\.\d+)?\.(columns|dead)")
    for path in list(folder.iterdir()):
        if pattern.fullmatch(path.name) and path.name not in keep and not remove_unless_used(path):
            log.debug("%s is still in use", path.name)
