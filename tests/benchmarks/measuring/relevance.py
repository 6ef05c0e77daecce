"""How good the first ten hits are, by judged queries: nDCG@10 of every engine, asked for the same OR-ed words.

A collection is a folder with `articles.jsonl` (id, title, body; or `corpus.jsonl` with _id, title, text),
`queries.jsonl` (id, text) and `judgements.tsv` or `qrels.tsv`: query and article, or query, article and grade, or the
four columns of TREC. Judgements without a grade count as 1.
"""

from __future__ import annotations

import json
import math
import re
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rivals import Case, Record, make_rival

from searchapp import Archive, Article

from .tables import table

__all__ = ["collections_below", "relevance_table"]

_DEPTH = 10
_LEFT_OUT = frozenset(
    "a an and are as at be by can do does for from has have how in is it not of on or that the this to was what when "
    "where which who will with".split()
)
"""Words that no engine is asked for."""
_ENGINES = ("searchapp", "tantivy", "sqlite")


@dataclass(frozen=True, slots=True)
class _Collection:
    name: str
    articles: Sequence[Article]
    queries: Mapping[str, tuple[str, ...]]
    """The words of each."""
    grades: Mapping[str, Mapping[str, float]]
    """Of each query, what its relevant articles are worth."""


def collections_below(folder: Path) -> list[Path]:
    """The folder itself if it is a collection, or those in it that are."""
    return [place for place in (folder, *sorted(folder.iterdir())) if (place / "queries.jsonl").is_file()]


def relevance_table(folders: Sequence[Path]) -> list[str]:
    """nDCG@10 per collection and on average."""
    rows: list[list[str]] = []
    scores: dict[str, list[float]] = {name: [] for name in _ENGINES}
    for folder in folders:
        collection = _read(folder)
        cells = []
        for name in _ENGINES:
            scores[name].append(_mean_ndcg(name, collection))
            cells.append(f"{scores[name][-1]:.3f}")
        rows.append([collection.name, f"{len(collection.articles):,}", str(len(collection.queries)), *cells])
    rows.append(["**mean**", "", "", *(f"**{statistics.fmean(scores[name]):.3f}**" for name in _ENGINES)])
    return table(["nDCG@10", "articles", "queries", *_ENGINES], rows)


def _mean_ndcg(name: str, collection: _Collection) -> float:
    with tempfile.TemporaryDirectory() as folder:
        best = _asker(name, Path(folder) / "index", collection.articles)
        return statistics.fmean(
            _ndcg(best(words), collection.grades[query]) for query, words in collection.queries.items()
        )


def _asker(name: str, folder: Path, articles: Sequence[Article]) -> Any:
    """What gives the ids of the best hits for some words, asked as each engine's own users would."""
    if name == "searchapp":
        archive = Archive.open(folder, create=True)
        archive.add(articles, recognise=False)
        return lambda words: [hit.article.id for hit in archive.search(" OR ".join(words)).hits]
    rival: Any = make_rival(name, folder)
    rival.add(Record.of(article) for article in articles)
    rival.open()
    if name == "tantivy":
        return lambda words: rival.best(" OR ".join(words), _DEPTH)
    return lambda words: rival.ask(Case.of_words(words, every=False), _DEPTH).ids


def _ndcg(ids: Sequence[str], grades: Mapping[str, float]) -> float:
    """Järvelin and Kekäläinen (2002): gains fall with the logarithm of the place, over those of the best order."""
    found = sum(grades.get(article_id, 0.0) / math.log2(place + 2) for place, article_id in enumerate(ids[:_DEPTH]))
    best = sorted(grades.values(), reverse=True)[:_DEPTH]
    return found / sum(grade / math.log2(place + 2) for place, grade in enumerate(best))


def _read(folder: Path) -> _Collection:
    source = next(folder / name for name in ("articles.jsonl", "corpus.jsonl") if (folder / name).is_file())
    articles = [
        Article(id=_id(row), title=row.get("title", ""), body=row.get("body", row.get("text", "")))
        for row in _rows(source)
    ]
    grades: dict[str, dict[str, float]] = {}
    judged = next(path for path in (folder / "judgements.tsv", folder / "qrels.tsv", folder / "qrels") if path.exists())
    for line in judged.read_text(encoding="utf-8").splitlines():
        match line.split():
            case [query, article_id]:
                grade = 1.0
            case [query, article_id, worth] | [query, _, article_id, worth] if worth.isdecimal():
                grade = float(worth)
            case _:
                continue
        if grade:
            grades.setdefault(query, {})[article_id] = grade
    queries = {}
    for row in _rows(folder / "queries.jsonl"):
        words = tuple(word for word in re.findall(r"[a-z]+", row["text"].lower()) if word not in _LEFT_OUT)
        if words and _id(row) in grades:
            queries[_id(row)] = words
    return _Collection(folder.name, articles, queries, grades)


def _id(row: Mapping[str, Any]) -> str:
    return str(row["id"] if "id" in row else row["_id"])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
