"""An export as the lines that a reader sees, whether it was saved as text, as a page or as rich text."""

from __future__ import annotations

import re

import lxml.etree
import lxml.html

from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Source
from searchapp.corpus.decoding.encoding import decode, read_text
from searchapp.corpus.decoding.markup import paragraphs_of_tree
from searchapp.corpus.decoding.richtext import text_of_rtf

__all__ = ["MAX_BYTES", "flat_lines", "flat_text"]

MAX_BYTES = 128 << 20
"""Databases hand out a few hundred articles at a time."""

_RTF = re.compile(rb"\s{0,20}\{\\rtf")
_PAGE = re.compile(r"\s{0,400}(?:<\?xml[^>]{0,200}>\s{0,40})?<(?:!doctype\s+html|html|head|body|div)\b", re.IGNORECASE)


def flat_lines(source: Source) -> list[str]:
    """The lines of the file, clean, blank ones too. Raises `UnreadableFile` where it is too large."""
    return [clean_line(line) for line in flat_text(read_text(source.open(), max_bytes=MAX_BYTES)).split("\n")]


def flat_text(content: str | bytes) -> str:
    """The text of `content`, or of its beginning: each block of a page and each paragraph of rich text a paragraph."""
    text = decode(content) if isinstance(content, bytes) else content
    if _RTF.match(text[:40].encode("latin-1", "replace")):
        return text_of_rtf(text)
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
