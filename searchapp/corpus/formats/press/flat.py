"""An export as the lines that a reader sees, whether it was saved as text, as a page or as rich text."""

from __future__ import annotations

import re

import lxml.etree
import lxml.html

from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Source
from searchapp.corpus.decoding.encoding import decode, read_text
from searchapp.corpus.decoding.markup import paragraphs_of_tree

__all__ = ["MAX_BYTES", "flat_lines", "flat_text"]

MAX_BYTES = 128 << 20
"""Databases hand out a few hundred articles at a time."""

_RTF = re.compile(rb"\s{0,20}\{\\rtf")
_PAGE = re.compile(r"\s{0,400}(?:<\?xml[^>]{0,200}>\s{0,40})?<(?:!doctype\s+html|html|head|body|div)\b", re.IGNORECASE)
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


def flat_lines(source: Source) -> list[str]:
    """The lines of the file, clean, blank ones too. Raises `UnreadableFile` where it is too large."""
    return [clean_line(line) for line in flat_text(read_text(source.open(), max_bytes=MAX_BYTES)).split("\n")]


def flat_text(content: str | bytes) -> str:
    """The text of `content`, or of its beginning: each block of a page and each paragraph of rich text a paragraph."""
    text = decode(content) if isinstance(content, bytes) else content
    if _RTF.match(text[:40].encode("latin-1", "replace")):
        return _text_of_rtf(text)
    if not _PAGE.match(text):
        return re.sub(r"\r\n?|\f", "\n", text)
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return ""
    return "\n\n".join(paragraphs_of_tree(tree))


def _text_of_rtf(text: str) -> str:
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
                found = bytes([int(token["hex"], 16)]).decode("cp1252", "replace")
            elif token["symbol"] and token["symbol"] in "{}\\~":
                found = " " if token["symbol"] == "~" else token["symbol"]
            pieces.append(found[skip:] if found else "")
            skip = 0 if found else skip
    return "".join(pieces)
