"""Adds, replaces and deletes articles, in bulk, and commits them in one step."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from whoosh.fields import FieldType, Schema, UnknownFieldError
from whoosh.writing import IndexingError, IndexWriter

from searchapp.columnar.format.columns import hash_ids
from searchapp.columnar.format.contents import Contents
from searchapp.columnar.format.pages import SectionWriter
from searchapp.columnar.format.segments import ColumnarSegment, open_segment, write_dead
from searchapp.columnar.writing.building import SegmentBuilder, Vocabularies, duplicates
from searchapp.columnar.writing.merging import Source, merge_segments
from searchapp.errors import IndexLocked
from searchapp.files.folders import sync_folder
from searchapp.files.locking import Lock
from searchapp.files.removing import remove_unless_used

__all__ = ["ColumnarWriter"]

log = logging.getLogger(__name__)

BATCH = 512
"""Articles given one by one are put together to batches of this many."""
MOSTLY_DEAD = 0.4
"""A segment with more than this share of deleted articles is rewritten."""


class WrittenIndex(Protocol):
    """What a writer has to know of its index."""

    folder: Path
    indexname: str

    def contents(self) -> Contents:
        """The committed state."""

    def schema_of(self, contents: Contents) -> Schema:
        """The fields of a state."""

    def describe(self, schema: Schema) -> dict[str, Any]:
        """Fields in terms of JSON."""


class ColumnarWriter(IndexWriter):  # type: ignore[misc]
    """The only writer of an index at a time. Use it in a `with`: it commits at the end, or cancels after an error.

    Articles are held in memory up to a bound and then written as a segment of their own, which nobody sees before
    the commit; the commit merges segments so that few are left, and keeps articles in the order they were added.
    """

    def __init__(self, ix: WrittenIndex, *, timeout: float = 0.0, delay: float = 0.05, memory_mb: int = 512) -> None:
        """Waits up to `timeout` seconds for another writer, then raises `IndexLocked`."""
        self.writelock = Lock(ix.folder / f"{ix.indexname}_WRITELOCK", timeout_s=timeout)
        if not self.writelock.acquire(poll_s=delay):
            raise IndexLocked(f"the index at {str(ix.folder)!r} is being written to; wait for the other run to end")
        self.is_closed = False
        try:
            self._prepare(ix, memory_mb)
        except BaseException:
            self.writelock.release()
            self.is_closed = True
            raise

    def _prepare(self, ix: WrittenIndex, memory_mb: int) -> None:
        self._ix = ix
        self.indexname = ix.indexname
        self._folder = ix.folder
        contents = ix.contents()
        self.generation = contents.generation + 1
        self.schema = ix.schema_of(contents)
        self._order = contents.order
        self.segments: list[ColumnarSegment] = [self._own(segment) for segment in contents.segments]
        self._committed = {segment.segid for segment in self.segments}
        self._budget = memory_mb << 20
        self._vocabularies = Vocabularies()
        self._rows: list[Mapping[str, Any]] = []
        self._rows_replace = False
        self._failed = False
        self._replace_from: list[tuple[int, int]] = []
        self._builder = self._new_builder()
        self._id_field = next((name for name, field in self.schema.items() if getattr(field, "kind", "") == "id"), "")

    def add_field(self, fieldname: str, fieldspec: FieldType, **options: Any) -> None:
        """Add a field to the schema; articles that are there already have nothing in it.

        Raises `TypeError` for a field that the index has no column for.
        """
        self._change_schema()
        added = self.schema.copy()
        added.add(fieldname, fieldspec, **options)
        self._ix.describe(added)
        self.schema = added
        self._builder = self._new_builder()

    def remove_field(self, fieldname: str, **options: Any) -> None:
        """Take a field out of the schema; its data goes when its segments are merged."""
        self._change_schema()
        self.schema.remove(fieldname, **options)
        self._builder = self._new_builder()

    def _change_schema(self) -> None:
        self._check_state()
        if self._builder.docs or self._rows:
            raise IndexingError("the schema can only be changed before articles are added")

    def _check_state(self) -> None:
        if self.is_closed:
            raise IndexingError("the writer has committed or cancelled; make a new one")

    def _check_fields(self, schema: Schema, names: Iterable[str]) -> None:
        for name in names:
            if name not in schema:
                raise UnknownFieldError(f"the index has no field {name!r}; it has {', '.join(schema.names())}")

    def _new_builder(self) -> SegmentBuilder:
        return SegmentBuilder(self.schema, self._vocabularies, self._order)

    def _new_segment(self) -> ColumnarSegment:
        return ColumnarSegment(self.indexname)

    def _own(self, segment: ColumnarSegment) -> ColumnarSegment:
        return segment.copy()

    def _merge_others(
        self, sources: Sequence[Source], schema: Schema, file: SectionWriter, docs: int
    ) -> dict[str, str]:
        """Merge fields of other types, where a subclass knows some; names to kinds."""
        return {}

    # Adding

    def add_batch(self, columns: Mapping[str, Sequence[Any]], *, replace: bool = True) -> None:
        """Add articles, given field by field: each sequence has one value for each article.

        Text and ids are `str`, facets sequences of `str`, numbers `int` or None, stored fields whatever
        `plain.to_plain` takes. With `replace` an earlier article with the same id is deleted.
        """
        self._check_state()
        self._check_fields(self.schema, columns)
        counts = {len(values) for values in columns.values()}
        if len(counts) > 1:
            raise ValueError(f"the columns of a batch have {sorted(counts)} values; each article needs one in each")
        self._drain()
        self._put(columns, counts.pop() if counts else 0, replace=replace)

    def add_document(self, **fields: Any) -> None:
        """Add one article."""
        self._add_one(fields, replace=False)

    def update_document(self, **fields: Any) -> None:
        """Add one article; earlier ones with the same id are deleted."""
        self._add_one(fields, replace=True)

    def _add_one(self, fields: Mapping[str, Any], *, replace: bool) -> None:
        self._check_state()
        self._check_fields(self.schema, [name for name in fields if not name.startswith("_")])
        if self._rows and self._rows_replace != replace:
            self._drain()
        self._rows_replace = replace
        self._rows.append(fields)
        if len(self._rows) >= BATCH:
            self._drain()

    def _drain(self) -> None:
        """Hand over the articles that came one by one."""
        if self._rows:
            rows, self._rows = self._rows, []
            names = dict.fromkeys(name for row in rows for name in row)
            columns = {name: [row.get(name) for row in rows] for name in names}
            self._put(columns, len(rows), replace=self._rows_replace)

    def _put(self, columns: Mapping[str, Sequence[Any]], count: int, *, replace: bool) -> None:
        if not count:
            return
        start = self._builder.docs
        try:
            self._builder.add(columns, count)
        except BaseException:
            self._failed |= self._builder.broken
            raise
        if replace and self._id_field:
            self._replace_from.append((start, start + count))
        if self._builder.memory + self._vocabularies.memory() > self._budget:
            self.flush()

    def flush(self) -> None:
        """Write what is held in memory as a segment; it is not committed yet."""
        self._drain()
        if not self._builder.docs:
            return
        builder, self._builder = self._builder, self._new_builder()
        segment = self._new_segment()
        builder.write(self._folder, segment)
        log.debug("wrote %d articles as %s", builder.docs, segment.file_name)
        self._delete_replaced(builder, segment)
        self.segments.append(segment)
        if self._vocabularies.memory() > self._budget // 4:
            self._vocabularies.clear()

    def _delete_replaced(self, builder: SegmentBuilder, segment: ColumnarSegment) -> None:
        ids = builder.ids
        spans, self._replace_from = self._replace_from, []
        dead: set[int] = set()
        if spans:
            replacing = [ids[place] for start, stop in spans for place in range(start, stop)]
            self._delete_ids(replacing)
            again = set(replacing)
            flags = np.zeros(len(ids), bool)
            for start, stop in spans:
                flags[start:stop] = True
            if duplicates(ids):
                latest: dict[bytes, int] = {}
                for place in range(len(ids) - 1, -1, -1):
                    name = ids[place]
                    if name not in again:
                        continue
                    if latest.get(name):
                        dead.add(place)
                    latest[name] = latest.get(name, 0) or int(flags[place])
        segment.delete_documents(sorted(dead))

    # Deleting

    def delete_by_term(self, fieldname: str, text: str, searcher: Any = None) -> int:
        """Delete the articles with this id, stem or label, those added here before included; how many that were."""
        self._check_state()
        if fieldname == self._id_field:
            return self.delete_ids([text])
        self.flush()
        key = text.encode("utf-8", "surrogatepass")
        count = 0
        for segment in self.segments:
            data = open_segment(self._folder, segment)
            if (labels := data.labels(fieldname)) is not None:
                words, postings = labels.table, labels.postings
            elif (column := data.text(fieldname)) is not None:
                words, postings = column.stems, column.postings
            else:
                continue
            number = words.find(key)
            docs = [] if number < 0 else [doc for doc in postings.docs(number).tolist() if not segment.is_deleted(doc)]
            segment.delete_documents(docs)
            count += len(docs)
        return count

    def delete_ids(self, ids: Sequence[str]) -> int:
        """Delete the articles with these ids; how many that were."""
        self._check_state()
        self.flush()
        return self._delete_ids([name.encode("utf-8", "surrogatepass") for name in ids])

    def _delete_ids(self, keys: Sequence[bytes]) -> int:
        hashes = hash_ids(keys)
        count = 0
        for segment in self.segments:
            column = open_segment(self._folder, segment).ids(self._id_field)
            if column is None:
                continue
            docs = sorted({doc for _, doc in column.find(keys, hashes) if not segment.is_deleted(doc)})
            segment.delete_documents(docs)
            count += len(docs)
        return count

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete the article that has this number over all segments, or bring it back.

        The numbers of articles added here go on after the committed ones.
        """
        self._check_state()
        if docnum >= sum(segment.docs for segment in self.segments):
            self.flush()
        base = 0
        for segment in self.segments:
            if 0 <= docnum - base < segment.docs:
                segment.delete_documents([docnum - base], delete=delete)
                return
            base += segment.docs
        raise IndexingError(f"the index has no article of the number {docnum}; it has {base:,}")

    # Ending

    def commit(self, *, optimize: bool = False, merge: bool = True) -> None:
        """Make everything visible at once and give the lock back.

        With `optimize` all segments become one; with `merge=False` none is touched.
        """
        self._check_state()
        try:
            if self._failed:
                raise IndexingError("adding a batch failed halfway; nothing is committed, add all articles again")
            self.flush()
            self._arrange(optimize=optimize, merge=merge)
            self.segments = [segment for segment in self.segments if segment.doc_count() > 0]
            for segment in self.segments:
                if segment.dead is not None and not segment.dead_name:
                    write_dead(self._folder, segment, self.generation)
            sync_folder(self._folder)
            contents = Contents(self.generation, self._ix.describe(self.schema), self._order, self.segments)
            contents.write(self._folder)
            self._clean(contents)
        finally:
            self._end()

    def cancel(self) -> None:
        """Forget everything since the last commit and give the lock back."""
        self._check_state()
        try:
            self._clean(self._ix.contents())
        finally:
            self._end()

    def _end(self) -> None:
        self.is_closed = True
        self.writelock.release()

    def _arrange(self, *, optimize: bool, merge: bool) -> None:
        """Merge segments as asked."""
        if optimize:
            self._merge_run(0, len(self.segments), force=True)
        elif merge:
            self._merge_some()

    def _merge_some(self) -> None:
        """Merge from the end, as long as the next segment is less than twice as large as what is merged so far.

        Every segment is then at least twice as large as all after it together: their number grows with the
        logarithm of the articles, and so does how often an article is written. What this writer added becomes one.
        """
        sizes = [segment.doc_count() for segment in self.segments]
        first = len(sizes) - 1
        total = sizes[-1] if sizes else 0
        while first > 0 and (sizes[first - 1] < 2 * total or self.segments[first - 1].segid not in self._committed):
            first -= 1
            total += sizes[first]
        if first >= 0:
            self._merge_run(first, len(sizes))
        for place, segment in enumerate(list(self.segments)):
            if segment.doc_count() and segment.deleted_count() > MOSTLY_DEAD * segment.docs:
                self._merge_run(place, place + 1, force=True)

    def _merge_run(self, start: int, stop: int, *, force: bool = False) -> None:
        chosen = [segment for segment in self.segments[start:stop] if segment.doc_count() > 0]
        if not chosen or (len(chosen) == 1 and not (force and chosen[0].deleted_count())):
            self.segments[start:stop] = chosen
            return
        sources = [
            Source(open_segment(self._folder, segment), None if segment.dead is None else ~segment.dead)
            for segment in chosen
        ]
        target = self._new_segment()
        merge_segments(sources, self.schema, self._order, self._folder, target, others=self._merge_others)
        log.debug("merged %d segments into %s with %d articles", len(chosen), target.file_name, target.docs)
        self.segments[start:stop] = [target]

    def _clean(self, contents: Contents) -> None:
        """Remove the files that no longer belong to the index. Open searches keep what they have mapped."""
        pattern = re.compile(rf"{re.escape(self.indexname)}_[0-9a-z]+(\.\d+)?\.(columns|dead)")
        keep = contents.files()
        for path in self._folder.iterdir():
            if pattern.fullmatch(path.name) and path.name not in keep and not remove_unless_used(path):
                log.debug("%s is still in use", path.name)  # A later commit gets it.
