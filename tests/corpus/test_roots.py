"""Which files a run's paths cover is what the walk over them finds, and stays so when the files are gone."""

from __future__ import annotations

import glob
import os
from pathlib import Path

import pytest

from searchapp.corpus.reading.roots import Roots

NAMES = ["a.txt", "b.md", "x/a.txt", "x/b1.txt", "x/y/a.txt", "x/y/c.txt", "z/[1].txt", "z/.h.txt", "zz/a.txt", "a-txt"]
PATTERNS = [
    *("**/*.txt", "*.txt", "x/**/*.txt", "x/**", "**", "*/a.txt", "[xz]/*.txt", "[!x]/*.txt", "x/?1.txt", "x/[a-b]*"),
    *(
        "**/y/*.txt",
        "*/y",
        "x*",
        "z/[[]1].txt",
        "nothing*",
        "**/**/c.txt",
        "*",
        "x/b[0-9].txt",
        "./x/*.txt",
        "x/../*.txt",
    ),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_covers_what_it_finds_and_what_is_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = [os.path.abspath(one) for one in glob.glob(pattern, recursive=True)]
    below = {
        name for name in NAMES for one in found if (path := str(tmp_path / name)) == one or path.startswith(one + "/")
    }
    roots = Roots([pattern])
    covered = {name for name in NAMES if roots.cover(str(tmp_path / name))}
    # A hidden file is passed over by the walk, so that nothing of it can be in an index.
    assert covered - {"z/.h.txt"} == below - {"z/.h.txt"}


def test_a_folder_covers_what_is_below_and_no_folder_of_a_longer_name() -> None:
    roots = Roots(["/news/a", "/news/b.txt"])
    assert roots.cover("/news/a/x/y.txt")
    assert roots.cover("/news/b.txt")
    assert not roots.cover("/news/ab/x.txt")
    assert not roots.cover("/news/b.txt.gz")
    assert not roots.cover("")


def test_a_file_with_the_characters_of_a_pattern_is_itself(tmp_path: Path) -> None:
    named = tmp_path / "a[1].txt"
    named.write_text("x", encoding="utf-8")
    assert Roots([named]).cover(str(named))
    assert not Roots([named]).cover(str(tmp_path / "a1.txt"))


def test_the_home_folder_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert Roots(["~/news"]).cover("/home/ann/news/a.txt")
