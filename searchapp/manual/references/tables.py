"""Tables in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = ["code", "table"]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown of one line."""
    lines = [
        _row(heads),
        _row(["---"] * len(heads)),
        *(_row([cell.replace("|", "\\|") for cell in row]) for row in rows),
    ]
    return "\n".join(lines)


def code(text: str) -> str:
    """`text` as it is, between as many marks as it takes."""
    if "`" not in text:
        return f"`{text}`" if text else ""
    marks = "`" * (1 + max(map(len, re.findall("`+", text))))
    return f"{marks} {text} {marks}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()) for cell in cells)} |"
