"""An index of columns as one of Whoosh's own: readers, searchers, parsers of its schema, its kind of writer."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.query import qcore
from whoosh.reading import MultiReader, SegmentReader
from whoosh.searching import Searcher

from searchapp.columnar.asking.docsets import Found
from searchapp.columnar.asking.evaluation import Evaluation
from searchapp.columnar.asking.executor import Executor
from searchapp.columnar.asking.facets import FacetIndex
from searchapp.columnar.format.contents import FILE_NAME, Contents
from searchapp.columnar.format.segments import ColumnarSegment
from searchapp.columnar.index import ColumnarIndex
from searchapp.columnar.schema.analysis import Analysis
from searchapp.columnar.schema.description import describe_schema, schema_from
from searchapp.columnar.whoosh.codec import WhooshSegment
from searchapp.columnar.whoosh.description import describe_field, field_from
from searchapp.columnar.whoosh.evaluating import evaluate
from searchapp.columnar.whoosh.translating import ColumnarEmptyReader, ColumnarReader
from searchapp.columnar.whoosh.writer import WhooshWriter

__all__ = ["WhooshIndex", "create_index", "open_index"]


def open_index(folder: str | Path, *, analyses: Sequence[Analysis] = (), indexname: str = "MAIN") -> WhooshIndex:
    """The index in `folder` as one of Whoosh's.

    `analyses` are those that its `AnalysedText` fields were created with. Raises `IndexNotFound` or `IndexDamaged`.
    """
    return WhooshIndex(folder, analyses=analyses, indexname=indexname)


def create_index(
    folder: str | Path,
    schema: Schema,
    *,
    order: tuple[str, str] | None = None,
    analyses: Sequence[Analysis] = (),
    indexname: str = "MAIN",
) -> WhooshIndex:
    """An empty index in `folder` whose fields may be of Whoosh's types too; see `ColumnarIndex.create`."""
    return WhooshIndex.create(folder, schema, order=order, analyses=analyses, indexname=indexname)


class WhooshIndex(ColumnarIndex, FileIndex):  # type: ignore[misc]
    """An index whose segments are columns in files. A Whoosh index in all other ways."""

    def __init__(self, folder: str | Path, *, analyses: Sequence[Analysis] = (), indexname: str = "MAIN") -> None:
        self.storage = FileStorage(str(folder))
        super().__init__(folder, analyses=analyses, indexname=indexname)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.folder)!r})"

    @staticmethod
    def describe(schema: Schema) -> dict[str, Any]:
        """Fields in terms of JSON. Raises `TypeError` for fields with parts that are not Whoosh's."""
        return describe_schema(schema, describe_field)

    def schema_of(self, contents: Contents) -> Schema:
        """The fields of a state."""
        return schema_from(contents.schema, self._analyses, field_from)

    def executor(self, facets: FacetIndex) -> Executor:
        """Answers questions about the state committed last, with any of Whoosh's queries."""
        return Executor(self.view(), facets, self._evaluate)

    def _evaluate(self, evaluation: Evaluation, tree: qcore.Query) -> Found:
        view = evaluation.view
        segments = [segment.segment for segment in view.segments]
        return evaluate(evaluation, tree, lambda: Searcher(self.reader_of(self._schema, segments, view.generation)))

    # What Whoosh asks of an index

    def writer(self, procs: int = 1, *, multisegment: bool = False, **options: Any) -> WhooshWriter:
        """The only writer; see `WhooshWriter` for its options. It warns that it stays in this process."""
        if procs > 1:
            warnings.warn(f"procs={procs} is not offered; this is a single-process writer", stacklevel=2)
        return WhooshWriter(self, **options)

    def reader(self, reuse: Any = None) -> Any:
        """Whoosh's reader of the state committed last, and of what `reuse` reads that is in no file."""
        contents = self.contents()
        leaves = [leaf for leaf, _ in reuse.leaf_readers()] if reuse else []
        buffered = [leaf for leaf in leaves if isinstance(leaf, SegmentReader) and not isinstance(leaf, ColumnarReader)]
        return self.reader_of(self.schema_of(contents), contents.segments, contents.generation, buffered)

    def reader_of(
        self,
        schema: Schema,
        segments: Sequence[ColumnarSegment],
        generation: int,
        others: Sequence[SegmentReader] = (),
    ) -> Any:
        """Whoosh's reader of these segments, which later deletions do not change, and of others."""
        readers = [
            ColumnarReader(self.storage, schema, WhooshSegment.of(segment), generation=generation)
            for segment in segments
        ] + list(others)
        if not readers:
            return ColumnarEmptyReader(schema)
        return readers[0] if len(readers) == 1 else MultiReader(readers, generation=generation)

    def latest_generation(self) -> int:
        return self.generation()

    def last_modified(self) -> float:
        """When the last commit was, in seconds since 1970."""
        return os.stat(self.folder / FILE_NAME).st_mtime

    def optimize(self, **options: Any) -> None:
        """Make all segments one."""
        self.writer(**options).commit(optimize=True)

    def lock(self, name: str) -> Any:
        """Raises `TypeError`: only the index's own writer may lock it.

        Whoosh's would write a table of contents that nobody reads, and lose what they were given.
        """
        raise TypeError("one of Whoosh's own writers cannot write to this index; use index.writer()")

    def _read_toc(self) -> TOC:
        contents = self.contents()
        segments = [WhooshSegment.of(segment) for segment in contents.segments]
        return TOC(self.schema_of(contents), segments, contents.generation)
