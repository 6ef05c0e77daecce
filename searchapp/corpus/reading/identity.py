"""Which articles of one file are told apart although the file gives them one id."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from searchapp.corpus.decoding.base import Yielded
from searchapp.model.article import Article
from searchapp.model.result import Noted

__all__ = ["told_apart"]

_MOST_CHARS = 2 << 20
"""Of articles that are held until the whole file is known; a file with more is read twice."""


def told_apart(read: Callable[[], Iterator[Yielded]], path: str) -> Iterator[Yielded]:
    """What `read` yields, where an id with several texts is joined to a mark of the text for each of its articles.

    So none takes the place of another, and the ids do not depend on the order. A last `Noted` tells of each such id.
    What `read` raises comes after the articles before.
    """
    texts: dict[str, int | None] = {}
    held: list[Yielded] = []
    chars = 0
    fault: Exception | None = None
    try:
        for one in read():
            if chars <= _MOST_CHARS:
                held.append(one)
            elif held:
                held.clear()
            if isinstance(one, Article):
                chars += len(one.title) + len(one.body)
                text = hash((one.title, one.body))
                if texts.setdefault(one.id, text) != text:
                    texts[one.id] = None
    except Exception as error:  # Whatever ends the reading, what came before it counts.
        fault = error
    shared = {name: 0 for name, text in texts.items() if text is None}
    texts.clear()
    if chars <= _MOST_CHARS:
        yield from _marked(held, shared)
    else:
        held.clear()
        # The same fault ends it.
        yield from _marked(_until_fault(read), shared)
    for name, count in shared.items():
        yield Noted(path, f"{count:,} articles have the id {name[:100]!r} and different texts; they were told apart")
    if fault is not None:
        raise fault


def _marked(found: Iterable[Yielded], shared: dict[str, int]) -> Iterator[Yielded]:
    """Counts in `shared` how many have an id."""
    for one in found:
        if not shared or not isinstance(one, Article) or one.id not in shared:
            yield one
            continue
        shared[one.id] += 1
        content = f"{len(one.title)} {one.title}{one.body}".encode("utf-8", "surrogatepass")
        yield replace(one, id=f"{one.id}-{hashlib.blake2b(content, digest_size=5).hexdigest()}")


def _until_fault(read: Callable[[], Iterator[Yielded]]) -> Iterator[Yielded]:
    try:
        yield from read()
    except Exception:  # It was met before, and is raised when all has been told.
        return
