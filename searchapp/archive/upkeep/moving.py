"""The articles of an archive copied into another place, on a cluster or in a folder."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from searchapp.engines.base import Engine, EngineState
from searchapp.entities.columns import entry_of
from searchapp.model.article import Article
from searchapp.model.query import Everything, SearchRequest
from searchapp.model.question import Question
from searchapp.settings import Settings

__all__ = ["Copied", "copy_articles"]


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a copy."""

    articles: int
    """Those that were copied now."""
    there: int
    """Those that the target had already, as they are."""
    corrections: int = 0
    """Those that hold in the target."""


def copy_articles(
    source: EngineState,
    target: Engine,
    settings: Settings,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    committed: Callable[[], None] = lambda: None,
) -> Copied:
    """Stores every article of a state, with the names that were recognised in it, in another engine.

    What the engine has already stays as it is. Commits as often as the settings say: a copy that is stopped goes on
    from there. `progress` is given how many articles have been looked at, and how many there are.
    """
    copied = there = 0
    total, last = len(source), time.monotonic()
    with target.writer(timeout_s=settings.lock_timeout_s) as writer:
        before = target.state()
        for batch in _batches(source, settings.batch_articles):
            ids = [article.id for article in batch]
            wanted, held = source.fingerprints(ids), before.fingerprints(ids)
            fresh = [article for article in batch if held.get(article.id) != wanted[article.id]]
            if fresh:
                writer.add([entry_of(article, wanted[article.id]) for article in fresh])
            copied, there = copied + len(fresh), there + len(batch) - len(fresh)
            progress(copied + there, total)
            if time.monotonic() - last >= settings.commit_every_s and fresh:
                writer.commit()
                committed()
                last = time.monotonic()
        before.close()
    return Copied(copied, there)


def _batches(source: EngineState, size: int) -> Iterator[list[Article]]:
    every = source.matches(Question(SearchRequest(sort="oldest"), Everything()))
    while batch := list(itertools.islice(every, size)):
        yield batch
