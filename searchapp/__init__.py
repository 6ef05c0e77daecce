"""Full-text search with faceted browsing for news archives.

from searchapp import Archive

with Archive.open("index", create=True) as archive:
    archive.add_files("seeds")
    print(archive.search("ceasefire talks", places="Armenia").total)
"""

# Checkers of types know the name and take it for true; importing it would double what importing this package takes.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from searchapp.archive import Archive, ArchiveStats, State
    from searchapp.corpus.decoding.base import Format, Source
    from searchapp.entities import recognise
    from searchapp.entities.corrections.ledger import Correction
    from searchapp.errors import (
        ArchiveClosed,
        ArchiveError,
        ArticleNotFound,
        CorpusError,
        IndexDamaged,
        IndexLocked,
        IndexNotFound,
        IndexUnreachable,
        InvalidArticle,
        InvalidRequest,
        LargePrune,
        LedgerError,
        NamesError,
        NothingIndexed,
        OtherVersion,
        RecogniserError,
        SearchappError,
        SearchTimeout,
        ServingError,
        SettingsError,
        UnreadableFile,
        UsageError,
    )
    from searchapp.model.article import Article, Mention
    from searchapp.model.query import SearchRequest
    from searchapp.model.question import Answer, FacetWanted, HitsWanted, Question
    from searchapp.model.result import (
        FacetResult,
        FacetValue,
        Hit,
        IndexReport,
        Noted,
        Problem,
        SearchResult,
        Skipped,
        Snippet,
        TimelineBar,
    )
    from searchapp.settings import Settings
    from searchapp.version import __version__

__all__ = [
    "Answer",
    "Archive",
    "ArchiveClosed",
    "ArchiveError",
    "ArchiveStats",
    "Article",
    "ArticleNotFound",
    "CorpusError",
    "Correction",
    "FacetResult",
    "FacetValue",
    "FacetWanted",
    "Format",
    "Hit",
    "HitsWanted",
    "IndexDamaged",
    "IndexLocked",
    "IndexNotFound",
    "IndexReport",
    "IndexUnreachable",
    "InvalidArticle",
    "InvalidRequest",
    "LargePrune",
    "LedgerError",
    "Mention",
    "NamesError",
    "Noted",
    "NothingIndexed",
    "OtherVersion",
    "Problem",
    "Question",
    "RecogniserError",
    "SearchRequest",
    "SearchResult",
    "SearchTimeout",
    "SearchappError",
    "ServingError",
    "Settings",
    "SettingsError",
    "Skipped",
    "Snippet",
    "Source",
    "State",
    "TimelineBar",
    "UnreadableFile",
    "UsageError",
    "__version__",
    "recognise",
]

_HOMES = {
    "searchapp.archive": "Archive ArchiveStats State",
    "searchapp.corpus.decoding.base": "Format Source",
    "searchapp.entities": "recognise",
    "searchapp.entities.corrections.ledger": "Correction",
    "searchapp.errors": (
        "ArchiveClosed ArchiveError ArticleNotFound CorpusError IndexDamaged IndexLocked IndexNotFound "
        "IndexUnreachable InvalidArticle InvalidRequest LargePrune LedgerError NamesError NothingIndexed OtherVersion "
        "RecogniserError SearchappError SearchTimeout ServingError SettingsError UnreadableFile UsageError"
    ),
    "searchapp.model.article": "Article Mention",
    "searchapp.model.query": "SearchRequest",
    "searchapp.model.question": "Answer FacetWanted HitsWanted Question",
    "searchapp.model.result": (
        "FacetResult FacetValue Hit IndexReport Noted Problem SearchResult Skipped Snippet TimelineBar"
    ),
    "searchapp.settings": "Settings",
    "searchapp.version": "__version__",
}
"""Module to the names that come from it when they are first asked for: who needs an article only loads no index."""

if not TYPE_CHECKING:
    # Hidden from checkers of types, which would take any name at all for one of this package.
    def __getattr__(name: str) -> object:
        from importlib import import_module

        home = next((module for module, names in _HOMES.items() if name in names.split()), None)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found = getattr(import_module(home), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
