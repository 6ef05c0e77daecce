"""An index in a folder: create it, open it, follow its commits."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from whoosh.fields import Schema

from searchapp.columnar.asking.executor import Executor
from searchapp.columnar.asking.facets import FacetIndex
from searchapp.columnar.asking.views import View
from searchapp.columnar.format.contents import FILE_NAME, Contents
from searchapp.columnar.schema.analysis import Analysis
from searchapp.columnar.schema.description import describe_schema, schema_from
from searchapp.columnar.writing.writer import ColumnarWriter
from searchapp.files.folders import make_folder

__all__ = ["ColumnarIndex"]

RETRIES = 20
Result = TypeVar("Result")


class ColumnarIndex:
    """An index whose segments are columns in files; its fields are of the store's own types.

    `searchapp.columnar.whoosh` opens the same folder as one of Whoosh's indexes.
    """

    def __init__(self, folder: str | Path, *, analyses: Sequence[Analysis] = (), indexname: str = "MAIN") -> None:
        """Open the index in `folder`.

        `analyses` are those that its text fields were created with, known by their names. Raises `IndexNotFound`,
        `OtherVersion` or `IndexDamaged`.
        """
        self.folder = Path(folder)
        # Each search looks at this file, and joining paths takes longer than that.
        self._place = str(self.folder / FILE_NAME)
        self.indexname = indexname
        self._analyses = {analysis.name: analysis for analysis in analyses}
        self._lock = threading.RLock()
        self._stamp: tuple[int, ...] = ()
        self._contents: Contents | None = None
        self._view: View | None = None
        self._schema = self.schema_of(self.contents())

    @classmethod
    def open(cls, folder: str | Path, *, analyses: Sequence[Analysis] = (), indexname: str = "MAIN") -> Self:
        """Open the index in `folder`; see the class."""
        return cls(folder, analyses=analyses, indexname=indexname)

    @classmethod
    def create(
        cls,
        folder: str | Path,
        schema: Schema,
        *,
        order: tuple[str, str] | None = None,
        analyses: Sequence[Analysis] = (),
        indexname: str = "MAIN",
    ) -> Self:
        """Make an empty index in `folder`, which is created too; an index that is there is replaced.

        `order` names two `Number` fields: hits with equal scores come by falling first and rising second.
        """
        path = Path(folder)
        make_folder(path)
        known = list(analyses) + [field.analysis for _, field in schema.items() if hasattr(field, "analysis")]
        generation = 0
        if (path / FILE_NAME).exists():
            # Go on counting, so that a searcher of the old index sees that something has changed.
            generation = Contents.read(path, indexname).generation + 1
        Contents(generation, cls.describe(schema), order, [], identity=Contents.new_identity()).write(path)
        return cls(path, analyses=known, indexname=indexname)

    @staticmethod
    def exists(folder: str | Path) -> bool:
        """Whether there is an index in `folder`."""
        return (Path(folder) / FILE_NAME).is_file()

    @staticmethod
    def describe(schema: Schema) -> dict[str, Any]:
        """Fields in terms of JSON. Raises `TypeError` for fields that the index has no column for."""
        return describe_schema(schema)

    def schema_of(self, contents: Contents) -> Schema:
        """The fields of a state."""
        return schema_from(contents.schema, self._analyses)

    @property
    def schema(self) -> Schema:
        """The fields."""
        return self.schema_of(self.contents())

    # State

    def contents(self) -> Contents:
        """The committed state, read again only when it has changed."""
        with self._lock:
            return self._patiently(self._read_contents)

    def generation(self) -> int:
        """Number of the last commit."""
        return self.contents().generation

    def identity(self) -> str:
        """Names the index, whatever is committed."""
        return self.contents().identity

    def is_empty(self) -> bool:
        """Whether it has no articles."""
        return not self.contents().segments

    def view(self) -> View:
        """The committed state, opened for searching. It stays as it is whatever is committed later."""
        with self._lock:
            return self._patiently(self._open_view)

    def executor(self, facets: FacetIndex) -> Executor:
        """Answers questions about the state committed last."""
        return Executor(self.view(), facets)

    def _patiently(self, read: Callable[[], Result]) -> Result:
        """What `read` gives; again when a commit has removed the files of the state that was being read."""
        for _ in range(RETRIES - 1):
            try:
                return read()
            except FileNotFoundError:
                self._stamp = ()
        return read()

    def _read_contents(self) -> Contents:
        stamp = self._look()
        if self._contents is None or not stamp or stamp != self._stamp:
            self._contents, self._stamp = Contents.read(self.folder, self.indexname), stamp
        return self._contents

    def _open_view(self) -> View:
        contents = self.contents()
        if self._view is None or self._view.mark != contents.mark:
            self._view = View(
                self.folder,
                contents.segments,
                generation=contents.generation,
                mark=contents.mark,
                order=contents.order,
                before=self._view,
            )
        return self._view

    def _look(self) -> tuple[int, ...]:
        try:
            found = os.stat(self._place)
        except OSError:
            return ()
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    # Changes

    def writer(self, *, timeout: float = 0.0, delay: float = 0.05, memory_mb: int = 512) -> ColumnarWriter:
        """The only writer; `timeout` seconds are waited for another one to end, then `IndexLocked` is raised."""
        return ColumnarWriter(self, timeout=timeout, delay=delay, memory_mb=memory_mb)

    def optimize(self) -> None:
        """Make all segments one."""
        self.writer().commit(optimize=True)

    def close(self) -> None:
        """Let go of everything that is open; searches that run keep what they need."""
        with self._lock:
            self._view = None
            self._contents = None
            self._stamp = ()
