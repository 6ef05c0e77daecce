"""What files would be read as, without an index: the articles of one file, and a look over many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypedDict

from searchapp.corpus import read_file, walk_kinds
from searchapp.model.article import Article
from searchapp.model.result import Noted, Skipped
from searchapp.settings import Settings

__all__ = ["MOST_EXAMPLES", "KindSeen", "Preview", "articles_of", "formats_in_words", "limits_of", "preview"]

MOST_EXAMPLES = 3

Yielded: TypeAlias = Article | Skipped | Noted


@dataclass(slots=True)
class KindSeen:
    """What would be read of the files of one format."""

    name: str
    """Of the format: "HTML"."""
    files: int = 0
    articles: int = 0
    undated: int = 0
    """Articles without a date."""
    examples: tuple[Article, ...] = ()
    """The first of them, three at most, each of another file where there are several."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run of the indexer over some files would read."""

    kinds: tuple[KindSeen, ...]
    """The format with the most articles first."""
    skipped: tuple[Skipped, ...]
    noted: tuple[Noted, ...]
    passed_over: int
    """Files and folders that would not be looked at."""


class Limits(TypedDict):
    """What reading one file may cost, as `walk` takes it."""

    max_bytes: int
    timeout_s: float
    memory_bytes: int


def limits_of(settings: Settings) -> Limits:
    """What reading one file may cost by these settings."""
    return {
        "max_bytes": settings.max_file_mb * 1_000_000,
        "timeout_s": settings.file_timeout_s,
        "memory_bytes": settings.file_memory_mb << 20,
    }


def articles_of(path: str | Path, *, columns: Mapping[str, str], settings: Settings) -> Iterator[Yielded]:
    """The articles of one file, in its order, without names recognised, and what of it could not be read."""
    return read_file(path, **limits_of(settings), columns=columns)


def preview(paths: Sequence[str | Path], *, columns: Mapping[str, str], settings: Settings) -> Preview:
    """What `Archive.add_files` would read of these paths; nothing is stored, and no name recognised."""
    kinds: dict[str, KindSeen] = {}
    skipped: list[Skipped] = []
    noted: list[Noted] = []
    passed_over: list[str] = []
    files: set[str] = set()
    found = walk_kinds(paths, **limits_of(settings), columns=columns, passed_over=passed_over)
    for kind, one in found:
        if isinstance(one, Skipped):
            skipped.append(one)
        elif isinstance(one, Noted):
            noted.append(one)
        else:
            _count(kinds.setdefault(kind, KindSeen(kind)), one, new=one.path not in files)
            files.add(one.path)
    ranked = sorted(kinds.values(), key=lambda seen: (-seen.articles, seen.name))
    return Preview(tuple(ranked), tuple(skipped), tuple(noted), len(passed_over))


def formats_in_words() -> list[tuple[str, str]]:
    """Every format that can be read: what it is for, and the names of those that are for that."""
    # The readers of all formats take long to load.
    from searchapp.corpus.reading.registry import groups_in_words

    return groups_in_words()


def _count(seen: KindSeen, article: Article, *, new: bool) -> None:
    seen.files += new
    seen.articles += 1
    seen.undated += article.published is None
    if len(seen.examples) < MOST_EXAMPLES:
        seen.examples += (article,)
