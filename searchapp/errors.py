"""Every error that Searchapp raises on purpose, in one tree.

    SearchappError
    ├── UsageError            what was asked for cannot be done as asked
    │   ├── InvalidArticle    a field of an article has a value that cannot be stored
    │   ├── LargePrune        more of the archive would be removed than goes without saying
    │   ├── InvalidRequest    a search argument has a value that makes no sense
    │   └── SettingsError     a variable, file or option sets what cannot be used
    ├── CorpusError           input files
    │   ├── UnreadableFile    one file cannot be read; a run skips it and goes on
    │   └── NothingIndexed    no file of a run could be read
    ├── ArchiveError          the index as a whole
    │   ├── ArchiveClosed     it was closed before
    │   ├── IndexNotFound     there is no index at that place
    │   ├── IndexLocked       another process is writing to it
    │   ├── IndexUnreachable  the cluster that it is on does not answer, or lets nobody in
    │   ├── OtherVersion      it was written by another version of the program
    │   └── IndexDamaged      its files are not what a writer left there
    ├── ArticleNotFound       no article has that id
    ├── SearchTimeout         a query took longer than its deadline
    ├── ServingError          the page cannot be served
    └── NamesError            recognised names and their corrections
        ├── LedgerError       a line of the ledger of corrections cannot be applied
        └── RecogniserError   a recogniser or its model cannot be used

The library raises meaning; the web layer maps it to a status, the command line to an exit code.
A bad *query* is not an error: it is a problem in the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = [
    "ArchiveClosed",
    "ArchiveError",
    "ArticleNotFound",
    "CorpusError",
    "IndexDamaged",
    "IndexLocked",
    "IndexNotFound",
    "IndexUnreachable",
    "InvalidArticle",
    "InvalidRequest",
    "LargePrune",
    "LedgerError",
    "NamesError",
    "NothingIndexed",
    "OtherVersion",
    "RecogniserError",
    "SearchTimeout",
    "SearchappError",
    "ServingError",
    "SettingsError",
    "UnreadableFile",
    "UsageError",
]


class SearchappError(Exception):
    """Base of every error raised on purpose; its text is fit to show to a user."""


class UsageError(SearchappError):
    """What was asked for cannot be done as asked."""


class InvalidArticle(UsageError, ValueError):
    """A field of an article has a value that cannot be stored. Its text names the field."""


class InvalidRequest(UsageError, ValueError):
    """A search argument has a value that makes no sense."""


class LargePrune(UsageError):
    """More of the archive would be removed than goes without saying. What was read is stored, and nothing is removed.

    `report` says what was done, `ids` names the articles that would be removed.
    """

    def __init__(self, message: str, *, report: Any = None, ids: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.report = report
        self.ids = tuple(ids)


class SettingsError(UsageError):
    """A setting has a value that cannot be used."""


class CorpusError(SearchappError):
    """Something about the input files."""


class UnreadableFile(CorpusError):
    """One file cannot be read as articles. Its text is the reason, without the path."""


class NothingIndexed(CorpusError):
    """None of the files of a run could be read."""


class ArchiveError(SearchappError):
    """Something about the index as a whole."""


class ArchiveClosed(ArchiveError):
    """The archive was closed before it was used."""


class IndexNotFound(ArchiveError):
    """There is no index at that place."""


class IndexLocked(ArchiveError):
    """Another process is writing to the index."""


class IndexUnreachable(ArchiveError):
    """The cluster that the index is on does not answer, lets nobody in, or cannot store anything now."""


class OtherVersion(ArchiveError):
    """The index was written by another version of the program; the text says how it is taken over."""


class IndexDamaged(ArchiveError):
    """The files of the index are not what a writer left there."""


class ArticleNotFound(SearchappError, KeyError):
    """No article of the archive has that id."""

    def __str__(self) -> str:
        # KeyError would show the repr of its argument.
        return str(self.args[0]) if self.args else ""


class SearchTimeout(SearchappError):
    """A query took longer than its deadline."""


class ServingError(SearchappError):
    """The page cannot be served."""


class NamesError(SearchappError):
    """Something about recognised names."""


class LedgerError(NamesError):
    """A line of the ledger of corrections cannot be applied."""


class RecogniserError(NamesError):
    """A recogniser or its model cannot be used."""
