"""`WhooshEngine`: opening and writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

from searchapp.columnar import ColumnarIndex, ColumnarWriter, Executor, FacetIndex, View
from searchapp.engines.whoosh.schema import ANALYSES, ORDER, add_entries, index_schema
from searchapp.engines.whoosh.state import WhooshState
from searchapp.engines.whoosh.translate import SCORING
from searchapp.errors import IndexDamaged, IndexLocked, IndexNotFound, OtherVersion
from searchapp.language.words import forms
from searchapp.model.entry import COLUMNS, Entry

__all__ = ["WhooshEngine", "is_index"]


class WhooshEngine:
    """Articles in a columnar Whoosh index in a folder; see `searchapp.engines.base.Engine`."""

    def __init__(self, opened: ColumnarIndex, *, timeout_s: float) -> None:
        self._index = opened
        self._timeout_s = timeout_s
        self._facets = FacetIndex({column: (column,) for column in COLUMNS}, forms=forms)

    @classmethod
    def open(cls, folder: Path, *, create: bool, timeout_s: float) -> WhooshEngine:
        """The index in `folder`, made first where there is none and `create` says so.

        `timeout_s` is how long one question may take. Raises `IndexNotFound`, `OtherVersion` and `IndexDamaged`.
        """
        try:
            if ColumnarIndex.exists(folder):
                opened = ColumnarIndex.open(folder, analyses=[*ANALYSES.values()])
                lacking = sorted({*index_schema().names()} - {*opened.schema.names()})
                if lacking:
                    raise OtherVersion(
                        f"an earlier version did not make {', '.join(lacking)} searchable; run: searchapp rebuild"
                    )
                return cls(opened, timeout_s=timeout_s)
            if not create:
                raise IndexNotFound(
                    f"no index at {str(folder)!r}; create one with: searchapp index FILES --index {quote(str(folder))}"
                )
            made = ColumnarIndex.create(folder, index_schema(), order=ORDER, analyses=[*ANALYSES.values()])
            return cls(made, timeout_s=timeout_s)
        except OSError as error:
            raise IndexNotFound(f"cannot use {str(folder)!r} as an index: {error.strerror or error}") from error

    @property
    def identity(self) -> str:
        return self._index.identity()

    def state(self) -> WhooshState:
        return WhooshState(Executor(self._view(), self._facets, scoring=SCORING), timeout_s=self._timeout_s)

    @contextmanager
    def writer(self, *, timeout_s: float) -> Iterator[_WhooshWriter]:
        try:
            opened = self._index.writer(timeout=timeout_s)
        except IndexLocked:
            raise IndexLocked(
                f"another process has been writing to this index for over {timeout_s:g} seconds; "
                "wait for it to finish, then try again"
            ) from None
        with opened:
            yield _WhooshWriter(opened)

    def close(self) -> None:
        self._index.close()

    def _view(self) -> View:
        try:
            return self._index.view()
        except FileNotFoundError as error:
            raise IndexDamaged(
                f"the index at {str(self._index.folder)!r} lacks a file ({Path(error.filename).name}); "
                "run: searchapp repair"
            ) from error


def is_index(folder: Path) -> bool:
    """Whether there is an index in a folder, sound or not."""
    return ColumnarIndex.exists(folder)


class _WhooshWriter:
    """Hands articles to the index's writer in batches; the caller does the last commit."""

    def __init__(self, writer: ColumnarWriter) -> None:
        self._writer = writer

    def commit(self) -> None:
        self._writer.commit_so_far()

    def add(self, entries: Sequence[Entry]) -> None:
        add_entries(self._writer, entries)

    def delete(self, ids: Iterable[str]) -> int:
        return self._writer.delete_ids(list(dict.fromkeys(ids)))
