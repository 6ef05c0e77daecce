"""The rows of a table in text: cells parted by a delimiter, in quotation marks where they hold one.

A quotation mark that was never closed, or that stands within a cell as it is, costs at most its own row. Both ways of
writing a mark within quotes are read: doubled, and behind a backslash.
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ["DELIMITERS", "Row", "cells_of_line", "rows_of"]

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 32 << 20
"""Characters of one line."""
MOST_LINES = 20_000
"""Lines of one cell; what runs on for longer has lost its closing mark."""
_FEW_LINES = 3
_SHARE_OF_RECORDS = 0.8


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    line: int
    """Number of its first line, from 1."""
    cells: list[str]
    mended: bool = False
    """Whether a quotation mark in it was taken as it is, so that the cells are parted by every delimiter there is."""


@dataclass(frozen=True, slots=True)
class _Dialect:
    delimiter: str
    inside: re.Pattern[str]
    """From within a quoted cell to its closing mark."""
    escape: bool
    """Whether a backslash takes the meaning from the mark behind it."""


def rows_of(
    stream: io.TextIOBase, delimiter: str, *, first_line: int, head: Sequence[str], likeness: Callable[[list[str]], int]
) -> Iterator[Row]:
    """The rows of `head`, lines that were read before, and of the rest of `stream`; blank lines left out.

    `likeness` says of the cells of one line by itself how much they look like a row of their own: 0, 1, or 2 for
    surely. A quoted cell that holds such lines was never closed.
    """
    waiting = deque(head)
    escape = any(re.search(rf"\\\"(?![\s{re.escape(delimiter)}])", line) for line in head)
    dialect = _dialect(delimiter, escape=escape)
    number = first_line

    def next_line() -> str:
        return waiting.popleft() if waiting else stream.readline(LONGEST_CELL).replace("\0", "")

    while line := next_line():
        if not line.strip():
            number += 1
            continue
        if '"' not in line:
            yield Row(number, _plain_cells(line, dialect))
            number += 1
            continue
        lines = [line]
        cells = _cells(lines, next_line, dialect)
        if cells is not None and len(lines) > 1 and _swallowed_rows(lines[1:], dialect, likeness):
            cells = None
        if cells is not None and len(lines) == 1 and not likeness(cells) and likeness(_plain_cells(line, dialect)):
            # The mark stands at the beginning of a cell without being the one around it.
            yield Row(number, _plain_cells(line, dialect))
            number += 1
            continue
        if cells is not None:
            yield Row(number, cells)
            number += len(lines)
            continue
        # The mark is one of the text, which goes on to the next line that looks like a row.
        waiting.extendleft(reversed(lines[1:]))
        taken = 1
        while (following := next_line()) and not _alike(following, dialect, likeness):
            line += following if taken < MOST_LINES else ""
            taken += 1
        if following:
            waiting.appendleft(following)
        yield Row(number, _plain_cells(line, dialect), mended=True)
        number += taken


def cells_of_line(line: str, delimiter: str) -> list[str]:
    """The cells of one line by itself."""
    dialect = _dialect(delimiter, escape=False)
    return _cells([line], lambda: "", dialect) or _plain_cells(line, dialect)


def _dialect(delimiter: str, *, escape: bool) -> _Dialect:
    mark = re.escape(delimiter)
    escaped = r"|\\." if escape else rf'|\\"(?![ ]{{0,9}}(?:{mark}|[\r\n]|\Z))|\\'
    inside = re.compile(rf'(?:[^"\\]|""|"(?![ ]{{0,9}}(?:{mark}|[\r\n]|\Z)){escaped})*+', re.DOTALL)
    return _Dialect(delimiter, inside, escape)


def _plain_cells(line: str, dialect: _Dialect) -> list[str]:
    cells = [cell.strip(" ") for cell in line.rstrip("\r\n").split(dialect.delimiter)]
    return [cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]


def _cells(lines: list[str], next_line: Callable[[], str], dialect: _Dialect) -> list[str] | None:
    """The cells of the row that begins in `lines`, to which the lines are added over which it goes on.

    None where a quoted cell does not end.
    """
    cells: list[str] = []
    line, at = lines[0], 0
    while True:
        start = at
        while line[start : start + 1] == " ":
            start += 1
        if line[start : start + 1] == '"':
            pieces: list[str] = []
            at = start + 1
            while True:
                end = dialect.inside.match(line, at)
                assert end is not None  # it matches the empty string too
                pieces.append(end[0])
                at = end.end()
                if line[at : at + 1] == '"':
                    break
                line, at = next_line(), 0
                if not line or len(lines) > MOST_LINES:
                    if line:
                        lines.append(line)
                    return None
                lines.append(line)
            cells.append(_unescaped("".join(pieces), dialect))
            at += 1
            while line[at : at + 1] == " ":
                at += 1
        else:
            end_of_cell = line.find(dialect.delimiter, start)
            at = end_of_cell if end_of_cell >= 0 else len(line.rstrip("\r\n"))
            cells.append(line[start:at])
        if line[at : at + 1] != dialect.delimiter:
            return cells
        at += 1


def _unescaped(text: str, dialect: _Dialect) -> str:
    text = text.replace('""', '"')
    if dialect.escape:
        return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text, flags=re.DOTALL)
    return text.replace('\\"', '"')


def _swallowed_rows(lines: Sequence[str], dialect: _Dialect, likeness: Callable[[list[str]], int]) -> bool:
    """Whether the lines over which a quoted cell goes on are rows of their own."""
    alike = [_alike(line, dialect, likeness) for line in lines if line.strip()]
    few = len(alike) < _FEW_LINES
    return 2 in alike or (not few and sum(map(bool, alike)) >= _SHARE_OF_RECORDS * len(alike))


def _alike(line: str, dialect: _Dialect, likeness: Callable[[list[str]], int]) -> int:
    """How much a line looks like a row: not at all where a mark ends a cell that none began."""
    if '"' not in line:
        return likeness(_plain_cells(line, dialect))
    cells = _cells([line], lambda: "", dialect)
    if cells is None or any(cell.endswith('"') and not cell.startswith('"') for cell in cells):
        return 0
    return likeness(cells)
