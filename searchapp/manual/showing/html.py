"""Markdown as HTML that the policy of the page lets through: no markup, no styles, tables that can be scrolled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from searchapp.manual.showing.links import linked

__all__ = ["Heading", "headings", "to_html"]

_BEFORE_BLANK = re.compile(r"\n(?=\n)")
_NOT_IN_A_MARK = re.compile(r"[^\w]+")

Heading = tuple[str, str]
"""The mark of a heading in its page, and its text."""


def to_html(markdown: str, address: Callable[[str], str]) -> str:
    """A page; `address` gives where another page is. Headings have marks that addresses can name."""
    tokens = _parser().parse(linked(markdown, address))
    heading = ""
    marked = _marked(tokens)
    for token in tokens:
        if token.type == "heading_open":
            _, mark, heading = next(marked)
            token.attrSet("id", mark)
        elif token.type == "table_open":
            token.meta = {"label": heading}
    return str(_parser().renderer.render(tokens, _parser().options, {}))


def headings(markdown: str) -> list[Heading]:
    """The headings of the second level."""
    return [(mark, text) for tag, mark, text in _marked(_parser().parse(markdown)) if tag == "h2"]


def _marked(tokens: Sequence[Token]) -> Iterator[tuple[str, str, str]]:
    """Tag, mark and text of each heading; no two have the same mark."""
    taken: set[str] = set()
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            text = _text(inline)
            mark = mark_before = _NOT_IN_A_MARK.sub("-", text.lower()).strip("-") or "part"
            number = 1
            while mark in taken:
                number += 1
                mark = f"{mark_before}-{number}"
            taken.add(mark)
            yield token.tag, mark, text


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    rules = parser.renderer.rules  # type: ignore[attr-defined]
    rules["table_open"] = _open_table
    rules["table_close"] = lambda *_: "</table>\n</div>\n"
    rules["fence"] = rules["code_block"] = _code
    return parser


def _code(tokens: Sequence[Token], at: int, *_: object) -> str:
    # Pages leave out blank lines of theirs; those of an example are written so that they stay.
    text = _BEFORE_BLANK.sub("&#10;", escape(tokens[at].content, quote=False))
    return f"<pre><code>{text}</code></pre>\n"


def _open_table(tokens: Sequence[Token], at: int, *_: object) -> str:
    label = escape(str(tokens[at].meta.get("label", "")), quote=True)
    # What is wider than the page is scrolled by itself, by keys too.
    return f'<div class="scroll" role="group" aria-label="{label}" tabindex="0">\n<table>\n'


def _text(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))
