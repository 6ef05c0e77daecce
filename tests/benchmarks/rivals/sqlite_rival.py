"""SQLite's FTS5 at its best: its Porter tokenizer, labels as numbers in one clustered table, everything mapped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from .cases import FACETS, Case, Record, Reply

__all__ = ["SqliteRival"]

_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;
CREATE VIRTUAL TABLE article USING fts5(title, body, id UNINDEXED, tokenize='porter unicode61');
CREATE VIRTUAL TABLE word USING fts5vocab(article, 'row');
CREATE TABLE label(number INTEGER PRIMARY KEY, facet INTEGER, name TEXT);
CREATE TABLE held(number INTEGER, label INTEGER, PRIMARY KEY(number, label)) WITHOUT ROWID;
CREATE TABLE date(number INTEGER PRIMARY KEY, day INTEGER, month INTEGER);
"""
_OPENING = """
PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 8000000000; PRAGMA cache_size = -200000;
CREATE TEMP TABLE matched(number INTEGER PRIMARY KEY, score REAL);
CREATE TEMP TABLE wanted(number INTEGER PRIMARY KEY, score REAL);
"""
_INDEXES = "CREATE INDEX by_label ON held(label, number);"
_BATCH = 1_000


class SqliteRival:
    """What matches goes into a temporary table with its scores, which is then joined with labels and months."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "articles.sqlite"

    def add(self, records: Iterable[Record]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, isolation_level=None)
        db.executescript(_TABLES)
        db.execute("BEGIN")
        known: dict[tuple[int, str], int] = {}
        number = 0
        for batch in _batches(records):
            rows, held, dates = [], [], []
            for record in batch:
                number += 1
                rows.append((number, record.title, record.body, record.id))
                if (day := record.published) is not None:
                    dates.append((number, day.toordinal(), day.year * 12 + day.month))
                for place, facet in enumerate(FACETS):
                    held += [(number, known.setdefault((place, n), len(known))) for n in record.labels[facet]]
            db.executemany("INSERT INTO article(rowid, title, body, id) VALUES (?, ?, ?, ?)", rows)
            db.executemany("INSERT INTO date VALUES (?, ?, ?)", dates)
            db.executemany("INSERT INTO held VALUES (?, ?)", held)
        db.executemany("INSERT INTO label VALUES (?, ?, ?)", [(n, *key) for key, n in known.items()])
        db.execute("COMMIT")
        db.executescript(_INDEXES)
        db.execute("INSERT INTO article(article) VALUES ('optimize')")
        db.close()

    def open(self) -> None:
        self._db = sqlite3.connect(self._path, isolation_level=None)
        self._db.executescript(_OPENING)
        rows = self._db.execute("SELECT number, facet, name FROM label")
        self._labels: dict[int, tuple[int, str]] = {number: (facet, name) for number, facet, name in rows}
        self._numbers = {key: number for number, key in self._labels.items()}

    def _match(self, case: Case) -> str | None:
        words = [f'"{word}"' for word in case.words]
        match case.kind:
            case "all":
                return " ".join(words)
            case "any":
                return " OR ".join(words)
            case "title":
                return f"title : {words[0]}"
            case "not":
                return f"{words[0]} NOT {words[1]}"
            case "phrase":
                return f'"{" ".join(case.words)}"'
            case "pattern":
                return self._expanded(case.words[0])
            case "fuzzy":
                # FTS5 has nothing for misspelt words; its vocabulary is searched by the first letters.
                return self._expanded(case.words[0][:4] + "*")
        return None

    def _expanded(self, pattern: str) -> str:
        if pattern.endswith("*") and "*" not in pattern[:-1] and "?" not in pattern:
            return f'"{pattern[:-1]}" *'
        found = self._db.execute("SELECT term FROM word WHERE term GLOB ?", (pattern,)).fetchall()
        return " OR ".join(f'"{term}"' for (term,) in found) or '"nothing"'

    def ask(self, case: Case, size: int = 10) -> Reply:
        db = self._db
        text = self._match(case)
        db.execute("DELETE FROM matched")
        if text is None:
            db.execute("INSERT INTO matched SELECT rowid, 0 FROM article_docsize")
        else:
            db.execute(
                "INSERT INTO matched SELECT rowid, bm25(article, 2.0, 1.0) FROM article WHERE article MATCH ?", (text,)
            )
        table = "matched"
        if case.filters or case.exclude or case.since:
            table = "wanted"
            clauses, values = self._clauses(case)
            db.execute("DELETE FROM wanted")
            db.execute(f"INSERT INTO wanted SELECT number, score FROM matched WHERE {' AND '.join(clauses)}", values)
        (total,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
        order = "day DESC" if case.newest else "score"
        join = " LEFT JOIN date USING (number)" if case.newest else ""
        hits = [
            number
            for (number,) in db.execute(
                f"SELECT number FROM {table}{join} ORDER BY {order}, number LIMIT ? OFFSET ?",
                (size, (case.page - 1) * size),
            )
        ]
        facets = self._counts(f"{table} JOIN held USING (number)", [])
        for facet in case.filters:
            clauses, values = self._clauses(case, without=facet)
            aside = self._counts(f"matched JOIN held USING (number) WHERE {' AND '.join(clauses)}", values)
            facets[facet] = aside[facet]
        months = db.execute(f"SELECT month, count(*) FROM {table} JOIN date USING (number) GROUP BY month").fetchall()
        ids, heads, snippets = self._shown(hits, text)
        return Reply(total, ids, heads, facets, len(months), snippets)

    def _clauses(self, case: Case, *, without: str = "") -> tuple[list[str], list[Any]]:
        clauses: list[str] = ["1"]
        values: list[Any] = []
        for operator, chosen in (("IN", case.filters), ("NOT IN", case.exclude)):
            for facet, labels in chosen.items():
                if facet == without and operator == "IN":
                    continue
                numbers = [self._numbers.get((FACETS.index(facet), label), -1) for label in labels]
                marks = ", ".join("?" * len(numbers))
                clauses.append(f"number {operator} (SELECT number FROM held WHERE label IN ({marks}))")
                values += numbers
        if case.since and case.until:
            clauses.append("number IN (SELECT number FROM date WHERE day BETWEEN ? AND ?)")
            values += [case.since.toordinal(), case.until.toordinal()]
        return clauses, values

    def _counts(self, joined: str, values: list[Any]) -> dict[str, dict[str, int]]:
        """The 20 most frequent labels of every facet, from one pass."""
        rows = self._db.execute(f"SELECT label, count(*) AS n FROM {joined} GROUP BY label ORDER BY n DESC", values)
        counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
        for number, count in rows:
            facet, name = self._labels[number]
            top = counts[FACETS[facet]]
            if len(top) < 20:
                top[name] = count
        return counts

    def _shown(self, numbers: list[int], text: str | None) -> tuple[list[str], list[tuple[str, object]], list[str]]:
        ids: list[str] = []
        heads: list[tuple[str, object]] = []
        snippets: list[str] = []
        shown = "substr(body, 1, 150)" if text is None else "snippet(article, 1, '<b>', '</b>', '', 30)"
        matching = "" if text is None else " AND article MATCH ?"
        for number in numbers:
            values = (number,) if text is None else (number, text)
            query = f"SELECT id, title, {shown} FROM article WHERE rowid = ?{matching}"
            article_id, title, snippet = self._db.execute(query, values).fetchone()
            day = self._db.execute("SELECT day FROM date WHERE number = ?", (number,)).fetchone()
            ids.append(article_id)
            heads.append((title, day))
            snippets.append(str(snippet))
        return ids, heads, snippets


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    iterator = iter(records)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
