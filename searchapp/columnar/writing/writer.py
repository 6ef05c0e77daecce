"""Adds, replaces and deletes articles, in bulk, and commits them in one step."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.index import LockError
from whoosh.writing import IndexingError, SegmentWriter

from searchapp.columnar.format.columns import hash_ids
from searchapp.columnar.format.contents import Contents
from searchapp.columnar.format.segments import ColumnarSegment, open_segment, write_dead
from searchapp.columnar.whoosh.foreign import is_foreign
from searchapp.columnar.writing.building import SegmentBuilder, Vocabularies, duplicates
from searchapp.columnar.writing.merging import Source, merge_segments
from searchapp.errors import IndexLocked
from searchapp.files.folders import sync_folder
from searchapp.files.locking import Lock
from searchapp.files.removing import remove_unless_used

if TYPE_CHECKING:
    from searchapp.columnar.index import ColumnarIndex

__all__ = ["ColumnarWriter"]

log = logging.getLogger(__name__)

BATCH = 512
"""Articles given one by one are put together to batches of this many."""
MOSTLY_DEAD = 0.4
"""A segment with more than this share of deleted articles is rewritten."""


class LockedIndex(IndexLocked, LockError):  # type: ignore[misc]
    """Another writer is at work; Whoosh's callers know it as `LockError`."""


class ColumnarWriter(SegmentWriter):  # type: ignore[misc]
    """The only writer of an index at a time. Use it in a `with`: it commits at the end, or cancels after an error.

    Articles are held in memory up to a bound and then written as a segment of their own, which nobody sees before
    the commit; the commit merges segments so that few are left, and keeps articles in the order they were added.
    """

    def __init__(self, ix: ColumnarIndex, *, timeout: float = 0.0, delay: float = 0.05, memory_mb: int = 512) -> None:
        """Waits up to `timeout` seconds for another writer, then raises `IndexLocked`."""
        self.writelock = Lock(ix.folder / f"{ix.indexname}_WRITELOCK", timeout_s=timeout)
        if not self.writelock.acquire(poll_s=delay):
            raise LockedIndex(f"the index at {str(ix.folder)!r} is being written to; wait for the other run to end")
        self.is_closed = False
        try:
            self._prepare(ix, memory_mb)
        except BaseException:
            self.writelock.release()
            self.is_closed = True
            raise

    def _prepare(self, ix: ColumnarIndex, memory_mb: int) -> None:
        self._ix = ix
        self.storage = ix.storage
        self.indexname = ix.indexname
        self._folder: Path = ix.folder
        contents = ix.contents()
        self.generation = contents.generation + 1
        self.schema = ix.schema_of(contents)
        self._order = contents.order
        self.segments: list[ColumnarSegment] = [segment.copy() for segment in contents.segments]
        self._setup_doc_offsets()
        self._committed = {segment.segid for segment in self.segments}
        self._budget = memory_mb << 20
        self._vocabularies = Vocabularies()
        self._rows: list[Mapping[str, Any]] = []
        self._rows_replace = False
        self._has_foreign = any(is_foreign(field) for _, field in self.schema.items()) or bool(self.schema._dyn_fields)
        self._failed = False
        self._replace_from: list[tuple[int, int]] = []
        self._builder = self._new_builder()
        self._searcher = None
        self.merge = True
        self.optimize = False
        self.mergetype = None
        self._tempstorage = None
        self._id_field = next((name for name, field in self.schema.items() if getattr(field, "kind", "") == "id"), "")

    def add_field(self, fieldname: str, fieldspec: Any, **options: Any) -> None:
        """Add a field to the schema; articles that are there already have nothing in it."""
        self._change_schema()
        self.schema.add(fieldname, fieldspec, **options)
        self._start_over()

    def remove_field(self, fieldname: str) -> None:
        """Take a field out of the schema; its data goes when its segments are merged."""
        self._change_schema()
        self.schema.remove(fieldname)
        self._start_over()

    def _change_schema(self) -> None:
        self._check_state()
        if self._builder.docs or self._rows:
            raise IndexingError("the schema can only be changed before articles are added")

    def _start_over(self) -> None:
        self._has_foreign = any(is_foreign(field) for _, field in self.schema.items()) or bool(self.schema._dyn_fields)
        self._builder = self._new_builder()

    def _new_builder(self) -> SegmentBuilder:
        return SegmentBuilder(self.schema, self._vocabularies, self._order)

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
        """Add one article; earlier ones with the same id, or the same in another unique field, are deleted."""
        self._check_state()
        for name in self._unique_fields(fields):
            if name != self._id_field:
                self.flush()
                super().delete_by_term(name, fields[name])
        self._add_one(fields, replace=True)

    def _add_one(self, fields: Mapping[str, Any], *, replace: bool) -> None:
        self._check_state()
        self._check_fields(self.schema, [name for name in fields if not name.startswith("_")])
        if self._rows and self._rows_replace != replace:
            self._drain()
        self._rows_replace = replace
        self._rows.append(fields)
        # Whoosh's own fields are analysed at once, so that a value they cannot take fails here.
        if len(self._rows) >= BATCH or self._has_foreign:
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
        except ValueError:
            # Nothing of the batch was kept.
            raise
        except BaseException:
            self._failed = True
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
        segment = ColumnarSegment(self.indexname)
        builder.write(self._folder, segment)
        log.debug("wrote %d articles as %s", builder.docs, segment.file_name)
        self._delete_replaced(builder, segment)
        self.segments.append(segment)
        self._setup_doc_offsets()
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
        """Delete the articles with this term, those added here before included; how many that were."""
        self._check_state()
        if fieldname == self._id_field:
            return self.delete_ids([text])
        self.flush()
        count: int = super().delete_by_term(fieldname, text, searcher=searcher)
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
        """Delete the article of this number, or bring it back."""
        super().delete_document(docnum, delete=delete)

    # Whoosh's way in

    def reader(self, reuse: Any = None) -> Any:
        """A reader of the committed articles and of those flushed by this writer."""
        self._check_state()
        return self._ix.reader_of(self.schema, [segment.copy() for segment in self.segments], self.generation)

    def searcher(self, **options: Any) -> Any:
        """A searcher over `reader()`."""
        from whoosh.searching import Searcher

        return Searcher(self.reader(), **options)

    def doc_count(self) -> int:
        """Articles added since the last flush."""
        return self._builder.docs + len(self._rows)

    # Ending

    def commit(self, mergetype: Any = None, optimize: bool | None = None, merge: bool | None = None) -> None:
        """Make everything visible at once and give the lock back.

        With `optimize` all segments become one; with `merge=False` none is touched.
        """
        self._check_state()
        try:
            if self._failed:
                raise IndexingError("adding a batch failed halfway; nothing is committed, add all articles again")
            self.flush()
            if self.optimize if optimize is None else optimize:
                self._merge_run(0, len(self.segments), force=True)
            elif self.merge if merge is None else merge:
                self._merge_some()
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
            if segment.doc_count() and segment.deleted_count() > MOSTLY_DEAD * segment.doc_count_all():
                self._merge_run(place, place + 1, force=True)

    def _merge_run(self, start: int, stop: int, *, force: bool = False) -> None:
        chosen = [segment for segment in self.segments[start:stop] if segment.doc_count() > 0]
        if not chosen or (len(chosen) == 1 and not (force and chosen[0].has_deletions())):
            self.segments[start:stop] = chosen
            return
        sources = [
            Source(open_segment(self._folder, segment), None if segment.dead is None else ~segment.dead)
            for segment in chosen
        ]
        target = ColumnarSegment(self.indexname)
        merge_segments(sources, self.schema, self._order, self._folder, target)
        log.debug("merged %d segments into %s with %d articles", len(chosen), target.file_name, target.docs)
        self.segments[start:stop] = [target]

    def _clean(self, contents: Contents) -> None:
        """Remove the files that no longer belong to the index. Open searches keep what they have mapped."""
        pattern = re.compile(rf"{re.escape(self.indexname)}_[0-9a-z]+(\.\d+)?\.(columns|dead)")
        keep = contents.files()
        for path in self._folder.iterdir():
            if pattern.fullmatch(path.name) and path.name not in keep and not remove_unless_used(path):
                log.debug("%s is still in use", path.name)  # A later commit gets it.
