"""Text, JSON and notes on a terminal, a pipe or a file; nothing in an article can steer the terminal."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from searchapp.archive.exporting import many_lines, safe_json
from searchapp.cli.here import as_called
from searchapp.model.article import Article
from searchapp.model.brief import counted
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.result import Problem
from searchapp.settings import colour_refused, width_given

__all__ = [
    "MAX_COLUMNS",
    "MIN_COLUMNS",
    "ansi_allowed",
    "columns_of",
    "console_for",
    "counted",
    "day_of",
    "one_line",
    "paragraph",
    "print_json",
    "quoted_search",
    "tell",
    "tell_on",
    "tell_problems",
]

MAX_COLUMNS = 100
"""Longer lines are hard to read, however wide the terminal is."""
MIN_COLUMNS = 30

_LABEL_STYLES = {"Error": "red", "Warning": "yellow", "Note": "cyan"}

_NOT_IN_A_LINE = str.maketrans("\t\n", "  ")
_WORD = re.compile(r"(\s*\S+)\s*")


def one_line(text: str) -> str:
    """`text` with a blank for every control character and line break; offsets of characters stay the same."""
    return many_lines(text).translate(_NOT_IN_A_LINE)


def ansi_allowed(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that takes colours, and nobody asked for none."""
    return stream.isatty() and not colour_refused()


def console_for(stream: TextIO) -> Console:
    """A console on `stream` that prints text as it is, in colour only on a terminal."""
    ansi = ansi_allowed(stream)
    return Console(
        file=stream,
        force_terminal=ansi,
        color_system="auto" if ansi else None,
        highlight=False,
        markup=False,
        emoji=False,
    )


def columns_of(console: Console) -> int | None:
    """How wide lines may be; None where they need not be wrapped: in a pipe or a file, unless COLUMNS is set."""
    if not console.file.isatty() and not width_given():
        return None
    return max(MIN_COLUMNS, min(console.width, MAX_COLUMNS))


def paragraph(console: Console, text: Text, *, indent: int = 0, first: str = "") -> None:
    """Prints `text`, wrapped where lines are, with `indent` blanks before each line; `first` stands in the first's.

    A word that is longer than a line stays whole: addresses and paths are there to be copied.
    """
    columns = columns_of(console)
    lines = list(text.split("\n", allow_blank=True))
    if columns is not None:
        lines = [piece for line in lines for piece in _wrapped(line, max(10, columns - indent))]
    before = first.ljust(indent)
    for line in lines:
        line.rstrip()
        console.print(Text(before if line.plain else before.rstrip()).append_text(line), soft_wrap=True)
        before = " " * indent


def _wrapped(line: Text, columns: int) -> Iterable[Text]:
    breaks = []
    width = 0
    for word in _WORD.finditer(line.plain):
        if width and width + cell_len(word[1]) > columns:
            breaks.append(word.start())
            width = 0
        width += cell_len(word[0])
    return line.divide(breaks)


def print_json(value: Any) -> None:
    """Prints `value` as JSON, ending with a line break."""
    ascii_only = "utf" not in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    click.echo(safe_json(value, indent=2, ascii_only=ascii_only))


def tell(label: str, message: str) -> None:
    """Prints one line on stderr; `label` is Error, Warning or Note."""
    tell_on(console_for(sys.stderr), label, message)


def tell_on(console: Console, label: str, message: str) -> None:
    """The same on a console that is in use already."""
    line = Text.assemble((f"{label}: ", _LABEL_STYLES[label]), one_line(as_called(message)))
    # A note that nobody can read is no reason to fail, and an error has its exit code.
    with contextlib.suppress(OSError):
        console.print(line, soft_wrap=True)


def tell_problems(problems: Iterable[Problem]) -> None:
    """Says on stderr how a faulty query was read."""
    for problem in problems:
        tell("Note", problem.message)


def day_of(article: Article) -> str:
    """The day of publication: "2023-09-22", "about 2023-09-22" where it is estimated, "undated" for none."""
    if article.published is None:
        return "undated"
    about = "about " if article.published_source == "estimated" else ""
    return f"{about}{article.published.isoformat()}"


_DATED = {"any": "with a date", "estimated": "with an estimated date", "none": "without a date"}


def quoted_search(request: SearchRequest) -> str:
    """What was searched for, in words: "peace talks, places Armenia or Georgia, since 2023-09-01"."""
    parts = [request.text.strip()] if request.text.strip() else []
    for facet in FACETS:
        joiner = " and " if request.match_of(facet) == "all" else " or "
        parts += [f"{facet} {joiner.join(request.selected(facet))}"] if request.selected(facet) else []
        parts += [f"no {facet} {' or '.join(request.excluded(facet))}"] if request.excluded(facet) else []
    parts += ["main subjects only"] if request.scope == "about" else []
    parts += [_DATED[request.dated]] if request.dated else []
    days: Mapping[str, Any] = {"since": request.since, "until": request.until}
    parts += [f"{name} {day}" for name, day in days.items() if day]
    return one_line(", ".join(parts))
