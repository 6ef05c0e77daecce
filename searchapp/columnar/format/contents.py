"""The table of contents: which segments make up the index. One small file, checked, replaced in one step."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.columnar.format.segments import ColumnarSegment
from searchapp.errors import IndexDamaged, IndexNotFound
from searchapp.files.replacing import replace

__all__ = ["FILE_NAME", "Contents"]

FILE_NAME = "contents.json"
FORMAT = 2
_HEAD = b"searchapp-columnar "


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

    @classmethod
    def read(cls, folder: Path, indexname: str, *, deletions: bool = True) -> Contents:
        """The committed state; without `deletions` the files that list them are not looked at.

        Raises `IndexNotFound` when there is none, `IndexDamaged` when it is not what was written, and
        `FileNotFoundError` when a newer state has replaced it meanwhile.
        """
        path = folder / FILE_NAME
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise IndexNotFound(f"no index at {str(folder)!r}; create one first") from error
        head, _, body = content.partition(b"\n")
        if not head.startswith(_HEAD) or head != _HEAD + b"%08x" % zlib.crc32(body):
            raise IndexDamaged(f"the table of contents {str(path)!r} is damaged; build the index again")
        values = json.loads(body)
        if values["format"] != FORMAT:
            raise IndexDamaged(
                f"the index at {str(folder)!r} has format {values['format']}, this program reads {FORMAT}; "
                "build the index again"
            )
        return cls(
            generation=values["generation"],
            schema=values["schema"],
            order=tuple(values["order"]) if values["order"] else None,
            segments=[
                ColumnarSegment.from_description(indexname, item, folder if deletions else None)
                for item in values["segments"]
            ],
        )

    def write(self, folder: Path) -> None:
        """Make this the committed state."""
        body = json.dumps(
            {
                "format": FORMAT,
                "generation": self.generation,
                "schema": self.schema,
                "order": self.order,
                "segments": [segment.describe() for segment in self.segments],
            },
            ensure_ascii=False,
            indent=1,
        ).encode("utf-8", "surrogatepass")
        replace(folder / FILE_NAME, _HEAD + b"%08x" % zlib.crc32(body) + b"\n" + body)

    def files(self) -> set[str]:
        """Names of the files that belong to this state."""
        names = {FILE_NAME}
        for segment in self.segments:
            names.add(segment.file_name)
            if segment.dead_name:
                names.add(segment.dead_name)
        return names
