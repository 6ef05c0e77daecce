from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from searchapp.corpus import read_file
from searchapp.corpus.decoding.base import Yielded
from searchapp.model.article import Article
from searchapp.model.result import Skipped

Reader = Callable[..., list[Yielded]]


@pytest.fixture
def read_as(tmp_path: Path) -> Reader:
    """Writes content to a file of that name and reads it: `read_as("a.txt", "Title\\n\\nText")`."""

    def read(name: str, content: str | bytes, **options: Any) -> list[Yielded]:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return list(read_file(path, **options))

    return read


@pytest.fixture
def article_as(read_as: Reader) -> Callable[..., Article]:
    """As `read_as`, for a file that holds one article and nothing else."""

    def read(name: str, content: str | bytes, **options: Any) -> Article:
        (found,) = read_as(name, content, **options)
        assert isinstance(found, Article), found
        return found

    return read


@pytest.fixture
def reason_of(read_as: Reader) -> Callable[..., str]:
    """As `read_as`, for a file that cannot be read: the reason."""

    def read(name: str, content: str | bytes, **options: Any) -> str:
        (found,) = read_as(name, content, **options)
        assert isinstance(found, Skipped), found
        return found.reason

    return read
