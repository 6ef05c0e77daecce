"""SQLite's FTS5 with its Porter tokenizer, and tables for labels and days."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from .cases import FACETS, Case, Record, Reply

__all__ = ["SqliteRival"]

TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE VIRTUAL TABLE article USING fts5(title, body, id UNINDEXED, tokenize='porter unicode61', prefix='2 3');
CREATE TABLE label(facet TEXT, name TEXT, number INTEGER);
CREATE TABLE day(number INTEGER PRIMARY KEY, day INTEGER);
CREATE VIRTUAL TABLE word USING fts5vocab(article, 'row');
"""
INDEXES = "CREATE INDEX by_article ON label(number, facet, name); CREATE INDEX by_name ON label(facet, name, number);"


class SqliteRival:
    """Matches go into a temporary table, which is then joined with labels and days."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "articles.sqlite"
        self._number = 0
        self._open: sqlite3.Connection | None = None

    def add(self, records: list[Record]) -> None:
        if self._open is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._open = sqlite3.connect(self._path, isolation_level=None)
            self._open.executescript(TABLES)
            self._open.execute("BEGIN")
        rows, labels, days = [], [], []
        for record in records:
            self._number += 1
            rows.append((self._number, record.title, record.body, record.id))
            days.append((self._number, record.published and record.published.toordinal()))
            labels += [(facet, name, self._number) for facet in FACETS for name in record.labels[facet]]
        self._open.executemany("INSERT INTO article(rowid, title, body, id) VALUES (?, ?, ?, ?)", rows)
        self._open.executemany("INSERT INTO day VALUES (?, ?)", days)
        self._open.executemany("INSERT INTO label VALUES (?, ?, ?)", labels)

    def finish(self) -> None:
        assert self._open is not None
        self._open.execute("COMMIT")
        self._open.executescript(INDEXES)
        self._open.execute("INSERT INTO article(article) VALUES ('optimize')")
        self._open.close()
        self._open = None

    def open(self) -> None:
        self._open = sqlite3.connect(self._path, isolation_level=None)
        self._open.execute("PRAGMA temp_store = MEMORY")
        self._open.execute("PRAGMA mmap_size = 4000000000")
        self._open.execute("CREATE TEMP TABLE matched(number INTEGER PRIMARY KEY, score REAL)")
        self._open.execute("CREATE TEMP TABLE wanted(number INTEGER PRIMARY KEY, score REAL)")

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
                return self._expanded("GLOB", case.words[0])
            case "fuzzy":
                # FTS5 has nothing for misspelt words; its vocabulary is searched by the first letter.
                return self._expanded("GLOB", case.words[0][:4] + "*")
        return None

    def _expanded(self, operator: str, pattern: str) -> str:
        assert self._open is not None
        if pattern.endswith("*") and "*" not in pattern[:-1] and "?" not in pattern:
            return f'"{pattern[:-1]}" *'
        found = self._open.execute(f"SELECT term FROM word WHERE term {operator} ?", (pattern,)).fetchall()
        return " OR ".join(f'"{term}"' for (term,) in found) or '"nothing"'

    def ask(self, case: Case) -> Reply:
        db = self._open
        assert db is not None
        db.execute("DELETE FROM matched")
        db.execute("DELETE FROM wanted")
        text = self._match(case)
        if text is None:
            db.execute("INSERT INTO matched SELECT number, 0 FROM day")
        else:
            db.execute(
                "INSERT INTO matched SELECT rowid, bm25(article, 2.5, 1.0) FROM article WHERE article MATCH ?", (text,)
            )
        clauses, values = self._clauses(case)
        db.execute(f"INSERT INTO wanted SELECT number, score FROM matched WHERE 1 {' '.join(clauses)}", values)
        (total,) = db.execute("SELECT count(*) FROM wanted").fetchone()
        order = "(SELECT -day FROM day WHERE number = wanted.number)" if case.newest else "score"
        hits = db.execute(
            f"SELECT number FROM wanted ORDER BY {order}, number LIMIT 10 OFFSET ?", ((case.page - 1) * 10,)
        ).fetchall()
        facets = {facet: self._count(case, facet) for facet in FACETS}
        bars = db.execute("SELECT day, count(*) FROM wanted JOIN day USING (number) GROUP BY day").fetchall()
        return Reply(total, len(hits), facets, len(bars), [self._snippet(number, text) for (number,) in hits])

    def _clauses(self, case: Case, *, without: str = "") -> tuple[list[str], list[Any]]:
        clauses: list[str] = []
        values: list[Any] = []
        groups = [("IN", case.filters), ("NOT IN", case.exclude)]
        for operator, chosen in groups:
            for facet, labels in chosen.items():
                if facet == without and operator == "IN":
                    continue
                marks = ", ".join("?" * len(labels))
                clauses.append(
                    f"AND number {operator} (SELECT number FROM label WHERE facet = ? AND name IN ({marks}))"
                )
                values += [facet, *labels]
        if case.since and case.until:
            clauses.append("AND number IN (SELECT number FROM day WHERE day BETWEEN ? AND ?)")
            values += [case.since.toordinal(), case.until.toordinal()]
        return clauses, values

    def _count(self, case: Case, facet: str) -> dict[str, int]:
        assert self._open is not None
        table, clauses, values = "wanted", list[str](), list[Any]()
        if facet in case.filters:
            table = "matched"
            clauses, values = self._clauses(case, without=facet)
        rows = self._open.execute(
            f"SELECT name, count(*) AS n FROM {table} JOIN label USING (number) WHERE facet = ? {' '.join(clauses)} "
            "GROUP BY name ORDER BY n DESC, name LIMIT 20",
            [facet, *values],
        )
        return dict(rows.fetchall())

    def _snippet(self, number: int, text: str | None) -> str:
        assert self._open is not None
        if text is None:
            (body,) = self._open.execute("SELECT body FROM article WHERE rowid = ?", (number,)).fetchone()
            return str(body[:150])
        query = "SELECT snippet(article, 1, '<b>', '</b>', '', 30) FROM article WHERE rowid = ? AND article MATCH ?"
        (snippet,) = self._open.execute(query, (number, text)).fetchone()
        return str(snippet)
