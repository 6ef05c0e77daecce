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

from searchapp.archive.identity import Changes, Identities
from searchapp.archive.reading import limits_of
from searchapp.corpus import walk
from searchapp.corpus.reading.extent import Extent
from searchapp.corpus.reading.roots import Roots, within
from searchapp.corpus.reading.unreadable import Unreadable
from searchapp.engines.base import Engine, EngineState, Writer
from searchapp.entities.columns import entry_of
from searchapp.entities.workers import annotated_batches
from searchapp.errors import InvalidArticle, LargePrune
from searchapp.language.detecting import language_of
from searchapp.model.article import Article
from searchapp.model.result import Gone, IndexReport, Noted, Skipped
from searchapp.settings import Settings

__all__ = ["add", "add_files", "check_prune", "with_language"]

_FEW = 10
"""Articles that are always removed without asking."""
_PLACED_TOGETHER = 512
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
    skipped: tuple[Skipped, ...] = ()
    noted: tuple[Noted, ...] = ()
    undated: int = 0


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
    unreadable: Unreadable | None,
) -> IndexReport:
    """Stores the articles of files, folders and globs; see `Archive.add_files`.

    `committed` is called after each commit but the last. What cannot be read is remembered by `unreadable`,
    unless that is None.
    """
    passed_over: list[str] = []
    found = walk(paths, **limits_of(settings), columns=columns, passed_over=passed_over)
    roots = Roots(paths)
    remembered = () if unreadable is None else unreadable.recall()
    extent = Extent(paths) if progress is not None else None
    report = add(
        engine,
        extent.following(found) if extent else found,
        settings,
        recognise=recognise,
        recogniser=recogniser,
        roots=roots,
        withdrawn=[item for item in remembered if item.withdraws and not roots.cover(item.path)],
        prune=prune,
        allow_large_prune=allow_large_prune,
        progress=(lambda report: progress(report, extent.share)) if progress and extent else None,
        committed=committed,
    )
    if roots and unreadable is not None:
        unreadable.remember(roots.paths, report.skipped)
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
    withdrawn: Iterable[Skipped] = (),
    prune: bool = False,
    allow_large_prune: bool = False,
    progress: Callable[[IndexReport], None] | None = None,
    committed: Callable[[], None] | None = None,
) -> IndexReport:
    """Stores what the engine does not hold yet; says what became of everything that was found.

    There is one commit, at the end; with `committed`, which is called after each other one, there are some on the way,
    as often as the settings say, or less often where each takes long. What `withdrawn` withdraws is not stored, as if
    it were among `found`. Articles read from below `roots` earlier that are not among `found` are counted as gone, or
    with `prune` removed by the last commit; all are kept, and counted as gone, where there are so many that
    `allow_large_prune` is needed. `progress` is called after each batch with the report so far.
    """
    report = IndexReport()
    recogniser = recogniser or settings.recogniser
    # Whether and by what names were recognised is part of what an article is in the index.
    mark = f"r{recogniser}" if recognise else "a"
    last_commit, wait_s = time.monotonic(), settings.commit_every_s
    with engine.writer(timeout_s=settings.lock_timeout_s) as writer:
        # Nobody else can commit while the writer is held.
        before = engine.state()
        seen = Identities(before, mark, is_there=_is_there)
        for signal in withdrawn:
            seen.withdraw(signal)
        batches = _changed(_batches(found, settings.batch_articles), seen)
        plain = ((batch, batch.changes.articles) for batch in batches)
        annotated = annotated_batches(plain, recogniser=recogniser, processes=settings.processes)
        with closing(annotated if recognise else plain) as changed:
            for batch, articles in changed:
                if articles:
                    writer.add([entry_of(article, batch.changes.fingerprints[article.id]) for article in articles])
                report = replace(
                    report,
                    added=report.added + batch.changes.added,
                    updated=report.updated + batch.changes.updated,
                    unchanged=report.unchanged + batch.changes.unchanged,
                    moved=report.moved + batch.changes.moved,
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
        taken_back = seen.withdrawn()
        gone, lost = _lost(before, roots, seen, report.skipped)
        gone = [item for item in gone if item.id not in set(taken_back)]
        large = len(gone) > max(_FEW, settings.prune_share * len(before))
        pruned = prune and not (large and not allow_large_prune)
        _place(engine, writer, before, seen, lost if pruned else _of_read(lost, seen), report.skipped)
        before.close()
        removed = writer.delete(taken_back) if taken_back else 0
        if pruned:
            removed += writer.delete([item.id for item in gone]) if gone else 0
            report = replace(report, removed=removed, removed_articles=tuple(gone))
        else:
            report = replace(report, removed=removed, gone=len(gone), removed_articles=tuple(gone) if prune else ())
    return replace(report, committed=report.added + report.updated)


def _until_next(took_s: float, every_s: float) -> float:
    """Seconds to the next commit on the way after one that took so long."""
    return min(max(every_s, _COMMIT_SHARE * took_s), _LONGEST_WAIT * every_s)


def _changed(batches: Iterable[Sequence[Article | Skipped | Noted]], seen: Identities) -> Iterator[_Batch]:
    """What of each batch the index does not hold yet."""
    for batch in batches:
        items = [item.without_surrogates() if isinstance(item, Article) else item for item in batch]
        articles = [item for item in items if isinstance(item, Article)]
        changes = seen.changes(item for item in items if not isinstance(item, Noted))
        yield _Batch(
            changes=_with_languages(changes),
            skipped=tuple(item for item in batch if isinstance(item, Skipped)),
            noted=tuple(item for item in batch if isinstance(item, Noted)),
            undated=sum(article.published is None for article in articles),
        )
    rest = seen.rest()
    if rest != Changes():
        yield _Batch(_with_languages(rest))


def _with_languages(changes: Changes) -> Changes:
    return replace(changes, articles=tuple(map(with_language, changes.articles)))


def with_language(article: Article) -> Article:
    """An article in the language that its file gives, or that its text is certainly in."""
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


def _lost(
    before: EngineState, roots: Roots, seen: Identities, skipped: Sequence[Skipped]
) -> tuple[list[Gone], dict[str, set[str]]]:
    """Articles from below `roots` that are no longer there, and the paths that others are no longer at.

    What could not be read this time is there: nothing at or below a skipped path is gone, nor is what comes from a file
    that is there and was not looked at. From a folder that is empty or missing, such as a disk that is not mounted,
    nothing is gone.
    """
    roots = roots.with_something()
    unread = _unread(skipped)
    # What stands before the first wildcard of a glob, as it may also be the name of a file with such characters.
    prefixes = sorted({_WILDCARD.split(str(root), maxsplit=1)[0] for root in roots.paths})

    def is_gone(path: str) -> bool:
        if not roots.cover(path) or any(within(path, one) for one in unread):
            return False
        return path in seen.paths or not (os.path.lexists(path) or _is_there(path))

    return seen.lost((held for prefix in prefixes for held in before.paths(prefix)), is_gone)


def _of_read(lost: Mapping[str, set[str]], seen: Identities) -> dict[str, set[str]]:
    """Those of articles that are somewhere else for certain."""
    return {name: paths for name, paths in lost.items() if seen.is_read(name)}


def _place(
    engine: Engine,
    writer: Writer,
    before: EngineState,
    seen: Identities,
    lost: Mapping[str, set[str]],
    skipped: Sequence[Skipped],
) -> None:
    """Stores articles that are known with the paths that they have now, without recognising anything again."""
    ids = sorted(seen.moving() | lost.keys())
    if not ids:
        return
    state = before
    if seen.is_written(ids):
        # What this run has stored can be read once it is committed.
        writer.commit()
        state = engine.state()
    unread = _unread(skipped)

    def is_there(path: str) -> bool:
        return os.path.lexists(path) or _is_there(path) or any(within(path, one) for one in unread)

    for start in range(0, len(ids), _PLACED_TOGETHER):
        placed = seen.placed(state, lost, ids[start : start + _PLACED_TOGETHER], is_there=is_there)
        if entries := [entry_of(article, fingerprint) for article, fingerprint in placed]:
            writer.add(entries)
    if state is not before:
        state.close()


def _is_there(path: str) -> bool:
    """Whether there is a file at a path, on the disk or within a box."""
    if os.path.exists(path):
        return True
    # What opens boxes is loaded where there is something to ask it.
    from searchapp.corpus.reading.boxes import is_in_box

    return is_in_box(path)


def _unread(skipped: Sequence[Skipped]) -> list[str]:
    return sorted({os.path.abspath(item.path) for item in skipped})
