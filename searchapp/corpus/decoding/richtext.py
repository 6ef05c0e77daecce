"""Rich text (RTF) to plain text."""

from __future__ import annotations

import codecs
import re

__all__ = ["text_of_rtf"]

_CODE_PAGE = re.compile(r"\\ansicpg(\d{3,5})")
# A control word with its number, a control symbol, the two digits of a character, a bracket, or a run of text.
_RTF_TOKEN = re.compile(
    r"\\(?P<word>[a-z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-z'])|(?P<brace>[{}])"
    r"|(?P<text>[^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
_RTF_UNSEEN = frozenset(
    "fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr".split()
)
_RTF_BREAKS = {"par": "\n", "line": "\n", "sect": "\n\n", "page": "\n\n", "cell": "\n", "row": "\n", "tab": " "}
_RTF_MARKS = {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
}


def text_of_rtf(text: str) -> str:
    """The text that rich text shows, a line for each paragraph and cell."""
    page = _CODE_PAGE.search(text[:4_000])
    encoding = _known(page[1] if page else "1252")
    pieces: list[str] = []
    hidden: list[bool] = [False]
    skip = 0
    for token in _RTF_TOKEN.finditer(text):
        if token["brace"] == "{":
            hidden.append(hidden[-1])
        elif token["brace"] == "}":
            if len(hidden) > 1:
                hidden.pop()
        elif word := token["word"]:
            if word in _RTF_UNSEEN:
                hidden[-1] = True
            elif not hidden[-1] and word == "u" and token["number"]:
                pieces.append(chr(int(token["number"]) % 65536))
                skip = 1
            elif not hidden[-1]:
                pieces.append(_RTF_BREAKS.get(word) or _RTF_MARKS.get(word, ""))
        elif token["symbol"] == "*":
            hidden[-1] = True
        elif not hidden[-1]:
            found = token["text"] or ""
            if token["hex"]:
                found = bytes([int(token["hex"], 16)]).decode(encoding, "replace")
            elif token["symbol"] and token["symbol"] in "{}\\~":
                found = " " if token["symbol"] == "~" else token["symbol"]
            pieces.append(found[skip:] if found else "")
            skip = 0 if found else skip
    return "".join(pieces)


def _known(page: str) -> str:
    try:
        return codecs.lookup(f"cp{page}").name
    except LookupError:
        return "cp1252"
