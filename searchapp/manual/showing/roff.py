"""Markdown as a page for man."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = ["to_man"]


def to_man(markdown: str, *, name: str, section: int, about: str, version: str) -> str:
    """The source of a page: `name` is what man is asked for, `about` what it is in one line.

    Tables become lists, one entry for each row; the first heading, which is the name, is left out.
    """
    lines = [
        f'.TH "{_escaped(name.upper())}" "{section}" "" "searchapp {version}" "Searchapp"',
        ".nh",
        ".SH NAME",
        f"{_escaped(name)} \\- {_escaped(about)}",
        ".SH DESCRIPTION",
        *_Page(_parser().parse(markdown)).lines(),
    ]
    return "\n".join(line for line in lines if line) + "\n"


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


class _Page:
    """Walks the tokens of a page once."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def lines(self) -> Iterator[str]:
        first = True
        indents: list[str] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            match token.type:
                case "heading_open":
                    text = _plain(self._tokens[self._at])
                    self._at += 2
                    if not (first and token.tag == "h1"):
                        yield f'{".SH" if token.tag in ("h1", "h2") else ".SS"} "{_escaped(text)}"'
                    first = False
                case "table_open":
                    yield from self._table()
                case "fence" | "code_block":
                    yield from (".PP", ".RS 4", ".nf")
                    yield from (_line(line) for line in token.content.rstrip("\n").split("\n"))
                    yield from (".fi", ".RE")
                case "bullet_list_open":
                    indents.append("\\(bu")
                case "ordered_list_open":
                    indents.append("1.")
                case "bullet_list_close" | "ordered_list_close":
                    indents.pop()
                case "list_item_open":
                    yield f".IP {indents[-1]} 4"
                    if indents[-1][0].isdigit():
                        indents[-1] = f"{int(indents[-1][:-1]) + 1}."
                case "paragraph_open":
                    if self._tokens[self._at - 2].type != "list_item_open" and not token.hidden:
                        yield ".PP"
                case "inline":
                    yield _line(_formatted(token), escaped=True)

    def _table(self) -> Iterator[str]:
        """A row is an entry: its first cell the term, the others what is said of it."""
        cells: list[str] = []
        inside = False
        while True:
            token = self._tokens[self._at]
            self._at += 1
            match token.type:
                case "table_close":
                    return
                case "tbody_open":
                    inside = True
                case "tr_open":
                    cells = []
                case "inline":
                    cells.append(_formatted(token))
                case "tr_close" if inside and cells:
                    yield ".TP"
                    yield f"\\fB{_line(cells[0], escaped=True)}\\fR" if "\\fB" not in cells[0] else cells[0]
                    yield _line("; ".join(cell for cell in cells[1:] if cell) or "\\&", escaped=True)


def _formatted(inline: Token) -> str:
    """The text of a paragraph with its fonts."""
    parts = []
    for child in inline.children or ():
        match child.type:
            case "text":
                parts.append(_escaped(child.content))
            case "code_inline":
                parts.append(f"\\fB{_escaped(child.content)}\\fR")
            case "strong_open":
                parts.append("\\fB")
            case "em_open":
                parts.append("\\fI")
            case "strong_close" | "em_close":
                parts.append("\\fR")
            case "softbreak" | "hardbreak":
                parts.append(" ")
    return "".join(parts).strip()


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))


def _escaped(text: str) -> str:
    return (
        text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("'", "\\(aq").replace("`", "\\(ga")
    )


def _line(text: str, *, escaped: bool = False) -> str:
    """A line that begins with nothing that roff takes for a request."""
    line = text if escaped else _escaped(text)
    return f"\\&{line}" if line[:1] in (".", "'") or not line else line
