"""An archive says what an evaluation says that shares nothing with it but the articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp import Archive
from searchapp.corpus import walk
from searchapp.model.article import Article

from .plain_oracle import Oracle, disagreements

SEARCHES = 400
"""`tests/benchmarks/disagreements.py` asks as many as one likes, of all articles."""


@pytest.fixture(scope="module")
def some_of_reuters(reuters_folder: Path) -> list[Article]:
    return [item for item in walk([reuters_folder]) if isinstance(item, Article)][::4]


def test_random_searches_find_what_a_plain_evaluation_finds(some_of_reuters: list[Article], tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add(some_of_reuters, recognise=False)
        assert list(disagreements(archive, Oracle(some_of_reuters), searches=SEARCHES, seed=11)) == []


def test_an_article_too_few_is_noticed(some_of_reuters: list[Article], tmp_path: Path) -> None:
    few = some_of_reuters[:300]
    with Archive.open(tmp_path, create=True) as archive:
        archive.add(few[1:], recognise=False)
        assert list(disagreements(archive, Oracle(few), searches=SEARCHES, seed=11)) != []
