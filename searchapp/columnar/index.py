"""An index in a folder: create it, open it, follow its commits."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.query import qcore
from whoosh.reading import EmptyReader, MultiReader, SegmentReader
from whoosh.searching import SearchContext, Searcher

from searchapp.columnar.asking.docsets import Found
from searchapp.columnar.asking.executor import Executor
from searchapp.columnar.asking.facets import FacetIndex
from searchapp.columnar.asking.views import Clock, View
from searchapp.columnar.format.analysis import Analysis
from searchapp.columnar.format.contents import FILE_NAME, Contents
from searchapp.columnar.format.schema import describe_schema, schema_from
from searchapp.columnar.format.segments import ColumnarSegment
from searchapp.columnar.writing.writer import ColumnarWriter
from searchapp.files.folders import make_folder

__all__ = ["ColumnarIndex"]

RETRIES = 20


class ColumnarIndex(FileIndex):  # type: ignore[misc]
    """An index whose segments are columns in files. A Whoosh index in all other ways."""

    def __init__(self, folder: str | Path, *, analyses: Sequence[Analysis] = (), indexname: str = "MAIN") -> None:
        """Open the index in `folder`.

        `analyses` are those that its text fields were created with, known by their names. Raises `IndexNotFound`
        or `IndexDamaged`.
        """
        self.folder = Path(folder)
        self.indexname = indexname
        self.storage = FileStorage(str(self.folder))
        self._analyses = {analysis.name: analysis for analysis in analyses}
        self._lock = threading.RLock()
        self._stamp: tuple[int, ...] = ()
        self._contents: Contents | None = None
        self._view: View | None = None
        self._schema = self.schema_of(self.contents())

    @classmethod
    def open(cls, folder: str | Path, *, analyses: Sequence[Analysis] = (), indexname: str = "MAIN") -> ColumnarIndex:
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
    ) -> ColumnarIndex:
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
        Contents(generation, describe_schema(schema), order, []).write(path)
        return cls(path, analyses=known, indexname=indexname)

    @staticmethod
    def exists(folder: str | Path) -> bool:
        """Whether there is an index in `folder`."""
        return (Path(folder) / FILE_NAME).is_file()

    # State

    def contents(self) -> Contents:
        """The committed state, read again only when it has changed."""
        with self._lock:
            for attempt in range(RETRIES):
                stamp = self._look()
                if self._contents is not None and stamp and stamp == self._stamp:
                    return self._contents
                try:
                    contents = Contents.read(self.folder, self.indexname)
                except FileNotFoundError:
                    # A commit has removed the files of the state that was being read.
                    if attempt == RETRIES - 1:
                        raise
                    continue
                self._contents, self._stamp = contents, stamp
                return contents
            raise AssertionError("not reached")

    def generation(self) -> int:
        """Number of the last commit."""
        return self.contents().generation

    def latest_generation(self) -> int:
        return self.generation()

    def view(self) -> View:
        """The committed state, opened for searching. It stays as it is whatever is committed later."""
        with self._lock:
            for attempt in range(RETRIES):
                contents = self.contents()
                if self._view is not None and self._view.generation == contents.generation:
                    return self._view
                try:
                    self._view = View(
                        self.folder,
                        contents.segments,
                        generation=contents.generation,
                        order=contents.order,
                        before=self._view,
                    )
                except FileNotFoundError:
                    self._stamp = ()
                    if attempt == RETRIES - 1:
                        raise
                    continue
                return self._view
            raise AssertionError("not reached")

    def executor(self, facets: FacetIndex) -> Executor:
        """Answers questions about the state committed last."""
        return Executor(self.view(), facets, self._ask_whoosh)

    def _ask_whoosh(self, view: View, place: int, tree: qcore.Query, clock: Clock) -> Found:
        """Evaluate over a segment what is not vectorised, posting by posting."""
        readers = [
            SegmentReader(self.storage, self._schema, segment.segment, generation=view.generation)
            for segment in view.segments
        ]
        whole = Searcher(readers[0] if len(readers) == 1 else MultiReader(readers, generation=view.generation))
        leaf = whole if len(readers) == 1 else whole.subsearchers[place][0]
        docs, scores = [], []
        matcher = tree.matcher(leaf, SearchContext(weighting=leaf.weighting))
        while matcher.is_active():
            docs.append(matcher.id())
            scores.append(matcher.score())
            if not len(docs) & 1023:
                clock.check()
            matcher.next()
        return Found(np.array(docs, np.int64), np.array(scores, np.float64))

    def facet_index(self, facets: Mapping[str, Sequence[str]], *, forms: Callable[[str], Sequence[str]]) -> FacetIndex:
        """Facets over the stored fields that each shows; make one and keep it."""
        return FacetIndex(facets, forms)

    def _look(self) -> tuple[int, ...]:
        try:
            found = os.stat(self.folder / FILE_NAME)
        except OSError:
            return ()
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    # Whoosh's way in

    @property
    def schema(self) -> Schema:
        """The fields."""
        return self.schema_of(self.contents())

    def schema_of(self, contents: Contents) -> Schema:
        """The fields of a state."""
        return schema_from(contents.schema, self._analyses)

    def describe(self, schema: Schema) -> dict[str, Any]:
        """Fields in terms of JSON."""
        return describe_schema(schema)

    def writer(self, procs: int = 1, **options: Any) -> ColumnarWriter:
        """The only writer; `timeout` seconds are waited for another one to end, then `IndexLocked` is raised."""
        return ColumnarWriter(self, **options)

    def reader(self, reuse: Any = None) -> Any:
        """Whoosh's reader of the state committed last."""
        contents = self.contents()
        segments = [segment.copy() for segment in contents.segments]
        return self.reader_of(self.schema_of(contents), segments, contents.generation)

    def reader_of(self, schema: Schema, segments: list[ColumnarSegment], generation: int) -> Any:
        """Whoosh's reader of these segments."""
        readers = [SegmentReader(self.storage, schema, segment, generation=generation) for segment in segments]
        if not readers:
            return EmptyReader(schema)
        return readers[0] if len(readers) == 1 else MultiReader(readers, generation=generation)

    def is_empty(self) -> bool:
        """Whether it has no articles."""
        return not self.contents().segments

    def last_modified(self) -> float:
        """When the last commit was, in seconds since 1970."""
        return os.stat(self.folder / FILE_NAME).st_mtime

    def close(self) -> None:
        """Let go of everything that is open; searches that run keep what they need."""
        with self._lock:
            self._view = None
            self._contents = None
            self._stamp = ()
