"""The one table of formats: which there are, by what a file of each is known, and which of them a file has.

The help of the program, the README and the reasons for which files are skipped are made from it. Installed packages may
add to it by an entry point of the group `searchapp.formats`.
"""

from __future__ import annotations

import re
import warnings
from functools import cache
from importlib.metadata import entry_points

from searchapp.corpus.decoding.base import Format, Source
from searchapp.corpus.decoding.encoding import binary_kind, decode, is_binary
from searchapp.corpus.decoding.streams import head_of
from searchapp.corpus.formats.data import gdelt, ghost, parquet, records, sqlite, tables, twitter
from searchapp.corpus.formats.documents import epub, office, pdf, rtf, sheets
from searchapp.corpus.formats.newspapers import alto, hocr, mets
from searchapp.corpus.formats.press import europresse, factiva, labelled, nexis
from searchapp.corpus.formats.texts import iptc7901, mail, markdown, text
from searchapp.corpus.formats.web import extracted, feeds, html, mediawiki, mhtml, sitemaps, telegram, warc, wordpress
from searchapp.corpus.formats.wire import newsml, newsml1, ninjs, nitf, rcv1, reuters, trec
from searchapp.corpus.reading.boxes import is_tar, is_zip
from searchapp.errors import UnreadableFile

__all__ = ["FORMATS", "GROUP", "HARD", "endings", "format_of", "formats", "grouped", "groups_in_words", "hard_endings"]

GROUP = "searchapp.formats"
"""Entry points of this group name a `Format`, or a list of them."""

FORMATS: tuple[Format, ...] = (
    reuters.FORMAT,
    nitf.FORMAT,
    newsml.FORMAT,
    newsml1.FORMAT,
    rcv1.FORMAT,
    *extracted.FORMATS,
    trec.FORMAT,
    iptc7901.FORMAT,
    nexis.FORMAT,
    factiva.FORMAT,
    europresse.FORMAT,
    labelled.FORMAT,
    ninjs.FORMAT,
    wordpress.FORMAT,
    mediawiki.FORMAT,
    sitemaps.FORMAT,
    *feeds.FORMATS,
    mhtml.FORMAT,
    warc.FORMAT,
    mets.FORMAT,
    alto.FORMAT,
    hocr.FORMAT,
    telegram.FORMAT,
    html.FORMAT,
    *mail.FORMATS,
    ghost.FORMAT,
    twitter.FORMAT,
    *records.FORMATS,
    gdelt.FORMAT,
    tables.FORMAT,
    sqlite.FORMAT,
    parquet.FORMAT,
    *office.FORMATS,
    epub.FORMAT,
    *sheets.FORMATS,
    pdf.FORMAT,
    rtf.FORMAT,
    markdown.FORMAT,
    text.FORMAT,
)
"""Every format of our own, the most telling first and plain text, which anything could be, last."""

_ROOT = re.compile(r"<(?![?!])([\w.:-]{1,80})")


@cache
def formats() -> tuple[Format, ...]:
    """Every format that can be read: those of installed packages first, then our own."""
    return (*_of_packages(), *FORMATS)


def format_of(source: Source) -> Format | None:
    """The format of `source`; None for a box of other files.

    Raises `UnreadableFile` when it is empty, binary or of no format that is known.
    """
    head = head_of(source)
    if not head.strip(b"\0\t\n\r\f \xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("empty")
    if is_tar(head):
        return None
    binary = is_binary(head)
    usual = [form for form in formats() if source.suffix in form.suffixes]
    # A page saved as .txt is a page all the same, so the content speaks before the ending does.
    for form in (*usual, *formats()):
        if form.binary in (binary, None) and form.recognises(head):
            return form
    for form in usual:
        if form.takes_any and form.binary in (binary, None):
            return form
    if is_zip(head):
        return None
    if binary:
        kind = binary_kind(head)
        raise UnreadableFile(f"binary: {kind}" if kind else "binary, not text")
    if not source.suffix:
        return text.FORMAT
    raise UnreadableFile(_unknown(source.suffix, head, usual))


HARD = (b"PK\x03\x04", b"%PDF-", b"WARC/", b"filedesc://", b"<mediawiki", b"SQLite format 3\0", b"PAR1")
"""How files begin that take long or much memory to read, whatever they are called."""


@cache
def hard_endings() -> frozenset[str]:
    """Every ending of a format of which a small file, too, may be hard to read."""
    return frozenset(suffix for form in formats() if form.hard for suffix in form.suffixes)


def endings() -> tuple[str, ...]:
    """Every ending that a format usually has, sorted."""
    return tuple(sorted({suffix for form in formats() for suffix in form.suffixes}))


def grouped() -> list[tuple[str, list[Format]]]:
    """Every format by what it is for, in the order in which people look for it."""
    groups: dict[str, list[Format]] = {group: [] for group in _GROUPS}
    for form in formats():
        groups.setdefault(form.group, []).append(form)
    return [(group, listed) for group, listed in groups.items() if listed]


def groups_in_words() -> list[tuple[str, str]]:
    """What the formats are for, and their names with what there is to say."""
    return [(group, "; ".join(_said(form) for form in listed)) for group, listed in grouped()]


_GROUPS = (
    "articles as text",
    "web",
    "documents",
    "scanned newspapers",
    "tables and records",
    "press databases",
    "the trade's own",
    "mail",
)


def _said(form: Format) -> str:
    extra = f"with the extra {form.extra!r}" if form.extra else ""
    notes = ", ".join(note for note in (form.about, extra) if note)
    return f"{form.name} ({notes})" if notes else form.name


def _of_packages() -> list[Format]:
    found: list[Format] = []
    for point in entry_points(group=GROUP):
        try:
            loaded = point.load()
            listed = [loaded] if isinstance(loaded, Format) else list(loaded)
        except Exception as error:  # A package of somebody else's must not keep every other file from being read.
            warnings.warn(f"the format {point.value!r} cannot be loaded: {error}", RuntimeWarning, stacklevel=2)
            continue
        found += [form for form in listed if isinstance(form, Format)]
    return found


def _unknown(suffix: str, head: bytes, usual: list[Format]) -> str:
    if not usual:
        return f"unknown type {suffix!r}; convert it to one of {', '.join(endings())}"
    names = [form.name for form in usual]
    expected = " or ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
    root = _ROOT.search(decode(head))
    return f"no {expected} file" + (f": its first element is <{root[1]}>" if root else "")
