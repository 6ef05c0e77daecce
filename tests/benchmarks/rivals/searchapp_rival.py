"""Searchapp itself, from the text of the query to the snippets."""

from __future__ import annotations

from pathlib import Path

from searchapp import Archive
from searchapp.engines.whoosh import WhooshEngine
from searchapp.entities.columns import entry_of
from searchapp.model.query import SearchRequest

from .cases import FACETS, Case, Record, Reply

__all__ = ["SearchappRival"]


class SearchappRival:
    """Everything that a user waits for."""

    name = "searchapp"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer_context = None

    def add(self, records: list[Record]) -> None:
        if self._writer_context is None:
            self._engine = WhooshEngine.open(self._folder, create=True, timeout_s=60)
            self._writer_context = self._engine.writer(timeout_s=10)
            self._writer = self._writer_context.__enter__()
        self._writer.add([entry_of(record.article, "f") for record in records])

    def finish(self) -> None:
        assert self._writer_context is not None
        self._writer_context.__exit__(None, None, None)
        self._engine.close()

    def open(self) -> None:
        self._archive = Archive(WhooshEngine.open(self._folder, create=False, timeout_s=60))

    def request(self, case: Case) -> SearchRequest:
        """The request that a case stands for."""
        return SearchRequest(
            text=case.text,
            exclude=case.exclude,
            since=case.since,
            until=case.until,
            page=case.page,
            sort="newest" if case.newest else "relevance",
            **case.filters,  # type: ignore[arg-type]
        )

    def ask(self, case: Case) -> Reply:
        result = self._archive.find(self.request(case))
        return Reply(
            total=result.total,
            hits=len(result.hits),
            facets={name: {v.label: v.count for v in result.facets[name].values} for name in FACETS},
            bars=len(result.timeline),
            snippets=[hit.snippet.to_html() for hit in result.hits],
        )
