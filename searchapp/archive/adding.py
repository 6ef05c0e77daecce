"""Articles into an engine: what is new or changed is recognised, stored, and counted in a report."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from searchapp.corpus import walk
from searchapp.corpus.reading.extent import Extent
from searchapp.corpus.reading.unreadable import remember_unreadable
from searchapp.engines.base import Engine, EngineState
from searchapp.entities.columns import entry_of
from searchapp.entities.workers import annotated_batches
from searchapp.model.article import Article
from searchapp.model.result import IndexReport, Skipped
from searchapp.settings import Settings

__all__ = ["add", "add_files"]

_WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one batch of articles changes."""

    articles: Sequence[Article]
    fingerprints: Mapping[str, str]
    """By id."""
    added: int
    updated: int
    unchanged: int
    skipped: tuple[Skipped, ...]


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
    committed: Callable[[], None],
    unreadable: Path | None,
) -> IndexReport:
    """Stores the articles of files, folders and globs; see `Archive.add_files`.

    `committed` is called after each commit but the last. What cannot be read is remembered in the file `unreadable`,
    unless that is None.
    """
    found = walk(paths, max_bytes=settings.max_file_mb * 1_000_000, columns=columns)
    roots = [Path(path).absolute() for path in paths]
    extent = Extent(paths) if progress is not None else None
    report = add(
        engine,
        extent.following(found) if extent else found,
        settings,
        recognise=recognise,
        recogniser=recogniser,
        roots=roots,
        prune=prune,
        progress=(lambda report: progress(report, extent.share)) if progress and extent else None,
        committed=committed,
    )
    if roots and unreadable is not None:
        remember_unreadable(unreadable, roots, report.skipped)
    return report


def add(
    engine: Engine,
    found: Iterable[Article | Skipped],
    settings: Settings,
    *,
    recognise: bool,
    recogniser: str = "",
    roots: Sequence[Path] = (),
    prune: bool = False,
    progress: Callable[[IndexReport], None] | None = None,
    committed: Callable[[], None] | None = None,
) -> IndexReport:
    """Stores what the engine does not hold yet; says what became of everything that was found.

    There is one commit, at the end; with `committed`, which is called after each other one, there are some on the way,
    as often as the settings say. Articles read from below `roots` earlier that are not among `found` are counted as
    gone, or with `prune` removed by the last commit. `progress` is called after each batch with the report so far.
    """
    report = IndexReport()
    seen: dict[str, str] = {}
    recogniser = recogniser or settings.recogniser
    # Whether and by what names were recognised is part of what an article is in the index.
    mark = f"r{recogniser}" if recognise else "a"
    last_commit = time.monotonic()
    with engine.writer(timeout_s=settings.lock_timeout_s) as writer:
        # Nobody else can commit while the writer is held.
        before = engine.state()
        batches = (_changed(before, batch, seen, mark) for batch in _batches(found, settings.batch_articles))
        plain = ((batch, batch.articles) for batch in batches)
        annotated = annotated_batches(plain, recogniser=recogniser, processes=settings.processes)
        with closing(annotated if recognise else plain) as changed:
            for batch, articles in changed:
                if articles:
                    writer.add([entry_of(article, batch.fingerprints[article.id]) for article in articles])
                report = replace(
                    report,
                    added=report.added + batch.added,
                    updated=report.updated + batch.updated,
                    unchanged=report.unchanged + batch.unchanged,
                    skipped=report.skipped + batch.skipped,
                )
                stored = report.added + report.updated
                fresh = stored - report.committed
                late = time.monotonic() - last_commit >= settings.commit_every_s
                if committed is not None and fresh and (late or fresh >= settings.commit_articles):
                    writer.commit()
                    committed()
                    last_commit = time.monotonic()
                    report = replace(report, committed=stored)
                if progress is not None:
                    progress(report)
        gone = _gone(before, roots, seen)
        before.close()
        report = replace(report, removed=writer.delete(gone)) if prune else replace(report, gone=len(gone))
    return replace(report, committed=report.added + report.updated)


def _changed(before: EngineState, batch: Sequence[Article | Skipped], seen: dict[str, str], mark: str) -> _Batch:
    """What of a batch the index does not hold yet; `seen` is id to fingerprint of this run so far."""
    articles = [item.without_surrogates() for item in batch if isinstance(item, Article)]
    known = before.fingerprints([article.id for article in articles])
    wanted: dict[str, Article] = {}
    added = updated = unchanged = 0
    for article in articles:
        fingerprint = f"{article.fingerprint}{mark}"
        held = seen.get(article.id, known.get(article.id))
        seen[article.id] = fingerprint
        if held == fingerprint:
            unchanged += 1
            continue
        if held is None:
            added += 1
        elif article.id not in wanted:
            updated += 1
        wanted[article.id] = article
    return _Batch(
        articles=list(wanted.values()),
        fingerprints={identifier: seen[identifier] for identifier in wanted},
        added=added,
        updated=updated,
        unchanged=unchanged,
        skipped=tuple(item for item in batch if isinstance(item, Skipped)),
    )


def _batches(found: Iterable[Article | Skipped], size: int) -> Iterator[list[Article | Skipped]]:
    iterator = iter(found)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


def _gone(before: EngineState, roots: Sequence[Path], seen: Container[str]) -> list[str]:
    """Ids of the articles from below `roots` that were not seen this time."""
    gone: dict[str, None] = {}
    # What stands before the first wildcard of a glob, as it may also be the name of a file with such characters.
    for prefix in {_WILDCARD.split(str(root), maxsplit=1)[0] for root in roots}:
        for path, ids in before.paths(prefix):
            if _under(path, roots):
                gone |= dict.fromkeys(name for name in ids if name not in seen)
    return list(gone)


def _under(path: str, roots: Sequence[Path]) -> bool:
    """Whether a file is one of `roots` or below one of them; a glob stands for what it fits."""
    file = Path(path)
    return any(file == root or root in file.parents or file.match(str(root)) for root in roots)
