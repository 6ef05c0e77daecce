"""The one table of formats: what is made from it, and what other packages put into it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.reading.registry import FORMATS, endings, formats, groups_in_words
from searchapp.model.article import Article

MANUAL = (Path(__file__).parents[2] / "searchapp" / "manual" / "howto.md").read_text(encoding="utf-8")


def test_every_format_has_a_name_of_its_own_and_a_group() -> None:
    assert len({form.name for form in FORMATS}) == len(FORMATS)
    assert all(form.group != "others" for form in FORMATS)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in endings())


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Installs a module with an entry point of the group: `installed("name", "text of the module")`."""
    packages = tmp_path / "packages"

    def install(name: str, text: str) -> None:
        information = packages / f"{name}-1.0.dist-info"
        information.mkdir(parents=True)
        (packages / f"{name}.py").write_text(text, encoding="utf-8")
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (information / "entry_points.txt").write_text(
            f"[searchapp.formats]\n{name} = {name}:FORMAT\n", encoding="utf-8"
        )
        monkeypatch.syspath_prepend(packages)
        formats.cache_clear()

    yield install
    formats.cache_clear()
    for name in ("my_diary", "broken_format"):
        sys.modules.pop(name, None)


def test_a_format_of_another_package_is_read_as_the_manual_shows(
    installed: Callable[[str, str], None], read_as: Callable[..., list[Yielded]]
) -> None:
    (example,) = (text for text in re.findall(r"```py\n(.*?)```", MANUAL, re.DOTALL) if "FORMAT = Format(" in text)
    assert len(example.strip().splitlines()) <= 30
    installed("my_diary", example)
    first, second = read_as(
        "a.diary", "== 2023-09-22 Talks resume\nDelegates met.\n\n== 2023-09-23 Talks end\nThey parted.\n"
    )
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.title, str(first.published), first.body) == ("Talks resume", "2023-09-22", "Delegates met.")
    assert second.title == "Talks end"
    assert ("others", "diary") in groups_in_words()
    assert ".diary" in endings()


def test_a_format_that_cannot_be_loaded_keeps_nothing_else_from_being_read(
    installed: Callable[[str, str], None], read_as: Callable[..., list[Yielded]]
) -> None:
    installed("broken_format", "raise RuntimeError('no licence')\n")
    with pytest.warns(RuntimeWarning, match="no licence"):
        (found,) = read_as("a.txt", "Talks resume\n\nDelegates met.")
    assert isinstance(found, Article)
