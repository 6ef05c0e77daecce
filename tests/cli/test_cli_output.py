from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from searchapp import Archive, Article
from searchapp.cli.output import counted, one_line, paragraph, quoted_search
from searchapp.model.query import SearchRequest

Run = Callable[..., Result]

HOSTILE = "\x1b[31mred\x1b]0;title\x07 \x9b2J\x00 back\x08space \u202eright to left\u2066 line\rreturn"
"""Colours, a window title, a C1 escape, reordering marks."""


def steering(text: str) -> list[str]:
    """Characters of `text` that a terminal obeys."""
    return [c for c in text if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or c in "\u202e\u2066"]


@given(st.text())
def test_a_line_keeps_every_offset_and_holds_nothing_that_steers(text: str) -> None:
    cleaned = one_line(text)
    assert len(cleaned) == len(text)
    assert not steering(cleaned)
    assert "\n" not in cleaned


@pytest.mark.parametrize(
    "command",
    [
        ("search", "zebra"),
        ("search", "zebra", "--json"),
        ("search", "zebra", "--ids"),
        ("show", HOSTILE),
        ("show", HOSTILE, "--json"),
        ("facets", "people"),
        ("facets", "people", "--json"),
        ("facets", "sources"),
        ("stats",),
        ("stats", "--json"),
        ("export",),
        ("export", "--format", "csv"),
        ("search", HOSTILE),
        ("show", HOSTILE + "?"),
        ("facets", HOSTILE),
        ("search", "--index", HOSTILE.replace("\x00", "")),
        ("extract", HOSTILE.replace("\x00", "")),
    ],
)
def test_no_article_and_no_argument_can_steer_the_terminal(tmp_path: Path, run: Run, command: tuple[str, ...]) -> None:
    index = str(tmp_path / "index")
    article = Article(
        id=HOSTILE,
        title=f"zebra {HOSTILE}",
        body=f"A zebra.\n{HOSTILE}",
        byline=HOSTILE,
        source=HOSTILE,
        url=HOSTILE,
        section=HOSTILE,
        dateline=HOSTILE,
        topics=(HOSTILE,),
        assigned={"people": (HOSTILE,), "places": (HOSTILE,)},
        path=HOSTILE,
    )
    with Archive.open(index, create=True) as archive:
        archive.add([article], recognise=False)
    where = () if "--index" in command or command[0] == "extract" else ("--index", index)
    result = run(*command, *where)
    assert not isinstance(result.exception, Exception), result.exception
    assert not steering(result.stdout)
    assert not steering(result.stderr)


def test_without_a_terminal_there_is_no_colour(archive_desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    for command in (("search", "york"), ("show", "york-1"), ("facets", "people"), ("stats",), ("show", "nope")):
        assert "\x1b" not in run(*command).output


def test_a_word_longer_than_a_line_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    stream = io.StringIO()
    address = "https://example.org/" + "a" * 60
    paragraph(Console(file=stream), Text(f"see {address} for more of it"), indent=4, first="url")
    assert stream.getvalue() == f"url see\n    {address}\n    for more of it\n"


@given(st.lists(st.text("ab ", max_size=12), max_size=20).map("\n".join), st.integers(30, 60))
def test_wrapping_loses_no_word(text: str, columns: int) -> None:
    stream = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        paragraph(Console(file=stream, width=columns), Text(text), indent=2)
    assert stream.getvalue().split() == text.split()
    assert max(map(len, stream.getvalue().splitlines())) <= columns


def test_what_was_searched_for_is_said_in_words() -> None:
    request = SearchRequest(
        text=" peace talks ",
        people=("Ann Lee", "Bo Chan"),
        match="all",  # type: ignore[arg-type]
        exclude={"places": ("Lima", "York")},
        since="2023",  # type: ignore[arg-type]
    )
    assert quoted_search(request) == "peace talks, people Ann Lee and Bo Chan, no places Lima or York, since 2023-01-01"


def test_numbers_and_words_agree() -> None:
    assert [counted(n, "article") for n in (0, 1, 1234)] == ["0 articles", "1 article", "1,234 articles"]
