"""Which articles were read from where: asked by the beginning of a path, at a cost that grows with the answer only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from searchapp.columnar import View
from searchapp.engines.base import Engine
from searchapp.entities.columns import entry_of
from searchapp.model.article import Article


def stored(engine: Engine, *articles: Article) -> None:
    with engine.writer(timeout_s=1) as writer:
        writer.add([entry_of(article, article.fingerprint) for article in articles])


def found(engine: Engine, prefix: str) -> list[tuple[str, str]]:
    state = engine.state()
    return sorted((path, name) for path, ids in state.paths(prefix) for name in ids)


def test_paths_are_found_by_how_they_start(engine: Engine) -> None:
    stored(engine, Article("1", "x", path="/news/may/a.txt"), Article("2", "x", path="/news/may/b.csv"))
    stored(engine, Article("3", "x", path="/news/may/b.csv"), Article("4", "x"), Article("5", "x", path="/news/June"))
    assert found(engine, "/news/may/b") == [("/news/may/b.csv", "2"), ("/news/may/b.csv", "3")]
    assert [name for _, name in found(engine, "/news/")] == ["5", "1", "2", "3"]
    assert [name for _, name in found(engine, "")] == ["5", "1", "2", "3"]
    assert found(engine, "/news/may/c") == []


def test_articles_that_are_deleted_or_replaced_have_no_path(engine: Engine) -> None:
    stored(engine, Article("1", "x", path="/a"), Article("2", "x", path="/a"), Article("3", "x", path="/b"))
    stored(engine, Article("1", "y", path="/c"))
    with engine.writer(timeout_s=1) as writer:
        writer.delete(["3"])
    assert found(engine, "/") == [("/a", "2"), ("/c", "1")]


@pytest.mark.parametrize("path", ["/münchen/ä.txt", "/bytes/\udcff\udcfe.txt", "/line\nend.txt", "/a*b[1]?.txt"])
def test_a_path_of_any_characters_comes_back_as_it_was(engine: Engine, path: str) -> None:
    stored(engine, Article("1", "x", path=path))
    assert found(engine, path) == [(path, "1")]
    assert found(engine, path[:3]) == [(path, "1")]


def test_a_fast_engine_reads_no_article_for_its_path(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(engine, *(Article(str(number), "x", path=f"/{number}") for number in range(20)))

    def refuse(*_: Any) -> Iterable[Any]:
        raise AssertionError("a stored article was read")

    monkeypatch.setattr(View, "stored_fields", refuse)
    assert found(engine, "/7") == [("/7", "7")]
