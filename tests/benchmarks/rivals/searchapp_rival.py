"""Searchapp itself, as a script uses it: from the text of the query to marked snippets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from searchapp import Archive

from .cases import FACETS, Case, Record, Reply

__all__ = ["SearchappRival"]


class SearchappRival:
    """Everything that a user waits for: five facets, the timeline, snippets."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, records: Iterable[Record]) -> None:
        with Archive.open(self._folder, create=True) as archive:
            archive.add((record.article for record in records), recognise=False)

    def open(self) -> None:
        self.archive = Archive.open(self._folder)

    def add_one(self, record: Record) -> None:
        self.archive.add([record.article], recognise=False)

    def add_file(self, path: Path) -> None:
        """Adds what a file holds, as a run over one does."""
        self.archive.add_files(path, recognise=False)

    def ask(self, case: Case, size: int = 10) -> Reply:
        filters: dict[str, Any] = dict(case.filters)
        result = self.archive.search(
            case.text,
            exclude=case.exclude,
            since=case.since,
            until=case.until,
            page=case.page,
            page_size=size,
            sort="newest" if case.newest else "relevance",
            **filters,
        )
        return Reply(
            total=result.total,
            ids=[hit.article.id for hit in result.hits],
            heads=[(hit.article.title, hit.article.published) for hit in result.hits],
            facets={name: {v.label: v.count for v in result.facets[name].values} for name in FACETS},
            months=len(result.timeline),
            snippets=[hit.snippet.to_html() for hit in result.hits],
        )
