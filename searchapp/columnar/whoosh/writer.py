"""The index's writer as one of Whoosh's: fields of any type, policies of merging, articles of other readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from whoosh import query, writing
from whoosh.fields import Schema
from whoosh.index import LockError
from whoosh.query import qcore
from whoosh.searching import Searcher

from searchapp.columnar.format.contents import Contents
from searchapp.columnar.format.pages import SectionWriter
from searchapp.columnar.format.segments import ColumnarSegment
from searchapp.columnar.schema.description import is_foreign
from searchapp.columnar.whoosh.building import GenericBuilder, WhooshBuilder, merge_foreign
from searchapp.columnar.whoosh.codec import PerDocWriter, WhooshSegment
from searchapp.columnar.whoosh.documents import PerDocReader
from searchapp.columnar.writing.merging import Source, merge_segments
from searchapp.columnar.writing.writer import ColumnarWriter
from searchapp.errors import IndexLocked

__all__ = ["WhooshWriter"]

MergePolicy = Callable[[Any, list[Any]], list[Any]]


class LockedIndex(IndexLocked, LockError):  # type: ignore[misc]
    """Another writer is at work; Whoosh's callers know it as `LockError`."""


class ReadableIndex(Protocol):
    """What this writer has to know of its index."""

    folder: Path
    indexname: str
    storage: Any

    def contents(self) -> Contents:
        """The committed state."""

    def schema_of(self, contents: Contents) -> Schema:
        """The fields of a state."""

    def describe(self, schema: Schema) -> dict[str, Any]:
        """Fields in terms of JSON."""

    def reader_of(self, schema: Schema, segments: Sequence[ColumnarSegment], generation: int) -> Any:
        """Whoosh's reader of these segments."""


class WhooshWriter(ColumnarWriter, writing.SegmentWriter):  # type: ignore[misc]
    """A `ColumnarWriter` that Whoosh's callers can use as theirs."""

    def __init__(
        self,
        ix: ReadableIndex,
        *,
        timeout: float = 0.0,
        delay: float = 0.05,
        memory_mb: int = 512,
        limitmb: int | None = None,
        merge: bool = True,
        optimize: bool = False,
        mergetype: MergePolicy | None = None,
        **unknown: Any,
    ) -> None:
        """Waits up to `timeout` seconds for another writer, then raises Whoosh's `LockError`.

        `limitmb` is Whoosh's name of `memory_mb`. `merge`, `optimize` and `mergetype` are what `commit` does
        unless it is told otherwise. Raises `TypeError` for other options of Whoosh's, such as another codec.
        """
        if unknown:
            raise TypeError(f"the writer has no option {', '.join(unknown)}; it writes columns, in one process")
        self.storage = ix.storage
        self.merge = merge
        self.optimize = optimize
        self.mergetype = mergetype
        self._readable = ix
        try:
            super().__init__(ix, timeout=timeout, delay=delay, memory_mb=limitmb or memory_mb)
        except IndexLocked as error:
            raise LockedIndex(str(error)) from None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._folder)!r})"

    def _new_builder(self) -> WhooshBuilder:
        self._has_foreign = any(is_foreign(field) for _, field in self.schema.items()) or bool(self.schema._dyn_fields)
        builder = self._typed_builder = WhooshBuilder(self.schema, self._vocabularies, self._order)
        return builder

    def _new_segment(self) -> WhooshSegment:
        return WhooshSegment(self.indexname)

    def _own(self, segment: ColumnarSegment) -> WhooshSegment:
        return WhooshSegment.of(segment)

    def _merge_others(
        self, sources: Sequence[Source], schema: Schema, file: SectionWriter, docs: int
    ) -> dict[str, str]:
        return merge_foreign(sources, schema, file, docs)

    # Adding

    def _add_one(self, fields: Mapping[str, Any], *, replace: bool) -> None:
        super()._add_one(fields, replace=replace)
        # Whoosh's own fields are analysed at once, so that a value they cannot take fails here.
        if self._has_foreign:
            self._drain()

    def update_document(self, **fields: Any) -> None:
        """Add one article; earlier ones with the same id, or the same in another unique field, are deleted."""
        self._check_state()
        for name in self._unique_fields(fields):
            if name != self._id_field:
                self._delete_unique(name, fields[name])
        self._add_one(fields, replace=True)

    def _delete_unique(self, name: str, value: Any) -> None:
        self._drain()
        if self._typed_builder.holds(name, value):
            self.flush()
        writing.IndexWriter.delete_by_query(self, query.Term(name, value))

    def add_reader(self, reader: Any) -> None:
        """Add the living articles of another index, or of Whoosh's memory, field by field as they are.

        Raises `TypeError` when the reader is not of such an index and has a field of one of the store's types.
        """
        self._check_state()
        self.flush()
        for leaf, _ in reader.leaf_readers():
            segment = self._new_segment()
            columns = getattr(leaf, "_perdoc", None)
            if isinstance(columns, PerDocReader):
                source = Source(columns.data, columns.live())
                merge_segments([source], self.schema, self._order, self._folder, segment, others=self._merge_others)
            else:
                self._copy(leaf, segment)
            self.segments.append(segment)

    def _copy(self, reader: Any, segment: WhooshSegment) -> None:
        builder = GenericBuilder(self._folder, segment)
        known = {*reader.schema.names(), *reader.indexed_field_names()}
        names = {name for name in known if name in self.schema and name in reader.schema}
        self.perdocwriter = PerDocWriter(builder)
        self.docnum = 0
        numbers = self.write_per_doc(names, reader)
        for name, term, doc, weight, value in self._process_posts(reader.iter_postings(), 0, numbers):
            builder.buffer(name, self.schema[name]).add_posting(term, doc, weight, value)
        builder.write()

    # Deleting

    def delete_by_term(self, fieldname: str, text: Any, searcher: Searcher | None = None) -> int:
        """Delete the articles with this term, those added here before included; how many that were."""
        self._check_state()
        if not is_foreign(self.schema[fieldname]) and isinstance(text, str):
            return super().delete_by_term(fieldname, text)
        return self.delete_by_query(query.Term(fieldname, text), searcher=searcher)

    def delete_by_query(self, q: qcore.Query, searcher: Searcher | None = None) -> int:
        """Delete the articles that match, those added here before included; how many that were."""
        self._check_state()
        self.flush()
        count: int = writing.IndexWriter.delete_by_query(self, q, searcher=searcher)
        return count

    def is_deleted(self, docnum: int) -> bool:
        """Whether the article that has this number over all segments is deleted; no number past the end is."""
        for segment in self.segments:
            if docnum < segment.docs:
                return segment.is_deleted(docnum)
            docnum -= segment.docs
        return False

    # Reading

    def reader(self, reuse: Any = None) -> Any:
        """A reader of the committed articles and of those flushed by this writer."""
        self._check_state()
        return self._readable.reader_of(self.schema, self.segments, self.generation)

    def searcher(self, **options: Any) -> Searcher:
        """A searcher over `reader()`."""
        return Searcher(self.reader(), **options)

    def doc_count(self) -> int:
        """Articles added since the last flush."""
        return self._builder.docs + len(self._rows)

    # Ending

    def commit(
        self, mergetype: MergePolicy | None = None, optimize: bool | None = None, merge: bool | None = None
    ) -> None:
        """Make everything visible at once and give the lock back.

        With `optimize` all segments become one; with `merge=False` none is touched. `mergetype` is one of Whoosh's
        policies or another function like them: it is given this writer and the segments that were there before, and
        gives those that stay.
        """
        self._policy = mergetype or self.mergetype
        super().commit(
            optimize=self.optimize if optimize is None else optimize,
            merge=self.merge if merge is None else merge,
        )

    def _arrange(self, *, optimize: bool, merge: bool) -> None:
        policy = self._policy
        if policy is writing.OPTIMIZE or policy is writing.NO_MERGE:
            super()._arrange(optimize=policy is writing.OPTIMIZE, merge=False)
        elif policy is None or policy is writing.MERGE_SMALL:
            super()._arrange(optimize=optimize, merge=merge)
        else:
            committed = [segment for segment in self.segments if segment.segid in self._committed]
            stay = policy(self, committed)
            new = [segment for segment in self.segments if segment.segid not in self._committed]
            self.segments = [*stay, *new]
