"""Rows of databases become articles; what is in a hostile or damaged database is read or told, and never run."""

from __future__ import annotations

import datetime as dt
import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.reading.file import Limits, read_here
from searchapp.corpus.reading.walker import read_file
from searchapp.model.article import Article
from searchapp.model.result import Skipped

TEXT = "The harbour of Larvik was closed on Monday after a crane fell on the quay. Nobody was hurt."
TABLE = "CREATE TABLE news (id INTEGER PRIMARY KEY, title TEXT, body TEXT, published, author, url TEXT, picture BLOB)"
ROW = ("Crane falls", TEXT, "2019-03-12", "Ann Lee; Bo Li", "https://a.example/1", b"\x89PNG\0\0")


def database(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as made:
        for statement in (TABLE, *statements):
            made.execute(statement)
        made.execute("INSERT INTO news (title, body, published, author, url, picture) VALUES (?, ?, ?, ?, ?, ?)", ROW)
        made.execute("INSERT INTO news (title, body, published) VALUES ('Buoy lost', ?, 1552348800)", (TEXT,))
        made.commit()
    return path


def read(path: Path, **columns: str) -> list[Yielded]:
    return [found for _, found in read_here(str(path), Limits(), columns)]


@pytest.mark.parametrize("name", ["news.db", "news.sqlite", "news.txt"])
def test_each_row_of_a_table_is_an_article(tmp_path: Path, name: str) -> None:
    found = read(
        database(tmp_path / name, "CREATE TABLE users (name TEXT, title TEXT)", "INSERT INTO users VALUES ('a', 'b')")
    )
    assert [(a.title, a.byline, a.published, a.url) for a in found if isinstance(a, Article)] == [
        ("Crane falls", "Ann Lee, Bo Li", dt.date(2019, 3, 12), "https://a.example/1"),
        ("Buoy lost", "", dt.date(2019, 3, 12), ""),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_a_compressed_database_is_read_too(tmp_path: Path) -> None:
    whole = database(tmp_path / "news.db").read_bytes()
    (tmp_path / "b.db.gz").write_bytes(gzip.compress(whole))
    assert [type(one) for one in read(tmp_path / "b.db.gz")] == [Article, Article]


def test_nothing_of_a_database_is_run(tmp_path: Path) -> None:
    path = database(
        tmp_path / "news.db",
        f"CREATE VIEW articles AS SELECT 'Made' AS title, '{TEXT}' AS body",
        "CREATE TABLE posts (title TEXT, body TEXT GENERATED ALWAYS AS (title || ' is made') VIRTUAL)",
        "INSERT INTO posts (title) VALUES ('a')",
    )
    assert [a.title for a in read(path) if isinstance(a, Article)] == ["Crane falls", "Buoy lost"]


def test_a_database_without_articles_names_its_tables(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as made:
        made.execute("CREATE TABLE places (url TEXT, title TEXT)")
        made.execute("CREATE TABLE songs (notes TEXT)")
        made.execute("INSERT INTO songs VALUES ('La')")
        made.commit()
    (told,) = read(tmp_path / "a.db")
    assert isinstance(told, Skipped)
    assert "('places', 'songs')" in told.reason
    (article,) = read(tmp_path / "a.db", body="notes")
    assert isinstance(article, Article)


def test_what_is_not_yet_in_the_file_itself_is_told(tmp_path: Path) -> None:
    path = database(tmp_path / "news.db")
    (tmp_path / "news.db-wal").write_bytes(b"x")
    assert "-wal" in str(read(path)[-1])


def table(path: Path, **columns: list[Any]) -> Path:
    rows = {"title": ["Crane falls", "Buoy lost"], "text": [TEXT, TEXT], **columns}
    pyarrow.parquet.write_table(pyarrow.table(rows), path, row_group_size=1)
    return path


def test_each_row_of_parquet_is_an_article(tmp_path: Path) -> None:
    path = table(
        tmp_path / "news.parquet",
        date=[dt.datetime(2019, 3, 12, 10), None],
        authors=[["Ann Lee", "Bo Li"], []],
        source=[{"name": "Gazette"}, None],
        vector=[[0.5] * 9, [0.25] * 9],
        picture=[b"\x89PNG", b""],
    )
    for found in (list(read_file(path)), read(path)):
        first, second = found
        assert isinstance(first, Article)
        assert isinstance(second, Article)
        assert (first.title, first.byline, first.source) == ("Crane falls", "Ann Lee, Bo Li", "Gazette")
        assert (first.published, first.published_time, second.published) == (dt.date(2019, 3, 12), dt.time(10), None)


def test_without_its_library_parquet_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path / "news.parquet")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    (told,) = read(path)
    assert "searchapp[parquet]" in told.reason  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    made = (database(folder / "a.db"), table(folder / "a.parquet"))
    return {path.name: path.read_bytes() for path in made}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_database_is_read_or_told_and_nothing_else(
    data: st.DataObject, whole: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = data.draw(st.sampled_from(sorted(whole)))
    content = bytearray(whole[name])
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    for found in read(path):
        assert not isinstance(found, Skipped) or "cannot be read as" not in found.reason, found
