"""Full-text search with faceted browsing for news archives.

from searchapp import Archive

with Archive.open("index", create=True) as archive:
    archive.add_files("seeds")
    print(archive.search("ceasefire talks", places="Armenia").total)
"""

from searchapp.archive import Archive, ArchiveStats
from searchapp.entities import recognise
from searchapp.errors import SearchappError
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

__all__ = [
    "Archive",
    "ArchiveStats",
    "Article",
    "FacetResult",
    "FacetValue",
    "Hit",
    "IndexReport",
    "Mention",
    "Problem",
    "SearchRequest",
    "SearchResult",
    "SearchappError",
    "Skipped",
    "Snippet",
    "TimelineBar",
    "recognise",
]
