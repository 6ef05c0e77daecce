"""Full-text search with faceted browsing for news archives.

from searchapp import Archive

with Archive.open("index", create=True) as archive:
    archive.add_files("seeds")
    print(archive.search("ceasefire talks", places="Armenia").total)
"""

from importlib.metadata import PackageNotFoundError, version

from searchapp.archive import Archive, ArchiveStats
from searchapp.entities import recognise
from searchapp.entities.corrections.ledger import Correction
from searchapp.errors import (
    ArchiveError,
    ArticleNotFound,
    CorpusError,
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    InvalidRequest,
    LedgerError,
    NamesError,
    NothingIndexed,
    RecogniserError,
    SearchappError,
    SearchTimeout,
    SettingsError,
    UnreadableFile,
    UsageError,
)
from searchapp.model.article import Article, Mention
from searchapp.model.query import SearchRequest
from searchapp.model.result import (
    FacetResult,
    FacetValue,
    Hit,
    IndexReport,
    Problem,
    SearchResult,
    Skipped,
    Snippet,
    TimelineBar,
)
from searchapp.settings import Settings

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchiveStats",
    "Article",
    "ArticleNotFound",
    "CorpusError",
    "Correction",
    "FacetResult",
    "FacetValue",
    "Hit",
    "IndexDamaged",
    "IndexLocked",
    "IndexNotFound",
    "IndexReport",
    "InvalidRequest",
    "LedgerError",
    "Mention",
    "NamesError",
    "NothingIndexed",
    "Problem",
    "RecogniserError",
    "SearchRequest",
    "SearchResult",
    "SearchTimeout",
    "SearchappError",
    "Settings",
    "SettingsError",
    "Skipped",
    "Snippet",
    "TimelineBar",
    "UnreadableFile",
    "UsageError",
    "__version__",
    "recognise",
]


def __getattr__(name: str) -> str:
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return version("searchapp")
    except PackageNotFoundError:
        return "unknown"
