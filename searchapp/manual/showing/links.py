"""Links from page to page of the manual, as each place follows them."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["in_terminal", "linked"]

_LINK = re.compile(r"\[([^\[\]]+)\]\((\w+)\.md(#[\w-]+)?\)")
_OTHER = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)")


def linked(markdown: str, address: Callable[[str], str]) -> str:
    """The same with the address that `address` gives for a page in place of its file."""
    return _LINK.sub(lambda link: f"[{link[1]}]({address(link[2])}{link[3] or ''})", markdown)


def in_terminal(markdown: str, command: str) -> str:
    """The same without links: behind the words of one stands the command that shows the page, or the address."""
    text = _LINK.sub(lambda link: f"{link[1]} (`{command} {link[2]}`)", markdown)
    return _OTHER.sub(lambda link: link[1] if link[1].strip("`") == link[2] else f"{link[1]} ({link[2]})", text)
