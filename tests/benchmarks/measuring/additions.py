"""One more article: from handing it over, or naming its file, until a search finds it."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import cast

from rivals import Case, Growing, Record, Rival, make_rival
from rivals.searchapp_rival import SearchappRival

from searchapp.model.article import Article

__all__ = ["Latency", "add_one_by_one"]

_LETTERS = "bcdfghjklmnp"
_MOST, _SECONDS = 9, 12.0
"""So many articles are added, or as many as that time allows, but one."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Medians over several additions."""

    found_ms: float
    """Until the answer with the article is there."""
    fastest_ms: float
    """The same of the addition that was found fastest."""
    adding_ms: float
    """Of it, until the engine says that the article is committed."""
    additions: int


def add_one_by_one(targets: Mapping[str, Path], like: Article) -> dict[str, Latency]:
    """Adds articles like one that is there, each with a word of its own, to copies of indexes, engines in turn."""
    rivals: dict[str, Growing] = {}
    copies: list[Path] = []
    try:
        for name, target in targets.items():
            copies.append(target.with_name(f"{target.name}-grown"))
            shutil.copytree(target, copies[-1])
            rivals[name] = cast(Growing, make_rival(name.partition(",")[0], copies[-1]))
            rivals[name].open()
            rivals[name].ask(Case.of_words(("said",)))
        # What was copied is on the disk before anybody waits for it.
        if hasattr(os, "sync"):
            os.sync()
        ways: dict[str, tuple[Rival, Callable[[Record], None]]] = {n: (r, r.add_one) for n, r in rivals.items()}
        for name, grown in rivals.items():
            if isinstance(grown, SearchappRival):
                ways[f"{name}, a file"] = (grown, partial(_add_file, grown))
        spans: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        # The first addition opens what later ones find open, and does not count.
        for number in range(-1, _MOST):
            for place, (name, (rival, add)) in enumerate(ways.items()):
                if sum(whole for whole, _ in spans[name]) > _SECONDS * 1000:
                    continue
                span = _addition(rival, add, like, f"zwq{_LETTERS[number + 1]}{_LETTERS[place]}xv")
                if number >= 0:
                    spans[name].append(span)
    finally:
        for copy in copies:
            shutil.rmtree(copy, ignore_errors=True)
    return {
        name: Latency(
            found_ms=statistics.median(whole for whole, _ in own),
            fastest_ms=min(whole for whole, _ in own),
            adding_ms=statistics.median(adding for _, adding in own),
            additions=len(own),
        )
        for name, own in spans.items()
    }


def _addition(rival: Rival, add: Callable[[Record], None], like: Article, word: str) -> tuple[float, float]:
    """Milliseconds until the article is found, and until it is committed."""
    article = Article(
        id=f"one more {word}",
        title=like.title,
        body=f"{like.body} {word}",
        published=like.published,
        topics=like.topics,
        assigned=like.assigned,
    )
    record = Record.of(article)
    begun = perf_counter()
    add(record)
    added = perf_counter()
    reply = rival.ask(Case.of_words((word,)))
    done = perf_counter()
    assert len(reply.ids) == 1, f"{word!r} found {reply.ids}"
    return (done - begun) * 1000, (added - begun) * 1000


def _add_file(rival: SearchappRival, record: Record) -> None:
    article = record.article
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.jsonl"
        path.write_text(json.dumps({"id": article.id, "title": article.title, "body": article.body}), encoding="utf-8")
        rival.add_file(path)
