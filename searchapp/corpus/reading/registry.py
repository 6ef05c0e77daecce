"""Which format a file has: by its ending and by a look at its content."""

from __future__ import annotations

import re

from searchapp.corpus.decoding.base import Format, Source
from searchapp.corpus.decoding.encoding import binary_kind, decode, is_binary
from searchapp.corpus.decoding.streams import head_of
from searchapp.corpus.formats import feeds, html, mail, markdown, newsml, ninjs, nitf, records, reuters, tables, text
from searchapp.errors import UnreadableFile

__all__ = ["FORMATS", "format_of"]

_BY_CONTENT = (
    reuters.FORMAT,
    nitf.FORMAT,
    newsml.FORMAT,
    ninjs.FORMAT,
    *feeds.FORMATS,
    html.FORMAT,
    *mail.FORMATS,
    *records.FORMATS,
)
"""Formats that show in the content, whatever the file is called; the most specific first."""

_BY_ENDING = (html.FORMAT, *records.FORMATS, tables.FORMAT, markdown.FORMAT, text.FORMAT)
"""Formats whose readers take any text under their own ending, or say best what is wrong with it."""

FORMATS: tuple[Format, ...] = (*_BY_CONTENT, tables.FORMAT, markdown.FORMAT, text.FORMAT)
"""Every format that can be read, the most telling first and plain text, which anything could be, last."""

_ROOT = re.compile(r"<(?![?!])([\w.:-]{1,80})")


def format_of(source: Source) -> Format:
    """The format of `source`. Raises `UnreadableFile` when it is empty, binary or of no format that is known."""
    head = head_of(source)
    if not head.strip(b"\0\t\n\r\f \xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("empty")
    if is_binary(head):
        kind = binary_kind(head)
        raise UnreadableFile(f"binary: {kind}" if kind else "binary, not text")
    usual = [form for form in FORMATS if source.suffix in form.suffixes]
    # A page saved as .txt is a page all the same, so the content speaks before the ending does.
    for form in (*(form for form in _BY_CONTENT if form in usual), *_BY_CONTENT):
        if form.recognises(head):
            return form
    for form in _BY_ENDING:
        if form in usual or (not source.suffix and form is text.FORMAT):
            return form
    raise UnreadableFile(_unknown(source.suffix, head, usual))


def _unknown(suffix: str, head: bytes, usual: list[Format]) -> str:
    if not usual:
        endings = sorted({known for form in FORMATS for known in form.suffixes})
        return f"unknown type {suffix!r}; convert it to one of {', '.join(endings)}"
    names = [form.name for form in usual]
    expected = " or ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
    root = _ROOT.search(decode(head))
    return f"no {expected} file" + (f": its first element is <{root[1]}>" if root else "")
