"""Adds, replaces and deletes articles, in bulk, and commits them in one step."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from whoosh.fields import FieldType, Schema, UnknownFieldError
from whoosh.writing import IndexingError, IndexWriter

from searchapp.columnar.format.columns import hash_ids
from searchapp.columnar.format.contents import Contents, remove_others
from searchapp.columnar.format.pages import SectionWriter
from searchapp.columnar.format.segments import ColumnarSegment, open_segment, write_dead
from searchapp.columnar.writing.building import SegmentBuilder, Vocabularies, duplicates
from searchapp.columnar.writing.joining import Joining, JoiningThread
from searchapp.columnar.writing.merging import Source, merge_segments
from searchapp.columnar.writing.policy import run_to_merge, start_of_run
from searchapp.errors import IndexLocked
from searchapp.files.folders import sync_folder
from searchapp.files.locking import Lock

__all__ = ["ColumnarWriter"]

log = logging.getLogger(__name__)

BATCH = 512
"""Articles given one by one are put together to batches of this many."""
SMALL_MERGE = 2_000
"""Merges of at most so many articles, or four times those that are new, are done before what is new is visible."""


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
    the commit; the commit merges segments so that few are left, and keeps articles in the order they were added. Merges
    that take long come after it: what is committed is there for all, and stays, while they go on.
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
        self._identity = contents.identity
        self.segments: list[ColumnarSegment] = [self._own(segment) for segment in contents.segments]
        self._committed = {segment.segid for segment in self.segments}
        # A state that was neither read nor written is none that is committed: it becomes one whatever comes.
        self._marks: tuple[Any, ...] = _marks(contents) if contents.mark else ()
        self._files = contents.files() if contents.mark else {path.name for path in ix.folder.iterdir()}
        self._budget = memory_mb << 20
        self._vocabularies = Vocabularies()
        self._rows: list[Mapping[str, Any]] = []
        self._rows_replace = False
        self._failed = False
        self._replace_from: list[tuple[int, int]] = []
        self._later = False
        self._thread: JoiningThread | None = None
        self._builder = self._new_builder()
        self._id_field = next((name for name, field in self.schema.items() if getattr(field, "kind", "") == "id"), "")

    def add_field(self, fieldname: str, fieldspec: FieldType, **options: Any) -> None:
        """Add a field to the schema; articles that are there already have nothing in it.

        A text field can be added at any time, others before articles are. Raises `TypeError` for a field that the index
        has no column for.
        """
        later = getattr(fieldspec, "kind", "") == "text" and not fieldspec.stored
        if later:
            self._check_state()
            self._drain()
        else:
            self._change_schema()
        added = self.schema.copy()
        added.add(fieldname, fieldspec, **options)
        self._ix.describe(added)
        self.schema = added
        if later:
            self._builder.add_text_field(fieldname, added)
        else:
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
        ids, hashes = builder.ids, builder.id_hashes
        spans, self._replace_from = self._replace_from, []
        dead: set[int] = set()
        if spans:
            replacing = [ids[place] for start, stop in spans for place in range(start, stop)]
            self._delete_ids(replacing, np.concatenate([hashes[start:stop] for start, stop in spans]))
            again = set(replacing)
            flags = np.zeros(len(ids), bool)
            for start, stop in spans:
                flags[start:stop] = True
            if duplicates(ids, hashes):
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
        keys = [name.encode("utf-8", "surrogatepass") for name in ids]
        return self._delete_ids(keys, hash_ids(keys))

    def _delete_ids(self, keys: Sequence[bytes], hashes: npt.NDArray[np.uint64]) -> int:
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
            self._finish_adding()
            if self._thread is not None:
                self._thread.wait()
                self._take_joined()
            self._later = False
            self._arrange(optimize=optimize, merge=merge)
            self._publish()
            if self._later and self._merge_all():
                self._publish()
        finally:
            self._end()

    def commit_so_far(self) -> None:
        """Make everything visible that was added and deleted so far, and go on.

        Segments are merged in a thread meanwhile; the commits that follow take up what it has done.
        """
        self._check_state()
        self._finish_adding()
        if self._thread is not None and not self._thread.running:
            self._take_joined()
        self._publish()
        run = self._next_run() if self._thread is None else None
        if run is not None:
            joining = Joining(self.segments[slice(*run)], self._new_segment())
            self._thread = JoiningThread(joining, self._join)

    def cancel(self) -> None:
        """Forget everything since the last commit and give the lock back."""
        self._check_state()
        try:
            if self._thread is not None:
                self._thread.end()
                self._thread = None
            self._clean(self._files)
        finally:
            self._end()

    def _end(self) -> None:
        if self._thread is not None:
            self._thread.end()
        self.is_closed = True
        self.writelock.release()

    def _finish_adding(self) -> None:
        if self._failed:
            raise IndexingError("adding a batch failed halfway; nothing is committed, add all articles again")
        self.flush()

    def _publish(self) -> None:
        """Make the segments as they are the committed state, unless that is what they are already."""
        joining = self._thread.joining if self._thread is not None else None
        kept = [segment for segment in self.segments if segment.doc_count() > 0]
        for segment in kept:
            if segment.dead is not None and not segment.dead_name:
                write_dead(self._folder, segment, self.generation)
        contents = Contents(self.generation, self._ix.describe(self.schema), self._order, kept, self._identity)
        self.segments = kept
        if _marks(contents) != self._marks:
            sync_folder(self._folder)
            contents.write(self._folder)
            self.generation += 1
            self._marks = _marks(contents)
        self._committed = {segment.segid for segment in kept}
        self._files = contents.files()
        self._clean(self._files | ({joining.target.file_name} if joining is not None else set()))

    def _arrange(self, *, optimize: bool, merge: bool) -> None:
        """Merge segments as asked, as far as it does not take long; `_later` says whether to go on after the commit."""
        if optimize:
            self._merge_run(0, len(self.segments), force=True)
        elif merge:
            sizes = [segment.docs for segment in self.segments]
            new = [segment.docs for segment in self.segments if segment.segid not in self._committed]
            if len(new) > 1:
                # What was added as several because of the memory becomes one in a single merge.
                self._merge_run(start_of_run(sizes[: -len(new)], sum(new)), len(sizes))
            self._later = self._merge_all(most=max(SMALL_MERGE, 4 * sum(new)))

    def _next_run(self) -> tuple[int, int] | None:
        self.segments = [segment for segment in self.segments if segment.doc_count() > 0]
        sizes = [segment.docs for segment in self.segments]
        return run_to_merge(sizes, [segment.deleted_count() for segment in self.segments])

    def _merge_all(self, most: int | None = None) -> bool:
        """Merge until all is well, no more than `most` articles at once: whether that left anything (without, did)."""
        done = False
        while (run := self._next_run()) is not None:
            if most is not None and sum(segment.docs for segment in self.segments[slice(*run)]) > most:
                return True
            self._merge_run(*run, force=True)
            done = True
        return done and most is None

    def _merge_run(self, start: int, stop: int, *, force: bool = False) -> None:
        chosen = [segment for segment in self.segments[start:stop] if segment.doc_count() > 0]
        if not chosen or (len(chosen) == 1 and not (force and chosen[0].deleted_count())):
            self.segments[start:stop] = chosen
            return
        joining = Joining(chosen, self._new_segment())
        self._join(joining)
        self.segments[start:stop] = [joining.target]

    def _join(self, joining: Joining, check: Callable[[], None] = lambda: None) -> None:
        """Write the target of a merge."""
        sources = [
            Source(open_segment(self._folder, segment), None if segment.dead is None else ~segment.dead)
            for segment in joining.sources
        ]
        target = joining.target
        others = self._merge_others
        merge_segments(sources, self.schema, self._order, self._folder, target, others=others, check=check)
        log.debug("merged %d segments into %s with %d articles", len(sources), target.file_name, target.docs)

    def _take_joined(self) -> None:
        """Put what the thread has merged in its place."""
        thread, self._thread = self._thread, None
        assert thread is not None
        if thread.error is None:
            self.segments = thread.joining.replaced(self.segments)
        else:
            # Everything is as it was before; the end of the run tries it once more and then says so.
            log.warning("could not merge segments beside indexing: %s", thread.error)

    def _clean(self, keep: Set[str]) -> None:
        """Remove the files that no longer belong to the index. Open searches keep what they have mapped."""
        remove_others(self._folder, self.indexname, keep)


def _marks(contents: Contents) -> tuple[Any, ...]:
    """What tells one state from another."""
    return contents.schema, [(segment.segid, *segment.dead_key()) for segment in contents.segments]
