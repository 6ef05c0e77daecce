"""Articles into an engine: what is new or changed is recognised, stored, and counted in a report."""

from __future__ import annotations

import itertools
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from searchapp.archive.reading import limits_of
from searchapp.archive.versions import Changes, Versions
from searchapp.corpus import walk
from searchapp.corpus.reading.extent import Extent
from searchapp.corpus.reading.roots import Roots, within
from searchapp.corpus.reading.unreadable import remember_unreadable
from searchapp.engines.base import Engine, EngineState
from searchapp.entities.columns import entry_of
from searchapp.entities.workers import annotated_batches
from searchapp.errors import InvalidArticle, LargePrune
from searchapp.language.detecting import language_of
from searchapp.model.article import Article
from searchapp.model.result import Gone, IndexReport, Noted, Skipped
from searchapp.settings import Settings

__all__ = ["add", "add_files", "check_prune"]

_FEW = 10
"""Articles that are always removed without asking."""
_WILDCARD = re.compile(r"[*?\[]")
NO_ROOTS = Roots(())
_COMMIT_SHARE = 20
"""What was committed is to last so many times as long as committing it took, names included."""
_LONGEST_WAIT = 10
"""A commit on the way waits no longer than so many times `Settings.commit_every_s`."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one batch of articles changes."""

    changes: Changes
    fingerprints: Mapping[str, str]
    """By id."""
    skipped: tuple[Skipped, ...]
    noted: tuple[Noted, ...]
    undated: int


def add_files(
    engine: Engine,
    paths: Sequence[str | Path],
    settings: Settings,
    *,
    recognise: bool,
    recogniser: str,
    columns: Mapping[str, str],
    prune: bool,
    progress: Callable[[IndexReport, float], None] | None,
    allow_large_prune: bool,
    committed: Callable[[], None],
    unreadable: Path | None,
) -> IndexReport:
    """Stores the articles of files, folders and globs; see `Archive.add_files`.

    `committed` is called after each commit but the last. What cannot be read is remembered in the file `unreadable`,
    unless that is None.
    """
    passed_over: list[str] = []
    found = walk(paths, **limits_of(settings), columns=columns, passed_over=passed_over)
    roots = Roots(paths)
    extent = Extent(paths) if progress is not None else None
    report = add(
        engine,
        extent.following(found) if extent else found,
        settings,
        recognise=recognise,
        recogniser=recogniser,
        roots=roots,
        prune=prune,
        allow_large_prune=allow_large_prune,
        progress=(lambda report: progress(report, extent.share)) if progress and extent else None,
        committed=committed,
    )
    if roots and unreadable is not None:
        remember_unreadable(unreadable, roots.paths, report.skipped, index=engine.identity)
    return replace(report, passed_over=len(passed_over))


def check_prune(report: IndexReport, settings: Settings) -> None:
    """Raises `LargePrune` where articles were to be removed and are so many that somebody has to say so."""
    if report.gone and report.removed_articles:
        raise LargePrune(
            f"{report.gone:,} articles, more than {settings.prune_share:.0%} of the archive, are no longer in these "
            "files; they were kept: to remove them say --yes, or allow_large_prune=True",
            report=replace(report, removed_articles=()),
            ids=[item.id for item in report.removed_articles],
        )


def add(
    engine: Engine,
    found: Iterable[Article | Skipped | Noted],
    settings: Settings,
    *,
    recognise: bool,
    recogniser: str = "",
    roots: Roots = NO_ROOTS,
    prune: bool = False,
    allow_large_prune: bool = False,
    progress: Callable[[IndexReport], None] | None = None,
    committed: Callable[[], None] | None = None,
) -> IndexReport:
    """Stores what the engine does not hold yet; says what became of everything that was found.

    There is one commit, at the end; with `committed`, which is called after each other one, there are some on the way,
    as often as the settings say, or less often where each takes long. Articles read from below `roots` earlier that are
    not among `found` are counted as gone, or with `prune` removed by the last commit; all are kept, and counted as
    gone, where there are so many that `allow_large_prune` is needed. `progress` is called after each batch with the
    report so far.
    """
    report = IndexReport()
    recogniser = recogniser or settings.recogniser
    # Whether and by what names were recognised is part of what an article is in the index.
    mark = f"r{recogniser}" if recognise else "a"
    last_commit, wait_s = time.monotonic(), settings.commit_every_s
    with engine.writer(timeout_s=settings.lock_timeout_s) as writer:
        # Nobody else can commit while the writer is held.
        before = engine.state()
        seen = Versions(before, mark, is_there=lambda path: roots.cover(path) and os.path.exists(path))
        batches = (_changed(batch, seen) for batch in _batches(found, settings.batch_articles))
        plain = ((batch, batch.changes.articles) for batch in batches)
        annotated = annotated_batches(plain, recogniser=recogniser, processes=settings.processes)
        with closing(annotated if recognise else plain) as changed:
            for batch, articles in changed:
                if articles:
                    writer.add([entry_of(article, batch.fingerprints[article.id]) for article in articles])
                report = replace(
                    report,
                    added=report.added + batch.changes.added,
                    updated=report.updated + batch.changes.updated,
                    unchanged=report.unchanged + batch.changes.unchanged,
                    skipped=report.skipped + batch.skipped,
                    noted=report.noted + batch.noted,
                    undated=report.undated + batch.undated,
                )
                stored = report.added + report.updated
                fresh = stored - report.committed
                begun = time.monotonic()
                late = begun - last_commit >= wait_s
                if committed is not None and fresh and (late or fresh >= settings.commit_articles):
                    writer.commit()
                    committed()
                    last_commit = time.monotonic()
                    wait_s = _until_next(last_commit - begun, settings.commit_every_s)
                    report = replace(report, committed=stored)
                if progress is not None:
                    progress(report)
        gone = _gone(before, roots, seen, report.skipped)
        large = len(gone) > max(_FEW, settings.prune_share * len(before))
        before.close()
        if prune and not (large and not allow_large_prune):
            report = replace(report, removed=writer.delete([item.id for item in gone]), removed_articles=tuple(gone))
        else:
            report = replace(report, gone=len(gone), removed_articles=tuple(gone) if prune else ())
    return replace(report, committed=report.added + report.updated)


def _until_next(took_s: float, every_s: float) -> float:
    """Seconds to the next commit on the way after one that took so long."""
    return min(max(every_s, _COMMIT_SHARE * took_s), _LONGEST_WAIT * every_s)


def _changed(batch: Sequence[Article | Skipped | Noted], seen: Versions) -> _Batch:
    """What of a batch the index does not hold yet."""
    articles = [item.without_surrogates() for item in batch if isinstance(item, Article)]
    changes = seen.changes(articles)
    return _Batch(
        changes=replace(changes, articles=tuple(map(_with_language, changes.articles))),
        fingerprints={article.id: seen.fingerprint(article.id) for article in changes.articles},
        skipped=tuple(item for item in batch if isinstance(item, Skipped)),
        noted=tuple(item for item in batch if isinstance(item, Noted)),
        undated=sum(article.published is None for article in articles),
    )


def _with_language(article: Article) -> Article:
    # What an article is, its fingerprint, is told before: how well languages are recognised is no part of it.
    return article.with_language(language_of(article.title, article.body, article.language))


def _batches(found: Iterable[Article | Skipped | Noted], size: int) -> Iterator[list[Article | Skipped | Noted]]:
    iterator = iter(found)
    while batch := list(itertools.islice(iterator, size)):
        for item in batch:
            if isinstance(item, Article):
                if not item.id.strip():
                    raise InvalidArticle(f"id of an article is {item.id!r}; give text that is not empty")
            elif not isinstance(item, Skipped | Noted):
                raise InvalidArticle(f"a {type(item).__name__} is no article; give Article(id=..., body=...)")
        yield batch


def _gone(before: EngineState, roots: Roots, seen: Versions, skipped: Sequence[Skipped]) -> list[Gone]:
    """Articles from below `roots` that are no longer there.

    What could not be read this time is there: nothing at or below a skipped path is gone, nor is what comes from a file
    that is there and was not looked at. From a folder that is empty or missing, such as a disk that is not mounted,
    nothing is gone.
    """
    gone: dict[str, Gone] = {}
    roots = roots.with_something()
    unread = sorted({os.path.abspath(item.path) for item in skipped})
    # What stands before the first wildcard of a glob, as it may also be the name of a file with such characters.
    for prefix in {_WILDCARD.split(str(root), maxsplit=1)[0] for root in roots.paths}:
        for path, ids in before.paths(prefix):
            missing = [name for name in ids if name not in seen and name not in gone]
            if not missing or not roots.cover(path) or any(within(path, one) for one in unread):
                continue
            if path in seen.paths or not os.path.lexists(path):
                gone |= {name: Gone(name, path) for name in missing}
    return list(gone.values())
